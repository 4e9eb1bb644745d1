"""The sizes that plans are made and compared for, and the comparison of sizes that tells plans apart."""

from types import SimpleNamespace

import pytest
from sympy import Integer, MatrixSymbol, symbols

from sympy_matcalc import lambdify
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.planning import regimes
from sympy_matcalc.codegen.planning.regimes import LARGE, MIDDLE, MOST_ENTRIES, SMALL, SMALLER, _branch, _that_fit, extremes, gridded
from sympy_matcalc.codegen.planning.shared import Shared
from sympy_matcalc.codegen.planning.sizes import Sizes

SYMBOLS = symbols("a b c d e", integer=True, positive=True)
a, b = SYMBOLS[:2]
GRID = [Sizes(numbers) for numbers in gridded([a, b])]


def test_extremes():
    assert list(extremes([])) == [{}]
    assert list(extremes([a])) == [{a: LARGE}]
    assert list(extremes([b, a])) == [{a: LARGE, b: LARGE}, {a: LARGE, b: SMALL}, {a: SMALL, b: LARGE}]
    assert [len(list(extremes(SYMBOLS[:k]))) for k in range(6)] == [1, 1, 3, 10, 15, 11]
    of_five = list(extremes(SYMBOLS))
    assert all(len(set(numbers.values())) == 2 for numbers in of_five[1:]) and set(of_five[0].values()) == {LARGE}
    assert [min(list(n.values()).count(x) for x in (SMALL, LARGE)) for n in of_five[1:]] == [1] * 10


def test_grid():
    assert [len(gridded(SYMBOLS[:k])) for k in range(6)] == [1, 3, 13, 45, 15, 11]
    assert {a: 333, b: 1000} in gridded([a, b]) and {a: 120, b: 40} in gridded([a, b])
    assert gridded([a]) == [{a: SMALL}, {a: MIDDLE}, {a: LARGE}] == [{a: 12}, {a: 120}, {a: 1000}]


def test_of_two_small_sizes_either_is_the_smaller():
    """A plan for equal ones says nothing of which product is the cheaper."""
    small = [numbers for numbers in extremes(SYMBOLS[:3]) if numbers[a] == LARGE and LARGE not in (numbers[b], numbers[SYMBOLS[2]])]
    assert [(x[b], x[SYMBOLS[2]]) for x in small] == [(SMALLER, SMALL), (SMALL, SMALLER)]
    assert sum(len(set(numbers.values())) == 3 for numbers in gridded(SYMBOLS[:3])) == 24


def test_results_that_no_memory_holds_do_not_count():
    graph = Graph()
    square = graph.make("zeros", (graph.dtype_node(), *map(graph.const, (1, 1))))
    fit = lambda grid, roots: _that_fit(grid, roots, SimpleNamespace(shared=Shared()))  # noqa: E731
    square.axes, square.shape = (0, 1), (a, a * b)
    assert [numbers for numbers in gridded([a, b]) if numbers not in fit(gridded([a, b]), [square])] == []
    square.axes, square.shape = (2, 3), (a**2, b**2)
    left = fit(gridded([a, b]), [square])
    assert {a: LARGE, b: MIDDLE} not in left and all((n[a] * n[b]) ** 2 <= MOST_ENTRIES for n in left) and len(left) == 8
    square.axes, square.shape = (4, 5), (a**9, b**9)
    assert fit(gridded([a, b]), [square]) == gridded([a, b])


def branch(price, enough=1.35, requires=frozenset(), open_=None):
    """What tells one other plan from that which costs 1 everywhere."""
    plans = [((), frozenset(), False), ((), requires, False)]
    prices = [[1.0] * len(GRID), [price(s.of(a), s.of(b)) for s in GRID]]
    return _branch(plans, prices, prices[0], GRID, list(range(len(GRID)) if open_ is None else open_), {a, b}, enough)


def test_branch():
    smaller = [i for i, s in enumerate(GRID) if s.of(a) <= s.of(b)]
    much_smaller = [i for i, s in enumerate(GRID) if 8 * s.of(a) <= s.of(b)]
    assert branch(lambda x, y: 0.1 if x <= y else 10) == (1, ((a, b, 1),), smaller)
    assert branch(lambda x, y: 0.1 if 8 * x <= y else 10) == (1, ((a, b, 8),), much_smaller)
    assert branch(lambda x, y: 0.1 if 8 * y <= x else 10)[1] == ((b, a, 8),)
    assert branch(lambda x, y: 0.1 if 3 * y <= x else 10)[1] == ((b, a, 3),)
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


def test_what_a_plan_requires_is_among_its_comparisons():
    """Also where that is no comparison of two sizes as they are."""
    found = branch(lambda x, y: 0.1 if x <= 2 * y else 10, requires=frozenset({(a, 2 * b)}))
    assert found == (1, ((a, 2 * b, 1),), [i for i, s in enumerate(GRID) if s.of(a) <= 2 * s.of(b)])


# ---- of several plans those that are taken; a plan's roots stand for its price, a function of the two sizes


