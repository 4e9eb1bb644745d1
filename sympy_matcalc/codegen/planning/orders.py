"""Orders in which a product of many arrays is contracted pair by pair, as opt_einsum finds them: the fewest multiplications, the smallest
intermediate results.
"""

from __future__ import annotations

from functools import lru_cache

import opt_einsum as oe

FEW = 4  # arrays of which all orders are tried
MANY = 10  # arrays of which subsets are
Pair = tuple[int, ...]  # positions in the list of arrays, from which they are taken; what they become is put last


@lru_cache(2**12)  # one sum of products is built many times, in the search and for every regime of sizes
def orders(arrays: tuple[int, ...], lengths: tuple[int, ...], output: int) -> tuple[tuple[Pair, ...], ...]:
    """The orders that are found, without repetition. arrays: the labels of each as bits; lengths: of each label; output: the labels of the
    result as bits.

    >>> orders((0b0011, 0b0110, 0b1100), (9, 90, 9, 60), 0b1001)
    (((0, 1), (0, 1)),)
    """
    inputs, result, sizes = [_labels(a) for a in arrays], _labels(output), dict(enumerate(lengths))
    if len(arrays) > MANY:  # the time of the others grows much faster than their length
        found = [oe.paths.branch(inputs, result, sizes, nbranch=1)]
    elif len(arrays) > FEW:
        found = [oe.DynamicProgramming()(inputs, result, sizes)]
    else:
        found = [oe.paths.optimal(inputs, result, sizes)]
    if len(arrays) <= MANY:
        found.append(oe.DynamicProgramming(minimize="write")(inputs, result, sizes))
    return tuple(dict.fromkeys(tuple(map(tuple, path)) for path in found))


@lru_cache(2**10)
def _labels(bits: int) -> frozenset[int]:
    return frozenset(k for k in range(bits.bit_length()) if bits >> k & 1)
