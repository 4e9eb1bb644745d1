"""What a pass knows beside the graph."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Symbol

from .ir.node import Node
from .planning.shared import Shared


@dataclass(frozen=True)
class Context:
    """size_of: the node of a size; backend: the library, and what it can do; sizes: the symbols of sizes; parameters: the arguments of the
    function; symmetric, positive_definite: the arguments of which that is stated; memory: the bound of its arrays in bytes; known:
    comparisons of sizes ``(small, large, factor)`` that hold, ``factor * small <= large``; shared: what all plans have alike.
    """

    size_of: Callable[[Expr], Node]
    backend: Any
    sizes: frozenset[Symbol] = frozenset()
    parameters: Sequence[Any] = ()
    symmetric: Collection[Any] = frozenset()
    positive_definite: Collection[Any] = frozenset()
    memory: int | None = None
    known: Sequence[Any] = ()
    shared: Shared = field(default_factory=Shared)
