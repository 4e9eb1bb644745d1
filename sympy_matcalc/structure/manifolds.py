"""Structures that are no subspaces: orthogonal and Stiefel matrices, and positive definite ones, as Riemannian optimisers take them.

What is returned is the Riemannian gradient, and for second derivatives the Riemannian Hessian as the tensor T that takes a direction V of
the tangent space to ``sum_kl T_ijkl V_kl``. Sources: Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds (2008);
Bhatia, Positive Definite Matrices (2007), ch. 6; the formulas are those of Manopt.
"""

from sympy import Rational, S
from sympy.matrices.expressions import Identity, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..kernel import make
from ..kernel.chains import atom_shape, open_product, product, reverse
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix
from ..rewriting.engine import reduce_chain
from ..rewriting.parts import size
from .algebra import half, minus, plus, times, turned
from .declaration import Structure, declare
from .kronecker_terms import between_projections, times_symmetriser, with_common_factors
from .manifolds_on_axes import orthogonal_on_axes, spd_on_axes, stiefel_on_axes
from .shortest import around, front_and_summands, merged_sum, reduced, shortest_sum, summands_of, summed, unprepared_sum, with_front

HALF, QUARTER = Rational(1, 2), Rational(1, 4)


def symmetric_part(A, left=(), right=()):
    """(L A R + R' A' L')/2 for chains L and R of factors."""
    if not is_matrix(A):
        return A
    terms = around(left, summands_of(A), right, HALF)
    rows = shape_of(A)[0] if not left else atom_shape(left[0])[0]
    return merged_sum([*terms, *((c, reverse(chain)) for c, chain in terms)], (rows, rows))


def between(left, A, right):
    """L sym(A) R for chains L and R of factors: multiplied out where that cancels some of L and R, else a product; as one writes it."""
    return _between(left, A, right, shortest_sum)


def _between(left, A, right, added):
    front, terms = front_and_summands(A)
    both = [*around((), terms, (), HALF), *around((), terms, (), HALF, True)]
    shape = shape_of(A)
    if _has_inverse_ends(terms):
        return with_front(front, added(around(left, both, right, S.One), shape))
    total = added(both, shape)
    if isinstance(total, ZeroMatrix):
        return total
    c, chain = open_product(total)
    return with_front(front, product(c, reduce_chain((*left, *chain, *right)), shape[0]))


def _has_inverse_ends(terms):
    return any(chain and any(k.is_negative for _, _, k in (chain[0], chain[-1])) for _, chain in terms)


# ---------------------------------------------------------------- X'X = I


def _is_square(X):
    return not is_matrix(X) or same_size(*shape_of(X))


def tangent(G, X):
    """G - X sym(X'G), the projection on the tangent space of X'X = I; (G - X G' X)/2 of square X."""
    if _is_square(X):
        return half(plus(G, minus(times(X, turned(G), X))))
    return plus(G, minus(half(plus(times(X, turned(X), G), times(X, turned(G), X)))))


def riemannian_gradient(G, X):
    """The same of a gradient G, as short as it can be had."""
    if not is_matrix(G):
        return tangent(G, X)
    x = open_product(X)[1]
    if _is_square(X):
        front, terms = front_and_summands(G)
        return with_front(front, shortest_sum([*around((), terms, (), HALF), *around(x, terms, x, -HALF, True)], shape_of(G)))
    normal = times(minus(X), symmetric_part(G, reverse(x)))
    return min(plus(G, normal), shortest_sum([*summands_of(G), *summands_of(normal)], shape_of(G)), key=size)


def second_of_orthogonal(X, G, dG, dX):
    """P(dG - V sym(X'G)) for V = P(dX), of vectors and scalars."""
    if not is_matrix(X):
        return tangent(dG, X)
    return tangent(plus(dG, minus(times(tangent(dX, X), symmetric_part(G, reverse(open_product(X)[1]))))), X)


def second_of_orthogonal_on_axes(X, G, H):
    """The derivative of the gradient as an array, from that by all entries."""
    if not _is_square(X):
        back = symmetric_part(G, reverse(open_product(X)[1]))
        return stiefel_on_axes(X, lambda A: riemannian_gradient(A, X), back, H)
    x, (front, terms) = open_product(X)[1], front_and_summands(G)
    left, right = reduced(around(reverse(x), terms, (), HALF)), reduced(around((), terms, reverse(x), HALF))
    sums = (
        [*left, *around((), left, (), S.One, True)],
        [*around((), terms, (), HALF), *reduced(around((), right, x, S.One, True))],  # X sym(X'G) = sym(G X') X
        [*right, *around((), right, (), S.One, True)],
    )
    bent = tuple(with_front(front, summed(terms, shape_of(G))) for terms in sums)
    return orthogonal_on_axes(X, lambda A: riemannian_gradient(A, X), bent, H)


