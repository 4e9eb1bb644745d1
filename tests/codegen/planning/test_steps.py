"""Orders in which a product of many factors is contracted."""

import opt_einsum as oe
import pytest

from sympy_matcalc.codegen.planning.steps import _found_paths


def chain(sizes):
    """(labels of the factors, sizes, labels of the result) of a product of matrices of these sizes."""
    letters = [oe.get_symbol(k) for k in range(len(sizes))]
    return tuple(zip(letters, letters[1:])), tuple(zip(letters, sizes)), frozenset((letters[0], letters[-1]))


@pytest.mark.parametrize("factors, orders", ((2, 1), (3, 2), (4, 2), (5, 2), (9, 2), (10, 2), (11, 1)))
def test_orders_of_a_chain(factors, orders):
    """The fewest multiplications and the smallest intermediate results, where they are two orders; of very long products only one is tried."""
    sizes = [2, 30, 500, 30, 500, 30, 30, 2, 30, 500, 2, 500]
    found = _found_paths(*chain(sizes[: factors + 1]))
    assert len(found) == orders
    assert all(len(path) == factors - 1 for path in found)
