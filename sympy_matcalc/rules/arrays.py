"""Array symbols, their entries, functions of the entries of an array, explicit arrays: each differential is index notation."""

from itertools import product

from sympy import ImmutableDenseNDimArray, ImmutableSparseNDimArray, S
from sympy.tensor.array.arrayop import Flatten

from ..canonical import functions
from ..canonical.array_sums import whole_term
from ..canonical.arrays import array_function
from ..errors import ShapeError
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.shapes import is_one, shape_of
from ..nodes import Einsum, EinsumTerm
from .elementwise import parameters
from .registry import builtin


@builtin("ArraySymbol", name="constant")
def d_array_symbol(node, d):
    """An array symbol that is not the variable is constant."""
    return None


@builtin("ArrayElement", name="entry of an array")
def d_array_element(node, d):
    """d(A[i, j, k]) = (dA)[i, j, k]."""
    array, index = node.args
    if not hasattr(array, "shape"):
        raise ShapeError(f"`{node}` is an entry of `{array}`, which has no shape: make it an entry of ArraySymbol('{array}', shape)")
    da = d(array)
    if da is None:
        return None
    units, axes = units_at(shape_of(array), index)
    return intern(Einsum((), EinsumTerm(1, [s for s in shape_of(array) if not is_one(s)], (), [(da, *axes), *units])))


def units_at(sizes, index):
    """(unit vectors at an entry of an array, each with its axis; the axes): an axis of length 1 has no index."""
    axes, units = [], []
    for size, at in zip(sizes, index):
        axes.append(() if is_one(size) else (len(units),))
        if not is_one(size):
            units.append((make.unit(size, S(at)), (len(units),), ()))
    return units, axes


@builtin("ArrayElementwiseApplyFunc", name="differential of an elementwise function")
def d_array_function(node, d):
    """d f(A) = f'(A) o dA, and for a scalar t inside of f: (df/dt)(A) dt."""
    f, a = node.args
    body, da = functions.body_of(f), d(a)
    sizes, axes = shape_of(a), range(len(shape_of(a)))
    parts = [] if da is None else [(functions.derivative(body), S.One, [(da, *axes)])]
    parts += [(partial, d(p), []) for p, partial in parameters(body, d)]
    terms = [whole_term(sizes, c, [*factors, (array_function(node.func, slope, a), *axes)]) for slope, c, factors in parts]
    return intern(Einsum(sizes, *terms)) if terms else None


@builtin(ImmutableDenseNDimArray, ImmutableSparseNDimArray, name="differential entry by entry", looks_inside=True)
def d_explicit_array(node, d):
    """The differential of an explicit array, entry by entry: sum of d(a_ijk) times unit vectors."""
    sizes, terms = shape_of(node), []
    for index, entry in zip(product(*map(range, node.shape)), Flatten(node)):
        da = d(S(entry))
        if da is not None:
            units, axes = units_at(sizes, index)
            terms.append(EinsumTerm(da, [s for s in sizes if not is_one(s)], axes, units))
    return intern(Einsum(sizes, *terms)) if terms else None
