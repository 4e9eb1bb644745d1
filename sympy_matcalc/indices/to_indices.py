"""to_index_notation: the entry of a matrix expression as sums of products of entries."""

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Abs, Basic, Expr, IndexedBase, KroneckerDelta, Mul, Pow, S, Sum, Symbol, Trace, exp, floor, log
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    DiagMatrix,
    DotProduct,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare_whole
from ..compat import modulo
from ..errors import IndexRangeError, ShapeError
from ..kernel.session import session
from ..kernel.shapes import is_matrix, parted
from ..nodes import (
    AsMatrix,
    Einsum,
    ElementProduct,
    ElementSum,
    LogSumExp,
    MatrixSum,
    MatrixUnit,
    Mean,
    Norm,
    RowLogSumExp,
    RowSoftmax,
    RowSum,
    Softmax,
    Vec,
)
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
        return _joined(body(index), (index, S.Zero, size - 1))

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
            index = [t._fused(axis, value) for axis in axes]
            factors.append(self.entry(operand, *index) if is_matrix(operand) else self.array(operand, index))
        found = Mul(*factors)
        for label, index in summed.items():
            found = _joined(found, (index, S.Zero, t.dims[label] - 1))
        for limit in t.limits:
            found = _joined(found, tuple(limit))
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


def _joined(body: Expr, limit: tuple) -> Expr:
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


# ---------------------------------------------------------------- matrices


def base_of(e: Any) -> IndexedBase:
    """The IndexedBase of a matrix symbol: a column has one index."""
    rows, cols = e.shape
    return IndexedBase(e.name, shape=(rows,) if cols == 1 and rows != 1 else (rows, cols))


