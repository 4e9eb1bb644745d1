"""Objectives over the free parameters of variables with structure: derivatives against differences, and the round trip of values."""

import numpy as np
import pytest
import sympy as sp
from sympy import Determinant, MatrixSymbol, OneMatrix, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.structure import STRUCTURES

m, n = symbols("m n", integer=True, positive=True)
X, A, B = (MatrixSymbol(name, n, n) for name in "XAB")
w = MatrixSymbol("w", n, 1)
RNG = np.random.default_rng(0)
DATA = {A: RNG.normal(size=(3, 3)), B: RNG.normal(size=(3, 3))}
LINEAR = [name for name, s in STRUCTURES.items() if s.basis is not None]


def slopes(f, x, h=1e-5):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


def problem(name):
    f = Trace(A * X * B * X) + Trace(A * X * X.T) + (w.T * X * w)[0, 0] ** 2 + Trace(X) ** 3
    return mc.objective(f, [X, w], data=DATA, structure={X: name})


@pytest.mark.parametrize("name", [*LINEAR, "spd", "user"])
def test_derivatives_by_the_parameters(name):
    user = mc.LinearStructure(vec_basis=sp.Matrix(9, 2, [1, 0, 0, 2, 0, 0, 3, 1, 0, 0, 1, 0, 0, -1, 0, 0, 1, 1]))
    p = problem(user if name == "user" else name)
    x = np.random.default_rng(1).normal(size=p.charts[-1][1]) / 2
    value, g = p.fun_and_jac(x)
    assert value == pytest.approx(p.fun(x))
    np.testing.assert_allclose(g, slopes(p.fun, x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(p.jac(x), g)
    H = slopes(p.jac, x)
    np.testing.assert_allclose(p.hess(x), H, rtol=1e-5, atol=1e-5)
    v = np.arange(1.0, 1 + len(x))
    np.testing.assert_allclose(p.hessp(x, v), H @ v, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", [*LINEAR, "spd"])
def test_round_trip(name):
    p = problem(name)
    x = np.random.default_rng(2).normal(size=p.charts[-1][1])
    value, vector = p.restore(x)
    assert value.shape == (3, 3) and vector.shape == (3,)
    np.testing.assert_allclose(p.flatten({X: value, w: vector}), x, atol=1e-12)


def test_the_covariance_of_the_largest_likelihood():
    optimize = pytest.importorskip("scipy.optimize")
    C = DATA[A] @ DATA[A].T + np.eye(3)
    fit = mc.objective(log(Determinant(X)) + Trace(X.I * A), X, data={A: C}, structure={X: "spd"})
    found = optimize.minimize(fit.fun_and_jac, fit.flatten(np.eye(3)), jac=True, method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose(fit.restore(found.x), C, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["spd", "symmetric"])
def test_standard_errors_of_a_covariance_by_either_parameters(name):
    """Magnus & Neudecker: of N observations the variance of S_ij is (s_ii s_jj + s_ij^2)/N, whatever the parameters are."""
    N, S = 50, DATA[A] @ DATA[A].T + np.eye(3)
    fit = mc.objective(N / 2 * (log(Determinant(X)) + Trace(X.I * A)), X, data={A: S}, structure={X: name})
    errors = fit.standard_errors(fit.flatten(S), of="entries").reshape(3, 3)
    s = np.diag(S)
    np.testing.assert_allclose(errors**2, (np.outer(s, s) + S**2) / N)
    assert fit.covariance(fit.flatten(S)).shape == (6, 6)
    with pytest.raises(mc.ArgumentError, match="parameters"):
        fit.covariance(fit.flatten(S), of="all")


def test_the_sandwich_by_the_free_parameters():
    """H^-1 (sum g g') H^-1 with the gradients of each observation by the parameters, by differences."""
    a, y = MatrixSymbol("a", 3, 1), MatrixSymbol("y", 3, 1)
    given = {a: np.array([1.0, -2.0, 0.5]), y: np.array([1.0, 0.5, -1.0])}
    each = (X * a - y).applyfunc(sp.Lambda(sp.Symbol("u"), sp.Symbol("u") ** 2)) + Trace(X.T * X) * OneMatrix(n, 1)
    each = each.subs(n, 3)
    Z = MatrixSymbol("X", 3, 3)
    fit = mc.objective(mc.ElementSum(each), Z, data=given, structure={Z: "diagonal"})
    x = np.array([0.3, 0.1, -0.4])
    values = mc.residuals(each, Z, data=given, structure={Z: "diagonal"})
    G = slopes(values.fun, x)
    H = np.linalg.inv(slopes(fit.jac, x))
    np.testing.assert_allclose(fit.covariance(x, contributions=each), H @ (G @ G.T) @ H, rtol=1e-6)


def test_the_number_of_parameters():
    p = mc.objective(Trace(A * X), X, data={A: DATA[A]}, structure={X: "toeplitz"})
    assert len(p.flatten(np.eye(3))) == 5 and len(p.bounds) == 5
    np.testing.assert_allclose(p.jac(np.zeros(5)), [sum(np.diag(DATA[A].T, -k)) for k in (0, 1, 2, -1, -2)])


@pytest.mark.parametrize(
    "call, text",
    [
        (lambda: problem("symmetric").flatten({X: np.triu(np.ones((3, 3))), w: np.ones(3)}), "is not symmetric"),
        (lambda: problem("spd").flatten({X: -np.eye(3), w: np.ones(3)}), "not positive definite"),
        (lambda: problem("orthogonal"), "no free parameters"),
        (lambda: mc.objective(Trace(X), X, structure={A: "symmetric"}), "none of the variables"),
        (lambda: mc.objective(Trace(X), X, structure={X: "symmetric"}).fun(np.ones(3)), "flatten"),
        (lambda: problem("symmetric").fun(np.ones(3)), "flat vector of 9"),
    ],
)
def test_refusals(call, text):
    with pytest.raises(mc.MatcalcError, match=text):
        call()


def test_residuals_by_the_free_parameters():
    """The Jacobian against differences, both products against the Jacobian, and the round trip."""
    a, y, start = MatrixSymbol("a", n, 1), MatrixSymbol("y", n, 1), np.diag([2.0, 3.0, 5.0]) + 0.5
    for name in ("symmetric", "spd", "toeplitz"):
        data = {a: np.array([1.0, -2.0, 0.5]), y: np.ones(3)}
        start = start if name != "toeplitz" else np.array([[2.0, 1, 3], [4, 2, 1], [5, 4, 2]])
        p = mc.residuals([X * a - y, Trace(X) ** 2], X, data=data, structure={X: name})
        x = p.flatten(start)
        J, h = p.jac(x), 1e-6
        slopes = [(p.fun(x + h * e) - p.fun(x - h * e)) / (2 * h) for e in np.eye(len(x))]
        assert np.allclose(J, np.transpose(slopes), atol=1e-5) and np.allclose(p.restore(x), start)
        assert np.allclose(p.jvp(x, np.ones(len(x))), J.sum(axis=1)) and np.allclose(p.vjp(x, np.ones(4)), J.sum(axis=0))


def test_a_structure_without_its_variable_is_refused():
    with pytest.raises(mc.MatcalcError, match="dict by variable"):
        mc.residuals(X * w, [X, w], structure="symmetric")
    with pytest.raises(mc.MatcalcError, match="dict by variable"):
        mc.objective(Trace(X), X, structure="symmetric")
