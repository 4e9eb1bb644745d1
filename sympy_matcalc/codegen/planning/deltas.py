"""Arrays of three axes and more that are zero off a diagonal: what is on it is kept by itself through sums and products, and written into
zeros last; and the diagonal of a product is made without the product.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> P, V, A = MatrixSymbol("P", m, n), MatrixSymbol("V", n, k), MatrixSymbol("A", m, n)
>>> blocks = Einsum((m, k, m, n), EinsumTerm(1, (m, k, n), ((0,), (1,), (0,), (2,)), [(P, (0,), (2,)), (V, (2,), (1,))]))
>>> with_blocks = [(blocks, (0,), (1,), (2,), (3,)), (V, (3,), (4,))]
>>> before_and_after(deltas, Einsum((m, k, m, k), EinsumTerm(1, (m, k, m, n, k), ((0,), (1,), (2,), (4,)), with_blocks)))
before: sum(embed(sum(P[ij] V[jk] -> ikj), dtype(), m, k, m, n; abac, abc)[ijkl] V[lm] -> ijkm)
after:  embed(sum(V[ij] sum(P[ij] V[jk] -> ikj)[kli] -> klj), dtype(), m, k, m, k; abac, abc)
>>> squares = Einsum((m, k, m), EinsumTerm(1, (m, n, k, m), ((0,), (2,), (3,)), [(P, (0,), (1,)), (V, (1,), (2,)), (A*V, (3,), (2,))]))
>>> before_and_after(deltas, Einsum((m, k), EinsumTerm(1, (m, k), ((0,), (1,)), [(squares, (0,), (1,), (0,))])))
before: diagonal(sum(P[ij] V[jk] A[lm] V[mk] -> ikl); 0, 2).T
after:  sum(P[ij] V[jk] A[il] V[lk] -> ki).T

Where there is no diagonal, nothing changes:

>>> before_and_after(deltas, Einsum((m, k), EinsumTerm(1, (m, k, m), ((0,), (1,)), [(squares, (0,), (1,), (2,))])))
before: sum(sum(P[ij] V[jk] A[lm] V[mk] -> ikl); 2)
after:  sum(sum(P[ij] V[jk] A[lm] V[mk] -> ikl); 2)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, put_in
from ..ir.terms import as_product, new_labels, scalars
from ..network import diagonals, joined
from ..schedule import reachable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROUNDS = 3  # a product with what was on a diagonal takes the diagonal of its other factors
LEAST = 3  # axes: the planner has diagonal matrices as summands of their own
SPARSE = ("embed", "add_diagonal")
Part = tuple[str, Node]  # a letter for each axis, and the core, whose axes are the letters in the order in which they come


def deltas(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with what is on diagonals written there last."""
    for _ in range(ROUNDS):
        order = reachable(roots)
        if not any(_is_sparse(n) or n.op == "diagonal" for n in order):
            break
        made = _Deltas(graph, order, context)
        for node in order:
            made.renew(node)
        if all(made.new[r.number] is r for r in roots):
            break
        roots = [made.new[r.number] for r in roots]
    return roots


def _is_sparse(node: Node) -> bool:
    if node.op == "view" and None in node.attrs:  # constant along another axis
        return node.args[0].op == "embed" and node.args[0].ndim >= LEAST
    return node.op in SPARSE and node.ndim >= LEAST


