"""Arrays by whose entries several summands are multiplied, taken out: ``P o A + P o B`` as ``P o (A + B)``, with one pass over the entries
less; and summands that are sums of the same products, as one.

So it is in gradients of what a softmax P is in: ``P o G - P o (r 1')`` has the sums r of the rows of ``P o G``, and these come twice where
another route to P has made them of products of matrices.

>>> from sympy import MatrixSymbol, OneMatrix, symbols
>>> from sympy.matrices.expressions.hadamard import HadamardProduct
>>> from sympy.matrices.expressions.diagonal import DiagonalOf
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> P, A, B = (MatrixSymbol(name, m, n) for name in "PAB")
>>> before_and_after(entry_factors, HadamardProduct(P, A) + HadamardProduct(P, B))
before: A*P + B*P
after:  P*(A + B)
>>> U, V = MatrixSymbol("U", m, k), MatrixSymbol("V", k, n)
>>> G = HadamardProduct(P, U*V)
>>> before_and_after(entry_factors, G - HadamardProduct(P, (G*OneMatrix(n, 1) + DiagonalOf(U*V*P.T))*OneMatrix(1, n)))
before: -1*(view(sum(sum(U[ij] V[jk] -> ik)*P; 1) + sum(U[ij] V[jk] P[ik] -> i); 0, None)*P) + sum(U[ij] V[jk] -> ik)*P
after:  P*(-1*view(2*sum(sum(U[ij] V[jk] -> ik)[ij] P[ij] -> i); 0, None) + sum(U[ij] V[jk] -> ik))

A summand that is needed elsewhere stays:

>>> before_and_after(entry_factors, (HadamardProduct(P, A) + HadamardProduct(P, B))*HadamardProduct(P, A).T*HadamardProduct(P, B))
before: sum((A*P + B*P)[ij] (A*P)[kj] (B*P)[kl] -> il)
after:  sum((A*P + B*P)[ij] (A*P)[kj] (B*P)[kl] -> il)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node, without
from ..ir.product import Factor, Product, put_in, signature
from ..ir.terms import as_product, is_scaled, new_labels
from ..schedule import reachable
from ..steady.products import contraction_of, items_of_product

MOST = 12  # factors of a product that is compared with others


def entry_factors(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such factors taken out."""
    order = reachable(roots)
    if not any(node.op == "add" and node.ndim for node in order):
        return roots
    busy = _busy(order, roots)
    new: dict[int, Node] = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        if node.op == "add" and node.ndim and not node.integer:
            is_busy = {x.number for a, x in zip(node.args, args, strict=True) if a.number in busy}
            new[node.number] = graph.add(*_taken_out(graph, _as_one(graph, args, context), node, is_busy))
        else:
            new[node.number] = graph.remake(node, args)
    found = [new[r.number] for r in roots]
    return found if all(a is b for a, b in zip(found, roots, strict=True)) else _summed_at_once(graph, found)


def _summed_at_once(graph: Graph, roots: list[Node]) -> list[Node]:
    """The roots with sums of the entries of products that have no other use now as sums of products."""
    order = reachable(roots)
    uses = Counter(a.number for node in order for a in node.args) + Counter(r.number for r in roots)
    new: dict[int, Node] = {}
    for node in order:
        made = graph.remake(node, [new[a.number] for a in node.args])
        new[node.number] = _contraction(graph, made) if node.op == "sum" and uses[node.args[0].number] == 1 else made
    return [new[r.number] for r in roots]


def _busy(order: Sequence[Node], roots: Sequence[Node]) -> set[int]:
    """The numbers of products with more uses than one, but for sums of their entries, which need no array of these."""
    uses = Counter(a.number for node in order if node.op != "sum" for a in node.args) + Counter(r.number for r in roots)
    return {number for number, count in uses.items() if count > 1}


# ---- summands with a factor
def _taken_out(g: Graph, terms: list[Node], of: Node, busy: set[int]) -> list[Node]:
    """The summands with those that share an array of all axes of the sum as one, as long as there are such."""
    while True:
        groups: dict[int, list[int]] = {}
        for k, t in enumerate(terms):
            for p in dict.fromkeys(_factors(t)):
                if p.ndim == of.ndim and p.shape == of.shape:
                    groups.setdefault(p.number, []).append(k)
        at: list[int] = max(groups.values(), key=len, default=[])
        if len(at) < 2 or 2 * sum(terms[k].number in busy for k in at) > len(at):
            return terms
        number = next(number for number, found in groups.items() if found is at)
        p = next(a for a in _factors(terms[at[0]]) if a.number == number)
        rest = [g.mul(*without(_factors(terms[k]), p)) for k in at]
        size, inner = _number_of_all(g, _equal_as_one(g, rest))
        terms = [t for k, t in enumerate(terms) if k not in at] + [g.mul(size, p, g.add(*_taken_out(g, inner, of, busy)))]


