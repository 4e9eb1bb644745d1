"""How the nodes of a graph behave near x = 0 or, where a norm is one of each row of x, near a row that is 0, as far as their form shows.

An entry of x over the norm of its row has to do with one row only. A node is aligned where each of its entries depends on x by one row:
some axes of it stand for the rows. What sums over rows is not aligned; where a row goes to 0 it has a limit, if its terms have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf, prod

from ..ir.demands import Form
from ..ir.node import Node
from .walk import raised

ODD = {"sign", "tanh", "sin", "sinh", "arctan"}  # functions with f(-x) = -f(x), as small as their argument near 0; of sign, sign(0) = 0
REDUCTIONS = {"sum", "prod", "max", "min", "norm", "p_norm", "root_of_squares", "logsumexp"}
ALONG = {"softmax", "log_softmax", "hardmax"}  # of the shape of the operand
LOST = (-1,)  # in the place of axes: an entry depends on several rows


@dataclass(frozen=True)
class Near:
    """degree: the power of the norm of a row that a node is at most a multiple of. parity: 1 where it is even in the row, -1 where it is
    odd, 0 where its form does not show it. at: the axes that stand for the rows; None where the node does not depend on x, LOST where an
    entry does by several rows, of whose terms degree and parity are then. divides: whether a division by the norm is in it.
    """

    degree: float = 0.0
    parity: int = 1
    at: tuple[int, ...] | None = None
    divides: bool = False

    @property
    def jumps(self) -> bool:
        """Whether it may have no limit at 0."""
        return self.divides and self.degree <= 0


FREE, UNKNOWN = Near(), Near(-inf, 0, LOST, True)


class Nearness:
    """The behaviour of nodes. s: a norm of x, or of rows of it; divisors: the numbers of the nodes that divide by it."""

    def __init__(self, s: Node, divisors: Iterable[int]):
        x = s.args[0]
        rows = tuple(k for k in range(x.ndim) if k not in s.attrs) if s.ndim else ()
        while x.op == "view" and None not in x.attrs:
            x, rows = x.args[0], tuple(x.attrs[k] for k in rows)
        self.x, self.rows, self.divisors = x, rows, frozenset(divisors)
        self.known: dict[int, Near] = {}

    def of(self, node: Node) -> Near:
        """The behaviour of a node."""
        if node.number not in self.known:
            found = Near(1.0, -1, self.rows) if node is self.x else self._found(node, [self.of(a) for a in node.args])
            self.known[node.number] = replace(found, divides=True) if node.number in self.divisors else found
        return self.known[node.number]

    def _found(self, node: Node, of: list[Near]) -> Near:
        if all(a.at is None for a in of):
            return FREE
        if node.kind.form is Form.PRODUCT or _is_quotient(node):
            return self._product(node, of)
        at, divides = self._at(node, of), any(a.divides for a in of)
        if at == LOST:
            return UNKNOWN if any(a.degree < 0 for a in of) else Near(0.0, 0, LOST, divides)
        return Near(*_of_function(node, of), at, divides)

    def _at(self, node: Node, of: Sequence[Near]) -> tuple[int, ...]:
        """The axes of a node that is no product which stand for the rows, where those of its operands become the same."""
        if not self.rows:
            return ()
        found = {_moved(node, a, o.at) for a, o in zip(node.args, of, strict=True) if o.at is not None}
        return found.pop() if len(found) == 1 else LOST

    def _product(self, node: Node, of: list[Near]) -> Near:
        if _is_quotient(node):
            of = [of[0], replace(of[1], degree=-max(of[1].degree, 0))]
        elif node.op == "contract":
            inverses = (*node.attrs[1], False)
            of = [replace(o, degree=min(o.degree, 0)) if inverse else o for o, inverse in zip(of, inverses, strict=True)]
        if not self.rows:
            return Near(sum(o.degree for o in of), prod(o.parity for o in of), (), any(o.divides for o in of))
        groups: dict[tuple[int, ...], list[Near]] = {}
        for k, o in enumerate(of):
            if o.at is not None:
                groups.setdefault(_places(node, k, o.at), []).append(o)
        return _of_groups(node, groups)


def _is_quotient(node: Node) -> bool:
    return node.op == "call" and node.attrs[0] == "quotient"


def _of_function(node: Node, of: Sequence[Near]) -> tuple[float, int]:
    """(degree, parity) of a node that is no product."""
    form, name = node.kind.form, node.attrs[0] if node.op == "call" else None
    degree, parity = of[0].degree, of[0].parity
    if form is Form.SUM:
        parities = {a.parity for a in of}
        return min(a.degree for a in of), parities.pop() if len(parities) == 1 else 0
    if form is Form.LINEAR or name in ODD:
        return degree, parity
    if form is Form.NORM or name == "abs":
        return degree, abs(parity)
    base, p = raised(node)
    if base is node or degree == -inf:
        return min(degree, 0.0) if degree == -inf else 0.0, int(all(a.parity == 1 for a in of))
    return p * degree, parity ** (p % 2) if p == int(p) else int(parity == 1)


def _of_groups(node: Node, groups: dict[tuple[int, ...], list[Near]]) -> Near:
    """A product of several factors for each row that they are aligned to.

    Of factors of different rows one only may have no limit, or a limit that is not 0: where the rows are the same one, it is both.
    """
    lost = groups.pop(LOST, [])
    jumps = [o for o in lost if o.jumps]
    if jumps:
        return jumps[0] if len(jumps) == 1 and not groups else UNKNOWN
    if not groups:
        return Near(0.0, 0, LOST, any(o.divides for o in lost))
    found = [Near(sum(o.degree for o in g), prod(o.parity for o in g), at, any(o.divides for o in g)) for at, g in groups.items()]
    first, *others = sorted(found, key=lambda o: o.degree)
    if any(o.degree <= 0 for o in others):
        return UNKNOWN
    out = node.attrs[2] if node.op == "contract" else tuple(range(node.ndim))
    kept = first.at if first.at is not None and set(first.at) <= set(out) else None
    return replace(first, at=LOST if kept is None else tuple(out.index(x) for x in kept), divides=any(o.divides for o in found))


def _places(node: Node, k: int, at: tuple[int, ...]) -> tuple[int, ...]:
    """What stands for the rows of an operand of a product: labels of a contraction, else axes of the node."""
    if at == LOST or node.op == "contract" and (k == len(node.args) - 1 or node.attrs[1][k]):
        return LOST
    if node.op == "contract":
        return tuple(node.attrs[0][k][axis] for axis in at)
    return _moved(node, node.args[k], at)


def _moved(node: Node, a: Node, at: tuple[int, ...]) -> tuple[int, ...]:
    """The axes of a node that those of an operand become."""
    if at == LOST:
        return LOST
    if node.kind.elementwise:
        return tuple(k + node.ndim - a.ndim for k in at)
    if node.op == "view":
        return tuple(node.attrs.index(k) for k in at)
    if node.op in REDUCTIONS | ALONG and not set(at) & set(node.attrs):
        return at if node.op in ALONG else tuple(k - sum(x < k for x in node.attrs) for k in at)
    if node.op == "diagonal":
        rest = [k for k in range(a.ndim) if k not in node.attrs]
        return tuple(rest.index(k) if k in rest else len(rest) for k in at)
    return LOST
