"""Free and bound symbols: a function inside of a function has the same bound symbol."""

import pytest
from sympy import Derivative, Integral, Lambda, Limit, MatrixSymbol, Product, Subs, Sum, Symbol, exp, sin

import sympy_matcalc as mc
from sympy_matcalc.kernel.binding import depends_on, is_bound_in, substitute
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND

z = MatrixSymbol("z", 3, 1)
total = mc.ElementSum(z.applyfunc(Lambda(BOUND, exp(BOUND))))
a, b = Symbol("a"), Symbol("b")
BOUND_B = [
    Sum(a * b, (b, 0, 3)),
    Product(a + b, (b, 1, 3)),
    Integral(exp(a * b), (b, 0, 1)),
    Subs(sin(a * b), b, 2),
    Derivative(sin(a * b), b),
    Limit(sin(a * b) / b, b, 0),
]


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


@pytest.mark.parametrize("e", BOUND_B, ids=str)
def test_indices(e):
    assert is_bound_in(a * b, 1 + e) and not is_bound_in(a, 1 + e)
    assert substitute(e, {a: 2 * z[0, 0]}) == e.xreplace({a: 2 * z[0, 0]})
    with pytest.raises(mc.MissingRuleError, match="`b` is bound in .* rename one"):
        substitute(1 + e, {a: 2 * b})
    assert substitute(e, {Symbol("c"): b}) is e
