"""Riemannian gradients and Hessians exactly, with rational numbers: at Q = (I - K)(I + K)^-1 of a skew K (Cayley), and at a positive definite X.

The first derivative of f along a geodesic is <gradient, V>, the second <V, Hessian V>, in the metric of the manifold. To second order the
geodesics are ``Q (I + t W + t^2 W^2/2)`` for V = Q W with skew W, and ``X + t V + t^2 V X^-1 V/2`` (Absil, Mahony & Sepulchre; Bhatia, ch. 6).
SymPy takes the derivatives by the scalar t.
"""

import pytest
import sympy as sp
from sympy import Determinant, MatrixSymbol, Rational, Trace

import sympy_matcalc as mc
from sympy_matcalc.nodes import CommutationMatrix

t = sp.Symbol("t")
FUNCTIONS = [
    lambda X, A, B: Trace(A * X * B * X) + Trace(X) ** 2,
    lambda X, A, B: Trace(A * X.inverse()) + Trace(B * X.T * A * X),
    lambda X, A, B: Determinant(X + A) * Trace(B * X),
]


def skew(size, shift=0):
    return sp.Matrix(size, size, lambda i, j: Rational((i - j) * (2 * (i + j) + 3 + shift), 5 + i + j))


def symmetric(size, shift=0):
    return sp.Matrix(size, size, lambda i, j: Rational(i + j + 2 + shift, 3 + i * j))


def given(size):
    return [sp.ImmutableMatrix(size, size, lambda i, j, k=k: Rational(2 * i + k * j + 1, 1 + i + k) + (i == j) * 3) for k in (1, 2)]


def explicit(e, at):
    e = e.xreplace(at)
    e = e.xreplace({d: d.arg.doit().as_explicit().det() for d in e.atoms(Determinant)}).doit()
    return e.as_explicit() if hasattr(e, "as_explicit") else e


def on_orthogonal(size):
    """(X, V, the geodesic through it, the inner product)."""
    K, W, one = skew(size), skew(size, 1), sp.eye(size)
    Q = (one - K) * (one + K).inv()
    return Q, Q * W, Q * (one + t * W + t**2 * W**2 / 2), lambda U, V: (U.T * V).trace()


def on_positive_definite(size):
    X, V = symmetric(size) + 4 * sp.eye(size), symmetric(size, 1)
    return X, V, X + t * V + t**2 * V * X.inv() * V / 2, lambda U, V: (X.inv() * U * X.inv() * V).trace()


@pytest.mark.parametrize("f", FUNCTIONS, ids=range(len(FUNCTIONS)))
@pytest.mark.parametrize("size", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name, manifold", [("orthogonal", on_orthogonal), ("spd", on_positive_definite)])
def test_along_a_geodesic(name, manifold, size, f):
    X, V, path, inner = manifold(size)
    A, B = given(size)
    Z, M, N = (MatrixSymbol(letter, size, size) for letter in "ZMN")
    at = {Z: X.as_immutable(), M: A, N: B}
    along = f(path.as_immutable(), A, B).doit()
    first, second = (sp.cancel(sp.diff(along, t, k).subs(t, 0)) for k in (1, 2))
    e = f(Z, M, N)
    gradient = sp.Matrix(explicit(mc.gradient(e, Z, structure=name), at))
    assert sp.cancel(inner(gradient, V) - first) == 0
    part = X.T * gradient if name == "orthogonal" else gradient
    assert part == (-part.T if name == "orthogonal" else part.T)
    H = explicit(mc.hessian(e, Z, structure=name, form="vec"), at)
    along_V = (sp.Matrix(H) if hasattr(H, "shape") else sp.Matrix([[H]])) * V.T.reshape(size * size, 1)
    bent = sp.Matrix(size, size, list(along_V)).T
    assert sp.cancel(inner(V, bent) - second) == 0


def test_the_commutation_matrix_transposes():
    """What the vec forms above rest on."""
    A = sp.Matrix(2, 2, [1, 2, 3, 4])
    assert CommutationMatrix(2, 2).as_explicit() * A.T.reshape(4, 1) == A.reshape(4, 1)
