"""Lowering of inverses, powers and determinants of matrices."""

from sympy import Mul
from sympy.matrices.expressions import Determinant, DiagMatrix, MatMul

from ..errors import MatcalcError, ShapeError
from ..kernel.shapes import is_matrix, same_size
from .ir.labels import Label
from .ir.product import Factor, Product, multiplied
from .lower import NeedsLoop, network, rule, shape_of
from .lower_scalar import power
from .lower_spectral import composed
from .network import leaf
from .values import COL, ROW, Val


@network("Inverse")
def inverse(ctx, e):
    node = composed(ctx, e)
    if node is not None:
        return leaf(Val(node, (ROW, COL)), shape_of(e))
    return inverse_net(ctx, e.args[0])


def inverse_net(ctx, arg):
    _check_square(arg)
    return inverse_of(ctx, ctx.low(arg), shape_of(arg))


def _check_square(base):
    shape = shape_of(base)
    if not same_size(*shape):
        raise ShapeError(f"a power or inverse needs a square matrix, got shape {shape}: `{base}`; of every entry it is `HadamardPower`")


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
    _check_square(base)
    node = composed(ctx, e)
    if node is not None:
        return leaf(Val(node, (ROW, COL)), shape)
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
        if k.labels:
            raise NeedsLoop("power")
        root = "the square root is `MatrixSqrt`, `sqrtm(A)` in text"
        raise MatcalcError(f"`lambdify` needs an integer power of a matrix, got the power {exponent}; {root}")
    return leaf(Val(ctx.graph.make("matrix_power", (val.node, k.node)), val.labels), shape)


def chained(parts):
    """The product of square matrices, one after the other."""
    equal = [(a.out[1], b.out[0]) for a, b in zip(parts, parts[1:], strict=False)]
    return multiplied(parts, (parts[0].out[0], parts[-1].out[1]), equal)


@rule("Determinant")
def determinant(ctx, e):
    shape = shape_of(e.args[0])
    parts = _around_diagonals(e.args[0])
    if len(parts) > 1:
        return ctx.low(Mul(*parts))
    val = ctx.low(e.args[0])
    if all(s == 1 for s in shape):
        return val
    node, batch = ctx.square(e.args[0])
    return Val(ctx.graph.of_square("det", node), batch)


def _around_diagonals(matrix):
    """The determinants whose product is that of a matrix, where diagonal matrices of its shape are factors of it, and powers of scalars."""
    if not isinstance(matrix, MatMul) or not any(isinstance(a, DiagMatrix) for a in matrix.args):
        return [Determinant(matrix)]
    numbers, groups, group = [], [], []
    for a in matrix.args:
        if not is_matrix(a):
            numbers.append(a**matrix.rows)
        elif isinstance(a, DiagMatrix) and shape_of(a) == shape_of(matrix):
            groups += [group, [a]]
            group = []
        else:
            group.append(a)
    return [*numbers, *(Determinant(g[0] if len(g) == 1 else MatMul(*g)) for g in [*groups, group] if g)]
