"""Sums over pairs of indices, ``sum_{i<j} 1/|x_i - x_j|``, of what has no matrix notation: tiles of the first index, all of the second.

The second index may begin or end at the first one. Pairs that are left out are computed with the others, and never looked at: a function
that may be infinite has 1 for its argument there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sympy import Basic, MatAdd, MatMul, Mul, S, Transpose

from ..kernel.walks import every_node
from .ir.labels import Label
from .ir.product import Product, multiplied
from .lower import NeedsLoop, is_array, shape_of
from .lower_build import arange
from .lower_units import Place, among_zeros, place_of, weights
from .network import contract, leaf
from .tiles import tiled
from .values import Val


@dataclass(frozen=True)
class Mask:
    """Which pairs are meant, a truth value for each, and the labels of the two indices."""

    val: Val
    labels: frozenset

    def is_over(self, val: Val) -> bool:
        """Whether a value is one for each pair."""
        return self.labels <= set(val.labels)


def over_pairs(ctx: Any, parts: Sequence[Basic], limits: Sequence[tuple], shape: tuple, summed: Callable[[list[Label]], Val]) -> Val:
    """A sum over two limits, the inner one first. parts: what is computed for each pair; summed: the value of the sum over two labels.

    Raises NeedsLoop where it may have another form, or no code for stacks.
    """
    inner = _inner(ctx, parts, limits)
    return tiled(ctx, parts, limits[1], shape, lambda label: _over_inner(ctx, inner, limits[1][0], label, summed), of_each=inner.size)


def all_at_once(ctx: Any, parts: Sequence[Basic], limits: Sequence[tuple], summed: Callable[[list[Label]], Val]) -> Val:
    """The same without tiles, where the sum itself has an entry for each pair."""
    inner, (symbol, first, last) = _inner(ctx, parts, limits), limits[1]
    size = last - first + 1
    if not (size.is_Symbol or size.is_nonnegative):
        raise NeedsLoop("a range that may be reversed")
    label = Label(size, index=True, low=first)
    before, ctx.is_tiled = ctx.is_tiled, True
    try:
        return ctx.scoped({symbol: arange(ctx, label)}, lambda: _over_inner(ctx, inner, symbol, label, summed))
    finally:
        ctx.is_tiled = before


class Inner(NamedTuple):
    """The inner index: its symbol, its whole range, and how it compares with the outer one where it begins or ends there."""

    symbol: Any
    low: Any
    size: Any
    compared: tuple[str, Any] | None


def _inner(ctx: Any, parts: Sequence[Basic], limits: Sequence[tuple]) -> Inner:
    if len(limits) != 2 or ctx.is_bounded or ctx.mask is not None:
        raise NeedsLoop("no two indices, or others around them, or no room")
    (inner, low, high), (outer, first, last) = limits
    if inner in first.free_symbols | last.free_symbols:
        raise NeedsLoop("bounds that are indices")
    compared = None
    if outer in low.free_symbols | high.free_symbols:
        low, high, compared = _whole_range(limits)
        _check_accesses(parts, inner, high + 1)
    size = high - low + 1
    if not (size.is_Symbol or size.is_nonnegative):
        raise NeedsLoop("a range that may be reversed")
    return Inner(inner, low, size, compared)


def _over_inner(ctx: Any, inner: Inner, outer: Any, label: Label, summed: Callable[[list[Label]], Val]) -> Val:
    """The value over the label of the outer index, which is bound, and one of the inner index."""
    other = Label(inner.size, index=True, low=inner.low)
    index, mask = arange(ctx, other), None
    if inner.compared is not None:
        op, shift = inner.compared
        at = ctx.add(ctx.bindings[outer], ctx.const(int(shift)))
        mask = Mask(ctx.elementwise(lambda a, b: ctx.graph.compare(op, a, b), index, at), frozenset((label, other)))
    before, ctx.mask = ctx.mask, mask
    try:
        return ctx.scoped({inner.symbol: index}, lambda: summed([label, other]))
    finally:
        ctx.mask = before


def _whole_range(limits: Sequence[tuple]) -> tuple[Any, Any, tuple[str, Any]]:
    """(first, last, (comparison, shift)) of an inner index that begins or ends at the outer one, or one beside it."""
    (_, low, high), (outer, first, last) = limits
    if first == 0 and high == last and (low - outer) in (0, 1):
        return S.Zero, high, (">=", low - outer)
    if first == 0 and low == 0 and (high - outer) in (0, -1):
        return S.Zero, last, ("<=", high - outer)
    raise NeedsLoop("bounds that are indices")


def _check_accesses(parts: Sequence[Basic], index: Any, size: Any) -> None:
    """NeedsLoop unless the index is one of entries, rows and columns of axes that have its whole range."""
    for part in parts:
        for e in every_node(part):
            if type(e).__name__ in ("MatrixElement", "ArrayElement"):
                indices = e.args[1:] if type(e).__name__ == "MatrixElement" else tuple(e.args[1])
                used = [(i, s) for i, s in zip(indices, shape_of(e.args[0]), strict=True) if index in i.free_symbols]
            elif type(e).__name__ == "MatrixSlice":
                used = [(b[0], s) for b, s in zip(e.args[1:], shape_of(e.args[0]), strict=True) if any(index in x.free_symbols for x in b)]
            else:
                continue
            if any(i != index or s != size for i, s in used):
                raise NeedsLoop("an index that goes beyond its range")


# ---- of numbers
def sum_of_numbers(ctx: Any, body: Any, labels: list[Label], otherwise: Callable[..., Val]) -> Val:
    """The sum of a number for each pair; `otherwise`: where all pairs are meant."""
    if ctx.mask is None:
        return otherwise(ctx, body, labels)
    return contract(ctx, leaf(ctx.meant(ctx.low(body)), ()), summed=labels)


# ---- of matrices
def sum_of_matrices(ctx: Any, body: Any, labels: list[Label], factors_of: Callable[..., Product]) -> Val:
    """The sum of a matrix for each pair, of products ``c u v'`` one by one."""
    if isinstance(body, MatAdd):
        return ctx.sum_of([(sum_of_matrices(ctx, a, labels, factors_of), shape_of(a)) for a in body.args])
    parts = body.args if isinstance(body, (MatMul, Mul)) else (body,)
    scalars, matrices = [a for a in parts if not is_array(a)], [a for a in parts if is_array(a)]
    net = ctx.net(MatMul(*matrices) if len(matrices) > 1 else matrices[0])
    return contract(ctx, multiplied([*weights(ctx, scalars, set(labels), factors_of), net], net.out), summed=labels)


