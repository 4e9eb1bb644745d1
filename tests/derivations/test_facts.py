"""Derivations where facts are stated."""

import pytest
from sympy import Determinant, MatrixSymbol, Q, Trace, assuming, log, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, S = MatrixSymbol("A", n, n), MatrixSymbol("S", n, n)
x, w = MatrixSymbol("x", n, 1), MatrixSymbol("w", n, 1)


@pytest.mark.parametrize(
    "fact, f, X, order",
    [
        (Q.symmetric(A), x.T * A * x, x, 1),
        (Q.symmetric(A), x.T * A * x, x, 2),
        (Q.positive_definite(S), log(Determinant(S)) + Trace(S.I * A), S, 1),
        (Q.positive_definite(S), log(Determinant(S)), S, 2),
        (Q.symmetric(S), Trace(S.I * A) + log(Determinant(S)), S, 2),
        (Q.orthogonal(A), mc.Norm(A * x - w) ** 2, x, 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("detail", [0, 2])
def test_steps_are_true_of_what_obeys_the_facts(fact, f, X, order, detail):
    form = {"form": "vec"} if order == 2 and X.shape[1] != 1 else {}
    with assuming(fact):
        found = mc.explain(f, X, detail=detail, order=order)
        answer = mc.gradient(f, X) if order == 1 else mc.hessian(f, X, **form)
        assert found.certificate.ok and found.result == answer


@pytest.mark.parametrize("given", [Q.symmetric(A) & Q.positive_definite(S), [Q.symmetric(A), Q.positive_definite(S)]], ids=["and", "list"])
def test_assumptions_are_those_of_gradient(given):
    f = x.T * A * x * Determinant(S)
    found = mc.explain(f, x, assumptions=given)
    assert found.certificate.ok and found.result == mc.gradient(f, x, assumptions=given) != mc.gradient(f, x)
    assert mc.explain(f, x).result == mc.gradient(f, x)  # nothing stays stated


def test_contradictions_are_refused():
    with pytest.raises(mc.AssumptionError):
        mc.explain(x.T * A * x, x, assumptions=Q.symmetric(A) & ~Q.symmetric(A))