@writes(MatrixSymbol)
def symbol(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    base = base_of(e)
    return base[i] if len(base.shape) == 1 else base[i, j]


@writes(AsMatrix)
def array_symbol(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    array = e.array
    return IndexedBase(str(array.name), shape=tuple(array.shape))[(i, j)[: len(array.shape)]]


@writes(MatMul)
def product(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    """A sum over every axis between two factors."""
    scalars, matrices = parted(e.args)
    inner = [S.Zero if a.shape[1] == 1 else w.fresh() for a in matrices[:-1]]
    places = [i, *inner, j]
    body = Mul(*(w.entry(a, places[k], places[k + 1]) for k, a in enumerate(matrices)))
    for index, a in zip(reversed(inner), reversed(matrices[:-1])):
        body = body if index == 0 else _joined(body, (index, S.Zero, a.shape[1] - 1))
    return Mul(*map(w.scalar, scalars), body)


@writes(MatAdd)
def added(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return sum((w.entry(a, i, j) for a in e.args), start=S.Zero)


@writes(Transpose)
def transposed(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.entry(e.arg, j, i)


@writes(HadamardProduct)
def hadamard(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return Mul(*(w.entry(a, i, j) for a in e.args))


@writes(HadamardPower)
def entrywise_power(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    base, k = (w.entry(a, i, j) if is_matrix(a) else w.scalar(a) for a in e.args)
    return Pow(base, k)


@writes(ElementwiseApplyFunction)
def applied(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.scalar(e.function(w.entry(e.expr, i, j)))


@writes(Identity)
def identity(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return KroneckerDelta(i, j)


@writes(OneMatrix)
def ones(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return S.One


@writes(ZeroMatrix)
def zeros(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return S.Zero


@writes(MatrixUnit)
def unit(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return Mul(*(KroneckerDelta(at, here) for (at, size), here in zip(e.indices, (i, j)) if size != 1))


@writes(DiagMatrix)
def diagonal(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    v = e.args[0]
    return KroneckerDelta(i, j) * (w.entry(v, i, S.Zero) if v.shape[1] == 1 else w.entry(v, S.Zero, i))


@writes(DiagonalOf)
def diagonal_of(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.entry(e.args[0], i, i)


@writes(DiagonalMatrix)
def diagonal_part(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return KroneckerDelta(i, j) * w.entry(e.args[0], i, i)


@writes(KroneckerProduct)
def kronecker(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    """Quotients and remainders of the indices."""
    places = []
    for axis, at in enumerate((i, j)):
        sizes, here = [S(a.shape[axis]) for a in e.args], []
        for k in range(len(sizes) - 1, -1, -1):
            is_last = all(size == 1 for size in sizes[:k])
            here.append(S.Zero if sizes[k] == 1 else at if is_last else modulo(at, sizes[k]))
            at = S.Zero if is_last and sizes[k] != 1 else floor(at / sizes[k])
        places.append(here[::-1])
    return Mul(*(w.entry(a, places[0][k], places[1][k]) for k, a in enumerate(e.args)))


@writes(Vec)
def stacked(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    rows, cols = e.arg.shape
    return w.entry(e.arg, i, S.Zero) if cols == 1 else w.entry(e.arg, modulo(i, rows), floor(i / rows))


@writes(MatrixSlice)
def sliced(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    at = (S(start) + S(step) * k for (start, _, step), k in zip((e.rowslice, e.colslice), (i, j)))
    return w.entry(e.parent, *at)


@writes(MatPow)
def power(w: Writer, e: Any, i: Expr, j: Expr) -> Expr | None:
    """A product for the powers that are written out; an inverse has no formula."""
    if not (e.exp.is_Integer and 2 <= e.exp <= 4):
        return None
    return product(w, MatMul(*[e.base] * int(e.exp), evaluate=False), i, j)


@writes(MatrixSum)
def matrix_sum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    body = w.entry(e.body, i, j)
    for limit in e.limits:
        body = _joined(body, tuple(limit))
    return body


@writes(Einsum)
def einsum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.einsum(e, (i, j)[: len(e.axes_shape)])


@writes(RowSum)
def row_sum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.summed(e.arg.shape[1], lambda k: w.entry(e.arg, i, k))


@writes(RowSoftmax)
def row_softmax(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return exp(w.entry(e.arg, i, j)) / w.summed(e.arg.shape[1], lambda k: exp(w.entry(e.arg, i, k)))


@writes(Softmax)
def softmax(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return exp(w.entry(e.arg, i, j)) / total(w, e.arg, exp)


@writes(RowLogSumExp)
def row_log_sum_exp(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return log(w.summed(e.arg.shape[1], lambda k: exp(w.entry(e.arg, i, k))))


@writes(FunctionMatrix)
def of_indices(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.scalar(e.lamda(i, j))


@writes(MatrixBase)
def explicit(w: Writer, e: Any, i: Expr, j: Expr) -> Expr | None:
    """An entry at a known place; of an explicit matrix at a symbolic place there is no formula."""
    return w.scalar(e[int(i), int(j)]) if i.is_Integer and j.is_Integer else None


# ---------------------------------------------------------------- scalars


def total(w: Writer, a: Any, f: Callable = lambda x: x) -> Expr:
    """The sum of a function of all entries."""
    rows, cols = a.shape
    return w.summed(rows, lambda i: w.summed(cols, lambda j: f(w.entry(a, i, j))))


@writes_scalar(Trace)
def trace(w: Writer, e: Any) -> Expr:
    return w.summed(e.arg.shape[0], lambda i: w.entry(e.arg, i, i))


@writes_scalar(ElementSum)
def element_sum(w: Writer, e: Any) -> Expr:
    return total(w, e.arg)


@writes_scalar(Mean)
def mean(w: Writer, e: Any) -> Expr:
    rows, cols = e.arg.shape
    return total(w, e.arg) / (S(rows) * cols)


@writes_scalar(Norm)
def norm(w: Writer, e: Any) -> Expr | None:
    if e.p is S.Infinity:
        return None
    return total(w, e.arg, (lambda x: x**2) if e.p == 2 else lambda x: Abs(x) ** e.p) ** (1 / e.p)


@writes_scalar(LogSumExp)
def log_sum_exp(w: Writer, e: Any) -> Expr:
    return log(total(w, e.arg, exp))


@writes_scalar(ElementProduct)
def element_product(w: Writer, e: Any) -> None:
    return None


@writes_scalar(DotProduct)
def dot_product(w: Writer, e: Any) -> Expr:
    a, b = (x if x.shape[1] == 1 else x.T for x in e.args)
    return w.summed(a.shape[0], lambda i: w.entry(a, i, S.Zero) * w.entry(b, i, S.Zero))


@writes_scalar(MatrixElement)
def element(w: Writer, e: Any) -> Expr:
    return w.entry(e.parent, e.i, e.j)


@writes_scalar(Sum)
def typed_sum(w: Writer, e: Any) -> Expr:
    """A sum of entries, as SymPy writes them."""
    return sum_over(w.scalar(e.function), *e.limits)
