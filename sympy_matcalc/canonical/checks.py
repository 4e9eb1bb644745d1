"""What sizes have to be: SymPy lets symbolic ones differ, here they must be equal."""

from sympy import S

from ..errors import ShapeError
from ..kernel.shapes import is_matrix, same_size, shape_of


def check_product(matrices):
    """SymPy lets symbolic sizes differ; here they must be equal."""
    for left, right in zip(matrices, matrices[1:]):
        if not same_size(shape_of(left)[1], shape_of(right)[0]):
            raise no_product(left, right, shape_of(left), shape_of(right))


def no_product(left, right, first, second):
    """The error about two neighbours in a product, with their shapes."""
    return ShapeError(
        f"product of shapes {first} and {second}: `{left}` has {first[1]} columns, `{right}` has {second[0]} rows; the two must be equal"
    )


def check_equal(parts, what):
    matrices = [a for a in parts if is_matrix(a)]
    for a in matrices[1:]:
        if not all(same_size(x, y) for x, y in zip(shape_of(a), shape_of(matrices[0]))):
            raise ShapeError(f"{what} of shapes {shape_of(matrices[0])} and {shape_of(a)}, which must be equal: `{matrices[0]}` and `{a}`")


def check_square(a, what):
    if is_matrix(a) and not same_size(*shape_of(a)):
        raise ShapeError(f"{what} needs a square matrix, got shape {shape_of(a)}: `{a}`")


def check_index(e, i, j):
    """SymPy lets a negative index of a MatrixSymbol stand, which is no entry."""
    for at, size in zip((i, j), e.parent.shape):
        if at.is_negative or (at - size).is_nonnegative:
            raise ShapeError(f"`{e}`: the index {at} is out of range; an axis of size {size} is counted from 0 to {size - 1}")


def between_steps(start, stop, step):
    """The error about a slice that does not end with a whole step."""
    return ShapeError(
        f"a slice from {start} to {stop} in steps of {step}: SymPy rounds its length down and leaves out the last entry; "
        f"give a stop that is a whole number of steps from the start"
    )


def slice_bounds(bounds):
    start, stop, step = (S(x) for x in bounds)
    if step != 1 and ((stop - start) / step).is_integer is not True:
        raise between_steps(start, stop, step)
    return start, stop, step
