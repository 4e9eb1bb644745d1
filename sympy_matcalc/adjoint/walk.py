"""transpose_linear: the terms of the derivative from an expression linear in dX, by one walk from its top.

A part that is reached by several paths gets the sum of their cotangents. Where there are more than EXPAND paths to dX in all, the sum
is raised to one leaf there, which keeps deep compositions linear in size; few paths are expanded, which gives the shorter form.
"""

from collections.abc import Callable
from typing import NamedTuple

from sympy import MatrixSymbol, S
from sympy.matrices.expressions import Transpose, ZeroMatrix

from ..errors import MissingRuleError
from ..kernel.occurrence import occurrence_of
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.walks import from_inside
from ..nodes import Einsum, UnknownMatrixDerivative, UnknownScalarDerivative
from ..nodes.arrays import is_array_symbol
from ..nodes.linearity import linearity_of
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import AdjointTerm, new_axes, new_axis, size_of
from .weights import is_diagonal, with_weights_added

EXPAND = 8
MOST_APART = 8  # terms that are not raised to one leaf, which each part below gets


class Walk(NamedTuple):
    """What a row of the table may ask: whether a part holds the differential, which symbol that is, the derivative of a part by it."""

    is_linear: Callable
    symbol: object
    derivative: Callable  # of a part, where the symbol is a scalar


def transpose_linear(top, symbol, out, hole, placeholders, expand=EXPAND):
    """Terms of the derivative: their `hole` is dX's own axes, their `out` the axes `out` of the result.

    top: the linear expression; symbol: dX; hole: the axes of `top`; placeholders: {symbol of a user's rule: its linear expression};
    expand: the number of paths to dX up to which they are written out.
    """

    holds = [occurrence_of(s) for s in (symbol, *placeholders)]
    is_linear = holds[0] if len(holds) == 1 else lambda node: any(h(node) for h in holds)

    def derivative(part):
        axes = new_axes(shape_of(part)) if is_matrix(part) else ()
        return raise_terms(transpose_linear(part, symbol, axes, axes, placeholders), axis_sizes(axes))

    from_inside(is_linear, top, lambda node: () if isinstance(node, MatrixSymbol) else node.args)
    order, children = in_order(top, is_linear, placeholders)
    accumulate = paths_to(order, children, top, symbol) > expand
    walk = Walk(is_linear, symbol, derivative)
    pending, arrived = {id(top): [AdjointTerm(S.One, (), out, hole)]}, []
    for node in order:
        terms = pending.pop(id(node), [])
        if type(node) is type(symbol) and node == symbol:
            arrived += terms
            continue
        if not terms:  # all cotangents cancelled, or went past it
            continue
        if len(terms) > 1 and accumulate and not _is_rate(node):
            terms = [t for group in _by_limits(terms) for t in _fewer(group, node)]
        for child, term in pass_on(node, terms, walk, placeholders):
            pending.setdefault(id(child), []).append(term)
    assert not pending, "a cotangent went to a part that was not expected to hold the differential"
    return arrived


def _is_rate(node):
    """Whether this is X'(t) dt of an unknown X(t): one path leads on, and the terms without it are read one by one, as Leibniz has them."""
    node = node.args[0] if isinstance(node, Transpose) else node
    return any(isinstance(a, (UnknownMatrixDerivative, UnknownScalarDerivative)) for a in node.args)


def pass_on(node, terms, walk, placeholders):
    """[(part, term)]: the cotangents of a node on their way to the parts of it that hold the differential."""
    if placeholders and node in placeholders:
        return [(placeholders[node], term) for term in terms]
    return _row(node).through(node, terms, walk)


def _row(node):
    row = linearity_of(type(node))
    if row is None:
        name = type(node).__name__
        raise MissingRuleError(
            f"`{name}` is no linear operation that can be transposed; met at `{node}` in a differential. "
            f"If it is linear in an argument, declare that: `mc.linear({name}, ...)`"
        )
    return row


def _children(node, is_linear, placeholders):
    """The parts of a linear node that hold dX."""
    if placeholders and node in placeholders:
        return [placeholders[node]]
    if not node.args or isinstance(node, MatrixSymbol) or is_array_symbol(node):
        return []
    row = _row(node)
    for part in row.fixed(node) if row.fixed else ():
        if is_linear(part):
            raise MissingRuleError(
                f"`{node}` is not linear in the differential: it occurs in `{part}`, which has to be written with linear operators"
            )
    return [p for term in row.terms(node) for p in term if is_linear(p)]


def in_order(top, is_linear, placeholders):
    """(every node after all nodes that hold it, {id of a node: its parts that hold dX})."""
    children, order, stack = {}, [], [(top, False)]
    while stack:
        node, closed = stack.pop()
        if closed:
            order.append(node)
        elif id(node) not in children:
            children[id(node)] = parts = _children(node, is_linear, placeholders)
            stack.append((node, True))
            stack += [(c, False) for c in parts]
    return order[::-1], children


def paths_to(order, children, top, symbol):
    count, total = {id(top): 1}, 0
    for node in order:
        if type(node) is type(symbol) and node == symbol:
            total += count[id(node)]
            continue
        for child in children[id(node)]:
            count[id(child)] = count.get(id(child), 0) + count[id(node)]
    return total


def _by_limits(terms):
    """Terms under one and the same sum over an index: what is below them may depend on that index, so the sum stays open."""
    groups = {}
    for t in terms:
        groups.setdefault(t.limits, []).append(t)
    return groups.values()


def _fewer(terms, node):
    """The sum of terms as few: one, or those of which one leaf would be mostly zeros."""
    if len(terms) == 1 or isinstance(node, Transpose):  # one path leads on, along which nothing is done
        return terms
    if all(map(is_diagonal, terms)):
        terms = with_weights_added(terms)
        if len(terms) <= MOST_APART:
            return terms
    return _join(terms)


def _join(terms):
    """One term for the sum of several, on axes of its own; none if they cancel."""
    first, *_ = terms
    out, hole = _fresh(first.out), _fresh(first.hole)
    kept = tuple(a for a in (*out, *hole) if a)
    summands = [t._replace(out=tuple(a for a in (*t.out, *t.hole) if a), hole=(), limits=()) for t in terms]
    node = raise_terms(summands, axis_sizes(kept))
    if not kept:
        return [AdjointTerm(node, (), out, hole, first.limits)] if node != 0 else []
    if isinstance(node, ZeroMatrix) or isinstance(node, Einsum) and not node.terms:
        return []
    leaf = (node, kept[0], ()) if len(kept) == 1 else (node, *kept)
    return [AdjointTerm(S.One, (leaf,), out, hole, first.limits)]


def _fresh(axes):
    return tuple(new_axis(size_of(a)) if a else () for a in axes)
