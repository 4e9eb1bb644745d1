"""Methods of arrays, ``x.sum()``, ``A.dot(x)``, ``(A @ B).trace()``: the functions of the same names."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from .axes import EXTREMES, along
from .tree import Node

FUNCTION = {  # what a method is called as a function
    "sum": "sum", "mean": "mean", "prod": "prod", "max": "max", "min": "min", "trace": "tr", "det": "det", "inv": "inv", "inverse": "inv",
    "norm": "norm", "diagonal": "diag", "exp": "exp", "log": "log", "abs": "abs", "logdet": "logdet",
    "square": "square", "pow": "hpow", **{name: name for name in ("sqrt", "tanh", "sigmoid", "relu", "sin", "cos", "softmax", "logsumexp")},
}  # fmt: skip
TRANSPOSES = ("transpose", "t")
METHODS_READ = {*FUNCTION, *TRANSPOSES, "dot"}


@dataclass
class Done:
    """A node where a tree is expected."""

    node: Node
    data: str = "read"
    children: tuple = ()

    @property
    def meta(self) -> Any:
        return SimpleNamespace(start_pos=self.node.span[0], end_pos=self.node.span[1])


def method(reader: Any, node: Node, name: str, called: Any, start: int) -> Node:
    """The call of a method of what has been read."""
    place, args = (start, reader.span(called)[1]), called.children
    if name == "dot":
        if len(args) != 1:
            raise reader.source.error(start, "`.dot` is of one other array", "write `A.dot(x)`, or `A*x`")
        return reader.node("mul", (node, reader.read(args[0])), place, {1: "@"})
    if name in TRANSPOSES:
        if args:
            raise reader.source.error(start, f"`.{name}` with arguments is not read", "write `.T`")
        return reader.node("T", (node,), place)
    if name in EXTREMES and len(args) == 1 and args[0].data not in ("keyword", "starred"):  # `max(X, 0)` is that of each entry and 0
        return along(reader, name, Done(node), args[0], place, by_keyword=True)
    return reader.call(FUNCTION[name], [Done(node), *args], place)
