"""From an expression linear in dX to tr(G' dX): the adjoint walk, with what stands after each node that it goes through."""

from collections.abc import Callable, Iterator
from typing import Any

from sympy import S
from sympy.matrices.expressions import Identity

from ..adjoint.walk import Walk, in_order, pass_on, paths_to
from ..canonical import prepare
from ..kernel import make
from ..kernel.occurrence import occurrence_of
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..notation.expression import add_raised, axis_sizes, raise_term
from ..notation.present import present
from ..notation.term import AdjointTerm
from ..notation.transposes import factors
from .names import TRIVIAL, name_of_move

FEW = 8  # terms that are written one by one


def inner(w: Any, e: Any) -> Any:
    """<W, E>, as one writes it: w'e of columns, e w' of rows, c e of scalars, tr(W' E)."""
    if not is_matrix(e):
        return scalar_product(w, e)
    if w == 0 or getattr(w, "is_ZeroMatrix", False):
        return S.Zero
    rows, cols = shape_of(e)
    if is_one(rows) and is_one(cols):
        return scalar_product(prepare(w), make.element(e))
    c, left = _scaled(present(transpose(w)))
    left = [a for a in left if not isinstance(a, Identity)]
    k, right = _scaled(e)
    c = scalar_product(c, k)
    if is_one(rows):
        return make.element(make.mul(c, *right, *left))
    return make.element(make.mul(c, *left, *right)) if is_one(cols) else scalar_product(c, make.trace(make.mul(*left, *right)))


def _scaled(a: Any) -> tuple:
    """(c, factors) of c A."""
    parts = factors(a)
    return (parts[0], parts[1:]) if len(parts) > 1 and not is_matrix(parts[0]) else (S.One, parts)


def moves(top: Any, dX: Any, final: Any, at_once: Callable[[int], int]) -> Iterator[tuple[list[str], list]]:
    """(names of moves, the summands of the scalar `top`, linear in the matrix dX, after them), where no index of a sum is left behind.

    final: what it is after the last one, which the derivative says, as it is shown; at_once: how many moves the line of a number takes.
    """
    of_vector = S.One in shape_of(dX)
    written: dict = {}  # a summand stays from move to move until its part is gone through, or gets a cotangent more
    raised, line, names = Raised(), 1, []
    walked = list(_walk(top, dX))
    for number, (node, pending) in enumerate(walked, 1):
        names.append(name_of_move(node, of_vector))
        if number == len(walked):
            yield names, [final]
            return
        if sum(name not in TRIVIAL for name in names) < at_once(line):  # what goes without saying needs no line of its own
            continue
        if any(part != dX and any(t.limits for t in terms) for part, terms in pending):
            continue
        keys = [(id(part), len(terms)) for part, terms in pending]
        written = {
            key: written[key] if key in written else inner(_cotangent(terms, part, raised), part)
            for key, (part, terms) in zip(keys, pending)
        }
        yield names, list(written.values())
        line, names = line + 1, []


def in_all(top: Any, dX: Any) -> tuple[list[str], Any]:
    """(the names of all moves to dX, the scalar `top` as a sum of <G_k, dX>, one for each of a few paths to dX).

    None for the sum where there is one path only, or more than a few.
    """
    of_vector, is_linear = S.One in shape_of(dX), occurrence_of(dX)
    order, children = in_order(top, is_linear, {})
    names = [name_of_move(node, of_vector) for node in order if node != dX]
    if paths_to(order, children, top, dX) > FEW:
        return names, None
    pending: list = []
    for _, pending in _along(order, top, dX):  # noqa: B007
        pass
    terms, raised = [t for part, ts in pending for t in ts], Raised()
    return names, scalar_sum(*(inner(_cotangent([t], dX, raised), dX) for t in terms)) if 1 < len(terms) <= FEW else None


def _walk(top: Any, dX: Any) -> Iterator[tuple[Any, list]]:
    """(node gone through, the (part, cotangents) that are under way after it).

    Nothing where there are more than a few paths to dX: through a net with skip connections there are as many as its depth has subsets.
    """
    order, children = in_order(top, occurrence_of(dX), {})
    if paths_to(order, children, top, dX) <= FEW:
        yield from _along(order, top, dX)


def _along(order: list, top: Any, dX: Any) -> Iterator[tuple[Any, list]]:
    """`_walk` in an order of the nodes."""
    is_linear = occurrence_of(dX)
    walk = Walk(is_linear, dX, lambda part: S.Zero)  # which is asked for by a scalar only
    pending: dict[int, tuple] = {id(top): (top, [AdjointTerm(S.One, (), (), ())])}
    for node in order:
        if node == dX or id(node) not in pending:
            continue
        for child, term in pass_on(node, pending.pop(id(node))[1], walk, {}):
            pending.setdefault(id(child), (child, []))[1].append(term)
        yield node, [(part, list(terms)) for part, terms in pending.values()]


class Raised:
    """Called on a cotangent: what `raise_term` makes of it, once."""

    def __init__(self) -> None:
        self.found: dict[int, tuple] = {}

    def __call__(self, t: AdjointTerm) -> Any:
        known = self.found.get(id(t))
        if known is None:
            known = self.found[id(t)] = (t, raise_term(t._replace(out=tuple(a for a in t.hole if a), hole=())))
        return known[1]


def _cotangent(terms: list, node: Any, raised_once: Callable[[AdjointTerm], Any]) -> Any:
    """W of <W, node>, of the shape of the node."""
    raised = add_raised(map(raised_once, terms), axis_sizes(terms[0].hole))
    if not is_matrix(node):
        return raised
    shape = shape_of(node)
    if all(map(is_one, shape)):
        return raised
    return transpose(raised) if is_one(shape[0]) else raised
