"""Errors about what has no numeric code: long expressions are cut; and where a scalar is needed."""

import pytest
from sympy import Add, Determinant, MatMul, MatrixSymbol, Symbol, Trace, symbols

from sympy_matcalc import ShapeError
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.lower import Lowerer, _short


def test_what_an_error_shows():
    assert _short(Symbol("a" * 80)) == "a" * 80
    assert _short(Symbol("a" * 81)) == "a" * 77 + "..."
    assert _short(Symbol("abcdef"), limit=5) == "ab..."


def test_the_class_of_a_long_expression_is_shown():
    """It is not printed to be cut."""
    fifty_nine = Add(*symbols("a:59"))
    assert _short(fifty_nine, limit=1000) == str(fifty_nine)
    assert _short(Add(*symbols("a:60")), limit=1000) == "Add"


def test_a_scalar_may_be_a_matrix_of_one_entry():
    assert Lowerer().scalar(MatrixSymbol("r", 1, 1)).labels == ()
    for shape in ((2, 2), (2, 1), (1, 2)):
        with pytest.raises(ShapeError, match="a scalar is needed"):
            Lowerer().scalar(MatrixSymbol("A", *shape))


def product_of(count):
    n = Symbol("n", integer=True, positive=True)
    return MatMul(*(MatrixSymbol(f"A{k}", n, n) for k in range(count)))


@pytest.mark.parametrize("uses, most", [(0, 8), (1, 8), (2, 3)])
def test_a_long_product_inside_of_another_is_one_factor(uses, most):
    """The sooner if it has other uses, for which it is then there: orders are searched over few factors."""
    for count, factors in ((most, most), (most + 1, 1)):
        ctx, e = Lowerer(product_of(1).free_symbols), product_of(count)
        ctx.uses[id(e)] = uses
        assert len(ctx.net_inside(e).factors) == factors


def test_a_very_long_product_is_one_factor():
    ctx = Lowerer(product_of(1).free_symbols)
    assert [len(ctx.net(product_of(count)).factors) for count in (23, 24, 25)] == [23, 24, 1]


def test_uses_are_counted_by_the_operands_that_they_are():
    """What a shared operand has in it is met once, however often that is used."""
    A, B = product_of(2).args
    shared = MatMul(A, B)
    ctx = Lowerer(A.free_symbols)
    ctx.count_uses([Trace(shared), Determinant(shared), Trace(B)])
    assert [ctx.uses.get(id(e)) for e in (shared, A, B)] == [2, 1, 2]
