"""Sums over an index and the deltas in them, as SymPy prints them: ``Sum(A[i, j]*x[j], (j, 0, n - 1))``."""

from sympy import KroneckerDelta, Product, S, Sum

from ..nodes import MatrixSum
from .algebra import scalar
from .sizes import SCALAR
from .sums import symbol_of
from .tree import below
from .typed_sizes import size_of

SUMS = {"Sum": Sum, "Product": Product, "MatrixSum": MatrixSum}


# ---- reading
def read_sum(reader, name, args, place):
    """The node of a sum: its body, then where each index begins and ends; the indices are no names of the formula."""
    if len(args) < 2 or any(a.data != "many" or len(a.children) != 3 or a.children[0].data != "name" for a in args[1:]):
        reader.refuse_call(place, f"`{name}` wants a body and the range of each index", f"write `{name}(A[i, j]*x[j], (j, 0, n - 1))`")
    outer, limits = reader.running, [a.children for a in args[1:]]
    names = tuple(str(index.children[0]) for index, _, _ in limits)
    reader.running = (*outer, *names)
    parts = [reader.read(args[0]), *(reader.read(bound) for _, *bounds in limits for bound in bounds)]
    reader.running = outer
    return reader.node("ranged", parts, place, (name, names))


# ---- shapes
def sizes_of_ranged(node):
    """The names in the bounds of a sum, which are whole numbers."""
    return {n.value for bound in node.args[1:] for n in below(bound) if n.op == "name"}


def shape_of_ranged(inference, node):
    body, *bounds = node.args
    name, indices = node.value
    for bound in bounds:
        inference.scalar(bound, "the bound of a sum")
    of_numbers = name != "MatrixSum"
    if of_numbers:
        inference.scalar(body, f"what is {'summed' if name == 'Sum' else 'multiplied'} by `{name}`")
    node.shape, node.number = (SCALAR, True) if of_numbers else (body.shape, False)
    for index, low, high in zip(indices, bounds[::2], bounds[1::2]):
        if low.op == "number" and low.value == 0:
            _fill_axes(inference, body, index, size_of(inference.source, high) + 1)


def _fill_axes(inference, body, index, size):
    """A sum from 0 to n - 1 of entries runs over the whole of an axis."""
    for entry in below(body):
        if entry.op == "entry":
            base, *at = entry.args
            for axis, i in enumerate(at):
                if i.op == "running" and i.value == index:
                    message = f"the index `{index}` runs over {size} values, but {{place}}"
                    inference.equate((base.shape[axis],), (size,), lambda b=base, m=message: m.format(place=inference.place(b)))


# ---- SymPy
def build_ranged(node, body, *bounds):
    name, indices = node.value
    limits = [(symbol_of(i), *map(scalar, pair)) for i, *pair in zip(indices, bounds[::2], bounds[1::2])]
    return SUMS[name](body if name == "MatrixSum" else scalar(body), *limits)


def build_delta(i, j):
    return KroneckerDelta(scalar(i), scalar(j)) if i != j else S.One
