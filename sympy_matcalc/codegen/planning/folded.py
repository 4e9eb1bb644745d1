"""A sum of three axes and more that meets its own summands, one product for each, meets itself: ``w_s F_sij u_sk v_sl - w_s F_sij x_sk y_sl``
with ``F_sij = u_si v_sj - x_si y_sj`` is ``w_s F_sij F_skl``, one Gram matrix.

So it is in second derivatives of what depends on a matrix through distances: a derivative forward is one sum, and the walk back goes
through its summands one by one, and through sums inside of sums.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> k, n, s = symbols("k n s", integer=True, positive=True)
>>> U, V, X, Y, w = (MatrixSymbol(name, *shape) for name, *shape in (("U", s, k), ("V", s, n), ("X", s, k), ("Y", s, n), ("w", s, 1)))
>>> term = lambda number, A, B: EinsumTerm(number, (s, k, n), ((0,), (1,), (2,)), [(A, (0,), (1,)), (B, (0,), (2,))])
>>> F = Einsum((s, k, n), term(2, U, V), term(-2, X, Y))
>>> axes = (s, k, n, k, n), ((1,), (2,), (3,), (4,))
>>> met = lambda number, A, B: EinsumTerm(number, *axes, [(F, (0,), (1,), (2,)), (w, (0,), ()), (A, (0,), (3,)), (B, (0,), (4,))])
>>> before_and_after(folded, Einsum((k, n, k, n), met(1, U, V), met(-1, X, Y)))
before: sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] U[il] V[im] -> jklm) + -1*sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] X[il] Y[im] -> jklm)
after:  0.5*sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] (2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ilm] -> jklm)

Other numbers than those of the sum are another sum:

>>> before_and_after(folded, Einsum((k, n, k, n), met(1, U, V), met(1, X, Y)))
before: sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] U[il] V[im] -> jklm) + sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] X[il] Y[im] -> jklm)
after:  sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] U[il] V[im] -> jklm) + sum((2*sum(U[ij] V[ik] -> ijk) + -2*sum(X[ij] Y[ik] -> ijk))[ijk] w[i] X[il] Y[im] -> jklm)
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import permutations
from operator import and_
from typing import Any

from sympy import S

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, put_in
from ..ir.terms import as_product, broadcast, is_scaled, new_labels, scalars
from ..network import diagonals, joined
from ..schedule import reachable
from .written_out import key_of, written_out

LEAST = 3  # axes of a sum that is looked for
MOST_TERMS = 64  # products that a sum is read as
MOST_ROUNDS = 8  # sums that are folded

Place = tuple[int, int]  # the number of a sum, and which of its summands
Path = tuple[Place, ...]
Read = tuple[Product, Path]  # a product, and the summands that it is part of, from the outermost sum inwards


class StaysError(Exception):
    """A sum is of too many products, or one of its operations is not linear."""


def folded(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums as products of a sum with itself."""
    for _ in range(MOST_ROUNDS):
        new = _folded_once(graph, roots, context)
        if new is None:
            break
        roots = new
    return roots


def _folded_once(graph: Graph, roots: list[Node], context: Context) -> list[Node] | None:
    order = reachable(roots)
    users: dict[int, list[Node]] = {}
    for node in order:
        for a in node.args:
            users.setdefault(a.number, []).append(node)
    for f in order:
        if f.op == "add" and f.ndim >= LEAST and len(users.get(f.number, ())) > 1:
            for top in _tops(f, order, users):
                found = _Folding(graph, context, f, top).found()
                new = None if found is None else _without(graph, roots, order, users, found)
                if new is not None:
                    return new
    return None


def _is_linear(node: Node) -> bool:
    """Whether a node is read as a sum of products of what it is made of."""
    return node.op in ("add", "contract", "view") or node.op == "mul" and is_scaled(node)


def _tops(f: Node, order: Sequence[Node], users: dict[int, list[Node]]) -> list[Node]:
    """The outermost nodes that are linear operations on a sum, or on such in turn."""
    above = {f.number}
    found = []
    for node in order:
        if _is_linear(node) and any(a.ndim and a.number in above for a in node.args):
            above.add(node.number)
            found.append(node)
    return [node for node in found if not any(u.number in above for u in users.get(node.number, ()))]


@dataclass
class Met:
    """A product in which the sum is met `at` a factor, its path, the other factors, and which of its axes each summed label is."""

    product: Product
    path: Path
    at: Factor
    rest: list[Factor]
    axes: dict[Label, int]


@dataclass
class Folded:
    """What `top` has too: `places`, the summands that are taken away, all of them for None; `node`, what is added for them. `inside`: the
    nodes that were taken apart; `rest`: the products that are left.
    """

    top: Node
    node: Node
    places: set[Place] | None
    inside: set[int]
    rest: list[Product]


