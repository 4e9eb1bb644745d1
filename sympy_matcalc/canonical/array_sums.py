"""Prepared arrays as values: an operand as an Einsum, multiples and sums of arrays, which SymPy writes as those of scalars."""

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Add, Basic, Mul, S

from ..errors import ShapeError
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, same_size, shape_of
from ..nodes import Einsum, EinsumTerm
from ..nodes.arrays import array_class, array_sizes, is_array_expression


def is_array(node: Any) -> bool:
    """Whether a prepared node that is no matrix is an array: an Einsum with axes, an array symbol or a function of one."""
    return isinstance(node, Einsum) and bool(node.axes_shape) or is_array_expression(node)


def as_einsum(node: Basic) -> Basic:
    """An array of three axes or more as an Einsum of this one operand; anything else as it is."""
    if isinstance(node, Einsum) or not is_array_expression(node):
        return node
    sizes = array_sizes(node)
    return whole_einsum(sizes, S.One, [(node, *range(len(sizes)))])


def whole_einsum(sizes: Sequence, coefficient: Any, factors: Sequence) -> Basic:
    """The array ``coefficient * product of factors`` of these sizes, (operand, number of an axis, ...) each."""
    return intern(Einsum(sizes, whole_term(sizes, coefficient, factors)))


def whole_term(sizes: Sequence, coefficient: Any, factors: Sequence) -> Basic:
    """The only term of `whole_einsum`; an axis of length 1 has no index."""
    live = [k for k, s in enumerate(sizes) if not is_one(s)]
    axes = [(live.index(k),) if k in live else () for k in range(len(sizes))]
    return EinsumTerm(coefficient, [sizes[k] for k in live], axes, [(op, *(axes[k] for k in at)) for op, *at in factors])


def check_equal(left: Sequence, right: Sequence, e: Basic) -> None:
    """Raise ShapeError where the summands of `e` are of different shapes."""
    if len(left) != len(right) or not all(map(same_size, left, right)):
        raise ShapeError(f"a sum of arrays of the shapes {tuple(left)} and {tuple(right)}, which must be equal: `{e}`")


def combined(e: Basic, args: Sequence, prepare: Callable) -> Basic:
    """A multiple or a sum of arrays, `args` prepared; ShapeError for every other scalar operation."""
    arrays = [a for a in args if is_array(a) or is_matrix(a)]
    scalars = [a for a in args if not (is_array(a) or is_matrix(a))]
    if isinstance(e, Mul) and len(arrays) == 1:
        return scaled(scalar_product(*scalars), arrays[0], prepare)
    if isinstance(e, Add) and not scalars:
        return added(arrays, e, prepare)
    what = f"`{e.func.__name__}` of an array of shape {tuple(arrays[0].shape)}"
    name = array_class(e.args[list(args).index(arrays[0])])
    raise ShapeError(
        f"{what}{f', {name},' if name else ''} in `{e}`: a scalar is needed there. Elementwise functions are "
        "`ArrayElementwiseApplyFunc(f, A)`, products `ArrayTensorProduct(A, B)` with `ArrayContraction` or `ArrayDiagonal` around it, "
        "entries `A[i, j, k]`"
    )


def scaled(c: Any, array: Basic, prepare: Callable) -> Basic:
    """c times a prepared array."""
    if is_matrix(array):
        return prepare(make.mul(c, *(array.args if getattr(array, "is_MatMul", False) else (array,))))
    array = as_einsum(array)
    return intern(Einsum(array.axes_shape, *(t.times(c) for t in array.terms)))


def added(arrays: Sequence, e: Basic, prepare: Callable) -> Basic:
    """The sum of prepared arrays of one shape."""
    shapes = [shape_of(a) for a in map(as_einsum, arrays)]
    for shape in shapes[1:]:
        check_equal(shapes[0], shape, e)
    if all(map(is_matrix, arrays)):
        return prepare(make.add(*arrays))
    einsums = [as_einsum(a) for a in arrays]
    return intern(Einsum(einsums[0].axes_shape, *(t for a in einsums for t in a.terms)))
