"""Products of arrays with labelled axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from sympy import Expr

from .labels import Label
from .node import Node


class Factor:
    """An array in a product: node, labels, whether it stands for the inverse of the node, and whether the node is planned already."""

    __slots__ = ("node", "labels", "inverse", "planned")

    def __init__(self, node: Node, labels: Iterable[Any], inverse: bool = False, planned: bool = False):
        self.node, self.labels, self.inverse, self.planned = node, tuple(labels), inverse, planned

    def renamed(self, names: Mapping[Any, Any]) -> Factor:
        return Factor(self.node, [names.get(x, x) for x in self.labels], self.inverse, self.planned)


class Product:
    """A product: scalar nodes `scalars`, `factors`, and the label of each axis of the result. Labels that `out` has not are summed.

    An axis whose label no factor has is constant; a label twice in `out` is a diagonal matrix.

    As lowering builds it, it is not settled yet (`network.settled`): labels in pairs of `equal` are one, `labels` are all that it has, also
    without a factor, whose sizes are scalars where they are summed, and an axis of `out` of literal length 1 is None.

    It is never changed, so that `noted` keeps what was found out about it: most sums that a search looks at have the same terms.
    """

    __slots__ = ("scalars", "factors", "out", "equal", "labels", "_notes")

    def __init__(
        self,
        scalars: Iterable[Node] = (),
        factors: Iterable[Factor] = (),
        out: Iterable[Any] = (),
        equal: Iterable[tuple[Any, Any]] = (),
        labels: Iterable[Any] = (),
    ):
        self.scalars, self.factors, self.out = tuple(scalars), tuple(factors), tuple(out)
        self.equal, self.labels = tuple(equal), tuple(labels)
        self._notes: dict[Any, Any] = {}

    def noted(self, key: Any, find: Callable[[Product], Any]) -> Any:
        """What `find` says of it, asked once for a key."""
        found = self._notes.get(key)
        if found is None:
            found = self._notes[key] = find(self)
        return found

    @property
    def is_diagonal(self) -> bool:
        return len(set(self.out)) < len(self.out)

    @property
    def number(self) -> Any:
        """The product of the scalars that are numbers."""
        return prod(c.value for c in self.scalars if c.op == "const")

    @property
    def held(self) -> frozenset[Label]:
        """The labels that a factor has."""
        return self.noted("held", lambda p: frozenset([x for f in p.factors for x in f.labels]))

    def renamed(self, names: Mapping[Any, Any]) -> Product:
        get = lambda x: names.get(x, x)  # noqa: E731
        equal = [(get(a), get(b)) for a, b in self.equal]
        return Product(self.scalars, [f.renamed(names) for f in self.factors], map(get, self.out), equal, map(get, self.labels))

    def fresh(self) -> Product:
        """A copy with labels of its own, so that one product may occur twice in another; indices of sums stay."""
        return self.renamed({x: Label(x.size) for x in self.labels if not x.index})

    def without(self, *gone: Factor) -> list[Factor]:
        """The factors but for some, by identity."""
        return [f for f in self.factors if not any(f is x for x in gone)]

    def with_axes(self, out: Iterable[Any], *equal: tuple[Any, Any]) -> Product:
        """The product with other axes, and with more pairs of labels that are equal."""
        return Product(self.scalars, self.factors, out, (*self.equal, *equal), self.labels)

    def with_factors(self, factors: Iterable[Factor], *labels: Any) -> Product:
        """The product with other factors, and with labels that it may not have had."""
        return Product(self.scalars, factors, self.out, self.equal, dict.fromkeys((*self.labels, *labels)))


def multiplied(products: Sequence[Product], out: Iterable[Any] = (), equal: Iterable[tuple[Any, Any]] = ()) -> Product:
    """The product of several, with these axes, and these pairs of labels equal too."""
    return Product(
        (c for p in products for c in p.scalars),
        (f for p in products for f in p.factors),
        out,
        (*(pair for p in products for pair in p.equal), *equal),
        (x for p in products for x in p.labels),
    )


def put_in(host: Product, f: Factor, inner: Product, size_of: Callable[[Expr], Node]) -> Product:
    """The product `host` with its factor f replaced by the product `inner`, whose axes are those of f. `size_of`: the node of a size."""
    inner = inner.renamed({x: Label(x.size) for x in dict.fromkeys(x for g in inner.factors for x in g.labels)})
    mine: dict[Label, Label] = {}
    theirs: dict[Label, Label] = {}
    for x, y in zip(f.labels, inner.out, strict=True):
        x = find(mine, x)
        if y in theirs:  # a diagonal: two axes of f are one
            if find(mine, theirs[y]) is not x:
                mine[x] = find(mine, theirs[y])
        else:
            theirs[y] = x
    names = {y: find(mine, x) for y, x in theirs.items()}
    host = Product(host.scalars, host.without(f), host.out).renamed({x: find(mine, x) for x in mine})
    out = Product(host.scalars + inner.scalars, (*host.factors, *(g.renamed(names) for g in inner.factors)), host.out)
    held = out.held | set(out.out)
    lost = [x for x in dict.fromkeys(find(mine, x) for x in f.labels) if x not in held]
    return Product((*out.scalars, *(size_of(x.size) for x in lost)), out.factors, out.out)


def find(names: Mapping[Label, Label], x: Label) -> Label:
    """What a label becomes, where one that it becomes may become another."""
    while x in names:
        x = names[x]
    return x


def signature(product: Product, graph: Any = None) -> tuple[Any, ...]:
    """What equal products share: their factors with labels numbered as they are met from the first axis of the result on. Those of a
    matrix that is symmetric in `graph` may change places.
    """
    if graph is None:
        return product.noted("signature", _signature)
    return product.noted(("signature", graph.symmetric), lambda p: _signature(p, graph.is_symmetric))


def signature_with(product: Product, mirrored: Callable[[Node], bool]) -> tuple[Any, ...]:
    """The same with matrices whose labels may change places by a condition."""
    return _signature(product, mirrored)


def _signature(product: Product, mirrored: Callable[[Node], bool] | None = None) -> tuple[Any, ...]:
    names: dict[Label, int] = {}
    for x in product.out:
        names.setdefault(x, len(names))
    out: list[tuple[Any, ...]] = [tuple([names[x] for x in product.out])]
    left = list(product.factors)
    while left:
        k, labels = _next(left, names, mirrored)
        f = left.pop(k)
        for x in labels:
            names.setdefault(x, len(names))
        out.append((f.node.number, f.inverse, f.planned, tuple([names[x] for x in labels])))
    coefs = tuple(sorted([c.number for c in product.scalars if c.op != "const"]))
    return (*out, coefs)


def _next(left: Sequence[Factor], names: Mapping[Label, int], mirrored: Callable[[Node], bool] | None) -> tuple[int, Sequence[Label]]:
    """(position, labels) of the factor that is met next: of those with labels that were met, where there are any, the first by its node and
    by these labels. A symmetric matrix has the label first that was met first.
    """
    new, best, least, is_known = len(names), 0, None, False
    for k, f in enumerate(left):
        at = [names.get(x, new) for x in f.labels]
        known = any([n < new for n in at])
        if is_known and not known:
            continue
        turned = len(at) == 2 and at[1] < at[0] and mirrored is not None and mirrored(f.node)
        place = f.node.number, f.inverse, at[::-1] if turned else at, turned
        if least is None or known and not is_known or place[:3] < least[:3]:
            best, least, is_known = k, place, known
    assert least is not None
    return best, left[best].labels[::-1] if least[3] else left[best].labels
