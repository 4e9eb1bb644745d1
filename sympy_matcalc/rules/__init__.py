"""Differential rules, a family a file, each written as the textbook writes it: d tr(A) = tr(dA)."""

from . import activations as activations
from . import arrays as arrays
from . import blocks as blocks
from . import decompositions as decompositions
from . import determinant as determinant
from . import eigen as eigen
from . import elementwise as elementwise
from . import extremes as extremes
from . import factorizations as factorizations
from . import matrix_functions as matrix_functions
from . import norms as norms
from . import power as power
from . import product as product
from . import products_of_entries as products_of_entries
from . import riccati as riccati
from . import rotations as rotations
from . import scalar as scalar
from . import spectra as spectra
from . import spectral as spectral
from . import tensors as tensors
from . import unknown as unknown
from .registry import RULES as RULES
from .registry import rule as rule
