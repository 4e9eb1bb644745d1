"""jvp, vjp, hvp, differential and taylor along directions of a structure, by differences; what is refused says what to take."""

import numpy as np
import pytest
from sympy import Determinant, Identity, MatrixSymbol, Q, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.errors import ArgumentError
from sympy_matcalc.structure import STRUCTURES
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.structures import random_point

n = symbols("n", integer=True, positive=True)
X, X0, A, V, W = (MatrixSymbol(name, n, n) for name in ("X", "X0", "A", "V", "W"))
SIZE, H = 3, 1e-5
SUBSPACES = [name for name, s in STRUCTURES.items() if s.second is None]
SCALAR = Trace(A * X.T * X) + Trace(X) ** 3


def env(name):
    rng = np.random.default_rng(11)
    point, V_of_structure = (random_point(name, (SIZE, SIZE), np.random.default_rng(k)) for k in (1, 2))
    return {n: SIZE, X: point, V: V_of_structure, A: rng.normal(size=(SIZE, SIZE)), W: rng.normal(size=(SIZE, SIZE))}


def slope(e, at):
    """The derivative along V, by differences."""
    forward, back = (np.asarray(evaluate(e, at | {X: at[X] + h * at[V]}), float) for h in (H, -H))
    return (forward - back) / (2 * H)


def close(found, expected):
    return np.allclose(np.asarray(found, float), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", SUBSPACES)
def test_products_with_derivatives(name):
    at = env(name)
    assert close(evaluate(mc.jvp(A * X.T * X, X, V, structure=name), at), slope(A * X.T * X, at))
    for convention in ("entries", "subspace"):
        given = {"structure": name, "convention": convention}
        pulled = mc.vjp(A * X.T * X, X, W, **given)
        assert close(evaluate(pulled, at), evaluate(mc.gradient(Trace(W.T * A * X.T * X), X, **given), at))
        assert close(evaluate(mc.hvp(SCALAR, X, V, **given), at), slope(mc.gradient(SCALAR, X, **given), at))
    d = mc.differential(SCALAR, X, structure=name)
    assert close(evaluate(d, at | {MatrixSymbol("dX", n, n): at[V]}), slope(SCALAR, at))


@pytest.mark.parametrize("name", SUBSPACES)
@pytest.mark.parametrize("e", [SCALAR, A * X.T * X], ids=str)
def test_polynomials_of_second_order(name, e):
    """What is left of the function near the point is of third order."""
    at, polynomial = env(name), mc.taylor(e, X, X0, order=2, structure=name)
    left = []
    for h in (1e-2, 5e-3):
        near = at | {X0: at[X], X: at[X] + h * at[V]}
        left.append(np.abs(evaluate(e, near) - evaluate(polynomial, near)).max(initial=0))
    assert left[1] < left[0] / 7 + 1e-12


def test_along_manifolds():
    assert mc.jvp(X.T.I, X, V, structure="orthogonal") == -X * V.T * X
    assert mc.jvp(X.T.I, X, V, structure="spd") == -X.I * V * X.I
    assert mc.differential(log(Determinant(X.T * X)), X, structure="spd") == 2 * Trace(X.I * MatrixSymbol("dX", n, n))
    assert mc.vjp(X.I, X, V, structure="spd") == mc.gradient(Trace(V.T * X.I), X, structure="spd")


def test_forms():
    assert mc.jvp(Trace(A * X.T), X, V, structure="symmetric") == Trace(A * V)
    assert mc.vjp(A * X, [X, A], V, structure={X: "symmetric"})[1] == V * X.T
    assert mc.jvp(A * X.T, X, V, assumptions=Q.orthogonal(A), structure="symmetric") == A * V
    assert str(mc.taylor(X.T.I, X, X0, structure="symmetric")) == "X0**(-1) - X0**(-1)*(X - X0)*X0**(-1)"
    assert mc.taylor(log(Determinant(X)), X, Identity(n), structure="symmetric") == Trace(X - Identity(n))


REFUSED = [
    (lambda: mc.hvp(SCALAR, X, V, structure="orthogonal"), "hessian"),
    (lambda: mc.taylor(SCALAR, X, X0, structure="spd"), "retraction"),
    (lambda: mc.taylor(SCALAR, X, Identity(n), structure="skew"), "it is not seen that the point `I` is `skew`"),
    (lambda: mc.jvp(A * X, [X, A], [V, W], structure="symmetric"), "write which of them"),
    (lambda: mc.jvp(A * X, X, V, structure={A: "symmetric"}), "must be of a variable"),
    (lambda: mc.vjp(A * X, X, V, convention="entries"), "needs a variable with a structure"),
    (lambda: mc.hvp(SCALAR, X, V, convention="entries"), "needs a variable with a structure"),
    (lambda: mc.gradient(SCALAR, X, structure="hermitian"), "complex_derivative"),
    (lambda: mc.differential(SCALAR, X, structure="symmetric", complex=True), "complex_derivative"),
]


@pytest.mark.parametrize("call, text", REFUSED, ids=range(len(REFUSED)))
def test_refusals_say_what_to_do(call, text):
    with pytest.raises(ArgumentError, match=text):
        call()
