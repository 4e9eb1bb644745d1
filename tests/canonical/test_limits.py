"""How much is written out: the last size that is, and the first that is not."""

import pytest
from sympy import Add, Determinant, ImmutableMatrix, MatrixSymbol, Mul, Product, S, Symbol, count_ops, exp, sin, symbols

from sympy_matcalc.canonical import arguments, entries, functions, prepare_whole, slopes, sums
from sympy_matcalc.kernel import make
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND as u

A, B, C = (MatrixSymbol(name, 3, 3) for name in "ABC")


def over_one_square(terms, more=0):
    """1/(1 + u)^2 + u/(1 + u)^2 + .., with symbols on the first term: each is an operation."""
    factors = symbols(f"f:{more}", positive=True)
    return Add(*(Mul(u**k, *(factors if k == 0 else ())) / (1 + u) ** 2 for k in range(terms)))


def test_terms_of_one_fraction():
    assert slopes.simplest(over_one_square(6)) == Add(*(u**k for k in range(6))) / (1 + u) ** 2
    assert slopes.simplest(over_one_square(7)) == over_one_square(7)


def test_operations_of_one_fraction():
    most = 60 - count_ops(over_one_square(6, 1)) + 1
    largest, too_large = over_one_square(6, most), over_one_square(6, most + 1)
    assert (count_ops(largest), count_ops(too_large)) == (60, 61)
    assert count_ops(slopes.simplest(largest)) < 60
    assert slopes.simplest(too_large) == too_large


def test_operations_of_one_function():
    inner = [Add(u, *symbols(f"a:{k}")) for k in (23, 24)]
    with session():
        assert functions._fuse(sin(u), inner[0]) == sin(inner[0])
        assert functions._fuse(exp(u), inner[1]) is None


def test_operations_of_a_function_that_numbers_are_put_into():
    """2 A inside of a function of 23 operations, and of 24, which with it would be 25."""
    with session():
        for count, inside in ((23, True), (24, False)):
            body = Add(u, *symbols(f"a:{count}"))
            function, z = arguments._with_all_inside(body, make.mul(S(2), A))
            assert (count_ops(body), z == A, function == body) == (count, inside, not inside)


def test_terms_of_a_product_of_sums():
    env = sums.Scope()
    assert len(sums.product_of_sums([[sums.UNIT] * 8, [sums.UNIT] * 5], env)) == 40
    with pytest.raises(sums.NotLiftable):
        sums.product_of_sums([[sums.UNIT] * 41], env)


def test_places_of_an_index():
    """Of six that are equal five are tried, in every combination."""
    with session():
        assert len(list(entries._patterns(A[0, 0] * B[0, 0]))) == 2**4 - 1
        assert len(list(entries._patterns(A[0, 0] * B[0, 0] * C[0, 0]))) == 2**5 - 1


@pytest.mark.parametrize("first, last, written_out", [(0, 11, True), (1, 12, True), (0, 12, False), (1, 13, False)])
def test_factors_of_a_product_of_entries(first, last, written_out):
    """Twelve are written out, where they are no entries of a matrix; thirteen stay a Product."""
    i, X = Symbol("i", integer=True), MatrixSymbol("X", 40, 40)
    with session():
        assert prepare_whole(Product(X[3 * i, 2 * i + 1] + X[i, i], (i, first, last))).has(Product) != written_out


def test_rows_of_a_determinant():
    with session():
        for rows, written_out in ((2, True), (3, True), (4, False)):
            assert prepare_whole(Determinant(ImmutableMatrix(MatrixSymbol("X", rows, rows)))).has(Determinant) != written_out
