"""The list of passes: each shows what stands before and after it, and leaves a graph alone that has nothing for it."""

import sys

import pytest
from sympy import MatrixSymbol, symbols

from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.pipeline import AFTER, BEFORE, plans_of

n = symbols("n", integer=True, positive=True)
A, B, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("x", n, 1)
PASSES = [*BEFORE, *AFTER]


def name_of(one):
    return one.__name__


def graph_of(expr):
    ctx = Lowerer({n})
    return ctx, [ctx.low(expr).node]


@pytest.mark.parametrize("one", PASSES, ids=name_of)
def test_the_file_of_a_pass_shows_where_it_acts_and_where_it_does_not(one):
    """Its examples are run with the doctests; here, that there are both kinds."""
    lines = (sys.modules[one.__module__].__doc__ or "").splitlines()
    assert any(f"before_and_after({one.__name__}," in line for line in lines)
    after = dict(zip(lines, lines[1:], strict=False))
    changed = {k.split()[1:] != v.split()[1:] for k, v in after.items() if k.startswith("before:")}
    assert changed == {True, False}


@pytest.mark.parametrize("one", PASSES, ids=name_of)
def test_nothing_to_do(one):
    ctx, roots = graph_of(A * B * x)
    assert list(one(ctx.graph, roots, Context(ctx.size, registry.find("numpy")({}), frozenset({n})))) == roots


def test_plans_end_with_one_that_always_holds():
    ctx, roots = graph_of(A * B * x)
    plans = plans_of(ctx.graph, roots, Context(ctx.size, registry.find("numpy")({}), frozenset({n})))
    assert plans[-1][0] == () and [r.op for r in plans[-1][1]] == ["matmul"]
