"""What MATLAB's and handwritten spelling have besides: entrywise products that broadcast scalars, bars, vectors of ones of open length."""

from sympy import Abs, Determinant, HadamardProduct, OneMatrix, S, ZeroMatrix

from .algebra import is_scalar, multiply, scalar
from .sizes import SCALAR

TOO_LONG = "write the norm as `norm(x)`, the absolute values of the entries as `abs(x)`"


# ---- shapes
def shape_of_entrywise(inference, node) -> None:
    """``x.*y``: of equal shapes, or one of the factors is a scalar; it waits until that is known."""
    left, right = node.args
    others = [a for a in node.args if not (a.number or inference.is_scalar(a.shape))]
    node.number = left.number and right.number
    node.shape = others[0].shape if others else SCALAR
    if len(others) == 2:
        inference.wide.extend(others)
        node.shape = inference.fresh()
        inference.waiting.append(lambda: _entrywise(inference, node))


def _entrywise(inference, node):
    left, right = node.args
    scalars = [inference.is_scalar(a.shape) for a in node.args]
    large = [inference.is_large(a.shape) for a in node.args]
    if not any(scalars) and not all(large):
        return False
    widest = right if scalars[0] else left
    if not any(scalars):
        inference.equal_places(left, right)
    inference.equate(node.shape, widest.shape, lambda: inference.unequal(node, widest))
    return True


def shape_of_bars(inference, node) -> None:
    """``|x|``: of a scalar or of a square matrix, a scalar."""
    arg = node.args[0]
    node.shape, node.number = SCALAR, True
    inference.waiting.append(lambda: _bars(inference, node, arg))


def _bars(inference, node, arg):
    if inference.is_scalar(arg.shape):
        return True
    large = list(map(inference.sizes.is_large, arg.shape))
    ones = list(map(inference.sizes.is_one, arg.shape))
    if any(large) and any(ones):
        raise inference.shape_error(lambda: f"bars around a vector: {inference.place(arg)}; {TOO_LONG}")
    if all(large):
        inference.square(arg, "a determinant")
    return all(large)


def shape_of_filled(inference, node) -> None:
    """``vector(1)``, ``matrix(0)``: of a size that use has to tell."""
    _, axes = node.value
    node.shape = (inference.sizes.fresh(), inference.sizes.fresh() if axes == 2 else S.One)
    for size in node.shape[:axes]:
        inference.sizes.grow(size)
    inference.identities.extend(node.shape[:axes])


# ---- what they are
def build_entrywise(builder, node, left, right):
    """The entrywise product; the product where one factor is a scalar."""
    if is_scalar(left) or is_scalar(right):
        return multiply([left, right])
    return HadamardProduct(*(f for a in (left, right) for f in (a.args if isinstance(a, HadamardProduct) else (a,))))


def build_bars(builder, node, arg):
    """The absolute value of a scalar, the determinant of a matrix."""
    if is_scalar(arg):
        return Abs(scalar(arg))
    builder.notes.append(f"`{builder.source.at(node.span)}` is read as the determinant; entry by entry: `abs(X)`")
    return Determinant(arg)


def build_filled(builder, node):
    return (OneMatrix if node.value[0] else ZeroMatrix)(*node.shape)
