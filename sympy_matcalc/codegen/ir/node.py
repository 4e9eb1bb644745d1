"""A node of the graph of numeric work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr


class Node:
    """One operation, `kind` its row in the table of operations, on `args` (nodes), with `attrs` (hashable data).

    shape: the sizes of its axes, as SymPy integers; one that is literally 1 is only broadcast. axes: numbers for these, each size has its
    own in a graph. loops: the loops it lies in. weak: it is a
    Python number when the function runs, which does not decide the dtype of what it meets. integer: its entries are integers.
    symmetric, nonnegative: whether its form shows that it is equal to its transpose, and that no entry is negative. imaginary: whether a
    complex number is in it; the Python number of such a node is a complex one. is_free: whether it takes no work, not even a call of a
    function of the library; costly: the operands that take work, or have operands that do.
    """

    __slots__ = (
        "op",
        "args",
        "attrs",
        "kind",
        "shape",
        "axes",
        "ndim",
        "loops",
        "weak",
        "integer",
        "number",
        "symmetric",
        "nonnegative",
        "imaginary",
        "length",
        "is_free",
        "costly",
    )

    shape: tuple[Expr, ...]
    axes: tuple[int, ...]
    ndim: int
    loops: frozenset[Node]
    weak: bool
    integer: bool
    symmetric: bool
    nonnegative: bool
    imaginary: bool
    length: Expr | None
    is_free: bool
    costly: tuple[Node, ...]

    def __init__(self, op: str, args: tuple[Node, ...], attrs: tuple[Any, ...], kind: Any, number: int):
        self.op, self.args, self.attrs, self.kind, self.number = op, args, attrs, kind, number
        self.loops, self.weak, self.integer, self.length = frozenset(), False, False, None

    def __repr__(self) -> str:
        return f"<{self.number} {self.op} {self.attrs} {[a.number for a in self.args]}>"

    @property
    def value(self) -> Any:
        """The number of a `const`, else None."""
        return self.attrs[0] if self.op == "const" else None


def without(nodes: Iterable[Node], *gone: Node) -> list[Node]:
    """The nodes less one of each of those: equal nodes are one object, and a product has a factor twice that was met twice.

    >>> from sympy_matcalc.codegen.ir.graph import Graph
    >>> x, y = map(Graph().const, (2, 3))
    >>> [node.value for node in without([x, y, x], x)]
    [3, 2]
    """
    left = list(nodes)
    for node in gone:
        del left[next(k for k, a in enumerate(left) if a is node)]
    return left
