"""Eigenvalues and eigenvectors of symmetric matrices, singular values and vectors: the published formulas, for simple values."""

from sympy import S

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.symmetry import is_symmetric, transpose
from ..nodes import Eigenvalue, Eigenvector, LeftSingularVector, ReducedResolvent, RightSingularVector, SingularValue
from . import linear
from .registry import builtin


@builtin(Eigenvalue, name="differential of an eigenvalue", source="Magnus & Neudecker, ch. 8, sec. 8")
def d_eigenvalue(node, d):
    """d lambda = v' dX v (Matrix Cookbook eq. 67; Magnus & Neudecker, ch. 8, sec. 8)."""
    dx, v = d(node.arg), raw(Eigenvector, *node.args)
    return None if dx is None else make.element(linear.mul(transpose(v), dx, v))


@builtin(Eigenvector, name="differential of an eigenvector", source="Magnus & Neudecker, ch. 8, sec. 8")
def d_eigenvector(node, d):
    """d v = (lambda I - X)^+ dX v, dX by its symmetric part (Matrix Cookbook eq. 68; Magnus & Neudecker, ch. 8, sec. 8)."""
    return linear.mul(raw(ReducedResolvent, *node.args), symmetric_part(d(node.arg)), node)


def symmetric_part(da):
    """(dA + dA')/2, which is dA where that is symmetric by its form."""
    if da is None or is_symmetric(da):
        return da
    return linear.mul(S.Half, linear.add(da, linear.transpose(da)))


@builtin(ReducedResolvent, name="differential of a reduced resolvent")
def d_reduced_resolvent(node, d):
    """d R = R dX R - d lambda R^2 - R^2 dX v v' - v v' dX R^2 for R = (lambda I - X)^+: that of a pseudo-inverse of constant rank."""
    dx, dvalue = symmetric_part(d(node.arg)), d(raw_scalar(Eigenvalue, *node.args))
    if dx is None:
        return None
    v = raw(Eigenvector, *node.args)
    projector, squared = make.mul(v, transpose(v)), make.power(node, S(2))
    return linear.add(
        linear.mul(node, dx, node),
        linear.mul(S.NegativeOne, dvalue, squared),
        linear.mul(S.NegativeOne, squared, dx, projector),
        linear.mul(S.NegativeOne, projector, dx, squared),
    )


@builtin(SingularValue, name="differential of a singular value")
def d_singular_value(node, d):
    """d sigma = u' dX v."""
    dx = d(node.arg)
    u, v = (raw(side, *node.args) for side in (LeftSingularVector, RightSingularVector))
    return None if dx is None else make.element(linear.mul(transpose(u), dx, v))


@builtin(LeftSingularVector, RightSingularVector, name="differential of a singular vector")
def d_singular_vector(node, d):
    """d u = (sigma^2 I - X X')^+ d(X X') u, and d v the same with X' X: they are the eigenvectors of these."""
    x, dx = node.arg, d(node.arg)
    if dx is None:
        return None
    left = isinstance(node, LeftSingularVector)
    gram = prepare(make.mul(x, transpose(x)) if left else make.mul(transpose(x), x))
    if not is_matrix(gram):  # a vector of length 1 is 1 or -1
        return None
    change = linear.mul(dx, transpose(x)) if left else linear.mul(transpose(x), dx)
    ascending = shape_of(gram)[0] - 1 - node.args[1]
    return linear.mul(raw(ReducedResolvent, gram, ascending), linear.add(change, linear.transpose(change)), node)
