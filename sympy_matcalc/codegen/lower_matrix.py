"""Lowering of SymPy's matrix nodes: sums, products, elementwise operations, linear algebra, construction and access."""

from sympy import Add, Lambda, MatAdd, MatMul, S, Tuple

from ..errors import MatcalcError, ShapeError
from .ir.labels import Label
from .ir.product import Factor, Product, multiplied
from .lower import NeedsLoop, children, is_array, network, rule, shape_of
from .lower_scalar import power
from .network import contract, leaf
from .values import COL, ROW, Val


# ---- leaves
@rule("MatrixSymbol", "ArraySymbol")
def matrix_symbol(ctx, e):
    bound = ctx.bindings.get(e)
    if bound is not None:
        return bound
    labels = tuple(k for k, s in enumerate(e.shape) if s != 1)
    return Val(ctx.graph.make("arg", (), (e,), weak=False), labels)


@rule("AsMatrix")
def as_matrix(ctx, e):
    """The very array: an axis of literal length 1 has no label."""
    return ctx.low(e.array)


@rule("Identity")
def identity(ctx, e):
    return Val(ctx.graph.const(1), (), diag=e.shape[0] != 1)


@rule("OneMatrix", "OneArray")
def ones(ctx, e):
    return ctx.const(1)


@rule("ZeroMatrix", "ZeroArray")
def zeros(ctx, e):
    return ctx.const(0)


@children("Identity", "OneMatrix", "ZeroMatrix", "OneArray", "ZeroArray", "MatrixSymbol", "ArraySymbol", "CommutationMatrix", "MatrixUnit")
def no_children(e):
    return ()


# ---- sums and elementwise operations
@rule("MatAdd", "ArrayAdd")
def mat_add(ctx, e):
    return ctx.sum_of([(ctx.low(a), shape_of(a)) for a in e.args])


@rule("HadamardProduct")
def hadamard_product(ctx, e):
    return hadamard(ctx, [ctx.low(a) for a in e.args])


def hadamard(ctx, vals):
    """Elementwise product; with a diagonal factor only the diagonals of the others count."""
    if not any(v.diag for v in vals):
        return ctx.mul(*vals)
    out = ctx.mul(*(Val(v.node, v.labels) if v.diag else diagonal_of(ctx, v) for v in vals))
    return Val(out.node, out.labels, diag=True)


def diagonal_of(ctx, val):
    """The diagonal of a square value, along axis 0."""
    if val.diag:
        return Val(val.node, val.labels)
    if ROW in val.labels and COL in val.labels:
        i, j = val.labels.index(ROW), val.labels.index(COL)
        rest = [x for x in val.labels if x not in (ROW, COL)]
        return Val(ctx.graph.make("diagonal", (val.node,), (i, j)), (*rest, ROW))
    return Val(val.node, tuple(ROW if x == COL else x for x in val.labels))


@rule("HadamardPower")
def hadamard_power(ctx, e):
    base, exponent = e.args
    val = ctx.undiag(ctx.low(base), shape_of(base)) if is_array(base) else ctx.low(base)
    if is_array(exponent):
        return ctx.elementwise(ctx.graph.pow, val, ctx.undiag(ctx.low(exponent), shape_of(exponent)))
    return power(ctx, val, exponent)


@rule("ElementwiseApplyFunction", "ArrayElementwiseApplyFunc")
def elementwise_apply(ctx, e):
    f, arg = (e.function, e.expr)
    val = ctx.undiag(ctx.low(arg), shape_of(arg))
    return apply(ctx, f, val)


def apply(ctx, f, *vals):
    """A Lambda, or a function class, of values, elementwise."""
    if not isinstance(f, Lambda):
        raise MatcalcError(f"`lambdify` can apply a Lambda elementwise: write `Lambda(t, f(t))`; got `{f}`")
    signature = f.signature
    if len(signature) != len(vals) or any(isinstance(s, Tuple) for s in signature):
        raise MatcalcError(f"`lambdify` can apply a Lambda of {len(vals)} plain arguments, got `{f}`")
    return ctx.scoped(dict(zip(signature, vals, strict=True)), lambda: ctx.low(f.expr))


