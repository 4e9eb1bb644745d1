"""What the plans of one graph share, whatever the sizes: how its sums are read, split and put together, and products of two arrays.

A graph is planned for every way in which its sizes may be small or large, and most of what such a search looks at is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from .sizes import Sizes

T = TypeVar("T")


class Shared:
    """steps: products of two factors that were made; tasks: what products were asked for; lengths: a number for each size of a label;
    readings: nodes as sums of products, by what may be taken apart.
    """

    def __init__(self) -> None:
        self.steps: dict[Any, Any] = {}
        self.tasks: dict[Any, Any] = {}
        self.lengths: dict[Any, int] = {}
        self.readings: dict[frozenset[int], dict[Any, Any]] = {}
        self._found: dict[Any, Any] = {}
        self._sizes: dict[Any, Sizes] = {}
        self._orders: dict[Sizes | None, dict[Any, Any]] = {}

    def orders(self, sizes: Sizes | None) -> dict[Any, Any]:
        """Products that were made in some order, or way: those where these sizes have decided how, or where none have."""
        return self._orders.setdefault(sizes, {})

    def sizes(self, numbers: Mapping[Any, int]) -> Sizes:
        """Numbers for all sizes, where symbols have these: what nodes cost is found once for them."""
        key = frozenset(numbers.items())
        if key not in self._sizes:
            self._sizes[key] = Sizes(numbers)
        return self._sizes[key]

    def once(self, find: Callable[..., T], *of: Hashable) -> T:
        """What a function gives that depends on its arguments alone: found once. Nobody may change it."""
        key = find, *of
        if key not in self._found:
            self._found[key] = find(*of)
        return self._found[key]
