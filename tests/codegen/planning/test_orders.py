"""Orders in which a product of many arrays is contracted."""

import random

import opt_einsum as oe
import pytest

from sympy_matcalc.codegen.planning.orders import FEW, MANY, orders

LENGTHS = 6, 12, 120, 1000


def chain(sizes):
    """(labels of the arrays, sizes, labels of the result) of a product of matrices of these sizes."""
    return tuple(3 << k for k in range(len(sizes) - 1)), tuple(sizes), 1 | 1 << len(sizes) - 1


@pytest.mark.parametrize("factors, several", ((2, 1), (3, 2), (4, 2), (5, 2), (9, 2), (10, 2), (11, 1)))
def test_orders_of_a_chain(factors, several):
    """The fewest multiplications and the smallest intermediate results, where they are two orders; of very long products only one is tried."""
    sizes = [2, 30, 500, 30, 500, 30, 30, 2, 30, 500, 2, 500]
    found = orders(*chain(sizes[: factors + 1]))
    assert len(found) == several
    assert all(len(path) == factors - 1 for path in found)


def random_product(rng):
    """(labels of the arrays, lengths, labels of the result), as sets and tuples of numbers, that are 0, 1, ... as they are met."""
    pool = range(rng.randint(2, 9))
    words = [tuple(rng.sample(pool, min(len(pool), rng.choice((0, 1, 1, 2, 2, 2, 3))))) for _ in range(rng.randint(3, MANY - 2))]
    number = {x: k for k, x in enumerate(dict.fromkeys(x for w in words for x in w))}
    words = [frozenset(number[x] for x in w) for w in words]
    return words, [rng.choice(LENGTHS) for _ in number], frozenset(rng.sample(range(len(number)), min(len(number), rng.randint(0, 3))))


@pytest.mark.parametrize("seed", range(200))
def test_the_same_as_opt_einsum(seed):
    """Also of several that are equally good: a plan depends on which is taken."""
    words, lengths, output = random_product(random.Random(seed))
    sizes = dict(enumerate(lengths))
    fewest = oe.paths.optimal(words, output, sizes) if len(words) <= FEW else oe.DynamicProgramming()(words, output, sizes)
    smallest = oe.DynamicProgramming(minimize="write")(words, output, sizes)
    bits = tuple(sum(1 << x for x in w) for w in words)
    found = orders(bits, tuple(lengths), sum(1 << x for x in output))
    assert found == tuple(dict.fromkeys((tuple(map(tuple, fewest)), tuple(map(tuple, smallest)))))
