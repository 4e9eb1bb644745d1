"""What planning takes grows no faster than what is planned, in counts."""

from unittest.mock import patch

from sympy import Add, MatMul, MatrixSymbol, Trace, symbols

from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.codegen.planning.planner import Planner
from sympy_matcalc.codegen.planning.products import Products

n, m = symbols("n m", integer=True, positive=True)


def calls(cls, name, exprs):
    """How often a method is called while code is made."""
    count, method = [0], getattr(cls, name)

    def counting(self, *args):
        count[0] += 1
        return method(self, *args)

    with patch.object(cls, name, counting):
        lambdify(sorted({a for e in exprs for a in e.atoms(MatrixSymbol)}, key=str), exprs)
    return count[0]


def pairs(count):
    """A sum of products, two of which each have a factor in common."""
    return MatMul(MatrixSymbol("L", n, m), MatrixSymbol("R", m, n)) + sum(
        (MatMul(MatrixSymbol(f"L{i // 2}", n, m), MatrixSymbol(f"R{i}", m, n)) for i in range(1, count)),
        MatMul(MatrixSymbol("L0", n, m), MatrixSymbol("R0", m, n)),
    )


def test_a_product_of_many_forms_of_a_sum_is_planned_once():
    few, many = (calls(Products, "_cheapest", [pairs(count)]) for count in (4, 8))
    assert 0 < many <= 2.5 * few


def test_arguments_that_may_be_symmetric_do_not_each_take_a_plan():
    """Looking at one costs as much as it saves here, so that no plan for symmetric ones is taken."""
    few, many = (
        calls(Planner, "run", [Add(*(Trace(MatMul(M, M, M)) for M in (MatrixSymbol(f"A{i}", n, n) for i in range(count))))])
        for count in (2, 12)
    )
    assert 0 < many <= few + 1