class _Folding:
    """Reads `top` as a sum of products with the sum `f`, and looks for f among what is left of these."""

    def __init__(self, graph: Graph, context: Context, f: Node, top: Node) -> None:
        self.g, self.size_of, self.f, self.top = graph, context.size_of, f, top
        self._inside: set[int] = set()
        self._above: dict[int, bool] = {f.number: True}

    def found(self) -> Folded | None:
        try:
            own = [t for t, _ in self._summands(self.f)]
            terms = self._summands(self.top)
        except StaysError:
            return None
        groups: dict[Any, list[Met]] = {}
        for t, path in terms:
            at = [x for x in t.factors if x.node is self.f and not x.inverse]
            kept = tuple(t.out.index(x) if x in t.out else None for f in at for x in f.labels)
            if len(at) == 1 and len(set(at[0].labels)) == self.f.ndim and None in kept and any(k is not None for k in kept):
                axes = {x: axis for axis, (x, k) in enumerate(zip(at[0].labels, kept, strict=True)) if k is None}
                rest = t.without(*at)
                if not any(
                    x in f.labels and x not in axes for f in rest for x in at[0].labels
                ):  # else entry by entry along an axis of both
                    groups.setdefault(kept, []).append(Met(t, path, at[0], rest, axes))
        new = (self._folded(kept, met, own, terms) for kept, met in groups.items())
        return next((x for x in new if x is not None), None)

    # ---- sums of products
    def _leads(self, node: Node) -> bool:
        """Whether a node is the sum, or linear in it."""
        known = self._above.get(node.number)
        if known is None:
            known = self._above[node.number] = _is_linear(node) and any(a.ndim > 0 and self._leads(a) for a in node.args)
        return known

    def _summands(self, node: Node) -> list[Read]:
        """The summands of a node as products; those of the sums inside of it that lead to f too."""
        found: list[Read] = []
        for t, path in self._read(node, node is self.f):
            if t.is_diagonal or len(found) == MOST_TERMS:
                raise StaysError
            found.append((t, path))
        return found

    def _read(self, node: Node, is_whole: bool = False) -> Iterator[Read]:
        """`is_whole`: whether it is a sum, or a summand, all of which is asked for."""
        if not node.ndim:
            yield Product(scalars(node)), ()
            return
        if self._leads(node):
            self._inside.add(node.number)
        if node.op == "add" and (is_whole or node is not self.f and self._leads(node)):
            for k, a in enumerate(node.args):
                for t, path in self._read(a, is_whole):
                    yield broadcast(t, node.shape), ((node.number, k), *path)
        elif node.op == "mul" and is_scaled(node):
            coefs = [c for a in node.args[:-1] for c in scalars(a)]
            for t, path in self._read(node.args[-1], is_whole):
                yield Product((*coefs, *t.scalars), t.factors, t.out), path
        elif node.op == "view":
            for t, path in self._read(node.args[0], is_whole):
                yield Product(t.scalars, t.factors, (Label(S.One) if k is None else t.out[k] for k in node.attrs)), path
        elif node.op == "contract":
            yield from self._apart(as_product(node), ())
        else:
            labels = new_labels(node)
            yield Product((), [Factor(node, labels)], labels), ()

    def _apart(self, p: Product, path: Path) -> Iterator[Read]:
        """A product with its factors that are products, or sums that lead to f, multiplied out."""
        f = next((f for f in p.factors if not f.inverse and self._comes_apart(f.node)), None)
        if f is None:
            yield p, path
            return
        for inner, more in self._read(f.node):
            if inner.is_diagonal:
                raise StaysError
            yield from self._apart(put_in(p, f, inner, self.size_of), (*path, *more))

    def _comes_apart(self, node: Node) -> bool:
        if node.op == "view" and None not in node.attrs or node.op == "mul" and is_scaled(node):
            return self._comes_apart(node.args[-1])
        return node.op == "contract" or node.op == "add" and node is not self.f and self._leads(node)

    # ---- the sum among the rest of products
    def _folded(self, kept: Sequence[int | None], met: list[Met], own: list[Product], terms: list[Read]) -> Folded | None:
        """The same for products that have the sum at the same axes of the result."""
        free = [k for k in range(self.top.ndim) if k not in kept]
        axes = [axis for axis, at in enumerate(kept) if at is not None]
        if len(free) != len(axes):
            return None
        shared = [_marks(t.scalars, t.factors, {x: axis for axis, x in enumerate(t.out) if kept[axis] is None}) for t in own]
        weights = reduce(and_, (_marks(m.product.scalars, m.rest, m.axes) for m in met)) - reduce(and_, shared)
        mine = _numbers((key_of(self.g, t.scalars, t.factors, t.out), t.number) for t in own)
        shape = [self.f.shape[axis] for axis in axes]
        for turned in permutations(free):
            if [self.top.shape[k] for k in turned] != shape:
                continue
            where = dict(zip(axes, turned, strict=True))
            keys = [key_of(self.g, *self._less(m, weights), self._out(m, where)) for m in met]
            numbers = _numbers((key, m.product.number) for key, m in zip(keys, met, strict=True))
            ratio = next((numbers[key] / x for key, x in mine.items() if key in numbers), 0)
            if len(mine) > 1 and ratio != 0 and all(numbers.get(key) == ratio * x for key, x in mine.items()):
                taken = [m.path for m, key in zip(met, keys, strict=True) if key in mine]
                gone = set(map(id, taken))
                rest = [t for t, path in terms if id(path) not in gone]
                places = _places(taken, [path for _, path in terms]) if rest else None
                node = self._product(met[0], where, weights, ratio)
                return None if places == set() else Folded(self.top, node, places, self._inside - {self.f.number, self.top.number}, rest)
        return None

    def _out(self, m: Met, where: dict[int, int]) -> list[Label]:
        """The labels that the axes of the sum have in what is left of a product. `where`: the axis of the result for those that it has."""
        summed = {axis: x for x, axis in m.axes.items()}
        return [m.product.out[where[k]] if k in where else summed[k] for k in range(self.f.ndim)]

    @staticmethod
    def _less(m: Met, weights: Counter[Any]) -> tuple[list[Node], list[Factor]]:
        """The scalars and the factors beside the sum and its weights."""
        left = Counter(weights)
        coefs, factors = [c for c in m.product.scalars if not _taken(_mark(c), left)], m.rest
        return coefs, [f for f in factors if not _taken(_mark(f, m.axes), left)]

    def _product(self, m: Met, where: dict[int, int], weights: Counter[Any], ratio: Any) -> Node:
        """The product of the sum with itself and the weights, with the axes of the result."""
        g, out, left = self.g, m.product.out, Counter(weights)
        number = int(ratio) if ratio == int(ratio) else ratio
        coefs = [c for c in m.product.scalars if _taken(_mark(c), left)]
        kept = [m.at, *(f for f in m.rest if _taken(_mark(f, m.axes), left))]
        factors = [diagonals(g, x) for x in (*kept, Factor(self.f, self._out(m, where)))]
        node, have = joined(g, factors, set(out), g.mul(g.const(number), *coefs), dict.fromkeys(out))
        return g.view(node, [have.index(x) for x in out])


