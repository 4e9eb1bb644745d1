"""Labels: axes without a place yet."""

from itertools import count
from typing import Any

from sympy import Expr

_serial = count()


class Label:
    """An axis without a place yet: the index of a Sum, or an axis inside a contraction. `index`: bound by a Sum, from `low` on."""

    __slots__ = ("size", "serial", "index", "low")

    def __init__(self, size: Expr, index: bool = False, low: Expr | None = None):
        self.size, self.index, self.serial, self.low = size, index, next(_serial), low


def axis_order(label: Any) -> tuple[int, int]:
    """Sorting key: indices of sums first, in order of creation, then the axes of the expression."""
    return (0, label.serial) if isinstance(label, Label) else (1, label)
