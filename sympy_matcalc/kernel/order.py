"""A total order of nodes that is the same in every process."""

from zlib import crc32

from sympy import Basic, MatrixSymbol, Symbol

from .session import session_state

MODULUS = (1 << 61) - 1  # a Mersenne prime: digests are polynomials over it
BASE = 1_000_003_579


def sort_key(node: Basic) -> tuple[str, int, int]:
    """(leading symbol, size, digest): a total order that is the same in every process and costs one visit a node."""
    table = session_state.keys
    known = table.get(id(node))
    if known is None:
        if not node.args or isinstance(node, MatrixSymbol):
            text = node.name if isinstance(node, (Symbol, MatrixSymbol)) else str(node)
            found = (text if isinstance(node, MatrixSymbol) else "", 1, _digest(type(node).__name__ + text))
        else:
            lead, size, digest = "", 1, _digest(type(node).__name__)
            for a in node.args:
                inner, count, code = sort_key(a)
                lead = lead or inner
                size += count
                digest = (digest * BASE + code) % MODULUS
            found = (lead, size, digest)
        table[id(node)] = known = (node, found)
    return known[1]


def _digest(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return (crc32(data) * BASE + crc32(data[::-1]) + len(data)) % MODULUS
