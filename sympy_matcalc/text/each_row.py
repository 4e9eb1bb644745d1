"""Sums along an axis that are added to a matrix, ``X - mean(X, axis=0)``: to each row of it, as NumPy and MATLAB have it."""

from typing import Any

from .sizes import SCALAR
from .tree import Node, below

ROW, COLUMN, UNSAID = "each row", "each column", "each column, if its axis is kept"  # what such a sum is added to; marks of its node
KEPT = ("keepdims", "keepdim")


def mark(node: Node, axis: str, is_kept: bool) -> Node:
    """The node of a sum along an axis, as NumPy counts it, with what it is added to.

    is_kept: whether the result is said to have two axes.
    """
    node.kinds = (*node.kinds, ROW if axis == "0" else COLUMN if is_kept else UNSAID)
    return node


def axis_of(node: Node) -> int | None:
    """The axis along which a term is of length 1, whatever it is added to; None for other terms."""
    while node.op == "mul":
        others = [arg for arg in node.args if not arg.number]
        if len(others) != 1:
            return None
        node = others[0]
    return {ROW: 0, COLUMN: 1, UNSAID: 1}.get(node.kinds[-1] if node.kinds else "")


def parted(terms: list[Node]) -> tuple[list[Node], list[Node]]:
    """The terms of a sum, and those that are added to each row or column of the others; none of these where there are no others."""
    thin = [term for term in terms if axis_of(term) is not None]
    return ([term for term in terms if term not in thin], thin) if len(thin) < len(terms) else (terms, [])


def equate_axis(inference: Any, wide: Node, thin: Node) -> None:
    """A term for each row has as many columns as the others have."""
    axis = 1 - (axis_of(thin) or 0)
    inference.equate(wide.shape[axis : axis + 1], thin.shape[axis : axis + 1], lambda: inference.unequal(wide, thin))


def repeat(inference: Any) -> None:
    """Write out what is added to each row: ``ones(n)*mean(X, axis=0)``; a note says so."""
    for node in inference.with_axes:
        node.args = tuple(repeated(inference, node, arg) for arg in node.args)


def repeated(inference: Any, node: Node, term: Node) -> Node:
    axis = axis_of(term)
    if axis is None or term.shape == SCALAR or node.shape[axis] == 1:
        return term
    text = inference.source.at(term.span)
    if any(UNSAID in part.kinds for part in below(term)):
        saw = f"`{text}` can be added to each column, or, as NumPy does without `keepdims=True`, to each row"
        raise inference.placed(f"{saw}; write `keepdims=True` behind the axis for each column", term.span[0])
    inference.notes.append(f"`{text}` is added to {'each row' if axis == 0 else 'each column'}")
    length = node.shape[axis]
    ones = Node("filled", (), term.span, (1, 1), shape=(length, SCALAR[0]))
    if axis == 1:
        ones = Node("T", (ones,), term.span, shape=(SCALAR[0], length))
    return Node("mul", (ones, term) if axis == 0 else (term, ones), term.span, shape=node.shape)
