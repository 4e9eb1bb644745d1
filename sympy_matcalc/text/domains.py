"""The random data that the numeric check of an expression needs, from the functions that take a bare symbol."""

from sympy import Min, Symbol, Transpose, acos, acosh, asin, atanh, log, loggamma, polygamma, sqrt
from sympy.matrices.expressions import HadamardPower, MatrixSymbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import every_node
from ..nodes.bound import BOUND
from ..nodes.declaration import OwnNode

OF_ENTRIES = {log(BOUND): "positive", sqrt(BOUND): "positive", asin(BOUND): "unit", acos(BOUND): "unit", atanh(BOUND): "unit"}
OF_ENTRIES[acosh(BOUND)] = "above_one"
SQUARE = ("spd", "simple_spectrum", "real_spectrum", "logdomain", "fullrank", "invertible")  # a positive definite matrix is in all of these
WORDS = {
    "simple_spectrum": "{} symmetric, its eigenvalues simple",
    "real_spectrum": "the eigenvalues of {} real and simple",
    "spd": "{} symmetric positive definite",
    "invertible": "{} invertible",
    "logdomain": "{} of eigenvalues with a positive real part",
    "fullrank": "{} of full rank, its singular values simple",
    "distinct_abs": "{} of entries that differ in absolute value",
    "small": "{} of small entries",
    "above_one": "{} of entries above 1",
    "unit": "{} of entries between 0 and 1",
    "positive": "{} of positive entries",
}


def domains(expr):
    """``({symbol: domain}, notes)`` for `mc.check`: what the bare symbols in the functions of `expr` have to be, and that in words.

    >>> from sympy_matcalc.text import parse
    >>> domains(parse("eigval(X, 0)")[0])
    ({X: 'simple_spectrum'}, ['checked with X symmetric, its eigenvalues simple'])
    """
    wanted, bounds = {}, {}
    for node in every_node(expr):
        for arg, domain in _needs(node):
            while isinstance(arg, Transpose):
                arg = arg.arg
            if domain != "any" and isinstance(arg, (MatrixSymbol, Symbol)):
                wanted.setdefault(arg, set()).add(domain)
        for name, bound in _indices(node):
            bounds.setdefault(name, []).append(bound)
    chosen = {symbol: _common(found) for symbol, found in wanted.items()}
    indices = {name: ("index", Min(*sizes)) for name, sizes in bounds.items()}
    return {**chosen, **indices}, ["checked with " + _sentence(*pair) for pair in chosen.items()]


def _sentence(symbol, domain):
    words = WORDS[domain].format(symbol)
    return words if symbol.is_Matrix else words.replace("of entries ", "")


def _needs(node):
    """(argument, the domain that it must be from) of a node."""
    if isinstance(node, HadamardPower):
        yield node.base, "any" if node.exp.is_integer else "positive"
    if isinstance(node, OwnNode):
        yield from node.domains
        return
    arg = getattr(node, "arg", getattr(node, "expr", None))
    body = node.function(BOUND) if isinstance(node, ElementwiseApplyFunction) else node
    if isinstance(body, OwnNode):
        yield arg, body.domain
    else:
        yield arg, "positive" if isinstance(body, (loggamma, polygamma)) else OF_ENTRIES.get(body, "any")


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
