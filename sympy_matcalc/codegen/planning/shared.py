"""What the plans of one graph share, whatever the sizes: how its sums are read, split and put together, and products of two arrays.

A graph is planned for every way in which its sizes may be small or large, and most of what such a search looks at is the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Shared:
    """steps: products of two factors that were made; sizes: numbers for the sizes of labels; readings: nodes as sums of products, by what
    may be taken apart.
    """

    def __init__(self) -> None:
        self.steps: dict[Any, Any] = {}
        self.sizes: dict[Any, int] = {}
        self.readings: dict[frozenset[int], dict[Any, Any]] = {}
        self._found: dict[Any, Any] = {}

    def once(self, find: Callable[..., T], *of: Hashable) -> T:
        """What a function gives that depends on its arguments alone: found once. Nobody may change it."""
        key = find, *of
        if key not in self._found:
            self._found[key] = find(*of)
        return self._found[key]
