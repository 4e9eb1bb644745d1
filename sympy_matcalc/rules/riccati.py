"""Riccati equations: the differential of a solution solves Lyapunov's equation of the closed loop."""

from sympy import S, sqrt

from ..canonical import prepare
from ..canonical.form import as_scalar
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix
from ..kernel.symmetry import transpose
from ..nodes import DiscreteLyapunov, DiscreteRiccati, Lyapunov, Riccati
from . import linear
from .registry import builtin
from .spectral import symmetric_part


def _inverse(a):
    return make.inverse(a) if is_matrix(a) else 1 / a


def _transpose(a):
    return transpose(a) if is_matrix(a) else a


def _symmetric(da):
    return symmetric_part(da) if is_matrix(da) else da


def _change(node, d, gain):
    """(dQ + K' dR K, dA - dB K): what changes the cost, and the closed loop at the gain K."""
    dA, dB, dQ, dR = (d.of_part(a) for a in node.args)
    cost = linear.add(_symmetric(dQ), linear.mul(_transpose(gain), _symmetric(dR), gain))
    return cost, linear.add(dA, linear.mul(S.NegativeOne, dB, gain))


@builtin(Riccati, name="differential of a Riccati equation")
def d_riccati(node, d):
    """F' dX + dX F + dQ + K' dR K + (dA - dB K)' X + X (dA - dB K) = 0, K = R^-1 B' X, F = A - B K."""
    A, B, _, R = map(prepare, node.args)
    gain = prepare(make.mul(_inverse(R), _transpose(B), node))
    cost, change = _change(node, d, gain)
    half = linear.mul(node, change)
    right = linear.add(cost, linear.transpose(half), half)
    return None if right is None else linear.mul(S.NegativeOne, raw(Lyapunov, transpose(_loop(A, B, gain)), right))


@builtin(DiscreteRiccati, name="differential of a discrete Riccati equation")
def d_discrete_riccati(node, d):
    """dX = F' dX F + dQ + K' dR K + (dA - dB K)' X F + F' X (dA - dB K), K = (R + B' X B)^-1 B' X A, F = A - B K."""
    A, B, _, R = map(prepare, node.args)
    weight = prepare(make.mul(_transpose(B), node, B))
    gain = prepare(make.mul(_inverse(prepare(make.add(R, weight)) if is_matrix(R) else R + weight), _transpose(B), node, A))
    cost, change = _change(node, d, gain)
    loop = _loop(A, B, gain)
    half = linear.mul(transpose(loop), node, change)
    right = linear.add(cost, linear.transpose(half), half)
    return None if right is None else raw(DiscreteLyapunov, transpose(loop), right)


def _loop(A, B, gain):
    """The closed loop A - B K."""
    return prepare(make.add(A, make.mul(S.NegativeOne, B, gain)))


def _weight(B, R):
    """B R^-1 B', a number."""
    return prepare(make.mul(B, _inverse(R), _transpose(B))) if is_matrix(B) else B**2 / R


@as_scalar(Riccati)
def root_of_quadratic(e):
    """Of 2 a x - g x^2 + q = 0 the one with a - g x < 0."""
    a, B, q, R = map(prepare, e.args)
    g = _weight(B, R)
    return (a + sqrt(a**2 + g * q)) / g


@as_scalar(DiscreteRiccati)
def root_of_discrete_quadratic(e):
    """Of g x^2 + (1 - a^2 - g q) x - q = 0 the positive one, for q > 0."""
    a, B, q, R = map(prepare, e.args)
    g = _weight(B, R)
    b = a**2 + g * q - 1
    return (b + sqrt(b**2 + 4 * g * q)) / (2 * g)
