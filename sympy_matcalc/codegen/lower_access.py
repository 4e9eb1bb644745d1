"""Lowering of access: slices and entries of matrices and of products of them."""

from sympy import Add, MatAdd, S

from ..canonical.checks import between_steps
from .ir.labels import Label
from .ir.product import Factor, Product
from .lower import network, read_arrays, shape_of
from .lower_build import arange
from .network import contract, leaf
from .values import Val


@network("MatrixSlice")
def matrix_slice_net(ctx, e):
    return selector(ctx, e) or leaf(matrix_slice(ctx, e), shape_of(e))


def _sliced(e):
    """The matrix of a slice, and (start, stop, step) of its rows and columns; ShapeError where SymPy surely takes a length for another."""
    parent, *slices = e.args
    for start, stop, step in slices:
        if ((stop - start) / step).is_integer is False:
            raise between_steps(start, stop, step)
    return parent, [tuple(bounds) for bounds in slices]


def selector(ctx, e):
    """The network of some rows, or some columns, of the identity: multiplying by them is access to part of an axis."""
    parent, slices = _sliced(e)
    if type(parent).__name__ != "Identity" or 1 in shape_of(e) or 1 in shape_of(parent):
        return None
    n = parent.shape[0]
    axis = next((k for k in (0, 1) if slices[1 - k] == (0, n, 1)), None)
    if axis is None:
        return None
    start, stop, step = slices[axis]
    short, long = Label(shape_of(e)[axis]), Label(n)
    at = ctx.size(start), ctx.end(stop, n), ctx.size(step)
    node = ctx.graph.make("selector", (ctx.size(n), ctx.graph.dtype_node(), *at))
    out = (short, long) if axis == 0 else (long, short)
    return Product((), [Factor(node, (short, long))], out, labels=(short, long))


def matrix_slice(ctx, e):
    parent, slices = _sliced(e)
    shape = shape_of(parent)
    val = ctx.dense(ctx.low(parent), shape)
    axes = [k for k, s in enumerate(shape) if s != 1]
    if ctx.is_tiled:
        found = one_of_each(ctx, val, axes, slices, shape)
        if found is not None:
            return found
    extra = len(val.labels) - len(axes)
    pattern: list[str | None] = [None] * extra
    args, labels = [], list(val.labels[:extra])
    for k in axes:
        start, stop, step = slices[k]
        if shape_of(e)[k] == 1:
            pattern.append("index")
            args.append(ctx.within(ctx.size(start), shape[k]))
        elif (start, stop, step) == (0, shape[k], 1):
            pattern.append(None)
            labels.append(k)
        else:
            pattern.append("slice")
            args += [ctx.size(start), ctx.end(stop, shape[k]), ctx.size(step)]
            labels.append(k)
    if not args:
        return val
    return Val(ctx.graph.make("slice", (val.node, *args), tuple(pattern)), tuple(labels))


def one_of_each(ctx, val, axes, slices, shape):
    """A row, or a column, for each index of a tile, the other axis whole; None for any other slice."""
    picked = [k for k in axes if slices[k][2] == 1 and (slices[k][1] - slices[k][0]).expand() == 1]
    if len(picked) != 1 or val.labels != tuple(axes):
        return None
    (k,) = picked
    axis = val.labels.index(k)
    whole = full_range(ctx, slices[k][0], shape[k])
    if whole is not None:  # the axis is that of the index
        return Val(val.node, (*val.labels[:axis], whole, *val.labels[axis + 1 :]))
    at = ctx.index(slices[k][0])
    if not at.labels:
        return None
    return Val(ctx.graph.make("take", (val.node, at.node), (axis,)), (*val.labels[:axis], *at.labels, *val.labels[axis + 1 :]))


read_arrays("MatrixSlice", "MatrixElement")


@network("MatrixElement", "ArrayElement")
def matrix_element(ctx, e):
    base = e.args[0]
    index = tuple(e.args[1]) if type(e).__name__ == "ArrayElement" else e.args[1:]
    if isinstance(base, (MatAdd, Add)):
        return leaf(ctx.add(*(contract(ctx, element(ctx, a, index)) for a in base.args)), ())
    return element(ctx, base, index)


def element(ctx, base, index):
    """The network of an entry: an axis whose index runs over all of it is renamed, other axes are indexed."""
    if isinstance(base, (MatAdd, Add)):
        return leaf(ctx.add(*(contract(ctx, element(ctx, a, index)) for a in base.args)), ())
    if type(base).__name__ == "Transpose":
        return element(ctx, base.args[0], index[::-1])
    if type(base).__name__ == "HadamardProduct":
        return leaf(ctx.mul(*(contract(ctx, element(ctx, a, index)) for a in base.args)), ())
    net = ctx.net(base)
    for x, i, size in zip(net.out, index, shape_of(base), strict=True):
        if x is None:
            continue
        label = full_range(ctx, i, size)
        if label is not None:
            net = net.with_axes(net.out, (x, label)).with_factors(net.factors, label)
        else:
            net = select(ctx, net, x, ctx.index(i))
    return net.with_axes(())


def full_range(ctx, i, size):
    """The label of the index i where it runs over exactly 0 .. size-1, else None."""
    val = ctx.bindings.get(i) if i.is_Symbol else None
    if val is None or len(val.labels) != 1 or val.node.op != "arange":
        return None
    label = val.labels[0]
    return label if label.low == 0 and (label.size - size).expand() == 0 else None


def select(ctx, net, x, at):
    """The product with its axis x at the value `at`: an integer, or integers along the index of a sum."""
    names = _roots(net, x)
    one_hot = [f for f in net.factors if any(y in names for y in f.labels)]
    if not one_hot or any(f.inverse for f in one_hot) or any(p[0] in names and p[1] in names for p in [net.out] if len(p) == 2):
        return select_by_unit(ctx, net, x, at)
    new = []
    for f in net.factors:
        while any(y in names for y in f.labels):
            k = next(k for k, y in enumerate(f.labels) if y in names)
            f = take(ctx, f, k, at, x.size)
        new.append(f)
    equal, labels = [p for p in net.equal if p[0] not in names], [y for y in net.labels if y not in names]
    return Product(net.scalars, new, net.out, equal, labels)


def _roots(net, x):
    """The labels that pairs make equal to x."""
    same, grown = {x}, True
    while grown:
        grown = False
        for a, b in net.equal:
            if (a in same) != (b in same):
                same |= {a, b}
                grown = True
    return same


def take(ctx, f, k, at, size):
    """The factor with axis k indexed by a scalar, or by an array whose labels replace the axis."""
    node, labels = f.node, list(f.labels)
    if len(at.labels) == 0:
        return Factor(ctx.graph.index(node, {k: ctx.within(at.node, size)}), labels[:k] + labels[k + 1 :])
    new = ctx.graph.make("take", (node, at.node), (k,))
    return Factor(new, (*labels[:k], *at.labels, *labels[k + 1 :]))


def select_by_unit(ctx, net, x, at):
    """The same by contraction with a unit vector: for inverses, where a row is a solve."""
    at = Val(ctx.within(at.node, x.size), at.labels) if not at.labels else at
    return net.with_factors((*net.factors, unit_factor(ctx, x, at)), x)


def unit_factor(ctx, label, at):
    """The unit vector with its one at the value `at` of the axis `label`."""
    compare = ctx.elementwise(lambda a, b: ctx.graph.compare("==", a, b), arange(ctx, Label(label.size, low=S.Zero)), at)
    unit = ctx.graph.floating(compare.node)
    return Factor(unit, tuple(y if y in at.labels else label for y in compare.labels))
