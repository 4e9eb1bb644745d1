"""Operations as sums of products, so that a planner can multiply out, factor and order them. The rules that the table of operations names.

A rule gets the node and a reader, which takes operands apart in turn where they have no other use.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sympy import Expr, S

from .labels import Label
from .node import Node
from .product import Factor, Product


class Reader(Protocol):
    """What rules ask for."""

    def terms_of(self, node: Node) -> list[Product]:
        """A node as a sum of products, of one factor where it is not to be taken apart."""

    def flat(self, product: Product) -> Product:
        """The product with its factors that are products themselves as part of it."""


def new_labels(node: Node) -> list[Label]:
    """Labels for the axes of a node."""
    return [Label(s) for s in node.shape]


def is_scaled(node: Node) -> bool:
    """Whether an elementwise product is scalars times one array."""
    return node.ndim > 0 and all(a.ndim == 0 for a in node.args[:-1]) and node.args[-1].ndim == node.ndim


def scalars(node: Node) -> tuple[Node, ...]:
    """The factors of a scalar node."""
    return () if node.value == 1 else node.args if node.op == "mul" else (node,)


def as_product(node: Node, args: Sequence[Node] | None = None) -> Product:
    """A contraction, or one with other operands, as a product with labels of its own."""
    inputs, inverses, output, sizes = node.attrs
    labels = [Label(s) for s in sizes]
    *arrays, scale = node.args if args is None else args
    factors = [Factor(a, (labels[k] for k in axes), inverse) for a, axes, inverse in zip(arrays, inputs, inverses, strict=True)]
    return Product(scalars(scale), factors, (labels[k] for k in output))


# ---- the rules
def one_factor(node: Node, reader: Reader) -> list[Product]:
    """The node itself; an axis that only broadcasts is none of the factor, since a product has it with its full size."""
    axes: Iterable[int | None] = range(node.ndim)
    if node.op == "view" and None in node.attrs:
        node, axes = node.args[0], node.attrs
    labels = new_labels(node)
    return [Product((), [Factor(node, labels)], (Label(S.One) if k is None else labels[k] for k in axes))]


def contract(node: Node, reader: Reader) -> list[Product]:
    return [reader.flat(as_product(node))]


def add(node: Node, reader: Reader) -> list[Product]:
    out = []
    for a in node.args:
        inner = reader.terms_of(a) if a.ndim else [Product((a,), (), ())]
        if a.ndim < node.ndim and any(t.is_diagonal for t in inner):  # a diagonal is one of two axes
            inner = one_factor(a, reader)
        out += [broadcast(t, node.shape) for t in inner]
    return out


def broadcast(term: Product, shape: Sequence[Expr]) -> Product:
    """A summand with the axes of a sum of this shape: where it is constant, of the sizes that the others have.

    An axis of length 1 that an array has itself is summed, and is not that of the sum.
    """
    held, new = term.held, len(shape) - len(term.out)
    has = [(x in held or term.out.count(x) > 1) and (x.size != 1 or s == 1) for x, s in zip(term.out, shape[new:], strict=True)]
    own = [None] * new + [x if is_own else None for x, is_own in zip(term.out, has, strict=True)]
    return Product(term.scalars, term.factors, (Label(s) if x is None else x for x, s in zip(own, shape, strict=True)))


def mul(node: Node, reader: Reader) -> list[Product]:
    if not is_scaled(node):
        return one_factor(node, reader)
    *coefs, array = node.args
    return [Product((*(c for x in coefs for c in scalars(x)), *t.scalars), t.factors, t.out) for t in reader.terms_of(array)]


def view(node: Node, reader: Reader) -> list[Product]:
    inner = reader.terms_of(node.args[0])
    if None in node.attrs and any(t.is_diagonal for t in inner):
        return one_factor(node, reader)
    return [Product(t.scalars, t.factors, (Label(S.One) if k is None else t.out[k] for k in node.attrs)) for t in inner]


def sum_(node: Node, reader: Reader) -> list[Product]:
    labels = new_labels(node.args[0])
    out = [x for k, x in enumerate(labels) if k not in node.attrs]
    return [reader.flat(Product((), [Factor(node.args[0], labels)], out))]


def inverse(node: Node, reader: Reader) -> list[Product]:
    if node.ndim != 2:
        return one_factor(node, reader)
    a, b = new_labels(node)
    return [Product((), [Factor(node.args[0], (a, b), inverse=True)], (a, b))]


def add_diagonal(node: Node, reader: Reader) -> list[Product]:
    base, diagonal = node.args
    if node.attrs != ("aa", "a") or node.ndim != 2:
        return one_factor(node, reader)
    x = new_labels(node)[0]
    one = Product((), [Factor(diagonal, (x,))], (x, x)) if diagonal.ndim else Product(scalars(diagonal), (), (x, x))
    return [*reader.terms_of(base), one]
