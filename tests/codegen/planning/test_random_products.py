"""A short run of the fuzzer of generated code: sums of products, planned in every way, at sizes that take every branch."""

import random

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm

from ... import fuzz_numeric


@pytest.mark.parametrize("first", range(3000, 3060, 10))
def test_values(first):
    for seed in range(first, first + 10):
        exprs, found = fuzz_numeric.outcomes(seed, fuzz_numeric.Judge())
        assert not [f for f in found if f.kind in ("wrong", "crash")], f"seed {seed}: {exprs}\n{found[0].message}"


m, n = symbols("m n", integer=True, positive=True)
ARRAYS = [MatrixSymbol("X", m, n), MatrixSymbol("S", m, m), MatrixSymbol("w", m, 1)]


def product_of_few(rng):
    """(Einsum, spec for NumPy, its arrays) of a product that has each of few arrays several times, as second derivatives have."""
    long, short, factors = list("abc"), list("ijkl"), []
    for array in [ARRAYS[0]] * 4 + [rng.choice(ARRAYS) for _ in range(rng.randint(0, 3))]:
        pools = [{m: long, n: short}.get(s) for s in array.shape]
        factors.append((array, [rng.choice(pool) for pool in pools if pool]))
    for k, (_, labels) in enumerate(factors[:4]):
        labels[1] = short[k]
    held = dict.fromkeys(x for _, labels in factors for x in labels)
    out = rng.sample([x for x in held if x in short], min(4, sum(x in short for x in held)))
    number = {x: k for k, x in enumerate(held)}
    sizes = tuple(m if x in long else n for x in held)
    axes = [(array, *[(number[x],) for x in labels], *[()] * (2 - len(labels))) for array, labels in factors]
    term = EinsumTerm(1, sizes, tuple((number[x],) for x in out), axes)
    spec = ",".join("".join(labels) for _, labels in factors) + "->" + "".join(out)
    return Einsum(tuple(n for _ in out), term), spec, [array for array, _ in factors]


def test_halves_that_share_what_is_summed_in_one_of_them():
    X, S = ARRAYS[:2]
    factors = [(X, 0, 3), (X, 0, 4), (S, 0, 1), (S, 0, 2), (X, 1, 5), (X, 1, 6)]
    term = EinsumTerm(-1, (m, m, m, n, n, n, n), ((6,), (5,), (3,), (4,)), [(x, *[(k,) for k in at]) for x, *at in factors])
    rng = np.random.default_rng(0)
    data = rng.standard_normal((40, 3)), rng.standard_normal((40, 40))
    exact = -np.einsum("ai,aj,ad,ae,dk,dl->lkij", data[0], data[0], data[1], data[1], data[0], data[0], optimize=True)
    np.testing.assert_allclose(mc.lambdify([X, S], Einsum((n,) * 4, term))(*data), exact, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("first", range(0, 160, 20))
def test_products_of_few_arrays(first):
    """Which halves of them are equal is easily mistaken: what is exchanged is so in all factors."""
    for seed in range(first, first + 20):
        e, spec, arrays = product_of_few(random.Random(seed))
        args = [a for a in ARRAYS if a in arrays]
        open_sizes = [s for s in (m, n) if all(s not in a.shape for a in args)]
        f = mc.lambdify([*args, *open_sizes], e)
        for rows, columns in ((3, 4), (40, 3)):
            rng = np.random.default_rng(seed)
            data = {a: rng.random([{m: rows, n: columns}[s] for s in a.shape if s != 1]) for a in args}
            exact = np.einsum(spec, *(data[a] for a in arrays), optimize=True)
            found = np.reshape(f(*data.values(), *({m: rows, n: columns}[s] for s in open_sizes)), exact.shape)
            np.testing.assert_allclose(found, exact, rtol=1e-10, err_msg=f"{seed}: {spec}")
