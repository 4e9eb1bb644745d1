"""Derivatives of determinants of diagonal matrices have values where an entry is 0, as the product of the entries has."""

import warnings

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, HadamardProduct, MatrixSymbol, Trace, exp, log, sin, sqrt, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x, y, A = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("A", n, n)
VALUES = {y: np.array([1.0, 2, 5]), A: np.array([[1.0, 2, 0], [0, 0, 1], [3, 1, 1]])}
DIAGONAL = Determinant(DiagMatrix(x))
FUNCTIONS = [
    DIAGONAL,
    Determinant(DiagMatrix(x) * A),
    Determinant(2 * A * DiagMatrix(x)),
    Determinant(DiagMatrix(A * x)),
    Determinant(DiagMatrix(HadamardProduct(x, y))),
    DIAGONAL * mc.dot(y, A * y),
]
LINEAR = mc.dot(x, y)
FUNCTIONS += [
    DIAGONAL * LINEAR,
    DIAGONAL**2,
    DIAGONAL**2 * mc.dot(y, A * x),
    DIAGONAL**3,
    DIAGONAL**2 + DIAGONAL,
    Determinant(DiagMatrix(A * x)) ** 2,
]
FUNCTIONS += [DIAGONAL * Determinant(DiagMatrix(HadamardProduct(x, y))), Trace(A) * DIAGONAL**2, (DIAGONAL + LINEAR) ** 2]
SMOOTH = [sin(DIAGONAL), exp(DIAGONAL) * LINEAR, sqrt(2 + DIAGONAL), log(1 + DIAGONAL**2)]


def difference(f, at):
    """The derivative of a polynomial of three variables along each axis, by differences that leave nothing out of its order 2."""
    h = 1e-3
    values = [[f(at + s * h * e) for s in (-2, -1, 1, 2)] for e in np.eye(3)]
    return np.stack([(a - 8 * b + 8 * c - d) / (12 * h) for a, b, c, d in values], -1)


@pytest.mark.parametrize("at", [(2.0, 0, 3), (0.0, 0, 3), (0.0, 0, 0), (1.0, -2, 0.5)], ids=str)
@pytest.mark.parametrize("f", FUNCTIONS, ids=str)
def test_at_zeros(f, at):
    given = [s for s in VALUES if f.has(s)]
    values = [VALUES[s] for s in given]
    code = lambda e: lambda v: mc.lambdify([x, *given], e)(v, *values)  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gradient = code(mc.gradient(f, x))(np.array(at))
    assert np.allclose(gradient.ravel(), difference(code(f), np.array(at)), atol=1e-8)
    hessian = code(mc.hessian(f, x))(np.array(at))
    assert np.allclose(hessian, difference(lambda v: code(mc.gradient(f, x))(v).ravel(), np.array(at)), atol=1e-7)


@pytest.mark.parametrize("at", [(0.6, 0, 1), (0.0, 0, 1), (0.0, 0, 0), (1.0, -0.7, 0.5)], ids=str)
@pytest.mark.parametrize("f", SMOOTH, ids=str)
def test_functions_of_it_at_zeros(f, at):
    code = lambda e: lambda v: np.asarray(mc.lambdify([x, y], e)(v, VALUES[y]))  # noqa: E731
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gradient, hessian = code(mc.gradient(f, x)), code(mc.hessian(f, x))(np.array(at))
    assert np.allclose(gradient(np.array(at)), difference(code(f), np.array(at)), atol=1e-8)
    assert np.allclose(hessian, difference(gradient, np.array(at)), atol=1e-7)


def test_what_has_no_value_at_zero_has_none():
    with np.errstate(divide="ignore"):
        assert np.isinf(mc.lambdify([x], mc.gradient(log(DIAGONAL), x))(np.array([1.0, 0]))[1])
        found = mc.lambdify([x, y], DIAGONAL + mc.ElementSum(mc.gradient(log(DIAGONAL), x)))(np.array([1.0, 0]), np.ones(2))
    assert np.isinf(found)
