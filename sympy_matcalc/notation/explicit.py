"""Sums of single entries and of explicit matrices, which are explicit matrices."""

from sympy import ImmutableDenseMatrix, S
from sympy.matrices import MatrixBase

from ..kernel.chains import make_atom
from ..kernel.interning import intern
from ..nodes import MatrixUnit
from .content import without_matrices


def all_units(terms, sizes):
    """Whether every chain is a single entry at a known place of a matrix of known size."""
    return all(s.is_Integer for s in sizes) and all(_place(chain) is not None for _, chain in terms)


def _place(chain):
    """(i, j) of a chain that is a unit vector or a single-entry matrix."""
    if len(chain) != 1 or not isinstance(chain[0][0], MatrixUnit) or chain[0][2] is not S.One:
        return None
    i, j = chain[0][0].index[::-1] if chain[0][1] else chain[0][0].index
    return (int(i), int(j)) if i.is_Integer and j.is_Integer else None


def explicit_of_units(terms, sizes):
    """(scalar, the explicit matrix that multiples of single entries make up): what all entries have of matrices stands in front of it."""
    rows, cols = sizes if len(sizes) == 2 else (*sizes, S.One)
    parted = [without_matrices(c) for c, _ in terms]
    common = parted[0][1] if len({of_matrices for _, of_matrices in parted}) == 1 else S.One
    entries = {}
    for (c, chain), (plain, _) in zip(terms, parted):
        entries[_place(chain)] = entries.get(_place(chain), S.Zero) + (c if common is S.One else plain)
    return common, intern(ImmutableDenseMatrix(int(rows), int(cols), lambda i, j: entries.get((int(i), int(j)), S.Zero)))


def explicit_added(terms):
    """The terms with explicit matrices among them added entry by entry."""
    explicit = [t for t in terms if _is_explicit(t[1])]
    if len(explicit) < 2:
        return terms
    first, *others = (c * chain[0][0] for c, chain in explicit)
    total = sum(others, start=first)
    rest = [t for t in terms if not _is_explicit(t[1])]
    return rest if total.is_zero_matrix else [*rest, (S.One, (make_atom(intern(total.as_immutable()), False, S.One),))]


def _is_explicit(chain):
    return len(chain) == 1 and isinstance(chain[0][0], MatrixBase) and chain[0][2] is S.One
