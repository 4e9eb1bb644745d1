"""Vectors with the index of a sum: of ``\\sum_i (y_i - w^\\top x_i)^2`` x_i is a column, row i of a matrix x with the samples as its rows.

Under a transpose or in a norm an indexed letter is a vector, by the text alone. Elsewhere it is an entry, unless that contradicts itself
and one letter, or the fewest, as vectors do not. What stands in one sum or difference is of one kind: `x_i - c_i`.
Sums of vectors and matrices, ``\\sum_i (x_i - \\mu)(x_i - \\mu)^\\top``, come after those of numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from ..errors import MatcalcError
from .inferred import infer_shapes
from .names import COUNTS, GREEK, is_of_numbers, kind_of_name
from .operators import DOTS
from .sizes import SCALAR
from .source import Source
from .tree import Node, below, names_in

MOST = 4  # letters that are tried


def infer(source: Source, root: Node, declared: dict, square: Iterable[str], kinds: dict) -> tuple[Node, tuple, set[str]]:
    """(the tree, what `infer_shapes` gives, the letters of vectors): as it is read first, or with indexed vectors.

    Errors: those of the first reading where no other holds, or more than one.
    """
    groups = list(places_of_vectors(root))
    check_two_indices(source, root)
    read: Any = None
    first: Any = None
    if not groups:
        try:
            read = infer_shapes(source, root, declared, square, kinds)
        except MatcalcError as error:
            first = error
        if read and not any(is_by_force(n, shape) for n, shape in read[0].items() if n not in {*declared, *kinds}):
            return root, read, set()
    else:
        text = source.at(next(e for e in below(groups[0][0]) if is_indexed(e)).span)
        instead = "write vectors as the rows of a matrix, their products with `x` as `(A x)_i`"
        first = source.error(groups[0][0].span[0], f"`{text}` is an entry, a number: vectors with the index of a sum", instead)
    bare = names_in(unindexed(root))
    names = [n for n in dict.fromkeys(e.args[0].value for e in below(root) if is_indexed(e)) if may_be(n, declared, kinds, bare)]
    alike = [letters for node, _ in groups for letters in added_alike(node)]
    for wide, count in product((False, True), range(1, min(len(names), MOST) + 1)):
        found = []
        known = {*declared, *(n for _, group in groups for n in group)}  # to be of vectors
        for chosen in map(set, combinations([n for n in names if n in known or not wide], count)):
            if all(chosen & group for _, group in groups) and not any(chosen & one and one - chosen for one in alike):
                tree, given = with_rows(root, chosen), kinds | {n: "samples" for n in chosen if n not in declared}
                try:
                    shapes = infer_shapes(source, tree, declared, square, given, wide)
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


def check_two_indices(source: Source, root: Node) -> None:
    """ParseError for `x_{ij}^\\top`: of a letter with two indices what is transposed is a number."""
    for node in below(root):
        arg = node.args[0] if node.op in ("T", "H") else None
        if arg is not None and arg.op == "entry" and len(arg.args) == 3 and any(i.op == "index" for i in arg.args[1:]):
            raise source.error(arg.span[0], f"`{source.at(arg.span)}` is an entry, a number, and transposed", "leave out the transpose")


def is_by_force(name: str, shape: tuple) -> bool:
    """Whether a small letter is a row here, or a number though by convention a column: `w` of ``\\sum_i (y_i - w \\cdot x_i)^2``."""
    if kind_of_name(name) == "matrix" or name in COUNTS:
        return False
    return shape == SCALAR and kind_of_name(name) == "column" or shape != SCALAR and shape[0] == 1


def is_indexed(node: Node) -> bool:
    """Whether a node is a letter with the index of a sum alone."""
    return node.op == "entry" and len(node.args) == 2 and node.args[0].op == "name" and node.args[1].op == "index"


def places_of_vectors(root: Node) -> Iterator[tuple[Node, set[str]]]:
    """Where vectors stand, with the indexed letters there: under a transpose, in a norm or inner product, on the sides of some dots."""
    for node in below(root):
        if node.op in ("T", "H") or node.op == "call" and (node.value == "dot" or "norm" in str(node.value)):
            names = {e.args[0].value for e in below(node) if is_indexed(e)}
            if names:
                yield node, names
        for i, sign in (node.value or {}).items() if node.op == "mul" else ():
            pair = node.args[i - 1], node.args[i]
            letters = [e.args[0].value for e in pair if is_indexed(e)]
            others = [e.value for e in pair if e.op == "name"]
            if sign in DOTS and letters and (letters[0] in letters[1:] or any(map(is_of_vectors, others))):
                yield node, set(letters)


def is_of_vectors(name: str) -> bool:
    """Whether a letter is that of a vector in most books: h to z, mu, theta."""
    kind = kind_of_name(name)
    return name not in COUNTS and (kind == "column" or kind == "scalar" and name in GREEK and not is_of_numbers(name))


def added_alike(place: Node) -> Iterator[set[str]]:
    """The letters that are terms of one sum, alone or times a number: `x_i - c_i`, `y_i - \\alpha x_i`."""
    for node in below(place):
        if node.op == "add":
            factors = [[e for e in (term.args if term.op == "mul" else (term,)) if is_indexed(e)] for term in node.args]
            yield {one[0].args[0].value for one in factors if len(one) == 1}


def is_sensible(tree: Node, shapes: dict, known: set[str]) -> bool:
    """Whether no number with an index is added to a vector or scales a capital with one, no letter or sum is a row, no capital a column."""
    for node in below(tree):
        numbers = [e for e in node.args if e.shape == SCALAR and any(map(is_indexed, below(e)))]
        if node.broadcast and numbers:
            return False
        if node.op == "mul" and any(map(is_indexed, numbers)) and any(e.op == "name" and is_number(e) or is_capital(e) for e in node.args):
            return False
        if node.op == "sum" and node.shape != SCALAR and node.shape[0] == 1:
            return False
    guessed = [(n, shape) for n, shape in shapes.items() if shape != SCALAR and n not in known]
    if any(shape[0] == 1 or kind_of_name(n) == "matrix" and shape[1] == 1 for n, shape in guessed):
        return False
    return not any(is_by_force(n, shape) for n, shape in shapes.items() if n not in known)


def is_capital(node: Node) -> bool:
    """Whether a node is a capital with an index that is read as a vector."""
    row = node.args[0] if node.op == "T" else node
    return row.op == "slice" and row.args[0].op == "name" and kind_of_name(row.args[0].value) == "matrix"


def is_number(node: Node) -> bool:
    """Whether a name is by its letter a number, and a vector here: alpha of `y_i - \\alpha x_i` for numbers x_i."""
    letter = node.value
    return node.shape != SCALAR and (is_of_numbers(letter) or kind_of_name(letter) != "column" and letter[0] in "abcdefgt")


def row_note(name: str, rows: Any, columns: Any) -> str:
    return f"`{name}` with an index is read as a vector, a row of `{name}`, {rows} x {columns}; for numbers declare `{name}: {rows}`"


def may_be(name: str, declared: dict, kinds: dict, bare: list[str]) -> bool:
    """Whether a letter can be of vectors: it stands nowhere without an index, is not declared to be a vector itself, and is no `alpha`."""
    one = name in declared and any(size == 1 for size in declared[name]) or kinds.get(name, "matrix") != "matrix"
    return name not in bare and not one and not is_of_numbers(name)


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
