"""Text of products that hold entries of products: what SymPy writes, without the sums that it would carry out for it."""

import pytest
from sympy import MatMul, MatrixSymbol, Sum, sqrt, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)
a, b = MatrixSymbol("a", n, 1), MatrixSymbol("b", n, 1)
DISTANCE = sqrt(((X * a - b).T * (X * a - b))[0, 0])


@pytest.fixture
def no_sums(monkeypatch):
    def refused(self, **hints):
        raise AssertionError("a sum is carried out to print it")

    monkeypatch.setattr(Sum, "doit", refused)


@pytest.mark.parametrize(
    "answer, text",
    [
        (lambda: mc.gradient(DISTANCE, X), "1/sqrt(((X*a - b).T*(X*a - b))[0, 0])*(X*a - b)*a.T"),
        (lambda: mc.gradient(-3 * DISTANCE, a), "(3/sqrt(((X*a - b).T*(X*a - b))[0, 0]))*X.T*(-X*a + b)"),
        (
            lambda: mc.hessian(-DISTANCE / 2, a),
            "(1/2)*((-1/sqrt(((X*a - b).T*(X*a - b))[0, 0]))*X.T*X + ((X*a - b).T*(X*a - b))[0, 0]**(-3/2)*X.T*(X*a - b)*(X*a - b).T*X)",
        ),
        (lambda: mc.gradient(-(((X * a).T * A * b)[0, 0] ** 2), X), "(-2*(a.T*X.T*A*b)[0, 0])*A*b*a.T"),
    ],
)
def test_no_sum_is_carried_out(no_sums, answer, text):
    assert str(answer()) == text


def test_the_text_is_that_of_sympy():
    answer = mc.gradient(DISTANCE**3, X)
    assert str(answer) == str(MatMul(*answer.args))
