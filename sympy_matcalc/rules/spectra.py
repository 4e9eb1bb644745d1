"""All eigenvalues, all singular values, and their vectors: the published formulas, where the values are simple."""

from sympy import S

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import Eigenvalues, Eigenvectors, InverseGaps, LeftSingularVectors, RightSingularVectors, SingularValues
from . import linear
from .factorizations import complement
from .registry import builtin
from .spectral import symmetric_part


@builtin(Eigenvalues, name="differential of the eigenvalues", source="Magnus & Neudecker, ch. 8, sec. 8")
def d_eigenvalues(node, d):
    """d lambda = diag(Q' dX Q) (Magnus & Neudecker, ch. 8, sec. 8, for all eigenvalues)."""
    dx, q = d(node.arg), raw(Eigenvectors, node.arg)
    return None if dx is None else make.diagonal_of(linear.mul(transpose(q), dx, q))


@builtin(Eigenvectors, name="differential of the eigenvectors", source="Giles 2008, sec. 3.1")
def d_eigenvectors(node, d):
    """d Q = Q (F o (Q' dX Q)), F_ij = 1/(lambda_j - lambda_i), dX by its symmetric part (Giles 2008, sec. 3.1)."""
    dx = symmetric_part(d(node.arg))
    gaps = raw(InverseGaps, raw(Eigenvalues, node.arg))
    return linear.mul(node, linear.hadamard(gaps, linear.mul(transpose(node), dx, node)))


@builtin(InverseGaps, name="quotient rule")
def d_inverse_gaps(node, d):
    """d F = F o F o (dx 1' - 1 dx')."""
    dx = d(node.arg)
    if dx is None:
        return None
    ones, squared = make.ones(shape_of(node)[0]), make.hadamard_power(node, S(2))
    change = linear.add(linear.mul(dx, transpose(ones)), linear.mul(S.NegativeOne, ones, linear.transpose(dx)))
    return linear.hadamard(squared, change)


@builtin(SingularValues, name="differential of the singular values", source="Giles 2008, sec. 3.2")
def d_singular_values(node, d):
    """d sigma = diag(U' dX V) (Giles 2008, sec. 3.2)."""
    dx = d(node.arg)
    u, v = raw(LeftSingularVectors, node.arg), raw(RightSingularVectors, node.arg)
    return None if dx is None else make.diagonal_of(linear.mul(transpose(u), dx, v))


@builtin(LeftSingularVectors, RightSingularVectors, name="differential of the singular vectors", source="Giles 2008, sec. 3.2")
def d_singular_vectors(node, d):
    """d U = U (G o (U' d(X X') U)) + (I - U U') dX V diag(sigma)^-1, G_ij = 1/(sigma_j^2 - sigma_i^2); V as U of X'."""
    x, dx = node.arg, d(node.arg)
    if dx is None:
        return None
    other = raw(RightSingularVectors if isinstance(node, LeftSingularVectors) else LeftSingularVectors, x)
    if isinstance(node, RightSingularVectors):
        x, dx = transpose(x), linear.transpose(dx)
    values = raw(SingularValues, node.arg)
    gaps = raw(InverseGaps, make.hadamard_power(values, S(2)))
    change = linear.mul(dx, transpose(x))
    inside = linear.hadamard(gaps, linear.mul(transpose(node), linear.add(change, linear.transpose(change)), node))
    scale = prepare(make.inverse(make.diag_matrix(values)))
    outside = linear.mul(complement(shape_of(node)[0], node, transpose(node)), dx, other, scale)
    return linear.add(linear.mul(node, inside), outside)