def _factors(t: Node) -> tuple[Node, ...]:
    """The factors of a product entry by entry, or of a multiple of one."""
    if t.op != "mul" or t.args[-1].ndim < t.ndim:
        return ()
    if not is_scaled(t):
        return t.args
    inner = _factors(t.args[-1])
    return (*t.args[:-1], *inner) if inner else ()


def _equal_as_one(g: Graph, terms: Sequence[Node]) -> list[Node]:
    """Summands that are multiples of one array by numbers, as one multiple of it."""
    found: dict[int, list[Any]] = {}
    for t in terms:
        number, core = _multiple(g, t)
        found.setdefault(core.number, [0, core])[0] += number
    return [g.mul(g.const(number), core) for number, core in found.values() if number != 0] or [g.mul(g.const(0), terms[0])]


def _number_of_all(g: Graph, terms: list[Node]) -> tuple[Node, list[Node]]:
    """(the number that all summands are multiples of up to the sign, 1 where there is none; what of them is left)."""
    read = [_multiple(g, t) for t in terms]
    size = next((number for number, _ in read if not isinstance(number, complex) and number > 0), read[0][0])
    if any(number not in (size, -size) for number, _ in read):
        return g.const(1), terms
    return g.const(size), [core if number == size else g.mul(g.const(-1), core) for number, core in read]


def _multiple(g: Graph, node: Node) -> tuple[Any, Node]:
    """(number, rest) of a multiple; views are taken off, since ``view(2*x)`` is twice ``view(x)``."""
    if node.op == "mul" and node.args[0].op == "const":
        return node.args[0].value, g.mul(*node.args[1:])
    if node.op == "view" and node.args[0].op == "mul":
        number, core = _multiple(g, node.args[0])
        return number, g.view(core, node.attrs)
    return 1, node


# ---- equal sums of products
def _as_one(g: Graph, terms: list[Node], context: Context) -> list[Node]:
    """The summands with those that are multiples of the same sum of products as one of them, which has the fewest factors."""
    cores = [_multiple(g, t) for t in terms]
    sums = [k for k, (_, core) in enumerate(cores) if core.op in ("contract", "sum")]
    if len(sums) < 2 or all(cores[k][1].op == "contract" for k in sums):  # products of matrices are for the search
        return terms
    groups: dict[Any, list[int]] = {}
    inside = dict[int, Any]()  # the number that is in a sum of products itself, which its signature has not
    for k in sums:
        product = _flat(cores[k][1], context)
        inside[k] = 0 if product is None else product.number
        groups.setdefault(k if inside[k] == 0 or product is None else signature(product), []).append(k)
    if len(groups) == len(sums):
        return terms
    out = [t for k, t in enumerate(terms) if k not in sums]
    for same in groups.values():
        first = min(same, key=lambda k: (len(cores[k][1].args), cores[k][1].number))
        number = _quotient(sum(cores[k][0] * inside[k] for k in same), inside[first])
        out += [terms[same[0]]] if len(same) == 1 else [g.mul(g.const(number), _contraction(g, cores[first][1]))] if number != 0 else []
    return out or [g.mul(g.const(0), terms[0])]


def _quotient(a: Any, b: Any) -> Any:
    """The quotient of two numbers, a whole one where it is."""
    return a // b if isinstance(a, int) and isinstance(b, int) and a % b == 0 else a / b


def _flat(node: Node, context: Context) -> Product | None:
    """A sum of products with the products in it multiplied out; None where there are too many factors."""
    product = _product(node)
    while product is not None and len(product.factors) <= MOST:
        found = next(((f, inner) for f in product.factors if not f.inverse and (inner := _product(f.node)) is not None), None)
        if found is None:
            return product
        product = put_in(product, *found, context.size_of)
    return None


def _product(node: Node) -> Product | None:
    """A node as one product of others, None where it is none."""
    if node.op == "contract":
        return as_product(node)
    if node.op == "mul" and node.ndim and 1 not in node.shape:
        labels = new_labels(node)
        factors = [Factor(a, [labels[k] for k in at]) for a, at in items_of_product(node) if a.ndim]
        return Product([a for a in node.args if not a.ndim], factors, labels)
    if node.op == "view" and None not in node.attrs:
        labels = new_labels(node.args[0])
        return Product((), [Factor(node.args[0], labels)], [labels[k] for k in node.attrs])
    if node.op == "sum":
        labels = new_labels(node.args[0])
        return Product((), [Factor(node.args[0], labels)], [x for k, x in enumerate(labels) if k not in node.attrs])
    return None


def _contraction(g: Graph, node: Node) -> Node:
    """The sum of the entries of a product as a sum of products, which needs no array of these."""
    inner = node.args[0] if node.args else node
    if node.op != "sum" or inner.op != "mul" or is_scaled(inner) or 1 in inner.shape:
        return node
    labels = new_labels(inner)
    items = [(a, tuple(labels[k] for k in at)) for a, at in items_of_product(inner)]
    return contraction_of(g, items, (), tuple(x for k, x in enumerate(labels) if k not in node.attrs))
