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
        inference.equal_places(left, right, True)
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
    note_beside(builder, node)
    return HadamardProduct(*(f for a in (left, right) for f in (a.args if isinstance(a, HadamardProduct) else (a,))))


def note_beside(builder, node):
    """A note where factors without a sign between them stand beside an entrywise one, and either grouping could be meant."""
    left, right = node.args
    for side, kind, other, at in ((left, node.kinds[:1], right, -1), (right, node.kinds[1:], left, 0)):
        nearest = side.args[at] if kind == ("beside",) else None
        if nearest and len(side.args) > 1 and all((a == 1) == (b == 1) for a, b in zip(nearest.shape, other.shape)):
            text, product = builder.source.at(node.span), builder.source.at(side.span)
            builder.notes.append(f"`{text}` is read with the product `{product}` first; put what is meant in brackets")


def build_bars(builder, node, arg):
    """The absolute value of a scalar, the determinant of a matrix."""
    if is_scalar(arg):
        return Abs(scalar(arg))
    builder.notes.append(f"`{builder.source.at(node.span)}` is read as the determinant; entry by entry: `abs(X)`")
    return Determinant(arg)


def build_filled(builder, node):
    return (OneMatrix if node.value[0] else ZeroMatrix)(*node.shape)
