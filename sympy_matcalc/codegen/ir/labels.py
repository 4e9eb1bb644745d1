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


def numbered(inputs: tuple[tuple[int, ...], ...], inverses: tuple[bool, ...], output: tuple[int, ...], sizes: Any) -> tuple[Any, ...]:
    """The attributes of a `contract` with labels numbered as the factors have them, so that equal products are one node."""
    number = {x: k for k, x in enumerate(dict.fromkeys(x for axes in inputs for x in axes))}
    return (
        tuple(tuple(number[x] for x in axes) for axes in inputs),
        inverses,
        tuple(number[x] for x in output),
        tuple(sizes[x] for x in number),
    )
