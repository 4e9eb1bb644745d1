"""Vectors with the index of a sum: of ``\\sum_i (y_i - w^\\top x_i)^2`` x_i is a column, row i of a matrix x with the samples as its rows.

Under a transpose or in a norm an indexed letter is a vector, by the text alone. Elsewhere it is an entry, unless that contradicts itself
and one letter, or the fewest, as vectors do not. What stands in one sum or difference is of one kind: `x_i - c_i`.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

from ..errors import MatcalcError
from .names import COUNTS, kind_of_name
from .shapes import infer_shapes
from .sizes import SCALAR
from .source import Source
from .tree import Node, below, names_in, unscaled

MOST = 4  # letters that are tried


def infer(source: Source, root: Node, declared: dict, square: Iterable[str], kinds: dict) -> tuple[Node, tuple, set[str]]:
    """(the tree, what `infer_shapes` gives, the letters of vectors): as it is read first, or with indexed vectors.

    Errors: those of the first reading where no other holds, or more than one.
    """
    marked = [(node, {e.args[0].value for e in below(node) if is_indexed(e)}) for node in below(root) if stands_for_vectors(node)]
    groups = [(node, names) for node, names in marked if names]
    read: Any = None
    first: Any = None
    if not groups:
        try:
            read = infer_shapes(source, root, declared, square, kinds)
        except MatcalcError as error:
            first = error
        if read and not any(is_scalar_by_force(n, shape) for n, shape in read[0].items() if n not in {*declared, *kinds}):
            return root, read, set()
    else:
        text = source.at(next(e for e in below(groups[0][0]) if is_indexed(e)).span)
        instead = "write vectors as the rows of a matrix, their products with `x` as `(A x)_i`"
        first = source.error(groups[0][0].span[0], f"`{text}` is an entry, a number: vectors with the index of a sum", instead)
    bare = names_in(unindexed(root))
    names = [n for n in dict.fromkeys(e.args[0].value for e in below(root) if is_indexed(e)) if may_be(n, declared, kinds, bare)]
    alike = [{e.args[0].value for e in map(unscaled, node.args) if is_indexed(e)} for node in below(root) if node.op == "add"]
    for count in range(1, min(len(names), MOST) + 1):
        found = []
        for chosen in map(set, combinations(names, count)):
            if all(chosen & group for _, group in groups) and not any(chosen & one and one - chosen for one in alike):
                tree, given = with_rows(root, chosen), kinds | {n: "samples" for n in chosen if n not in declared}
                try:
                    shapes = infer_shapes(source, tree, declared, square, given)
                except MatcalcError:
                    continue
                if is_sensible(tree, shapes[0], {*declared, *kinds}):
                    found.append((tree, shapes, chosen))
        if len(found) == 1:
            tree, (shapes, sizes, notes, how), chosen = found[0]
            notes = [*notes, *(row_note(n, *shapes[n]) for n in names if n in chosen)]
            return tree, (shapes, sizes, notes, how), chosen
        if found:
            break
    if read is None:
        raise first
    return root, read, set()


def is_scalar_by_force(name: str, shape: tuple) -> bool:
    """Whether a letter that is by convention a column is a number here: `w` of ``\\sum_i (y_i - w \\cdot x_i)^2``, with numbers x_i."""
    return shape == SCALAR and kind_of_name(name) == "column" and name not in COUNTS


def is_indexed(node: Node) -> bool:
    """Whether a node is a letter with the index of a sum alone."""
    return node.op == "entry" and len(node.args) == 2 and node.args[0].op == "name" and node.args[1].op == "index"


def stands_for_vectors(node: Node) -> bool:
    return node.op in ("T", "H") or node.op == "call" and "norm" in str(node.value)


def is_sensible(tree: Node, shapes: dict, known: set[str]) -> bool:
    """Whether no number with an index is added to a vector, no letter is a row, and no capital a column."""
    if any(node.broadcast and any(map(is_indexed, map(unscaled, node.args))) for node in below(tree)):
        return False
    guessed = [(n, shape) for n, shape in shapes.items() if shape != SCALAR and n not in known]
    return not any(shape[0] == 1 or kind_of_name(n) == "matrix" and shape[1] == 1 for n, shape in guessed)


def row_note(name: str, rows: Any, columns: Any) -> str:
    return f"`{name}` with an index is read as a vector, a row of `{name}`, {rows} x {columns}; for numbers declare `{name}: {rows}`"


def may_be(name: str, declared: dict, kinds: dict, bare: list[str]) -> bool:
    """Whether a letter can be of vectors: it stands nowhere without an index, and is not declared to be a vector itself."""
    one = name in declared and any(size == 1 for size in declared[name]) or kinds.get(name, "matrix") != "matrix"
    return name not in bare and not one


def unindexed(node: Node) -> Node:
    """The tree without what is indexed."""
    return replace(node, args=tuple(unindexed(a) for a in node.args if not is_indexed(a)))


def with_rows(node: Node, names: set[str]) -> Node:
    """A copy of a tree as it was read, with the indexed letters as columns, rows of matrices transposed."""
    args = tuple(with_rows(a, names) for a in node.args)
    if is_indexed(node) and node.args[0].value in names:
        row: Any = Node("slice", args, node.span, value=[None, (None, None)])
        return Node("T", (row,), node.span)
    return replace(node, args=args, shape=(), number=False, broadcast=False, length=None)