@children("ElementwiseApplyFunction", "ArrayElementwiseApplyFunc")
def elementwise_children(e):
    return [e.expr]


@rule("Conjugate")
def conjugate_(ctx, e):
    val = ctx.low(e.args[0])
    return Val(ctx.graph.call("conj", val.node), val.labels, val.diag)


@rule("conjugate", "re", "im")
def parts(ctx, e):
    val = ctx.low(e.args[0])
    name = {"conjugate": "conj", "re": "real", "im": "imag"}[type(e).__name__]
    return Val(ctx.graph.call(name, val.node), val.labels, val.diag)


# ---- products
@network("MatMul", "DotProduct")
def mat_mul(ctx, e):
    if type(e).__name__ == "DotProduct":
        x, y = e.args
        x = x.T if x.shape[1] == 1 else x
        return product(ctx, [x, y if y.shape[1] == 1 else y.T])
    return product(ctx, e.args)


def product(ctx, args):
    """The network of a product of matrices, with scalars among them."""
    parts, equal, ends = [], [], None
    for a in args:
        net = ctx.net_inside(a)
        parts.append(net)
        if net.out in ((), (None, None)) and (ends is None or ends[1] is not None):
            continue  # a scalar, or 1x1 in the place of one
        if ends is not None:
            equal += joined(ends[1], net.out[0], a)
        ends = net.out if ends is None else (ends[0], net.out[1])
    return multiplied(parts, ends if ends is not None else (None, None) if any(map(is_array, args)) else (), equal)


def joined(left, right, e):
    """The pair of inner axes of a product, which are one; none where they are of literal length 1."""
    if (left is None) != (right is None):
        raise ShapeError(
            f"in a product, the size before `{type(e).__name__}` of shape {shape_of(e)} differs from its rows; they must be equal"
        )
    return [] if left is None else [(left, right)]


@network("Transpose")
def transpose(ctx, e):
    net = ctx.net(e.args[0])
    return net.with_axes(net.out[::-1])


@rule("Adjoint")
def adjoint(ctx, e):
    val = ctx.low(e.args[0]).flipped()
    return Val(ctx.graph.call("conj", val.node), val.labels, val.diag)


@network("DiagMatrix")
def diag_matrix(ctx, e):
    vector = ctx.net_inside(e.args[0])
    axis = next((x for x in vector.out if x is not None), None)
    return vector.with_axes((axis, axis))


@rule("DiagonalMatrix")
def diagonal_matrix(ctx, e):
    if all(s == 1 for s in shape_of(e)):
        return ctx.low(e.args[0])
    shape = shape_of(e.args[0])
    if shape[0] != shape[1]:
        return rectangular_diagonal(ctx, e)
    val = diagonal_of(ctx, ctx.low(e.args[0]))
    return Val(val.node, val.labels, diag=True)


def rectangular_diagonal(ctx, e):
    val = ctx.dense(ctx.low(e.args[0]), shape_of(e))
    m, n = (ctx.size(s) for s in shape_of(e))
    eye = ctx.graph.make("eye", (m, ctx.graph.dtype_node(), n))
    return ctx.mul(val, Val(eye, (ROW, COL)))


@network("DiagonalOf")
def diagonal_of_net(ctx, e):
    net = ctx.net(e.args[0])
    shape = shape_of(e.args[0])
    if shape[0] != shape[1] or net.out[0] is None:
        return leaf(diagonal_short(ctx, e), shape_of(e))
    return net.with_axes((net.out[0], None), net.out)


def diagonal_short(ctx, e):
    val = ctx.dense(ctx.low(e.args[0]), shape_of(e.args[0]))
    if len(val.labels) < 2:
        return Val(ctx.graph.make("index", (val.node, ctx.graph.const(0)), (0,))) if val.labels else val
    return diagonal_of(ctx, val)


@rule("Trace")
def trace(ctx, e):
    return trace_of(ctx, e.args[0])


