"""Sums of three axes and more that are equal but for factors which all of their summands share: what is left is computed once, and takes
these factors. ``a_i k_s (m_ij - x_sj)`` beside ``l_s m_ij - l_s x_sj`` are products with one array of differences, and two of them in one
product may be a Gram matrix.

So it is in second derivatives of functions of distances, as of mixtures.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> k, m, n = symbols("k m n", integer=True, positive=True)
>>> M, X, R, l = (MatrixSymbol(name, *shape) for name, *shape in (("M", k, n), ("X", m, n), ("R", k, m), ("l", m, 1)))
>>> axes = ((0,), (1,), (2,))
>>> term = lambda number, *factors: EinsumTerm(number, (k, n, m), axes, factors)
>>> R_, M_, X_, l_ = (R, (0,), (2,)), (M, (0,), (1,)), (X, (2,), (1,)), (l, (2,), ())
>>> F, G = (Einsum((k, n, m), term(1, f, M_), term(-1, f, X_)) for f in (R_, l_))
>>> met = lambda *more: Einsum((n, n), EinsumTerm(1, (n, k, m, n), ((0,), (3,)), more))
>>> before_and_after(alike_sums, met((F, (1,), (0,), (2,)), (G, (1,), (3,), (2,))))
before: sum((sum(R[ij] M[ik] -> ikj) + -1*sum(R[ij] X[jk] -> ikj))[ijk] (sum(l[i] M[jk] -> jki) + -1*sum(l[i] X[ij] -> ji))[ilk] -> jl)
after:  sum(-1*sum(R[ij] (X.T + -1*view(M; 0, 1, None))[ikj] -> ikj)[ijk] -1*sum(l[i] (X.T + -1*view(M; 0, 1, None))[jki] -> jki)[ilk] -> jl)

A sum that is there once is left as it is:

>>> before_and_after(alike_sums, met((F, (1,), (0,), (2,)), (M, (1,), (3,))))
before: sum((sum(R[ij] M[ik] -> ikj) + -1*sum(R[ij] X[jk] -> ikj))[ijk] M[il] -> jl)
after:  sum((sum(R[ij] M[ik] -> ikj) + -1*sum(R[ij] X[jk] -> ikj))[ijk] M[il] -> jl)
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import S

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..ir.terms import as_product, broadcast, is_scaled, new_labels, scalars
from ..network import joined
from ..schedule import reachable

LEAST = 3  # axes of what sums share
Term = tuple[Any, tuple[Node, ...], list[Factor]]  # number, other scalars, factors
Shared = tuple[Node, list[int]]  # what alike sums share, and which of their axes each of its own is


@dataclass
class Apart:
    """A sum as `number` times `scalars` times `common` factors times the sum of `rest`, whose axes are `axes`, in an order that alike sums
    share under one `key`; `labels`: the axes of the whole.
    """

    labels: list[Label]
    number: Any
    scalars: tuple[Node, ...]
    common: list[Factor]
    rest: list[Term]
    axes: list[Label]
    key: Any


def alike_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with what alike sums share computed once."""
    order = reachable(roots)
    sums = [node for node in order if node.op == "add" and node.ndim >= LEAST]
    apart = {node.number: found for node in sums if (found := _apart(node)) is not None} if len(sums) > 1 else {}
    count = Counter(a.key for a in apart.values())
    if all(number < 2 for number in count.values()):
        return roots
    new: dict[int, Node] = {}
    made: dict[Any, Shared] = {}
    for node in order:
        own = apart.get(node.number)
        if own is None or count[own.key] < 2:
            new[node.number] = graph.remake(node, [new[a.number] for a in node.args])
        else:
            new[node.number] = _product(graph, own, new, made)
    return [new[r.number] for r in roots]


# ---- a sum, taken apart
def _apart(node: Node) -> Apart | None:
    """A sum with the factors taken out that all of its summands share; None where what is left has few axes, or is one product."""
    labels = new_labels(node)
    terms = [_summand(a, node, labels) for a in node.args]
    if any(t.is_diagonal or not t.factors or any(f.inverse for f in t.factors) for t in terms):
        return None
    common, terms = _with_common_factors(terms, labels)
    rest = _collected(terms)
    held = {x for _, _, factors in rest for f in factors for x in f.labels}
    if len(rest) < 2 or len(held) < LEAST or not held <= {*labels, *(x for f in common for x in f.labels)}:
        return None
    if any(not factors or len({*f.labels}) < len(f.labels) for _, _, factors in rest for f in factors or [Factor(node, ())]):
        return None
    shared = Counter(rest[0][1])
    for _, coefs, _ in rest:
        shared &= Counter(coefs)
    rest = sorted(((n, tuple((Counter(coefs) - shared).elements()), fs) for n, coefs, fs in rest), key=_rank)
    number = rest[0][0]
    ratios = [_ratio(n, number) for n, _, _ in rest]
    if any(r is None for r in ratios):
        return None
    axes = list(dict.fromkeys(x for _, _, factors in rest for f in factors for x in f.labels))
    key = tuple(
        (r, tuple(c.number for c in coefs), tuple((f.node.number, *map(axes.index, f.labels)) for f in factors))
        for r, (_, coefs, factors) in zip(ratios, rest, strict=True)
    )
    left = [(r, coefs, factors) for r, (_, coefs, factors) in zip(ratios, rest, strict=True)]
    return Apart(labels, number, tuple(shared.elements()), common, left, axes, key)


