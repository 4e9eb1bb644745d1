"""Sums over samples whose bodies are matrices of each sample: computed by tiles of samples, as stacks of matrices.

    sum_i log det(W' diag(x_i) W)

has no matrix notation in X. A stack of all matrices may not fit into memory, and a loop over samples leaves the speed to the interpreter:
a tile has as many samples as keep its largest arrays within `MOST` numbers.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from sympy import Basic, S

from ..kernel.walks import every_node
from .ir.labels import Label
from .ir.lengths import length
from .lower import NeedsLoop, is_array, shape_of
from .values import Val

MOST = 2**20  # numbers: 8 MB in double precision


def tiled(ctx: Any, parts: Collection[Basic], limit: tuple, shape: tuple, summed: Callable[[Label], Val], of_each: Any = S.One) -> Val:
    """A sum over one limit by tiles. parts: the expressions that are computed for each index; shape: that of the sum; summed: the value of
    the sum over a label; of_each: how many there are of each part for an index.

    Raises NeedsLoop where an operation has no code for stacks, inside another sum, where the bounds may be in reverse, and where matrices
    have other sizes for other indices.
    """
    symbol, low, high = limit
    g, count = ctx.graph, high - low + 1
    if not (count.is_Symbol or count.is_nonnegative):
        raise NeedsLoop("a range that may be reversed")
    outer = {s for s, val in ctx.bindings.items() if val.labels and s not in ctx.stacks}
    if any(outer & ctx.free(part) for part in parts):  # the sum around it may have a better form than with tiles inside
        raise NeedsLoop("a sum for all indices of another one")
    one = [(S.One, S.One)] if of_each != 1 else []
    whole = lambda op, *args: g.make("builtin", args, (op,), integer=True, weak=True)  # noqa: E731
    sizes = sorted({rows * columns * of_each for rows, columns in (*_shapes(ctx, parts, symbol), *one)}, key=str)
    if any(symbol in ctx.free(s) for s in sizes):
        raise NeedsLoop("matrices of another size for each index")
    largest = whole("max", *map(ctx.size, sizes)) if len(sizes) > 1 else ctx.size(sizes[0]) if sizes else g.const(1)
    unit, total = g.const(1), ctx.size(count)
    most = whole("max", unit, g.call("floordiv", g.const(MOST), whole("max", unit, largest), integer=True))
    tiles = g.call("floordiv", g.add(total, most, g.const(-1)), most, integer=True)
    it = g.iter()
    done = g.mul(it, most)
    size = whole("min", most, g.add(total, g.mul(g.const(-1), done)))
    start = g.add(ctx.size(low), done)
    label = Label(length(size), index=True, low=length(start))
    index = Val(g.make("arange", (start, g.add(start, size)), integer=True), (label,))
    before, ctx.is_tiled = ctx.is_tiled, True
    try:
        val = ctx.dense(ctx.scoped({symbol: index}, lambda: summed(label)), shape)
    finally:
        ctx.is_tiled = before
    lengths = [ctx.size(x.size if isinstance(x, Label) else shape[x]) for x in val.labels]
    return Val(g.make("loop", (val.node, g.const(0), tiles, g.dtype_node(), *lengths), ("sum", it, True)), val.labels)


def _shapes(ctx: Any, parts: Iterable[Basic], symbol: Any) -> Iterable[tuple]:
    """The shapes of the matrices that depend on the index."""
    for part in parts:
        for e in every_node(part):
            if is_array(e) and symbol in ctx.free(e) and len(shape_of(e)) == 2:
                yield shape_of(e)
