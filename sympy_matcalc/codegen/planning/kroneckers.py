"""A product with a Kronecker product is one with its factors: what it meets is reshaped, and the Kronecker product is not formed.

``(A kron B) x`` is ``A X B'`` by rows, with x the rows of X one after the other. So are sums of Kronecker products, their inverses and
traces; determinants are powers of those of the factors.

>>> from sympy import Determinant, Identity, KroneckerProduct, MatrixSymbol, Trace, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> A, B = MatrixSymbol("A", m, m), MatrixSymbol("B", n, n)
>>> x, y, P = MatrixSymbol("x", m*n, 1), MatrixSymbol("y", m*n, 1), MatrixSymbol("P", m*n, k)
>>> K = KroneckerProduct(A, B)
>>> before_and_after(kroneckers, y.T*K*x)
before: sum(y[i] kron(A, B)[ij] x[j] -> )
after:  sum(reshape(y, m, n)[ij] A[ik] B[jl] reshape(x, m, n)[kl] -> )
>>> before_and_after(kroneckers, K*P)
before: sum(kron(A, B)[ij] P[jk] -> ik)
after:  reshape(sum(A[ij] B[kl] reshape(P, m, n, k)[jlm] -> ikm), m*n, k)
>>> before_and_after(kroneckers, (KroneckerProduct(A, Identity(n)) + KroneckerProduct(Identity(m), B))*x)
before: sum((kron(eye(m, dtype()), B) + kron(A, eye(n, dtype())))[ij] x[j] -> i)
after:  reshape(sum(reshape(x, m, n)[ij] B[kj] -> ik), m*n) + reshape(sum(reshape(x, m, n)[ij] A[ki] -> kj), m*n)
>>> before_and_after(kroneckers, Trace(K))
before: sum(diagonal(kron(A, B); 0, 1); 0)
after:  sum(diagonal(A; 0, 1)[i] diagonal(B; 0, 1)[j] -> )

It is formed where its entries are asked for:

>>> before_and_after(kroneckers, K + P*P.T)
before: sum(P[ij] P[kj] -> ik) + kron(A, B)
after:  sum(P[ij] P[kj] -> ik) + kron(A, B)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Mul

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, find, put_in
from ..ir.terms import as_product, is_scaled, new_labels, scalars
from ..network import diagonals, joined, unturned
from ..schedule import reachable
from .kronecker_forms import ONE, Form, Part, inverted, read, written

MOST = 8  # products that sums around a cycle are multiplied out to


def kroneckers(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with products with the factors of Kronecker products for products with these."""
    order = reachable(roots)
    if not any(node.op == "kron" for node in order):
        return roots
    made = _Kroneckers(graph, context)
    for node in order:
        made.renew(node)
    return [made.new[r.number] for r in roots]


