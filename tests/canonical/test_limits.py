"""How much is written out: the last size that is, and the first that is not."""

import pytest
from sympy import Add, MatrixSymbol, Mul, count_ops, exp, sin, symbols

from sympy_matcalc.canonical import entries, functions, slopes, sums
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
