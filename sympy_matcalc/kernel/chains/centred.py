"""Sums with ones among their terms whose columns add up to 0, and the centring matrix ``C = I - 1 1'/m``, which leaves them as they are."""

from sympy import S
from sympy.matrices.expressions import MatAdd, OneMatrix

from .. import make
from ..session import id_memo
from ..shapes import is_one
from .atoms import added_up, atom_shape, open_product, reverse


def sums_to_zero(atom):
    """Whether 1'A = 0 for a sum A, of the terms that begin with ones themselves: Z - J Z/m, I - J/m, x - 1 mean(x)."""
    base, flip, k = atom
    if k is not S.One or not isinstance(base, MatAdd):
        return False
    table = id_memo(f"sums_to_zero {flip}")
    found = table.get(base)
    if found is None:
        terms = [(c, reverse(inner) if flip else inner) for c, inner in map(open_product, base.args)]
        found = table[base] = _sums_cancel(terms, ones_row(atom_shape(atom)[0]))
    return found


def _sums_cancel(terms, ones):
    with_ones = [bool(inner) and isinstance(inner[0][0], OneMatrix) for _, inner in terms]
    if not any(with_ones) or all(with_ones):
        return False
    sums = []
    for (c, inner), is_sum in zip(terms, with_ones):
        if is_sum:
            rows, cols = atom_shape(inner[0])
            sums.append((c * rows, inner[1:] if is_one(cols) else (ones_row(cols), *inner[1:])))
        else:
            sums.append((c, (ones, *inner)))
    return not added_up(sums)


def ones_row(n):
    return make.ones(S.One, n), False, S.One
