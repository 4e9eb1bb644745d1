"""A size as it is typed: `3`, `n`, `n*(n + 1)/2`."""

from itertools import product

from sympy import Integer, S

from .limits import MAX_INTEGER
from .sizes import named_size


def size_of(source, node):
    """The size that a `Node` writes: an integer from 1 to 10**6, a name, or a sum, product or power of these."""
    size = _size(source, node)
    if not size.is_integer and not _is_whole(size):
        raise source.error(node.span[0], f"the size `{source.at(node.span)}` is not a whole number", "as `n*(n + 1)/2` is")
    if size.is_nonpositive or (size.is_Integer and size > MAX_INTEGER):
        raise source.error(node.span[0], f"the size `{source.at(node.span)}` is out of range", f"sizes are from 1 to {MAX_INTEGER}")
    return size


def _size(source, node):
    if node.op == "number" and isinstance(node.value, Integer) and abs(node.value) <= MAX_INTEGER:
        return node.value
    if node.op == "name":
        return named_size(node.value)
    if node.op in ("add", "mul"):
        return _sum_or_product(node.op, [_part(source, a) for a in node.args])
    if node.op == "pow" and node.args[1].op == "number" and node.args[1].value in range(1, 5):
        return _size(source, node.args[0]) ** node.args[1].value
    if node.op == "extent":
        text = source.at(node.span)
        raise source.error(
            node.span[0], f"`{text}` as a size", "write `I`, `vector(1)` for ones, which take theirs from what stands around"
        )
    raise source.error(node.span[0], f"`{source.at(node.span)}` is not a size", f"a size is an integer up to {MAX_INTEGER} or a name")


def _part(source, node):
    """A part of a size: also the reciprocal of an integer, as in ``n*(n + 1)/2``."""
    if node.op == "reciprocal" and node.args[0].op == "number" and node.args[0].value in range(1, 100):
        return 1 / node.args[0].value
    return _size(source, node)


def _sum_or_product(op, parts):
    total = sum(parts, S.Zero) if op == "add" else S.One
    for part in parts if op == "mul" else ():
        total = total * part
    return total


def _is_whole(size):
    """Whether a size with divisions is an integer for all values of its names: it is a polynomial, so a few values tell."""
    symbols = sorted(size.free_symbols, key=str)
    return all(size.subs(zip(symbols, point)).is_Integer for point in product(range(1, 6), repeat=min(len(symbols), 4)))
