"""Sums that are equal but for common factors: the Hessian of a mixture is a Gram matrix of weighted differences; values of random sums."""

import re

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, Symbol, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.alike_sums import alike_sums
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.nodes import Einsum, EinsumTerm

k, m, n = symbols("k m n", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
M, X, a, s = MatrixSymbol("M", k, n), MatrixSymbol("X", m, n), MatrixSymbol("a", k, 1), Symbol("s")
R, l, v = MatrixSymbol("R", k, m), MatrixSymbol("l", m, 1), MatrixSymbol("v", n, 1)
SIZES = {k: 3, m: 20, n: 4}


def numbers(seed=0):
    rng = np.random.default_rng(seed)
    data = {x: rng.standard_normal([SIZES[d] for d in x.shape if d != 1]) for x in (M, X, R, l, v)}
    return {**data, a: rng.random(3) + 0.5, s: np.float64(0.7)}


@pytest.mark.parametrize("far", [0.0, 1e4])
def test_the_hessian_of_a_mixture_is_a_gram_matrix(far):
    distance = Sum((X[j, r] - M[i, r]) ** 2, (r, 0, n - 1))
    e = -Sum(log(Sum(a[i, 0] * exp(-distance / (2 * s)), (i, 0, k - 1))), (j, 0, m - 1))
    hessian = mc.lambdify([M, X, a, s], mc.hessian(e, M))
    data = numbers()
    centres, points = data[M], data[X]
    difference = points - centres[:, None]
    score = data[a][:, None] * np.exp(-(difference**2).sum(2) / (2 * data[s]))
    share = score / score.sum(0)
    z = share[:, :, None] * difference / data[s]
    exact = np.einsum("ksi,lsj->kilj", z, z)
    for c in range(3):
        exact[c, :, c] += share[c].sum() / data[s] * np.eye(4) - (share[c] * difference[c].T) @ difference[c] / data[s] ** 2
    found = hessian(centres + far, points + far, data[a], data[s])
    assert np.abs(found - exact).max() < (1e-12 if far == 0 else 1e-9) * np.abs(exact).max()
    assert re.search(r"\((t\d+)\.T @ \1\)", hessian.source)


AXES = ((0,), (1,), (2,))


def array(axes, *terms):
    """A sum of products over the axes k, n, m in some order."""
    return Einsum(
        tuple((k, n, m)[x] for x in axes), *(EinsumTerm(c, (k, n, m), tuple((x,) for x in axes), factors) for c, *factors in terms)
    )


M_, X_, R_, L_, V_ = (M, (0,), (1,)), (X, (2,), (1,)), (R, (0,), (2,)), (l, (2,), ()), (v, (1,), ())
ALIKE = [
    (array((0, 1, 2), (1, R_, M_), (-1, R_, X_)), array((0, 1, 2), (2, L_, M_), (-2, L_, X_))),
    (array((0, 1, 2), (s, R_, M_), (-3 * s, R_, X_)), array((0, 1, 2), (6, L_, X_, V_), (-2, L_, M_, V_))),
    (array((0, 1, 2), (1, M_), (s, X_)), array((0, 1, 2), (-1, R_, L_, M_), (-s, R_, L_, X_))),
    (array((0, 1, 2), (1, M_, R_), (1, M_, R_), (1, X_, R_)), array((0, 1, 2), (4, M_, L_), (2, X_, L_))),
]
UNLIKE = [
    (array((0, 1, 2), (1, R_, M_), (-1, R_, X_)), array((0, 1, 2), (2, L_, M_), (-1, L_, X_))),
    (array((0, 1, 2), (1, R_, M_), (-1, R_, X_)), array((0, 1, 2), (s, L_, M_), (-1, L_, X_))),
]


@pytest.mark.parametrize(("first", "second", "is_shared"), [(*x, True) for x in ALIKE] + [(*x, False) for x in UNLIKE])
def test_values(first, second, is_shared):
    """Both as they are and in a product; what is shared is the one sum of M and X."""
    product = Einsum((n, n), EinsumTerm(1, (n, k, m, n), ((0,), (3,)), [(first, (1,), (0,), (2,)), (second, (1,), (3,), (2,))]))
    args, data = [M, X, R, l, v, s], numbers(1)
    f = mc.lambdify(args, product)
    one, other = (mc.lambdify(args, e)(*(data[x] for x in args)) for e in (first, second))
    exact = np.einsum("kim,kjm->ij", one, other)
    assert np.abs(f(*(data[x] for x in args)) - exact).max() < 1e-13 * np.abs(exact).max()
    ctx = Lowerer({k, m, n})
    roots = [ctx.low(product).node]
    roots = alike_sums(ctx.graph, roots, Context(ctx.size, registry.find("numpy")({}), frozenset({k, m, n})))
    assert sum(node.op == "add" and node.ndim == 3 for node in reachable(roots)) == (1 if is_shared else 2)