def second_of_orthogonal_in_vec(X, G, H):
    """P (H - S kron I) P with S = sym(X'G) and the matrix P of the projection, (I - (X' kron X) K)/2 of square X."""
    m, n = shape_of(X)
    turn = make.mul(make.kron(transpose(X), X), raw(CommutationMatrix, m, n))
    kept = make.identity(m * n)
    if _is_square(X):
        P, scale = make.add(kept, minus(turn)), QUARTER
    else:
        both = make.add(make.kron(make.identity(n), prepare(make.mul(X, transpose(X)))), turn)
        P, scale = make.add(kept, minus(half(both))), S.One
    back, terms = open_product(transpose(X))[1], summands_of(G)
    twice = around(back, terms, (), HALF)
    bent = unprepared_sum([*twice, *((c, reverse(chain)) for c, chain in twice)], (n, n))
    by = open_product(minus(prepare(make.kron(X, transpose(X))))) if _is_square(X) else None
    terms = [*between_projections(H, X, by), *_kron_with_identity(S.NegativeOne, bent, m, True)]
    return _between_two(scale, P, with_common_factors(terms, (n, m)))


def _kron_with_identity(c, A, order, is_left):
    """[(c, chain)] of c A kron I, or of c I kron A."""
    if isinstance(A, ZeroMatrix):
        return []
    number, A = number_in_front(A)
    pair = (A, make.identity(order)) if is_left else (make.identity(order), A)
    return [(scalar_product(c, number), () if isinstance(A, Identity) else open_product(make.kron(*pair))[1])]


def _between_two(scale, P, terms):
    """scale P T P for the sum T of the terms."""
    shape, end = shape_of(P), open_product(P)[1]
    total = summed(terms, shape)
    if isinstance(total, ZeroMatrix):
        return total
    c, chain = open_product(total)
    return product(scalar_product(scale, c), (*end, *chain, *end), shape[0])


# ---------------------------------------------------------------- positive definite X


def affine_invariant(G, X):
    """X sym(G) X."""
    if not is_matrix(G):
        return times(X, G, X)
    x = open_product(X)[1]
    return between(x, G, x)


def second_of_spd(X, G, dG, dX):
    """X dG X + V G X for V = dX, of scalars."""
    return plus(times(X, dG, X), times(dX, G, X))


def _times_symmetric_part(X, G):
    """X sym(G), which is not tried multiplied out."""
    return _between(open_product(X)[1], G, (), unprepared_sum)


def second_of_spd_on_axes(X, G, H):
    """X dS X + sym(V S X) for S = sym(G) and V = sym(dX), as an array, from the Hessian by all entries."""
    return spd_on_axes(X, _times_symmetric_part(X, G), lambda A: affine_invariant(A, X), H)


def second_of_spd_in_vec(X, G, H):
    """N ((X kron X) H + I kron X sym(G)) N, H that of G, with the symmetriser N = (I + K)/2."""
    n = shape_of(X)[0]
    N = make.add(make.identity(n * n), raw(CommutationMatrix, n, n))
    bent = _kron_with_identity(S.One, _times_symmetric_part(X, G), n, False)
    terms = [*times_symmetriser(H, open_product(make.kron(X, X))[1]), *bent]
    return _between_two(QUARTER, N, with_common_factors(terms, (n, n)))


declare(
    Structure(
        "orthogonal",
        riemannian_gradient,
        facts=("orthogonal",),
        facts_of_tall=("orthonormal",),
        of_shape="tall",
        second=second_of_orthogonal,
        second_on_axes=second_of_orthogonal_on_axes,
        second_in_vec=second_of_orthogonal_in_vec,
        tangent=tangent,
        says=("", "G - X sym(X'G), the projection on the tangent space of X'X = I"),
        also=("stiefel", "orthonormal"),
    )
)
declare(
    Structure(
        "spd",
        affine_invariant,
        facts=("positive_definite",),
        second=second_of_spd,
        second_on_axes=second_of_spd_on_axes,
        second_in_vec=second_of_spd_in_vec,
        tangent=lambda V, X: half(plus(V, turned(V))),
        says=("", "X sym(G) X, the gradient in the affine-invariant metric"),
        also=("positive definite", "posdef", "pd", "covariance"),
    )
)