def trace_of(ctx, arg):
    """The trace; of a sum term by term, of a product without the product."""
    if isinstance(arg, (MatAdd, Add)):
        return ctx.add(*(trace_of(ctx, a) for a in arg.args))
    net = ctx.net(arg)
    return contract(ctx, net.with_axes((), *([net.out] if net.out[0] is not None else [])))


@children("Trace")
def trace_children(e):
    return e.args[0].args if isinstance(e.args[0], (MatAdd, MatMul)) else e.args


# ---- linear algebra
@network("Inverse")
def inverse(ctx, e):
    return inverse_net(ctx, e.args[0])


def inverse_net(ctx, arg):
    return inverse_of(ctx, ctx.low(arg), shape_of(arg))


def inverse_of(ctx, val, shape):
    """The inverse of a value as a factor that contraction turns into a solve."""
    if val.diag or all(s == 1 for s in shape):
        one_over = ctx.elementwise(lambda x: ctx.graph.pow(x, ctx.graph.const(-1)), Val(val.node, val.labels))
        return leaf(Val(one_over.node, one_over.labels, val.diag), shape)
    a, b = Label(shape[0]), Label(shape[1])
    if set(val.labels) == {ROW, COL}:  # the inverse has the labels of its argument the other way round
        labels = (a, b) if val.labels == (ROW, COL) else (b, a)
        return Product((), [Factor(val.node, labels, inverse=True)], (a, b), labels=(a, b))
    val = ctx.dense(val, shape)
    if len(val.labels) > 2:
        return leaf(Val(ctx.graph.make("inv", (val.node,)), val.labels), shape)
    return Product((), [Factor(val.node, (a, b), inverse=True)], (a, b), labels=(a, b))


@network("MatPow")
def mat_pow(ctx, e):
    base, exponent = e.args
    shape = shape_of(base)
    val = ctx.low(base)
    if val.diag or all(s == 1 for s in shape):
        p = power(ctx, Val(val.node, val.labels), exponent)
        return leaf(Val(p.node, p.labels, val.diag), shape)
    if exponent.is_Integer and 0 < abs(exponent) <= 16:
        one = ctx.net_inside(base) if exponent > 0 else inverse_net(ctx, base)
        return chained([one.fresh() for _ in range(abs(int(exponent)))])
    val = ctx.dense(val, shape)
    k = ctx.index(exponent)
    if exponent.is_integer is False or k.labels:
        raise NeedsLoop("power") if k.labels else MatcalcError(f"`lambdify` needs an integer power of a matrix, got the power {exponent}")
    return leaf(Val(ctx.graph.make("matrix_power", (val.node, k.node)), val.labels), shape)


def chained(parts):
    """The product of square matrices, one after the other."""
    equal = [(a.out[1], b.out[0]) for a, b in zip(parts, parts[1:], strict=False)]
    return multiplied(parts, (parts[0].out[0], parts[-1].out[1]), equal)


@rule("Determinant")
def determinant(ctx, e):
    shape = shape_of(e.args[0])
    val = ctx.low(e.args[0])
    if all(s == 1 for s in shape):
        return val
    node, batch = ctx.square(e.args[0])
    return Val(ctx.graph.of_square("det", node), batch)


@rule("KroneckerProduct")
def kronecker(ctx, e):
    node, _ = ctx.matrix(e.args[0])
    for a in e.args[1:]:
        node = ctx.graph.make("kron", (node, ctx.matrix(a)[0]))
    return squeezed(ctx, node, shape_of(e))


def squeezed(ctx, node, shape):
    """A two-axis node as a value: axes of literal length 1 are taken out."""
    at = tuple(k for k, s in enumerate(shape) if s != 1)
    if len(at) == len(shape):
        return Val(node, at)
    pattern = tuple(None if k in at else 0 for k in range(len(shape)))
    zero = ctx.graph.const(0)
    return Val(ctx.graph.make("index", (node, *(zero for p in pattern if p == 0)), pattern), at)


