"""Fourth moments: ``sum_s w_s x_si x_sj x_sk x_sl``, the Hessian by A of a sum over samples of functions of ``x' A x``.

They are the Gram matrix of the arrays of the ``x_si x_sj``, of which those with i <= j are all that are distinct: a quarter of the work.
"""

from collections import Counter

from ..values import Val, ordered

FOUR = 4
MOST_FACTORS = 12


def as_fourth_moments(products, task):
    """The product as fourth moments of the matrix that is in it four times, or that four chains of factors are."""
    if not FOUR <= len(task.factors) <= MOST_FACTORS or len(task.order) < FOUR:
        return
    count = Counter(x for f in task.factors for x in f.labels if x not in task.keep)
    for s, times in count.items():
        if times >= FOUR:
            factors = _with_chains(products, task, s)
            matrices = [f for f in factors if len(f.labels) == 2]
            rest = [f for f in factors if len(f.labels) != 2]
            if _are_one(matrices, s, task) and all(f.labels == (s,) for f in rest):
                yield _moments(products, task, s, matrices, rest)


def _with_chains(products, task, s):
    """The factors, those that hang on one of s and on nothing else together with it: ``(X A)_si`` for ``x_sj a_ji``."""
    factors = list(task.factors)
    while pair := next((p for f in factors if s in f.labels and (p := _hanging(f, factors, s, task))), None):
        first, second = pair
        rest = [f for f in factors if f is not first and f is not second]
        keep = task.keep | {x for f in rest for x in f.labels}
        factors = [*rest, products.steps.pair(first, second, keep, {})]
    return factors


def _hanging(f, factors, s, task):
    """A matrix with the other matrix that it meets at an axis that is no other's; None where there is none."""
    if len(f.labels) != 2 or f.labels[0] is f.labels[1]:
        return None
    (x,) = [label for label in f.labels if label is not s]
    others = [g for g in factors if g is not f and x in g.labels]
    fits = len(others) == 1 and len(others[0].labels) == 2 and s not in others[0].labels and others[0].labels[0] is not others[0].labels[1]
    return (f, others[0]) if x not in task.keep and fits else None


def _are_one(matrices, s, task):
    """Whether these are one matrix along s, and each at an axis of the result that no other is at."""
    if len(matrices) != FOUR or any(f.inverse or s not in f.labels for f in matrices):
        return False
    places = {(f.node.number, f.labels.index(s)) for f in matrices}
    return len(places) == 1 and len(_others(matrices, s) & task.keep) == FOUR


def _others(matrices, s):
    return {x for f in matrices for x in f.labels if x is not s}


def _moments(products, task, s, matrices, rest):
    graph, first = products.graph, matrices[0]
    matrix = ordered(graph, Val(first.node, first.labels), (s, *(x for x in first.labels if x is not s)))
    axes = _others(matrices, s)
    labels = (*(x for x in task.order if x in axes), *sorted((x for x in axes if x not in task.order), key=lambda x: x.serial))
    if not rest:
        return graph.mul(task.scale, graph.make("fourth_moments", (matrix,))), labels
    return graph.make("fourth_moments", (matrix, graph.mul(task.scale, *(f.node for f in rest)))), labels