def _mark(x: Node | Factor, axes: dict[Label, int] | None = None) -> Any:
    """What a weight is known by: a scalar, or a factor that has no other labels than these. None for numbers and other factors."""
    if isinstance(x, Node):
        return None if x.op == "const" else x.number
    at = [(axes or {}).get(y) for y in x.labels]
    return None if None in at else (x.node.number, x.inverse, *at)


def _marks(coefs: Sequence[Node], factors: Sequence[Factor], axes: dict[Label, int]) -> Counter[Any]:
    return Counter(mark for mark in (*map(_mark, coefs), *(_mark(f, axes) for f in factors)) if mark is not None)


def _taken(mark: Any, left: Counter[Any]) -> bool:
    """Whether one of these is left, which then is one less."""
    if mark is None or not left[mark]:
        return False
    left[mark] -= 1
    return True


def _numbers(products: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """The number of each product of a sum, equal ones as one."""
    found: dict[Any, Any] = {}
    for key, number in products:
        found[key] = found.get(key, 0) + number
    return {key: number for key, number in found.items() if number != 0}


def _is_wide(t: Product) -> bool:
    """Whether a product has a factor of three axes and more, and is no product of such a one with itself."""
    wide = [f.node.number for f in t.factors if f.node.ndim >= LEAST]
    return bool(wide) and not (len(wide) == 2 and len(set(wide)) == 1)


def _places(taken: Sequence[Path], paths: Sequence[Path]) -> set[Place]:
    """The outermost summands that products with these paths are all of; none where one is not."""
    here, found = set(map(id, taken)), set()
    for path in taken:
        whole = [at for at in path if all(id(other) in here for other in paths if at in other)]
        if not whole:
            return set()
        found.add(whole[0])
    return found


def _without(graph: Graph, roots: list[Node], order: Sequence[Node], users: dict[int, list[Node]], found: Folded) -> list[Node] | None:
    """The roots with the summands taken away and the product added; None where what is between them is of use elsewhere."""
    inside, top, places = found.inside, found.top, found.places
    new: dict[int, Node] = {}
    if places is not None and not any(map(_is_wide, found.rest)):
        found, places = replace(found, node=graph.add(written_out(graph, found.rest), found.node)), None
    if places is not None and (
        inside & {r.number for r in roots} or any(u.number not in inside | {top.number} for x in inside for u in users[x])
    ):
        return None
    for node in order:
        if node is top and places is None:
            new[node.number] = found.node
            continue
        left = [new[a.number] for k, a in enumerate(node.args) if places is None or (node.number, k) not in places]
        if len(left) < len(node.args):
            rest = graph.add(*left) if left else None
            if rest is None or rest.shape != node.shape:
                return None
            new[node.number] = rest
        else:
            new[node.number] = graph.remake(node, left)
        if node is top:
            new[node.number] = graph.add(new[node.number], found.node)
    return [new[r.number] for r in roots]
