"""Operators: Jacobians and Hessians kept in their structure, as SciPy's `LinearOperator`, where a dense array would be the cost.

They map a tensor of shape `in_shape` to one of shape `out_shape`, both flattened row by row, so that ``shape`` is
``(prod(out_shape), prod(in_shape))`` and the dense matrix is the derivative's array with the axes of each side fused. `TensorOperator`
can be any of them; the others are special cases with a formula for `solve`, `slogdet`, `diagonal`. Needs SciPy.
"""

from ..errors import MissingLibraryError

try:
    from .base import DenseOperator as DenseOperator
except ImportError as error:
    raise MissingLibraryError("a structured result", "scipy", error) from error

from .base import Factorisation as Factorisation
from .base import InverseOperator as InverseOperator
from .base import StructuredOperator as StructuredOperator
from .base import SumOperator as SumOperator
from .blocks import BlockDiagonalOperator as BlockDiagonalOperator
from .blocks import BlockOperator as BlockOperator
from .diagonal import DiagonalOperator as DiagonalOperator
from .diagonal import DiagonalPlusLowRankOperator as DiagonalPlusLowRankOperator
from .gram import GramOperator as GramOperator
from .kronecker import Eye as Eye
from .kronecker import KroneckerOperator as KroneckerOperator
from .kronecker_sum import KroneckerSum as KroneckerSum
from .tensor import TensorOperator as TensorOperator
from .tensor import TransposedOperator as TransposedOperator
