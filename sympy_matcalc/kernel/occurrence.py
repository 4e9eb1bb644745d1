"""Whether a symbol occurs in a node, memoised: SymPy's own `has` walks the tree."""

from itertools import repeat

from sympy import MatrixSymbol

from .session import session_state
from .walks import every_node


def contains(node, symbol):
    """Whether a symbol occurs in a node."""
    return _contains(node, symbol, _where_it_occurs(symbol))


def occurrence_of(symbol):
    """The predicate whether `symbol` occurs in a node, where that is asked of many nodes of a session."""
    table = _where_it_occurs(symbol)

    def occurs(node):
        known = table.get(id(node))
        return known[1] if known is not None else _contains(node, symbol, table)

    return occurs


def occurs_nowhere(symbol, expr):
    """Whether a symbol does not occur, as is to be expected of a new one: then that is known of all parts of the expression."""
    if isinstance(symbol, MatrixSymbol) and not session_state.closed and symbol not in session_state.table:
        nodes = list(session_state.table)  # all parts of all expressions of the session, but for names and sizes
    else:
        nodes = every_node(expr)
        if symbol in [node for node in nodes if type(node) is type(symbol)]:
            return False
    _where_it_occurs(symbol).update(zip(map(id, nodes), zip(nodes, repeat(False))))
    return True


def _where_it_occurs(symbol):
    tables = session_state.contains
    found = tables.get(id(symbol))
    if found is None:
        found = tables[id(symbol)] = (symbol, {})  # the symbol is kept, so that its id stays its own
    return found[1]


def _contains(node, symbol, table):
    found = table.get(id(node))
    if found is None:
        holds = node is symbol or type(node) is type(symbol) and node == symbol
        if not holds:
            for a in node.args:
                if _contains(a, symbol, table):
                    holds = True
                    break
        table[id(node)] = found = (node, holds)
    return found[1]