class _Deltas:
    """`new`: what takes the place of each node, by number."""

    def __init__(self, graph: Graph, order: Sequence[Node], context: Context):
        self.g, self.size_of = graph, context.size_of
        self.new: dict[int, Node] = {}
        self._users: dict[int, set[str]] = {}
        for node in order:
            for a in node.args:
                self._users.setdefault(a.number, set()).add(node.op)

    def renew(self, node: Node) -> None:
        """Find what takes the place of a node, whose operands have been renewed."""
        args = [self.new[a.number] for a in node.args]
        rule = RULES.get(node.op)
        found = rule(self, node, args) if rule and (node.op == "diagonal" or any(map(_is_sparse, args))) else None
        self.new[node.number] = self.g.remake(node, args) if found is None else found

    # ---- an array and parts on diagonals
    def _apart(self, node: Node) -> tuple[Node | None, list[Part]]:
        """(array, parts) that a node is the sum of; the array is None where there is none, and may be constant along axes of length 1."""
        if not _is_sparse(node):
            return node, []
        if node.op == "view":
            return None, [self._broadcast(node.attrs, part) for part in self._apart(node.args[0])[1]]
        axes, target = node.attrs
        base, parts = (None, []) if node.op == "embed" else self._apart(node.args[0])
        if base is not None and base.op == "full":
            base = base.args[0]
        core = node.args[0] if node.op == "embed" else node.args[1]
        missing = len(target) - core.ndim  # axes along which it is constant
        order = [target.index(x) - missing for x in dict.fromkeys(axes)]
        return base, [*parts, (_renamed(axes), _ordered(self.g, core, [None if k < 0 else k for k in order]))]

    def _broadcast(self, order: Sequence[int | None], part: Part) -> Part:
        """The part with its axes in another order, where None is a new axis of length 1."""
        axes, core = part
        free = iter(LETTERS[len(axes) :])
        moved = [next(free) if k is None else axes[k] for k in order]
        names = list(dict.fromkeys(axes))
        places = [names.index(x) - (len(names) - core.ndim) if x in names else -1 for x in dict.fromkeys(moved)]
        return _renamed("".join(moved)), _ordered(self.g, core, [None if k < 0 else k for k in places])

    def _whole(self, shape: Sequence, base: Node) -> Node:
        """An array with all of its axes, which may have been constant along some."""
        return base if base.shape == tuple(shape) else self.g.full(base, [self.size_of(s) for s in shape])

    def _together(self, shape: Sequence, base: Node | None, parts: Sequence[Part]) -> Node:
        if base is not None and parts:
            base = self._whole(shape, base)
        cores: dict[str, list[Node]] = {}
        for axes, core in parts:
            cores.setdefault(axes, []).append(core)
        for axes, same in cores.items():
            core, pattern = self.g.add(*same), (axes, "".join(dict.fromkeys(axes)))
            if base is None:
                base = self.g.make("embed", (core, self.g.dtype_node(), *map(self.size_of, shape)), pattern)
            else:
                base = self.g.make("add_diagonal", (base, core), pattern)
        assert base is not None
        return base

    def _of_products(self, shape: Sequence, dense: Sequence[Node], products: Sequence[Product]) -> Node | None:
        """The sum of arrays with all axes and of products; None where one is constant along an axis."""
        whole, parts = list(dense), []
        for p in products:
            names = tuple(dict.fromkeys(p.out))
            node, have = joined(self.g, [diagonals(self.g, f) for f in p.factors], set(names), self.g.mul(*p.scalars), dict.fromkeys(names))
            if not have or not p.is_diagonal and len(have) < len(names):
                return None
            core = _ordered(self.g, node, [have.index(x) if x in have else None for x in names])
            if p.is_diagonal:
                letter = dict(zip(names, LETTERS, strict=False))
                parts.append(("".join(letter[x] for x in p.out), core))
            else:
                whole.append(core)
        return self._together(shape, self.g.add(*whole) if whole else None, parts)

    # ---- the rules: a node and its renewed operands, of which one is sparse
    def _add_diagonal(self, node: Node, args: list[Node]) -> Node | None:
        return self._together(node.shape, *self._apart(self.g.remake(node, args)))

    def _add(self, node: Node, args: list[Node]) -> Node | None:
        if any(_is_sparse(a) and a.ndim < node.ndim for a in args):
            return None
        apart = [self._apart(a) for a in args]
        dense = [base for base, _ in apart if base is not None]
        whole = self.g.add(*dense) if dense else None
        return self._together(node.shape, whole, [part for _, parts in apart for part in parts])

    def _view(self, node: Node, args: list[Node]) -> Node | None:
        if None in node.attrs:
            return None
        base, parts = self._apart(args[0])
        turned = [self._broadcast(node.attrs, part) for part in parts]
        if base is not None and base.ndim:
            missing = args[0].ndim - base.ndim  # axes along which the rest is constant
            base = self.g.view(base, [k - missing if k >= missing else None for k in node.attrs])
        return self._together(node.shape, base, turned)

    def _sum(self, node: Node, args: list[Node]) -> Node | None:
        base, _ = self._apart(args[0])
        labels = new_labels(args[0])
        p = Product((), [Factor(args[0], labels)], [x for k, x in enumerate(labels) if k not in node.attrs])
        whole, rest = self._with_parts(p)
        if base is not None and base.shape == args[0].shape:
            return self._of_products(node.shape, [self.g.sum(base, node.attrs)], rest)
        return self._of_products(node.shape, [], rest if whole is None else [whole, *rest])

    def _mul(self, node: Node, args: list[Node]) -> Node | None:
        labels = new_labels(node)
        factors, coefs, bases = [], [], []
        for a in args:
            if _is_sparse(a) and a.ndim < node.ndim:
                return None
            own = labels[node.ndim - a.ndim :]
            if a.op == "view" and None in a.attrs:
                at = {k: x for k, x in zip(a.attrs, own, strict=True) if k is not None}
                factors.append(Factor(a.args[0], [at[k] for k in range(a.args[0].ndim)]))
            elif a.ndim:
                factors.append(Factor(a, own))
            else:
                coefs += scalars(a)
            bases.append(self._apart(a)[0])
        if any(x.size != s for f in factors for x, s in zip(f.labels, f.node.shape, strict=True)):
            return None
        _, products = self._with_parts(Product(coefs, factors, labels))
        dense = [self.g.mul(*bases)] if None not in bases else []
        return self._of_products(node.shape, dense, products)

    def _contract(self, node: Node, args: list[Node]) -> Node | None:
        p = as_product(node, args)
        if any(_is_sparse(f.node) and f.inverse for f in p.factors):
            return None
        whole, rest = self._with_parts(p)
        return self._of_products(node.shape, [], rest if whole is None else [whole, *rest])

    def _with_parts(self, p: Product) -> tuple[Product | None, list[Product]]:
        """The product with the arrays of all factors, None where one has none, and all products with one part and more."""
        found = [(p, False)]
        for f in p.factors:
            if not _is_sparse(f.node):
                continue
            base, parts = self._apart(f.node)
            new: list[tuple[Product, bool]] = []
            for host, has_part in found:
                at = next(x for x in host.factors if x.node is f.node)
                if base is not None:
                    own = [Label(s) for s in f.node.shape]
                    new.append((put_in(host, at, Product((), [_factor(self.g, base, own)], own), self.size_of), has_part))
                for axes, core in parts:
                    letters = {x: Label(f.node.shape[axes.index(x)]) for x in dict.fromkeys(axes)}
                    factors = [_factor(self.g, core, list(letters.values()))] if core.ndim else []
                    part = Product(() if core.ndim else scalars(core), factors, [letters[x] for x in axes])
                    new.append((put_in(host, at, part, self.size_of), True))
            found = new
        whole = next((host for host, has_part in found if not has_part), None)
        return whole, [host for host, has_part in found if has_part]

    # ---- the diagonal of what is made for it alone
    def _diagonal(self, node: Node, args: list[Node]) -> Node | None:
        i, j = node.attrs
        if not _is_sparse(args[0]):
            return self._diagonal_of(node.args[0], args[0], i, j)
        base, _ = self._apart(args[0])
        labels = new_labels(args[0])
        rest = [x for k, x in enumerate(labels) if k not in (i, j)]
        p = Product((), [Factor(args[0], [labels[i] if k == j else x for k, x in enumerate(labels)])], (*rest, labels[i]))
        dense = [] if base is None else [self.g.make("diagonal", (self._whole(args[0].shape, base),), (i, j))]
        return self._of_products(node.shape, dense, self._with_parts(p)[1])

    def _diagonal_of(self, old: Node | None, x: Node, i: int, j: int) -> Node | None:
        """The diagonal of two axes, as the last; `old`: what x takes the place of, None for what nothing else uses. An array of three axes
        and more may have other uses: its diagonal is little work beside it, and it need not be formed.
        """
        if old is not None and old.ndim < LEAST and self._users[old.number] != {"diagonal"}:
            return None
        g = self.g
        if x.op == "view" and None in x.attrs and None in (x.attrs[i], x.attrs[j]):
            rest = [a for k, a in enumerate(x.attrs) if k not in (i, j)]
            return g.view(x.args[0], [*rest, x.attrs[j] if x.attrs[i] is None else x.attrs[i]])
        if x.op == "view" and None not in x.attrs:
            inner = self._diagonal_of(None, x.args[0], x.attrs[i], x.attrs[j])
            if inner is None:
                return None
            rest = [k for k in range(x.ndim) if k not in (x.attrs[i], x.attrs[j])]
            return g.view(inner, [*(rest.index(k) for a, k in enumerate(x.attrs) if a not in (i, j)), inner.ndim - 1])
        if x.op == "mul" and x.args[-1].ndim == x.ndim and all(a.ndim == 0 for a in x.args[:-1]):
            inner = self._diagonal_of(None, x.args[-1], i, j)
            return None if inner is None else g.mul(*x.args[:-1], inner)
        if x.op == "add":
            summands = [_padded(g, a, x.ndim) for a in x.args]
            parts = [self._diagonal_of(None, a, i, j) if a.ndim == x.ndim else None for a in summands]
            if all(part is None for part in parts):
                return None
            parts = [self._shown(a, x, i, j) if part is None else part for a, part in zip(summands, parts, strict=True)]
            return None if None in parts else g.add(*parts)
        if x.op != "contract":
            return None
        p = as_product(x)
        p = p.renamed({p.out[j]: p.out[i]})
        return self._of_products([], [], [Product(p.scalars, p.factors, (*(y for k, y in enumerate(p.out) if k not in (i, j)), p.out[i]))])

    def _shown(self, a: Node, x: Node, i: int, j: int) -> Node | None:
        """The diagonal of a summand of x that is there as it is; None where it is constant along one of the axes only."""
        if not a.ndim:
            return a
        return self.g.make("diagonal", (a,), (i, j)) if (a.shape[i], a.shape[j]) == (x.shape[i], x.shape[j]) else None