def chosen(monkeypatch, *plans, left=None):
    """What is tried in turn of plans (price, what it requires, whether multiplied out); `left`: the plan for all sizes where each requires."""
    planner = SimpleNamespace(has_multiplied_out=False)
    monkeypatch.setattr(regimes, "price", lambda roots, sizes: roots[0](sizes.of(a), sizes.of(b)))
    monkeypatch.setattr(regimes, "_run", lambda graph, numbers, roots, context, **options: (planner, (left,)))
    made = [((price,), frozenset(requires), out) for price, requires, out in plans]
    context = SimpleNamespace(sizes={a, b}, shared=Shared())
    return [(comparisons, roots[0]) for comparisons, roots in regimes._chosen(None, made, gridded([a, b]), None, context)]


def even(x, y):
    return 1.0


def test_one_plan_near_the_best_is_taken_alone(monkeypatch):
    near = lambda x, y: 1 / 1.3 if x <= y else 10.0  # noqa: E731
    assert chosen(monkeypatch, (even, (), False), (near, (), False)) == [((), even)]
    better = lambda x, y: 1 / 1.4 if x <= y else 10.0  # noqa: E731
    assert chosen(monkeypatch, (even, (), False), (better, (), False)) == [(((a, b, 1),), better), ((), even)]


def test_a_branch_for_each_of_two_regimes(monkeypatch):
    wide = lambda x, y: 0.1 if 8 * x <= y else 10.0  # noqa: E731
    tall = lambda x, y: 0.3 if 8 * y <= x else 10.0  # noqa: E731
    little = lambda x, y: 0.6 if 8 * y <= x else 10.0  # noqa: E731
    first = (((a, b, 8),), wide)
    assert chosen(monkeypatch, (even, (), False), (wide, (), False), (tall, (), False)) == [first, (((b, a, 8),), tall), ((), even)]
    assert chosen(monkeypatch, (even, (), False), (wide, (), False), (little, (), False)) == [first, ((), even)]  # less than half is saved
    more = lambda x, y: 0.45 if 8 * y <= x else 10.0  # noqa: E731
    assert chosen(monkeypatch, (even, (), False), (wide, (), False), (more, (), False))[1] == (((b, a, 8),), more)


def test_a_plan_with_sums_multiplied_out_has_to_be_cheaper(monkeypatch):
    for price, default in ((1 / 1.05, even), (1 / 1.2, None)):
        out = lambda x, y, price=price: price  # noqa: E731
        assert chosen(monkeypatch, (even, (), False), (out, (), True)) == [((), default or out)]


def test_where_each_plan_requires_something_another_is_made(monkeypatch):
    fast = lambda x, y: 0.1  # noqa: E731
    assert chosen(monkeypatch, (fast, {(a, b)}, False), left=even) == [(((a, b, 1),), fast), ((), even)]


@pytest.mark.parametrize("kept, taken", [(1.2, "kept"), (1.3, "multiplied out")])
def test_sums_are_multiplied_out_where_the_whole_is_markedly_cheaper(monkeypatch, kept, taken):
    costs = {"multiplied out": 1.0, "kept": kept}

    def run(graph, numbers, roots, context, multiply_out=True):
        root = SimpleNamespace(name="multiplied out" if multiply_out else "kept")
        return SimpleNamespace(has_multiplied_out=multiply_out, requires=(), sizes=None), (root,)

    monkeypatch.setattr(regimes, "_run", run)
    monkeypatch.setattr(regimes, "_solves_beside_inverses", lambda planner, roots: False)
    monkeypatch.setattr(regimes, "price", lambda roots, sizes: costs[roots[0].name])
    roots, _, multiplied = regimes.planned(None, {}, None, None)
    assert (roots[0].name, multiplied) == (taken, taken == "multiplied out")


def test_where_nothing_is_multiplied_out_there_is_one_plan(monkeypatch):
    calls = []

    def run(graph, numbers, roots, context, **options):
        calls.append(options)
        return SimpleNamespace(has_multiplied_out=False, requires=((a, b),), sizes=None), ("root",)

    monkeypatch.setattr(regimes, "_run", run)
    monkeypatch.setattr(regimes, "_solves_beside_inverses", lambda planner, roots: False)
    assert regimes.planned(None, {}, None, None) == (("root",), frozenset({(a, b)}), False)
    assert calls == [{}]


@pytest.mark.parametrize("others, solves", [(["A.I"], 0), (["B.I"], 2), ([], 1)])
def test_what_is_solved_with_is_known_to_be_inverted_later(others, solves):
    """A^-1 B, and then the inverse, which is used for both."""
    n = symbols("n", integer=True, positive=True)
    A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    source = lambdify([A, B], [A.I * B, *({"A.I": A.I, "B.I": B.I * A}[x] for x in others)]).source
    assert source.split("def compute")[1].count("_factor_solve(") == solves


def test_sizes_for_which_known_comparisons_hold():
    assert extremes([a, b], [(a, b, 1)]) == [{a: LARGE, b: LARGE}, {a: SMALL, b: LARGE}]
    assert extremes([a, b], [(b + 1, a, 1)]) == [{a: LARGE, b: SMALL}]
    assert extremes([a], [(a, Integer(5), 1)]) == list(extremes([a]))
    assert all(numbers[a] <= numbers[b] for numbers in gridded([a, b], [(a, b, 1)])) and len(gridded([a, b], [(a, b, 1)])) == 8
