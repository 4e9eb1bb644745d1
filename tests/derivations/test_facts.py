"""Derivations where facts are stated."""

import pytest
from sympy import Determinant, MatrixSymbol, Q, Trace, assuming, exp, log, symbols

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


@pytest.mark.parametrize(
    "f, X, fact, order",
    [
        ((x - w).T * S.I * (x - w) / 2, x, Q.symmetric(S), 1),
        ((x - w).T * S.I * (x - w) / 2, S, Q.positive_definite(S), 1),
        (Trace(S * A * S), S, Q.symmetric(A), 2),
        (log(Determinant(S.T * A * S)), S, Q.symmetric(A), 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("detail", [0, 1, 2])
def test_no_transpose_of_what_is_symmetric(f, X, fact, order, detail):
    found = mc.explain(f, X, order=order, detail=detail, assumptions=fact)
    B = fact.arg
    sides = [s.right for s in found] + [s.left for s in found if s.opening]
    assert not any(e.has(B.T) for e in sides if not e.has(mc.Differential) or B != X), found
    assert sum(f"{B} is symmetric" in s.note for s in found) <= 1 and found.certificate.ok


def test_what_is_stated_of_the_variable_is_not_so_near_it():
    """d(S S') is not d(S^2), though S' = S: what a differential is held of stays as it is typed."""
    found = mc.explain(Trace(S * S.T * A), S, assumptions=Q.symmetric(S), detail=1)
    held = {h.part for s in found for h in s.right.atoms(mc.Differential)} | {found.steps[0].left.part}
    assert any(part.has(S.T) for part in held) and found.certificate.ok


def test_a_chain_uses_what_is_stated_too():
    found = mc.explain(exp(-(x.T * A * x)[0, 0] / 2), x, style="chain", assumptions=Q.symmetric(A))
    assert not any(s.right.has(A.T) for s in found) and found.certificate.ok
