"""The orders of few factors are those of opt_einsum, ties included."""

import random

import opt_einsum as oe
import pytest

from sympy_matcalc.codegen.planning.orders import Network, dynamic, optimal

LENGTHS = (1, 2, 12, 12, 64, 1000, 1000)


def network(r, most):
    """(words, lengths, output) of a random product; factors without a label and labels twice on one are among them."""
    letters = range(r.randint(1, most + 2))
    words = [[r.choice(letters) for _ in range(r.choice((0, 1, 1, 2, 2, 2, 3)))] for _ in range(r.randint(2, most))]
    words[0] = words[0] or [0]
    return words, [r.choice(LENGTHS) for _ in letters], [k for k in letters if r.random() < 0.3 and any(k in word for word in words)]


@pytest.mark.parametrize("seed", range(60))
def test_orders_of_random_products(seed):
    words, lengths, output = network(random.Random(seed), 9)
    sets, sizes, out = list(map(frozenset, words)), dict(enumerate(lengths)), frozenset(output)
    ours = Network(words, lengths, output)
    if len(words) <= 4:
        assert optimal(ours) == list(map(tuple, oe.paths.optimal(sets, out, sizes)))
    for writes, name in ((False, "flops"), (True, "write")):
        assert dynamic(ours, writes) == list(map(tuple, oe.DynamicProgramming(minimize=name)(sets, out, sizes, None)))


def test_the_chain_of_two_matrices_and_a_vector():
    assert optimal(Network([(0, 1), (1, 2), (2,)], (100, 100, 100), (0,))) == [(1, 2), (0, 1)]
    assert dynamic(Network([(0,), (0, 1), (1, 2)], (100, 100, 100), (2,))) == [(0, 1), (0, 1)]


def test_parts_that_share_no_summed_label_are_multiplied_last():
    path = dynamic(Network([(0, 1), (2, 3), (1, 4), (3, 5)], (10,) * 6, (0, 2, 4, 5)))
    assert len(path) == 3 and path[-1] == (0, 1) and (0, 1) not in path[:1]
