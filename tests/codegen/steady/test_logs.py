"""Logarithms of products of entries are in range where the products are not."""

import mpmath as mp
import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, exp, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, p = MatrixSymbol("X", m, n), MatrixSymbol("p", n, 1)
of_p = mc.lambdify([p], log(3 * mc.ElementProduct(p)))


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_out_of_range(scale):
    at = scale * np.linspace(1, 2, 1000)
    assert np.isclose(of_p(at), np.log(3) + np.log(at).sum(), rtol=1e-14)
    rows = mc.lambdify([X], mc.ElementSum(mc.RowProduct(X).applyfunc(log)))
    assert np.isclose(rows(at.reshape(2, 500)), np.log(at).sum(), rtol=1e-14)


def test_signs_and_zeros():
    assert np.isclose(of_p(np.array([-2.0, 3, -4])), np.log(72))
    with np.errstate(all="ignore"):
        assert np.isnan(of_p(np.array([-2.0, 3, 4])))
        assert of_p(np.array([-2.0, 0, 4])) == -np.inf
        rows = mc.lambdify([X], mc.RowProduct(X).applyfunc(log))(np.array([[1.0, -2], [3, 4], [0, 2]]))
    assert np.isnan(rows[0]) and np.isclose(rows[1], np.log(12)) and rows[2] == -np.inf


def test_of_what_is_positive_no_sign_is_asked():
    code = mc.lambdify([X], log(mc.ElementProduct(X.applyfunc(exp) + OneMatrix(m, n))))
    assert "sign" not in code.source
    assert np.isclose(code(np.array([[400.0, 500], [-900, 800]])), 1700)


def test_gradient():
    at = np.full(1000, 1e-3)
    assert np.allclose(mc.lambdify([p], mc.gradient(log(mc.ElementProduct(p)), p))(at), 1e3)
    assert np.allclose(mc.lambdify([p], mc.hessian(log(mc.ElementProduct(p)), p))(at), -1e6 * np.eye(1000))


@pytest.mark.parametrize("at", [-800.0, -40.0, -1.0, 0.5, 40.0, 800.0])
@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("sum(log(1./(1+exp(-x))))", lambda x: -mp.log1p(mp.exp(-x))),
        ("sum(log(1./(1+exp(x))))", lambda x: -mp.log1p(mp.exp(x))),
        ("sum(log(exp(x)./(1+exp(x))))", lambda x: -mp.log1p(mp.exp(-x))),
        ("sum(log(3./(1+exp(-x))))", lambda x: mp.log(3) - mp.log1p(mp.exp(-x))),
        ("sum(log(1 - 1./(1+exp(-x))))", lambda x: -mp.log1p(mp.exp(x))),
    ],
)
def test_the_logistic_function_as_a_quotient_in_a_logarithm(text, exact, at):
    e, symbols = mc.parse(f"{text} where x is a vector")
    with mp.workdps(400):
        assert float(mc.lambdify([symbols["x"]], e)(np.array([at]))) == pytest.approx(float(exact(mp.mpf(at))), rel=1e-14, abs=1e-300)
