"""SymPy's array expressions in canonical form: a scalar, a matrix (of one axis a column), or an `Einsum` of the axes that are not 1.

Every array is read as a sum of products of operands whose axes have labels, `notation.term`: a contraction makes labels one and sums over
them, a diagonal makes them one and keeps it, a permutation changes their order. What comes out is raised to matrix notation.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sympy import Basic, ImmutableDenseNDimArray, NDimArray, S, Tuple
from sympy.matrices.immutable import ImmutableDenseMatrix
from sympy.tensor.array.arrayop import Flatten

from ..errors import ExpressionError, ShapeError
from ..kernel import make
from ..kernel.binding import substitute
from ..kernel.interning import intern
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, same_size, shape_of
from ..nodes import AsMatrix, Einsum
from ..nodes.arrays import array_class, array_sizes, is_array_expression, is_array_symbol
from ..nodes.bound import BOUND
from ..notation import raise_terms
from ..notation.term import AdjointTerm, label_size, new_axes
from . import functions
from .array_sums import check_equal, whole_einsum
from .scalars import handles, prepare_scalar

NAMES = (
    *("ArraySymbol", "ZeroArray", "OneArray", "ArrayTensorProduct", "ArrayAdd", "ArrayContraction", "ArrayDiagonal", "PermuteDims"),
    *("ArrayElementwiseApplyFunc", "Reshape"),
)
UNIT = AdjointTerm(S.One, (), (), ())
LIFTS: dict[str, Callable] = {}


class Lifted(NamedTuple):
    """An array as a sum of terms whose `out` has an axis for each of its sizes, the empty one for a size of 1."""

    sizes: tuple
    terms: list


def lifts(*names):
    """Register how the arrays of a class, by its name, are read."""

    def register(f):
        LIFTS.update(dict.fromkeys(names, f))
        return f

    return register


@handles(NDimArray, *NAMES)
def prepare_array(e: Basic, prepare: Callable) -> Basic:
    """The canonical form of an array: a scalar where all its sizes are 1, a matrix, or an array symbol or Einsum of more axes."""
    return _raised(lift(e, prepare), prepare)


def lift(e: Basic, prepare: Callable) -> Lifted:
    """The terms of an array expression, or of an operand of one: a matrix or a scalar."""
    name = array_class(e)
    if name in LIFTS:
        return LIFTS[name](e, prepare)
    if name and name != "ArrayElement":
        raise ExpressionError(f"`{name}` in `{e}`: this class of SymPy's array expressions is not known here; write it by those of {KNOWN}")
    if isinstance(e, NDimArray):
        return _explicit(e, prepare)
    sizes: Any = getattr(e, "shape", None)
    return _of_node(prepare(e), tuple(map(S, sizes or ())), e)


KNOWN = "tensor product, sum, contraction, diagonal, permutation, reshaping and functions of entries"


def _explicit(e: Any, prepare: Callable) -> Lifted:
    """An explicit array with its entries prepared; of one or two axes a matrix."""
    entries, sizes = [prepare(S(x)) for x in Flatten(e)], tuple(map(S, e.shape))
    if not sizes:
        return Lifted(sizes, [UNIT._replace(coefficient=entries[0])])
    if len(sizes) > 2:
        return _of_node(intern(ImmutableDenseNDimArray(entries, e.shape)), sizes, e)
    return _of_node(prepare(intern(ImmutableDenseMatrix(*(*e.shape, 1)[:2], entries))), sizes, e)


def _of_node(node: Basic, sizes: tuple, typed: Any) -> Lifted:
    """A prepared scalar, matrix or array as an array of these sizes: one leaf."""
    axes = new_axes(sizes)
    live = tuple(a for a in axes if a)
    term = UNIT._replace(out=axes)
    if not live:
        if is_matrix(node) or getattr(node, "shape", None):
            raise ShapeError(
                f"SymPy takes `{typed}` for a scalar, but it is an array of shape {tuple(node.shape)}: "
                "write `ArrayTensorProduct(c, V)` for c*V and `ArrayAdd(V, W)` for V + W inside of array expressions"
            )
        return Lifted(sizes, [term._replace(coefficient=node)])
    if not is_matrix(node):
        of_all = len(node.shape) == len(sizes)
        return Lifted(sizes, [term.with_leaves((node, *(axes if of_all else live)))._replace(hole=())])
    if len(live) == 1:
        live = (live[0], ()) if is_one(shape_of(node)[1]) else ((), live[0])
    return Lifted(sizes, [term.with_leaves((node, *live))])


# ---------------------------------------------------------------- one array out of many terms


def _raised(array: Lifted, prepare: Callable) -> Basic:
    """The array as one node."""
    live = tuple(s for s in array.sizes if not is_one(s))
    if len(array.terms) == 1 and _is_leaf(array.terms[0]):
        return array.terms[0].leaves[0][0]
    node = raise_terms([t._replace(out=tuple(a for a in t.out if a)) for t in array.terms], live)
    return node if isinstance(node, Einsum) and not is_matrix(node) else prepare(node)


def _is_leaf(term: AdjointTerm) -> bool:
    """Whether a term is nothing but one operand with its own axes in their order."""
    if len(term.leaves) != 1 or term.coefficient is not S.One or term.limits:
        return False
    axes = [a for a in term.leaves[0][1:] if a]
    return len({i for a in axes for i in a}) == len(axes) and axes == [a for a in term.out if a] and not _is_row(term.leaves[0])


def _is_row(leaf: tuple) -> bool:
    """Whether an operand is a row, which an array of one axis is not."""
    return is_matrix(leaf[0]) and leaf[1] == () != leaf[2]


def _single(array: Lifted, prepare: Callable) -> AdjointTerm:
    """The array as one term: a sum becomes one operand, so that products of sums are not multiplied out."""
    if len(array.terms) == 1:
        return array.terms[0]
    return _of_node(_raised(array, prepare), array.sizes, S.Zero).terms[0]


def _merged(term: AdjointTerm, axes: Sequence) -> AdjointTerm:
    """The term with the labels of these axes made one."""
    labels = list(dict.fromkeys(i for axis in axes for i in axis))
    if len(labels) < 2:
        return term
    name = dict.fromkeys(labels, labels[0])
    rename = lambda axis: tuple(name.get(i, i) for i in axis)  # noqa: E731
    leaves = tuple((node, *map(rename, axes)) for node, *axes in term.leaves)
    return term._replace(leaves=leaves, out=tuple(map(rename, term.out)))


def _summed(term: AdjointTerm, at: Sequence[int]) -> AdjointTerm:
    """The term with these axes summed over: an index that nothing depends on is counted."""
    gone = dict.fromkeys(i for k in at for i in term.out[k])
    out = tuple(a for k, a in enumerate(term.out) if k not in at)
    kept = {i for axis in out for i in axis} | {i for _, *axes in term.leaves for axis in axes for i in axis}
    return term._replace(out=out).times(scalar_product(*(label_size(i) for i in gone if i not in kept)))


def _groups(e: Basic) -> list:
    return [tuple(int(k) for k in group) for group in e.args[1:]]


# ---------------------------------------------------------------- one function a class


@lifts("ArraySymbol")
def array_symbol(e, prepare):
    """Of one or two axes the matrix that it is, of more an operand of its own."""
    sizes = array_sizes(e)
    if not sizes:
        raise ShapeError(f"`{e}` is an ArraySymbol without axes: write Symbol('{e.name}') for a scalar")
    return _of_node(prepare(AsMatrix(e)) if len(sizes) < 3 else intern(e), sizes, e)


@lifts("ZeroArray")
def zero_array(e, prepare):
    """No terms."""
    return Lifted(array_sizes(e), [])


@lifts("OneArray")
def one_array(e, prepare):
    """A term without operands."""
    sizes = array_sizes(e)
    return Lifted(sizes, [UNIT._replace(out=new_axes(sizes))])


@lifts("ArrayTensorProduct")
def tensor_product(e, prepare):
    """The axes of the factors, one after the other."""
    parts = [lift(a, prepare) for a in e.args]
    sizes = sum((p.sizes for p in parts), ())
    if any(not p.terms for p in parts):
        return Lifted(sizes, [])
    terms = [_single(p, prepare) for p in parts]
    coefficient = scalar_product(*(t.coefficient for t in terms))
    leaves, limits = (sum((getattr(t, name) for t in terms), ()) for name in ("leaves", "limits"))
    return Lifted(sizes, [AdjointTerm(coefficient, leaves, sum((t.out for t in terms), ()), (), limits)])


@lifts("ArrayAdd")
def array_sum(e, prepare):
    """All terms."""
    first, *others = [lift(a, prepare) for a in e.args]
    for p in others:
        check_equal(first.sizes, p.sizes, e)
    return Lifted(first.sizes, [t for p in (first, *others) for t in p.terms])


@lifts("ArrayContraction")
def contraction(e, prepare):
    """The axes of a group are one, and summed over."""
    inner, groups = lift(e.args[0], prepare), _groups(e)
    gone = {k for group in groups for k in group}
    sizes = tuple(s for k, s in enumerate(inner.sizes) if k not in gone)
    return Lifted(sizes, [_summed(_with_groups(t, groups), sorted(gone)) for t in inner.terms])


@lifts("ArrayDiagonal")
def diagonal(e, prepare):
    """The axes of a group are one, which comes behind those of no group."""
    inner, groups = lift(e.args[0], prepare), _groups(e)
    gone = {k for group in groups for k in group}
    order = [k for k in range(len(inner.sizes)) if k not in gone] + [group[0] for group in groups]
    terms = [_with_groups(t, groups) for t in inner.terms]
    return Lifted(tuple(inner.sizes[k] for k in order), [t._replace(out=tuple(t.out[k] for k in order)) for t in terms])


def _with_groups(term, groups):
    for group in groups:
        term = _merged(term, [term.out[k] for k in group])
    return term


@lifts("PermuteDims")
def permuted(e, prepare):
    """Axis k is that of number p(k)."""
    inner = lift(e.args[0], prepare)
    order = e.args[1].array_form
    order = [*order, *range(len(order), len(inner.sizes))]
    return Lifted(tuple(inner.sizes[k] for k in order), [t._replace(out=tuple(t.out[k] for k in order)) for t in inner.terms])


@lifts("ArrayElementwiseApplyFunc")
def applied(e, prepare):
    """A function of every entry."""
    inner = lift(e.args[1], prepare)
    body, node = prepare_scalar(functions.body_of(e.args[0]), prepare), _raised(inner, prepare)
    if not any(not is_one(s) for s in inner.sizes):
        found = prepare(substitute(body, {BOUND: node}))
    elif is_matrix(node):
        found = prepare(make.apply(make.function(body), node))
    else:
        found = array_function(e.func, body, node)
    return _of_node(found, inner.sizes, e)


def array_function(cls: type, body: Basic, node: Basic) -> Basic:
    """`body` of every entry of a prepared array of three axes or more, as a node of this class of SymPy's."""
    if body == BOUND:
        return node
    return intern(cls(make.function(body), node)) if body.has(BOUND) else whole_einsum(shape_of(node), body, [])


