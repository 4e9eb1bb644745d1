"""The shapes of a tree; the capital `N` is a number there or a matrix, which is tried."""

from .instead_shapes import fresh
from .shapes import Inference
from .weights import COUNT, is_count, other


def infer_shapes(source, root, declared, square=(), kinds=None, wide_sums=False):
    """Fill in `shape` and `broadcast` of every node below `root`.

    declared: {name: (rows, columns)}; square: names of matrices that are known to be square; kinds: {name: "column"}, of what is declared
    in a word. Returns {name: shape} in order of appearance, then the declared names that do not occur, the set of the names that are
    sizes, notes on names whose kind was taken from a use that may be a slip, and {name: why} of what a convention chose. ShapeError if
    the shapes contradict one another.
    """
    known, kinds = {*declared, *(kinds or {}), *square}, kinds or {}
    counted = is_count(root, known, lambda: copy_with_shapes(source, root, declared, square, kinds, wide_sums))
    if not counted:
        return Inference(source, root, declared, square, kinds, wide_sums=wide_sums).run()
    names, sizes, notes, chosen = Inference(source, root, declared, square, {**kinds, COUNT: "scalar"}, wide_sums=wide_sums).run()
    if COUNT not in sizes:
        notes = [*notes, f"`{COUNT}` is read as a scalar, among numbers; {other(COUNT)}"]
        chosen = {**chosen, COUNT: "by use: among numbers"}
    return names, sizes, notes, chosen


def copy_with_shapes(source, root, declared, square, kinds, wide_sums):
    """A copy of a tree with the shapes of all its nodes, whatever may be read in two ways; ShapeError if there are none."""
    tree = fresh(root)
    Inference(source, tree, declared, square, kinds, plain=True, wide_sums=wide_sums).run()
    return tree
