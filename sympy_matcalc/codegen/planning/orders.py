"""Orders of contraction for few factors: those that opt_einsum's searches find, ties included, in a fraction of their time.

A set of labels is a number whose bits are the labels, so that unions are single operations and each volume is computed once. `optimal` is
the search of that name, `dynamic` the dynamic programming without outer products of Phys. Rev. E 90, 033315 (2014).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import combinations
from math import inf
from typing import Any

Path = list[tuple[int, ...]]
Found = dict[int, tuple[int, float, Any]]  # by the factors that are contracted: labels of the result, cost, tree
Pair = tuple[int, int]


class Network:
    """Factors as sets of labels. words: their labels, by number; lengths: those of the labels; output: the labels of the result.

    `alone`: the labels that one factor has, or the result.
    """

    def __init__(self, words: Iterable[Iterable[int]], lengths: Sequence[int], output: Iterable[int]):
        self.factors, self.out, self.lengths = [_bits(word) for word in words], _bits(output), lengths
        once = several = 0
        for labels in (*self.factors, self.out):
            several |= once & labels
            once |= labels
        self.alone = once & ~several
        self._volumes = {0: 1}

    def volume(self, labels: int) -> int:
        found = self._volumes.get(labels)
        if found is None:
            last = labels.bit_length() - 1
            found = self._volumes[labels] = self.lengths[last] * self.volume(labels ^ 1 << last)
        return found

    def least(self, labels: int) -> int:
        """The least length of a label."""
        return min((length for k, length in enumerate(self.lengths) if labels >> k & 1), default=1)


def _bits(numbers: Iterable[int]) -> int:
    found = 0
    for k in numbers:
        found |= 1 << k
    return found


# ---- all orders
def optimal(network: Network) -> Path:
    """The order with the fewest operations of all, the first of those that are tried depth first."""
    best: list[Any] = [inf, ()]
    known: dict[Pair, Pair] = {}

    def descend(path: tuple[Pair, ...], left: tuple[int, ...], factors: list[int], operations: int) -> None:
        if len(left) == 1:
            best[:] = operations, path
            return
        for i, j in combinations(left, 2):
            key = factors[i], factors[j]
            if key not in known:
                others = reduce(int.__or__, (factors[k] for k in left if k != i and k != j), network.out)
                known[key] = (key[0] | key[1]) & others, network.volume(key[0] | key[1]) * (2 if key[0] & key[1] & ~others else 1)
            new, work = known[key]
            if operations + work < best[0]:
                rest = (*(k for k in left if k != i and k != j), len(factors))
                descend((*path, (i, j)), rest, [*factors, new], operations + work)

    descend((), tuple(range(len(network.factors))), network.factors, 0)
    return _positions(best[1], len(network.factors))


def _positions(pairs: Iterable[Pair], count: int) -> Path:
    """Pairs of factors by their number as pairs of positions among those that are left; what is new comes last."""
    numbers, path = list(range(count)), []
    for new, pair in enumerate(pairs, count):
        at = sorted(bisect_left(numbers, k) for k in pair)
        for k in reversed(at):
            numbers.pop(k)
        numbers.append(new)
        path.append(tuple(at))
    return path


# ---- dynamic programming
def dynamic(network: Network, writes: bool = False) -> Path:
    """The order with the fewest multiplications, or with the smallest intermediate results (`writes`), without outer products in it."""
    factors, parts = list[int](), list[tuple[int, Any]]()
    trees: list[Any] = []
    for k, labels in enumerate(network.factors):
        rest = labels & ~network.alone
        if labels and not rest:
            parts.append((1, (k,)))
        else:
            factors.append(rest)
            trees.append((k,) if rest != labels else k)
    for group in _connected(factors, network.out):
        labels, tree = _contracted(network, factors, trees, group, writes)
        parts.append((network.volume(labels), tree))
    parts.sort(key=lambda part: part[0])
    return _sequence(reduce(lambda a, b: (a, b), (tree for _, tree in parts)))


def _connected(factors: Sequence[int], out: int) -> list[list[int]]:
    """The positions of factors that hang together by labels that are summed."""
    groups, left = [], set(range(len(factors)))
    while left:
        group, waiting = set(), [left.pop()]
        while waiting:
            k = waiting.pop()
            group.add(k)
            more = {j for j in left if factors[j] & factors[k] & ~out}
            waiting += more
            left -= more
        groups.append(list(frozenset(group)))
    return groups


def _contracted(network: Network, factors: Sequence[int], trees: Sequence[Any], group: Sequence[int], writes: bool) -> tuple[int, Any]:
    """(labels, tree) of factors that hang together: parts by their size, under a bound of the cost that is raised until one is all."""
    by_size: list[Found] = [{} for _ in range(len(group) + 1)]
    by_size[1] = {1 << k: (factors[k], 0, trees[k]) for k in group}
    every = reduce(int.__or__, (factors[k] for k in group))
    bound, step = network.volume(every & network.out), max(network.least(every), 2)
    outside: dict[int, int] = {}
    while not by_size[-1]:
        for n in range(2, len(group) + 1):
            for m in range(1, n // 2 + 1):
                _joined(network, (by_size[m], by_size[n - m], by_size[n]), factors, group, outside, bound, writes)
        bound *= step
    labels, _, tree = next(iter(by_size[-1].values()))
    return labels, tree


def _joined(
    network: Network,
    levels: tuple[Found, Found, Found],
    factors: Sequence[int],
    group: Sequence[int],
    outside: dict[int, int],
    bound: float,
    writes: bool,
) -> None:
    """Note in the third of the levels what the parts of the first and of the second are together, where that costs less."""
    first, second, found = levels
    out, volume, same = network.out, network.volume, first is second
    for s1, (labels1, cost1, tree1) in first.items():
        for s2, (labels2, cost2, tree2) in second.items():
            if s1 & s2 or same and s1 >= s2:
                continue
            shared, union, s = labels1 & labels2 & ~out, labels1 | labels2, s1 | s2
            if not shared:
                continue
            cost = cost1 + cost2
            if not writes:
                cost += volume(union)
                if cost > bound or s in found and cost >= found[s][1]:
                    continue
            others = outside.get(s)
            if others is None:
                others = outside[s] = reduce(int.__or__, (factors[k] for k in group if not s >> k & 1), 0)
            labels = union & ~(shared & ~others)
            if writes:
                cost += volume(labels)
                if cost > bound or s in found and cost >= found[s][1]:
                    continue
            found[s] = labels, cost, (tree1, tree2)


def _sequence(tree: Any) -> Path:
    """The order of a tree of factors by number, as positions among those that are left."""
    if isinstance(tree, int):
        return []
    trees, numbers, path = [tree], list[int](), list[tuple[int, ...]]()
    while trees:
        node, at = trees.pop(), list[int]()
        for k in sorted(x for x in node if isinstance(x, int)):
            at.append(bisect_left(numbers, k))
            numbers.insert(at[-1], k)
        for inner in (x for x in node if not isinstance(x, int)):
            at.append(len(numbers) + len(trees))
            trees.append(inner)
        path.append(tuple(at))
    return path[::-1]
