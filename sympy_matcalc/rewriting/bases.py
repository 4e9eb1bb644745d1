"""Duplication, elimination and commutation matrices, and the other bases of structured matrices, beside one another.

Source: Magnus & Neudecker, ch. 3, sec. 7 and 8; The elimination matrix (1980). `vech` is the lower triangle, column by column.
"""

from sympy import KroneckerProduct, Rational, S
from sympy.matrices.expressions import Inverse

from ..kernel import make
from ..kernel.chains import make_atom, open_product
from ..kernel.interning import raw
from ..kernel.shapes import same_size
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix, DiagonalBasis, DuplicationMatrix, EliminationMatrix, PseudoInverse
from .registry import merges, on_request


def _plain(atom, *classes):
    """The node of a factor that is of these classes, to the power 1; None for any other."""
    base, _, k = atom
    return base if isinstance(base, classes) and k is S.One else None


@merges(1, CommutationMatrix)
def square_of_commutation(atom):
    """K_{n,n}**2 = I."""
    base, flip, k = atom
    if not isinstance(base, CommutationMatrix) or not same_size(*base.args) or not k.is_Integer or k == 1:
        return None
    return [make_atom(base, flip, S.One)] if k % 2 else []


@merges(2, CommutationMatrix)
def commutation_beside_duplication(left, right):
    """K_{n,n}*D_n = D_n and D_n.T*K_{n,n} = D_n.T, the same of the bases of diagonal matrices."""
    for commutation, basis, flipped in ((left, right, False), (right, left, True)):
        K, B = _plain(commutation, CommutationMatrix), _plain(basis, DuplicationMatrix, DiagonalBasis)
        if K is not None and B is not None and basis[1] == flipped and all(same_size(n, B.args[0]) for n in K.args):
            return [basis]
    return None


@merges(2, CommutationMatrix)
def commutation_beside_inverse_of_duplication(left, right):
    """D_n^+*K_{n,n} = D_n^+ and K_{n,n}*D_n^+.T = D_n^+.T."""
    for inverse, commutation, flipped in ((left, right, False), (right, left, True)):
        K, P = _plain(commutation, CommutationMatrix), _inverse_of_duplication(inverse)
        if K is not None and P is not None and inverse[1] == flipped and all(same_size(n, P.arg.args[0]) for n in K.args):
            return [inverse]
    return None


@merges(2, DuplicationMatrix)
def inverse_of_duplication_cancels(left, right):
    """D_n^+*D_n = I and D_n.T*D_n^+.T = I."""
    for inverse, basis, flipped in ((left, right, False), (right, left, True)):
        P, D = _inverse_of_duplication(inverse), _plain(basis, DuplicationMatrix)
        if P is not None and D is not None and inverse[1] == basis[1] == flipped and P.arg == D:
            return []
    return None


@merges(2, DuplicationMatrix)
def projection_on_symmetric(left, right):
    """D_n*D_n^+ = D_n^+.T*D_n.T = (I + K_{n,n})/2."""
    for basis, inverse, flipped in ((left, right, False), (right, left, True)):
        D, P = _plain(basis, DuplicationMatrix), _inverse_of_duplication(inverse)
        if P is not None and D is not None and inverse[1] == basis[1] == flipped and P.arg == D:
            n = D.args[0]
            half = Rational(1, 2)
            both = make.add(make.mul(half, make.identity(n**2)), make.mul(half, raw(CommutationMatrix, n, n)))
            return [make_atom(both, False, S.One)]
    return None


@merges(2, EliminationMatrix)
def elimination_of_duplication(left, right):
    """L_n*D_n = I, D_n.T*L_n.T = I and L_n*L_n.T = I."""
    L, D = _plain(left, EliminationMatrix), _plain(right, DuplicationMatrix)
    if L is not None and D is not None and not left[1] and not right[1] and L.args == D.args:
        return []
    D, L = _plain(left, DuplicationMatrix), _plain(right, EliminationMatrix)
    if L is not None and D is not None and left[1] and right[1] and L.args == D.args:
        return []
    L, M = _plain(left, EliminationMatrix), _plain(right, EliminationMatrix)
    return [] if L is not None and L == M and not left[1] else None  # which fits beside its transpose only


@merges(2, DiagonalBasis)
def basis_of_diagonals_is_orthonormal(left, right):
    """B.T*B = I of the basis B of diagonal matrices."""
    B, C = _plain(left, DiagonalBasis), _plain(right, DiagonalBasis)
    return [] if B is not None and B == C and left[1] and not right[1] else None


@on_request(Inverse)
def inverse_between_duplications(e):
    """(D_n.T*(A kron A)*D_n)**(-1) = D_n^+*(A**(-1) kron A**(-1))*D_n^+.T for invertible A (ch. 3, th. 13)."""
    c, chain = open_product(e.args[0])
    if len(chain) != 3:
        return None
    left, middle, right = chain
    D, kron = _plain(right, DuplicationMatrix), _plain(middle, KroneckerProduct)
    if D is None or kron is None or _plain(left, DuplicationMatrix) != D or len(kron.args) != 2 or kron.args[0] != kron.args[1]:
        return None
    P, inverse = raw(PseudoInverse, D), make.inverse(transpose(kron.args[0]) if middle[1] else kron.args[0])
    return make.mul(1 / c, P, make.kron(inverse, inverse), transpose(P))


def _inverse_of_duplication(atom):
    P = _plain(atom, PseudoInverse)
    return P if P is not None and isinstance(P.arg, DuplicationMatrix) else None
