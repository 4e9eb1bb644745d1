"""Right numbers at the edge of floating point: importing this registers all cases."""
from . import functions as functions
from . import matrices as matrices
