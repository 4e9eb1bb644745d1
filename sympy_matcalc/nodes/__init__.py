"""SymPy nodes of the package, a family a file."""
from .einsum import Einsum as Einsum
from .einsum import EinsumArray as EinsumArray
from .einsum import EinsumMatrix as EinsumMatrix
from .einsum import EinsumScalar as EinsumScalar
from .einsum import EinsumTerm as EinsumTerm
from .sums import MatrixSum as MatrixSum
from .unit import MatrixUnit as MatrixUnit
from .vec import CommutationMatrix as CommutationMatrix
from .vec import Vec as Vec
