"""Sums over the entries of a Kronecker product as SymPy's indexing makes them: over i, of a[floor(i/n) % m]*b[i % n].

An entry at the whole of i has the index ``r + n*q`` then, of a quotient and a remainder, which is an axis of two labels.
"""

from sympy import Add, Mod, S, Sum, floor

from ..kernel.indices import fresh_index, plain_name
from ..kernel.scalars import scalar_product
from ..kernel.shapes import same_size


def with_kronecker_indices(e):
    """The sum over an index for each factor in place of one for the product, where the quotients and remainders tile the whole range."""
    limits, body = [], e.function
    if not body.has(Mod):
        return e
    for symbol, low, high in e.limits:
        parts = _tiles(body, symbol, high + 1) if low == 0 else []
        found = {part: fresh_index(plain_name(symbol), True) for part, _ in parts}
        if not parts:
            limits.append((symbol, low, high))
        else:
            body = body.xreplace(found).xreplace({symbol: _whole(parts, found)})
            limits += [(found[part], S.Zero, size - 1) for part, size in parts]
    return e if body is e.function else Sum(body, *limits)


def _whole(parts, found):
    """The index by the indices of its parts: r + p c."""
    stride, terms = S.One, []
    for part, size in parts:
        terms.append(stride * found[part])
        stride = scalar_product(stride, size)
    return Add(*terms)


def fused(at, ranges):
    """[index, ...], the slowest first, of an index ``r + p c`` that runs through the whole of them once; None for anything else.

    ranges: {index: number of its values, counted from 0}.
    """
    strides = {s: at.coeff(s) for s in ranges if at.has(s)}
    if len(strides) < 2 or (at - Add(*(c * s for s, c in strides.items()))).expand() != 0:
        return None
    order, stride = [], S.One
    while strides:
        s = next((s for s, c in strides.items() if same_size(c, stride)), None)
        if s is None:
            return None
        del strides[s]
        order.append(s)
        stride = scalar_product(stride, ranges[s])
    return order[::-1]


def _tiles(body, symbol, size):
    """[(remainder, its number of values)], the fastest first, where they number the whole range once; none where they do not."""
    known = {}
    for part in body.atoms(Mod):
        if part.has(symbol):
            stride = _stride(part.args[0], symbol)
            if stride is None:
                return []
            known[stride] = part
    tiles, at = [], S.One
    while at in known:
        part = known.pop(at)
        tiles.append((part, part.args[1]))
        at = scalar_product(at, part.args[1])
    return tiles if len(tiles) > 1 and not known and same_size(at, size) else []


def _stride(e, symbol):
    """d of floor(i/d), of i itself 1, also of a quotient of a quotient; None for anything else."""
    if e == symbol:
        return S.One
    if not isinstance(e, floor):
        return None
    base = next((a for a in (symbol, *e.atoms(floor)) if a != e and (d := a / e.args[0]).is_integer and not d.has(symbol)), None)
    inner = None if base is None else _stride(base, symbol)
    return None if inner is None else scalar_product(inner, base / e.args[0])
