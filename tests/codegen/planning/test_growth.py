"""What planning takes grows no faster than what is planned, in counts."""

import sys
from unittest.mock import patch

import pytest
from sympy import Add, Determinant, HadamardProduct, MatMul, MatrixSymbol, OneMatrix, Trace, exp, log, symbols

from sympy_matcalc import dot, gradient, hessian
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.codegen.planning import symmetry
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


# ---- formulas with more and more terms that are alike
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)


def many(name, count, *shape):
    return [MatrixSymbol(f"{name}{k}", *shape) for k in range(count)]


ALIKE = {
    "quadratic forms": lambda count: gradient(Add(*(dot(x, Q * x) for Q in many("Q", count, n, n))), x),
    "logarithms": lambda count: hessian(Add(*(log(dot(x, b)) for b in many("b", count, n, 1))), x),
    "squares": lambda count: hessian(Add(*(dot(X * x - A * x, X * x - A * x) for X in many("X", count, n, n))), x),
    "exponentials": lambda count: hessian(Add(*(dot(OneMatrix(m, 1), (X * x).applyfunc(exp)) for X in many("X", count, m, n))), x),
    "inverses": lambda count: gradient(Add(*(dot(x, S.I * x) + log(Determinant(S)) for S in many("S", count, n, n))), x),
    "traces": lambda count: gradient(Add(*(Trace(A * S * A.T * S) for S in many("S", count, n, n))), A),
    "entries": lambda count: gradient(Add(*(Trace(HadamardProduct(A, S) * A.T) for S in many("S", count, n, n))), A),
    "outer products": lambda count: hessian(Add(*(dot(x, b) ** 2 for b in many("b", count, n, 1))), x),
    "a product": lambda count: MatMul(*many("X", count, n, n)),
    "results": lambda count: [A * X * A.T for X in many("X", count, n, n)],
}


def calls_of_anything(exprs):
    """How many functions are called while code is made."""
    count, args = [0], sorted({a for e in exprs for a in e.atoms(MatrixSymbol)}, key=str)

    def counting(frame, event, arg):
        count[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        lambdify(args, exprs)
    finally:
        sys.setprofile(before)
    return count[0]


@pytest.mark.parametrize("kind", ALIKE)
def test_twice_as_many_terms_take_about_twice_as_long(kind):
    few, most = (calls_of_anything(exprs if isinstance(exprs := ALIKE[kind](count), list) else [exprs]) for count in (20, 40))
    assert most <= 2.4 * few


@pytest.mark.parametrize("kind, looks", [("quadratic forms", 10), ("a product", 6)])
def test_arguments_that_do_not_have_to_be_symmetric_are_found_together(kind, looks):
    """Each look takes a pass over the graph."""
    plain, seen = symmetry._assuming, []
    with patch.object(symmetry, "_assuming", lambda *args: seen.append(args) or plain(*args)):
        expr = ALIKE[kind](40)
        lambdify(sorted(expr.atoms(MatrixSymbol), key=str), expr)
    assert 0 < len(seen) <= looks
