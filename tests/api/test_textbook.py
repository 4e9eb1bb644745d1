"""The textbooks' identities: the very expression, the right value, and answers that survive what a user does to them."""

import numpy as np
import pytest
from sympy import latex

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule, evaluate, random_env

from ..comparator import same_expression
from . import pullbacks
from .textbook import GRADIENTS, HESSIANS, JACOBIANS, VEC_FORMS, m, n

TABLES = [
    (GRADIENTS, mc.gradient),
    (JACOBIANS, mc.jacobian),
    (VEC_FORMS, lambda f, x: mc.jacobian(f, x, form="vec")),
    (HESSIANS, mc.hessian),
]
CASES = [(*row, function) for table, function in TABLES for row in table]
IDS = [f"{row[0]}-{i}" for i, row in enumerate(CASES)]
JARGON = ("ArrayTensorProduct", "PermuteDims", "ArrayContraction", "ArrayDiagonal", "Derivative", "OneArray", "Reshape")


def environment(expr, X, domain, seed=1):
    sizes = {m: 4, n: 3} if domain.get("sizes") == "tall" else {}
    kinds = {s: "any" if kind == "barrier" else kind for s, kind in domain.items() if s != "sizes"}
    env = random_env([expr, X], seed, sizes, kinds)
    for symbol, kind in domain.items():
        if kind == "barrier":
            env[symbol] = np.abs(env[symbol]) + 20
    return env


@pytest.mark.parametrize("name, expr, X, answer, domain, function", CASES, ids=IDS)
def test_is_the_books_expression(name, expr, X, answer, domain, function):
    assert same_expression(function(expr, X), answer)


@pytest.mark.parametrize("name, expr, X, answer, domain, function", CASES, ids=IDS)
def test_survives_doit_and_prints(name, expr, X, answer, domain, function):
    ours = function(expr, X)
    env = environment(expr, X, domain)
    value = evaluate(ours, env)
    np.testing.assert_allclose(value, evaluate(answer, env), rtol=1e-9, atol=1e-9)
    done = ours.doit()
    assert done.shape == ours.shape
    np.testing.assert_allclose(evaluate(done, env), value, rtol=1e-9, atol=1e-9)
    assert not any(word in latex(ours) for word in JARGON)


@pytest.mark.parametrize("name, expr, X, answer, domain", GRADIENTS, ids=[r[0] for r in GRADIENTS])
def test_second_opinion(name, expr, X, answer, domain):
    """Pullbacks in matrix notation agree, where they know the nodes."""
    try:
        other = pullbacks.gradient(expr, X)
    except NotImplementedError:
        pytest.skip("a node that the pullbacks do not know")
    env = environment(expr, X, domain)
    np.testing.assert_allclose(evaluate(mc.gradient(expr, X), env), evaluate(other, env), rtol=1e-9, atol=1e-9)


def test_the_second_opinion_knows_most():
    known = 0
    for _, expr, X, _, _ in GRADIENTS:
        try:
            known += pullbacks.gradient(expr, X) is not None
        except NotImplementedError:
            pass
    assert known >= 0.7 * len(GRADIENTS)


PLAIN = [row for row in GRADIENTS if not row[4]]


@pytest.mark.parametrize("name, expr, X, answer, domain", PLAIN, ids=[r[0] for r in PLAIN])
def test_value_against_finite_differences(name, expr, X, answer, domain):
    check_rule(expr, X, domain, trials=1)


SMALL = [row for row in CASES if not row[4]][::4]


@pytest.mark.parametrize("name, expr, X, answer, domain, function", SMALL, ids=[r[0] for r in SMALL])
def test_explicit_entries(name, expr, X, answer, domain, function):
    """as_explicit at small sizes gives the entries of the value."""
    sizes = {m: 3, n: 2, **{s: 2 for s in (expr.free_symbols | answer.free_symbols) if str(s) == "p"}}
    ours = function(expr, X).subs(sizes).as_explicit()
    env = random_env([expr, X, answer], 2, sizes, {})
    named = {getattr(s, "name", str(s)): value for s, value in env.items()}
    value = evaluate(function(expr, X), env)
    got = np.array([[float(evaluate(e, named)) for e in ours.row(r)] for r in range(ours.shape[0])])
    np.testing.assert_allclose(got, np.reshape(value, got.shape), rtol=1e-9, atol=1e-9)
