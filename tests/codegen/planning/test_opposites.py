"""Differences that are negatives of others: once, with the value, and where both stay."""

import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, OneMatrix, sqrt, symbols
from sympy.matrices.expressions.hadamard import HadamardProduct

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
t = symbols("t")
A, B, C, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("C", n, n), MatrixSymbol("x", n, 1)
gaps = x * OneMatrix(1, n) - OneMatrix(n, 1) * x.T
rng = np.random.default_rng(0)
a, b, c = rng.standard_normal((3, 6, 6))


def test_the_gradient_of_a_function_of_differences():
    f = mc.ElementSum(HadamardProduct(A, gaps.applyfunc(Lambda(t, sqrt(1 + t**2)))))
    gradient = mc.lambdify([x, A], mc.gradient(f, x))
    assert gradient.source.split("def compute")[1].count("[:, None] -") == 1
    v, d = a[0], a[0][:, None] - a[0]
    d = b * d / np.sqrt(1 + d**2)
    np.testing.assert_allclose(gradient(v, b), d.sum(1) - d.sum(0), atol=1e-12)


@pytest.mark.parametrize(
    "e, value, count",
    [
        ((A - B) * HadamardProduct(B - A, C), lambda: (a - b) @ ((b - a) * c), 1),
        (HadamardProduct(A - B, C) * (B - A), lambda: ((a - b) * c) @ (b - a), 1),
        (HadamardProduct(A - B, C) + HadamardProduct(B - A, C.applyfunc(sqrt)) * C, lambda: (a - b) * c + ((b - a) * np.sqrt(c)) @ c, 1),
        (HadamardProduct(A - B, C) * HadamardProduct(B - 2 * A, C), lambda: ((a - b) * c) @ ((b - 2 * a) * c), 2),
    ],
    ids=["matrix product on the left", "and on the right", "both entry by entry", "no opposites"],
)
def test_values(e, value, count):
    f = mc.lambdify([A, B, C], e)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(f(a, b, c), value(), atol=1e-12)
    body = f.source.split("def compute")[1]
    assert sum(body.count(text) for text in ("A - B", "B - A", "B - 2.0 * A", "-2.0 * A + B")) == count


def test_both_stay_in_products_of_matrices():
    body = mc.lambdify([A, B], (A - B) * (B - A)).source.split("def compute")[1]
    assert body.count("A - B") == body.count("B - A") == 1
