"""From an expression linear in dX to the derivative: walk it from the top, carrying the cotangent."""

from . import cross as cross
from . import entries as entries
from . import equations as equations
from . import operators as operators
from . import selections as selections
from . import tied_entries as tied_entries
from . import unknown as unknown
from .declare import linear as linear
from .walk import transpose_linear as transpose_linear
