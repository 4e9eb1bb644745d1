"""Scalar functions of scalars: SymPy's own derivative of the function is the rule, memoised."""
from sympy import Abs, Derivative, Determinant, Dummy, Piecewise, Pow, Subs, Sum, Trace, log
from sympy.matrices.expressions.matexpr import MatrixElement

from .. import build as b
from ..errors import ShapeError
from ..nodes import Einsum
from ..prepare import functions
from . import linear as ln
from .registry import builtin

SCALARS_OF_MATRICES = (Trace, Determinant, MatrixElement, Einsum, Sum)


@builtin(Pow)
def d_pow(node, d):
    """d(u^k) = k u^(k-1) du + u^k log(u) dk."""
    u, k = node.args
    du, dk = d(u), d(k)
    return ln.add(
        None if du is None else ln.mul(k * u ** (k - 1), du),
        None if dk is None else ln.mul(node * log(u), dk))


@builtin(Abs)
def d_abs(node, d):
    """d|u| = sign(u) du, written (|u|/u) du beside a power of |u|, so that d log|u| = du/u; 0 at u = 0."""
    (u,) = node.args
    return ln.mul(b.substitute(functions.derivative(Abs(b.BOUND)), {b.BOUND: u}), d(u))


@builtin(Piecewise)
def d_piecewise(node, d):
    """The derivative of each piece under its own condition; jumps do not count."""
    atoms = sorted(set().union(*(_atoms(value) for value, _ in node.args)), key=b.key)
    slots = {a: Dummy("p", real=True) for a in atoms}
    terms = []
    for a, slot in slots.items():
        da = d(a)
        if da is not None:
            pieces = [(functions.derivative(b.substitute(value, slots), slot), c) for value, c in node.args]
            terms.append(ln.mul(b.substitute(Piecewise(*pieces), {s: x for x, s in slots.items()}), da))
    return ln.add(*terms)


def _atoms(e):
    """The largest parts of a scalar that are no plain scalar function: symbols and scalars of matrices."""
    if e.is_Symbol or isinstance(e, SCALARS_OF_MATRICES):
        return {e}
    return set().union(*(_atoms(a) for a in e.args)) if e.args else set()


@builtin(Sum)
def d_scalar_sum(node, d):
    """d sum_i f_i = sum_i d f_i."""
    if d.variable in node.bound_symbols:
        return None
    body = d(node.function)
    return None if body is None else b.raw(Sum, body, *node.limits)


def d_function(node, d):
    """d f(u, v, ...) = f_u du + f_v dv + ...; for every scalar function that has no rule of its own."""
    for a in node.args:
        if b.is_matrix(a):
            raise ShapeError(
                f"`{node.func}` of a matrix of shape {b.shape(a)} in `{node}`; write `.applyfunc({node.func})` for every entry")
    slots = [Dummy("u", real=True) for _ in node.args]
    return ln.add(*(None if d(a) is None else ln.mul(_partial(node, i, slots), d(a)) for i, a in enumerate(node.args)))


def _partial(node, i, slots):
    if len(node.args) == 1:
        body = node.func(b.BOUND)
        slope = functions.derivative(body)
        return b.substitute(slope, {b.BOUND: node.args[0]}) if not slope.has(Derivative) else node.fdiff(1)
    slope = functions.derivative(node.func(*slots), slots[i])
    if slope.has(Derivative):
        return Subs(slope, tuple(slots), node.args)
    return b.substitute(slope, dict(zip(slots, node.args)))
