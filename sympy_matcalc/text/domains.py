"""The random data that the numeric check of an expression needs, from the functions that take a bare symbol."""

from sympy import Min, Transpose, acos, asin, log, preorder_traversal, sqrt
from sympy.matrices.expressions import MatrixSymbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes.bound import BOUND
from ..nodes.declaration import OwnNode

OF_ENTRIES = {log(BOUND): "positive", sqrt(BOUND): "positive", asin(BOUND): "unit", acos(BOUND): "unit"}
SQUARE = ("spd", "simple_spectrum", "logdomain", "fullrank", "invertible")  # a positive definite matrix is in all of these
WORDS = {
    "simple_spectrum": "{} symmetric, its eigenvalues simple",
    "spd": "{} symmetric positive definite",
    "invertible": "{} invertible",
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
    node = node.function(BOUND) if isinstance(node, ElementwiseApplyFunction) else node
    domain = node.domain if isinstance(node, OwnNode) else OF_ENTRIES.get(node, "any")
    return None if domain == "any" else domain


def _indices(node):
    """Each name in an index, as in ``eigval(X, i + 1)``, and the whole number that it has to stay below."""
    pairs = [(i, size) for i, size in zip((node.i, node.j), node.parent.shape)] if isinstance(node, MatrixElement) else []
    for index, size in pairs or (node.indices if isinstance(node, OwnNode) else ()):
        names = [s for s in index.free_symbols if not s.is_positive]  # sizes are positive
        offset = index - names[0] if len(names) == 1 else None
        if offset is not None and offset.is_Integer and offset >= 0:
            yield names[0], size - offset


def _common(found):
    """One domain for all that a symbol is wanted to be."""
    if len(found) == 1 or not found <= set(SQUARE):
        return min(found, key=list(WORDS).index)
    return "spd"
