"""The estimate bounds what is measured: each operation of the table, at sizes where arrays outweigh the objects around them."""

import tracemalloc

import numpy as np
import pytest

from sympy_matcalc.codegen.bounded.estimate import estimate
from sympy_matcalc.codegen.planning.sizes import Sizes

from ..ir.samples import ALSO, SAMPLES, A, B, Leaves, X, computed, cube, m, n, t, x, y

NUMBERS = {m: 89, n: 90}
CUBIC = {"embed", "einsum", "matmul of stacks", "diagonal", "block_triangular", "duplication", "structure_basis", "outer_sum", "kron"}
CUBIC |= {"frechet_matrix"}
FEW = {m: 14, n: 15}  # for results of more than two axes, or of products of sizes
NO_CODE = {"iter", "dtype", "regular", "contract", "tiles", "svd", "eigh"}  # no array, or not without their parts
NO_CODE |= {"scatter"}  # of three rows only
EVERY = {name: make for name, make in (SAMPLES | ALSO).items() if name not in NO_CODE}


def environment(sizes):
    rng = np.random.default_rng(0)
    env = {M: rng.standard_normal([int(s.subs(sizes)) for s in M.shape if s != 1]) for M in (A, B, X, x, y)}
    env[A] += 4 * np.sqrt(sizes[n]) * np.eye(sizes[n])
    return env | sizes | {t: 1.3}


@pytest.mark.parametrize("name", list(EVERY))
def test_an_operation_holds_no_more_than_its_estimate(name):
    sizes = FEW if name in CUBIC else NUMBERS
    node = EVERY[name](Leaves())
    env = environment(sizes)
    loops = dict(enumerate(a.attrs[0] for a in (node, *node.args) if a.op == "tiles"))
    found, numbers = estimate([node], loops), Sizes(sizes, other=2)  # two rows a tile
    held = [found.whole, *found.loops.values()]
    bound = sum(numbers.of(v) for one in held for v in one.kept if v != 0)
    bound += max((numbers.of(v) for one in held for v in one.passing if v != 0), default=0)
    value, peak = _measured(node, env)
    result = sum(np.asarray(v).nbytes for v in (value if isinstance(value, (tuple, list)) else [value]) if np.asarray(v).dtype != object)
    assert peak <= 8 * bound + result + 2**16, f"{peak} bytes, estimated {8 * bound} and the result {result}"


def _measured(node, env):
    """(value, peak of a call)."""
    source, _ = computed("numpy", node)
    space = {"_given_cube": cube}
    exec(compile(source, "<sample>", "exec"), space)
    given = [env[s] for s in (A, B, X, x, y, m, n, t)]
    space["compute"](*given)  # what is loaded with the first call does not count
    tracemalloc.start()
    try:
        value = space["compute"](*given)
        return value, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
