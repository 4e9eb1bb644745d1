"""How operations are computed part by part along an axis, and what room they need while they are. The rules that the table of operations
names.

A rule for parts of the result gives, for an axis of it, the axis of each operand that is cut with it: None for an operand that is needed
whole, `LENGTH` for a number that is the length of the axis. A rule for totals gives the ways in which the whole result comes of the results
for parts of operands: how two are combined, and the axes that are cut. Where a rule gives nothing, the operation is computed whole.
"""

from collections.abc import Callable, Iterator

from sympy import Expr

from .node import Node
from .shapes import ONE

Cut = tuple[int | None, ...]
Total = tuple[str, Cut]  # the name of what combines two parts, and what is cut
Room = tuple[Expr | int, int]
LENGTH = -1


# ---- parts of the result
def whole(node: Node, axis: int) -> Cut | None:
    """No part of the result comes of parts."""
    return None


def operands(node: Node, axis: int) -> Cut | None:
    """Of operands that broadcast."""
    return tuple(_broadcast(a, axis - node.ndim) for a in node.args)


def _broadcast(operand: Node, from_behind: int) -> int | None:
    """The axis of an operand that meets an axis of the result, counted from behind; None where there is none, or it only broadcasts."""
    axis = operand.ndim + from_behind
    return axis if axis >= 0 and operand.shape[axis] is not ONE else None


def first(node: Node, axis: int) -> Cut | None:
    """The same axis of the first operand."""
    return axis, *(None for _ in node.args[1:])


def view(node: Node, axis: int) -> Cut | None:
    return (node.attrs[axis],)


def reshape(node: Node, axis: int) -> Cut | None:
    """An axis before all that are split or joined, or behind them."""
    (x, *_), behind = node.args, node.ndim - axis
    sizes = (LENGTH if k == axis else None for k in range(node.ndim))
    if node.shape[: axis + 1] == x.shape[: axis + 1]:
        return axis, *sizes
    return (x.ndim - behind, *sizes) if node.shape[-behind:] == x.shape[-behind:] else None


def full(node: Node, axis: int) -> Cut | None:
    """What is broadcast, and the size that it is broadcast to."""
    skipped = 2 if node.attrs[0] else 1
    sizes = (LENGTH if k == axis else None for k in range(node.ndim))
    return (_broadcast(node.args[0], axis - node.ndim), *(None for _ in range(skipped - 1)), *sizes)


def rest(node: Node, axis: int) -> Cut | None:
    """Of a reduction: the axes that are left."""
    left = [k for k in range(node.args[0].ndim) if k not in node.attrs]
    return left[axis], *(None for _ in node.args[1:])


def along(node: Node, axis: int) -> Cut | None:
    """Of what is computed along some axes: the other ones."""
    return None if axis in node.attrs else (axis,)


def along_of_all(node: Node, axis: int) -> Cut | None:
    """The same, of operands that broadcast."""
    return None if axis in node.attrs else operands(node, axis)


def rows(node: Node, axis: int) -> Cut | None:
    """Each row for itself."""
    return (0, *(None for _ in node.args[1:])) if axis == 0 else None


def columns(node: Node, axis: int) -> Cut | None:
    """Each column for itself."""
    return (1, *(None for _ in node.args[1:])) if axis == 1 else None


def matmul(node: Node, axis: int) -> Cut | None:
    a, b = node.args
    if a.ndim == 1 or b.ndim == 1:
        return (axis, None) if b.ndim == 1 else (None, axis + 1)
    if axis == node.ndim - 1:
        return None, b.ndim - 1
    if axis == node.ndim - 2:
        return a.ndim - 2, None
    return _broadcast(a, axis - node.ndim), _broadcast(b, axis - node.ndim)


def einsum(node: Node, axis: int) -> Cut | None:
    words, out = node.attrs[0].split("->")
    return _letter(words, out[axis])


def _letter(words: str, letter: str) -> Cut | None:
    """The axes with a letter; None where an operand has it twice."""
    parts = words.split(",")
    return tuple(word.index(letter) if letter in word else None for word in parts) if all(w.count(letter) < 2 for w in parts) else None


