"""The sizes that plans are made and compared for, and the comparison of sizes that tells plans apart."""

from itertools import product

from sympy import symbols

from sympy_matcalc.codegen.planning.regimes import LARGE, MIDDLE, SMALL, _branch, _grid, extremes
from sympy_matcalc.codegen.planning.sizes import Sizes

SYMBOLS = symbols("a b c d e", integer=True, positive=True)
a, b = SYMBOLS[:2]
GRID = [Sizes({a: x, b: y}) for x, y in product((SMALL, MIDDLE, LARGE), repeat=2)]


def test_extremes():
    assert list(extremes([])) == [{}]
    assert list(extremes([a])) == [{a: LARGE}]
    assert list(extremes([b, a])) == [{a: LARGE, b: LARGE}, {a: LARGE, b: SMALL}, {a: SMALL, b: LARGE}]
    assert [len(list(extremes(SYMBOLS[:k]))) for k in range(6)] == [1, 1, 3, 7, 15, 11]
    of_five = list(extremes(SYMBOLS))
    assert all(len(set(numbers.values())) == 2 for numbers in of_five[1:]) and set(of_five[0].values()) == {LARGE}
    assert [min(list(n.values()).count(x) for x in (SMALL, LARGE)) for n in of_five[1:]] == [1] * 10


def test_grid():
    assert [len(_grid(SYMBOLS[:k])) for k in range(6)] == [1, 3, 9, 27, 15, 11]
    assert _grid([a]) == [{a: SMALL}, {a: MIDDLE}, {a: LARGE}]


def branch(price, enough=1.35, requires=frozenset(), open_=range(9)):
    """What tells one other plan from that which costs 1 everywhere."""
    plans = [((), frozenset(), False), ((), requires, False)]
    prices = [[1.0] * 9, [price(s.of(a), s.of(b)) for s in GRID]]
    return _branch(plans, prices, prices[0], GRID, list(open_), {a, b}, enough)


def test_branch():
    smaller = [i for i, s in enumerate(GRID) if s.of(a) <= s.of(b)]
    much_smaller = [i for i, s in enumerate(GRID) if 8 * s.of(a) <= s.of(b)]
    assert branch(lambda x, y: 0.1 if x <= y else 10) == (1, ((a, b, 1),), smaller)
    assert branch(lambda x, y: 0.1 if 8 * x <= y else 10) == (1, ((a, b, 8),), much_smaller)
    assert branch(lambda x, y: 0.1 if 8 * y <= x else 10)[1] == ((b, a, 8),)
    assert branch(lambda x, y: 0.1 if x == y else 10)[1] == ((a, b, 1), (b, a, 1))


def test_no_branch_where_too_little_is_gained():
    assert branch(lambda x, y: 0.8 if x <= y else 10) is None
    assert branch(lambda x, y: 0.7 if x <= y else 10) is not None
    assert branch(lambda x, y: 0.7 if x <= y else 10, enough=2) is None
    assert branch(lambda x, y: 10) is None
    assert branch(lambda x, y: 0.1, open_=[]) is None


def test_a_plan_that_holds_for_some_sizes_only():
    found = branch(lambda x, y: 0.1, requires=frozenset({(a, b)}))
    assert found[:2] == (1, ((a, b, 1),))
    assert branch(lambda x, y: 0.1)[1] != ()
