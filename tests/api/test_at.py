"""Any answer at a point."""

import numpy as np
import pytest
from sympy import Determinant, ImmutableMatrix, Integer, Matrix, MatrixSymbol, Rational, log, symbols
from sympy.tensor.array.expressions import ArraySymbol

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x, y = symbols("x y")
A, w, r = MatrixSymbol("A", n, n), MatrixSymbol("w", n, 1), MatrixSymbol("r", 1, n)
T = ArraySymbol("T", (2, 2, 2))
a = np.array([[2.0, 1.0], [0.0, 3.0]])


CASES = [
    (w.T * A * w, {A: a, w: [1, 2]}, 16),
    (mc.gradient(w.T * A * w, w), {A: a, w: [1, 2]}, (a + a.T) @ [1, 2]),
    (mc.gradient(w.T * A * w, w), {"A": a, "w": [[1], [2]]}, ((a + a.T) @ [1, 2])[:, None]),
    (mc.hessian(w.T * A * w, w), {A: a, w: [1, 2]}, a + a.T),
    (mc.jacobian(A, A), {A: a}, np.einsum("ik,jl->ijkl", np.eye(2), np.eye(2))),
    (mc.gradient(log(Determinant(A)), A), {A: Matrix([[2, 1], [0, 3]])}, np.linalg.inv(a).T),
    (n * w, {w: [1, 2]}, [2, 4]),
    (mc.hessian(w.T * w, w), {n: 3}, 2 * np.eye(3)),
    (x**2 + y, {x: Rational(1, 2), y: 1.5}, 1.75),
    (mc.gradient(x**2 + y**2, Matrix([x, y])), {ImmutableMatrix([x, y]): [1, 2]}, [[2], [4]]),
    (mc.gradient(x**2 + y**2, Matrix([x, y])), [(Matrix([x, y]), [1, 2])], [[2], [4]]),
    (mc.jacobian(Matrix([[x * y, x], [y, y]]), Matrix([x, y])), {x: 2, y: 3}, [[[3, 2], [1, 0]], [[0, 1], [0, 1]]]),
    (mc.diff(T[0, 0, 1] ** 2, T), {T: np.ones((2, 2, 2))}, np.array([[[0, 2], [0, 0]], [[0, 0], [0, 0]]])),
    (Integer(4), {}, 4),
    (3, {x: 1}, 3),
    (Matrix([[1, 2]]), {}, [[1, 2]]),
]


@pytest.mark.parametrize("result, values, expected", CASES, ids=[str(row[0]) for row in CASES])
def test_values(result, values, expected):
    np.testing.assert_allclose(np.squeeze(mc.at(result, values)), np.squeeze(expected), rtol=1e-12)


def test_containers_keep_their_form():
    found = mc.at({"f": x, "rest": [x + 1, (x * y, Matrix([x]))]}, {x: 2, y: 5})
    assert found["f"] == 2 and found["rest"][0] == 3 and found["rest"][1][0] == 10 and isinstance(found["rest"][1], tuple)


def test_operators_and_arrays():
    H = mc.lambdify([A], mc.hessian(log(Determinant(A)), A, form="vec"), structured=True)(a)
    dense = mc.lambdify([A], mc.hessian(log(Determinant(A)), A, form="vec"))(a)
    np.testing.assert_allclose(mc.at(H, {}), dense, atol=1e-12)
    assert mc.at(dense, {}) is dense


def test_tangent_plane():
    """z = 5 + 2 (x - 1) + 4 (y - 2) touches x^2 + y^2 at (1, 2)."""
    f, V = x**2 + y**2, Matrix([x, y])
    assert mc.at([f, mc.gradient(f, V)], {x: 1, y: 2})[0] == 5


f = mc.function("f")
REFUSALS = [
    (lambda: mc.at(A * w, {A: a, w: [1, 2, 3]}), mc.ShapeError, "`w`"),
    (lambda: mc.at(A * w, {A: a}), mc.ArgumentError, "no value is given for `w`"),
    (lambda: mc.at(mc.hessian(w.T * w, w), {}), mc.ArgumentError, "`n`"),
    (lambda: mc.at(w, {MatrixSymbol("w", 3, 1): [1, 2, 3]}), mc.ArgumentError, "another symbol of its name"),
    (lambda: mc.at(x, {"x": 1, x: 2}), mc.ArgumentError, "two values"),
    (lambda: mc.at(x, {x + 1: 2}), mc.ArgumentError, "values of symbols"),
    (lambda: mc.at(x, 3), mc.ArgumentError, "as a dict"),
    (lambda: mc.at(w, {w: ["a", "b"]}), mc.DtypeError, "numbers"),
    (lambda: mc.at(x, {x: y}), mc.DtypeError, "numbers"),
    (lambda: mc.at(x, {x: [1, 2]}), mc.ShapeError, "scalar"),
    (lambda: mc.at("x", {x: 1}), mc.ExpressionError, "text"),
    (lambda: mc.at(mc.gradient(f(w), w), {w: [1, 2]}), mc.ArgumentError, "not given"),
    (lambda: mc.at(x * y, [(Matrix([x, y]), [1, 2, 3])]), mc.ShapeError, "shape"),
]


@pytest.mark.parametrize("call, error, text", REFUSALS)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_symbols_that_do_not_occur_are_passed_over():
    """Unless a size is shown by theirs alone."""
    A, x, m = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1), symbols("m", integer=True, positive=True)
    assert mc.at(x.T * x, {x: [1, 2], A: np.eye(3)}) == 5
    assert mc.at(n * m + m, {A: np.eye(3), MatrixSymbol("B", m, m): np.eye(2)}) == 8
