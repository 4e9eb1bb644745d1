"""Values of nodes at a random point, modulo a prime: what is equal there is equal, but with a probability of one in 10^15.

Sums, products, powers and what only moves entries are computed exactly; any other operation is a random function of its operands, one of
entries where it is one, so that equal operands have equal values and a function of a symmetric matrix is symmetric. So an identity that
holds here holds whatever these functions are. That two values differ says nothing: an identity may use what a function is.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.ir.graph import Graph
>>> n = symbols("n", integer=True, positive=True)
>>> g = Graph()
>>> A = g.make("arg", (), (MatrixSymbol("A", n, n),))
>>> twice, square = g.mul(g.const(2), A), g.pow(A, g.const(2))
>>> values = Residues(g, 0)
>>> values.of(g.mul(twice, A)) == values.of(g.mul(g.const(2), square)), values.of(twice) == values.of(square)
(True, False)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from sympy import Expr, Integer

from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

PRIME = 2**61 - 1
LENGTHS = ((4, 2, 3, 5, 6), (3, 4, 2, 7, 5))  # of the sizes as they are met, at the first point and at the second
MOST_ENTRIES = 5000  # of an array, and of the products of a contraction

Shape = tuple[int, ...]
Entries = Sequence[int]  # of an array, in order
BUILTIN: dict[str, Callable[[Iterable[int]], int]] = {"max": max, "min": min}
ROOT = 1  # the number of the square root among functions


class TooLargeError(Exception):
    """An array is too large, or of a size that is not known."""


class Residues:
    """`point`: which of the points; `given`: the values of nodes, by their numbers, that take the place of what they are."""

    def __init__(self, graph: Graph, point: int, given: dict[int, Entries] | None = None) -> None:
        self.graph, self.point = graph, point
        self.values: dict[int, Entries] = dict(given or {})
        self._lengths: dict[Expr, int] = {}
        self._symbols: dict[Any, Expr] = {}
        self._names: dict[Any, int] = {}

    def moved(self, given: dict[int, Entries], order: Sequence[Node]) -> Residues:
        """The same where some nodes have these values; the values of nodes that do not change are the same objects."""
        out = Residues(self.graph, self.point, given)
        out._lengths, out._symbols, out._names = self._lengths, self._symbols, self._names
        self.computed(order)
        for node in order:
            if node.number not in given:
                own = self.values[node.number]
                found = out._value(node) if any(out.values[a.number] is not self.values[a.number] for a in node.args) else own
                out.values[node.number] = own if found == own else found
        return out

    def of(self, node: Node) -> Entries:
        """The value. Errors: TooLargeError."""
        self.computed(reachable([node]))
        return self.values[node.number]

    def computed(self, order: Sequence[Node]) -> None:
        """Find the values of nodes, operands first. Errors: TooLargeError."""
        for node in order:
            if node.number not in self.values:
                self.values[node.number] = self._value(node)

    def shape(self, node: Node) -> Shape:
        out = tuple(map(self._length, node.shape))
        if prod(out) > MOST_ENTRIES:
            raise TooLargeError
        return out

    def random(self, node: Node, serial: int) -> Entries:
        """An array like a node, of random entries; of each serial others."""
        return _scattered((self.point, node.number, serial), self.shape(node), self.graph.is_symmetric(node))

    def _length(self, size: Expr) -> int:
        found = self._lengths.get(size)
        if found is None:
            for s in sorted(size.free_symbols, key=str):
                if not s.is_integer or not s.is_positive and not s.is_nonnegative:
                    raise TooLargeError
                self._symbols.setdefault(s, Integer(LENGTHS[self.point][len(self._symbols) % len(LENGTHS[0])]))
            value = size.xreplace(self._symbols) if size.free_symbols else size
            if not value.is_Integer or value < 0:
                raise TooLargeError
            found = self._lengths[size] = int(value)
        return found

    # ---- operations
    def _value(self, node: Node) -> Entries:
        rule = RULES.get(node.op)
        found = rule(self, node) if rule else None
        if found is None:
            found = self._of_entries(node) if node.kind.elementwise else self._unknown(node)
        return found

    def _args(self, node: Node) -> list[Entries]:
        return [self.values[a.number] for a in node.args]

    def _name(self, node: Node) -> int:
        """The number of an operation with its attributes."""
        return self._names.setdefault((node.op, node.attrs), len(self._names) + 2)

    def _across(self, node: Node) -> list[Entries]:
        """The operands broadcast."""
        shape = self.shape(node)
        return [_broadcast(v, self.shape(a), shape) for v, a in zip(self._args(node), node.args, strict=True)]

    def _of_entries(self, node: Node) -> Entries:
        name = self._name(node)
        return [hash((name, *entries)) % PRIME for entries in zip(*self._across(node), strict=True)]

    def _unknown(self, node: Node) -> Entries:
        """A random array, which the operands determine."""
        seed = (self._name(node), *(hash(tuple(v)) for v in self._args(node)))
        return _scattered(seed, self.shape(node), self.graph.is_symmetric(node))

    def _leaf(self, node: Node) -> Entries:
        return self.random(node, 0)

    def _symbol(self, node: Node) -> Entries:
        (symbol,) = node.attrs
        return [self._length(symbol)] if node.integer and symbol.is_positive else self.random(node, 0)

    def _const(self, node: Node) -> Entries | None:
        value = node.value
        if not isinstance(value, (int, float)) or value != value or abs(value) == float("inf"):
            return [hash((self._name(node),)) % PRIME]
        part = Fraction(value)
        return [part.numerator * pow(part.denominator, -1, PRIME) % PRIME]

    def _builtin(self, node: Node) -> Entries | None:
        rule = BUILTIN.get(node.attrs[0])
        return rule and [rule(v[0] for v in self._args(node))]

    def _add(self, node: Node) -> Entries:
        """The sum. Errors: TooLargeError for a number that is 0 here, and would hide what it is a coefficient of, as ``n - 3`` at n = 3."""
        if not node.ndim and not sum(x for (x,) in self._args(node)) % PRIME:
            raise TooLargeError
        return [sum(entries) % PRIME for entries in zip(*self._across(node), strict=True)]

    def _mul(self, node: Node) -> Entries:
        return [prod(entries) % PRIME for entries in zip(*self._across(node), strict=True)]

    def _pow(self, node: Node) -> Entries | None:
        """Whole powers; half ones by a root that is a random function."""
        e = node.args[1].value
        if not isinstance(e, (int, float)) or 2 * e != int(2 * e) or abs(e) > 2**20:
            return None
        base = self._args(node)[0]
        if e < 0 and not all(base):
            return None
        whole, is_half, sign = int(e), e != int(e), 1 if e > 0 else -1
        roots = [pow(hash((ROOT, x)), sign, PRIME) for x in base] if is_half else [1] * len(base)
        return [pow(x, whole, PRIME) * r % PRIME for x, r in zip(base, roots, strict=True)]

    def _call(self, node: Node) -> Entries | None:
        if node.attrs[0] != "sqrt":
            return None
        return [hash((ROOT, x)) % PRIME for x in self._args(node)[0]]

    def _diagonal(self, node: Node) -> Entries:
        """The diagonal of two axes, as the last."""
        one, two = node.attrs
        shape, strides = self.shape(node.args[0]), _strides(self.shape(node.args[0]))
        kept = [k for k in range(len(shape)) if k not in node.attrs]
        steps = [*(strides[k] for k in kept), strides[one] + strides[two]]
        value = self._args(node)[0]
        return [value[sum(s * i for s, i in zip(steps, at, strict=True))] for at in _places(self.shape(node))]

    def _trace(self, node: Node) -> Entries:
        (rows, columns), value = self.shape(node.args[0]), self._args(node)[0]
        return [sum(value[i * columns + i] for i in range(min(rows, columns))) % PRIME]

    def _diag(self, node: Node) -> Entries:
        value = self._args(node)[0]
        return [value[i] if i == j else 0 for i, j in _places(self.shape(node))]

    def _same(self, node: Node) -> Entries:
        return self._args(node)[0]

    def _view(self, node: Node) -> Entries:
        return _taken(self._args(node)[0], self.shape(node.args[0]), self.shape(node), node.attrs)

    def _full(self, node: Node) -> Entries:
        return _broadcast(self._args(node)[0], self.shape(node.args[0]), self.shape(node))

    def _sum(self, node: Node) -> Entries:
        return [sum(part) % PRIME for part in self._reduced(node)]

    def _reduction(self, node: Node) -> Entries:
        """A random function of entries that does not see their order."""
        name = self._name(node)
        return [hash((name, sum(hash((name, x)) for x in part) % PRIME)) % PRIME for part in self._reduced(node)]

    def _reduced(self, node: Node) -> list[list[int]]:
        """The entries that each entry of a reduction is made of."""
        shape = self.shape(node.args[0])
        kept = [k for k in range(len(shape)) if k not in node.attrs]
        out: dict[Shape, list[int]] = {}
        for at, x in zip(_places(shape), self._args(node)[0], strict=True):
            out.setdefault(tuple(at[k] for k in kept), []).append(x)
        return list(out.values())

    def _contract(self, node: Node) -> Entries | None:
        inputs, inverses, output, sizes = node.attrs
        lengths = tuple(map(self._length, sizes))
        if prod(lengths) > MOST_ENTRIES:
            raise TooLargeError
        *arrays, (scale,) = self._args(node)
        arrays = [_inverse(a, n.shape and self.shape(n)) if i else a for a, n, i in zip(arrays, node.args, inverses, strict=False)]
        out = [0] * prod(lengths[k] for k in output)
        first, *rest = [[arrays[m][p] for p in _positions(lengths, axes)] for m, axes in enumerate(inputs)]
        for a in rest:
            first = [x * y % PRIME for x, y in zip(first, a, strict=True)]
        for at, x in zip(_positions(lengths, output), first, strict=True):
            out[at] += x
        return [x * scale % PRIME for x in out]

    def _eye(self, node: Node) -> Entries:
        return [int(i == j) for i, j in _places(self.shape(node))]

    def _zeros(self, node: Node) -> Entries:
        return [0] * prod(self.shape(node))

    def _embed(self, node: Node) -> Entries:
        return self._on_diagonal([0] * prod(self.shape(node)), node, 0)

    def _add_diagonal(self, node: Node) -> Entries:
        return self._on_diagonal(list(self._args(node)[0]), node, 1)

    def _on_diagonal(self, base: list[int], node: Node, k: int) -> Entries:
        """An array with the operand k added on a diagonal."""
        axes, target = node.attrs
        shape = self.shape(node)
        lengths = dict(zip(axes, shape, strict=True))
        names = list(dict.fromkeys(axes))
        core = _broadcast(self._args(node)[k], self.shape(node.args[k]), tuple(lengths[x] for x in target))
        size = tuple(lengths[x] for x in names)
        strides = dict(zip(target, _strides(tuple(lengths[x] for x in target)), strict=True))
        for at in _places(size):
            where = dict(zip(names, at, strict=True))
            place = sum(s * where[x] for s, x in zip(_strides(shape), axes, strict=True))
            base[place] = (base[place] + core[sum(strides[x] * where[x] for x in target)]) % PRIME
        return base


def _scattered(seed: Any, shape: Shape, is_symmetric: bool) -> Entries:
    places = _places(shape)
    return [hash((seed, tuple(sorted(at)) if is_symmetric else at)) % PRIME for at in places]


@lru_cache(512)
def _places(shape: Shape) -> tuple[Shape, ...]:
    return tuple(product(*map(range, shape)))


@lru_cache(512)
def _strides(shape: Shape) -> Shape:
    return tuple(prod(shape[k + 1 :]) for k in range(len(shape)))


def _sums_of_steps(lengths: Shape, steps: Sequence[int]) -> tuple[int, ...]:
    """How far each place of an array is in another one, by the steps there along each axis."""
    found = [0]
    for length, step in zip(lengths, steps, strict=True):
        found = [at + step * i for at in found for i in range(length)]
    return tuple(found)


@lru_cache(512)
def _positions(lengths: Shape, axes: Shape) -> tuple[int, ...]:
    """Where the entries of an array with these axes are, for every choice of all labels."""
    strides = _strides(tuple(lengths[k] for k in axes))
    return _sums_of_steps(lengths, [sum(s for s, axis in zip(strides, axes, strict=True) if axis == k) for k in range(len(lengths))])


def _taken(value: Entries, own: Shape, shape: Shape, axes: tuple[int | None, ...]) -> Entries:
    """An array with its axes in another order, None for a new one."""
    if sorted(k for k in axes if k is not None) == list(range(len(own))) and axes == tuple(
        sorted(axes, key=lambda k: -1 if k is None else k)
    ):
        return value
    return [value[p] for p in _turned(own, shape, axes)]


@lru_cache(512)
def _turned(own: Shape, shape: Shape, axes: tuple[int | None, ...]) -> tuple[int, ...]:
    strides = _strides(own)
    return _sums_of_steps(shape, [0 if k is None else strides[k] for k in axes])


def _broadcast(value: Entries, own: Shape, shape: Shape) -> Entries:
    return value if own == shape else [value[p] for p in _spread(own, shape)]


@lru_cache(512)
def _spread(own: Shape, shape: Shape) -> tuple[int, ...]:
    steps = [0] * (len(shape) - len(own)) + [0 if n == 1 else s for n, s in zip(own, _strides(own), strict=True)]
    return tuple(sum(s * i for s, i in zip(steps, at, strict=True)) for at in _places(shape))


def _inverse(value: Entries, shape: Shape) -> Entries:
    """The inverse of a matrix. Errors: TooLargeError where it is none, or singular."""
    if len(shape) != 2 or shape[0] != shape[1]:
        raise TooLargeError
    n = shape[0]
    rows = [[*value[n * i : n * i + n], *(int(i == j) for j in range(n))] for i in range(n)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            raise TooLargeError
        rows[k], rows[pivot] = rows[pivot], rows[k]
        over = pow(rows[k][k], -1, PRIME)
        rows[k] = [x * over % PRIME for x in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [(x - rows[i][k] * y) % PRIME for x, y in zip(rows[i], rows[k], strict=True)]
    return [x for row in rows for x in row[n:]]


R = Residues
RULES: dict[str, Callable[[Residues, Node], Entries | None]] = {
    "arg": R._leaf, "iter": R._leaf, "dtype": R._leaf, "sym": R._symbol, "const": R._const, "builtin": R._builtin,
    "add": R._add, "mul": R._mul, "pow": R._pow, "call": R._call, "int": R._same, "float": R._same,
    "view": R._view, "full": R._full, "reshape": R._same, "contract": R._contract, "sum": R._sum,
    "eye": R._eye, "zeros": R._zeros, "diagonal": R._diagonal, "diag": R._diag, "trace": R._trace,
    "embed": R._embed, "add_diagonal": R._add_diagonal,
    **dict.fromkeys(("prod", "max", "min", "norm", "logsumexp"), R._reduction),
}  # fmt: skip
