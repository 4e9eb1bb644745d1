"""Values with named axes: what lowering computes with before positions matter."""

from dataclasses import dataclass

from .ir.labels import axis_order
from .ir.node import Node

ROW, COL = 0, 1


@dataclass(frozen=True)
class Val:
    """A node and a label for each of its axes: 0 is the row axis, 1 the column axis, a `Label` the index of a Sum.

    An axis of literal length 1 has no label; a label that is missing for another reason means that the value is constant along
    that axis. `diag`: the node holds the diagonal (axis 0) of a diagonal matrix.
    """

    node: Node
    labels: tuple = ()
    diag: bool = False

    def flipped(self):
        """The transpose: the labels 0 and 1 change places."""
        if self.diag:
            return self
        return Val(self.node, tuple({ROW: COL, COL: ROW}.get(x, x) for x in self.labels))


def align(graph, vals):
    """(nodes that broadcast against each other, their common labels)."""
    union = list(dict.fromkeys(x for v in vals for x in v.labels))
    widest = max(vals, key=lambda v: len(v.labels))
    order = widest.labels if len(widest.labels) == len(union) else tuple(sorted(union, key=axis_order))
    nodes = [graph.view(v.node, [v.labels.index(x) if x in v.labels else None for x in order]) for v in vals]
    return nodes, tuple(order)


def ordered(graph, val, order):
    """The node of `val` with its axes in `order`, which holds all of its labels; missing ones become length 1."""
    at = val.labels.index
    axes = tuple(at(x) if x in val.labels else None for x in order)
    if axes == tuple(range(val.node.ndim)) or not val.labels:
        return val.node
    return graph.make("view", (val.node,), axes) if None in axes else graph.view(val.node, axes)
