"""Where on its axis an entry with the index of a sum stands: ``\\sum_{t=2}^T (x_t - x_{t-1})^2`` has x_1 to x_T.

An axis is counted from 1, or from 0 where a sum comes to x_0; it ends with the last entry that a sum comes to.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sympy import Integer

from .source import Source
from .tree import Node

if TYPE_CHECKING:
    from .tex_sums import End, Range


def settle(source: Source, root: Node) -> list[str]:
    """Fill in what each index is on its axis, counted from 0, and how long the axis is where that is written; notes on ends.

    ParseError for an entry in front of the first, and for a shifted index in a sum without limits.
    """
    uses: dict[tuple[Any, int], list[tuple[Node, Node, Range]]] = {}
    for entry, axis, index, one in entries(root, {}):
        base = entry.args[0]
        key = (base.value if base.op == "name" else id(base), axis)
        uses.setdefault(key, []).append((entry, index, one))
    notes = []
    for (_, axis), found in uses.items():
        notes += of_axis(source, axis, found[0][0], [(index, one) for _, index, one in found])
    return list(dict.fromkeys(notes))


def entries(node: Node, around: dict[str, "Range"]) -> Iterator[tuple[Node, int, Node, "Range"]]:
    """The entries below a node, each with an axis, its index there and the sum over that."""
    if node.op == "sum":
        around = {**around, node.value.letter: node.value}
    if node.op == "entry":
        for axis, index in enumerate(node.args[1:]):
            if index.op == "index":
                yield node, axis, index, around[index.value[0]]
    for arg in node.args:
        yield from entries(arg, around)


def of_axis(source: Source, axis: int, entry: Node, uses: list[tuple[Node, "Range"]]) -> list[str]:
    """Settle one axis of one letter, of which the first entry is given."""
    for index, one in uses:
        if index.value[1] and one.last is None:
            saw = f"`{source.at(index.span)}` in a sum over `{one.letter}` without limits"
            raise source.error(index.span[0], saw, f"write them, as in `\\sum_{{{one.letter}=1}}^{{n-1}} x_{{{one.letter}+1}}`")
    begins = [one.first + index.value[1] for index, one in uses]
    least = min(begins)
    if least < 0:
        index = uses[begins.index(least)][0]
        raise source.error(index.span[0], f"`{source.at(index.span)}` comes to {least}, in front of the first entry", "begin the sum later")
    origin = min(least, 1)
    ends = [(one.last[0], one.last[1] + index.value[1]) if one.last else None for index, one in uses]
    end = common_end(ends)
    for (index, one), begin in zip(uses, begins):
        index.value = (index.value[0], begin - origin)
        if end and one.last:
            index.sizes = (size_node((end[0], end[1] + 1 - origin), index.span),)
    shifted = end and (any(begin != origin for begin in begins) or any(one and one != end for one in ends))
    if not end or not shifted and end[1] == origin - 1:
        return []
    if not shifted and not end[0]:
        return []
    what, last, alone = source.at(entry.args[0].span), text_of(end), len(entry.args) == 2
    return [f"`{what}` has {'entries' if alone else ('rows', 'columns')[axis]} {origin} to {last}"]


def common_end(ends: "list[End | None]") -> "End | None":
    """The last of the ends, where all that are written are of one name; None else, or where none is written."""
    known = [end for end in ends if end]
    return max(known, key=lambda end: end[1]) if known and len({name for name, _ in known}) == 1 else None


def terms_of(one: "Range", span: tuple[int, int]) -> Node:
    """The node of the number of terms of a sum with a last one."""
    name, more = one.last or ("", 0)
    return size_node((name, more - one.first + 1), span)


def size_node(size: "End", span: tuple[int, int]) -> Node:
    name, more = size
    number = Node("number", (), span, Integer(more))
    if not name:
        return number
    letter = Node("name", (), span, name)
    return letter if more == 0 else Node("add", (letter, number), span)


def text_of(size: "End") -> str:
    name, more = size
    return str(more) if not name else name if not more else f"{name} {'-' if more < 0 else '+'} {abs(more)}"
