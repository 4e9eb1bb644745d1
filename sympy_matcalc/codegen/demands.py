"""What a function asks of its arguments beyond their shapes: real numbers, a precision that linear algebra has, sizes that are not 0.

It is read off the graph and asked for where the arguments come in, so that NumPy, and every other library, says the same by name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from .ir.lengths import length
from .ir.node import Node


@dataclass
class Demands:
    """real: arguments of which a complex one is refused. linalg: those whose precision linear algebra, or a special function, has to have.
    sizes: sizes that may not be 0, and whether for the sake of an entry that is asked for by its index.
    """

    real: set[Any] = field(default_factory=set)
    linalg: set[Any] = field(default_factory=set)
    sizes: dict[Expr, bool] = field(default_factory=dict)

    def add_planned(self, order: Sequence[Node], backend: Any) -> None:
        """What the nodes of a plan ask for."""
        in_double = backend.special_in_double
        meeting = [a.number for node in order if node.kind.linalg(node) or in_double and special_name(node) for a in node.args]
        if meeting:
            below = arguments_below(order, is_cut=lambda node: node.op == "size")
            self.linalg.update(*(below[number] for number in meeting))
        tiled = _lengths_of_tiles(order)
        for node in order:
            if all(it.attrs for it in node.loops):  # tiles are at least one
                for size, is_index in node.kind.some(node):
                    whole = tiled.get(size, size)
                    self.sizes[whole] = self.sizes.get(whole, False) or is_index
        self.real |= real_arguments(order, lambda node: special_name(node) not in {"", *backend.special_of_complex})


def _lengths_of_tiles(order: Sequence[Node]) -> dict[Expr, Expr]:
    """The length of the whole axis, by that of a tile of it: one is 0 where the other is."""
    whole = {node.attrs[0]: length(node.args[-2]) for node in order if node.op == "tiles"}
    return {length(node): whole[it] for node in order if node.attrs == ("min",) for it in node.loops if it in whole}


def real_arguments(order: Sequence[Node], is_of_real: Callable[[Node], bool], marked: Iterable[int] = ()) -> set[Any]:
    """The arguments that a function of real numbers meets; `marked`: numbers of nodes whose values have to be real besides."""
    meeting = [a.number for node in order if is_of_real(node) for a in node.args]
    if not meeting and not marked:
        return set()
    below = arguments_below(order, lambda node: node.kind.numbers.real_valued(node))
    return set().union(*(below.get(number, ()) for number in (*meeting, *marked))) - {DATA}


DATA = "the dtype that all arrays have in common"


def arguments_below(order: Sequence[Node], is_cut: Callable[[Node], bool]) -> dict[int, frozenset[Any]]:
    """For each node the arguments that its value comes from; nothing passes a node that is cut."""
    below: dict[int, frozenset[Any]] = {}
    for node in order:
        if node.op in ("arg", "sym"):
            below[node.number] = frozenset([node.attrs[0]])
        elif node.op == "dtype":
            below[node.number] = frozenset([DATA])
        else:
            below[node.number] = frozenset() if is_cut(node) else frozenset().union(*(below[a.number] for a in node.args))
    return below


def is_of_real_numbers(node: Node) -> bool:
    return node.kind.numbers.of_real(node)


def special_name(node: Node) -> str:
    """What SciPy calls a special function; "" for all else."""
    name = node.attrs[0] if node.op == "call" else ""
    return name.removeprefix("special.") if name.startswith("special.") else ""
