"""Neighbouring factors of a product: an atom is (base, flip, exponent), the result is the atoms in their place."""

from sympy import S
from sympy.matrices.expressions import DiagMatrix, Identity, KroneckerProduct

from ..kernel import make
from ..kernel.chains import atom_shape, hadamard_vectors, make_atom, open_product, reverse
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.shapes import is_one, same_size, shape_of
from ..kernel.symmetry import is_symmetric, transpose
from ..nodes import CommutationMatrix, PseudoInverse, Vec
from ..notation.transposes import factors
from ..properties import is_diagonal, is_idempotent, is_invertible, is_orthogonal, is_orthonormal, is_square
from .registry import merges


@merges(1)
def inverse_of_orthogonal(atom):
    """Q**(-1) = Q.T for orthogonal Q; Q**(-k) = (Q.T)**k."""
    base, flip, k = atom
    if k is not S.One and k.is_Integer and k < 0 and is_orthogonal(base):
        return [make_atom(base, not flip, -k)]
    return None


@merges(1)
def power_of_symmetric_orthogonal(atom):
    """Q**2 = I for symmetric orthogonal Q."""
    base, flip, k = atom
    if k is not S.One and k.is_Integer and k != 0 and is_symmetric(base) and is_orthogonal(base):
        return [make_atom(base, flip, S.One)] if k % 2 else []
    return None


@merges(1)
def power_of_idempotent(atom):
    """P**k = P for idempotent P and whole k > 0."""
    base, flip, k = atom
    return [(base, flip, S.One)] if k is not S.One and k.is_Integer and k > 1 and is_idempotent(base) else None


@merges(1)
def invertible_idempotent(atom):
    """P = I for P idempotent and invertible."""
    base, _, k = atom
    return [] if k is S.One and not isinstance(base, Identity) and is_idempotent(base) and is_invertible(base) else None


@merges(2, PseudoInverse)
def pseudo_inverse_cancels(left, right):
    """A^+*A = A*A^+ = I for invertible A."""
    for inverse, other in ((left, right), (right, left)):
        base, flip, k = inverse
        if isinstance(base, PseudoInverse) and k is S.One and other[2] is S.One:
            same = base.arg is other[0] and flip == other[1]
            if same and is_square(base) and is_invertible(base.arg):
                return []
    return None


@merges(1, PseudoInverse)
def pseudo_inverse_of_invertible(atom):
    """A^+ = A**(-1) for invertible A."""
    base, flip, k = atom
    if not (isinstance(base, PseudoInverse) and k is S.One and is_square(base) and is_invertible(base.arg)):
        return None
    c, chain = open_product(make.inverse(base.arg))
    return list(reverse(chain) if flip else chain) if c is S.One else None


@merges(2)
def orthogonal_beside_transpose(left, right):
    """Q.T*Q = Q*Q.T = I for orthogonal Q.

    The first for any Q with orthonormal columns.
    """
    (p, pf, pk), (q, qf, qk) = left, right
    if p is q and pf and not qf and pk is qk is S.One and not is_square(p):
        return [] if is_orthonormal(p) else None
    if p is q and pf != qf and is_orthogonal(p):
        k = pk - qk
        return [] if k == 0 else [(p, pf, k)] if k.is_Integer and k > 0 else [(p, qf, -k)] if k.is_Integer else None
    return None


@merges(2)
def diagonals_commute(left, right):
    """D*E = E*D for diagonal D and E; written in one order."""
    (p, _, pk), (q, _, qk) = left, right
    if p is q or not (is_diagonal(p) and is_diagonal(q)):
        return None
    return [right, left] if (sort_key(q), sort_key(qk)) < (sort_key(p), sort_key(pk)) else None


@merges(2, DiagMatrix)
def diagonal_times_vector(left, right):
    """diag(x)*y = x o y for a vector y."""
    (p, pf, pk), (q, qf, qk) = left, right
    if isinstance(p, DiagMatrix) == isinstance(q, DiagMatrix) or not (pk is qk is S.One):
        return None
    if isinstance(q, DiagMatrix):
        found = diagonal_times_vector(right, make_atom(p, not pf, pk))
        return None if found is None else [make_atom(base, not flip, k) for base, flip, k in reversed(found)]
    if not is_one(atom_shape(right)[1]):
        return None
    c, chain = open_product(hadamard_vectors([p.args[0], transpose(q) if qf else q]))
    return list(chain) if c is S.One else None


@merges(2, CommutationMatrix)
def commutation_of_vec(left, right):
    """K_{m,n}*vec(A) = vec(A.T) for A m x n."""
    (p, _, pk), (q, qf, qk) = left, right
    if isinstance(p, CommutationMatrix) and pk is S.One and isinstance(q, Vec) and not qf and qk is S.One:
        if all(same_size(x, y) for x, y in zip(p.args, shape_of(q.arg))):
            return [make_atom(raw(Vec, transpose(q.arg)), False, S.One)]
    return None


@merges(3, CommutationMatrix)
def commuted_kronecker(left, middle, right):
    """K_{p,m}*(A kron B)*K_{n,q} = B kron A for A m x n, B p x q (Magnus & Neudecker, ch. 3, th. 9)."""
    kron = middle[0]
    if not (isinstance(kron, KroneckerProduct) and len(kron.args) == 2 and middle[2] is S.One):
        return None
    if not all(isinstance(x[0], CommutationMatrix) and x[2] is S.One for x in (left, right)):
        return None
    first, second = (transpose(a) if middle[1] else a for a in kron.args)
    (m, n), (p, q) = shape_of(first), shape_of(second)
    if all(same_size(x, y) for x, y in zip((*left[0].args, *right[0].args), (p, m, n, q))):
        return [make_atom(make.kron(second, first), False, S.One)]
    return None


@merges(2, KroneckerProduct)
def kronecker_mixed_product(left, right):
    """(A kron B)*(C kron D) = A*C kron B*D where the shapes fit."""
    first, second = _kronecker_factors(left), _kronecker_factors(right)
    if first is None or second is None or len(first) != len(second):
        return None
    if not all(same_size(shape_of(x)[1], shape_of(y)[0]) for x, y in zip(first, second)):
        return None
    return [make_atom(make.kron(*(make.mul(*factors(x), *factors(y)) for x, y in zip(first, second))), False, S.One)]


def _kronecker_factors(atom):
    """The factors of a power of a Kronecker product, each to that power; None for anything else."""
    base, flip, k = atom
    if not isinstance(base, KroneckerProduct) or not (k is S.One or k.is_Integer and all(map(is_square, base.args))):
        return None
    return [make.power(transpose(a) if flip else a, k) for a in base.args]


@merges(2, KroneckerProduct)
def kronecker_of_vec(left, right):
    """(B.T kron A)*vec(X) = vec(A*X*B)."""
    pair = _kronecker_factors(left)
    q, qf, qk = right
    if pair is None or len(pair) != 2 or not isinstance(q, Vec) or qf or qk is not S.One:
        return None
    bt, a = pair
    if not (same_size(shape_of(a)[1], shape_of(q.arg)[0]) and same_size(shape_of(bt)[1], shape_of(q.arg)[1])):
        return None
    return [make_atom(raw(Vec, make.mul(*factors(a), *factors(q.arg), *factors(transpose(bt)))), False, S.One)]
