"""to_index_notation: the entry of a matrix expression as sums of products of entries."""

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Basic, Expr, IndexedBase, KroneckerDelta, Mul, S, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare_whole
from ..errors import IndexRangeError, ShapeError
from ..kernel.session import session
from ..kernel.shapes import is_matrix
from ..nodes import Einsum
from ..nodes.arrays import is_array_expression, is_array_symbol
from ..strict import sympified
from ..typed_input import as_differentiable
from .access import symbols_in
from .contract import with_deltas_contracted
from .terms import sum_over

LETTERS = "ijklpqrstuvabcdefgh"
MATRICES: dict[type, Callable] = {}
SCALARS: dict[type, Callable] = {}


def to_index_notation(expr: Any, indices: Any = ()) -> Expr:
    """The entry of an expression in matrix notation, in index notation: ``(A*x)[i]`` is the sum of ``A[i, j]*x[j]`` over j.

    expr: a scalar, a matrix, or an array of any order. indices: one for each axis, a Symbol, an Idx or a number; of a vector one, of a
    scalar none. Matrices become `IndexedBase` of their shape, columns of one index. What has no formula by entries, such as an inverse,
    stays: ``(A**(-1))[i, j]``. `to_matrix_notation` is the way back.
    Errors: ShapeError for another number of indices, IndexRangeError for one that is no index, MissingRuleError where SymPy cannot write
    the sum: it takes a condition on two indices out of the inner of two sums.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> i, j, k = symbols("i j k", integer=True)
    >>> A, x = MatrixSymbol("A", m, n), MatrixSymbol("x", n, 1)
    >>> mc.to_index_notation(A*x, i)
    Sum(A[i, j]*x[j], (j, 0, n - 1))
    >>> mc.to_index_notation(mc.jacobian(A*x, A), (k, i, j))
    KroneckerDelta(i, k)*x[j]
    """
    e = as_differentiable(expr)
    at = _indices(indices)
    if is_array_expression(e) and not is_array_symbol(e):
        with session():
            e = prepare_whole(e)
    writer = Writer({str(s) for s in _names(e)} | {str(s) for s in at})
    return with_deltas_contracted(writer.written(e, at))


def _indices(indices: Any) -> list[Basic]:
    given = list(indices) if isinstance(indices, (tuple, list)) or type(indices).__name__ == "Tuple" else [indices]
    at = [sympified(i) for i in given]
    for i in at:
        if not isinstance(i, Expr) or i.is_integer is False or is_matrix(i):
            raise IndexRangeError(f"an index must be a Symbol, an Idx or a whole number, got {type(i).__name__}: `{i}`")
    return at


def _names(e: Basic) -> set:
    return e.free_symbols | symbols_in(e)


class Writer:
    """Writes entries; `taken` are the names that no summation index may have."""

    def __init__(self, taken: set) -> None:
        self.taken = set(taken)

    def fresh(self) -> Symbol:
        """A summation index that nothing else is called."""
        round_, found = 0, None
        while found is None:
            suffix = f"_{round_}" if round_ else ""
            found = next((f"{x}{suffix}" for x in LETTERS if f"{x}{suffix}" not in self.taken), None)
            round_ += 1
        self.taken.add(found)
        return Symbol(found, integer=True)

    def summed(self, size: Expr, body: Callable[[Any], Expr]) -> Expr:
        """The sum of a function of an index over an axis."""
        if size == 1:
            return body(S.Zero)
        index = self.fresh()
        return joined(body(index), (index, S.Zero, size - 1))

    def written(self, e: Any, at: list) -> Expr:
        """The entry of a scalar, a matrix or an array."""
        shape = _shape(e)
        if len(at) == len(shape) - 1 and S.One in shape and len(shape) == 2:
            at = [at[0], S.Zero] if shape[1] == 1 else [S.Zero, at[0]]
        if not at and all(s == 1 for s in shape):
            at = [S.Zero] * len(shape)
        if len(at) != len(shape):
            raise ShapeError(f"`{e}` of shape {shape} has an index for each axis, got {len(at)}: {tuple(at)}")
        if len(shape) == 2 and is_matrix(e):
            return self.entry(e, *at)
        return self.array(e, at) if shape else self.scalar(e)

    # ---- matrices
    def entry(self, e: Any, i: Expr, j: Expr) -> Expr:
        """Entry (i, j) of a matrix."""
        rule = next((MATRICES[c] for c in type(e).__mro__ if c in MATRICES), None)
        if rule is not None:
            found = rule(self, e, i, j)
            if found is not None:
                return found
        return MatrixElement(e, i, j)  # opaque: it stays in matrix notation

    def array(self, e: Any, at: Sequence) -> Expr:
        """An entry of an array of three axes or more."""
        if isinstance(e, Einsum):
            return self.einsum(e, at)
        return IndexedBase(str(e.name), shape=tuple(e.shape))[tuple(at)] if is_array_symbol(e) else self.scalar(e[tuple(at)])

    def einsum(self, e: Any, at: Sequence) -> Expr:
        return sum((self.term(t, at) for t in e.terms), start=S.Zero)

    def term(self, t: Any, at: Sequence) -> Expr:
        """One product of an Einsum: deltas, and sums over the indices that the result has not."""
        value, deltas = {}, []
        for axis, index in zip(t.out, at):
            for label, here in zip(axis, t._unfuse(axis, index)):
                if label in value:
                    deltas.append(KroneckerDelta(value[label], here))
                value.setdefault(label, here)
        summed = {label: self.fresh() for label in t.summed}
        value.update(summed)
        factors = [self.scalar(t.coefficient), *deltas]
        for operand, axes in t.factors:
            index = [t.fused(axis, value) for axis in axes]
            factors.append(self.entry(operand, *index) if is_matrix(operand) else self.array(operand, index))
        found = Mul(*factors)
        for label, index in summed.items():
            found = joined(found, (index, S.Zero, t.dims[label] - 1))
        for limit in t.limits:
            found = joined(found, tuple(limit))
        return found

    # ---- scalars
    def scalar(self, e: Any) -> Expr:
        """A scalar, with matrices in it by their entries."""
        if is_matrix(e):
            return self.entry(e, S.Zero, S.Zero)
        if not e.args or isinstance(e, (IndexedBase,)):
            return e
        rule = next((SCALARS[c] for c in type(e).__mro__ if c in SCALARS), None)
        if rule is not None:
            found = rule(self, e)
            return e if found is None else found
        if any(is_matrix(a) for a in e.args) or isinstance(e, Einsum):
            return self.einsum(e, ()) if isinstance(e, Einsum) else e
        args = [self.scalar(a) if isinstance(a, Expr) or a.args else a for a in e.args]
        return e if all(x is y for x, y in zip(args, e.args)) else e.func(*args)


def joined(body: Expr, limit: tuple) -> Expr:
    """A sum around a body, one node for sums of sums."""
    return sum_over(body.function, *body.limits, limit) if isinstance(body, Sum) else sum_over(body, limit)


def _shape(e: Any) -> tuple:
    if is_matrix(e):
        return tuple(map(S, e.shape))
    if isinstance(e, Einsum):
        return e.axes_shape
    return tuple(map(S, e.shape)) if is_array_expression(e) else ()


def writes(*classes: type) -> Callable:
    """Register the entry of matrices of some classes; a rule returns None for what it has no formula for."""

    def register(f: Callable) -> Callable:
        MATRICES.update(dict.fromkeys(classes, f))
        return f

    return register


def writes_scalar(*classes: type) -> Callable:
    def register(f: Callable) -> Callable:
        SCALARS.update(dict.fromkeys(classes, f))
        return f

    return register