def outer_sum(node: Node, axis: int) -> Cut | None:
    """Each array on the left meets one on the right, whose axes come after its own, but for first ones that both have."""
    half, left, both = len(node.args) // 2, node.args[0].ndim, sum(node.attrs)
    if axis < left:
        return (*[axis] * half, *[axis if axis < both else None] * half)
    return (*[None] * half, *[axis - left + both] * half)


def right_sides(node: Node, axis: int) -> Cut | None:
    """Each column of the right sides for itself."""
    return (None, 1) if node.args[1].ndim == 2 == node.ndim and axis == 1 and node.args[0].ndim <= 2 else None


def kept(node: Node, axis: int) -> Cut | None:
    """Of an access: the axes that stay whole."""
    stay = [k for k, at in enumerate(node.attrs) if at != 0] if node.op == "index" else list(range(len(node.attrs)))
    if node.op == "slice":
        stay = [k for k, kind in enumerate(node.attrs) if kind != "index"]
        if node.attrs[stay[axis]] is not None:
            return None
    return stay[axis], *(None for _ in node.args[1:])


def taken(node: Node, axis: int) -> Cut | None:
    """Of what is taken along an axis: the other ones, and the places that it is taken at."""
    (k,), at = node.attrs, node.args[1].ndim
    if axis < k:
        return axis, None
    return (axis - at + 1, None) if axis >= k + at else (None, axis - k)


# ---- totals
def none(node: Node) -> Iterator[Total]:
    """The whole does not come of parts."""
    yield from ()


def reduced(how: str) -> Callable[[Node], Iterator[Total]]:
    """Of a reduction: each of the axes that are reduced."""

    def rule(node: Node) -> Iterator[Total]:
        yield from ((how, (k, *(None for _ in node.args[1:]))) for k in node.attrs)

    return rule


def inner(node: Node) -> Iterator[Total]:
    """Of a product of matrices: the axis that is summed."""
    a, b = node.args
    yield "add", (a.ndim - 1, max(b.ndim - 2, 0))


def entries(node: Node) -> Iterator[Total]:
    """Of a sum of the products of entries: any axis."""
    a, b = node.args
    if a.ndim == b.ndim:
        yield from (("add", (k, k)) for k in range(a.ndim))


def summed(node: Node) -> Iterator[Total]:
    """The letters that the result has not."""
    words, out = node.attrs[0].split("->")
    for letter in dict.fromkeys(x for x in words if x.isalpha() and x not in out):
        cut = _letter(words, letter)
        if cut is not None:
            yield "add", cut


def both(node: Node) -> Iterator[Total]:
    """The rows of a matrix, and their weights if there are any."""
    yield "add", (0,) * len(node.args)


# ---- room that an operation needs while it is computed: (copies of its operands, copies of its result)
def no_room(node: Node) -> Room:
    return 0, 0


def sums(node: Node) -> Room:
    """A sum or product of more than two, a quotient: one array beside the result."""
    return 0, 1


def of_entries(node: Node) -> Room:
    """A function of the library needs none; a helper may need several arrays beside the result."""
    return (0, 0) if node.attrs[0] in PLAIN_FUNCTIONS else (0, 7)


def few(node: Node) -> Room:
    """A copy of the operand and one of the result."""
    return 1, 1


def some(node: Node) -> Room:
    """A function of a few steps."""
    return 3, 4


def much(node: Node) -> Room:
    """Linear algebra, with its own copies and its work space."""
    return 24, 12


def of_derivatives(node: Node) -> Room:
    """The same of a block matrix, or arrays over all triples of eigenvalues."""
    order = node.attrs[1] + (node.op != "frechet")
    return 36 * 4**order + 48 * max(order - 1, 0) * node.args[0].shape[0], 12


PLAIN_FUNCTIONS = frozenset(
    "exp log sqrt sin cos tan tanh sinh cosh abs sign log1p expm1 arctan arcsin arccos maximum minimum floor ceil".split()
)
