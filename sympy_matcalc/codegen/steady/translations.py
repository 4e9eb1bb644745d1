"""What does not change when all points are moved is computed of the points less their mean, where that is there.

Sums over pairs of points, as they are in derivatives of kernels and of energies of distances, are multiplied out in coordinates, whose
products lose digits as the points lie far from 0. That a node does not change is seen by its value at a random point (`residues`), with the
points and with all of them moved; so it does not matter how it is written.

>>> from sympy import DiagMatrix, MatrixSymbol, OneMatrix, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n, k = symbols("n k", integer=True, positive=True)
>>> X, W = MatrixSymbol("X", n, k), MatrixSymbol("W", n, n)
>>> centred = X - OneMatrix(n, n)*X/n
>>> before_and_after(translations, centred.T*W*X - centred.T*DiagMatrix(W*OneMatrix(n, 1))*X)
before: sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] X[kl] -> jl) + -1*sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] X[il] -> jl)
after:  sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] (-1*n**-1*sum(X; 0) + X)[kl] -> jl) + -1*sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] (-1*n**-1*sum(X; 0) + X)[il] -> jl)

What does change stays as it is:

>>> before_and_after(translations, centred.T*W*X)
before: sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] X[kl] -> jl)
after:  sum((-1*n**-1*sum(X; 0) + X)[ij] W[ik] X[kl] -> jl)
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from dataclasses import dataclass

from ..context import Context
from ..ir.graph import Graph
from ..ir.lengths import length
from ..ir.node import Node
from ..schedule import reachable
from .residues import LENGTHS, Entries, Residues, TooLargeError
from .walk import flat_factors, raised

MOST_GROUPS = 4
STEP = 7919  # by which the first coordinate is moved
MOST_NODES = 600  # of the graph
# functions that have a value everywhere
ENTIRE = frozenset(
    "exp expm1 sin cos sinh cosh tanh arctan arcsinh abs sign real maximum minimum expit expit_slope softplus log_cosh sech_squared"
    " special.erf special.erfc".split()
)


@dataclass(frozen=True)
class _Points:
    """Matrices of points, by number, each with what it is less the mean; `mean`: that, negative."""

    moved: dict[int, tuple[Node, Node]]
    axes: tuple[int, ...]


def translations(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with points less their mean in what does not change when they are moved; of sparse arguments, which would be dense, as
    they are.
    """
    if any(p.is_sparse for p in context.parameters):
        return roots
    values = [Residues(graph, point) for point in range(len(LENGTHS))]
    done: list[set[int]] = []
    while len(done) < MOST_GROUPS:
        order = reachable(roots)
        groups = [p for p in _groups(order) if set(p.moved) not in done] if len(order) <= MOST_NODES else []
        if not groups:
            break
        points = groups[0]
        done.append(set(points.moved))
        try:
            moving = _Moving(graph, points, order, values)
            parts = moving.with_parts(roots)
            if any(a is not b for a, b in zip(parts, roots, strict=True)):
                moving = _Moving(graph, points, reachable(parts), values)
            roots = moving.renewed(parts)
        except TooLargeError:
            break
    return roots


def _groups(order: list[Node]) -> list[_Points]:
    """Points that are moved by one mean in the graph, and are used as they are too: a set of them before two sets."""
    found: dict[tuple[int, int], dict[int, tuple[Node, Node, int]]] = {}
    for node in order:
        read = _less_mean(node)
        if read is not None:
            x, y, axis = read
            found.setdefault((y.number, axis), {})[x.number] = x, node, axis
    uses: dict[int, int] = {}
    for node in order:
        for a in node.args:
            uses[a.number] = uses.get(a.number, 0) + 1
    groups = [_Points({k: (x, new) for k, (x, new, _) in own.items()}, tuple(axis for *_, axis in own.values())) for own in found.values()]
    used = [g for g in groups if any(uses[k] > 2 for k in g.moved)]
    return sorted(used, key=lambda g: len(g.moved))


