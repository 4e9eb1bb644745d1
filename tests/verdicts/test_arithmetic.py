"""Sums, multiples and transposes of formulas: values as SymPy's own, and no sum over entries is ever evaluated."""

import numpy as np
import pytest
from sympy import Matrix, MatrixSymbol, S, Sum, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.verdicts.arithmetic import combined, entry_of, folded, minus, times, turned

n = symbols("n", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
x = MatrixSymbol("x", n, 1)
q = (x.T * A * x)[0, 0]
ratio = mc.gradient(q / (x.T * B * x)[0, 0], x)


def same(a, b):
    env = random_env([a, b, A, B, x], 3)
    return np.allclose(evaluate(a, env), evaluate(b, env))


@pytest.fixture
def no_sums_evaluated(monkeypatch):
    def refuse(self, **hints):
        raise AssertionError(f"evaluated: {self}")

    monkeypatch.setattr(Sum, "doit", refuse)


def test_values(no_sums_evaluated):
    assert same(combined((2, A * x), (-1, B * x)), 2 * A * x - B * x)
    assert minus(A, A).is_ZeroMatrix and times(-1, A) == -A and turned(A * x) == x.T * A.T
    assert same(minus(ratio, x), combined((1, ratio), (-1, x)))
    assert as_answer(turned(turned(ratio))) == ratio


def test_a_one_by_one_matrix_is_a_scalar(no_sums_evaluated):
    form = x.T * A * x
    assert minus(form, entry_of(form)) == 0
    assert same(combined((2, form), (1, S.One)), 2 * q + 1)
    assert entry_of(A) == A


def test_explicit_matrices_and_scalars():
    assert minus(Matrix([1, 2]), Matrix([1, 0])) == Matrix([0, 2])
    assert times(3, n) == 3 * n


def test_folded():
    assert q.has(Sum) and not folded(1 / sqrt(q)).has(Sum) and same(folded(1 / q), 1 / q)
    assert folded(A * x) == A * x and folded(0) == 0


@pytest.mark.parametrize("factor,kind", [(1, "right"), (-1, "sign"), (2, "scaled")])
def test_a_verdict_evaluates_no_sum(no_sums_evaluated, factor, kind):
    v = mc.verdict(times(factor, ratio), q / (x.T * B * x)[0, 0], x)
    assert v.kind == kind and "x.T*B*x" in str(v)
