"""Sums that meet their own summands: the Hessian of neighbourhood components, and values of sums with and without weights."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, Symbol, exp, log, symbols, sympify

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.folded import folded
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.nodes import Einsum, EinsumTerm

k, m, n = symbols("k m n", integer=True, positive=True)
i, j, p, r = symbols("i j p r", integer=True)
A, X, Y, M = MatrixSymbol("A", k, n), MatrixSymbol("X", m, n), MatrixSymbol("Y", m, m), MatrixSymbol("M", m, m)


def of_weights(A, X, W):
    """The Hessian of sum_i log(sum_j W_ij exp(-|A (x_i - x_j)|^2))."""
    difference = X[:, None] - X
    image = difference @ A.T
    share = W * np.exp(-(image**2).sum(2))
    share /= share.sum(1)[:, None]
    slope = -2 * image[:, :, :, None] * difference[:, :, None, :]
    mean = np.einsum("ij,ijab->iab", share, slope)
    return (
        np.einsum("ij,ijab,ijcd->abcd", share, slope, slope)
        - np.einsum("iab,icd->abcd", mean, mean)
        - 2 * np.einsum("ac,ij,ijb,ijd->abcd", np.eye(len(A)), share, difference, difference)
    )


@pytest.fixture(scope="module")
def neighbours():
    """The Hessian with weights M less that with weights Y."""
    images = [Sum(A[r, p] * X[x, p], (p, 0, n - 1)) for x in (i, j)]
    similar = exp(-Sum((images[0] - images[1]) ** 2, (r, 0, k - 1)))
    one, other = (log(Sum(similar * W[i, j], (j, 0, m - 1))) for W in (M, Y))
    return mc.lambdify([A, X, Y, M], mc.hessian(Sum(one - other, (i, 0, m - 1)), A))


@pytest.mark.parametrize("sizes", [(2, 9, 4), (4, 5, 2), (1, 3, 1), (3, 1, 3), (3, 3, 3), (2, 4, 17), (17, 4, 2)])
def test_hessian_of_neighbourhood_components(neighbours, sizes):
    rng, (a, b, c) = np.random.default_rng(0), sizes
    data = rng.standard_normal((a, c)) / 3, rng.standard_normal((b, c)), rng.random((b, b)) + 0.1, rng.random((b, b)) + 0.1
    exact = of_weights(data[0], data[1], data[3]) - of_weights(data[0], data[1], data[2])
    assert np.abs(neighbours(*data) - exact).max() < 1e-12 * max(1, np.abs(exact).max())


U, V, W, Z, w, s = (*(MatrixSymbol(x, m, k if x in "UW" else n) for x in "UVWZ"), MatrixSymbol("w", m, 1), Symbol("s"))
ARGS = [U, V, W, Z, w, s]
ROWS = w, (0,), ()


def array(*terms):
    """A sum of outer products of rows, ``(number, first, second, *weights)``."""
    axes = (m, k, n), ((0,), (1,), (2,))
    return Einsum((m, k, n), *(EinsumTerm(x, *axes, [(a, (0,), (1,)), (b, (0,), (2,)), *more]) for x, a, b, *more in terms))


def met(f, *terms):
    """A sum of products of an array and such outer products."""
    axes = (m, k, n, k, n), ((1,), (2,), (3,), (4,))
    factors = ([(f, (0,), (1,), (2,)), (a, (0,), (3,)), (b, (0,), (4,)), *more] for _, a, b, *more in terms)
    return Einsum((k, n, k, n), *(EinsumTerm(x, *axes, own) for (x, *_), own in zip(terms, factors, strict=True)))


PLAIN, WEIGHTED = [(2, U, V), (-2 * s, W, Z)], [(2, U, V, ROWS), (-2, W, Z, ROWS)]
FOLDED = [
    (PLAIN, [(1, U, V), (-s, W, Z)]),
    (PLAIN, [(5, U, V, ROWS), (-5 * s, W, Z, ROWS)]),
    (PLAIN, [(1, U, V), (-s, W, Z), (3, W, V)]),
    (WEIGHTED, [(3, U, V, ROWS), (-3, W, Z, ROWS)]),
    (WEIGHTED, [(3, U, V, ROWS, ROWS), (-3, W, Z, ROWS, ROWS)]),
]
APART = [
    (PLAIN, [(1, U, V), (-1, W, Z)]),
    (PLAIN, [(1, U, V), (-s, W, Z, ROWS)]),
    (PLAIN, [(1, U, V), (-s, U, Z)]),
    (WEIGHTED, [(1, U, V), (-1, W, Z)]),
]


def value(data, x, a, b, *more):
    number = float(sympify(x).subs(s, data[s]))
    return number * np.einsum("mk,mn->mkn", data[a], data[b]) * (data[w] ** len(more))[:, None, None]


@pytest.mark.parametrize(("own", "others", "is_folded"), [(*x, True) for x in FOLDED] + [(*x, False) for x in APART])
def test_values(own, others, is_folded):
    rng, sizes = np.random.default_rng(1), {k: 3, m: 7, n: 4, 1: None}
    data = {x: rng.standard_normal([sizes[d] for d in x.shape if d != 1]) for x in ARGS[:-1]} | {s: np.float64(0.7)}
    first, second = (sum(value(data, *t) for t in terms) for terms in (own, others))
    e = met(array(*own), *others)
    assert np.abs(mc.lambdify(ARGS, e)(*data.values()) - np.einsum("mab,mcd->abcd", first, second)).max() < 1e-12
    ctx = Lowerer({k, m, n})
    roots = folded(ctx.graph, [ctx.low(e).node], Context(ctx.size, registry.find("numpy")({}), frozenset({k, m, n})))
    assert any(len(set(wide)) < len(wide) for wide in map(wide_factors, reachable(roots))) == is_folded


def wide_factors(node):
    return [a.number for a in node.args if a.ndim == 3] if node.op == "contract" else []


def test_a_sum_inside_of_which_something_else_is_made_stays():
    """Its own value is a result too."""
    f, axes = array(*PLAIN), ((0,), (1,), (2,))
    inner = Einsum(
        (m, k, n), EinsumTerm(s, (m, k, n), axes, [(f, *axes)]), EinsumTerm(1, (m, k, n), axes, [(U, (0,), (1,)), (Z, (0,), (2,))])
    )
    outer = met(inner, (1, U, V), (-s, W, Z))
    rng, sizes = np.random.default_rng(2), {k: 3, m: 7, n: 4}
    data = {x: rng.standard_normal([sizes[d] for d in x.shape if d != 1]) for x in ARGS[:-1]} | {s: np.float64(0.7)}
    own = sum(value(data, *t) for t in PLAIN)
    middle = data[s] * own + value(data, 1, U, Z)
    second = value(data, 1, U, V) + value(data, -s, W, Z)
    found = mc.lambdify(ARGS, [inner, outer])(*data.values())
    assert np.abs(found[0] - middle).max() < 1e-13
    assert np.abs(found[1] - np.einsum("mab,mcd->abcd", middle, second)).max() < 1e-12


def test_what_one_sums_and_the_other_has_entry_by_entry_is_no_summand():
    """In `sum_j P_sj B_ji V_sk` j is summed; in `F_sik P_si B_il V_sm` the same factors meet at i, an axis of the result."""
    P, C, X, Y = (MatrixSymbol(x, m, k) for x in "PCXY")
    B, axes = MatrixSymbol("B", k, k), ((1,), (2,), (3,), (4,))
    inner = EinsumTerm(2, (m, k, k, k), ((0,), (1,), (2,)), [(P, (0,), (3,)), (B, (3,), (1,)), (C, (0,), (2,))])
    F = Einsum((m, k, k), inner, EinsumTerm(-2, (m, k, k), ((0,), (1,), (2,)), [(X, (0,), (1,)), (Y, (0,), (2,))]))
    f = (F, (0,), (1,), (2,))
    e = Einsum(
        (k, k, k, k), EinsumTerm(1, (m, k, k, k, k), axes, [f, (P, (0,), (1,)), (B, (1,), (3,)), (C, (0,), (4,))]),
        EinsumTerm(-1, (m, k, k, k, k), axes, [f, (X, (0,), (3,)), (Y, (0,), (4,))]),
    )  # fmt: skip
    rng = np.random.default_rng(3)
    for rows, columns in ((4, 3), (50, 3), (3, 5)):
        p, c, x, y = (rng.standard_normal((rows, columns)) for _ in range(4))
        b = rng.standard_normal((columns, columns))
        own = 2 * np.einsum("sj,ji,sk->sik", p, b, c) - 2 * np.einsum("si,sk->sik", x, y)
        exact = np.einsum("sik,si,il,sm->iklm", own, p, b, c) - np.einsum("sik,sl,sm->iklm", own, x, y)
        assert np.abs(mc.lambdify([P, C, X, Y, B], e)(p, c, x, y, b) - exact).max() < 1e-12 * np.abs(exact).max()
