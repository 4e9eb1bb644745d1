"""Eigenvalues and eigenvectors of symmetric matrices, singular values and vectors: the published formulas, for simple values."""

from sympy import S

from .. import build as b
from ..nodes import Eigenvalue, Eigenvector, LeftSingularVector, ReducedResolvent, RightSingularVector, SingularValue
from ..prepare import prepare
from . import linear as ln
from .registry import builtin


@builtin(Eigenvalue)
def d_eigenvalue(node, d):
    """d lambda = v' dX v (Matrix Cookbook eq. 67; Magnus & Neudecker, ch. 8, sec. 8)."""
    dx, v = d(node.arg), b.raw(Eigenvector, *node.args)
    return None if dx is None else b.element(ln.mul(b.transpose(v), dx, v))


@builtin(Eigenvector)
def d_eigenvector(node, d):
    """d v = (lambda I - X)^+ dX v, dX by its symmetric part (Matrix Cookbook eq. 68; Magnus & Neudecker, ch. 8, sec. 8)."""
    return ln.mul(b.raw(ReducedResolvent, *node.args), symmetric_part(d(node.arg)), node)


def symmetric_part(da):
    """(dA + dA')/2, which is dA where that is symmetric by its form."""
    if da is None or b.is_symmetric(da):
        return da
    return ln.mul(S.Half, ln.add(da, ln.transpose(da)))


@builtin(ReducedResolvent)
def d_reduced_resolvent(node, d):
    """d R = R dX R - d lambda R^2 - R^2 dX v v' - v v' dX R^2 for R = (lambda I - X)^+: that of a pseudo-inverse of constant rank."""
    dx, dvalue = symmetric_part(d(node.arg)), d(b.raw_scalar(Eigenvalue, *node.args))
    if dx is None:
        return None
    v = b.raw(Eigenvector, *node.args)
    projector, squared = b.mul(v, b.transpose(v)), b.power(node, S(2))
    return ln.add(
        ln.mul(node, dx, node),
        ln.mul(S.NegativeOne, dvalue, squared),
        ln.mul(S.NegativeOne, squared, dx, projector),
        ln.mul(S.NegativeOne, projector, dx, squared),
    )


@builtin(SingularValue)
def d_singular_value(node, d):
    """d sigma = u' dX v."""
    dx = d(node.arg)
    u, v = (b.raw(side, *node.args) for side in (LeftSingularVector, RightSingularVector))
    return None if dx is None else b.element(ln.mul(b.transpose(u), dx, v))


@builtin(LeftSingularVector, RightSingularVector)
def d_singular_vector(node, d):
    """d u = (sigma^2 I - X X')^+ d(X X') u, and d v the same with X' X: they are the eigenvectors of these."""
    x, dx = node.arg, d(node.arg)
    if dx is None:
        return None
    left = isinstance(node, LeftSingularVector)
    gram = prepare(b.mul(x, b.transpose(x)) if left else b.mul(b.transpose(x), x))
    if not b.is_matrix(gram):  # a vector of length 1 is 1 or -1
        return None
    change = ln.mul(dx, b.transpose(x)) if left else ln.mul(b.transpose(x), dx)
    ascending = b.shape(gram)[0] - 1 - node.args[1]
    return ln.mul(b.raw(ReducedResolvent, gram, ascending), ln.add(change, ln.transpose(change)), node)
