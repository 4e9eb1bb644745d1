"""A projection of what is projected already is left out: ``C C`` is C, and ``C (X A + C B)`` with ``C X`` for X is what it is.

Read are ``I - 1 1'/n``, which takes the mean away, ``H = X (X' X)^-1 X'`` and ``I - H``, and the negatives of all of them.

>>> from sympy import Identity, MatrixSymbol, OneMatrix, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n = symbols("m n", integer=True, positive=True)
>>> X, A, B = MatrixSymbol("X", m, n), MatrixSymbol("A", m, n), MatrixSymbol("B", n, m)
>>> C = Identity(m) - OneMatrix(m, m)/m
>>> before_and_after(projections, X.T*C*C*X)
before: sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] (-1*m**-1 + eye(m, dtype()))[kl] X[lm] -> jm)
after:  sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] X[kl] -> jl)
>>> before_and_after(projections, (B*(-C) + X.T*C)*C*X)
before: sum((sum(B[ij] (m**-1 + -1*eye(m, dtype()))[jk] -> ik) + sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] -> jk))[ij] (-1*m**-1 + eye(m, dtype()))[jk] X[kl] -> il)
after:  sum((-1*sum(B[ij] (-1*m**-1 + eye(m, dtype()))[jk] -> ik) + sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] -> jk))[ij] X[jk] -> ik)

What is not projected as a whole keeps its projection, and ``I - 1 1'`` is none:

>>> before_and_after(projections, (B + X.T*C)*C)
before: sum((sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] -> jk) + B)[ij] (-1*m**-1 + eye(m, dtype()))[jk] -> ik)
after:  sum((sum(X[ij] (-1*m**-1 + eye(m, dtype()))[ik] -> jk) + B)[ij] (-1*m**-1 + eye(m, dtype()))[jk] -> ik)
>>> before_and_after(projections, (Identity(m) - OneMatrix(m, m))**2)
before: sum((eye(m, dtype()) + -1)[ij] (eye(m, dtype()) + -1)[jk] -> ik)
after:  sum((eye(m, dtype()) + -1)[ij] (eye(m, dtype()) + -1)[jk] -> ik)
"""  # noqa: E501  a graph is printed in one line

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..ir.terms import as_product, is_scaled
from ..network import diagonals, joined
from ..schedule import reachable

NONE: frozenset[int] = frozenset()


