"""Structures that are no subspaces: orthogonal and Stiefel matrices, and positive definite ones, as Riemannian optimisers take them.

What is returned is the Riemannian gradient, and for second derivatives the Riemannian Hessian as the tensor T that takes a direction V of
the tangent space to ``sum_kl T_ijkl V_kl``. Sources: Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds (2008);
Bhatia, Positive Definite Matrices (2007), ch. 6; the formulas are those of Manopt.
"""

from sympy import Rational, S

from ..canonical import prepare
from ..kernel import make
from ..kernel.chains import open_product
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix
from ..rewriting.engine import simplified
from .algebra import half, minus, plus, times, turned
from .declaration import Structure, declare
from .kronecker_terms import between_projections, ordered
from .shortest import shortest


def symmetric_part(A):
    return shortest(half(plus(A, turned(A))))


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
    if _is_square(X):
        return shortest(tangent(G, X))
    return shortest(plus(G, minus(times(X, symmetric_part(times(turned(X), G))))))


def second_of_orthogonal(X, G, dG, dX):
    """P(dG - V sym(X'G)) for V = P(dX); of square X the second part is (dX S + X S X' dX - X dX' X S - X S dX' X)/4 with S = sym(X'G)."""
    Sym = symmetric_part(times(turned(X), G))
    if not _is_square(X):
        return tangent(plus(dG, minus(times(tangent(dX, X), Sym))), X)
    R, W = symmetric_part(times(G, turned(X))), shortest(half(plus(G, times(X, turned(G), X))))
    curvature = plus(times(dX, Sym), times(R, dX), minus(times(X, turned(dX), W)), minus(times(W, turned(dX), X)))
    return plus(tangent(dG, X), times(Rational(-1, 4), curvature))


def second_of_orthogonal_in_vec(X, G, H):
    """P (H - S kron I) P with S = sym(X'G) and the matrix P of the projection, (I - (X' kron X) K)/2 of square X."""
    m, n = shape_of(X)
    turn = prepare(make.mul(make.kron(transpose(X), X), raw(CommutationMatrix, m, n)))
    kept = make.identity(m * n)
    if _is_square(X):
        P, scale = prepare(make.add(kept, minus(turn))), Rational(1, 4)
    else:
        both = plus(prepare(make.kron(make.identity(n), prepare(make.mul(X, transpose(X))))), turn)
        P, scale = prepare(make.add(kept, minus(half(both)))), S.One
    bent = prepare(make.kron(symmetric_part(times(turned(X), G)), make.identity(m)))
    by = open_product(minus(prepare(make.kron(X, transpose(X))))) if _is_square(X) else None
    H = between_projections(simplified(H, search=False), X, by)
    return times(scale, P, shortest(plus(H, minus(bent))), P)


# ---------------------------------------------------------------- positive definite X


def affine_invariant(G, X):
    """X sym(G) X."""
    return shortest(times(X, symmetric_part(G), X))


def second_of_spd(X, S, dS, dX):
    """X dS X + sym(V S X) for S = sym(G) and V = sym(dX)."""
    V = half(plus(dX, turned(dX)))
    return plus(times(X, dS, X), half(plus(times(V, S, X), times(X, S, V))))


def second_of_spd_in_vec(X, G, H):
    """N ((X kron X) H + I kron X sym(G)) N, H that of G, with the symmetriser N = (I + K)/2."""
    n = shape_of(X)[0]
    N = prepare(make.add(make.identity(n * n), raw(CommutationMatrix, n, n)))
    bent = prepare(make.kron(make.identity(n), shortest(times(X, symmetric_part(G)))))
    return times(Rational(1, 4), N, shortest(plus(ordered(times(prepare(make.kron(X, X)), H), 1), bent)), N)


declare(
    Structure(
        "orthogonal",
        riemannian_gradient,
        facts=("orthogonal",),
        facts_of_tall=("orthonormal",),
        of_shape="tall",
        second=second_of_orthogonal,
        second_in_vec=second_of_orthogonal_in_vec,
        tangent=tangent,
        says=("", "G - X sym(X'G), the projection on the tangent space of X'X = I"),
    )
)
declare(
    Structure(
        "spd",
        affine_invariant,
        facts=("positive_definite",),
        of_gradient=symmetric_part,
        second=second_of_spd,
        second_in_vec=second_of_spd_in_vec,
        tangent=lambda V, X: half(plus(V, turned(V))),
        says=("", "X sym(G) X, the gradient in the affine-invariant metric"),
    )
)
