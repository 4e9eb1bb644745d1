"""Derivatives of determinants of diagonal matrices have values where an entry is 0, as the product of the entries has."""

import warnings

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, HadamardPower, HadamardProduct, MatrixSymbol, Trace, cos, cosh, exp, log, sin, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm

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
SMOOTH = [sin(DIAGONAL), exp(DIAGONAL) * LINEAR, sqrt(2 + DIAGONAL), log(1 + DIAGONAL**2), cosh(DIAGONAL) * Trace(DiagMatrix(x))]
SQUARE = mc.dot(x, x)
SINES, COSINES = (Determinant(DiagMatrix(x.applyfunc(f))) for f in (sin, cos))
SMOOTH += [exp(-SQUARE) * DIAGONAL, Trace(DiagMatrix(x)) * DIAGONAL, exp(LINEAR) * DIAGONAL / (1 + SQUARE), SQUARE * DIAGONAL**2]
SMOOTH += [SINES, SINES * COSINES, SINES * DIAGONAL, SINES**2 * LINEAR, sin(LINEAR) * SINES + DIAGONAL]
POWERS = [
    DiagMatrix(x) ** 2,
    DiagMatrix(x) ** 2 + DiagMatrix(x),
    DiagMatrix(HadamardPower(x, 3)),
    DiagMatrix(x) * (DiagMatrix(x) + DiagMatrix(y)),
]
SMOOTH += map(Determinant, POWERS)


def difference(f, at):
    """The derivative of a polynomial of three variables along each axis, by differences that leave nothing out of its order 2."""
    h = 1e-3
    values = [[f(at + s * h * e) for s in (-2, -1, 1, 2)] for e in np.eye(3)]
    return np.stack([(a - 8 * b + 8 * c - d) / (12 * h) for a, b, c, d in values], -1)


POINTS = [(2.0, 0, 3), (0.0, 0, 3), (0.0, 0, 0), (1.0, -2, 0.5)]
NEAR = [(0.6, 0, 1), (0.0, 0, 1), (0.0, 0, 0), (1.0, -0.7, 0.5)]


@pytest.mark.parametrize(("f", "points"), [*((f, POINTS) for f in FUNCTIONS), *((f, NEAR) for f in SMOOTH)], ids=str)
def test_at_zeros(f, points):
    given = [s for s in VALUES if f.has(s)]
    values = [VALUES[s] for s in given]
    value, gradient, hessian = (mc.lambdify([x, *given], e) for e in (f, mc.gradient(f, x), mc.hessian(f, x)))
    for at in map(np.array, points):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            slope, curvature = gradient(at, *values), hessian(at, *values)
        assert np.allclose(slope.ravel(), difference(lambda v: np.asarray(value(v, *values)), at), atol=1e-8)
        assert np.allclose(curvature, difference(lambda v: gradient(v, *values).ravel(), at), atol=1e-7)


@pytest.mark.parametrize("f", [FUNCTIONS[4], FUNCTIONS[6], FUNCTIONS[11], *SMOOTH[3:12:4]], ids=str)
def test_products_with_a_second_derivative_at_zeros(f):
    """Sums over the entries that the product is divided by."""
    given = [s for s in VALUES if f.has(s)]
    u = MatrixSymbol("u", n, 1)
    at, values, direction = np.array([0.0, 0, 1]), [VALUES[s] for s in given], np.array([0.3, -1, 2])
    H = mc.lambdify([x, *given], mc.hessian(f, x))(at, *values)
    product = mc.hvp(f, x, u)
    assert np.allclose(mc.lambdify([x, u, *given], product)(at, direction, *values).ravel(), H @ direction)
    assert np.allclose(mc.lambdify([x, u, *given], mc.dot(u, product))(at, direction, *values), direction @ H @ direction)


def test_what_has_no_value_at_zero_has_none():
    with np.errstate(divide="ignore"):
        assert np.isinf(mc.lambdify([x], mc.gradient(log(DIAGONAL), x))(np.array([1.0, 0]))[1])
        found = mc.lambdify([x, y], DIAGONAL + mc.ElementSum(mc.gradient(log(DIAGONAL), x)))(np.array([1.0, 0]), np.ones(2))
    assert np.isinf(found)


INVERSE, B = HadamardPower(x, -1), MatrixSymbol("B", n, n)
PARTLY_DIAGONAL = INVERSE * y.T - DiagMatrix(INVERSE)


@pytest.mark.parametrize(
    ("factors", "spec"),
    [
        ([(PARTLY_DIAGONAL, (0,), (1,)), (B, (0,), (2,))], "ij,ik->jk"),
        ([(PARTLY_DIAGONAL, (1,), (0,)), (B, (0,), (2,))], "ji,ik->jk"),
        ([(PARTLY_DIAGONAL, (0,), (1,)), (A, (0,), (2,)), (B, (0,), (2,))], "ij,ik,ik->jk"),
        ([(PARTLY_DIAGONAL, (0,), (1,)), (PARTLY_DIAGONAL, (0,), (2,)), (B, (0,), (2,))], "ij,ik,ik->jk"),
    ],
)
def test_what_meets_a_diagonal_at_either_of_its_axes(factors, spec):
    """In a term that is on the diagonal both axes are one, for the factors behind it too."""
    e = DIAGONAL**2 * Einsum((n, n), EinsumTerm(1, (n, n, n), ((1,), (2,)), factors))
    at, b = np.array([0.5, -2, 3]), np.arange(9.0).reshape(3, 3)
    values = {PARTLY_DIAGONAL: VALUES[y] / at[:, None] - np.diag(1 / at), A: VALUES[A], B: b}
    exact = at.prod() ** 2 * np.einsum(spec, *(values[array] for array, *_ in factors))
    assert np.allclose(mc.lambdify([x, y, A, B], e)(at, VALUES[y], VALUES[A], b), exact, rtol=1e-13)
