"""Text of products that hold entries of products: what SymPy writes, without the sums that it would carry out for it."""

import pytest
from sympy import Basic, MatMul, MatrixSymbol, OneMatrix, Sum, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.interning import with_args

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


def test_a_node_with_other_arguments_has_a_text_of_its_own():
    """The text of an answer is that of its arguments, and no longer right where some of them are replaced."""
    answer = mc.gradient(DISTANCE, X)
    other = with_args(answer, [n, *answer.args[1:]])
    assert str(other) == str(MatMul(*other.args, evaluate=False)) == "n*(X*a - b)*a.T"
    assert str(with_args(answer, answer.args)) == str(answer)


def test_names_are_in_the_text_of_what_is_abbreviated():
    mean = mc.Mean(a)
    centred = a - mean * OneMatrix(n, 1)
    found = mc.abbreviate(mc.gradient(mc.dot(b, centred) / sqrt(mc.Norm(centred) ** 2 / n + 1), a))
    assert str(found.expression) == str(Basic.copy(found.expression)) and "mean(a)" not in str(found.expression)