# ---- of rows and columns in places of a matrix
class Line(NamedTuple):
    """A row in a matrix of zeros, ``c I[:, at] r``, or a column where it is `turned`: numbers, the place among how many, the rest."""

    scalars: tuple
    at: Any
    size: Any
    factors: list
    turned: bool


def lines_of(body: Any) -> list[Line] | None:
    """The rows and columns that a matrix is the sum of; None where it is no such sum.

    So ``(I[j, :] - I[i, :])' (x_i - x_j) / |x_i - x_j|`` has two.
    """
    if isinstance(body, MatAdd):
        parts = [lines_of(a) for a in body.args]
        return None if any(p is None for p in parts) else [line for p in parts if p is not None for line in p]
    matrices = [a for a in body.args if is_array(a)] if isinstance(body, (MatMul, Mul)) else []
    scalars = tuple(a for a in body.args if not is_array(a))
    if len(matrices) < 2:
        return None
    for turned, unit, factors in ((False, matrices[0], matrices[1:]), (True, matrices[-1], matrices[:-1])):
        places = list(_places(unit, (), turned))
        if None not in places and shape_of(factors[-1 if turned else 0])[1 if turned else 0] == 1:
            return [Line((*scalars, *more), at, size, factors, turned) for more, at, size in places]
    return None


def _places(e: Any, scalars: tuple, is_row: bool) -> Iterator[Any]:
    """``(scalars, place, length)`` of the unit columns, or rows, that a matrix is the sum of; None for what is none."""
    if isinstance(e, Transpose):
        yield from _places(e.args[0], scalars, not is_row)
    elif isinstance(e, MatAdd):
        for a in e.args:
            yield from _places(a, scalars, is_row)
    elif isinstance(e, MatMul) and sum(map(is_array, e.args)) == 1:
        yield from _places(next(filter(is_array, e.args)), (*scalars, *(a for a in e.args if not is_array(a))), is_row)
    elif type(e).__name__ == "MatrixSlice" and type(e.args[0]).__name__ == "Identity":
        n = e.args[0].shape[0]
        (start, stop, step), whole = (e.args[1], e.args[2]) if is_row else (e.args[2], e.args[1])
        yield (scalars, start, n) if tuple(whole) == (0, n, 1) and (stop - start, step) == (1, 1) else None
    else:
        yield None


def placed(factors: Sequence[tuple]) -> tuple[list[tuple[tuple, list]], list[tuple]] | None:
    """(the unit columns among the factors of an Einsum multiplied out, each choice as (scalars, [(place, length, axis)]), other factors);
    None where there are none.
    """
    choices: list[tuple[tuple, list]] = [((), [])]
    others = []
    for operand, axes in factors:
        units = list(_places(operand, (), False))
        if None in units or len(axes) != 2 or len(axes[0]) != 1 or axes[1]:
            others.append((operand, axes))
            continue
        choices = [((*c, *more), [*at, (p, size, axes[0][0])]) for c, at in choices for more, p, size in units]
    return (choices, others) if choices[0][1] else None


def sum_of_lines(ctx: Any, lines: list[Line], labels: list[Label], factors_of: Callable[..., Product]) -> Val:
    """The sum of rows and columns, each in its place, over the labels."""
    summed, vals = set(labels), []
    for line in lines:
        order = -1 if line.turned else 1
        place = place_of(ctx, line.size, line.at, summed)
        net = ctx.net(MatMul(*line.factors) if len(line.factors) > 1 else line.factors[0])
        along = net.out[0 if line.turned else 1]
        units = Product((), [place.unit] if place.unit is not None else [], labels=[place.label])
        product = multiplied([*weights(ctx, line.scalars, summed, factors_of), net, units], [place.label, along][::order])
        val = contract(ctx, product, summed=labels)
        shape = (line.size, shape_of(line.factors[0])[0] if line.turned else shape_of(line.factors[-1])[1])[::order]
        vals.append((among_zeros(ctx, val, [place, Place(along)][::order], shape) if place.start is not None else val, shape))
    return ctx.sum_of(vals)
