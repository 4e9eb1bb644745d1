"""Free and bound symbols: a function inside of a function has the same bound symbol."""

import pytest
from sympy import Lambda, MatrixSymbol, Symbol, exp

import sympy_matcalc as mc
from sympy_matcalc.kernel.binding import depends_on, substitute
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND

z = MatrixSymbol("z", 3, 1)
total = mc.ElementSum(z.applyfunc(Lambda(BOUND, exp(BOUND))))
a = Symbol("a")


def test_what_a_lambda_binds_is_not_free_in_it():
    with session():
        assert not depends_on(total, BOUND)
        assert depends_on(BOUND * total, BOUND)
        assert depends_on(MatrixSymbol("A", a, 1), a)


def test_bound_symbols_are_not_replaced():
    assert substitute(BOUND * total, {BOUND: a}) == a * total
    assert substitute(total, {BOUND: a}) is total
    y = MatrixSymbol("y", 3, 1)
    assert substitute(total, {z: y}) == mc.ElementSum(y.applyfunc(Lambda(BOUND, exp(BOUND))))


def test_what_would_be_caught_by_a_bound_symbol_is_refused():
    inner = mc.ElementSum(z.applyfunc(Lambda(BOUND, exp(a * BOUND))))
    assert substitute(inner, {a: 2 * Symbol("b")}).has(Symbol("b"))
    with pytest.raises(mc.MissingRuleError, match="depends on the argument of both"):
        substitute(inner, {a: BOUND})
