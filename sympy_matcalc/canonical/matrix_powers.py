"""Powers and inverses in canonical form."""

from sympy import S
from sympy.matrices.expressions import BlockDiagMatrix, BlockMatrix, Inverse, MatPow, Transpose

from ..kernel import chains, make
from ..kernel.symmetry import transpose
from ..nodes import MatrixSqrt
from .blocks import block_diag, is_block_diagonal
from .checks import check_square
from .form import as_scalar, prepare, prepares
from .orientation import oriented, times


@prepares(Inverse, MatPow)
def power(e):
    check_square(e.args[0], "a power or inverse")
    base, k = prepare(e.args[0]), prepare(e.args[1])
    if isinstance(base, BlockMatrix) and is_block_diagonal(base):
        return block_diag(BlockDiagMatrix(*(make.power(base.blocks[i, i], k) for i in range(base.blocks.shape[0]))))
    c, chain = chains.open_product(base)
    if k is S.One:
        return base
    if chain and not chains.splits(c, k):
        return transpose(make.power(base.args[0], k)) if isinstance(base, Transpose) else make.power(base, k)
    if not chain or k is S.Zero:
        return make.mul(c**k, make.identity_like(base))
    if len(chain) == 1 and isinstance(chain[0][0], MatrixSqrt) and (chain[0][2] * k / 2).is_Integer:
        return prepare(make.mul(c**k, make.power(transpose(chain[0][0].arg) if chain[0][1] else chain[0][0].arg, chain[0][2] * k / 2)))
    if len(chain) == 1 and chains.powers_multiply(chain[0], k):
        node, flipped, exponent = chain[0]
        exponent = exponent * k
        found = make.identity_like(base) if exponent == 0 else make.power(node, exponent)
        return times(c**k, transpose(found) if flipped else found)
    node = chains.express_chain(chain)
    turned = oriented(chain)
    if isinstance(turned, Transpose):
        return times(c**k, transpose(make.power(turned.args[0], k)))
    return times(c**k, make.power(node, k))


@as_scalar(MatPow, Inverse)
def power_of_scalar(e):
    return prepare(e.args[0]) ** prepare(e.args[1])
