"""Elementwise products, powers and functions."""

from sympy import Dummy, Lambda, log
from sympy.matrices.expressions import HadamardPower, HadamardProduct
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from .. import build as b
from ..prepare import functions
from ..prepare.scalars import has_matrix
from . import linear as ln
from .registry import builtin


@builtin(HadamardProduct)
def d_hadamard(node, d):
    """d(A o B) = dA o B + A o dB."""
    args = node.args
    return ln.add(*(ln.hadamard(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)))


@builtin(HadamardPower)
def d_hadamard_power(node, d):
    """d(A^{o k}) = k A^{o (k-1)} o dA + log(A) o A^{o k} dk, with a scalar or a matrix k."""
    a, k = node.args
    if not b.is_matrix(k):
        base = ln.mul(k, ln.hadamard(functions.power(a, k - 1), d(a)))
        dk = d(k)
        return base if dk is None else ln.add(base, ln.mul(dk, b.hadamard(_log(a), node)))
    da = d(a)
    if da is not None:
        lower = b.hadamard_power(a, b.add(k, b.mul(-1 * b.S.One, b.ones(*b.shape(k)))))
        da = b.hadamard(k, lower, da)
    dk = d(k)
    return ln.add(da, None if dk is None else b.hadamard(_log(a), node, dk))


def _log(a):
    return functions.elementwise(log(b.BOUND), a)


@builtin(ElementwiseApplyFunction)
def d_apply(node, d):
    """d f(A) = f'(A) o dA, and for a scalar t inside of f: (df/dt)(A) dt."""
    f, a = node.args
    body = functions.body_of(f)
    da = d(a)
    terms = [] if da is None else [_times(functions.elementwise(functions.derivative(body), a), da)]
    for p, partial in parameters(body, d):
        terms.append(ln.mul(d(p), functions.elementwise(partial, a)))
    return ln.add(*terms)


def _times(slope, da):
    """f'(A) o dA, where a constant slope is a scalar."""
    if isinstance(slope, b.OneMatrix):
        return da
    if isinstance(slope, b.MatMul) and len(slope.args) == 2 and isinstance(slope.args[1], b.OneMatrix):
        return ln.mul(slope.args[0], da)
    if isinstance(slope, b.MatMul) and not b.is_matrix(slope.args[0]):
        return ln.mul(slope.args[0], b.hadamard(b.mul(*slope.args[1:]), da))
    return b.hadamard(slope, da)


def parameters(body, d):
    """(p, d body / d p) for the symbols and scalars of matrices in the body of a function that depend on the variable."""
    for p in sorted(_scalars_in(body), key=b.key):
        if d(p) is not None:
            dummy = Dummy("p", real=True)
            yield p, b.substitute(functions.derivative(b.substitute(body, {p: dummy}), dummy), {dummy: p})


def _scalars_in(body):
    if body is b.BOUND or isinstance(body, Lambda):
        return set()
    if body.is_Symbol or has_matrix(body) and not body.has(b.BOUND):
        return {body}
    return set().union(*(_scalars_in(a) for a in body.args)) if body.args else set()
