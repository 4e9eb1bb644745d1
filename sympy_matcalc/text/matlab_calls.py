"""Calls that MATLAB writes in a way of its own: ``max(A, [], 'all')``, ``chol(A, 'lower')``, ``reshape(A, [], 1)``."""

from typing import Any

from .axes import OF_COLUMNS
from .functions import ALIASES
from .operators import MATLAB
from .tree import Node

TRIANGLES = ("lower", "upper")


def matlab_call(reader: Any, name: str, args: list[Any], place: tuple[int, int]) -> Node | None:
    """The call of one of them; None for any other."""
    function = ALIASES.get(name, name)
    if function in OF_COLUMNS and [a.data for a in args[1:]] in (["text"], ["empty", "text"]) and _word(args[-1]) == "all":
        node = reader.plain_call(name, function, args[:1], place)
        node.kinds = tuple(kind for kind in node.kinds if kind != "all")  # which says that it could be of each column
        return node
    if function == "chol" and len(args) == 2 and _word(args[1]) in TRIANGLES:
        factor = reader.plain_call(name, function, args[:1], place)
        return factor if _word(args[1]) == "lower" else reader.node("T", (factor,), place)
    if name == "reshape" and MATLAB in (reader.syntax, reader.dialect):
        return _reshaped(reader, args, place)
    return None


def _reshaped(reader, args, place):
    """``reshape(A, [], 1)``, ``reshape(x, m, n)``: column by column, which NumPy's is not."""
    kinds = [a.data for a in args]
    if len(args) == 3 and kinds[1] == "empty" and reader.text(args[2]) == "1":
        return reader.plain_call("vec", "vec", args[:1], place)
    if len(args) == 3 and "empty" not in kinds:
        return reader.plain_call("unvec", "unvec", args, place)
    raise reader.error(args[-1] if args else place[0], "a `reshape` of another kind", "write `reshape(A, [], 1)` or `reshape(x, m, n)`")


def _word(tree):
    """The text in quotes."""
    return str(tree.children[0]).strip("'\"") if tree.data == "text" else None
