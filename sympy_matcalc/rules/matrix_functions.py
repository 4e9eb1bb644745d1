"""Analytic functions of a matrix: the differential is the Fréchet derivative, itself linear in its directions."""

from sympy import S
from sympy.matrices.expressions import Transpose

from ..canonical.analytic import matrix_function
from ..canonical.compositions import composition
from ..canonical.rotations import rotation_vector
from ..kernel import make
from ..kernel.interning import intern, raw
from ..kernel.shapes import shape_of
from ..nodes import Einsum, EinsumTerm, FrechetDerivative, FrechetMatrix, MatrixFunction
from ..nodes.bound import body_of
from ..nodes.matrix_functions import AnalyticFunction
from . import linear
from .elementwise import parameters
from .registry import builtin
from .rotations import d_rotation


@builtin(AnalyticFunction, MatrixFunction, name="Fréchet derivative of a matrix function", source="Higham, Functions of Matrices, 3.1")
def d_matrix_function(node, d):
    """d f(A) = L_f(A; dA), and for a scalar t inside of f: (df/dt)(A) dt (Higham, Functions of Matrices, 3.1)."""
    w = rotation_vector(node)
    if w is not None:
        return d_rotation(node, w, d)
    return d_composition(*(composition(node) or (body_of(node.function), node.arg)), d)


def d_composition(body, a, d):
    """That of a function of A, by its body."""
    if isinstance(a, Transpose):
        return linear.transpose(d_composition(body, a.args[0], d))
    da = d(a)
    terms = [None if da is None else raw(FrechetDerivative, make.function(body), a, da)]
    for p, partial in parameters(body, d):
        terms.append(linear.mul(d(p), matrix_function(partial, a)))
    return linear.add(*terms)


@builtin(FrechetDerivative, name="differential of a Fréchet derivative", source="Higham & Relton 2014, th. 2.4")
def d_frechet(node, d):
    """d L_f(A; E1, ..) = L_f(A; dA, E1, ..) + L_f(A; dE1, ..) + .. (Higham & Relton 2014, th. 2.4)."""
    f, a, *directions = node.args
    da = d(a)
    terms = [] if da is None else [raw(FrechetDerivative, f, a, da, *directions)]
    for i, e in enumerate(directions):
        de = d(e)
        if de is not None:
            terms.append(raw(FrechetDerivative, f, a, *directions[:i], de, *directions[i + 1 :]))
    return linear.add(*terms)


@builtin(FrechetMatrix, name="differential of a Fréchet derivative", source="Higham & Relton 2014")
def d_frechet_matrix(node, d):
    """d K_f(A; E2, ..): one more open direction, contracted with dA; and each E2 left open, contracted with dE2."""
    f, a = node.args[:2]
    terms = [_contracted(node, node.directions, d(a))]
    for i, e in enumerate(node.directions):
        terms.append(_contracted(node, node.directions[:i] + node.directions[i + 1 :], d(e)))
    terms = [t for t in terms if t is not None]
    return intern(Einsum(shape_of(node), *terms)) if terms else None


def _contracted(node, directions, de):
    """The term sum_kl K[(j i), (c1 r1 .. l k)] dE[k, l], every index of size n."""
    if de is None:
        return None
    matrix = raw(FrechetMatrix, *node.args[:2], S(node.order + 1), *directions)
    rows, slots, column, row = (0, 1), tuple(range(2, 2 + 2 * node.order)), 2 + 2 * node.order, 3 + 2 * node.order
    dims = [shape_of(node.arg)[0]] * (row + 1)
    return EinsumTerm(1, dims, (rows, slots), [(matrix, rows, (*slots, column, row)), (de, (row,), (column,))])
