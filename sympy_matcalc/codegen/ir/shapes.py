"""Shapes: the sizes of the axes of a node, as SymPy integers, from those of its operands. The rules that the table of operations names.

A size that is literally 1 is `ONE` itself: an axis that is only broadcast.
"""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from sympy import Add, Expr, Integer, Min, Mul, Pow, S

from .lengths import length, span
from .node import Node

Shape = tuple[Expr, ...]
ONE = S.One


# ---- that of an operand
def scalar(node: Node) -> Shape:
    return ()


def of_first(node: Node) -> Shape:
    return node.args[0].shape


def square_of_first(node: Node) -> Shape:
    """A square matrix of the length of a vector."""
    return node.args[0].shape * 2


def of_units(node: Node) -> Shape:
    """The axes of a matrix twice."""
    return node.args[0].shape * 2


def of_units_between(node: Node) -> Shape:
    """The same, but for the rows of the matrices that are there."""
    _, directions, present = node.attrs
    sides = iter(node.args[2 + directions :])
    return tuple(next(sides).shape[0] if is_there else s for is_there, s in zip(present, of_units(node), strict=True))


def of_second(node: Node) -> Shape:
    return node.args[1].shape


def gram_of_second(node: Node) -> Shape:
    """A number for any two columns."""
    n = node.args[1].shape[1]
    return n, n


def columns_of_second(node: Node) -> Shape:
    return node.args[1].shape[1:]


def solution(node: Node) -> Shape:
    """That of the right sides, in stacks of one for each matrix."""
    matrices, right = (a.shape for a in node.args)
    return (*matrices[:-2], *right[len(matrices) - 2 :]) if len(matrices) > 2 else right


def of_third(node: Node) -> Shape:
    return node.args[2].shape


def transposed(node: Node) -> Shape:
    return node.args[0].shape[::-1]


def of_source(node: Node) -> Shape:
    """That of the matrix that was factored."""
    return node.args[0].args[0].shape


def of_stack(node: Node) -> Shape:
    """A number for each matrix of a stack."""
    return node.args[0].shape[:-2]


def broadcast(node: Node) -> Shape:
    """That of operands that broadcast against each other.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc.codegen.ir.graph import Graph
    >>> g = Graph()
    >>> X = g.make("arg", (), (MatrixSymbol("X", 2, 3),))
    >>> row, column = (g.view(g.make("sum", (X,), (k,)), axes) for k, axes in ((0, (None, 0)), (1, (0, None))))
    >>> row.shape, column.shape, g.add(row, column).shape
    ((3,), (2, 1), (2, 3))
    """
    shapes = [a.shape for a in node.args if a.ndim]
    if len(shapes) < 2:
        return shapes[0] if shapes else ()
    return tuple(next((s[k] for s in shapes if -k <= len(s) and s[k] is not ONE), ONE) for k in range(-max(map(len, shapes)), 0))


def axes_of(nodes: Sequence[Node]) -> list[tuple[Node, int]]:
    """For each axis of what some nodes broadcast to, a node that has all of it, and which of its axes that is."""
    ranks = range(-max((a.ndim for a in nodes), default=0), 0)
    having = [[a for a in nodes if -k <= a.ndim] for k in ranks]
    longest = [next((a for a in some if a.shape[k] is not ONE), some[0]) for k, some in zip(ranks, having)]
    return [(a, a.ndim + k) for k, a in zip(ranks, longest)]


# ---- leaves, and what says its shape itself
def of_symbol(node: Node) -> Shape:
    return tuple(s for s in node.attrs[0].shape if s != 1)


def declared(node: Node) -> Shape:
    return tuple(ONE if s == 1 else s for s in node.attrs[2])


def operands_after(count: int) -> Callable[[Node], Shape]:
    """The sizes are the operands from `count` on."""

    def rule(node: Node) -> Shape:
        return tuple(map(length, node.args[count:]))

    return rule


def full(node: Node) -> Shape:
    return tuple(map(length, node.args[2 if node.attrs[0] else 1 :]))


def layout(node: Node) -> Shape:
    """The entries of an explicit array, whose attributes are its shape."""
    return tuple(map(Integer, node.attrs))


# ---- axes moved, taken and left out
def view(node: Node) -> Shape:
    shape = node.args[0].shape
    return tuple(ONE if k is None else shape[k] for k in node.attrs)


def without_axes(node: Node) -> Shape:
    return tuple(s for k, s in enumerate(node.args[0].shape) if k not in node.attrs)


def index(node: Node) -> Shape:
    return tuple(s for s, at in zip(node.args[0].shape, node.attrs, strict=True) if at is None)


def part(node: Node) -> Shape:
    """A slice: whole axes, ranges with three operands each, and indices with one."""
    rest, out = iter(node.args[1:]), []
    for s, kind in zip(node.args[0].shape, node.attrs, strict=True):
        if kind is None:
            out.append(s)
        elif kind == "slice":
            out.append(span(next(rest), next(rest), next(rest)))
        else:
            next(rest)
    return tuple(out)


def take(node: Node) -> Shape:
    array, at = node.args
    (k,) = node.attrs
    return (*array.shape[:k], *at.shape, *array.shape[k + 1 :])


def pad(node: Node) -> Shape:
    return tuple(length(node.args[1]) if k == node.attrs[0] else s for k, s in enumerate(node.args[0].shape))


def diagonal(node: Node) -> Shape:
    """The axis of the diagonal is the last."""
    return (*without_axes(node), node.args[0].shape[node.attrs[0]])


def item(node: Node) -> Shape:
    """A part of what has several results."""
    source, (k,) = node.args[0], node.attrs
    return PARTS[source.op](source)[k]


