"""Slices, ``x[1:]`` and ``A[:, j]``: their shapes, and the nodes that they are."""

from sympy import Integer, S
from sympy.matrices.expressions import MatrixSlice
from sympy.matrices.expressions.matexpr import MatrixElement

from .algebra import is_matrix
from .typed_sizes import size_of


def shape_of_slice(inference, node) -> None:
    """The shape: of an index 1, of a range from where it begins to where it ends, which may count from the end of the axis."""
    base, *index = node.args
    for i in index:
        inference.scalar(i, "an index")
    inference.wide.append(base)
    if len(node.value) == 1:
        what = "a slice of one range is of a column"
        inference.equate(base.shape[1:], (S.One,), lambda: f"{what}, but {inference.place(base)}; write `X[1:, :]`")
    lengths = []
    for axis, size in zip(node.value, base.shape):
        start, stop = ends(inference.source, axis, inference.sizes.value(size))
        if axis not in (None, (None, None)) and (start, stop) != (0, 1):
            inference.grow(size, node)
        lengths.append(S.One if axis is None else size if axis == (None, None) else stop - start)
        if lengths[-1].is_nonpositive:
            saw = f"the slice `{inference.source.at(node.span)}` is empty"
            raise inference.source.error(node.span[0], saw, "a range goes up to, but not including, its second number")
    node.shape = tuple(lengths) if len(lengths) == 2 else (*lengths, S.One)


def ends(source, axis, size):
    """(start, stop) of a range of an axis of a size."""
    return tuple(_end(source, bound, size, missing) for bound, missing in zip(axis or (None, None), (S.Zero, size)))


def _end(source, bound, size, missing):
    if bound is None:
        return missing
    distance = S.Zero if bound.size is None else size_of(source, bound.size)
    return size - distance if bound.from_end else distance


def build_slice(builder, node, base, *index):
    """The slice of a matrix; an entry where it is a single one."""
    if not is_matrix(base):
        return base
    remaining, ranges = list(index), []
    for axis, size in zip((*node.value, (None, None))[:2], base.shape):
        if axis is None:
            i = remaining.pop(0)
            builder.check_index(node, i, size)
            ranges.append((i, i + 1))
        else:
            start, stop = ends(builder.source, axis, size)
            if (stop - size).is_positive or start.is_negative:
                place = f"`{builder.source.at(node.span)}` goes beyond `{builder.source.at(node.args[0].span)}`"
                builder.fail(node, f"the slice {place}, of shape {base.shape[0]} x {base.shape[1]}", f"it may end at {size}")
            ranges.append((start, stop))
    while isinstance(base, MatrixSlice):  # SymPy does not compare symbolic sizes
        ranges = [(first + start, first + stop) for (first, _, _), (start, stop) in zip(base.args[1:], ranges)]
        base = base.parent
    if node.shape == (1, 1):
        return MatrixElement(base, *(start for start, _ in ranges))
    return MatrixSlice(base, *((start, stop, Integer(1)) for start, stop in ranges))
