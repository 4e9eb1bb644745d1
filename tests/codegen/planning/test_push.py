"""What a planner is told not to do it does not do, where each is cheaper."""

import pytest
from sympy import Identity, Inverse

from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.planner import Planner

from .rows import LARGE, TALL, D, T, U, V, X, m, t

ROWS = {
    "push": (
        Inverse(t * Identity(m) + X * X.T) * X,
        TALL,
        "solve(add_diagonal(matmul(X.T, X), t; aa, a), X.T).T",
        "solve(add_diagonal(matmul(X, X.T), t; aa, a), X)",
    ),
    "multiply_out": ((U * V.T - T) * V, TALL, "-1*matmul(T, V) + matmul(U, matmul(V.T, V))", "matmul(-1*T + matmul(U, V.T), V)"),
    "weight_roots": (
        X.T * D * X,
        LARGE,
        "matmul((X*view(sqrt(exp(d)); 0, None)).T, X*view(sqrt(exp(d)); 0, None))",
        "weighted_gram(X, exp(d))",
    ),
}


@pytest.mark.parametrize("option", ROWS)
def test_what_a_planner_may_do(option):
    expr, numbers, allowed, not_allowed = ROWS[option]
    for may, text in ((True, allowed), (False, not_allowed)):
        ctx = Lowerer(set(numbers))
        (root,) = Planner(ctx.graph, numbers, ctx.size, **{option: may}).run([ctx.low(expr).node])
        assert text_of(root) == text


def test_a_pushed_inverse_says_which_size_has_to_be_smaller():
    expr, numbers, *_ = ROWS["push"]
    for of, requires in ((numbers, 1), ({**LARGE, m: 12}, 0)):
        ctx = Lowerer(set(of))
        planner = Planner(ctx.graph, of, ctx.size)
        planner.run([ctx.low(expr).node])
        assert len(planner.requires) == requires