class _Kroneckers:
    """`new`: what takes the place of each node, by number."""

    def __init__(self, graph: Graph, context: Context):
        self.g, self.size_of = graph, context.size_of
        self.sparse = {p.symbol for p in context.parameters if p.is_sparse}
        self.new: dict[int, Node] = {}

    def renew(self, node: Node) -> None:
        """Find what takes the place of a node, whose operands have been renewed."""
        args = [self.new[a.number] for a in node.args]
        found = None
        if node.op == "contract":
            found = self._product(as_product(node, args))
        elif node.op == "sum" and args[0].ndim == node.args[0].ndim:
            labels = new_labels(args[0])
            found = self._product(Product((), [Factor(args[0], labels)], [x for k, x in enumerate(labels) if k not in node.attrs]))
        elif node.op == "inv" and (form := read(self.g, args[0])) and (inverse := inverted(self.g, form)):
            found = written(self.g, inverse, self.size_of)
        elif node.op == "item" and args[0].op == "slogdet" and (form := read(self.g, args[0].args[0])):
            found = self._slogdet(form, *node.attrs)
        elif node.op == "det" and (form := read(self.g, args[0])) and _has_determinant(form):
            found = self.g.mul(*(self.g.pow(self.g.of_square("det", p.node), n) for p, n in self._powers(form)))
        self.new[node.number] = self.g.remake(node, args) if found is None else found

    # ---- determinants
    def _powers(self, form: Form) -> list[tuple[Part, Node]]:
        """The factors but for identities, with the powers to which their determinants are taken."""
        sizes = [p.sizes[0] for p in form.parts]
        return [(p, self.size_of(Mul(*sizes[:k], *sizes[k + 1 :]))) for k, p in enumerate(form.parts) if p.node is not None]

    def _slogdet(self, form: Form, k: int) -> Node | None:
        """The sign of the determinant, or the logarithm of its absolute value."""
        if not _has_determinant(form):
            return None
        g, parts = self.g, [(_item(self.g, p, k), n) for p, n in self._powers(form)]
        return g.add(*(g.mul(n, x) for x, n in parts)) if k else g.mul(*(g.pow(x, n) for x, n in parts))

    # ---- products
    def _node(self, p: Product) -> Node:
        """The array of a product, whose axes are those of `out`."""
        found = self._product(p)
        return self.plain(p) if found is None else found

    def plain(self, p: Product) -> Node:
        """The array of a product as it is."""
        factors = [diagonals(self.g, f) for f in p.factors]
        node, have = joined(self.g, factors, set(p.out), self.g.mul(*p.scalars), dict.fromkeys(p.out))
        places = [have.index(x) if x in have else None for x in p.out]
        if None not in places:
            return self.g.view(node, places)
        return self.g.full(self.g.view(node, places), [self.size_of(x.size) for x in p.out])

    def _product(self, p: Product) -> Node | None:
        """A product without the Kronecker products in it; None where there is none that may be left out."""
        for f in p.factors:
            terms = self._summands(f) if any(x not in p.out for x in f.labels) else []
            if terms:
                return self._with_sum(p, f, terms)
        return self._split(p)

    # ---- sums of Kronecker products
    def _summands(self, f: Factor) -> list[Product]:
        """A sum with Kronecker products as terms; none where it is no such sum."""
        node = f.node
        if f.inverse or node.ndim != 2 or len(set(f.labels)) != 2 or node.op not in ("add", "add_diagonal"):
            return []
        base, diagonal = node.args if node.op == "add_diagonal" else (node, None)
        own = base.args if base.op == "add" else (base,)
        terms = [a for a in own if a.ndim == 2 and read(self.g, a)]
        if not terms or any(a.shape != node.shape for a in terms):
            return []
        eyes = [a for a in own if _of_eye(a)]
        out = [*map(self._whole, terms), *(_on_diagonal(node, a if a.op == "mul" else self.g.const(1)) for a in eyes)]
        if rest := [a for a in own if a not in terms and a not in eyes]:
            total = self.g.add(*rest)
            out.append(self._whole(total if total.shape == node.shape else self.g.full(total, [self.size_of(s) for s in node.shape])))
        return out if diagonal is None else [*out, _on_diagonal(node, diagonal)]

    def _whole(self, node: Node) -> Product:
        labels = new_labels(node)
        return Product((), [Factor(node, labels)], labels)

    def _with_sum(self, p: Product, f: Factor, terms: Sequence[Product]) -> Node | None:
        """The product with a sum: of all that is on one side of it first, so that no other factor is in more than one product."""
        rest = p.without(f)
        sides = [_reached(rest, x) for x in f.labels]
        cycle = any(a is b for a in sides[0] for b in sides[1])
        if cycle or len(rest) == max(map(len, sides)):
            return self._expanded(p, f, terms)
        ways = [(sum(x in p.out for g in side for x in g.labels), -k) for k, side in enumerate(sides) if side and f.labels[k] not in p.out]
        if not ways:
            return self._expanded(p, f, terms)
        k = -min(ways)[1]
        held = {x for g in sides[k] for x in g.labels}
        out = [*(x for x in p.out if x in held), f.labels[1 - k]]
        first = self._expanded(Product((), [*sides[k], f], out), f, terms)
        if first is None:
            return None
        others = [g for g in rest if not any(g is h for h in sides[k])]
        return self._node(Product(p.scalars, [*others, Factor(first, out)], p.out))

    def _expanded(self, p: Product, f: Factor, terms: Sequence[Product]) -> Node | None:
        products = [put_in(p, f, t, self.size_of) for t in terms]
        if any(q.is_diagonal for q in products) or len(terms) > MOST:
            return None
        return self.g.add(*map(self._node, products))

    # ---- one product
    def _split(self, p: Product) -> Node | None:
        forms = dict[int, Form]()
        for k, f in enumerate(p.factors):
            form = read(self.g, f.node) if len(set(f.labels)) == len(f.labels) else None
            form = inverted(self.g, form) if form and f.inverse else form
            if form:
                forms[k] = form
        split, used = self._splits(p, forms)
        if not used:
            return None
        return _Splitting(self, p, {k: forms[k] for k in used}, split).node()

    def _splits(self, p: Product, forms: dict[int, Form]) -> tuple[dict[Label, list[Expr]], list[int]]:
        """How labels are split, and by which factors."""
        split = dict[Label, list[Expr]]()
        used = []
        kernels = [k for k, form in forms.items() if _is_applied(p, k, forms)]
        for k in [*kernels, *(k for k in forms if k not in kernels)]:
            labels, form = p.factors[k].labels, forms[k]
            if k not in kernels and not any(len(split.get(x, ())) > 1 for x in labels):
                continue
            finer = {x: refined(split.get(x), form.sizes(axis)) for axis, x in enumerate(labels)}
            if None not in finer.values() and not any(self._is_fixed(p, f, finer) for j, f in enumerate(p.factors) if j not in forms):
                split.update({x: s for x, s in finer.items() if s is not None})
                used.append(k)
        return split, used

    def _is_fixed(self, p: Product, f: Factor, split: dict[Label, list[Expr] | None]) -> bool:
        """Whether a factor may not be reshaped as its labels are split."""
        if not any(len(split.get(x) or ()) > 1 for x in f.labels):
            return False
        return f.inverse or bool(self.sparse) and any(n.op == "arg" and n.attrs[0] in self.sparse for n in reachable([f.node]))


