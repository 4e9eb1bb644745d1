"""Vectors with the index of a sum: of ``\\sum_i (y_i - w^\\top x_i)^2`` x_i is a column, row i of a matrix x with the samples as its rows.

Under a transpose or in a norm an indexed letter is a vector, by the text alone. Elsewhere it is an entry, unless that contradicts itself
and one letter, or the fewest, as vectors do not. What stands in one sum or difference is of one kind: `x_i - c_i`.
Sums of vectors and matrices, ``\\sum_i (x_i - \\mu)(x_i - \\mu)^\\top``, come after those of numbers.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from ..errors import MatcalcError
from .inferred import infer_shapes
from .instead_shapes import declaring
from .names import COUNTS, GREEK, is_of_numbers, kind_of_name
from .operators import DOTS
from .sizes import SCALAR
from .source import Source
from .tree import Node, below, names_in

MOST = 4  # letters that are tried
OF_SAMPLES = {"X", "Z"}  # capitals that are, with one index, vectors in statistics: `Y_i X_i^\\top \\beta`
OF_TARGETS = "abcdefgty"  # letters that are less likely those of vectors, where one of several is


def infer(
    source: Source, root: Node, declared: dict, square: Iterable[str], kinds: dict, is_trial: bool = False
) -> tuple[Node, tuple, set[str]]:
    """(the tree, what `infer_shapes` gives, the letters of vectors): as it is read first, or with indexed vectors.

    Errors: those of the first reading where no other holds, or more than one. is_trial: whether it is for the hint of an error.
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
        behind = next(sums_behind_matrices(root), None) if read else None
        if behind:
            text = source.at(behind.span)
            saw = f"`{text}` is a number, and stands behind a row or a matrix"
            first = source.error(behind.span[0], saw, "write a number in front; for a sum of vectors declare their shape, as `x: n x m`")
            read, groups = None, [(behind, {e.args[0].value for e in below(behind) if is_indexed(e)})]
        elif read and not any(is_by_force(n, shape) for n, shape in read[0].items() if n not in {*declared, *kinds}):
            return root, read, set()
    else:
        text = source.at(next(e for e in below(groups[0][0]) if is_indexed(e)).span)
        instead = "write vectors as the rows of a matrix, their products with `x` as `(A x)_i`"
        saw = f"`{text}` is an entry, a number: vectors with the index of a sum"
        first = source.error(groups[0][0].span[0], saw, instead)
    bare = names_in(unindexed(root))
    letters = list(dict.fromkeys(e.args[0].value for e in below(root) if is_indexed(e)))
    names = [n for n in letters if may_be(n, declared, kinds)]
    alike = [group for node, _ in groups for group in added_alike(node)]
    known = {*declared, *(n for _, group in groups for n in group)}  # to be of vectors
    for beside, wide, count in product((False, True), (False, True), range(1, min(len(names), MOST) + 1)):
        found = []
        for chosen in map(set, combinations([n for n in names if n in known or not wide], count)):
            if not all(chosen & group for _, group in groups) or any(chosen & one and one - chosen for one in alike):
                continue
            if beside != any(n in bare for n in chosen):  # a letter that stands without an index too is another one
                continue
            named = {n: name_of_all(n, names_in(root), declared) if n in bare else n for n in chosen}
            tree, given = with_rows(root, named), kinds | {n: "samples" for n in named.values() if n not in declared}
            columns = {n: "column" for n in letters if n[0] == "Y" and n not in {*chosen, *bare, *declared, *kinds} and chosen & OF_SAMPLES}
            try:
                shapes = infer_shapes(source, tree, declared, square, given | columns, wide)
            except MatcalcError:
                continue
            if is_sensible(tree, shapes[0], {*declared, *kinds, *columns}):
                found.append((tree, shapes, named))
        likely = [one for one in found if not any(n[0] in OF_TARGETS for n in one[2])]
        if len(found) == 1 or len(likely) == 1:
            tree, (shapes, sizes, notes, how), named = (likely or found)[0]
            notes = [*notes, *(row_note(n, named[n], *shapes[named[n]]) for n in names if n in named)]
            return tree, (shapes, sizes, notes, how), set(named.values())
        if found:
            break
    if read is None:
        check_matrices(source, root, {*declared, *kinds})
        helps = [] if is_trial or not groups else as_numbers(source, root, declared, square, kinds)
        raise source.error(groups[0][0].span[0], saw, instead + "." + declaring(helps).rstrip(".")) if helps else first
    return root, read, set()


def as_numbers(source: Source, root: Node, declared: dict, square: Iterable[str], kinds: dict) -> list[str]:
    """``q: scalar`` and such of letters that are by convention columns, each of which alone gives the text shapes."""
    names = dict.fromkeys(n for n in names_in(unindexed(root)) if kind_of_name(n) == "column" and n not in {*declared, *kinds})
    found = []
    for name in list(names)[:MOST]:
        with suppress(MatcalcError):
            infer(source, root, declared, square, {**kinds, name: "scalar"}, True)
            found.append(f"{name}: scalar")
    return found


def sums_behind_matrices(root: Node) -> Iterator[Node]:
    """Sums of numbers right behind a row or a matrix, `w^\\top \\sum_i a_i x_i`, where a sum of vectors is meant."""
    for node in below(root):
        for left, right in zip(node.args, node.args[1:]) if node.op == "mul" else ():
            if right.op == "sum" and right.shape == SCALAR and left.shape[1] != 1 and any(map(is_indexed, below(right))):
                yield right


