"""Kinds of expressions in both styles: every step true at three points, or a refusal that says why."""

import pytest
from sympy import MatrixSymbol, Sum, Trace, exp, kronecker_product, log, symbols

import sympy_matcalc as mc

n, N = symbols("n N", integer=True, positive=True)
i = symbols("i", integer=True)
t = symbols("t", real=True)
A, B, X, Q, R = (MatrixSymbol(c, n, n) for c in "ABXQR")
x, y, w = (MatrixSymbol(c, n, 1) for c in "xyw")
D = MatrixSymbol("D", N, n)
f, F, G = mc.function("f"), mc.function("F", (n, 1)), mc.function("G", (n, n))

OF_MATRICES = [  # matrices by matrices, unknown functions and implicit equations of matrices: the chain style refuses
    (X * A * X, X),
    (X.inverse(), X),
    (kronecker_product(X, A), X),
    (G(X * A), X),
    (Trace(A * G(X)), X),
    ((x.T * mc.Lyapunov(A, B) * x)[0, 0], A),
    (mc.Sylvester(A, B, X), A),
    ((x.T * mc.DiscreteLyapunov(A, B) * x)[0, 0], A),
    ((x.T * mc.Riccati(A, B, Q, R) * x)[0, 0], A),
]
OF_VECTORS = [
    (f(A * x), x),
    (A * F(B * x), x),
    (t * f(t), t),
    (log(1 + f(x) ** 2) + (x.T * F(x))[0, 0], x),
    (Sum((D[i, :] * w)[0, 0] ** 2, (i, 0, N - 1)), w),
    (Sum(exp(x[i, 0] * y[i, 0]), (i, 0, n - 1)), x),
]


@pytest.mark.parametrize("expr, V", [*OF_MATRICES, *OF_VECTORS])
def test_by_differentials(expr, V):
    d = mc.explain(expr, V)
    assert d.certificate.points == 3 and d.certificate.steps == len(d.steps)


@pytest.mark.parametrize("expr, V", OF_VECTORS)
def test_by_chain_rules(expr, V):
    assert mc.explain(expr, V, style="chain").certificate.points == 3


@pytest.mark.parametrize("expr, V", OF_MATRICES)
def test_no_chain_rules_of_matrices(expr, V):
    with pytest.raises(mc.UnsupportedVariableError, match="is (a matrix|an entry|an array).*take style='differential'"):
        mc.explain(expr, V, style="chain")


@pytest.mark.parametrize("expr, V", [(Trace(A * G(X)), X), (f(A * x), x)])
def test_second_order(expr, V):
    assert mc.explain(expr, V, order=2).certificate.points == 3


def test_the_data_of_a_riccati_equation():
    """Its weights are positive definite; where there is no solution at one point, another one is tried."""
    assert mc.explain(Trace(mc.Riccati(A, B, Q, R)), Q).certificate.points == 3
    assert mc.explain(Trace(mc.DiscreteRiccati(A, B, Q, R)), A).certificate.points == 3


@pytest.mark.parametrize("style", ["differential", "chain"])
@pytest.mark.parametrize("typed", ["sum(log(1 + exp(X*w))) - y.T*X*w", "sum(sigmoid(X*w))", "sum(1./(1 + exp(-X*w)))"])
def test_the_result_has_the_words_of_the_answer(style, typed):
    """The logistic function by its word, as `gradient` gives it, and so is what the last line says it is."""
    f, names = mc.parse(typed)
    d, answer = mc.explain(f, names["w"], style=style), mc.gradient(f, names["w"])
    assert d.result == answer and str(d.result) == str(answer) and d.steps[-1].found == (d.kind, answer)
