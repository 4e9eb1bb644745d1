"""How many entries, rows and columns there are, as programs ask: ``len(y)``, ``X.shape[0]``, ``size(X, 1)``, ``nrow(X)``."""

from typing import Any

from sympy import Expr

from .tree import Node

ROWS, COLUMNS, ALL, LENGTH = "rows", "columns", "all", "length"
CALLED = {"len": ROWS, "nrow": ROWS, "ncol": COLUMNS, "numel": ALL, "length": LENGTH}
OF_NUMBER = {"1": ROWS, "2": COLUMNS}  # of MATLAB's and Julia's `size(X, 1)`
OF_SHAPE = {"0": ROWS, "1": COLUMNS}
ATTRIBUTES = ("size", "shape")


def is_extent(name: str, args: list[Any], declared: Any) -> bool:
    """Whether a call is of such a function."""
    return name not in declared and (
        name in CALLED and len(args) == 1 or name == "size" and len(args) == 2 and number(args[1]) in OF_NUMBER
    )


def extent(reader: Any, name: str, args: list[Any], place: tuple[int, int]) -> Node:
    kind = OF_NUMBER[number(args[1])] if name == "size" else CALLED[name]
    found: Node = reader.node("extent", (reader.read(args[0]),), place, kind)
    return found


def extent_of_array(reader: Any, node: Node, name: str, suffixes: list[Any], start: int) -> Node | None:
    """``x.size``, ``X.shape[0]`` with what stands behind the attribute; None for another."""
    behind: Any = suffixes[0] if suffixes else None
    index = behind.children[0] if getattr(behind, "data", "") == "entry" and len(behind.children) == 1 else None
    if name == "size":
        kind, end = ALL, start
    elif name == "shape" and index is not None and number(index) in OF_SHAPE:
        kind, end = OF_SHAPE[number(index)], reader.span(suffixes.pop(0))[1]
    else:
        return None
    found: Node = reader.node("extent", (node,), (node.span[0], max(end, node.span[1])), kind)
    return found


def number(tree: Any) -> str:
    return str(tree.children[0]) if tree.data == "number" else ""


def build_extent(builder: Any, node: Node) -> Expr:
    """The size; MATLAB's length of a matrix is the larger of two, and refused."""
    rows, columns = node.args[0].shape
    if node.value == LENGTH and 1 not in (rows, columns):
        text, arg = builder.source.at(node.span), builder.source.at(node.args[0].span)
        builder.fail(node, f"`{text}` of a matrix is the larger of its sizes", f"write `size({arg}, 1)` or `size({arg}, 2)`")
    found: Expr = {ROWS: rows, COLUMNS: columns}.get(node.value, rows * columns)
    return found
