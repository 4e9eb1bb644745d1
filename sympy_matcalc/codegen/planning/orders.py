"""Orders in which a product of many arrays is contracted pair by pair: the fewest multiplications, the smallest intermediate results.

What opt_einsum finds, by its algorithms: all orders of four arrays at most, subsets of arrays that hang together for more (Pfeifer,
Haegeman, Verstraete, Phys. Rev. E 90, 033315). A plan asks for thousands, so here labels are bits, and a set of labels is a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import inf
from typing import Any

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
    volume = _Volume(lengths)
    if len(arrays) > MANY:  # the time of the others grows much faster than their length
        return (_one_branch(arrays, lengths, output),)
    fewest = _fewest_of_all(arrays, volume, output) if len(arrays) <= FEW else _by_subsets(arrays, volume, output, by_size=False)
    return tuple(dict.fromkeys((fewest, _by_subsets(arrays, volume, output, by_size=True))))


class _Volume(dict[int, int]):
    """The number of entries of an array with some labels, by these."""

    def __init__(self, lengths: Sequence[int]):
        super().__init__({0: 1, **{1 << k: length for k, length in enumerate(lengths)}})

    def __missing__(self, labels: int) -> int:
        last = labels & -labels
        found = self[labels] = self[labels ^ last] * self[last]
        return found


def _one_branch(arrays: Sequence[int], lengths: Sequence[int], output: int) -> tuple[Pair, ...]:
    inputs = [frozenset(_bits(a)) for a in arrays]
    return tuple(map(tuple, oe.paths.branch(inputs, frozenset(_bits(output)), dict(enumerate(lengths)), nbranch=1)))


def _bits(labels: int) -> Iterator[int]:
    k = 0
    while labels >> k:
        if labels >> k & 1:
            yield k
        k += 1


# ---- all orders
def _fewest_of_all(arrays: tuple[int, ...], volume: _Volume, output: int) -> tuple[Pair, ...]:
    """The first order of the fewest operations."""
    every = _Every(volume, output)
    every.search((), range(len(arrays)), arrays, 0)
    return _in_places(len(arrays), every.best)


class _Every:
    """All orders, but for those that begin with more operations than another takes."""

    def __init__(self, volume: _Volume, output: int):
        self.volume, self.output = volume, output
        self.least, self.best = inf, tuple[Pair, ...]()
        self.known: dict[tuple[int, int], tuple[int, int]] = {}  # what a product is, by the labels of its factors, as it is first met

    def search(self, path: tuple[Pair, ...], left: Sequence[int], made: tuple[int, ...], work: int) -> None:
        if len(left) == 1:
            self.least, self.best = work, path
            return
        for i, j in combinations(left, 2):
            key = made[i], made[j]
            labels, more = self.known.get(key) or self.known.setdefault(key, self._pair(made, left, i, j))
            if work + more < self.least:
                self.search((*path, (i, j)), [*[k for k in left if k != i and k != j], len(made)], (*made, labels), work + more)

    def _pair(self, made: Sequence[int], left: Sequence[int], i: int, j: int) -> tuple[int, int]:
        """(labels of the product of two arrays, operations that it takes)."""
        either, keep = made[i] | made[j], self.output
        for k in left:
            if k != i and k != j:
                keep |= made[k]
        return either & keep, self.volume[either] * (2 if made[i] & made[j] & ~keep else 1)


def _in_places(count: int, path: Sequence[Pair]) -> tuple[Pair, ...]:
    """Pairs of arrays, each with a number of its own, as pairs of positions."""
    numbers, out = list(range(count)), []
    for made, pair in enumerate(path, count):
        at = tuple(sorted(map(numbers.index, pair)))
        numbers = [x for x in numbers if x not in pair] + [made]
        out.append(at)
    return tuple(out)


# ---- by subsets
def _by_subsets(arrays: Sequence[int], volume: _Volume, output: int, *, by_size: bool) -> tuple[Pair, ...]:
    """The order of the fewest multiplications, or that of the fewest entries of intermediate results, without outer products of what hangs
    together.
    """
    once = _once(arrays, output)
    trees: list[Any] = [(k,) for k, a in enumerate(arrays) if a and not a & ~once]
    volumes = [1] * len(trees)
    rest = [(a & ~once, (k,) if a & once else k) for k, a in enumerate(arrays) if not a or a & ~once]
    inputs = [a for a, _ in rest]
    for group in _that_hang_together(inputs, output):
        tree, labels = _best_tree([rest[k] for k in group], volume, output, by_size)
        trees.append(tree)
        volumes.append(volume[labels])
    ranked = [trees[k] for k in sorted(range(len(trees)), key=volumes.__getitem__)]
    tree = ranked[0]
    for other in ranked[1:]:
        tree = (tree, other)
    return _of_tree(tree)


def _once(arrays: Sequence[int], output: int) -> int:
    """The labels that are met once, in an array or in the result."""
    one, more = output, 0
    for a in arrays:
        more |= one & a
        one |= a
    return one & ~more


def _that_hang_together(inputs: Sequence[int], output: int) -> list[list[int]]:
    """The positions of arrays that share labels that are summed, directly or by others."""
    left, groups = list(range(len(inputs))), []
    while left:
        group = [left.pop(0)]
        labels = inputs[group[0]] & ~output
        while found := [k for k in left if inputs[k] & labels]:
            group += found
            left = [k for k in left if k not in found]
            for k in found:
                labels |= inputs[k] & ~output
        groups.append(sorted(group))
    return groups


def _best_tree(rest: Sequence[tuple[int, Any]], volume: _Volume, output: int, by_size: bool) -> tuple[Any, int]:
    """(pairs of pairs, labels of the product) of arrays that hang together: of more and more arrays, with a bound of what they may cost,
    which grows until there is one of all.
    """
    count, every = len(rest), (1 << len(rest)) - 1
    labels_of = _LabelsOf([labels for labels, _ in rest], output)
    if count == 2:
        return (rest[0][1], rest[1][1]), labels_of[every]
    found: list[dict[int, Any]] = [{} for _ in range(count + 1)]  # by how many arrays: by which, as bits: (labels, cost, tree)
    found[1] = {1 << k: (labels, 0, tree) for k, (labels, tree) in enumerate(rest)}
    together = 0
    for labels, _ in rest:
        together |= labels
    bound, growth = volume[together & output], max(min((volume[1 << k] for k in _bits(together)), default=2), 2)
    while every not in found[count]:
        for n in range(2, count + 1):
            for m in range(1, n // 2 + 1):
                _joined(found, m, n, volume, output, by_size, bound, labels_of)
        bound *= growth
    labels, _, tree = found[count][every]
    return tree, labels


class _LabelsOf(dict[int, int]):
    """The labels of the product of some arrays, by which they are, as bits."""

    def __init__(self, arrays: Sequence[int], output: int):
        self.arrays, self.output = arrays, output

    def __missing__(self, some: int) -> int:
        own, others = 0, self.output
        for k, a in enumerate(self.arrays):
            if some >> k & 1:
                own |= a
            else:
                others |= a
        found = self[some] = own & others
        return found


def _joined(found: Any, m: int, n: int, volume: _Volume, output: int, by_size: bool, bound: int, labels_of: _LabelsOf) -> None:
    """Products of n arrays, each of one of m and one of the others."""
    new, small, large, are_alike = found[n], found[m], found[n - m], m == n - m
    for s, (a, cost, tree) in small.items():
        summed, room = a & ~output, bound - cost
        for t, (b, other_cost, other) in large.items():
            if s & t or not summed & b or other_cost > room or are_alike and s >= t:
                continue
            both = s | t
            total = cost + other_cost + volume[labels_of[both] if by_size else a | b]
            if total <= bound and (both not in new or total < new[both][1]):
                new[both] = labels_of[both], total, (tree, other)


def _of_tree(tree: Any) -> tuple[Pair, ...]:
    """The positions of what is taken in turn, from the last product back: ``((1, 2), (0, 3))`` is 1 and 2, then 0 and 1, then both."""
    path: list[Pair] = []
    todo, arrays = [tree] if isinstance(tree, tuple) else [], list[int]()
    while todo:
        members = todo.pop()
        at = []
        for k in sorted(x for x in members if isinstance(x, int)):
            at.append(sum(1 for x in arrays if x < k))
            arrays.insert(at[-1], k)
        for inner in (x for x in members if not isinstance(x, int)):
            at.append(len(arrays) + len(todo))
            todo.append(inner)
        path.insert(0, tuple(at))
    return tuple(path)
