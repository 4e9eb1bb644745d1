"""One input, one answer: a sample of every kind from every source, and proof that the comparison sees what it looks for."""

import pytest
from sympy import Lambda, MatrixSymbol, OneMatrix, Symbol, exp, log, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.cookbook import tables

from . import determinism
from .determinism import Case, answers_by_spelling, by_process, cases, differing

n, m, p = symbols("n m p", integer=True, positive=True)
u = Symbol("u")
X, W, V = MatrixSymbol("X", m, n), MatrixSymbol("W", p, n), MatrixSymbol("V", m, p)
w, x, y = MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)
logistic = (X * w).applyfunc(Lambda(u, 1 / (1 + exp(-u))))
scores = V * (W * x).applyfunc(tanh)
ones = OneMatrix(m, 1)
LOSSES = {
    "logistic loss": (-y.T * logistic.applyfunc(log) - (ones - y).T * (ones - logistic).applyfunc(log), w),
    "log of a softmax": (-y.T * mc.Softmax(X * x).applyfunc(log), X),
    "hidden layer": (mc.LogSumExp(scores) * ones.T * ones - y.T * scores, W),
}


def sample(each):
    """The first identities of every kind in every source."""
    found = {}
    for i in tables.identities():
        found.setdefault((i.kind, i.source), []).append(i.number)
    return {number for numbers in found.values() for number in numbers[:each]}


@pytest.mark.parametrize("case", cases(only=sample(2)), ids=lambda case: case.name)
def test_one_answer_for_all_spellings(case):
    assert len(answers_by_spelling(case)) == 1


@pytest.mark.parametrize("name", LOSSES)
def test_one_answer_for_all_spellings_of_a_loss(name):
    f, variable = LOSSES[name]
    assert len(answers_by_spelling(Case(name, f, (variable,), "gradient"))) == 1


def test_one_answer_in_every_process():
    """Of three hash seeds, twice in a row and with SymPy's cache cleared, in another order each."""
    chosen = sorted(sample(1))
    found = by_process(None, 1, chosen)
    assert len(found) == 3 and all(len(texts) == len(chosen) for texts in found.values())
    assert not differing(found)


def test_what_differs_is_seen(monkeypatch):
    same, other = ["A*x", "tree"], ["A*x", "another tree"]
    processes = {"seed 0": {"a": [same] * 3, "b": [same] * 3}, "seed 1": {"a": [same] * 3, "b": [same, same, other]}}
    assert [name for name, _ in differing(processes)] == ["b"]
    taken = iter(range(1000))
    monkeypatch.setattr(determinism, "answer", lambda case, expression=None: Symbol(f"answer_{next(taken)}"))
    assert len(answers_by_spelling(cases()[0])) > 1
