"""Analytic functions of a matrix: the differential is the Fréchet derivative, itself linear in its directions."""
from .. import build as b
from ..nodes import FrechetDerivative, MatrixFunction
from ..nodes.matrix_functions import AnalyticFunction
from ..prepare.analytic import matrix_function
from . import linear as ln
from .elementwise import parameters
from .registry import builtin


@builtin(AnalyticFunction, MatrixFunction)
def d_matrix_function(node, d):
    """d f(A) = L_f(A; dA), and for a scalar t inside of f: (df/dt)(A) dt (Higham, Functions of Matrices, 3.1)."""
    function, da = node.function, d(node.arg)
    terms = [None if da is None else b.raw(FrechetDerivative, b.function(function.expr), node.arg, da)]
    for p, partial in parameters(function.expr, d):
        terms.append(ln.mul(d(p), matrix_function(partial, node.arg)))
    return ln.add(*terms)


@builtin(FrechetDerivative)
def d_frechet(node, d):
    """d L_f(A; E1, ..) = L_f(A; dA, E1, ..) + L_f(A; dE1, ..) + .. (Higham & Relton 2014, th. 2.4)."""
    f, a, *directions = node.args
    da = d(a)
    terms = [] if da is None else [b.raw(FrechetDerivative, f, a, da, *directions)]
    for i, e in enumerate(directions):
        de = d(e)
        if de is not None:
            terms.append(b.raw(FrechetDerivative, f, a, *directions[:i], de, *directions[i + 1:]))
    return ln.add(*terms)