class _Moving:
    """`same`: the numbers of nodes that depend on the points, and do not change when these are moved; `over_same`: of these and all that
    has one of them in it.
    """

    def __init__(self, graph: Graph, points: _Points, order: list[Node], values: list[Residues]) -> None:
        self.g, self.points, self.order = graph, points, order
        self.dependent = _dependent(order, set(points.moved))
        self.linear = _linear(order, set(points.moved))
        self.values = [(old, self._moved(old)) for old in values]
        self.same = {k for k in self.dependent if all(new.values[k] is old.values[k] for old, new in self.values)}
        self.over_same = _dependent(order, self.same)

    def _moved(self, values: Residues) -> Residues:
        """Values where the points are moved."""
        moved = dict[int, Entries]()
        for (x, _), axis in zip(self.points.moved.values(), self.points.axes, strict=True):
            rows, columns = values.shape(x)
            moved[x.number] = [v + STEP * ((i // columns if axis else i % columns) + 1) for i, v in enumerate(values.of(x))]
        return values.moved(moved, self.order)

    def _is_same(self, node: Node) -> bool:
        """Whether a node that is made of others does not change."""
        return all(list(new.of(node)) == list(old.of(node)) for old, new in self.values)

    def with_parts(self, roots: list[Node]) -> list[Node]:
        """The roots with sums of which a part does not change as the sum of that part and the rest."""
        new: dict[int, Node] = {}
        for node in self.order:
            part = None
            if node.number in self.dependent and node.number not in self.same:
                part = self._parts_of_sum(node) if node.op == "add" else self._parts_of_product(node) if node.op == "contract" else None
            if part is not None and self._is_same(part[0]):
                new[node.number] = self.g.add(*part)
            else:
                new[node.number] = self.g.remake(node, [new[a.number] for a in node.args])
        return [new[r.number] for r in roots]

    def _parts_of_sum(self, node: Node) -> list[Node] | None:
        """The summands that change and have in them what depends on the points and does not, added up, and the others."""
        inner = [a for a in node.args if a.number not in self.same and a.number in self.over_same]
        rest = [a for a in node.args if a not in inner]
        return [self.g.add(*inner), *rest] if len(inner) > 1 and rest and self.g.add(*inner).shape == node.shape else None

    def _parts_of_product(self, node: Node) -> list[Node] | None:
        """``(A + B) X`` as ``A X`` and ``B X``, where A depends on the points and B does not."""
        for k, a in enumerate(node.args):
            found = _apart(self.g, a, self.dependent) if node.attrs[1][k : k + 1] == (False,) else None
            if found is not None:
                return [self.g.make("contract", (*node.args[:k], part, *node.args[k + 1 :]), node.attrs) for part in found]
        return None

    def renewed(self, roots: list[Node]) -> list[Node]:
        """The roots with moved points in the nodes that do not change: in all of the outermost ones."""
        plain, inner, outermost = {r.number for r in roots}, set[int](), self.same & self._defined()
        for node in reversed(self.order):
            if node.number in plain and node.number in outermost:
                inner.add(node.number)
            elif node.number in plain:
                plain |= {a.number for a in node.args}
            if node.number in inner and not self._stays(node):
                inner |= {a.number for a in node.args}
        new: dict[int, Node] = {}
        made: dict[int, Node] = {k: x for k, (_, x) in self.points.moved.items()}
        for node in self.order:
            if node.number in inner and node.number not in made:
                made[node.number] = node if self._stays(node) else self.g.remake(node, [made[a.number] for a in node.args])
            if node.number in plain:
                out = node.number in outermost
                new[node.number] = made[node.number] if out else self.g.remake(node, [new[a.number] for a in node.args])
        return [new[r.number] for r in roots]

    def _defined(self) -> set[int]:
        """The numbers of nodes that have a value of moved points where they have one of the points: none is divided by what changes, which
        may be 0 of points less their mean.
        """
        out = set[int]()
        for node in self.order:
            changing = [k for k, a in enumerate(node.args) if a.number in self.dependent - self.same]
            if self._stays(node) or all(a.number in out for a in node.args) and not _may_be_undefined(node, changing):
                out.add(node.number)
        return out

    def _stays(self, node: Node) -> bool:
        """Whether a node is independent of the points, or a difference of points, whose digits it has as it is."""
        is_difference = node.op == "add" and node.number in self.same and all(a.number in self.linear for a in node.args)
        return node.number not in self.dependent or is_difference


def _may_be_undefined(node: Node, changing: list[int]) -> bool:
    """Whether a node may have no value for some of what its operands at these positions may be."""
    if node.op == "pow":
        exponent = node.args[1].value
        return bool(changing) and not (isinstance(exponent, int) and exponent > 0)
    if node.op == "call":
        return bool(changing) and node.attrs[0] not in ENTIRE
    inverses = node.attrs[1] if node.op == "contract" else ()
    return node.op in ("inv", "solve") and 0 in changing or any(k in changing for k, is_inverse in enumerate(inverses) if is_inverse)


def _apart(g: Graph, node: Node, dependent: set[int]) -> tuple[Node, Node] | None:
    """A sum, or one with something on its diagonal, as what is dependent of it and what is not; None where it is one of them."""
    on_diagonal = node.op == "add_diagonal"
    base, cores = (node.args[0], [*_summands(node.args[1])]) if on_diagonal else (node, [])
    inner, outer = [], []
    for a in _summands(base):
        (inner if a.number in dependent else outer).append(a)
    if not inner or not outer or any(a.shape != node.shape for a in (*inner, *outer)):
        return None
    held = [a for a in cores if a.number in dependent]
    rest = [a for a in cores if a.number not in dependent]
    parts = [(g.add(*inner), held), (g.add(*outer), rest)]
    one, other = (g.make("add_diagonal", (x, g.add(*own)), node.attrs) if own else x for x, own in parts)
    return one, other


def _summands(node: Node) -> tuple[Node, ...]:
    return node.args if node.op == "add" else (node,)


def _dependent(order: list[Node], on: set[int]) -> set[int]:
    out = set(on)
    for node in order:
        if any(a.number in out for a in node.args):
            out.add(node.number)
    return out


def _linear(order: list[Node], points: set[int]) -> set[int]:
    """The numbers of points, however their axes lie, of their sums, and of multiples of them."""
    out = set(points)
    for node in order:
        if node.op in ("view", "reshape", "sum") and node.args[0].number in out:
            out.add(node.number)
        elif node.op == "mul" and node.args[-1].number in out and all(a.ndim == 0 for a in node.args[:-1]):
            out.add(node.number)
    return out


def _less_mean(node: Node) -> tuple[Node, Node, int] | None:
    """(x, y, axis) with the node as x less the mean of y along an axis."""
    if node.op != "add" or node.ndim != 2 or len(node.args) != 2:
        return None
    for x, mean in (node.args, node.args[::-1]):
        axis = 0
        if mean.op == "view" and mean.attrs == (0, None):
            mean, axis = mean.args[0], 1
        parts = flat_factors(mean)
        if x.ndim != 2 or len(parts) != 3 or parts[0].value != -1:
            continue
        (base, e), total = raised(parts[1]), parts[2]
        if (
            e == -1
            and total.op == "sum"
            and total.attrs == (axis,)
            and total.ndim == 1
            and length(_count(base)) == total.args[0].shape[axis]
        ):
            return x, total.args[0], axis
    return None


def _count(node: Node) -> Node:
    """A size, or the larger one of it and 1."""
    return node.args[1] if node.op == "builtin" and node.attrs == ("max",) and node.args[0].value == 1 else node
