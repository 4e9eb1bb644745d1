"""Operators of functions with a product of entries have a value where an entry is 0, as the dense function has."""

import warnings

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, HadamardPower, HadamardProduct, MatrixSymbol, Trace, exp, log, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.operators import DiagonalPlusLowRankOperator

n, m = symbols("n m", integer=True, positive=True)
x, y, b = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("b", m, 1)
A, r = MatrixSymbol("A", n, m), MatrixSymbol("r", 3, 1)
VALUES = {y: np.array([1.0, 2, 5]), A: np.array([[1.0, 2], [0, 3], [3, 1]])}
POINTS = [(0.6, -1.2, 2), (0.6, 0, 1), (0.0, 0, 1), (0.0, 0, 0)]
DIAGONAL, SINES = Determinant(DiagMatrix(x)), Determinant(DiagMatrix(x.applyfunc(sin)))
FUNCTIONS = [
    DIAGONAL,
    DIAGONAL.xreplace({x: r}),
    DIAGONAL + mc.ElementSum(x.applyfunc(exp)),
    DIAGONAL * exp(-mc.dot(x, x)),
    SINES,
    SINES * DIAGONAL,
    DIAGONAL**2 + mc.dot(x, y) ** 2,
    DIAGONAL**3,
    sin(DIAGONAL) * mc.dot(x, y),
    log(2 + DIAGONAL**2) + mc.ElementSum(HadamardPower(x, 4)),
    Determinant(DiagMatrix(HadamardProduct(x, y))),
    Determinant(DiagMatrix(x) ** 2),
]


def compared(operator, dense, *args):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole, parts = dense(*args), operator(*args)
        array, product = parts.todense(), parts @ np.arange(1.0, parts.shape[1] + 1)
    assert np.isfinite(whole).all()
    assert np.allclose(array, whole.reshape(parts.shape), atol=1e-12)
    assert np.allclose(product, array @ np.arange(1.0, parts.shape[1] + 1), atol=1e-12)


@pytest.mark.parametrize("f", FUNCTIONS, ids=str)
def test_second_derivatives_at_zeros(f):
    v = r if f.has(r) else x
    given = [s for s in VALUES if f.has(s)]
    H = mc.hessian(f, v)
    operator, dense = mc.lambdify([v, *given], H, structured=True), mc.lambdify([v, *given], H)
    for at in POINTS:
        compared(operator, dense, np.array(at), *(VALUES[s] for s in given))


def test_a_known_value():
    H = mc.lambdify([x], mc.hessian(DIAGONAL, x), structured=True, memory="1 MB")
    assert H(np.array([0.0, 2, 3])).todense().tolist() == [[0, 3, 2], [3, 0, 0], [2, 0, 0]]


@pytest.mark.parametrize(
    "f, by", [(Determinant(DiagMatrix(A * b)), [b]), (Determinant(DiagMatrix(A * b)), [A]), (DIAGONAL * Trace(A.T * A), [x, A])], ids=str
)
def test_products_of_linear_forms(f, by):
    H = mc.hessian(f, *by)
    args = [A, x if f.has(x) else b]
    operator, dense = mc.lambdify(args, H, structured=True), mc.lambdify(args, H)
    for at in POINTS if f.has(x) else [(1.0, 1), (2.0, -1), (0.0, 0)]:
        compared(operator, dense, VALUES[A], np.array(at))


def test_first_derivatives():
    """A diagonal with the products of all others, beside a product of two vectors."""
    e = DIAGONAL * DiagMatrix(HadamardPower(x, -1)) + x * y.T
    operator, dense = mc.lambdify([x, y], e, structured=True), mc.lambdify([x, y], e)
    for at in POINTS:
        compared(operator, dense, np.array(at), VALUES[y])
    assert isinstance(operator(np.array(POINTS[1]), VALUES[y]), DiagonalPlusLowRankOperator)


def test_squares_stay_a_diagonal_and_a_product_of_vectors():
    H = mc.lambdify([x], mc.hessian(DIAGONAL**2, x), structured=True)
    assert isinstance(H(np.array([0.0, 2, 3])), DiagonalPlusLowRankOperator)


def test_other_operators_are_as_they_were():
    """A determinant that is divided by no entry of its own."""
    H = DIAGONAL * (DiagMatrix(HadamardPower(y, -1)) + y * y.T)
    found = mc.lambdify([x, y], H, structured=True)(np.array(POINTS[0]), VALUES[y])
    assert isinstance(found, DiagonalPlusLowRankOperator)
    assert np.allclose(found.todense(), mc.lambdify([x, y], H)(np.array(POINTS[0]), VALUES[y]))