def projections(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots without projections of what is projected already."""
    order = reachable(roots)
    if not any(node.op == "eye" or node.op == "contract" and any(node.attrs[1]) for node in order):
        return roots
    made = _Projections(graph, context)
    for node in order:
        made.renew(node)
    return [made.new[r.number] for r in roots]


def centring(node: Node, of_size: Node) -> int:
    """1 for ``I - 1 1'/n``, -1 for its negative, 0 for any other node. of_size: the node of n."""
    if node.op != "add" or node.ndim != 2 or len(node.args) != 2:
        return 0
    signs = [_sign_of_eye(a) or -_sign_of_mean(a, of_size) for a in node.args]
    return signs[0] if signs[0] == signs[1] and sorted(a.ndim for a in node.args) == [0, 2] else 0


def _sign_of_eye(a: Node) -> int:
    sign, core = _signed(a)
    return sign if core.op == "eye" and len(core.args) == 2 else 0


def _sign_of_mean(a: Node, of_size: Node) -> int:
    """1 for 1/n, -1 for -1/n."""
    if a.ndim or of_size.op == "const" and not isinstance(a.value, (int, float)):
        return 0
    if of_size.op == "const":
        return 0 if abs(a.value) * of_size.value != 1 and abs(a.value) != 1 / of_size.value else 1 if a.value > 0 else -1
    sign, core = _signed(a)
    return sign if core.op == "pow" and core.args[0] is of_size and core.args[1].value == -1 else 0


def _signed(a: Node) -> tuple[int, Node]:
    """(sign, the rest) of a number times -1, or as it is."""
    return (-1, a.args[1]) if a.op == "mul" and len(a.args) == 2 and a.args[0].value == -1 else (1, a)


class _Projections:
    """`new`: what takes the place of each node; `same`: for each axis of that the projections that leave it as it is, by number."""

    def __init__(self, graph: Graph, context: Context):
        self.g, self.size_of = graph, context.size_of
        self.new: dict[int, Node] = {}
        self.same: dict[int, tuple[frozenset[int], ...]] = {}

    def renew(self, node: Node) -> None:
        """Find what takes the place of a node, whose operands have been renewed."""
        args = [self.new[a.number] for a in node.args]
        new = self._positive(self._without(node, args) if node.op == "contract" else self.g.remake(node, args))
        self.new[node.number] = new
        self._note(new)

    def _note(self, node: Node) -> None:
        """Find what leaves a node as it is; what it is made of is new too where the node is."""
        if node.number not in self.same:
            for a in node.args:
                self._note(a)
            self.same[node.number] = self._unchanged(node)

    def _positive(self, node: Node) -> Node:
        """The negative of a projection as -1 times that."""
        if node.op != "add" or node.ndim != 2 or node.shape[0] != node.shape[1] or centring(node, self.size_of(node.shape[0])) >= 0:
            return node
        minus = self.g.const(-1)
        return self.g.mul(minus, self.g.add(*(self.g.mul(minus, a) for a in node.args)))

    def _is_projection(self, node: Node) -> bool:
        if node.ndim != 2 or node.shape[0] != node.shape[1]:
            return False
        if node.op == "add":
            return centring(node, self.size_of(node.shape[0])) == 1
        if node.op == "add_diagonal" and node.args[1].value == 1:
            return _sign_of_hat(node.args[0]) == -1
        return _sign_of_hat(node) == 1

    def _unchanged(self, node: Node) -> tuple[frozenset[int], ...]:
        if self._is_projection(node):
            return (frozenset([node.number]),) * 2
        if node.op == "contract":
            p = as_product(node)
            return tuple(self._along(p, x) for x in p.out)
        if node.op == "mul" and is_scaled(node):
            return self.same[node.args[-1].number]
        if node.op == "view":
            own = self.same[node.args[0].number]
            return tuple(NONE if k is None else own[k] for k in node.attrs)
        if node.op == "add" and all(a.shape == node.shape for a in node.args):
            return tuple(frozenset.intersection(*parts) for parts in zip(*(self.same[a.number] for a in node.args), strict=True))
        return (NONE,) * node.ndim

    def _along(self, p: Product, x: object) -> frozenset[int]:
        """The projections that leave a product as it is along one of its labels."""
        held = [f for f in p.factors if x in f.labels]
        if len(held) != 1 or held[0].inverse or held[0].labels.count(x) > 1 or p.out.count(x) > 1:
            return NONE
        return self.same[held[0].node.number][held[0].labels.index(x)]

    def _without(self, node: Node, args: list[Node]) -> Node:
        """The product without projections of what is projected already."""
        p = as_product(node, args)
        rest = _signs_apart(self.g, p)
        while (left := self._one_less(rest)) is not None:
            rest = left
        if rest is p:
            return self.g.remake(node, args)
        scale, factors = self.g.mul(*rest.scalars), [diagonals(self.g, f) for f in rest.factors]
        new, have = joined(self.g, factors, set(rest.out), scale, dict.fromkeys(rest.out))
        return self.g.view(new, [have.index(x) for x in rest.out])

    def _one_less(self, p: Product) -> Product | None:
        for f in p.factors:
            if f.inverse or len(set(f.labels)) != 2 or not self._is_projection(f.node):
                continue
            for x, other in (f.labels, f.labels[::-1]):
                rest = Product(p.scalars, p.without(f), p.out)
                if x not in p.out and f.node.number in self._along(Product((), rest.factors, (x,)), x):
                    return Product(p.scalars, (g.renamed({x: other}) for g in rest.factors), p.out)
        return None


def _signs_apart(g: Graph, p: Product) -> Product:
    """The product with the signs of its factors among its scalars."""
    signs = [(1, f.node) if f.inverse else _signed(f.node) for f in p.factors]
    if all(sign == 1 for sign, _ in signs):
        return p
    minus = [g.const(-1)] * sum(sign == -1 for sign, _ in signs)
    return Product((*minus, *p.scalars), (Factor(node, f.labels, f.inverse) for f, (_, node) in zip(p.factors, signs, strict=True)), p.out)


def _sign_of_hat(node: Node) -> int:
    """1 for ``X (X' X)^-1 X'``, -1 for its negative, 0 for any other node."""
    if node.op != "contract" or node.args[-1].value not in (1, -1) or len(node.args) != 4 or sum(node.attrs[1]) != 1:
        return 0
    p = as_product(node)
    (inverse,) = (f for f in p.factors if f.inverse)
    x, y = p.without(inverse)
    gram = inverse.node
    if x.node is not y.node or gram.op != "contract" or len(gram.args) != 3 or gram.args[2].value != 1 or any(gram.attrs[1]):
        return 0
    inner = as_product(gram)
    ends = {(f.labels.index(z), f.node) for f in (x, y) for z in inverse.labels if z in f.labels}
    own = {(f.labels.index(z), f.node) for f in inner.factors for z in inner.out if z in f.labels}
    is_hat = _is_square_of(p, [x, y], inverse.labels) and _is_square_of(inner, inner.factors, ()) and ends == own
    return node.args[-1].value if is_hat else 0


def _is_square_of(p: Product, factors: Sequence[Factor], met: Sequence[object]) -> bool:
    """Whether two matrices have one axis each of the result, and each the other axis with what they meet, or with each other."""
    if any(len(set(f.labels)) != 2 for f in factors) or len(set(p.out)) != 2:
        return False
    inner = [next((x for x in f.labels if x not in p.out), None) for f in factors]
    outer = [next((x for x in f.labels if x in p.out), None) for f in factors]
    return None not in inner and set(outer) == set(p.out) and (set(inner) == set(met) if met else inner[0] is inner[1])
