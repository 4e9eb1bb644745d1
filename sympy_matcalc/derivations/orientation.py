"""Traces and inner products from where one writes them: tr(dA X B) for d tr(A X B), of which the canonical form has some rotation, as
tr(X B dA); 2 x' dx for 2 (dx)' x."""

from collections.abc import Callable, Iterator
from typing import Any

from sympy import S, Trace
from sympy.matrices.expressions import DiagMatrix, Identity, MatAdd, MatMul, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..kernel import make
from ..kernel.chains import express_chain, open_product, reverse
from ..kernel.interning import raw
from ..kernel.occurrence import occurrence_of
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import every_node, postorder
from ..notation.present import present
from ..notation.transposes import factors
from .node import Differential, ScalarDifferential
from .replace import rebuilt, with_parts

LONGEST = 12  # factors of a cycle that is turned
KEPT = 24  # cycles of the lines before


class Orientation:
    """Called on a line as it is shown: the line with its traces turned to begin where those of the lines before it began.

    expr: as it was typed, whose traces are the first; X, dX: the variable and what moves; all_rules: whether that (dx)' x is x' dx is a
    line of its own. cycles: pairs (the factors of a trace, the numbers of those that may move, which the product rule takes one by one).
    """

    def __init__(self, expr: Any, X: Any, dX: Any, all_rules: bool):
        self.dX, self.all_rules = dX, all_rules
        self.moves: Callable[[Any], bool] = occurrence_of(dX)
        traces = [node for node in every_node(expr) if isinstance(node, Trace)]
        self.cycles = [_cycle(chain, occurrence_of(X)) for node in traces for chain in _chains(prepare(node.arg))]

    def __call__(self, e: Any, shown: Callable[[Any], Any] = present) -> Any:
        """shown: how a product in canonical form is written."""
        found: dict[int, Any] = {}  # what a part is turned to, of those that are turned
        seen: list = []
        for node in postorder(e, self._parts):
            new = with_parts(node, found, _with)
            if isinstance(new, Trace):
                new = self._trace(new, shown)
                seen += [cycle for chain in _chains(new.arg) if (cycle := _cycle(chain, self.moves))[1]]
            elif isinstance(new, MatrixElement):
                new = self._entry(new)
            if new is not node:
                found[id(node)] = new
        self.cycles = [*seen, *self.cycles][:KEPT]
        return found.get(id(e), e)

    def _parts(self, node: Any) -> list:
        """What is gone into: what moves, and the traces beside it."""
        moves = self.moves
        return [a for a in node.args if moves(a) or isinstance(a, Trace)] if moves(node) else []

    # ------------------------------------------------------------ traces

    def _trace(self, node: Any, shown: Callable[[Any], Any]) -> Any:
        terms = node.arg.args if isinstance(node.arg, MatAdd) else (node.arg,)
        turned = [self._turned(a, shown) for a in terms]
        if all(place is not None for place, _ in turned):  # in the order of the factors that move, as the product rule has them
            turned.sort(key=lambda pair: pair[0] or ())
        return make.trace(turned[0][1] if len(turned) == 1 else raw(MatAdd, *(a for _, a in turned)))

    def _turned(self, product: Any, shown: Callable[[Any], Any]) -> tuple[tuple | None, Any]:
        """(number of the cycle and of its factor that moves, the product turned); (None, the product) where no cycle is like it."""
        if isinstance(product, Differential):
            return None, self._held(product)
        c, chain = open_product(prepare(product))
        place, found = next(self._like(chain), (None, chain))
        if place is None:
            found = _from_inverse(chain) if self._moves_in(chain) else chain
        return place, product if found is chain else shown(_times(c, express_chain(found)))

    def _held(self, held: Any) -> Any:
        """d(A X B) for the trace of d(X B A)."""
        c, inner = open_product(prepare(held.part))
        turned = [*_rotations(inner), *_rotations(reverse(inner))]
        found = next((cycle for cycle, _ in self.cycles if cycle in turned), None)
        return held if found is None else raw(type(held), present(_times(c, express_chain(found))), *held.args[1:])

    def _like(self, chain: tuple) -> Iterator[tuple[tuple, tuple]]:
        """(place, chain turned) for the cycles with the same factors, but for one in whose place something is that moves."""
        if not 1 < len(chain) <= LONGEST:
            return
        for one in (chain, reverse(chain)):
            for number, (cycle, places) in enumerate(self.cycles):
                for turned in _rotations(one):
                    if turned == cycle:
                        yield (number, 0), turned
                    for i in places:
                        after = len(turned) - (len(cycle) - i - 1)
                        if turned[:i] == cycle[:i] and turned[after:] == cycle[i + 1 :] and self._moves_in(turned[i:after]):
                            yield (number, i), turned

    def _moves_in(self, chain: tuple) -> bool:
        return any(self.moves(base) for base, _, _ in chain)

    # ------------------------------------------------------------ inner products

    def _entry(self, node: Any) -> Any:
        """x' D dx for (dx)' D x with a diagonal D; with another matrix between them that would need a transpose more.

        Of a differential that is held of a 1 x 1 product, that of the scalar: d sum(X) for the entry of d(1' X 1).
        """
        parent = node.parent
        if isinstance(parent, Differential) and tuple(shape_of(parent)) == (S.One, S.One):
            return raw(ScalarDifferential, present(make.element(parent.part)), *parent.args[1:])
        if not isinstance(parent, MatMul) or tuple(shape_of(parent)) != (S.One, S.One):
            return node
        c, (first, *between, last) = _apart(parent)
        if not isinstance(first, Transpose) or isinstance(last, Transpose) or not self.moves(first) or self.moves(last):
            return node
        if self.all_rules and first.args[0] == self.dX or not all(isinstance(a, (DiagMatrix, Identity)) for a in between):
            return node
        return make.element(make.mul(*c, transpose(last), *between[::-1], first.args[0]))


def _apart(product: Any) -> tuple[list, list]:
    """(scalars, matrices) of a product."""
    matrices = [a for a in product.args if getattr(a, "is_Matrix", False)]
    return [a for a in product.args if not getattr(a, "is_Matrix", False)], matrices


def _times(c: Any, product: Any) -> Any:
    return product if c is S.One else make.mul(c, *factors(product))


def _with(node: Any, args: list) -> Any:
    return raw(type(node), *args) if isinstance(node, Differential) else rebuilt(node, args)


def _chains(e: Any) -> list[tuple]:
    """The factors of a product, or of each summand."""
    terms = e.args if isinstance(e, MatAdd) else (e,)
    return [chain for a in terms if 1 < len(chain := tuple(open_product(prepare(a))[1])) <= LONGEST]


def _cycle(chain: tuple, moves: Callable[[Any], bool]) -> tuple[tuple, list[int]]:
    return chain, [i for i, (base, _, _) in enumerate(chain) if moves(base)]


def _rotations(chain: Any) -> Iterator[tuple]:
    chain = tuple(chain)
    return (chain[k:] + chain[:k] for k in range(len(chain)))


def _from_inverse(chain: tuple) -> tuple:
    """From the only inverse on, as Jacobi's formula has it."""
    inverses = [i for i, (_, _, k) in enumerate(chain) if k.is_negative]
    return chain[inverses[0] :] + chain[: inverses[0]] if len(inverses) == 1 else chain
