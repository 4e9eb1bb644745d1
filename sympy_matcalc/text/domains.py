"""The random data that the numeric check of an expression needs, from the functions that take a bare symbol."""

from collections.abc import Iterable
from typing import Any

from sympy import Min, Transpose, acos, asin, log, preorder_traversal, sqrt, tan
from sympy.matrices.expressions import MatrixSymbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from .. import nodes as N
from ..nodes.bound import BOUND
from ..nodes.matrix_functions import AnalyticFunction

OF_NODE = {
    N.Eigenvalue: "simple_spectrum", N.Eigenvector: "simple_spectrum", N.ReducedResolvent: "simple_spectrum", N.Cholesky: "spd",
    N.SingularValue: "fullrank", N.LeftSingularVector: "fullrank", N.RightSingularVector: "fullrank",
    N.SpectralNorm: "fullrank", N.NuclearNorm: "fullrank", N.PseudoInverse: "fullrank",
}  # fmt: skip
INDEXED = (N.Eigenvalue, N.Eigenvector, N.ReducedResolvent, N.SingularValue, N.LeftSingularVector, N.RightSingularVector)
OF_FUNCTION = {log(BOUND): "logdomain", sqrt(BOUND): "logdomain", asin(BOUND): "small", acos(BOUND): "small", tan(BOUND): "small"}
OF_ENTRIES = {log(BOUND): "positive", sqrt(BOUND): "positive", asin(BOUND): "unit", acos(BOUND): "unit"}
SQUARE = ("spd", "simple_spectrum", "logdomain", "fullrank")  # a positive definite matrix is in all of these
WORDS = {
    "simple_spectrum": "{} symmetric, its eigenvalues simple",
    "spd": "{} symmetric positive definite",
    "logdomain": "{} of eigenvalues with a positive real part",
    "fullrank": "{} of full rank, its singular values simple",
    "distinct_abs": "{} of entries that differ in absolute value",
    "small": "{} of small entries",
    "positive": "{} of positive entries",
    "unit": "{} of entries between 0 and 1",
}


def domains(expr):
    """``({symbol: domain}, notes)`` for `mc.check`: what the bare symbols in the functions of `expr` have to be, and that in words.

    >>> from sympy_matcalc.text import parse
    >>> domains(parse("eigval(X, 0)")[0])
    ({X: 'simple_spectrum'}, ['checked with X symmetric, its eigenvalues simple'])
    """
    wanted, bounds = {}, {}
    for node in preorder_traversal(expr):
        domain, arg = _domain(node), getattr(node, "arg", getattr(node, "expr", None))
        while isinstance(arg, Transpose):
            arg = arg.arg
        if domain and isinstance(arg, MatrixSymbol):
            wanted.setdefault(arg, set()).add(domain)
        for name, bound in _indices(node):
            bounds.setdefault(name, []).append(bound)
    chosen = {symbol: _common(found) for symbol, found in wanted.items()}
    indices = {name: ("index", Min(*sizes)) for name, sizes in bounds.items()}
    return {**chosen, **indices}, ["checked with " + WORDS[domain].format(symbol) for symbol, domain in chosen.items()]


def _domain(node):
    """The domain that the matrix a node takes must be from, None for any."""
    if isinstance(node, N.Norm):
        return None if node.p == 2 else "distinct_abs"
    if isinstance(node, ElementwiseApplyFunction):
        return OF_ENTRIES.get(node.function(BOUND))
    if isinstance(node, (AnalyticFunction, N.MatrixFunction, N.FrechetDerivative, N.FrechetMatrix)):
        return OF_FUNCTION.get(node.function.expr)
    return OF_NODE.get(type(node))


def _indices(node):
    """Each name in an index, as in ``eigval(X, i + 1)``, and the whole number that it has to stay below."""
    pairs: Iterable[tuple[Any, Any]] = []
    if isinstance(node, MatrixElement):
        pairs = zip((node.i, node.j), node.parent.shape)
    elif isinstance(node, N.MatrixUnit):
        pairs = zip(node.index, node.shape)
    elif type(node) in INDEXED:
        pairs = [(node.args[1], Min(*node.arg.shape))]
    for index, size in pairs:
        names = [s for s in index.free_symbols if not s.is_positive]  # sizes are positive
        offset = index - names[0] if len(names) == 1 else None
        if offset is not None and offset.is_Integer and offset >= 0:
            yield names[0], size - offset


def _common(found):
    """One domain for all that a symbol is wanted to be."""
    if len(found) == 1 or not found <= set(SQUARE):
        return min(found, key=list(WORDS).index)
    return "spd"
