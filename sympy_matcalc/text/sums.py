"""Sums over an index of entries: their shapes, and what they are."""

from typing import Any

from sympy import Integer, Product, S, Sum, Symbol

from ..nodes import MatrixSum
from .algebra import is_matrix, scalar
from .forced import SUMMED
from .names import kind_of_name
from .sizes import SCALAR
from .tree import below
from .typed_sizes import size_of


def read_summation(reader: Any, tree: Any) -> Any:
    """The node of a sum over an index of entries; (the index, where it begins, the index of a sum around it that it is not equal to)."""
    token, arg = tree.children
    index, first, count, other, word = token.value
    what = "a sum" if word == "sum" else "a product"
    if count in reader.indices:
        raise reader.error(token, f"a sum over `{index}` up to `{count}`, the index of another sum", "sums of entries are over whole axes")
    if index in reader.sums:
        raise reader.error(token, f"two sums over `{index}`, one inside of the other", "name one of the indices otherwise")
    if other and other not in reader.sums:
        saw = f"a sum over `{index}` other than `{other}`, and no sum over `{other}` is around it"
        raise reader.error(token, saw, "put what is summed in brackets, or name one of the indices otherwise")
    reader.sums[index] = first
    body = reader.read(arg)
    del reader.sums[index]
    used = any(part.op == "entry" and any(i.op == "index" and i.value[0] == index for i in part.args[1:]) for part in below(body))
    if not (used or count):
        raise reader.error(
            token, f"{what} over `{index}`, which counts no entries there", f"write its limits, as in `\\{word}_{{i=1}}^{{n}}`"
        )
    node = reader.node("sum", (body,), tree, (index, first, other), kinds=(word,))
    if count:
        op, value = ("number", Integer(count)) if count.isdecimal() else ("name", count)
        node.sizes = (reader.node(op, (), token, value),)
    return node


def shape_of_sum(inference: Any, node: Any) -> None:
    """A scalar; the axes that its index counts are of one length, the number of terms where that is written."""
    body, (index, _, other) = node.args[0], node.value
    wide = inference.wide_sums and node.kinds != ("prod",) and any(is_row(part, index) for part in below(body))
    if not wide:
        inference.forced.add(body, node, *SUMMED)
        inference.scalar(body, "what is summed over an index")
    length = size_of(inference.source, node.sizes[0]) if node.sizes else inference.sizes.fresh()
    for part in below(body):
        if part.op == "sum" and part.value[-1] == index:  # over all but this index, so over as many
            inference.equate((part.length,), (length,), lambda part=part: too_long(inference, node, part))
        if is_row(part, index) or is_row(part, other):
            base = part.args[0]
            inference.equate(base.shape[:1], (length,), lambda base=base: too_long(inference, node, base))
        if part.op == "entry" and len(part.args) == 3 and all(i.op == "index" for i in part.args[1:]):  # two sums: of a matrix
            inference.grow(part.args[0].shape[0], part.args[0])
            inference.grow(part.args[0].shape[1], part.args[0])
        for axis, i in enumerate(part.args[1:] if part.op == "entry" else ()):
            if i.op == "index" and i.value[0] in (index, other):
                base = part.args[0]
                if part.args[2:] == () and is_matrix_by_name(inference, base):
                    raise inference.shape_error(lambda part=part: numbered(inference, part))
                inference.equate(base.shape[axis : axis + 1], (length,), lambda base=base: too_long(inference, node, base))
    node.shape, node.number, node.length = (body.shape, False, length) if wide else (SCALAR, True, length)


def is_row(node: Any, index: str) -> bool:
    """Whether a node is the row of a matrix that the index counts."""
    return node.op == "slice" and node.args[1:] and node.args[1].op == "index" and node.args[1].value[0] == index


def is_matrix_by_name(inference: Any, node: Any) -> bool:
    """Whether a node is a name that is by convention a matrix, and of which nothing else is said."""
    known = {*inference.declared, *inference.kinds}
    return node.op == "name" and kind_of_name(node.value) == "matrix" and node.value not in known


def numbered(inference: Any, part: Any) -> str:
    text, name = inference.source.at(part.span), part.args[0].value
    return f"`{text}` (column {part.span[0] + 1}) has one index, and `{name}` is by convention a matrix; for a vector declare `{name}: n`"


def too_long(inference: Any, node: Any, base: Any) -> str:
    return f"{inference.place(base)}, and the sum over `{node.value[0]}` has another number of terms"


def symbol_of(index: str) -> Symbol:
    """The index of a sum, of every spelling: of `Sum(..., (i, -2, 2))` too, so that it is not said to be nonnegative."""
    return Symbol(index, integer=True)


def build_sum(builder: Any, node: Any, body: Any) -> Any:
    """The sum, counted from 0 as entries are; over i other than j the sum over i less the term of i = j."""
    index, first, other = node.value
    if first == 1:
        but = f" but `{other}`" if other else ""
        builder.notes.append(f"`{builder.source.at(node.span)}` counts entries from 1: `{index}` goes over all of the axis{but}")
    if is_matrix(body) and node.shape != (1, 1):
        found = MatrixSum(body, (symbol_of(index), S.Zero, node.length - 1))
    else:
        body = scalar(body)
        found = (Product if node.kinds == ("prod",) else Sum)(body, (symbol_of(index), S.Zero, node.length - 1))
    return found - body.xreplace({symbol_of(index): symbol_of(other)}) if other else found


def build_index(builder: Any, node: Any) -> Any:
    """The index; as a number it is what is written, from 1 or 0 on."""
    index, shift = node.value
    return symbol_of(index) + shift
