"""Sums of matrix units times scalars, at once: an entry of the result is the sum over the indices that the place of the unit has not."""

from sympy import MatAdd, MatMul, Mul, S

from .ir.labels import Label
from .ir.product import Product, multiplied
from .lower import NeedsLoop, is_array, shape_of
from .lower_access import full_range, unit_factor
from .network import contract


def unit_terms(body):
    """``[(scalars, matrix unit)]`` that a matrix is the sum of, multiplied out; None where it is no such sum."""
    if type(body).__name__ == "MatrixUnit":
        return [((), body)]
    if isinstance(body, MatAdd):
        parts = [unit_terms(a) for a in body.args]
        return None if None in parts else [t for part in parts for t in part]
    if not isinstance(body, (MatMul, Mul)):
        return None
    matrices = [a for a in body.args if is_array(a)]
    inner = unit_terms(matrices[0]) if len(matrices) == 1 else None
    scalars = tuple(a for a in body.args if not is_array(a))
    return None if inner is None else [((*scalars, *more), unit) for more, unit in inner]


def sum_of_units(ctx, terms, labels, factors_of):
    """The sum of terms over the indices of sums; NeedsLoop where the place of a unit is not one of these indices, or fixed."""
    summed = set(labels)
    vals = []
    for scalars, unit in terms:
        net, out = multiplied([factors_of(ctx, a, summed) for a in scalars]), _place(ctx, unit, summed)
        units = [f for _, f in out if f is not None]
        axes = [x for x, _ in out]
        net = multiplied([net, Product((), units, labels=[x for x in axes if x is not None])], axes)
        vals.append((contract(ctx, net, summed=labels), shape_of(unit)))
    return ctx.sum_of(vals)


def _place(ctx, unit, summed):
    """For each axis of a matrix unit its label, and the unit vector along it where that is fixed."""
    m, n, i, j = unit.args
    out = []
    for size, at in ((m, i), (n, j)):
        label = None if size == 1 else full_range(ctx, at, size)
        if size == 1 or label in summed:
            out.append((label, None))
            continue
        val = ctx.index(at)
        if val.labels:
            raise NeedsLoop("MatrixUnit")
        label = Label(size, low=S.Zero)
        out.append((label, unit_factor(ctx, label, type(val)(ctx.within(val.node, size)))))
    return out
