"""Lowering of SymPy's matrix nodes: sums, products, and elementwise operations."""

from sympy import Add, Lambda, MatAdd, MatMul, OneMatrix, Sum, Tuple
from sympy.matrices.expressions.permutation import PermutationMatrix

from ..canonical.checks import no_product
from ..errors import MatcalcError, ShapeError
from .ir.labels import Label
from .ir.product import multiplied
from .lower import children, is_array, network, rule, shape_of
from .lower_chains import with_second_of_chains
from .lower_scalar import power
from .lower_spectral import around, with_compositions
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
    terms = with_second_of_chains(e.args) if ctx.decomposes else e.args
    return ctx.sum_of([(ctx.low(a), shape_of(a)) for a in terms])


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
    if exponent == 0:  # the graph has 1 for it, which has no axes
        return ctx.low(OneMatrix(*shape_of(e)))
    val = ctx.undiag(ctx.low(base), shape_of(base)) if is_array(base) else ctx.low(base)
    if is_array(exponent):
        return ctx.elementwise(ctx.graph.pow, val, ctx.undiag(ctx.low(exponent), shape_of(exponent)))
    return power(ctx, val, exponent)


@rule("ElementwiseApplyFunction", "ArrayElementwiseApplyFunc")
def elementwise_apply(ctx, e):
    f, arg = (e.function, e.expr)
    val = ctx.undiag(ctx.low(arg), shape_of(arg))
    if not f.has(Sum):
        return apply(ctx, f, val)
    places = {
        x: Label(shape_of(arg)[x], index=True) if not isinstance(x, Label) else x for x in val.labels
    }  # in a Sum what has none is a number
    found = apply(ctx, f, Val(val.node, tuple(places.values())))
    back = {label: x for x, label in places.items()}
    return Val(found.node, tuple(back.get(x, x) for x in found.labels))


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
    matrices = [a for a in e.args if is_array(a)]
    for left, right in zip(matrices, matrices[1:]):
        first, second = shape_of(left), shape_of(right)
        if (first[1] == 1) != (second[0] == 1):  # SymPy lets a size and 1 stand for the same
            raise no_product(left, right, first, second)
    return product(ctx, with_compositions(ctx, e.args))


def product(ctx, args):
    """The network of a product of matrices, with scalars among them."""
    parts, equal, ends = [], [], None
    for net, a in _operands(ctx, args):
        parts.append(net)
        if net.out in ((), (None, None)):
            continue  # a scalar, or 1x1 in the place of one or beside an axis of length 1, which it leaves as it is
        if ends is not None:
            equal += joined(ends[1], net.out[0], a)
        ends = net.out if ends is None else (ends[0], net.out[1])
    return multiplied(parts, ends if ends is not None else (None, None) if any(map(is_array, args)) else (), equal)


def _operands(ctx, args):
    """(network, expression) of each factor. Of a permutation matrix and the factor beside it: that one, in another order."""
    args = list(args)
    while args:
        a, following = args.pop(0), args[0] if args and not ctx.bindings else None
        if isinstance(a, PermutationMatrix) and following is not None and is_array(following):
            numbers, a = a.args[0].array_form, args.pop(0)
            yield leaf(squeezed(ctx, ctx.graph.make("gather", (ctx.matrix(a)[0],), numbers), shape_of(a)), shape_of(a)), a
        elif isinstance(following, PermutationMatrix) and is_array(a):
            numbers = (args.pop(0).args[0] ** -1).array_form
            columns = ctx.graph.make("gather", (ctx.graph.transpose(ctx.matrix(a)[0]),), numbers)
            yield leaf(squeezed(ctx, ctx.graph.transpose(columns), shape_of(a)), shape_of(a)), a
        else:
            yield ctx.net_inside(a), a


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
        return Val(ctx.graph.index(val.node, {0: ctx.graph.const(0)})) if val.labels else val
    return diagonal_of(ctx, val)


@rule("Trace")
def trace(ctx, e):
    return trace_of(ctx, e.args[0])


def trace_of(ctx, arg):
    """The trace; of a sum term by term, of a product without the product."""
    if isinstance(arg, (MatAdd, Add)):
        return ctx.add(*(trace_of(ctx, a) for a in arg.args))
    net = ctx.net(MatMul(*around(ctx, arg.args)) if isinstance(arg, MatMul) else arg)
    return contract(ctx, net.with_axes((), *([net.out] if net.out[0] is not None else [])))


@children("Trace")
def trace_children(e):
    return e.args[0].args if isinstance(e.args[0], (MatAdd, MatMul)) else e.args


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
    return Val(ctx.graph.index(node, {k: ctx.graph.const(0) for k in range(len(shape)) if k not in at}), at)
