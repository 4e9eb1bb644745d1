"""From an expression linear in dX to the derivative: walk it from the top, carrying the cotangent."""

from . import linear as linear
from . import operators as operators
from .walk import transpose_linear as transpose_linear