@handles("ArrayElement")
def array_element(e, prepare):
    """The entry of a matrix, of an array symbol of more axes, or of the terms of an array expression."""
    array, index = e.args
    index = [prepare_scalar(i, prepare) for i in index]
    if is_array_symbol(array) and len(array.shape) > 2:
        return intern(e.func(intern(array), Tuple(*index)))
    if is_array_symbol(array) and len(array.shape):
        return prepare(make.element(prepare(AsMatrix(array)), *(*index, S.Zero)[:2]))
    if not is_array_expression(array) and not is_matrix(array) and not isinstance(array, Einsum):
        raise ShapeError(f"`{e}` is an entry of `{array}`, which has no shape: make it an entry of ArraySymbol('{array}', shape)")
    inner = lift(array, prepare)
    units = [(k, make.unit(size, at)) for k, (size, at) in enumerate(zip(inner.sizes, index)) if not is_one(size)]
    terms = [t.with_leaves(*((u, t.out[k], ()) for k, u in units))._replace(out=()) for t in inner.terms]
    return raise_terms(terms, ())


@lifts("Reshape")
def reshaped(e, prepare):
    """The entries in row-major order: axes side by side are one fused axis, and the other way round."""
    inner, sizes = lift(e.args[0], prepare), tuple(map(S, e.args[1]))
    return Lifted(sizes, [_reshaped(t, inner.sizes, sizes) for t in inner.terms])


