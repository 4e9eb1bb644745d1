"""Sums of matrix units times scalars, at once: an entry of the result is the sum over the indices that the place of the unit has not."""

from dataclasses import dataclass
from typing import Any

from sympy import MatAdd, MatMul, Mul, S, Transpose

from ..nodes import MatrixUnit
from .ir.labels import Label
from .ir.product import Product, multiplied
from .lower import NeedsLoop, is_array, shape_of
from .lower_access import full_range, unit_factor
from .network import contract, leaf
from .values import Val


def unit_terms(body):
    """``[(scalars, matrix unit)]`` that a matrix is the sum of, multiplied out; None where it is no such sum."""
    if type(body).__name__ == "MatrixUnit":
        return [((), body)]
    if isinstance(body, Transpose):
        turned = unit_terms(body.args[0])
        return None if turned is None else [(scalars, MatrixUnit(n, m, j, i)) for scalars, unit in turned for m, n, i, j in [unit.args]]
    if isinstance(body, MatAdd):
        parts = [unit_terms(a) for a in body.args]
        return None if None in parts else [t for part in parts for t in part]
    if not isinstance(body, (MatMul, Mul)):
        return None
    matrices = [a for a in body.args if is_array(a)]
    inner = unit_terms(matrices[0]) if len(matrices) in (1, 2) else None
    scalars = tuple(a for a in body.args if not is_array(a))
    if inner is not None and len(matrices) == 2:
        inner = _outer(inner, unit_terms(matrices[1])) if shape_of(matrices[1])[0] == 1 else None
    return None if inner is None else [((*scalars, *more), unit) for more, unit in inner]


def _outer(columns, rows):
    """The products of unit columns with unit rows; None where the second are none."""
    if rows is None:
        return None
    return [((*a, *b), MatrixUnit(x.args[0], y.args[1], x.args[2], y.args[3])) for a, x in columns for b, y in rows]


def sum_of_units(ctx, terms, labels, factors_of):
    """The sum of terms over indices; NeedsLoop where the place of a unit is neither one of these, shifted or not, nor fixed."""
    summed = set(labels)
    vals = []
    for scalars, unit in terms:
        net, places = multiplied(weights(ctx, scalars, summed, factors_of)), _places(ctx, unit, summed)
        units = [place.unit for place in places if place.unit is not None]
        axes = [place.label for place in places]
        shifted = [k for k, place in enumerate(places) if place.start is not None]
        if shifted and len({x for x in axes if x is not None}) < sum(x is not None for x in axes):
            raise NeedsLoop("a shifted diagonal")
        net = multiplied([net, Product((), units, labels=[x for x in axes if x is not None])], axes)
        val = contract(ctx, net, summed=labels)
        vals.append((among_zeros(ctx, val, places, shape_of(unit)) if shifted else val, shape_of(unit)))
    return ctx.sum_of(vals)


def weights(ctx, scalars, summed, factors_of):
    """The products whose product some numbers are, 0 for pairs of indices that are not meant."""
    if ctx.mask is None:
        return [factors_of(ctx, a, summed) for a in scalars]
    return [leaf(ctx.meant(ctx.mul(ctx.const(1), *map(ctx.low, scalars))), ())]


@dataclass
class Place:
    """Where units are along an axis. label: of the axis, or of the index of which a part of it is, which begins at `start`; unit: the unit
    vector where that is fixed.
    """

    label: Any
    unit: Any = None
    start: Any = None


def _places(ctx, unit, summed):
    m, n, i, j = unit.args
    return [Place(None) if size == 1 else place_of(ctx, size, at, summed) for size, at in ((m, i), (n, j))]


def place_of(ctx, size, at, summed):
    label = full_range(ctx, at, size)
    if label in summed:
        return Place(label)
    running = [x for x in at.free_symbols if x in ctx.bindings and ctx.bindings[x].labels]
    if not running:
        label = Label(size, low=S.Zero)
        return Place(label, unit_factor(ctx, label, Val(ctx.within(ctx.index(at).node, size))))
    own = ctx.bindings[running[0]]
    shift = (at - running[0]).expand()
    if len(running) > 1 or running[0] in shift.free_symbols or own.node.op != "arange" or own.labels[0] not in summed:
        raise NeedsLoop("MatrixUnit")
    if ctx.mask is not None and own.labels[0].low == 0:  # the whole range, with indices that are not meant, whose places there may not be
        raise NeedsLoop("a place beside an index")
    return Place(own.labels[0], start=own.labels[0].low + shift)


def among_zeros(ctx, val, places, shape):
    """The value as part of axes of a matrix; what lies outside of these is an error."""
    sizes = [s if place.start is None else place.label.size for s, place in zip(shape, places, strict=True)]
    axes = [k for k, s in enumerate(shape) if s != 1]
    val, node = (dense := ctx.dense_axes(val, axes, sizes)), dense.node
    for k, place in enumerate(places):
        if place.start is not None:
            start = ctx.within(ctx.size(place.start), shape[k] + 1)
            stop = ctx.within(ctx.graph.add(start, ctx.size(place.label.size)), shape[k] + 1)
            node = ctx.graph.make("pad", (node, ctx.size(shape[k]), start, stop, ctx.graph.const(1)), (val.labels.index(k),))
    return Val(node, val.labels)


def with_one_loop(ctx, limits, at_once, looped):
    """The sum with a loop over one index, the first with which all others are summed at once. at_once: of the limits that are left;
    looped: of a limit and what is computed in the loop.
    """
    indices = {limit[0] for limit in limits}
    if len(limits) < 2 or any(indices & bound.free_symbols for limit in limits for bound in limit[1:]):
        raise NeedsLoop("bounds that are indices")
    for k, limit in enumerate(limits):
        rest = [*limits[:k], *limits[k + 1 :]]
        try:
            return looped(limit, lambda rest=rest: at_once(rest))
        except NeedsLoop:
            pass
    raise NeedsLoop("MatrixUnit")
