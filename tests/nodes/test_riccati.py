"""Riccati equations: that the solutions solve them and stabilise, forms, conditions and refusals."""

import numpy as np
import pytest
from sympy import Matrix, MatrixSymbol, Q, Trace, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule, evaluate

n, m = symbols("n m", integer=True, positive=True)
A, B, C, R = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m), MatrixSymbol("C", n, n), MatrixSymbol("R", m, m)
x, W = MatrixSymbol("x", n, 1), MatrixSymbol("W", n, n)
EQUATIONS = [mc.Riccati, mc.DiscreteRiccati]


def data(sizes, seed, scale=1.0):
    k, j = sizes
    rng = np.random.default_rng(seed)
    q, r = rng.normal(size=(k, k)), rng.normal(size=(j, j))
    return scale * rng.normal(size=(k, k)), rng.normal(size=(k, j)), q @ q.T, r @ r.T + np.eye(j)


def residual(node, X, a, b, q, r):
    """(what is left of the equation, the largest real part or modulus beside the border of stability)."""
    if node is mc.Riccati:
        K = np.linalg.solve(r, b.T @ X)
        return a.T @ X + X @ a - X @ b @ K + q, np.linalg.eigvals(a - b @ K).real.max()
    K = np.linalg.solve(r + b.T @ X @ b, b.T @ X @ a)
    return a.T @ X @ a - a.T @ X @ b @ K + q - X, np.abs(np.linalg.eigvals(a - b @ K)).max() - 1


SIZES = [(1, 1), (2, 1), (3, 2), (5, 3), (8, 8), (2, 4)]
LIBRARIES = [("numpy", sizes) for sizes in SIZES] + [("torch", sizes) for sizes in SIZES[::2]] + [("jax", (1, 1)), ("jax", (3, 2))]


@pytest.mark.parametrize("library, sizes", LIBRARIES, ids=str)
@pytest.mark.parametrize("node", EQUATIONS)
def test_the_value_solves_the_equation(node, library, sizes):
    pytest.importorskip("scipy" if library == "numpy" else library)
    values = data(sizes, 1)
    X = np.asarray(mc.lambdify([A, B, C, R], node(A, B, C, R), modules=library)(*values))
    left, border = residual(node, X, *values)
    assert np.abs(left).max() <= (1e-2 if library == "jax" else 1e-7) * (1 + np.abs(X).max()) and border < 0
    np.testing.assert_array_equal(X, X.T)
    expected = evaluate(node(A, B, C, R), dict(zip([A, B, C, R, n, m], [*values, *sizes])))
    np.testing.assert_allclose(X, expected, rtol=1e-2 if library == "jax" else 1e-6, atol=1e-2 if library == "jax" else 1e-7)


