"""Solutions of Sylvester's and Lyapunov's equations, linear in the right side, and the equation differentiated for the rest."""

from sympy import S

from ..canonical import prepare
from ..canonical.form import as_scalar
from ..canonical.orientation import transpose_prepared
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.symmetry import transpose
from ..nodes import DiscreteLyapunov, Lyapunov, Sylvester
from ..nodes.linearity import Operator
from ..rules import linear
from ..rules.registry import builtin
from .operators import declare


def _minus(*factors):
    return linear.mul(S.NegativeOne, *factors)


@builtin(Sylvester, name="differential of a Sylvester equation")
def d_sylvester(node, d):
    """A dX + dX B = dC - dA X - X dB."""
    A, B, C = node.args
    right = linear.add(d(C), _minus(d(A), node), _minus(node, d(B)))
    return None if right is None else raw(Sylvester, A, B, right)


@builtin(Lyapunov, name="differential of a Lyapunov equation")
def d_lyapunov(node, d):
    """A dX + dX A' = dQ - dA X - X dA'."""
    A, Q = node.args
    right = linear.add(d(Q), _minus(d(A), node), _minus(node, linear.transpose(d(A))))
    return None if right is None else raw(Lyapunov, A, right)


@builtin(DiscreteLyapunov, name="differential of a discrete Lyapunov equation")
def d_discrete_lyapunov(node, d):
    """dX = A dX A' + dQ + dA X A' + A X dA'."""
    A, Q = node.args
    right = linear.add(d(Q), linear.mul(d(A), node, transpose(A)), linear.mul(A, node, linear.transpose(d(A))))
    return None if right is None else raw(DiscreteLyapunov, A, right)


def _turned(a):
    return prepare(transpose_prepared(a)) if is_matrix(a) else a


def _kronecker(a, b, rows, columns):
    """(I kron A + B' kron I)^-1."""
    return prepare(make.inverse(make.add(make.kron(make.identity(columns), a), make.kron(_turned(b), make.identity(rows)))))


def _sylvester_matrix(node, at):
    (A, B, _), (rows, columns) = node.args, shape_of(node)
    return _kronecker(A, B, rows, columns)


def _lyapunov_matrix(node, at):
    A, (rows, columns) = node.args[0], shape_of(node)
    return _kronecker(A, _turned(A), rows, columns)


def _discrete_matrix(node, at):
    A, (rows, _) = node.args[0], shape_of(node)
    return prepare(make.inverse(make.add(make.identity(rows**2), make.mul(S.NegativeOne, make.kron(A, A)))))


declare(
    Sylvester,
    Operator(
        lambda node: (2,),
        lambda node, at, e: Sylvester(node.args[0], node.args[1], e),
        lambda node, at, w: prepare(raw(Sylvester, *map(_turned, node.args[:2]), w)),
        _sylvester_matrix,
    ),
)


def _declare_in_right_side(cls, matrix):
    """An equation of A whose solution is linear in Q, with the same equation of A' as its adjoint."""
    declare(
        cls,
        Operator(
            lambda node: (1,),
            lambda node, at, e: cls(node.args[0], e),
            lambda node, at, w: prepare(raw(cls, _turned(node.args[0]), w)),
            matrix,
        ),
    )


_declare_in_right_side(Lyapunov, _lyapunov_matrix)
_declare_in_right_side(DiscreteLyapunov, _discrete_matrix)


@as_scalar(Sylvester)
def quotient(e):
    a, b, c = map(prepare, e.args)
    return c / (a + b)


@as_scalar(Lyapunov)
def half_quotient(e):
    a, q = map(prepare, e.args)
    return q / (2 * a)


@as_scalar(DiscreteLyapunov)
def geometric_sum(e):
    a, q = map(prepare, e.args)
    return q / (1 - a**2)