def name_of_all(letter: str, names: list[str], declared: dict) -> str:
    """The name of the matrix of which `x_i` are the rows, where `x` is a vector too: `X`, or `xs` where that is taken."""
    capital = letter.upper() if len(letter) == 1 and letter.isascii() else ""
    taken = {*names, *declared}
    return next(name for name in (capital, letter + "s", *(f"{letter}s{i}" for i in range(1, 99))) if name and name not in taken)


def check_two_indices(source: Source, root: Node) -> None:
    """ParseError for `x_{ij}^\\top`: of a letter with two indices what is transposed is a number."""
    for node in below(root):
        arg = node.args[0] if node.op in ("T", "H") else None
        if arg is not None and arg.op == "entry" and len(arg.args) == 3 and any(i.op == "index" for i in arg.args[1:]):
            raise source.error(arg.span[0], f"`{source.at(arg.span)}` is an entry, a number, and transposed", "leave out the transpose")


def check_matrices(source: Source, root: Node, known: set[str]) -> None:
    """ParseError for `\\Sigma_k` of ``x_k^\\top \\Sigma_k x_k``, ``\\det \\Sigma_k``: a matrix for each index."""
    for node in below(root):
        inverse = node.op == "I" or node.op == "pow" and source.at(node.args[1].span).strip("{ }") == "-1"
        parts = [*node.args] if inverse or node.op == "call" and node.value in ("det", "logdet", "tr", "inv") else []
        if node.op == "mul":
            parts += [e for before, e, _ in zip(node.args, node.args[1:], node.args[2:]) if before.op in ("T", "H")]
        for e in parts:
            if is_indexed(e) and kind_of_name(e.args[0].value) == "matrix" and e.args[0].value not in known:
                text = source.at(e.span)
                saw = f"`{text}` stands as a matrix does, and a matrix for each index has three axes, which are not read"
                raise source.error(
                    e.span[0], saw, f"write the terms out with a name each; `{text}` for one vector is a row of `{e.args[0].value}`"
                )


def is_between(node: Node, known: set[str]) -> bool:
    """Whether a capital with an index, read as a vector, stands between a row and a column, where only a matrix makes sense."""
    return node.op == "mul" and any(
        is_capital(e) and not known & {*names_in(e)} and SCALAR not in (row.shape, column.shape) and row.shape[0] == 1
        for row, e, column in zip(node.args, node.args[1:], node.args[2:])
    )


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
        for left, right in zip(node.args, node.args[1:]) if node.op == "mul" else ():
            if left.op in ("T", "H") and is_indexed(right):  # no one writes a number behind a row
                yield node, {right.args[0].value}
        dots = node.value or {} if node.op == "mul" else {}
        for i, sign in dots.items() if len(dots) == 1 else ():  # of several each is a sign of numbers
            before = node.args[i - 1]
            pair = before.args[-1] if before.kinds == ("beside",) else before, node.args[i]
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
        if node.op == "sum" and node.shape != SCALAR and node.shape[0] == 1 or is_between(node, known):
            return False
    if next(sums_behind_matrices(tree), None):
        return False
    guessed = [(n, shape) for n, shape in shapes.items() if shape != SCALAR and n not in known]
    if any(shape[0] == 1 or kind_of_name(n) == "matrix" and shape[1] == 1 for n, shape in guessed):
        return False
    return not any(is_by_force(n, shape) for n, shape in shapes.items() if n not in known)


def is_capital(node: Node) -> bool:
    """Whether a node is a capital with an index that is read as a vector."""
    row = node.args[0] if node.op == "T" else node
    name = row.args[0].value if row.op == "slice" and row.args[0].op == "name" else ""
    return name != "" and kind_of_name(name) == "matrix" and name not in OF_SAMPLES


def is_number(node: Node) -> bool:
    """Whether a name is by its letter a number, and a vector here: alpha of `y_i - \\alpha x_i` for numbers x_i."""
    letter = node.value
    return node.shape != SCALAR and (
        is_of_numbers(letter) or kind_of_name(letter) != "column" and letter not in GREEK and letter[0] in "abcdefgt"
    )


def row_note(name: str, whole: str, rows: Any, columns: Any) -> str:
    said = f"`{name}` with an index is read as a vector, a row of `{whole}`, {rows} x {columns}"
    return said + (f"; for numbers declare `{name}: {rows}`" if whole == name else f", beside the vector `{name}`")


def may_be(name: str, declared: dict, kinds: dict) -> bool:
    """Whether a letter can be of vectors: it is not declared to be a vector itself, and is no `alpha`."""
    one = name in declared and any(size == 1 for size in declared[name]) or kinds.get(name, "matrix") != "matrix"
    return not one and not is_of_numbers(name)


def unindexed(node: Node) -> Node:
    """The tree without what is indexed."""
    return replace(node, args=tuple(unindexed(a) for a in node.args if not is_indexed(a)))


def with_rows(node: Node, names: dict[str, str]) -> Node:
    """A copy of a tree as it was read, with the indexed letters as columns, rows of the matrices of these names transposed."""
    args = tuple(with_rows(a, names) for a in node.args)
    if is_indexed(node) and node.args[0].value in names:
        args = (replace(args[0], value=names[node.args[0].value]), *args[1:])
        row: Any = Node("slice", args, node.span, value=[None, (None, None)])
        return Node("T", (row,), node.span)
    return replace(node, args=args, shape=(), number=False, broadcast=False, length=None)
