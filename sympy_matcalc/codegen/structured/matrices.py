"""Terms with one axis on each side: diagonal, Gram and low rank matrices."""

from dataclasses import dataclass

from ..ir.node import Node
from ..ir.product import Factor
from .layout import Layout
from .parts import components, value
from .tensors import network, total


@dataclass
class Product:
    """U C V' with U (n, k), V (n, l), or vectors; C a scalar node, or an array of the axes `inner`, the labels between. gram: the X for
    which U = V = X'.
    """

    left: Node
    right: Node
    middle: Node
    inner: tuple
    gram: Node | None


def matrix(ctx, terms):
    """The layout of a sum of terms that each have one axis on each side, none of them dense."""
    diagonals = [t for t in terms if t.rows == t.cols]
    rest = [t for t in terms if t.rows != t.cols]
    d = _summed(ctx, diagonals) if diagonals else None
    if not rest:
        return Layout("DiagonalOperator", (d,))
    products = [_product(ctx, t) for t in rest]
    if len(rest) == 1 and products[0] is not None and products[0].gram is not None:
        return _gram(ctx, products[0], d)
    if diagonals and None not in products and _square(rest[0]):
        return _low_rank(ctx, d, products, rest)
    return total(
        [_gram(ctx, p, None) if p is not None and p.gram is not None else network(ctx, t) for t, p in zip(rest, products)]
        + ([Layout("DiagonalOperator", (d,))] if diagonals else [])
    )


def _summed(ctx, terms):
    return ctx.graph.add(*(value(ctx, t.factors, t.rows, t.scale) for t in terms))


def _square(term):
    return term.rows[0].size == term.cols[0].size


def _product(ctx, term):
    """The `Product` that a term is, None for one that has no small inner size."""
    (r,), (c,) = term.rows, term.cols
    groups = components(term.factors)
    mine, other = next((g for g in groups if r in g[0]), None), next((g for g in groups if c in g[0]), None)
    if mine is None or other is None:
        return None  # constant along an axis
    if mine is not other:
        rest = [f for labels, fs in groups if r not in labels and c not in labels for f in fs]
        u, v = value(ctx, mine[1], (r,)), value(ctx, other[1], (c,))
        return Product(u, v, value(ctx, rest, (), term.scale), (), None)
    return _chain(ctx, term, r, c)


def _chain(ctx, term, r, c):
    """U C V' of a network in which all that has the row index has one further index in common, and so for the column."""
    left, right = _end(term, r), _end(term, c)
    if left is None or right is None or any(f in right[0] for f in left[0]):
        return None
    (left, a), (right, b) = left, right
    middle = [f for f in term.factors if f not in left and f not in right]
    held = {x for f in middle for x in f.labels}
    if a is not b and not held >= {a, b}:
        return None
    inner = () if a not in held else (a,) if a is b else (a, b)
    x, y = value(ctx, left, (a, r)), value(ctx, right, (b, c))
    if a is b and x is y:
        return Product(x, y, value(ctx, middle, inner, term.scale), inner, x)
    if r.size in (a.size, b.size):
        return None
    return Product(value(ctx, left, (r, a)), value(ctx, right, (c, b)), value(ctx, middle, inner, term.scale), inner, None)


def _end(term, x):
    """(factors with the label x, the one further label that they have); None where they have more, or are inverses."""
    factors = [f for f in term.factors if x in f.labels]
    others = {y for f in factors for y in f.labels} - {x}
    return (factors, *others) if len(others) == 1 and not any(f.inverse for f in factors) else None


def _gram(ctx, p, e):
    """``GramOperator(X, d, e)``."""
    d = p.middle if p.inner else None
    if d is None and p.middle.value != 1:
        n = ctx.graph.make("size", (p.gram,), (0,), integer=True, weak=True)
        d = ctx.graph.full(p.middle, [n])
    options = {"d": d, "e": e}
    return Layout("GramOperator", (p.gram,), {k: v for k, v in options.items() if v is not None})


def _low_rank(ctx, d, products, terms):
    """``DiagonalPlusLowRankOperator(d, U, C, V)``; of several products the columns side by side."""
    name = "DiagonalPlusLowRankOperator"
    products = [_of_gram(ctx, p, t) for p, t in zip(products, terms)]
    if len(products) == 1:
        (p,) = products
        c = None if p.middle.value == 1 else p.middle
        options = {k: v for k, v in {"C": c, "V": None if p.right is p.left else p.right}.items() if v is not None}
        return Layout(name, (d, p.left), options)
    left, right = ([node for node in side] for side in zip(*(_folded(ctx, p, t) for p, t in zip(products, terms))))
    return Layout(name, (d, Layout("np.column_stack", (left,))), {"V": Layout("np.column_stack", (right,))})


def _of_gram(ctx, p, term):
    if p.gram is None:
        return p
    turned = ctx.graph.transpose(p.gram)
    return Product(turned, turned, p.middle, p.inner, None)


def _folded(ctx, p, term):
    """(U C, V): the product without its middle."""
    g = ctx.graph
    if not p.inner:
        return g.mul(p.middle, p.left), p.right
    if len(p.inner) == 1:
        return g.mul(p.left, p.middle), p.right  # C along the last axis of U
    r, (a, b) = term.rows[0], p.inner
    return value(ctx, [Factor(p.left, (r, a)), Factor(p.middle, (a, b))], (r, b)), p.right
