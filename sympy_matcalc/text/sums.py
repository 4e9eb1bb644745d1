"""Sums over an index of entries: their shapes, and what they are."""

from typing import Any

from sympy import Product, S, Sum, Symbol, prod

from ..nodes import MatrixSum
from .algebra import is_matrix, scalar
from .forced import SUMMED
from .index_pairs import Pair
from .index_ranges import terms_of
from .names import kind_of_name
from .sizes import SCALAR
from .tree import below
from .typed_sizes import size_of


def read_summation(reader: Any, tree: Any) -> Any:
    """The node of a sum over an index of entries; its value is the `Range` of the index, with limits where they are known."""
    token, arg = tree.children
    one = with_pair(token.value, arg)
    if one.is_pair and one.apart not in reader.sums:  # the one in front of it has ended: both indices are this sum's
        outer = one._replace(letter=one.apart, apart="", relation="", is_pair=False)
        reader.sums[outer.letter] = outer
        body = read_one(reader, tree, one)
        del reader.sums[outer.letter]
        return summed(reader, tree, outer, body)
    return read_one(reader, tree, one)


def read_one(reader: Any, tree: Any, one: Any) -> Any:
    """The node of a sum over one index."""
    token, arg = tree.children
    what = "a sum" if one.word == "sum" else "a product"
    if one.last and one.last[0] in reader.indices:
        saw = f"a sum over `{one.letter}` up to `{one.last[0]}`, the index of another sum"
        raise reader.error(token, saw, "sums of entries are over whole axes, or up to that index")
    if one.letter in reader.sums:
        raise reader.error(token, f"two sums over `{one.letter}`, one inside of the other", "name one of the indices otherwise")
    if one.apart:
        one = beside_another(reader, token, one)
    reader.sums[one.letter] = one
    body = reader.read(arg)
    del reader.sums[one.letter]
    used = any(part.op == "entry" and any(i.op == "index" and i.value[0] == one.letter for i in part.args[1:]) for part in below(body))
    if not (used or one.last):
        limits = f"write its limits, as in `\\{one.word}_{{{one.letter}=1}}^{{n}}`"
        raise reader.error(token, f"{what} over `{one.letter}`, which counts no entries there", limits)
    return summed(reader, tree, one, body)


def summed(reader: Any, tree: Any, one: Any, body: Any) -> Any:
    """The sum of a body that has been read."""
    node = reader.node("sum", (body,), tree, one, kinds=(one.word,))
    if one.last:
        node.sizes = (terms_of(one, node.span),)
    return node


def shifted_index(node: Any) -> tuple[str, int] | None:
    """(the index of a sum, what is added to it) of `i`, `i + 1`, `i - 1`; None for anything else."""
    if node.op == "index":
        return node.value[0], 0
    if node.op != "add" or len(node.args) != 2 or node.args[0].op != "index":
        return None
    first, second = node.args
    numbers = second.args if second.op == "mul" else (second,)
    if any(part.op != "number" or not part.value.is_Integer for part in numbers):
        return None
    return first.value[0], int(prod(part.value for part in numbers))


def with_pair(one: Any, arg: Any) -> Any:
    """``\\sum_{i=1}^{n-1} \\sum_{j=i+1}^n`` and ``\\sum_{i=2}^n \\sum_{j=1}^{i-1}`` with i from 1 to n, where the sum inside is empty."""
    last = arg.children[-1] if getattr(arg, "data", "") == "beside" else arg
    inner = last.children[0].value if getattr(last, "data", "") == "summation" else None
    if inner is None or inner.apart != one.letter or not one.last:
        return one
    if inner.relation == ">" and inner.last and inner.last == (one.last[0], one.last[1] + 1):
        return one._replace(last=inner.last)
    return one._replace(first=1) if inner.relation == "<" and one.first == 2 and inner.first == 1 else one


def beside_another(reader: Any, token: Any, one: Any) -> Any:
    """The range of an index that is compared with that of a sum around it, over which it goes as far."""
    around = reader.sums.get(one.apart)
    if around is None:
        saw = f"a sum over `{one.letter}` other than `{one.apart}`, and no sum over `{one.apart}` is around it"
        raise reader.error(token, saw, "put what is summed in brackets, or name one of the indices otherwise")
    if one.last and around.last and (one.last, one.first) != (around.last, around.first):
        saw = f"a sum over `{one.letter}` that is compared with `{one.apart}`, and goes from another first to another last"
        raise reader.error(token, saw, "let both go over the same, as in `\\sum_{1 \\leq i < j \\leq n}`")
    return one._replace(first=around.first, last=around.last)


