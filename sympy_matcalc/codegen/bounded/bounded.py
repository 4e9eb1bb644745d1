"""The pass that keeps a bound: loops over tiles of one axis, and the check of the bound before all else.

Which axis leaves least may depend on the sizes: then there is a plan for each that may be best, with a comparison of what they need.

>>> from sympy import Lambda, MatrixSymbol, Symbol, exp, symbols
>>> from sympy_matcalc import lambdify
>>> m, n = symbols("m n", integer=True, positive=True)
>>> X, w, c = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), Symbol("c")
>>> f = lambdify([X, w], X.T*(X*w).applyfunc(Lambda(c, exp(c))), memory="1 MB")
>>> print(f.source[f.source.index("    if 2 + n"):])
    if 2 + n <= 2*m:
        t1 = _room(1000000, 8, 0, n + 2, dtype, X, w)
        t2 = _tile_rows(t1, m, n, 2)
        t3 = None
        for i4 in range(0, max(m, 1), t2):
            t5 = X[i4:i4 + min(t2, m - i4)]
            t3 = _total(np.add, t3, np.exp(t5 @ w) @ t5)
            del t5
        return t3 if flat else t3[:, None]
    t4 = _room(1000000, 8, 2 * m, 0, dtype, X, w)
    t6 = np.exp(X @ w) @ X
    return t6 if flat else t6[:, None]
<BLANKLINE>
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sympy import Add, Dummy, Expr, Integer, Mul, Pow, Symbol

from ..context import Context
from ..ir.graph import Graph
from ..ir.lengths import Unnamed
from ..ir.node import Node
from ..planning.sizes import Sizes
from ..schedule import reachable
from .estimate import checked, estimate, length_symbol, split
from .rebuild import Rebuild
from .ways import Ways

SHORT, LONG = 100, 10**5  # sizes for which axes are compared: one is long, all others are short

Plan = tuple[tuple[Any, ...], list[Node]]


def bounded(graph: Graph, roots: Sequence[Node], context: Context) -> list[Plan]:
    """``(conditions, roots)``, to be tried in turn, the last one without conditions. The first root is the check of the bound."""
    order = reachable(roots)
    lengths = _lengths(order)
    tries = [_Try(graph, order, roots, context, size) for size in lengths or [Dummy("none")]]
    symbols = dict.fromkeys(s for size in lengths for s in sorted(size.free_symbols, key=str))
    best = list(dict.fromkeys(min(tries, key=lambda one: one.at(long)) for long in (*symbols, None)))
    if not all(_is_written(one.least) for one in best):
        best = [min(best, key=lambda one: one.at(None))]
    plans = []
    for k, one in enumerate(best):
        others = [other for other in best if other is not one] if k < len(best) - 1 else []
        plans.append((tuple((one.least, other.least, 1) for other in others), one.finished()))
    return plans


def _lengths(order: Sequence[Node]) -> list[Expr]:
    """The lengths of axes of arguments, those of first axes first."""
    axes = [(k, s) for node in order if node.op == "arg" for k, s in enumerate(node.shape)]
    return list(dict.fromkeys(s for _, s in sorted(axes, key=lambda pair: pair[0])))


def _is_written(expr: Expr) -> bool:
    """Whether the source can have it: whole numbers, names, sums, products and powers."""
    if isinstance(expr, (Add, Mul)) or isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp.is_positive:
        return all(_is_written(a) for a in expr.args)
    return isinstance(expr, Integer) or isinstance(expr, Symbol) and not isinstance(expr, Unnamed)


class _Try:
    """Tiles along the axes of one length. least: what the least tile needs, and all else, as an expression in the sizes."""

    def __init__(self, graph: Graph, order: Sequence[Node], roots: Sequence[Node], context: Context, size: Expr) -> None:
        self.graph, self.order, self.roots, self.context = graph, order, roots, context
        self.ways = Ways(order, size)
        draft, new = self._rebuilt(lambda level: graph.make("sym", (), (Dummy("rows", integer=True),), integer=True, weak=True))
        self.found = estimate(new, {level: it for level, (it, _) in draft.loops.items()})
        self.parts = {level: self._split(level, length_symbol(length)) for level, (_, length) in draft.loops.items()}
        self.least = Add(*self.found.whole.kept, *(e for exprs in self.parts.values() for e in exprs))

    def at(self, long: Symbol | None) -> int:
        """What it needs where one size is long."""
        return Sizes({long: LONG} if long else {}, SHORT).of(self.least)

    def _split(self, level: int, tile: Symbol) -> tuple[Expr, Expr]:
        """(numbers of any tile, numbers for each row of it)."""
        held = self.found.loops[level]
        checked([*held.kept, *held.passing], tile)
        (fixed, each), passing = split(held.kept, tile), [split([v], tile) for v in held.passing]
        return Add(fixed, *{p[0] for p in passing}), Add(each, *{p[1] for p in passing})

    def _rebuilt(self, rows: Any) -> tuple[Rebuild, list[Node]]:
        rebuild = Rebuild(self.graph, self.ways, self.context.size_of, rows)
        return rebuild, rebuild.run(self.order, self.roots)

    def finished(self) -> list[Node]:
        """The check, and the roots with the lengths of tiles that the bound leaves."""
        g, whole = self.graph, self.found.whole
        checked([*whole.kept, *whole.passing], None)
        least = self._largest([*whole.passing, *(Add(*exprs) for exprs in self.parts.values())])
        imaginary = any(n.imaginary for n in self.order)
        arrays = [n for n in self.order if n.op == "arg"]
        operands = (g.const(self.context.memory), self.context.size_of(Add(*whole.kept)), least, g.dtype_node(), *arrays)
        room = g.make("room", operands, (16 if imaginary else 8,), integer=True, weak=True)

        def rows(level: int) -> Node:
            fixed, each = map(self.context.size_of, self.parts[level])
            return g.make("tile_rows", (room, self.context.size_of(self.ways.size), fixed, each), integer=True, weak=True)

        return [room, *self._rebuilt(rows)[1]]

    def _largest(self, exprs: Iterable[Expr]) -> Node:
        nodes = list(dict.fromkeys(self.context.size_of(e) for e in exprs if e != 0))
        if len(nodes) < 2:
            return nodes[0] if nodes else self.graph.const(0)
        return self.graph.make("builtin", nodes, ("max",), integer=True, weak=True)
