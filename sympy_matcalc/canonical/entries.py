"""Sums over entries written out, as SymPy's indexing makes them where sizes are known: ``x[0,0]**2 + x[1,0]**2 + x[2,0]**2`` is x'x.

Terms that are one pattern at every value of an index are a Sum over that index, which then goes the way of every other Sum.
Substituting the values back gives the very same terms, so nothing is guessed.
"""

from itertools import combinations

from sympy import Add, S, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from ..compat import dummy
from ..kernel import make
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_sum
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.walks import replaced
from .scalars import handles, prepare_scalar, rebuild

MOST_PLACES = 5  # index places of one term and value that are tried in every combination
INDEX = dummy("i", 7_000_002, integer=True, nonnegative=True)


@handles(Add)
def lower_add(e, prepare):
    """A sum with its written-out parts gathered."""
    e = rebuild(e, prepare)
    while isinstance(e, Add) and not is_matrix(e):
        found = _gather(list(e.args))
        if found is None:
            return e
        total, rest = found
        e = scalar_sum(prepare_scalar(total, prepare), *rest)
    return e


def _gather(terms):
    """(Sum, other terms) for the first pattern that covers a whole axis, None if there is none."""
    patterns = {}
    for t in terms:
        for size, value, pattern in _patterns(t):
            members = patterns.setdefault((pattern, size), {})
            members.setdefault(value, t)
            if len(members) == size and size > 1:
                gone = set(members.values())
                return Sum(pattern, (INDEX, 0, size - 1)), [x for x in terms if x not in gone]
    return None


def _patterns(term):
    """(size, value, term with that value of an index made variable) for every choice of the places where the value stands."""
    places = {}
    for e in sorted(_entries_at_numbers(term), key=sort_key):
        for axis, size, at in _numbers_of(e):
            places.setdefault((size, at), []).append((e, axis))
    for (size, value), where in places.items():
        where = where[:MOST_PLACES]
        for count in range(len(where), 0, -1):
            for chosen in combinations(where, count):
                yield size, value, replaced(term, _variable(chosen))


def _entries_at_numbers(e):
    """The entries ``A[0, 1]`` in a scalar, memoised: the terms of nested sums share their parts."""
    table = id_memo("entries at numbers")
    found = table.get(e)
    if found is None:
        found = frozenset().union(*map(_entries_at_numbers, e.args))
        if isinstance(e, MatrixElement) and _numbers_of(e):
            found |= {e}
        table[e] = found
    return found


def _numbers_of(entry):
    """[(axis, its length, the index)] where an entry has a number as its index, on axes longer than one."""
    return [
        (axis, size, at)
        for axis, (at, size) in enumerate(zip(entry.args[1:], shape_of(entry.args[0])))
        if at.is_Integer and size.is_Integer and size is not S.One
    ]


def _variable(chosen):
    args = {}
    for e, axis in chosen:
        args.setdefault(e, list(e.args))[1 + axis] = INDEX
    return {e: make.element(*new) for e, new in args.items()}