# ---- construction
@rule("ImmutableDenseMatrix", "MutableDenseMatrix", "ImmutableSparseMatrix", "MutableSparseMatrix", "MatrixBase")
def explicit(ctx, e):
    rows = [[ctx.scalar(e[i, j]) for j in range(e.shape[1])] for i in range(e.shape[0])]
    flat = [v for row in rows for v in row]
    if any(v.labels for v in flat):
        raise NeedsLoop("explicit matrix")
    if len(flat) == 1:
        return flat[0]
    layout = (len(rows), len(rows[0])) if 1 not in e.shape else (len(flat),)
    labels = tuple(k for k, s in enumerate(e.shape) if s != 1)
    return Val(ctx.graph.make("array", (*(v.node for v in flat), ctx.graph.dtype_node()), layout), labels)


@children("MatrixBase")
def explicit_children(e):
    return list(e)


@rule("BlockMatrix", "BlockDiagMatrix")
def block(ctx, e):
    blocks = e.blocks
    rows = [[ctx.matrix(blocks[i, j])[0] for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    node = ctx.graph.make("block", tuple(b for row in rows for b in row), (len(rows), len(rows[0])))
    return squeezed(ctx, node, shape_of(e))


@children("BlockMatrix", "BlockDiagMatrix")
def block_children(e):
    blocks = e.blocks
    return [blocks[i, j] for i in range(blocks.shape[0]) for j in range(blocks.shape[1])]


@rule("FunctionMatrix")
def function_matrix(ctx, e):
    m, n, f = e.args
    bindings, labels = {}, {}
    for axis, (s, size) in enumerate(zip(f.signature, (m, n), strict=True)):
        if size == 1:
            bindings[s] = ctx.const(0)
            continue
        label = Label(size, index=True, low=S.Zero)
        bindings[s] = arange(ctx, label)
        labels[label] = axis
    val = ctx.scoped(bindings, lambda: ctx.low(f.expr))
    return Val(val.node, tuple(labels.get(x, x) for x in val.labels))


def arange(ctx, label):
    """The integers that an index runs over."""
    low, size = ctx.size(label.low), ctx.size(label.size)
    return Val(ctx.graph.make("arange", (low, ctx.graph.add(low, size)), integer=True), (label,))


@children("FunctionMatrix", "Lambda")
def function_matrix_children(e):
    return ()


# ---- access
@network("MatrixSlice")
def matrix_slice_net(ctx, e):
    return selector(ctx, e) or leaf(matrix_slice(ctx, e), shape_of(e))


def selector(ctx, e):
    """The network of some rows, or some columns, of the identity: multiplying by them is access to part of an axis."""
    parent, *slices = e.args
    if type(parent).__name__ != "Identity" or 1 in shape_of(e) or 1 in shape_of(parent):
        return None
    n = parent.shape[0]
    axis = next((k for k in (0, 1) if tuple(slices[1 - k]) == (0, n, 1)), None)
    if axis is None:
        return None
    start, stop, step = slices[axis]
    short, long = Label(shape_of(e)[axis]), Label(n)
    at = ctx.size(start), ctx.within(ctx.size(stop), n + 1), ctx.size(step)
    node = ctx.graph.make("selector", (ctx.size(n), ctx.graph.dtype_node(), *at))
    out = (short, long) if axis == 0 else (long, short)
    return Product((), [Factor(node, (short, long))], out, labels=(short, long))


def matrix_slice(ctx, e):
    parent, *slices = e.args
    shape = shape_of(parent)
    val = ctx.dense(ctx.low(parent), shape)
    axes = [k for k, s in enumerate(shape) if s != 1]
    extra = len(val.labels) - len(axes)
    args, pattern, labels = [], [None] * extra, list(val.labels[:extra])
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
            args += [ctx.size(start), ctx.within(ctx.size(stop), shape[k] + 1), ctx.size(step)]
            labels.append(k)
    if not args:
        return val
    return Val(ctx.graph.make("slice", (val.node, *args), tuple(pattern)), tuple(labels))


@children("MatrixSlice", "MatrixElement")
def access_children(e):
    return [e.args[0]] if not isinstance(e.args[0], (MatMul, MatAdd)) else e.args[0].args


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
        pattern = tuple(0 if j == k else None for j in range(node.ndim))
        new = ctx.graph.make("index", (node, ctx.within(at.node, size)), pattern)
        return Factor(new, labels[:k] + labels[k + 1 :])
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
