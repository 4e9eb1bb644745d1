"""Kronecker products as graphs have them: which arrays a node is the Kronecker product of, through transposes, scalars and inverses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from sympy import Expr, S

from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.terms import is_scaled, scalars

ONE = S.One


@dataclass(frozen=True)
class Part:
    """One of the arrays of a Kronecker product.

    node: the array, None for the identity and for ones. axes: the axis of the array that is part of each axis of the whole, None where it
    is of length 1; one that comes twice is that of a diagonal. sizes: their lengths. inverse: whether the inverse of the array is meant.
    """

    node: Node | None
    axes: tuple[int | None, ...]
    sizes: tuple[Expr, ...]
    inverse: bool = False

    @property
    def is_diagonal(self) -> bool:
        return len(self.axes) == 2 and self.axes[0] == self.axes[1]

    def array(self, g: Graph, size_of: Callable[[Expr], Node]) -> Node:
        """With all axes of the whole, those of length 1 too."""
        if self.node is None:
            return g.eye(size_of(self.sizes[0]))
        if self.is_diagonal:
            return g.make("diag", (self.node,))
        node = g.inv(self.node) if self.inverse else self.node
        return g.make("view", (node,), self.axes) if None in self.axes else g.view(node, self.axes)


@dataclass(frozen=True)
class Form:
    """A Kronecker product, times scalars."""

    scalars: tuple[Node, ...]
    parts: tuple[Part, ...]

    @property
    def ndim(self) -> int:
        return len(self.parts[0].axes)

    @property
    def is_square(self) -> bool:
        """Whether it is of square matrices."""
        return all(len(p.axes) == 2 and p.sizes[0] == p.sizes[1] for p in self.parts)

    def sizes(self, axis: int) -> list[Expr]:
        """The lengths that make up an axis."""
        return [p.sizes[axis] for p in self.parts if p.sizes[axis] is not ONE]


def read(g: Graph, node: Node) -> Form | None:
    """The Kronecker product that a node is, None for any other node."""
    rule = RULES.get(node.op)
    form = rule(g, node) if rule else None
    return form if form is not None and form.parts else None


def inverted(g: Graph, form: Form) -> Form | None:
    """The inverse, which is the Kronecker product of the inverses where all are square."""
    if not form.is_square:
        return None
    minus = g.const(-1)
    parts = []
    for p in form.parts:
        if not p.is_diagonal:
            parts.append(replace(p, inverse=not p.inverse))
        else:
            parts.append(p if p.node is None else replace(p, node=g.pow(p.node, minus)))
    return Form(tuple(g.pow(c, minus) for c in form.scalars), tuple(parts))


def written(g: Graph, form: Form, size_of: Callable[[Expr], Node]) -> Node:
    """The array of a Kronecker product of matrices."""
    arrays = [p.array(g, size_of) for p in form.parts]
    return g.mul(*form.scalars, reduce(lambda a, b: g.make("kron", (a, b)), arrays))


def _kron(g: Graph, node: Node) -> Form:
    forms = [read(g, a) or _single(g, a) for a in node.args]
    return Form(tuple(c for f in forms for c in f.scalars), tuple(p for f in forms for p in f.parts))


def _single(g: Graph, node: Node) -> Form:
    """A matrix that is no Kronecker product; one of a single entry is a scalar."""
    if node.op == "mul" and is_scaled(node):
        inner = _single(g, node.args[-1])
        return Form((*(c for a in node.args[:-1] for c in scalars(a)), *inner.scalars), inner.parts)
    sizes = tuple(node.shape)
    if node.op == "eye" and len(node.args) == 2:
        return Form((), (Part(None, (0, 0), sizes),))
    if node.op == "diag":
        return Form((), (Part(node.args[0], (0, 0), sizes),))
    axes: Sequence[int | None] = range(node.ndim)
    if node.op == "view":
        node, axes = node.args[0], node.attrs
    if node.op == "inv" and node.ndim == 2 and ONE not in sizes:
        return Form((), (Part(node.args[0], tuple(axes), sizes, inverse=True),))
    short = {k: g.const(0) for k, s in enumerate(node.shape) if s is ONE}
    rest = [k for k in range(node.ndim) if k not in short]
    array = g.index(node, short) if short else node
    if not rest:
        return Form((array,), ())
    return Form((), (Part(array, tuple(None if k is None or k in short else rest.index(k) for k in axes), sizes),))


def _view(g: Graph, node: Node) -> Form | None:
    form = read(g, node.args[0])
    if form is None:
        return None
    return Form(form.scalars, tuple(_turned(p, node.attrs) for p in form.parts))


def _turned(part: Part, axes: Sequence[int | None]) -> Part:
    """The part with its axes in another order, where None is a new axis of length 1."""
    places = tuple(None if k is None else part.axes[k] for k in axes)
    return replace(part, axes=places, sizes=tuple(ONE if k is None else part.sizes[k] for k in axes))


def _index(g: Graph, node: Node) -> Form | None:
    """Without axes of length 1."""
    form = read(g, node.args[0])
    kept = [k for k, at in enumerate(node.attrs) if at is None]
    if form is None or not kept or any(p.sizes[k] is not ONE for p in form.parts for k in range(form.ndim) if k not in kept):
        return None
    return Form(form.scalars, tuple(_turned(p, kept) for p in form.parts))


def _mul(g: Graph, node: Node) -> Form | None:
    form = read(g, node.args[-1]) if is_scaled(node) else None
    return None if form is None else Form((*(c for a in node.args[:-1] for c in scalars(a)), *form.scalars), form.parts)


def _diagonal(g: Graph, node: Node) -> Form | None:
    """The diagonal of a Kronecker product of square matrices is that of their diagonals."""
    form = read(g, node.args[0])
    if form is None or form.ndim != 2 or not form.is_square:
        return None
    parts = []
    for p in form.parts:
        if p.is_diagonal:
            parts.append(Part(p.node, (0,), p.sizes[:1]))
        else:
            assert p.node is not None
            parts.append(Part(g.make("diagonal", (g.inv(p.node) if p.inverse else p.node,), (0, 1)), (0,), p.sizes[:1]))
    return Form(form.scalars, tuple(parts))


def _inv(g: Graph, node: Node) -> Form | None:
    form = read(g, node.args[0]) if node.ndim == 2 else None
    return None if form is None else inverted(g, form)


RULES: dict[str, Callable[[Graph, Node], Form | None]] = {
    "kron": _kron,
    "view": _view,
    "index": _index,
    "mul": _mul,
    "diagonal": _diagonal,
    "inv": _inv,
}
