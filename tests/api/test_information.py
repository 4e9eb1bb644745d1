"""Fisher information and Gauss-Newton matrices against their definitions in numbers."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Heaviside,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Symbol,
    Trace,
    exp,
    floor,
    log,
    sign,
    symbols,
    tanh,
)

import sympy_matcalc as mc
from sympy_matcalc.errors import ArgumentError, ExpressionError, ShapeError

m, n = symbols("m n", integer=True, positive=True)
X, w, y, mu = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("mu", m, 1)
t = Symbol("t")
RNG = np.random.default_rng(0)
x, b, obs = RNG.standard_normal((5, 2)), RNG.standard_normal(2), RNG.random(5)


def test_the_information_of_a_link_that_is_not_canonical():
    """Gaussian with mean exp(X w): the observed information has y, the expected one is X' diag(exp(X w))^2 X."""
    mean = (X * w).applyfunc(Lambda(t, exp(t)))
    loglik = -((y - mean).T * (y - mean))[0, 0] / 2
    found = mc.fisher(loglik, w, {y: mean})
    assert not found.has(y)
    s = np.exp(x @ b)
    assert np.allclose(mc.lambdify([X, w], found)(x, b), x.T @ (s[:, None] ** 2 * x))
    observed = mc.lambdify([X, w, y], mc.fisher(loglik, w))(x, b, obs)
    assert np.allclose(observed, x.T @ ((2 * s**2 - obs * s)[:, None] * x))


def test_what_is_no_expectation_is_refused():
    loglik = -((y.T * X * w)[0, 0] ** 2)
    with pytest.raises(ExpressionError, match="not affine"):
        mc.fisher(loglik, w, {y: mu})
    with pytest.raises(ShapeError, match="mean"):
        mc.fisher(loglik, w, {y: w})


@pytest.mark.parametrize("step", [sign, Heaviside, floor, lambda u: Piecewise((1, u > 0), (2, True))])
def test_steps_have_no_differential_and_are_not_affine(step):
    a, obs, c = Symbol("a"), Symbol("obs", real=True), Symbol("c")
    with pytest.raises(ExpressionError, match="not affine"):
        mc.fisher(-(a**2) * step(obs), a, {obs: c})
    with pytest.raises(ExpressionError, match="not affine"):
        mc.fisher(-w.T * X.T * DiagMatrix(y.applyfunc(Lambda(t, step(t)))) * X * w, w, {y: mu})
    assert mc.fisher(-(a**2) * sign(c) * obs, a, {obs: t}) == 2 * t * sign(c)


def test_a_mean_is_of_what_the_likelihood_has():
    loglik = -(w.T * X.T * DiagMatrix(y) * X * w)
    assert mc.fisher(loglik, w, {y: mu}) == 2 * X.T * DiagMatrix(mu) * X
    for mean in ({MatrixSymbol("z", m, 1): mu}, {y[0, 0]: t}, [(y, mu)]):
        with pytest.raises(ArgumentError, match="`mean`"):
            mc.fisher(loglik, w, mean)


def test_the_information_on_a_covariance_matrix_is_that_of_the_books():
    """Magnus & Neudecker, ch. 15, sec. 4: (m/2) D'(S^-1 kron S^-1) D of its free parameters."""
    S, C = MatrixSymbol("S", n, n), MatrixSymbol("C", n, n)
    loglik = -m / 2 * (log(Determinant(S)) + Trace(S.I * C))
    found = mc.fisher(loglik, S, {C: S}, form="vech", structure="symmetric")
    assert str(found) == "m*duplication(n).T*KroneckerProduct(S**(-1), S**(-1))*duplication(n)/2"
    assert "structure symmetric" in mc.conditions(found)[0]
    both = "(m/4)*{0}[i,l]*{0}[j,k] + (m/4)*{0}[i,k]*{0}[j,l]"
    assert str(mc.fisher(loglik, S, {C: S}, structure="symmetric")) == f"Einsum(ijkl: {both.format('(S**(-1))')})"
    assert str(mc.fisher(loglik, S, {C: S}, structure="spd")) == f"Einsum(ijkl: {both.format('I(n)')})"
    observed = mc.fisher(loglik, S, form="vec", structure="symmetric")
    assert observed == mc.hessian(-loglik, S, form="vec", structure="symmetric")


def test_the_matrix_of_gauss_and_newton():
    J = (1 - np.tanh(x @ b) ** 2)[:, None] * x
    assert np.allclose(mc.lambdify([X, w], mc.gauss_newton((X * w).applyfunc(tanh), w))(x, b), J.T @ J)
    assert np.allclose(mc.lambdify([X], mc.gauss_newton(X * X.T, X))(x[:2]).shape, (4, 4))
    with pytest.raises(ShapeError, match="scalar"):
        mc.gauss_newton(log(Determinant(MatrixSymbol("S", n, n))) + Trace(MatrixSymbol("S", n, n)), w)


def test_covariances_of_a_fit():
    softplus = (X * w).applyfunc(Lambda(t, log(1 + exp(t))))
    each = softplus - HadamardProduct(y, X * w)
    fit = mc.objective(OneMatrix(1, m) * each, w, data={X: x, y: obs})
    p = 1 / (1 + np.exp(-x @ b))
    H = x.T @ ((p * (1 - p))[:, None] * x)
    scores = (p - obs)[:, None] * x
    assert np.allclose(fit.covariance(b), np.linalg.inv(H))
    sandwich = np.linalg.inv(H) @ scores.T @ scores @ np.linalg.inv(H)
    assert np.allclose(fit.covariance(b, contributions=each), sandwich)
    assert np.allclose(fit.standard_errors(b, contributions=each), np.sqrt(sandwich.diagonal()))
    with pytest.raises(ShapeError, match="add up"):
        fit.covariance(b, contributions=2 * each)
    for no_column in (OneMatrix(1, m) * each, each * OneMatrix(1, 2) / 2):
        with pytest.raises(ShapeError, match="a column"):
            fit.covariance(b, contributions=no_column)
    saddle = mc.objective(-w.T * w, w)
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        saddle.covariance(saddle.flatten(b))
