"""to_matrix_notation: sums of products of entries as a matrix expression, by the reading of sums over entries."""

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Basic, Expr, Idx, Indexed, MatrixSymbol, Mod, S, Symbol, Tuple, floor
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..canonical.orientation import transpose_prepared
from ..canonical.sums import Index, NotLiftable, Scope, lift
from ..errors import ExpressionError, IndexRangeError
from ..kernel import make
from ..kernel.indices import reserve_indices
from ..kernel.session import session
from ..kernel.shapes import is_matrix
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.present import present
from ..typed_input import as_differentiable
from .access import access_of, symbols_in
from .naming import Names
from .ranges import Ranges
from .sizes import Sizes


def to_matrix_notation(expr: Any, indices: Any = (), shapes: Mapping | None = None) -> Any:
    """The matrix expression whose entry an expression in index notation is: ``Sum(A[i, j]*x[j], (j, 0, n - 1))`` by i is ``A*x``.

    expr: entries of `IndexedBase` (or of matrix symbols) under sums. indices: the free ones, in the order of the axes of the result; none
    for a scalar, one for a column, three or more for an `Einsum`. shapes: {base or its name: shape}, for what neither the IndexedBase, the
    sums nor an Idx says. Bases of one index are columns.
    Errors: ShapeError for a size that is not known, ExpressionError where there is no matrix notation, IndexRangeError for an index that
    is not named.

    >>> from sympy import IndexedBase, Sum, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> i, j, k = symbols("i j k", integer=True)
    >>> A, B = IndexedBase("A", shape=(m, n)), IndexedBase("B", shape=(m, n))
    >>> mc.to_matrix_notation(Sum(A[i, k]*B[j, k], (k, 0, n - 1)), (i, j))
    A*B.T
    """
    given = tuple(indices) if isinstance(indices, (tuple, list, Tuple)) else (indices,)
    e = as_differentiable(expr)
    names = Names(equal_are_one=True)
    ranges = Ranges(names)
    e, free = names.apart(e), [_index(names, i) for i in given]
    ranges.read(e)
    e, parts = _unfused(e, free, ranges)
    sizes = Sizes(e, ranges, shapes)
    _check_free(e, free, parts, sizes)
    with session():
        reserve_indices(e)
        return _read(e, [parts.get(i, (i,)) for i in free], sizes)


def _index(names: Names, i: Any) -> Symbol:
    if isinstance(i, Idx):
        return names.apart(i)
    if not isinstance(i, Symbol) or i.is_integer is False:
        raise IndexRangeError(f"a free index must be a Symbol or an Idx, got {type(i).__name__}: `{i}`")
    return i


def _check_free(e: Expr, free: Sequence, parts: dict, sizes: Sizes) -> None:
    """IndexRangeError for a symbol that is the index of an entry, and neither bound, named nor a size."""
    names, bound = sizes.ranges.names, sizes.ranges.of_bound
    used = {s for _, _, at in sizes.places for s in at.free_symbols}
    known = {s for b in (*bound.values(), *sizes.all_shapes()) for x in b for s in x.free_symbols}
    left = sorted({str(names.typed.get(s, s)) for s in used - set(free) - {x for p in parts.values() for x in p} - set(bound) - known})
    if left:
        raise IndexRangeError(
            f"`{names.readable(e)}` has the free indices {', '.join(left)}: "
            "write them, one for each axis of the result, as the second argument"
        )


def _read(e: Expr, free: Sequence, sizes: Sizes) -> Any:
    """The matrix; free: the indices that make up each axis."""
    readable, env = sizes.ranges.names.readable, Scope()
    env.update({part: Index(S.Zero, sizes.index(part) - 1, sizes.index(part)) for axis in free for part in axis})
    entries = in_entries(e, sizes)
    try:
        terms = lift(entries.subs({s: S.Zero for s, index in env.items() if not index.axis}), env, prepare)
    except NotLiftable:
        why = "a function in it depends on three indices, or on several entries at once"
        raise ExpressionError(f"there is no matrix notation for `{readable(e)}`: {why}; leave it in index notation") from None
    axes = tuple(sum((env[part].axis for part in axis), ()) for axis in free)
    live = tuple(a for a in axes if a)
    found = raise_terms([t._replace(out=live) for t in terms], axis_sizes(live))
    found = prepare(found) if is_matrix(found) else found
    if is_matrix(found) and len(free) == 2 and len(live) < 2:
        found = transpose_prepared(found) if not axes[0] else found
    elif len(free) == 2 and not live:
        found = make.mul(found, make.identity(S.One))
    return present(found)


def in_entries(e: Any, sizes: Sizes) -> Any:
    """`e` with entries of matrix symbols, or of array symbols, in the place of those of an IndexedBase."""
    found = access_of(e) if isinstance(e, Indexed) else None
    if found is not None:
        shape, at = sizes.shape(found.base), [in_entries(i, sizes) for i in found.indices]
        if len(at) > 2:
            from sympy.tensor.array.expressions import ArraySymbol  # costs a tenth of SymPy's import time

            return ArraySymbol(str(found.base.label), shape)[tuple(at)]
        parent = MatrixSymbol(str(found.base.label), *(*shape, S.One)[:2])
        return MatrixElement(parent, *(*at, S.Zero)[:2])
    if not e.args or isinstance(e, Idx):
        return e
    args = [in_entries(a, sizes) if isinstance(a, Basic) else a for a in e.args]
    return e if all(x is y for x, y in zip(args, e.args)) else e.func(*args)


def _unfused(e: Expr, free: Sequence, ranges: Ranges) -> tuple[Expr, dict]:
    """(`e` with an index each for the quotient and the remainder of a free index in a Kronecker product, {index: these two}).

    What is left of a bound index after its remainder is a remainder too, of the number of its values, as the reading of sums has it.
    """
    names, parts = ranges.names, {}
    e = e.xreplace({f.args[0] * q - q * f: Mod(f.args[0] * q, q, evaluate=False) for f in e.atoms(floor) for q in _divisors(f)})
    for i in sorted({p.args[0] for p in e.atoms(Mod) if p.args[0].is_Symbol}, key=lambda s: (str(s), s.dummy_index if s.is_Dummy else 0)):
        remainders = {p for p in e.atoms(Mod) if p.args[0] == i}
        if len(remainders) > 1:
            continue
        (rest,) = remainders
        quotient, size = floor(i / rest.args[1]), _count(i, ranges)
        count = None if size is None else size / rest.args[1]
        if i not in free:
            e = e.xreplace({quotient: Mod(quotient, count, evaluate=False)}) if count is not None else e
            continue
        new = names.fresh(Symbol(i.name, integer=True)), names.fresh(Symbol(i.name, integer=True))
        found = e.xreplace({quotient: new[0], rest: new[1]})
        if i not in symbols_in(found):
            e, parts[i] = found, new
            ranges.of_bound[new[1]] = (S.Zero, rest.args[1] - 1)
            if count is not None:
                ranges.of_bound[new[0]] = (S.Zero, count - 1)
    return e, parts


def _count(i: Any, ranges: Ranges) -> Expr | None:
    found = ranges.of_bound.get(i) or ranges.names.range_of(i)
    return found[1] + 1 if found and found[0] == 0 else None


def _divisors(f: Any) -> list:
    """[q] of floor(i/q): before SymPy 1.14 a remainder is written ``i - q*floor(i/q)``."""
    q = f.args[0].as_numer_denom()[1]
    return [] if q == 1 else [q]
