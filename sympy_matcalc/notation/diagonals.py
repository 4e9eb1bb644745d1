"""Sums of diagonal matrices: diag(a) - diag(b) is diag(a - b)."""

from sympy import S
from sympy.matrices.expressions import DiagMatrix

from ..kernel import make
from ..kernel.chains import express_chain, make_atom, open_product
from ..kernel.scalars import scalar_product
from .hadamard import Chain, Summed, Terms


def with_one_diagonal(terms: Terms, summed: Summed) -> Terms:
    """The (coefficient, chain) pairs with those that are diagonal matrices as one; summed: adds up what stands on the diagonals."""
    diagonals = [t for t in terms if _is_diagonal(t[1])]
    if len(diagonals) < 2:
        return terms
    inner = []
    for c, ((node, _, _),) in diagonals:
        k, chain = open_product(node.args[0])
        inner.append((scalar_product(c, k), chain))
    scale, chain = summed(inner, S.One)
    rest = [t for t in terms if all(t is not d for d in diagonals)]
    if scale is S.Zero:
        return rest
    whole = make.diag_matrix(express_chain(chain)) if chain else make.identity_like(diagonals[0][1][0][0])
    return [*rest, (scale, (make_atom(whole, False, S.One),))]


def _is_diagonal(chain: Chain) -> bool:
    return len(chain) == 1 and isinstance(chain[0][0], DiagMatrix) and chain[0][2] is S.One
