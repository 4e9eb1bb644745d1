"""What is tried, though it can take exponential time, by SymPy's `simplify` and multiplied out: the largest, and what is too large."""

import pytest
from sympy import Add, Determinant, MatAdd, MatMul, MatrixSymbol, Mul, exp, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.rewriting import engine
from sympy_matcalc.rewriting.expanding import affordable, terms_in

a, b = symbols("a b")


def sum_of(k):
    return Add(*symbols(f"x:{k}"))


def product_of(k):
    return Mul(*symbols(f"x:{k}"))


def test_terms_of_what_is_multiplied_out():
    assert terms_in((a + b) ** 4) == 2**4
    assert terms_in((a + b) ** 5) == 1  # left as it is
    assert terms_in(1 / (a + b)) == terms_in(a + b) - 1 == 1
    assert terms_in(sum_of(3) * (a + b) + a) == 7


def test_terms_for_sympy():
    hundred = sum_of(10) * Add(*symbols("y:10"))
    assert terms_in(hundred) == 100 and affordable(hundred)
    assert terms_in(hundred + a) == 101 and not affordable(hundred + a)


def test_nodes_for_sympy():
    assert affordable(product_of(119)) and not affordable(product_of(120))
    assert affordable(exp(product_of(118))) and not affordable(exp(product_of(119)))
    assert affordable(sin(product_of(38))) and not affordable(sin(product_of(39)))  # a third of that with sines


n = symbols("n", integer=True, positive=True)


def matrices(name, count):
    return [MatrixSymbol(f"{name}{k}", n, n) for k in range(count)]


@pytest.mark.parametrize("others, found", [(382, True), (383, False)])
def test_large_expressions_are_not_multiplied_out(others, found):
    """(a + b)(a - b) + ab - ba is a^2 - b^2, which is looked for beside a product of so many others: of 400 nodes, and of 401."""
    A, B = matrices("A", 2)
    e = MatAdd(MatMul(A + B, A - B), A * B, -B * A, MatMul(*matrices("C", others)))
    assert str(mc.simplify(e)).endswith("A0**2 - A1**2") == found


@pytest.mark.parametrize("left, right, tried", [(4, 6, True), (5, 5, False)])
def test_sums_of_many_terms_are_not_multiplied_out(left, right, tried, monkeypatch):
    walks = []
    monkeypatch.setattr(engine, "simplified", lambda e, search=True, do=engine.simplified: walks.append(search) or do(e, search))
    mc.simplify(MatMul(MatAdd(*matrices("A", left)), MatAdd(*matrices("B", right))))
    assert (False in walks) == tried


def test_the_largest_power_of_a_number_in_front_of_a_determinant():
    """2^64 of a matrix with 64 rows; that of one with 65 stays inside."""
    for rows, outside in ((64, True), (65, False)):
        A, B = (MatrixSymbol(name, rows, rows) for name in "AB")
        assert mc.simplify(Determinant(2 * A)) == (2**64 * Determinant(A) if outside else Determinant(2 * A))
        assert mc.expand(Determinant(2 * A * B)).has(2**rows) == outside
        assert mc.expand(Determinant(-A * B)) == (-1) ** rows * Determinant(A) * Determinant(B)


def test_the_most_terms_are_named_where_there_are_more():
    with pytest.raises(mc.ArgumentError, match="more than 10000 terms"):
        mc.expand(MatMul(*(MatAdd(*matrices(name, 10)) for name in "ABCDE")))
