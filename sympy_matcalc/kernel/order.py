"""A total order of nodes that is the same in every process."""

from functools import lru_cache, reduce
from zlib import crc32

from sympy import Basic, Integer, MatrixSymbol, Symbol

from .session import session_state

MODULUS = (1 << 61) - 1  # a Mersenne prime: digests are polynomials over it
BASE = 1_000_003_579


def sort_key(node: Basic) -> tuple[str, int, int, int]:
    """(leading symbol, size, digest, digest of what is not printed): a total order that is the same in every process.

    It costs one visit a node. Not printed are the assumptions and the shape of a symbol, by which symbols of one name differ.
    """
    table = session_state.keys
    known = table.get(id(node))
    if known is None:
        if not node.args or isinstance(node, MatrixSymbol):
            text = _text_of(node)
            found = (text if isinstance(node, MatrixSymbol) else "", 1, _digest(type(node).__name__ + text), _not_printed(node))
        else:
            lead, size, digest, hidden = "", 1, _digest(type(node).__name__), 0
            for a in node.args:
                inner, count, code, more = (table.get(id(a)) or (a, sort_key(a)))[1]
                lead = lead or inner
                size += count
                digest = (digest * BASE + code) % MODULUS
                if hidden or more:
                    hidden = (hidden * BASE + more) % MODULUS
            found = (lead, size, digest, hidden)
        table[id(node)] = known = (node, found)
    return known[1]


def _not_printed(node: Basic) -> int:
    """What tells symbols of one name apart; not the number of a Dummy, which is another one in every process."""
    if isinstance(node, MatrixSymbol):
        (_, _, rows, of_rows), (_, _, cols, of_cols) = map(sort_key, node.args[1:])
        return reduce(lambda digest, code: (digest * BASE + code) % MODULUS, (of_cols, of_rows, cols, rows))
    return _of_assumptions(node) if isinstance(node, Symbol) else 0


@lru_cache(maxsize=4096)
def _of_assumptions(symbol: Symbol) -> int:
    return _digest(str(Symbol._hashable_content(symbol)[1:]))


def _text_of(node: Basic) -> str:
    if isinstance(node, (Symbol, MatrixSymbol)):
        return node.name
    return str(int(node)) if isinstance(node, Integer) else str(node)  # a printer costs more than all the rest


@lru_cache(maxsize=4096)
def _digest(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return (crc32(data) * BASE + crc32(data[::-1]) + len(data)) % MODULUS