class _Splitting:
    """One product with labels split."""

    def __init__(self, made: _Kroneckers, p: Product, forms: dict[int, Form], split: dict[Label, list[Expr]]):
        self.made, self.g, self.p, self.forms = made, made.g, p, forms
        self.subs = {x: [Label(s) for s in sizes] if len(sizes) > 1 else [x] for x, sizes in split.items()}
        self.names = dict[Label, Label]()
        self.factors: list[Factor] = []
        self.scalars: list[Node] = list(p.scalars)

    def node(self) -> Node | None:
        out = {y for x in self.p.out for y in self.subs.get(x, [x])}
        for k, f in enumerate(self.p.factors):
            if k in self.forms:
                self.scalars += self.forms[k].scalars
                if not all([self._part(part, pieces, out) for part, pieces in self._pieces(f, self.forms[k])]):
                    return None
            else:
                self.factors.append(self._reshaped(f.node, f.labels, f.inverse))
        get = lambda x: find(self.names, x)  # noqa: E731
        factors = [Factor(f.node, map(get, f.labels), f.inverse, f.planned) for f in self.factors]
        held = {x for f in factors for x in f.labels}
        axes = [[get(y) for y in self.subs.get(x, [x])] for x in self.p.out]
        kept = [y for axis in axes for y in axis]
        lost = {get(y) for ys in self.subs.values() for y in ys} - held - set(kept)
        total = Product((*self.scalars, *(self.made.size_of(s) for s in sorted((x.size for x in lost), key=str))), factors, kept)
        node = self._in_parts(total, axes) or self.made.plain(total)
        return self.g.reshape(node, [self.made.size_of(x.size) for x in self.p.out]) if len(kept) > len(axes) else node

    def _pieces(self, f: Factor, form: Form) -> Iterable[tuple[Part, list[list[Label]]]]:
        """The labels of each part, for each axis of the whole."""
        left = [list(self.subs[x]) for x in f.labels]
        for part in form.parts:
            pieces = []
            for own, size in zip(left, part.sizes, strict=True):
                piece: list[Label] = []
                while size is not ONE and (not piece or Mul(*(x.size for x in piece)) != size) and own:
                    piece.append(own.pop(0))
                pieces.append(piece)
            yield part, pieces

    def _part(self, part: Part, pieces: list[list[Label]], out: set[Label]) -> bool:
        """Add a part; False where its diagonal is split in two ways."""
        by_axis = dict[int, list[Label]]()
        for axis, piece in zip(part.axes, pieces, strict=True):
            if axis is None:
                continue
            first = by_axis.setdefault(axis, piece)
            if first is not piece:
                if [x.size for x in first] != [x.size for x in piece]:
                    return False
                for a, b in zip(first, piece, strict=True):
                    self._join(a, b, out)
        if part.node is not None:
            self.factors.append(self._split_array(part.node, [by_axis[j] for j in range(part.node.ndim)], part.inverse))
        return True

    def _join(self, a: Label, b: Label, out: set[Label]) -> None:
        """Make two labels one; two axes of the result stay two."""
        a, b = find(self.names, a), find(self.names, b)
        if a in out and b in out and a is not b:
            self.factors.append(Factor(self.g.eye(self.made.size_of(a.size)), (a, b)))
        elif a is not b:
            a, b = (b, a) if b in out else (a, b)
            self.names[b] = a

    def _reshaped(self, node: Node, labels: Sequence[Label], inverse: bool) -> Factor:
        if not any(len(self.subs.get(x, ())) > 1 for x in labels):
            return Factor(node, [self.subs.get(x, [x])[0] for x in labels], inverse)
        f = unturned(node, labels)
        return self._split_array(f.node, [self.subs.get(x, [x]) for x in f.labels], inverse)

    def _split_array(self, node: Node, pieces: Sequence[Sequence[Label]], inverse: bool) -> Factor:
        flat = [x for piece in pieces for x in piece]
        if len(flat) == len(pieces):
            return Factor(node, flat, inverse)
        array = self.g.inv(node) if inverse else node
        return unturned(self.g.reshape(array, [self.made.size_of(x.size) for x in flat]), flat)

    def _in_parts(self, p: Product, axes: Sequence[Sequence[Label]]) -> Node | None:
        """A matrix that is a Kronecker product itself: that of ``A C`` and ``B D`` for ``(A kron B) (C kron D)``."""
        if len(axes) != 2 or len(axes[0]) != len(axes[1]) or len(axes[0]) < 2:
            return None
        left, arrays = list(p.factors), []
        for pair in zip(*axes, strict=True):
            own = _reached(left, *pair)
            held = {x for f in own for x in f.labels}
            if any(x in held for x in p.out if x not in pair) or not all(x in held for x in pair):
                return None
            arrays.append(self.made.plain(Product((), own, pair)))
            left = [f for f in left if not any(f is g for g in own)]
        scale = self.made.plain(Product(p.scalars, left, ()))
        form = Form(scalars(scale), tuple(Part(a, (0, 1), a.shape) for a in arrays))
        return self.g.reshape(written(self.g, form, self.made.size_of), [self.made.size_of(x.size) for x in self.p.out])