def _summand(a: Node, of: Node, labels: Sequence[Label]) -> Product:
    """A summand as a product with the axes of the sum."""
    term = broadcast(_read(a), of.shape)
    return term.renamed(dict(zip(term.out, labels, strict=True)))


def _read(a: Node) -> Product:
    if not a.ndim:
        return Product(scalars(a))
    if a.op == "contract":
        return as_product(a)
    if a.op == "mul" and is_scaled(a):
        inner = _read(a.args[-1])
        return Product((*(c for x in a.args[:-1] for c in scalars(x)), *inner.scalars), inner.factors, inner.out)
    if a.op == "view":
        inner = _read(a.args[0])
        return Product(inner.scalars, inner.factors, (Label(S.One) if k is None else inner.out[k] for k in a.attrs))
    labels = new_labels(a)
    return Product((), [Factor(a, labels)], labels)


def _with_common_factors(terms: list[Product], labels: Sequence[Label]) -> tuple[list[Factor], list[Product]]:
    """(factors that all terms share at the same place, the terms without them): any number of axes of the result alone, and one that is
    summed with what is left, whose labels are then the same in all terms.
    """
    common: list[Factor] = []
    places = [(f.node, _place(f, labels)) for f in terms[0].factors]
    for node, place in places:
        is_summed = None in place
        every = [f for t in terms if (f := next((g for g in t.factors if g.node is node and _place(g, labels) == place), None)) is not None]
        if len(every) < len(terms) or any(len(t.factors) < 2 for t in terms):
            continue
        if is_summed and (place.count(None) > 1 or any(None in _place(f, labels) for f in common)):
            continue
        first = every[0]
        names = [dict(zip(f.labels, first.labels, strict=True)) for f in every]
        terms = [Product(t.scalars, t.without(f), t.out).renamed(own) for t, f, own in zip(terms, every, names, strict=True)]
        common.append(first)
    return common, terms


def _place(f: Factor, labels: Sequence[Label]) -> tuple[int | None, ...]:
    return tuple(labels.index(x) if x in labels else None for x in f.labels)


def _collected(terms: Sequence[Product]) -> list[Term]:
    """The terms with equal ones as one."""
    groups: dict[Any, list[Any]] = {}
    for t in terms:
        coefs = tuple(sorted((c for c in t.scalars if c.op != "const"), key=lambda c: c.number))
        factors = sorted(t.factors, key=lambda f: f.node.number)
        key = tuple(c.number for c in coefs), tuple((f.node.number, f.labels) for f in factors)
        groups.setdefault(key, [0, coefs, factors])[0] += t.number
    return [(number, coefs, factors) for number, coefs, factors in groups.values() if number != 0]


def _rank(term: Term) -> tuple[Any, ...]:
    _, coefs, factors = term
    return [f.node.number for f in factors], [c.number for c in coefs]


def _ratio(number: Any, first: Any) -> Any:
    """The quotient of two numbers, None where it is rounded."""
    ratio = number // first if isinstance(number, int) and isinstance(first, int) and number % first == 0 else number / first
    return ratio if ratio * first == number else None


# ---- and made anew
def _product(g: Graph, own: Apart, new: dict[int, Node], made: dict[Any, Shared]) -> Node:
    """The sum as a product of what alike sums share with what is its own. `new`: what takes the place of each node; `made`: what is shared,
    by key, with axes that lie as in the first sum.
    """
    places: list[int | None]
    if own.key not in made:
        lie = [x for x in own.labels if x in own.axes]
        lie += [x for x in own.axes if x not in lie]
        made[own.key] = g.add(*_views(g, own.rest, lie, new)), [own.axes.index(x) for x in lie]
    shared, at = made[own.key]
    factors = [Factor(new[f.node.number], f.labels) for f in own.common] + [Factor(shared, [own.axes[k] for k in at])]
    scale = g.mul(g.const(own.number), *(new[c.number] for c in own.scalars))
    node, have = joined(g, factors, set(own.labels), scale, dict.fromkeys(own.labels))
    places = [have.index(x) if x in have else None for x in own.labels]
    return g.view(node, places)


def _views(g: Graph, rest: Sequence[Term], lie: Sequence[Label], new: dict[int, Node]) -> Iterator[Node]:
    """The summands with axes in this order."""
    for number, coefs, factors in rest:
        held = {x for f in factors for x in f.labels}
        scale = g.mul(g.const(number), *(new[c.number] for c in coefs))
        node, have = joined(g, [Factor(new[f.node.number], f.labels) for f in factors], held, g.const(1), dict.fromkeys(lie))
        yield g.mul(scale, g.view(node, [have.index(x) if x in have else None for x in lie]))