RULES: dict[str, Callable[[_Deltas, Node, list[Node]], Node | None]] = {
    "add_diagonal": _Deltas._add_diagonal,
    "add": _Deltas._add,
    "view": _Deltas._view,
    "sum": _Deltas._sum,
    "mul": _Deltas._mul,
    "contract": _Deltas._contract,
    "diagonal": _Deltas._diagonal,
}


def _padded(g: Graph, x: Node, ndim: int) -> Node:
    """A summand with the axes of length 1 that broadcasting does without, in front."""
    missing = ndim - x.ndim
    if not missing or not x.ndim:
        return x
    array, axes = (x.args[0], x.attrs) if x.op == "view" else (x, tuple(range(x.ndim)))
    return g.make("view", (array,), (*[None] * missing, *axes))


def _ordered(g: Graph, core: Node, axes: Sequence[int | None]) -> Node:
    """The core with its axes in this order, where None is an axis of length 1, of which it may have had some before; a number as it is."""
    if not core.ndim:
        return core
    if core.op == "view":
        core, axes = core.args[0], [None if k is None else core.attrs[k] for k in axes]
    return g.make("view", (core,), axes) if None in axes else g.view(core, axes)


def _factor(g: Graph, core: Node, labels: Sequence[Label]) -> Factor:
    """A core as a factor, without the axes along which it is constant."""
    own = labels[len(labels) - core.ndim :]
    if core.op == "view":
        at = {k: x for k, x in zip(core.attrs, own, strict=True) if k is not None}
        core = core.args[0]
        own = [at[k] for k in range(core.ndim)]
    short = {k: g.const(0) for k, x in enumerate(own) if core.shape[k] == 1 and x.size != 1}
    return Factor(g.index(core, short) if short else core, [x for k, x in enumerate(own) if k not in short])


def _renamed(axes: str) -> str:
    """The axes with the letters in the order in which they come."""
    letter = dict(zip(dict.fromkeys(axes), LETTERS, strict=False))
    return "".join(letter[x] for x in axes)
