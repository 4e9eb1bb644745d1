"""What all summands of a sum have in common, taken out of it: scalars, a number, a transpose; and how they are to lie."""

from collections import Counter
from functools import reduce
from operator import and_

from ..ir.product import Product
from ..ir.terms import is_scaled
from ..values import Val, align
from .nodes import at_hand, behind, is_turned


def scalars_of_all(sums, draft):
    """Scalars and a number that all terms share, up to the sign, taken out."""
    terms = draft.terms
    if len(terms) < 2 or len(draft.out) > 2 or not all(t.factors for t in terms):
        return
    numbers, counts = [t.number for t in terms], [Counter(c for c in t.scalars if c.op != "const") for t in terms]
    number, common = _shared(numbers), reduce(and_, counts)
    if number == 1 and not common:
        return
    rest = [_whole(x / number if number != 1 else x) for x in numbers]
    draft.terms = [_with_scalars(sums.graph, t, x, count - common) for t, x, count in zip(terms, rest, counts, strict=True)]
    draft.scale = (*draft.scale, sums.graph.const(number), *map(sums.planner.node_of, common.elements()))


def _shared(numbers):
    """The number of which all are multiples by 1 and -1; 1 where there is none."""
    if any(isinstance(x, complex) for x in numbers) or len({abs(x) for x in numbers}) > 1:
        return 1
    size = abs(numbers[0]) or 1
    return -size if size != 1 and all(x < 0 for x in numbers) else size


def _whole(x):
    return int(x) if isinstance(x, float) and x in (1, -1) else x


def _with_scalars(g, term, number, scalars):
    """The term with these for its number and its scalars."""
    rest = list(scalars.elements())
    return Product((g.const(number), *rest) if number != 1 else rest, term.factors, term.out)


def as_arguments_lie(sums, draft):
    """Products of two matrices are to lie as the arguments do that stand beside them, where these lie alike."""
    if len(draft.out) != 2 or len(draft.terms) < 2:
        return
    lone = [(t, sums.planner.products.ready(t.factors[0])) for t in draft.terms if len(t.factors) == 1 and not t.factors[0].inverse]
    orders = {tuple(map(t.out.index, f.labels)) for t, f in lone if set(f.labels) == set(t.out) and at_hand(f.node)}
    if len(orders) == 1:
        (draft.lie,) = orders


def number_of_all(sums, draft):
    """The number that the values are multiples of, up to the sign, taken out."""
    g, vals = sums.graph, draft.vals
    if len(vals) < 2 or len(vals) < len(draft.terms) or len(draft.out) > 2:
        return
    numbers = [x for v in vals if isinstance(x := _number(v.node), (int, float))]
    if len(numbers) < len(vals) or len({abs(x) for x in numbers}) > 1 or abs(numbers[0]) == 1:
        return
    rest = [g.mul(g.const(1 if x > 0 else -1), *v.node.args[1:]) for x, v in zip(numbers, vals, strict=True)]
    draft.vals = [Val(node, v.labels) for node, v in zip(rest, vals, strict=True)]
    draft.scale = (*draft.scale, g.const(abs(numbers[0])))


def scalars_of_some(sums, draft):
    """Values that are multiples by the same scalars, up to the sign, added up before they are multiplied."""
    g = sums.graph
    if len(draft.vals) < 3 or len(draft.out) > 2:  # of two, all
        return
    groups = {}
    for k, v in enumerate(draft.vals):
        number, scalars, rest = _multiple(v.node)
        size = abs(number) if isinstance(number, (int, float)) else number
        groups.setdefault((size, scalars, v.labels) if rest is not None and (scalars or size != 1) else k, []).append((number, rest, v))
    if len(groups) < len(draft.vals):
        draft.vals = [same[0][-1] if len(same) == 1 else _added(g, same) for same in groups.values()]


def _added(g, same):
    """Multiples by the same scalars, (number, rest, value) each, as one."""
    node, labels = same[0][-1].node, same[0][-1].labels
    numbers = [number for number, _, _ in same]
    scale = max(numbers) if all(isinstance(x, (int, float)) for x in numbers) else numbers[0]
    total = g.add(*(rest if number == scale else g.mul(g.const(-1), rest) for number, rest, _ in same))
    return Val(g.mul(g.const(scale), *node.args[_is_number(node) : -1], total), labels)


def _is_number(node):
    """1 where a multiple begins with a number, else 0."""
    return int(node.args[0].value is not None)


def _multiple(node):
    """(number, the numbers of the scalar nodes, rest) of a multiple of an array; (1, (), None) where it is none."""
    if node.op != "mul" or not is_scaled(node):
        return 1, (), None
    first = _is_number(node)
    return (node.args[0].value if first else 1), tuple(sorted(a.number for a in node.args[first:-1])), node.args[-1]


def _number(node):
    """The number that an array is a multiple of, as it is written."""
    return node.args[0].value if node.op == "mul" and is_scaled(node) else None


def transpose_of_all(sums, draft):
    """``(G + A')`` as ``(G + A)'``, of a symmetric G."""
    if not any(len(v.labels) == 2 for v in draft.vals):
        return
    nodes, labels = align(sums.graph, draft.vals)
    if len(labels) == 2 and any(map(is_turned, nodes)) and all(is_turned(n) or not n.ndim or n.symmetric for n in nodes):
        draft.vals = [Val(behind(n), labels[::-1] if n.ndim else ()) for n in nodes]
