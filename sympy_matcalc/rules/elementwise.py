"""Elementwise products, powers and functions."""

from sympy import Lambda, S
from sympy.matrices.expressions import HadamardPower, HadamardProduct, MatMul, OneMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..canonical import functions
from ..canonical.scalars import has_matrix
from ..kernel import make
from ..kernel.binding import depends_on, substitute
from ..kernel.order import sort_key
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import RowProduct
from ..nodes.bound import BOUND, LOG
from . import linear
from .products_of_entries import d_log_of_row_products
from .registry import builtin

FIRST_SLOT = 7_200_000  # the numbers of the symbols that stand for the parameters of a function


@builtin(HadamardProduct, name="product rule, elementwise")
def d_hadamard(node, d):
    """d(A o B) = dA o B + A o dB."""
    args = node.args
    return linear.add(*(linear.hadamard(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)))


@builtin(HadamardPower, name="power rule, elementwise")
def d_hadamard_power(node, d):
    """d(A^{o k}) = k A^{o (k-1)} o dA + log(A) o A^{o k} dk, with a scalar or a matrix k."""
    a, k = node.args
    if not is_matrix(k):
        base = linear.mul(k, linear.hadamard(functions.power(a, k - 1), d(a)))
        dk = d(k)
        return base if dk is None else linear.add(base, linear.mul(dk, make.hadamard(_log(a), node)))
    da = d(a)
    if da is not None:
        lower = make.hadamard_power(a, make.add(k, make.mul(-1 * S.One, make.ones(*shape_of(k)))))
        da = make.hadamard(k, lower, da)
    dk = d(k)
    return linear.add(da, None if dk is None else make.hadamard(_log(a), node, dk))


def _log(a):
    return functions.elementwise(LOG, a)


@builtin(ElementwiseApplyFunction, name="differential of an elementwise function")
def d_apply(node, d):
    """d f(A) = f'(A) o dA, and for a scalar t inside of f: (df/dt)(A) dt."""
    f, a = node.args
    body = functions.body_of(f)
    if body == LOG and isinstance(a, RowProduct):
        return d_log_of_row_products(a, d)
    da = d(a)
    terms = [] if da is None else [_times(functions.elementwise(functions.derivative(body), a), da)]
    for p, partial in parameters(body, d):
        terms.append(linear.mul(d(p), functions.elementwise(partial, a)))
    return linear.add(*terms)


def _times(slope, da):
    """f'(A) o dA, where a constant slope is a scalar."""
    if isinstance(slope, OneMatrix):
        return da
    if isinstance(slope, MatMul) and len(slope.args) == 2 and isinstance(slope.args[1], OneMatrix):
        return linear.mul(slope.args[0], da)
    if isinstance(slope, MatMul) and not is_matrix(slope.args[0]):
        return linear.mul(slope.args[0], make.hadamard(make.mul(*slope.args[1:]), da))
    return make.hadamard(slope, da)


def parameters(body, d):
    """(p, d body / d p) for the symbols and scalars of matrices in the body of a function that depend on the variable."""
    slots = functions.slots_of(sorted(_scalars_in(body), key=sort_key), "p", FIRST_SLOT)
    shell, parts = substitute(body, slots), {slot: p for p, slot in slots.items()}
    for p, slot in slots.items():
        if d(p) is not None:
            yield p, substitute(functions.derivative(shell, slot), parts)


def _scalars_in(body):
    if body == BOUND or isinstance(body, Lambda):
        return set()
    if body.is_Symbol or has_matrix(body) and not depends_on(body, BOUND):
        return {body}
    return set().union(*(_scalars_in(a) for a in body.args)) if body.args else set()