def test_larger_ones_by_torch_are_as_accurate_as_by_scipy():
    pytest.importorskip("torch")
    for node in EQUATIONS:
        values = data((10, 3), 3, 0.5)
        X = np.asarray(mc.lambdify([A, B, C, R], node(A, B, C, R), modules="torch")(*values))
        np.testing.assert_allclose(X, mc.lambdify([A, B, C, R], node(A, B, C, R))(*values), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("node", EQUATIONS)
@pytest.mark.parametrize("X", [A, C, R])
def test_a_check_draws_weights_that_are_symmetric(node, X):
    form = (x.T * node(A, B, C, R) * x)[0, 0]
    assert mc.check(form, X).points == 3
    with pytest.raises(mc.CheckError):
        mc.check(form, X, 2 * mc.gradient(form, X))


def test_data_of_an_argument_are_what_its_class_says():
    assert dict(mc.Riccati(A, B, C, R).domains) == {C: "spd", R: "spd"}
    assert dict(mc.GeneralizedEigenvalue(A, C, 0).domains) == {A: "simple_spectrum", C: "spd"}


CANNOT = {
    "an unstable mode that B does not reach": (np.diag([1.5, -0.5]), np.array([[0.0], [1.0]]), np.eye(2), np.eye(1)),
    "no cost of a mode on the border": (np.array([[0.0, 1.0], [-1.0, 0.0]]), np.zeros((2, 1)), np.zeros((2, 2)), np.eye(1)),
    "NaN": (np.full((2, 2), np.nan), np.ones((2, 1)), np.eye(2), np.eye(1)),
    "infinite": (np.diag([np.inf, 1.0]), np.ones((2, 1)), np.eye(2), np.eye(1)),
}


@pytest.mark.parametrize("case", CANNOT)
@pytest.mark.parametrize("node", EQUATIONS)
def test_what_has_no_stabilising_solution_is_refused(node, case):
    """By an error of NumPy's code, and by NaN of what can be traced."""
    pytest.importorskip("scipy")
    with pytest.raises(np.linalg.LinAlgError, match="Riccati|symmetric"):
        mc.lambdify([A, B, C, R], node(A, B, C, R))(*CANNOT[case])


@pytest.mark.parametrize("case", CANNOT)
@pytest.mark.parametrize("library", ["jax", "torch"])
@pytest.mark.parametrize("node", EQUATIONS)
def test_it_is_nan_where_nothing_can_be_raised(node, case, library):
    pytest.importorskip(library)
    try:
        found = np.asarray(mc.lambdify([A, B, C, R], node(A, B, C, R), modules=library)(*CANNOT[case]))
    except RuntimeError:  # PyTorch's own error for a singular matrix
        return
    assert np.isnan(found).all()


@pytest.mark.parametrize("node", EQUATIONS)
def test_weights_have_to_be_symmetric(node):
    pytest.importorskip("scipy")
    a, b, q, r = data((3, 2), 0)
    with pytest.raises(np.linalg.LinAlgError, match="symmetric"):
        mc.lambdify([A, B, C, R], node(A, B, C, R))(a, b, q + np.triu(np.ones((3, 3)), 1), r)


def test_forms():
    f = (x.T * mc.Riccati(A, B, C, R) * x)[0, 0]
    P = mc.Riccati(A, B, C, R)
    L = mc.Lyapunov(A - B * R.I * B.T * P, x * x.T)
    assert str(mc.gradient(f, C)) == str(-L)
    assert str(mc.gradient(f, A)) == str(-2 * P * L)
    assert str(mc.gradient(f, B, assumptions=Q.symmetric(R))) == str(2 * P * L * P * B * R.I)
    assert mc.gradient(Trace(W.T * mc.DiscreteLyapunov(A, C)), C) == mc.DiscreteLyapunov(A.T, W)


@pytest.mark.parametrize("node", EQUATIONS)
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("sizes", [(1, 1), (1, 2), (2, 1), pytest.param((3, 2), marks=pytest.mark.slow)], ids=str)
def test_derivatives_of_concrete_sizes(node, order, sizes):
    k, j = sizes
    a, b, r, q, y = (MatrixSymbol(s, *shape) for s, shape in zip("abrqy", [(k, k), (k, j), (j, j), (k, k), (k, 1)]))
    for v in (a, b, q):
        check_rule(y.T * node(a, b, q, r * r.T) * y, v, {q: "spd", r: "invertible", a: "invertible"}, order=order, trials=1)
    check_rule(y.T * node(a, b, q, r * r.T) * y, r, {q: "spd", r: "invertible", a: "invertible"}, order=order, trials=1)


def test_explicit_values():
    one, two = Matrix([[1]]), Matrix([[2, 1], [0, 3]])
    assert abs(mc.Riccati(one, one, one, one).evalf()[0, 0] - (1 + sqrt(2)).evalf()) < 1e-12
    X = mc.Riccati(two, Matrix([2, 1]), two * two.T, one).evalf(40)
    left = two.T * X + X * two - X * Matrix([2, 1]) * Matrix([[2, 1]]) * X + two * two.T
    assert max(abs(e) for e in left) < 1e-35
    assert mc.Riccati(two, Matrix([1, 1]), two * two.T, one).evalf().has(mc.Riccati)  # a mode is not reached


def test_conditions_and_shapes():
    assert set(mc.conditions(mc.gradient(Trace(mc.Riccati(A, B, C, R)), C))) == {
        "C is symmetric",
        "R is symmetric",
        "(A, B) is stabilisable",
        "the Hamiltonian matrix of A, B, C, R has no imaginary eigenvalue",
        "no two eigenvalues of A - B*R**(-1)*B.T*care(A, B, C, R) add up to 0",
    }
    for wrong in [
        (MatrixSymbol("A", 2, 3), B, C, R),
        (A, MatrixSymbol("B", n, 2), C, MatrixSymbol("R", 3, 3)),
        (MatrixSymbol("A", 2, 2), MatrixSymbol("B", 3, 1), C, R),
    ]:
        with pytest.raises(mc.ShapeError, match="Riccati needs"):
            mc.Riccati(*wrong)
