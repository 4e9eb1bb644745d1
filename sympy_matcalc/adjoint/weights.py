"""Cotangents of one part that differ in what its entries are multiplied by: sum_r F_r o L is (sum_r F_r) o L.

In the second derivative of sum_ij f(D_ij) with D = D(X) they are terms like delta_ik X_la F_kl, of a part with the axes k and l. A leaf for
their sum would have the axes i, a, k, l and be zero but for i = k.
"""

from typing import Any

from sympy import S
from sympy.matrices.expressions import ZeroMatrix

from ..kernel.scalars import scalar_sum
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import AdjointTerm


def is_diagonal(term: AdjointTerm) -> bool:
    """Whether an axis of the result is one of the part, where a leaf of all of them would have more axes than a matrix."""
    own, kept = {x for axis in term.out for x in axis}, {x for axis in term.hole for x in axis}
    return len(own) + len(kept) > 2 and not own.isdisjoint(kept)


def with_weights_added(terms: list[AdjointTerm]) -> list[AdjointTerm]:
    """The terms with one for all that are equal but for matrices on the two axes of the part."""
    groups: dict[Any, list[AdjointTerm]] = {}
    for t in terms:
        groups.setdefault(_but_weights(t), []).append(t)
    return [t for group in groups.values() for t in _added(group)]


def _but_weights(term: AdjointTerm) -> Any:
    """What is left of a term without the matrices on the two axes of the part, its labels numbered as they come."""
    number: dict[int, int] = {}
    rest = [leaf for leaf in term.leaves if not _is_weight(leaf, term)]
    axes = [*term.out, *term.hole, *(axis for leaf in rest for axis in leaf[1:])]
    for x in (x for axis in axes for x in axis):
        number.setdefault(x, len(number))
    numbered = [tuple(number[x] for x in axis) for axis in axes]
    return tuple(leaf[0] for leaf in rest), tuple(numbered), len(rest) == len(term.leaves)


def _is_weight(leaf: tuple, term: AdjointTerm) -> bool:
    """Whether a leaf is a matrix on the two axes of the part, which are not one."""
    return (
        len(leaf) == 3
        and len(term.hole) == 2
        and all(term.hole)
        and term.hole[0] != term.hole[1]
        and leaf[1:] in (term.hole, term.hole[::-1])
    )


def _added(terms: list[AdjointTerm]) -> list[AdjointTerm]:
    """One term for those that are equal but for such matrices; none if they cancel."""
    first = terms[0]
    if len(terms) == 1:
        return terms
    rest = tuple(leaf for leaf in first.leaves if not _is_weight(leaf, first))
    if len(rest) == len(first.leaves):
        total = scalar_sum(*(t.coefficient for t in terms))
        return [first._replace(coefficient=total)] if total != 0 else []
    weights = [t._replace(leaves=tuple(leaf for leaf in t.leaves if _is_weight(leaf, t)), out=t.hole, hole=(), limits=()) for t in terms]
    node = raise_terms(weights, axis_sizes(first.hole))
    return [] if isinstance(node, ZeroMatrix) else [first._replace(coefficient=S.One, leaves=(*rest, (node, *first.hole)))]
