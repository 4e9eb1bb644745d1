"""Matrices in a sum over samples, read as arrays of one axis more: in sum_i f(X[i, :], w) the row X[i, :] of every i is the matrix X.

Rows, columns and products, sums, functions of the entries of these become terms whose `out` has the two axes of the matrix, while the axis
of the index stays a label; what has two axes left is a matrix again, so that norms, softmax and log-sum-exp of a sample are those of rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Basic, Expr, S, Sum
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, MatAdd, MatMul, MatPow, MatrixSlice, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import make
from ..kernel.chains import selector
from ..kernel.indices import reserve_indices
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.session import session
from ..kernel.shapes import is_matrix, parted, same_size, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import holds
from ..nodes import MatrixSum, MatrixUnit, RowSoftmax, Softmax
from ..nodes.bound import BOUND
from ..notation import raise_terms
from ..notation.present import present
from ..notation.term import AdjointTerm, new_axes, new_axis, size_of
from . import sums
from .form import prepare, prepares
from .orientation import transpose_prepared
from .sums import UNIT, NotLiftable, TooManyAxes, count_missing, leaf_of, product_of_sums

MATRICES: dict[type, Callable] = {}
SCALARS: dict[type, Callable] = {}


def reads(*classes: type, table: dict = MATRICES) -> Callable:
    """Register how a matrix (or a scalar of one, in SCALARS) of some classes is read."""

    def register(f: Callable) -> Callable:
        table.update(dict.fromkeys(classes, f))
        return f

    return register


class Reader:
    """The matrices of one sum: the indices in scope, and how parts without any are prepared."""

    def __init__(self, env: dict, prepare: Callable) -> None:
        self.env, self.prepare = env, prepare

    def depends(self, e: Basic) -> bool:
        return any(s in self.env for s in e.free_symbols)

    def matrix(self, e: Basic) -> list[AdjointTerm]:
        """Terms whose sum is a matrix; `out` are its two axes."""
        if not is_matrix(e):
            raise NotLiftable
        if not self.depends(e):
            return [self.leaf(self.prepare(e), e.shape)]
        read = next((MATRICES[c] for c in type(e).__mro__ if c in MATRICES), None)
        if read is None:
            raise NotLiftable
        return read(e, self)

    def leaf(self, node: Any, shape: Sequence) -> AdjointTerm:
        """A prepared matrix, or the scalar that a 1 x 1 matrix is."""
        axes = new_axes(tuple(map(S, shape)))
        return UNIT._replace(leaves=((node, *axes),), out=axes) if is_matrix(node) else UNIT._replace(coefficient=node, out=axes)

    def one(self, terms: list[AdjointTerm]) -> AdjointTerm:
        """A sum of terms as one leaf over the indices and axes that it has, at most two."""
        terms = [with_axes_apart(t) for t in same_axes(terms)]
        own = [a for a in terms[0].out if a]
        used = {x for t in terms for leaf in t.leaves for axis in leaf[1:] for x in axis}
        axes = [i.axis for i in self.env.values() if i.axis and i.axis[0] in used] + own
        if len(axes) > 2:
            raise TooManyAxes
        leaf = leaf_of([t._replace(out=tuple(axes)) for t in terms], axes, self.prepare)
        return leaf._replace(out=terms[0].out)

    def single(self, terms: list[AdjointTerm]) -> list[AdjointTerm]:
        """The terms as one, or as they are where one would have too many axes."""
        if len(terms) == 1:
            return terms
        try:
            return [self.one(terms)]
        except TooManyAxes:
            return terms

    def rows(self, e: Basic) -> tuple[Any, tuple, bool]:
        """(the matrix whose rows are the vector `e` of every sample, the axis of its rows, whether `e` is a column)."""
        terms = self.matrix(e)
        rows, cols = terms[0].out
        if rows and cols:
            raise NotLiftable
        leaf = self.one(terms)
        own = leaf.out[0] or leaf.out[1]
        if leaf.coefficient is not S.One or len(leaf.leaves) != 1 or not own:
            raise NotLiftable
        node, first, second = leaf.leaves[0]
        if not first or not second:
            raise NotLiftable
        if first == own:
            node, first = transpose_prepared(node), second
        return node, first, bool(rows)


# ---------------------------------------------------------------- axes


def renamed(term: AdjointTerm, old: tuple, new: tuple) -> AdjointTerm:
    """The term with one label in the place of another one."""
    if old == new:
        return term
    put = lambda axis: tuple(new[0] if x == old[0] else x for x in axis)  # noqa: E731
    leaves = tuple((node, *map(put, axes)) for node, *axes in term.leaves)
    return term._replace(leaves=leaves, out=tuple(map(put, term.out)))


def same_axes(terms: list[AdjointTerm]) -> list[AdjointTerm]:
    """The terms with the axes of the first one, those that are on a diagonal with axes of their own."""
    first = with_axes_apart(terms[0])
    out = [first]
    for t in terms[1:]:
        t = with_axes_apart(t)
        for old, new in zip(t.out, first.out):
            if old:
                t = renamed(t, old, new)
        out.append(t)
    return out


def with_axes_apart(term: AdjointTerm) -> AdjointTerm:
    """A diagonal matrix as one with two axes and an identity."""
    rows, cols = term.out
    if not rows or rows != cols:
        return term
    new = new_axis(size_of(rows))
    return term._replace(leaves=(*term.leaves, (make.identity(size_of(rows)), rows, new)), out=(rows, new))


def product_of(left: AdjointTerm, right: AdjointTerm) -> AdjointTerm:
    """The matrix product of two terms."""
    inner, other = left.out[1], right.out[0]
    if bool(inner) != bool(other):
        raise NotLiftable
    right = renamed(right, other, inner) if inner else right
    return times(left, right)._replace(out=(left.out[0], right.out[1]))


def times(left: AdjointTerm, right: AdjointTerm) -> AdjointTerm:
    return left._replace(coefficient=scalar_product(left.coefficient, right.coefficient), leaves=left.leaves + right.leaves)


def entrywise(left: AdjointTerm, right: AdjointTerm) -> AdjointTerm:
    """The elementwise product of two terms."""
    return times(*same_axes([left, right]))


def summed(term: AdjointTerm) -> AdjointTerm:
    """The sum of all entries: an axis that no leaf has is counted."""
    labels = list(dict.fromkeys(x for axis in term.out for x in axis))
    return count_missing(term._replace(out=()), labels)


# ---------------------------------------------------------------- matrices


@reads(MatrixSlice)
def matrix_slice(e: Any, reader: Reader) -> list[AdjointTerm]:
    """A row or a column by an index, the other axis whole or cut."""
    if reader.depends(e.parent):
        raise NotLiftable
    node = reader.prepare(e.parent)
    if not is_matrix(node):
        raise NotLiftable
    out, axes, leaves = [], [], []
    for size, (start, stop, step) in zip(shape_of(node), (e.rowslice, e.colslice)):
        start, stop, step = S(start), S(stop), S(step)
        if (stop - start).expand() is S.One:
            axis, more = sums._axis(start, size, reader.env)
            out.append(())
            axes.append(axis)
            leaves += more
            continue
        if reader.depends(start) or reader.depends(stop) or reader.depends(step):
            raise NotLiftable
        whole = new_axis(size)
        axes.append(whole)
        if start == 0 and step == 1 and same_size(stop, size):
            out.append(whole)
            continue
        pick = selector(size, (start, stop, step))
        part = new_axis(shape_of(pick)[0])
        leaves.append((pick, part, whole))
        out.append(part)
    return [UNIT._replace(leaves=((node, *axes), *leaves), out=tuple(out))]


@reads(MatMul)
def matrix_product(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The axes between the factors are summed over."""
    scalars, matrices = parted(e.args)
    parts = [reader.single(reader.matrix(a)) for a in matrices]
    found = product_of_sums(parts, reader.env, product_of)
    return product_of_sums([found, *(sums._single(s, reader.env, reader.prepare) for s in scalars)], reader.env, times)