def _reshaped(term, old, new):
    axes, ties = new_axes(new), []
    for olds, news in _blocks(old, new):
        if len(olds) == len(news) == 1:
            axes = tuple(term.out[olds[0]] if k == news[0] else a for k, a in enumerate(axes))
            continue
        size = scalar_product(*(old[k] for k in olds))
        ties.append((make.identity(size), sum((term.out[k] for k in olds), ()), sum((axes[k] for k in news), ())))
    return term.with_leaves(*ties)._replace(out=axes)


def _blocks(old, new):
    """Groups of axes of one product of sizes on either side, as many as can be told; axes of 1 are in none."""
    left, right = ([k for k, s in enumerate(sizes) if not is_one(s)] for sizes in (old, new))
    blocks, olds, news = [], [], []
    while left or right:
        if olds and same_size(_size(old, olds), _size(new, news)):
            blocks.append((olds, news))
            olds, news = [], []
            continue
        from_new = not left or right and _is_behind(_size(new, news), _size(old, olds))
        side, taken = (right, news) if from_new else (left, olds)
        taken.append(side.pop(0))
    return [*blocks, (olds, news)] if olds or news else blocks


def _size(sizes, at):
    return scalar_product(*(sizes[k] for k in at))


def _is_behind(a, b):
    """Whether the first of two products of sizes needs more factors before the second does."""
    return a <= b if a.is_number and b.is_number else not (a / b).is_integer or a == b
