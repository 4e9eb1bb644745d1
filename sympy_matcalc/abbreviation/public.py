"""abbreviate: what a user calls."""

from typing import Any

from sympy import Tuple
from sympy.matrices.expressions import Transpose

from ..answers import as_answer
from ..kernel.as_written import as_written
from ..kernel.session import session
from ..typed_input import as_expression
from .choose import Choice
from .graph import NARY, Graph, with_parts
from .naming import names_in, symbols_for
from .result import Abbreviated, put_back
from .sizes import total
from .transposes import merge_transposes, turned


def abbreviate(expr: Any) -> Abbreviated:
    """Names for the repeated parts of an expression: ``(names, expression)``, shorter in all than what was given, and equal to it.

    names: pairs (symbol, part), a later part may hold earlier symbols; a symbol is a `MatrixSymbol` of the part's shape, in lower case for
    a vector, or a `Symbol`. Letters are those of papers (P a softmax, r a residual, K what holds an inverse, else U1, U2, ...), none that
    the expression has. Named are scalars, matrices and neighbouring factors of a product, also where they stand transposed; not symbols
    with a sign, factor, exponent or transpose, nor parts that hold a bound symbol. A list or tuple of expressions, such as the gradients
    of one function, shares its names. ``doit()`` of the result puts the parts back. Errors: ExpressionError.

    >>> from sympy import MatrixSymbol, Trace, sqrt, symbols
    >>> import sympy_matcalc as mc
    >>> n, m, d = symbols("n m d", integer=True, positive=True)
    >>> Q, K, V, C = (MatrixSymbol(s, *shape) for s, shape in zip("QKVC", [(n, d), (m, d), (m, d), (n, d)]))
    >>> G = mc.gradient(Trace(C.T*mc.Softmax(Q*K.T/sqrt(d), axis=1)*V), Q)
    >>> print(mc.abbreviate(G))
    P = softmax(Q*K.T/sqrt(d), axis=1)
    HadamardProduct(C*V.T - HadamardProduct(C*V.T, P)*ones(m, m), P)*K/sqrt(d)
    >>> names, short = mc.abbreviate(G)
    >>> [(P, softmax)] = names
    >>> P.shape
    (n, m)
    >>> mc.abbreviate(G).doit() == G
    True
    """
    several = isinstance(expr, (list, tuple))
    names, short = _named(Tuple(*map(_given, expr)) if several else _given(expr))
    return Abbreviated(tuple((s, as_answer(part)) for s, part in names), tuple(map(as_answer, short)) if several else as_answer(short))


def _given(expr: Any) -> Any:
    return as_written(as_expression(expr))


def _named(expr: Any) -> Abbreviated:
    with session():
        found = [a for a in (_attempt(expr, False), _attempt(expr, True)) if a is not None]
    return min(found, key=lambda a: a[0])[1] if found else Abbreviated((), expr)


def _attempt(expr: Any, merge: bool) -> tuple[int, Abbreviated] | None:
    """(characters, abbreviation); None where the parts put back are not what was given, or where there is nothing to merge."""
    graph = Graph()
    top = graph.number(expr)
    if merge and not merge_transposes(graph, top):
        return None
    choice = Choice(graph, top).improve()
    found = Writer(choice).written()
    return (total(graph, top, choice.named), found) if graph.number(put_back(*found)) == top else None


class Writer:
    """The cells of a choice as expressions again, symbols for the cells that have a name."""

    def __init__(self, choice: Choice):
        self.choice, self.graph = choice, choice.graph
        self.symbols: dict[int, Any] = {}
        self.built: dict[int, Any] = {}
        self.changed: set[int] = set()

    def written(self) -> Abbreviated:
        graph, choice = self.graph, self.choice
        order = graph.order(choice.top)
        named = [n for n in order if n in choice.named]
        nodes = [graph.cells[n].node for n in named]
        found = symbols_for(nodes, names_in(cell.node for cell in graph.cells))
        self.symbols = dict(zip(named, found))
        for n in order:
            self.built[n] = self._body(n)
        return Abbreviated(tuple((self.symbols[n], self.built[n]) for n in named), self.built[choice.top])

    def _body(self, n: int) -> Any:
        """A cell written out, names for its parts."""
        cell = self.graph.cells[n]
        if not any(p in self.symbols or p in self.choice.taken or p in self.changed for p in cell.parts):
            return cell.node
        self.changed.add(n)
        parts: list[Any] = []
        for p in cell.parts:
            opened = p in self.choice.taken and p not in self.symbols and cell.kind in NARY and type(self.built[p]) is cell.kind
            parts += self.built[p].args if opened else [self.symbols.get(p, self.built[p])]
        if cell.kind in NARY and len(parts) == 1:
            return parts[0]
        if cell.kind is Transpose and n in self.choice.taken and cell.parts[0] not in self.symbols:
            return turned(self.built[cell.parts[0]])
        return with_parts(cell.node, parts)
