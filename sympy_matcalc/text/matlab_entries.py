"""MATLAB's entries and slices, ``A(1, 2)``, ``A(:, 1)``, ``x(2:end)``: counted from 1, the end of a range included."""

import re
from collections.abc import Collection
from typing import Any

from sympy import Integer

from .spelling import NAMED, one_spelling
from .tree import Bound, Node

EXAMPLES = "an entry is `A(1, 2)`, a row `A(1, :)`, a range `x(2:end)`; a product is `A*(...)`"


WORD = re.compile(r"[A-Za-z]{2,}")
INDEX = re.compile(r"[i-nq-t]\d*")  # what is an index by convention; p and q are sizes


def may_have_entries(name: str, declared: Collection[str]) -> bool:
    """Whether brackets behind a name are of its entries: a word that is not declared is a function that is not known, ``length(x)``."""
    return name in declared or one_spelling(name) in NAMED.values() or not WORD.fullmatch(name)


def is_whole(tree: Any) -> bool:
    """Whether a tree is the colon of `A(:)`."""
    return tree.data == "slice" and not any(bound.children for bound in tree.children if getattr(bound, "data", "") == "bound")


def matlab_entry(reader: Any, base: Any, args: list[Any], place: tuple[int, int]) -> Node:
    """The entry or slice of ``A(i, j)``, with a note that it is counted from 1."""
    single, axes = [], []
    for arg in args:
        axis = span_of(reader, arg)
        axes.append(axis)
        if axis is None:
            single.append(index_of(reader, arg))
    node = reader.node("slice" if any(axes) else "entry", [reader.read(base), *single], place, axes if any(axes) else None)
    node.sizes = tuple(bound.size for axis in axes if axis for bound in axis if bound and bound.size)
    reader.notes.append(f"`{reader.source.at(place)}` counts from 1, as MATLAB does")
    return node


def span_of(reader: Any, tree: Any) -> tuple[Bound | None, Bound | None] | None:
    """(where a range begins, where it ends), of ``end`` alone too; None for a single index."""
    if is_end(tree):
        return Bound(reader.node("number", (), tree, Integer(1)), True), None
    if tree.data != "slice":
        return None
    bounds = [part for part in tree.children if getattr(part, "data", "") == "bound"]
    if len(bounds) != 2:
        raise reader.error(tree, f"the step of `{reader.text(tree)}`", "write `first:last`")
    start, stop = (bound.children[0] if bound.children else None for bound in bounds)
    return (None if start is None else first(reader, start)), (None if stop is None else last(reader, stop))


def first(reader: Any, tree: Any) -> Bound | None:
    """Where a range begins, counted from 0."""
    value = number_of(tree)
    if value is None:
        raise reader.error(tree, f"a range from `{reader.text(tree)}`", "it begins with a number")
    return Bound(reader.node("number", (), tree, Integer(value - 1)), False) if value > 1 else None


def last(reader: Any, tree: Any) -> Bound | None:
    """Where a range ends: the number of its last entry, `end`, or `end - 1`."""
    if is_end(tree):
        return None
    if tree.data == "total" and is_end(tree.children[0]) and len(tree.children) == 3 and tree.children[1].type == "MINUS":
        return Bound(reader.read(tree.children[2]), True)
    return Bound(reader.read(tree), False)


def index_of(reader: Any, tree: Any) -> Node:
    """An index, counted from 0."""
    value = number_of(tree)
    if value is not None and value > 0:
        return reader.node("number", (), tree, Integer(value - 1))
    if tree.data == "total" and len(tree.children) == 3 and tree.children[0].data == "name":  # i + 1
        base, sign, last_part = tree.children
        shift = number_of(last_part)
        if shift is not None:
            moved = reader.node("number", (), tree, Integer(-shift if sign.type == "MINUS" else shift))
            return reader.node("add", (index_of(reader, base), moved), tree)
    if tree.data != "name":
        raise reader.error(tree, f"the index `{reader.text(tree)}`", EXAMPLES)
    name = str(tree.children[0])
    if not INDEX.fullmatch(name) and name not in reader.declared:
        raise reader.error(tree, f"`{name}` as an index", f"{EXAMPLES}; an index of this name is declared, `{name}: scalar`")
    return reader.node("add", (reader.read(tree), reader.node("number", (), tree, Integer(-1))), tree)


def number_of(tree: Any) -> int | None:
    text = str(tree.children[0]) if tree.data == "number" else ""
    return int(text) if text.isdecimal() and len(text) <= 6 else None


def is_end(tree: Any) -> bool:
    return tree.data == "name" and str(tree.children[0]) == "end"


def check_spaces(reader: Any, rows: list[list[Any]]) -> list[list[Any]]:
    """The cells of ``[a - b; c]``; ParseError for ``[a -b; c]``, where MATLAB takes the space for the end of a column."""
    for cell in (cell for row in rows for cell in row if cell.data == "total"):
        for sign in cell.children[1::2]:
            if reader.source.text[sign.start_pos - 1].isspace() and not reader.source.text[sign.end_pos].isspace():
                first, last = reader.span(cell)
                left, right = reader.source.at((first, sign.start_pos)).rstrip(), reader.source.at((sign.end_pos, last))
                mark = reader.text(sign)
                allowed = f"write two columns as `{left}, {mark}{right}`, a sum as `{left} {mark} {right}`"
                raise reader.error(sign, f"`{reader.text(cell)}` in a row can be read in two ways", allowed)
    return rows
