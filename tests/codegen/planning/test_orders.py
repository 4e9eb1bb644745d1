"""Orders in which a product of many arrays is contracted."""

from functools import reduce
from math import prod
from operator import or_

import pytest

from sympy_matcalc.codegen.planning.orders import orders


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


@pytest.mark.parametrize("factors", (5, 8, 11))
def test_orders_are_cheaper_than_from_left_to_right(factors):
    arrays, sizes, output = chain([500, 30, 500, 2, 500, 30, 30, 2, 30, 500, 2, 30][: factors + 1])

    def work(path):
        left, total = list(arrays), 0
        for i, j in path:
            one, other = left[i], left[j]
            left = [a for k, a in enumerate(left) if k not in (i, j)]
            total += prod(sizes[k] for k in range(len(sizes)) if (one | other) >> k & 1)
            kept = reduce(or_, left, output)
            left.append((one | other) & kept)
        assert left == [output]
        return total

    from_left = ((0, 1), *((0, k) for k in range(factors - 2, 0, -1)))
    assert work(orders(arrays, sizes, output)[0]) < work(from_left)
