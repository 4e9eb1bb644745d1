"""Models fitted to data sets that scikit-learn ships, against the fits of scikit-learn and SciPy."""

import numpy as np
import pytest
from sympy import HadamardPower, Lambda, MatrixSymbol, OneMatrix, Symbol, Trace, exp, log, symbols

import sympy_matcalc as mc

datasets = pytest.importorskip("sklearn.datasets")
from scipy.optimize import curve_fit, least_squares, minimize  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

m, n, k = symbols("m n k", integer=True, positive=True)
X, Y, w, y = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, k), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
W = MatrixSymbol("W", n, k)
b, lam, u = Symbol("b", real=True), Symbol("lam", positive=True), Symbol("u", real=True)
SOLVERS = [("trust-exact", "hess", {"gtol": 1e-8}), ("Newton-CG", "hessp", {"xtol": 1e-10}), ("trust-krylov", "hessp", {"gtol": 1e-6})]


def fitted(problem, start, method, second, options):
    """The variables at the optimum; a line search may end with a loss of precision, which is no failure to get there."""
    result = minimize(
        problem.fun_and_jac, problem.flatten(start), jac=True, method=method, options=options, **{second: getattr(problem, second)}
    )
    assert np.abs(result.jac).max() < 1e-5
    return problem.restore(result.x)


@pytest.mark.parametrize("method, second, options", SOLVERS, ids=lambda s: s if isinstance(s, str) else "")
def test_logistic_regression(method, second, options):
    """A vector and a number as variables: weights with a penalty, an intercept without."""
    data = datasets.load_breast_cancer()
    features = (data.data - data.data.mean(0)) / data.data.std(0)
    z = X * w + b * OneMatrix(m, 1)
    loss = mc.ElementSum(mc.Softplus(z)) - (y.T * z)[0, 0] + lam / 2 * (w.T * w)[0, 0]
    problem = mc.objective(loss, [w, b], data={X: features, y: data.target, lam: 1.0})
    weights, intercept = fitted(problem, (np.zeros(30), 0.0), method, second, options)
    expected = LogisticRegression(C=1.0, tol=1e-12, max_iter=1000, solver="newton-cholesky").fit(features, data.target)
    np.testing.assert_allclose(weights, expected.coef_[0], atol=1e-5)
    assert intercept == pytest.approx(expected.intercept_[0], abs=1e-5)


@pytest.mark.parametrize("method, second, options", SOLVERS, ids=lambda s: s if isinstance(s, str) else "")
def test_multinomial_regression(method, second, options):
    """A matrix as variable, and a Hessian of four axes."""
    data = datasets.load_iris()
    features, classes = np.column_stack([data.data, np.ones(150)]), np.eye(3)[data.target]
    normalisers = (X * W).applyfunc(Lambda(u, exp(u))) * OneMatrix(k, 1)
    loss = mc.ElementSum(normalisers.applyfunc(Lambda(u, log(u)))) - Trace(Y.T * X * W) + lam / 2 * Trace(W.T * W)
    problem = mc.objective(loss, W, data={X: features, Y: classes, lam: 1.0})
    weights = fitted(problem, np.zeros((5, 3)), method, second, options)
    expected = LogisticRegression(C=1.0, tol=1e-12, max_iter=10000, fit_intercept=False, solver="newton-cg").fit(features, data.target)
    np.testing.assert_allclose(weights.T, expected.coef_, atol=1e-5)


def test_products_with_the_hessian_at_large_scores():
    loss = mc.ElementSum(((X * W).applyfunc(Lambda(u, exp(u))) * OneMatrix(k, 1)).applyfunc(Lambda(u, log(u))))
    problem = mc.objective(loss, W, data={X: np.eye(2)})
    x = problem.flatten(1000.0 * np.eye(2))
    np.testing.assert_allclose(problem.hess(x), 0)
    np.testing.assert_allclose(problem.hessp(x, np.ones(4)), 0)


@pytest.mark.parametrize("method", ["lm", "trf"])
def test_curve(method):
    """Width of a petal as a multiple of a power of its length: two numbers as variables."""
    length, width = datasets.load_iris().data[:, 2:].T
    a, p, x = Symbol("a", real=True), Symbol("p", real=True), MatrixSymbol("x", m, 1)
    for curve in (a * HadamardPower(x, p), x.applyfunc(Lambda(u, a * u**p))):
        problem = mc.residuals(curve - y, [a, p], data={x: length, y: width})
        found = least_squares(problem.fun, problem.flatten((1.0, 1.0)), jac=problem.jac, method=method, xtol=1e-12, ftol=1e-12, gtol=1e-12)
        expected, _ = curve_fit(lambda t, a, p: a * t**p, length, width, p0=(1.0, 1.0), xtol=1e-12, ftol=1e-12)
        np.testing.assert_allclose(problem.restore(found.x), expected, rtol=1e-6)
