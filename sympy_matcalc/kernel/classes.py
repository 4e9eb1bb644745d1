"""What holds of a class, found out once a class: `isinstance` with many classes costs more than a node."""

from collections.abc import Callable
from typing import Any


class Derived(dict[type, bool]):
    """``Derived(Symbol, Pow)[type(node)]``: whether the node is one of a class that is derived from those."""

    def __init__(self, *classes: type):
        self.classes = classes

    def __missing__(self, cls: type) -> bool:
        self[cls] = found = issubclass(cls, self.classes)
        return found


class ByClass(dict[type, Callable[..., Any] | None]):
    """``ByClass((Pow, f), ((Add, Mul), g))[type(node)]``: what the first row has whose classes the node is of; None where none has."""

    def __init__(self, *rows: tuple[Any, Callable[..., Any]]):
        super().__init__()
        self.rows = rows

    def __missing__(self, cls: type) -> Callable[..., Any] | None:
        self[cls] = found = next((value for classes, value in self.rows if issubclass(cls, classes)), None)
        return found