def shape_of_sum(inference: Any, node: Any) -> None:
    """A scalar; the axes that its index counts are of one length, the number of terms where that is written."""
    body, index, other = node.args[0], node.value.letter, node.value.apart
    wide = inference.wide_sums and node.kinds != ("prod",) and any(is_row(part, index) for part in below(body))
    if not wide:
        inference.forced.add(body, node, *SUMMED)
        inference.scalar(body, "what is summed over an index")
    length = size_of(inference.source, node.sizes[0]) if node.sizes else inference.sizes.fresh()
    for part in below(body):
        if part.op == "sum" and part.value.apart == index:  # over all but this index, so over as many
            inference.equate((part.length,), (length,), lambda part=part: too_long(inference, node, part))
        if is_row(part, index) or is_row(part, other):
            base, size = part.args[0], size_of_axis(inference, part.args[1], length)
            inference.equate(base.shape[:1], (size,), lambda base=base: too_long(inference, node, base))
        if part.op == "entry" and len(part.args) == 3 and all(i.op == "index" for i in part.args[1:]):  # two sums: of a matrix
            inference.grow(part.args[0].shape[0], part.args[0])
            inference.grow(part.args[0].shape[1], part.args[0])
        for axis, i in enumerate(part.args[1:] if part.op == "entry" else ()):
            if i.op == "index" and i.value[0] in (index, other):
                base, size = part.args[0], size_of_axis(inference, i, length)
                if part.args[2:] == () and is_matrix_by_name(inference, base):
                    raise inference.shape_error(lambda part=part: numbered(inference, part))
                inference.equate(base.shape[axis : axis + 1], (size,), lambda base=base: too_long(inference, node, base))
    node.shape, node.number, node.length = (body.shape, False, length) if wide else (SCALAR, True, length)


def size_of_axis(inference: Any, index: Any, length: Any) -> Any:
    """How long the axis of an index is: as `index_ranges` has found, else as its sum."""
    return size_of(inference.source, index.sizes[0]) if index.sizes else length


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
    return f"{inference.place(base)}, and the sum over `{node.value.letter}` has another number of terms"


def symbol_of(index: str) -> Symbol:
    """The index of a sum, of every spelling: of `Sum(..., (i, -2, 2))` too, so that it is not said to be nonnegative."""
    return Symbol(index, integer=True)


def build_sum(builder: Any, node: Any, body: Any) -> Any:
    """The sum, counted from 0 as entries are."""
    one = node.value
    note_whole(builder, node)
    kind = MatrixSum if is_matrix(body) and node.shape != (1, 1) else Product if node.kinds == ("prod",) else Sum
    body = body if kind is MatrixSum else scalar(body)
    index, last = symbol_of(one.letter), node.length - 1
    pair = builder.pairs.get(id(node.args[0]))
    if pair and pair.other == index:
        return pair.both(kind, node.length) or kind(body, (index, S.Zero, last))
    if not one.apart:
        return kind(body, (index, S.Zero, last))
    pair = builder.pairs[id(node)] = Pair(body, index, symbol_of(one.apart), one.relation)
    return pair.inner(kind, node.length)


def note_whole(builder: Any, node: Any) -> None:
    """The note of a sum from 1 over the whole of an axis."""
    one, indices = node.value, [i for part in below(node) if part.op in ("entry", "slice") for i in part.args[1:] if i.op == "index"]
    mine = [i for i in indices if i.value[0] == one.letter]
    ends = any(i.value[1] or i.sizes and node.sizes and not is_same(builder, i.sizes[0], node.sizes[0]) for i in mine)
    if one.first == 1 and not ends:
        but = {"": "", "!=": f" but `{one.apart}`"}.get(one.relation, f" that is {one.relation} `{one.apart}`")
        builder.notes.append(f"`{builder.source.at(node.span)}` counts entries from 1: `{one.letter}` goes over all of the axis{but}")


def is_same(builder: Any, a: Any, b: Any) -> bool:
    return bool(size_of(builder.source, a) == size_of(builder.source, b))


def build_index(builder: Any, node: Any) -> Any:
    """The index; as a number it is what is written, from 1 or 0 on."""
    index, shift = node.value
    return symbol_of(index) + shift
