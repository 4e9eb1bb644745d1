"""The rotation of a cycle that comes first, against trying all of them."""

from itertools import product

import pytest

from sympy_matcalc.kernel.chains.entries import _least_rotation


@pytest.mark.parametrize("length", range(1, 7))
def test_least_rotation(length):
    for keys in product(range(3), repeat=length):
        at = _least_rotation(keys)
        assert 0 <= at < length
        assert keys[at:] + keys[:at] == min(keys[k:] + keys[:k] for k in range(length))
