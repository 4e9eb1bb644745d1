"""Structures that are no subspaces: orthogonal and Stiefel matrices, and positive definite ones, as Riemannian optimisers take them.

What is returned is the Riemannian gradient, and for second derivatives the Riemannian Hessian as the tensor T that takes a direction V of
the tangent space to ``sum_kl T_ijkl V_kl``. Sources: Absil, Mahony & Sepulchre, Optimization Algorithms on Matrix Manifolds (2008);
Bhatia, Positive Definite Matrices (2007), ch. 6; the formulas are those of Manopt.
"""

from ..kernel.shapes import is_matrix, same_size, shape_of
from .algebra import half, minus, plus, times, turned
from .declaration import Structure, declare


def symmetric_part(A):
    return half(plus(A, turned(A)))


def tangent(G, X):
    """G - X sym(X'G), the projection on the tangent space of X'X = I; (G - X G' X)/2 of square X."""
    if not is_matrix(X) or same_size(*shape_of(X)):
        return half(plus(G, minus(times(X, turned(G), X))))
    return plus(G, minus(times(X, symmetric_part(times(turned(X), G)))))


def second_of_orthogonal(X, G, dG, V):
    """P_X(dG - V sym(X'G))."""
    return tangent(plus(dG, minus(times(V, symmetric_part(times(turned(X), G))))), X)


def affine_invariant(G, X):
    """X sym(G) X."""
    return times(X, symmetric_part(G), X)


def second_of_spd(X, G, dG, V):
    """X sym(dG) X + sym(V sym(G) X)."""
    return plus(affine_invariant(dG, X), symmetric_part(times(V, symmetric_part(G), X)))


declare(
    Structure(
        "orthogonal",
        tangent,
        facts=("orthogonal",),
        of_shape="tall",
        second=second_of_orthogonal,
        says=("", "G - X sym(X'G), the projection on the tangent space of X'X = I"),
    )
)
declare(
    Structure(
        "spd",
        affine_invariant,
        facts=("positive_definite",),
        second=second_of_spd,
        tangent=lambda V, X: symmetric_part(V),
        says=("", "X sym(G) X, the gradient in the affine-invariant metric"),
    )
)