def refined(old: list[Expr] | None, new: list[Expr]) -> list[Expr] | None:
    """The finer of two ways to split an axis; None where neither is.

    >>> from sympy import symbols
    >>> l, m, n = symbols("l m n", integer=True, positive=True)
    >>> refined([l, m, n], [l, m*n]), refined([l, m], [l, m]), refined([m, n], [n, m])
    ([l, m, n], [l, m], None)
    """
    if old is None:
        return new
    fine, coarse = (old, new) if len(old) >= len(new) else (new, old)
    ends = {Mul(*fine[: k + 1]) for k in range(len(fine))}
    return fine if all(Mul(*coarse[: k + 1]) in ends for k in range(len(coarse))) else None


def _is_applied(p: Product, k: int, forms: dict[int, Form]) -> bool:
    """Whether a Kronecker product is summed over; a vector only where it meets nothing else."""
    f = p.factors[k]
    summed = [x for x in f.labels if x not in p.out]
    if forms[k].ndim > 1:
        return bool(summed)
    return bool(summed) and all(j in forms for j, g in enumerate(p.factors) if summed[0] in g.labels)


def _reached(factors: Sequence[Factor], *labels: Label) -> list[Factor]:
    """The factors that some labels lead to."""
    seen, found = set(labels), list[Factor]()
    left = list(factors)
    while more := [f for f in left if any(x in seen for x in f.labels)]:
        found += more
        left = [f for f in left if not any(f is g for g in more)]
        seen |= {x for f in more for x in f.labels}
    return found


def _of_eye(node: Node) -> bool:
    """Whether a node is a multiple of the identity."""
    core = node.args[-1] if node.op == "mul" and is_scaled(node) else node
    return core.op == "eye" and len(core.args) == 2


def _on_diagonal(matrix: Node, value: Node) -> Product:
    """A multiple of the identity of the size of a matrix, or what is on its diagonal."""
    x = Label(matrix.shape[0])
    if value.ndim == 2:
        return Product([c for a in value.args[:-1] for c in scalars(a)], (), (x, x))
    return Product((), [Factor(value, (x,))], (x, x)) if value.ndim else Product(scalars(value), (), (x, x))


def _has_determinant(form: Form) -> bool:
    """Whether the determinant of a Kronecker product is read off those of its factors."""
    return not form.scalars and form.is_square and not any(p.inverse or p.is_diagonal and p.node is not None for p in form.parts)


def _item(g: Graph, part: Part, k: int) -> Node:
    """The sign of the determinant of a factor, or the logarithm of its absolute value."""
    return g.make("item", (g.of_square("slogdet", part.node),), (k,))
