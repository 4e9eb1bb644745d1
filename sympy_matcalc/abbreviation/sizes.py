"""How often each cell is written, and how long it is, when some cells have names."""

from collections.abc import Container
from typing import NamedTuple

from .graph import Graph
from .weights import DEFINITION, NAME, weight


class Sizes(NamedTuple):
    """{cell: how often it is written}, {cell: its characters}, {cell: its nodes}; those of a cell with a name are of its definition."""

    uses: dict[int, int]
    weights: dict[int, int]
    nodes: dict[int, int]


def measured(graph: Graph, top: int, named: Container[int]) -> Sizes:
    """The sizes of all cells below `top`; what is shared and has no name is written, and counted, wherever it stands."""
    order = graph.order(top)
    weights: dict[int, int] = {}
    nodes: dict[int, int] = {}
    for n in order:
        weights[n] = weight(graph, n, lambda p: NAME if p in named else weights[p])
        nodes[n] = 1 + sum(1 if p in named else nodes[p] for p in graph.cells[n].parts)
    uses = dict.fromkeys(order, 0)
    uses[top] = 1
    for n in reversed(order):
        times = 1 if n in named else uses[n]
        for p in graph.cells[n].parts:
            uses[p] += times
    return Sizes(uses, weights, nodes)


def total(graph: Graph, top: int, named: dict[int, None]) -> int:
    """Characters of the definitions and of the expression."""
    weights = measured(graph, top, named).weights
    return weights[top] + sum(weights[n] + DEFINITION for n in named)