def _of_svd(source: Node) -> tuple[Shape, ...]:
    m, n = source.args[0].shape
    least = Min(m, n)
    return (m, least), (least,), (least, n)


def _of_qr(source: Node) -> tuple[Shape, ...]:
    m, n = source.args[0].shape
    return (m, n), (n, n)


def _of_lu(source: Node) -> tuple[Shape, ...]:
    return (source.args[0].shape,) * 3


def _of_real_eigen(source: Node) -> tuple[Shape, ...]:
    n, _ = source.args[0].shape
    return (), (n,), (n,)


def _of_eigh(source: Node) -> tuple[Shape, ...]:
    n, _ = source.args[0].shape
    return (n,), (n, n)


def _of_slogdet(source: Node) -> tuple[Shape, ...]:
    return source.args[0].shape[:-2], source.args[0].shape[:-2]


PARTS: dict[str, Callable[[Node], tuple[Shape, ...]]] = {
    "svd": _of_svd,
    "eigh": _of_eigh,
    "qr": _of_qr,
    "real_eigen": _of_real_eigen,
    "lu": _of_lu,
    "slogdet": _of_slogdet,
    "slogdet_factored": lambda source: ((), ()),
}


# ---- products
def contract(node: Node) -> Shape:
    _, _, output, sizes = node.attrs
    return tuple(sizes[k] for k in output)


def matmul(node: Node) -> Shape:
    a, b = (x.shape for x in node.args)
    if len(a) == 1 or len(b) == 1:
        return a[:-1] if len(b) == 1 else b[1:]
    batch = [y if x is ONE else x for x, y in zip_longest(reversed(a[:-2]), reversed(b[:-2]), fillvalue=ONE)]
    return (*reversed(batch), a[-2], b[-1])


def einsum(node: Node) -> Shape:
    inputs, out = node.attrs[0].split("->")
    size = {x: s for word, a in zip(inputs.split(","), node.args, strict=True) for x, s in zip(word, a.shape, strict=True)}
    return tuple(size[x] for x in out)


def outer_sum(node: Node) -> Shape:
    """Each array on the left meets one on the right, whose axes come after its own, but for first ones that both have."""
    return node.args[0].shape + node.args[len(node.args) // 2].shape[sum(node.attrs) :]


def gram(node: Node) -> Shape:
    n = node.args[0].shape[1]
    return n, n


def second_moments(node: Node) -> Shape:
    x, f = (a.shape for a in node.args)
    return x[1], x[1], *f[1:]


def fourth_moments(node: Node) -> Shape:
    return (node.args[0].shape[1],) * 4


def kron(node: Node) -> Shape:
    return tuple(Mul(a, b) for a, b in zip(*(x.shape for x in node.args), strict=True))


# ---- construction
def square(node: Node) -> Shape:
    """A square matrix whose size is the first operand."""
    n = length(node.args[0])
    return n, n


def eye(node: Node) -> Shape:
    return length(node.args[0]), length(node.args[2] if len(node.args) > 2 else node.args[0])


def diag(node: Node) -> Shape:
    return node.args[0].shape * 2


def arange(node: Node) -> Shape:
    low, high = node.args
    return (length(high) if low.value == 0 else Add(length(high), Mul(-1, length(low))),)


def selector(node: Node) -> Shape:
    n, _, start, stop, step = node.args
    return span(start, stop, step), length(n)


def gather(node: Node) -> Shape:
    count = len(node.attrs)
    return ONE if count == 1 else Integer(count), node.args[0].shape[1]


def scatter(node: Node) -> Shape:
    return length(node.args[1]), node.args[0].shape[1]


def block(node: Node) -> Shape:
    rows, cols = node.attrs
    first = [node.args[k * cols].shape[0] for k in range(rows)]
    return Add(*first), Add(*(a.shape[1] for a in node.args[:cols]))


def block_triangular(node: Node) -> Shape:
    n = Mul(2 ** (len(node.args) - 1), node.args[0].shape[0])
    return n, n


def duplication(node: Node) -> Shape:
    n = length(node.args[0])
    return Pow(n, 2), Mul(n, Add(n, 1), Pow(2, -1))


def structure_basis(node: Node) -> Shape:
    """A row for each entry, a column for each parameter."""
    m, n = map(length, node.args[:2])
    counts = {
        "lower": lambda: Mul(n, Add(n, 1), Pow(2, -1)),
        "upper": lambda: Mul(n, Add(n, 1), Pow(2, -1)),
        "skew": lambda: Mul(n, Add(n, -1), Pow(2, -1)),
        "strictly_lower": lambda: Mul(n, Add(n, -1), Pow(2, -1)),
        "strictly_upper": lambda: Mul(n, Add(n, -1), Pow(2, -1)),
        "tridiagonal": lambda: Add(Mul(3, n), -2),
        "diagonal": lambda: n,
        "circulant": lambda: n,
    }
    return Mul(m, n), counts.get(node.attrs[0], lambda: Add(m, n, -1))()


def stack(node: Node) -> Shape:
    """The columns that a loop has collected."""
    column, low, high = node.args[0].args[:3]
    return column.shape[0], Add(length(high), Mul(-1, length(low)))


def of_tiles(node: Node) -> Shape:
    """A total has the shape of its parts; where parts are placed along an axis, that has its whole length."""
    source, (k,) = node.args[0], node.attrs
    shape, how = source.args[k].shape, source.attrs[1 + k]
    return shape if isinstance(how, str) else (*shape[:how], length(source.args[-2]), *shape[how + 1 :])
