"""The problems, by area; importing them registers them in PROBLEMS."""

from ..problem import PROBLEMS as PROBLEMS
from . import control as control
from . import factorisation as factorisation
from . import likelihoods as likelihoods
from . import matrices as matrices
from . import networks as networks
from . import optimisation as optimisation
from . import others as others
from . import regression as regression
