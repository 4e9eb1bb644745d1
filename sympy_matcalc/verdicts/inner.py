"""A slip inside of a formula: the derivative with one summand left out, or of the wrong sign, somewhere below its top."""

from sympy import Add
from sympy.matrices.expressions import MatAdd

from ..kernel.walks import every_node, replaced
from .arithmetic import minus, times
from .case import value_or_none
from .comparing import same_values

MOST_NODES = 150  # of a derivative that is looked into
MOST_EDITS = 60


def inner_edit(case):
    """(kind, note, what to add) where the formula is the derivative with one slip inside; None else."""
    answer = case.answer
    if len(every_node(answer)) > MOST_NODES:
        return None
    for kind, words, edited in list(_edits(answer))[:MOST_EDITS]:
        if all(_same(edited, p, g) for p, g in zip(case.points, case.got, strict=True)):
            return kind, words, minus(answer, case.question.mine)
    return None


def _same(edited, point, got):
    value = value_or_none(edited, point.env, got.shape)
    return value is not None and same_values(value, got)


def _edits(top):
    """(kind, words, the expression with the slip) of each sum below `top`."""
    for node in every_node(top):
        if node is top or not isinstance(node, (Add, MatAdd)):
            continue
        for k, a in enumerate(node.args):
            rest = [*node.args[:k], *node.args[k + 1 :]]
            yield "missing term", f"`{a}` is left out of `{node}`", replaced(top, {node: node.func(*rest)})
            yield "sign", f"`{a}` in `{node}` has the wrong sign", replaced(top, {node: node.func(*rest, times(-1, a))})
