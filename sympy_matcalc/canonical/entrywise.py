"""Elementwise products, powers and functions in canonical form."""

from sympy import Mul, S
from sympy.matrices.expressions import HadamardPower, HadamardProduct, Inverse, MatMul, MatPow, OneMatrix, Transpose, ZeroMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import chains, make
from ..kernel.binding import substitute
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix, is_one, parted, shape_of
from ..kernel.symmetry import transpose
from ..nodes import LogSumExp, RowLogSumExp, RowSoftmax, Softmax
from ..nodes.bound import BOUND, LOG
from ..notation.row_softmax import is_exp, row_softmax_of_parts
from . import functions
from .arguments import applied
from .checks import check_equal
from .form import as_scalar, prepare, prepares
from .orientation import factors, times, transpose_prepared
from .scalars import prepare_scalar


@prepares(HadamardProduct)
def hadamard(e):
    check_equal(e.args, "elementwise product")
    parts, scalars = [], []
    for a in e.args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
        else:
            parts.append(p)
    if any(isinstance(p, ZeroMatrix) for p in parts):
        return make.zero(*shape_of(parts[0]))
    parts = row_softmax_of_parts(parts)
    if len(parts) == 1:
        return times(scalar_product(*scalars), parts[0])
    node = chains.hadamard_vectors(oriented_parts(parts, plain := _keep_parts(parts)))
    node = times(scalar_product(*scalars), _as_typed_power(node))
    return node if plain else transpose_prepared(node)


def _as_typed_power(node):
    """A power of a transpose, or a multiple of it, as it is read when typed so: the transpose of a power."""
    scale, matrices = parted(factors(node))
    power = matrices[0]
    if len(matrices) > 1 or not isinstance(power, HadamardPower) or not isinstance(power.args[0], Transpose):
        return node
    return make.mul(*scale, transpose(make.hadamard_power(power.args[0].args[0], power.args[1])))


def _keep_parts(parts):
    """Whether the elementwise product stays as it is, rather than becoming the transpose of the product of transposes."""
    rows, cols = shape_of(parts[0])
    if is_one(rows) != is_one(cols):
        return is_one(cols)
    here = (sum(isinstance(p, Transpose) for p in parts), sorted(map(sort_key, parts)))
    turned = [transpose_prepared(p) for p in parts]
    return here <= (sum(isinstance(p, Transpose) for p in turned), sorted(map(sort_key, turned)))


def oriented_parts(parts, keep):
    return parts if keep else [transpose_prepared(p) for p in parts]


@prepares(HadamardPower)
def hadamard_power(e):
    base, k = e.args
    if is_matrix(k) and shape_of(k) != (S.One, S.One):
        base, k = prepare(base), prepare(k)
        if not is_matrix(base):
            base = make.mul(base, make.ones(*shape_of(k)))
        return raw(HadamardPower, base, k)
    k = prepare(k)
    return _under(prepare(base), lambda node: functions.power(node, k))


def _under(p, f):
    """`f` of the canonical orientation, transposed back."""
    if isinstance(p, Transpose):
        return transpose(f(p.args[0]))
    rows, cols = shape_of(p)
    if isinstance(p, (MatMul, Inverse, MatPow)) and (is_one(rows) and not is_one(cols)):
        return transpose(f(transpose_prepared(p)))
    return f(p)


@prepares(ElementwiseApplyFunction)
def elementwise(e):
    body = functions.body_of(e.args[0])
    body = prepare_scalar(body, prepare)
    return _under(prepare(e.args[1]), lambda node: body == LOG and _logarithm(node) or applied(body, node, prepare))


def _logarithm(node):
    """log softmax(x) = x - logsumexp(x) 1, which neither overflows nor divides by what may be 0; that of exp(X) 1; None for others."""
    if isinstance(node, RowSoftmax):
        return prepare(make.add(node.arg, make.mul(S.NegativeOne, raw(RowLogSumExp, node.arg), make.ones(S.One, shape_of(node)[1]))))
    if isinstance(node, Softmax):
        return prepare(make.add(node.arg, make.mul(S.NegativeOne, raw(LogSumExp, node.arg), make.ones(shape_of(node)[0]))))
    if isinstance(node, MatMul) and len(node.args) == 2 and isinstance(node.args[1], OneMatrix):
        base, flip = (node.args[0].args[0], True) if isinstance(node.args[0], Transpose) else (node.args[0], False)
        if is_column(node) and is_exp(base):
            return raw(RowLogSumExp, transpose(base.args[1]) if flip else base.args[1])
    return None


@as_scalar(HadamardProduct)
def product_of_scalars(e):
    return Mul(*map(prepare, e.args))


@as_scalar(HadamardPower)
def power_of_entry(e):
    return prepare(e.args[0]) ** prepare(e.args[1])


@as_scalar(ElementwiseApplyFunction)
def function_of_entry(e):
    return prepare_scalar(substitute(functions.body_of(e.function), {BOUND: prepare(e.args[1])}), prepare)