@reads(MatAdd)
def matrix_sum(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The terms of all summands."""
    return same_axes([t for a in e.args for t in reader.matrix(a)])


@reads(Transpose)
def transposed(e: Any, reader: Reader) -> list[AdjointTerm]:
    return [t._replace(out=t.out[::-1]) for t in reader.matrix(e.arg)]


@reads(HadamardProduct)
def hadamard(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The factors on the same axes."""
    return product_of_sums([reader.single(reader.matrix(a)) for a in e.args], reader.env, entrywise)


@reads(DiagMatrix)
def diagonal(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The axis of the vector twice."""
    return [t._replace(out=(t.out[0] or t.out[1],) * 2) for t in reader.matrix(e.args[0])]


@reads(ElementwiseApplyFunction)
def applied(e: Any, reader: Reader) -> list[AdjointTerm]:
    """A function of every entry of every sample."""
    return of_entries(e.args[1], lambda node: raw(ElementwiseApplyFunction, e.args[0], node), e.args[0], reader)


@reads(HadamardPower)
def entrywise_power(e: Any, reader: Reader) -> list[AdjointTerm]:
    if is_matrix(e.args[1]):
        raise NotLiftable
    return of_entries(e.args[0], lambda node: raw(HadamardPower, node, e.args[1]), e.args[1], reader)


def of_entries(arg: Basic, function: Callable, fixed: Basic, reader: Reader) -> list[AdjointTerm]:
    if reader.depends(fixed):
        raise NotLiftable
    leaf = reader.one(reader.matrix(arg))
    if leaf.coefficient is not S.One or len(leaf.leaves) != 1:
        raise NotLiftable
    node, *axes = leaf.leaves[0]
    return [sums.oriented(reader.prepare(function(node)), axes)._replace(out=leaf.out)]


@reads(MatPow)
def matrix_power(e: Any, reader: Reader) -> list[AdjointTerm]:
    """A power of a scalar; of larger matrices there is no reading."""
    if shape_of(e) != (S.One, S.One):
        raise NotLiftable
    return [t._replace(out=((), ())) for t in function_of(reader.matrix(e.base), BOUND**e.exp, reader)]


@reads(MatrixUnit)
def unit(e: Any, reader: Reader) -> list[AdjointTerm]:
    """Unit vectors on both axes."""
    out, leaves = [], []
    for size, at in zip(shape_of(e), e.index):
        axis, more = sums._axis(S(at), size, reader.env)
        own = new_axis(size)
        out.append(own)
        leaves += [*([(make.identity(size), own, axis)] if own else []), *more]
    return [UNIT._replace(leaves=tuple(leaves), out=tuple(out))]


@reads(Softmax)
def softmax(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The softmax of each row."""
    node, axis, is_column = reader.rows(e.arg)
    own = new_axis(shape_of(node)[1])
    found = sums.oriented(reader.prepare(raw(RowSoftmax, node)), [axis, own])
    return [found._replace(out=(own, ()) if is_column else ((), own))]


def function_of(terms: list[AdjointTerm], body: Expr, reader: Reader) -> list[AdjointTerm]:
    """A function of a scalar of every sample."""
    if body == BOUND:
        return terms
    if reader.depends(body):
        raise NotLiftable
    leaf = reader.one([t._replace(out=((), ())) for t in terms])
    if not leaf.leaves:
        return [leaf._replace(coefficient=body.xreplace({BOUND: leaf.coefficient}), out=())]
    node, *axes = leaf.leaves[0]
    return [sums.oriented(reader.prepare(make.apply(make.function(body), node)), axes)]


# ---------------------------------------------------------------- sums of matrices


def matrix_of_sum(body: Basic, limits: Sequence, prepare: Callable) -> Any:
    """A sum of matrices over indices in matrix notation; NotLiftable where there is none."""
    env = sums.scope(limits, {})
    terms = Reader(env, prepare).matrix(body)
    labels = [i.axis[0] for i in env.values() if i.axis]
    terms = [count_missing(t, labels) for t in same_axes(terms)]
    axes = [a for a in terms[0].out if a]
    node = raise_terms([t._replace(out=tuple(axes)) for t in terms], tuple(size_of(a) for a in axes))
    node = prepare(node)
    return transpose_prepared(node) if len(axes) == 1 and not terms[0].out[0] else node


@prepares(MatrixSum)
def sum_of_matrices(e: Any) -> Any:
    """A sum over samples as a matrix; any other one with a prepared body."""
    if holds(e.body, (MatrixSlice, MatrixElement)):
        try:
            return matrix_of_sum(e.body, e.limits, prepare)
        except NotLiftable:
            pass
    p = prepare(e.body)
    if isinstance(p, Transpose):
        return transpose(make.matrix_sum(p.args[0], *e.limits))
    return make.matrix_sum(p, *e.limits)


def in_matrix_notation(e: Any) -> Any:
    """A Sum, or a MatrixSum, in matrix notation; None where there is none."""
    with session():
        reserve_indices(e)
        found = present(prepare(e))
    return None if isinstance(found, (Sum, MatrixSum)) else found
