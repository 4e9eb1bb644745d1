"""Second moments: products with a matrix X twice, along rows s that the other factors depend on too, ``sum_s x_si x_sj f_s..``.

They are the product of the array of the ``x_si x_sj`` and of the f_s, of which half is done: i and j change places. So may the axes of the
f_s, where these are symmetric matrices; that is seen in the terms that they are the sum of.
"""

from collections import Counter

from ..ir.product import Product, signature
from ..values import Val, ordered

MOST_FACTORS = 12


def as_second_moments(products, task):
    """The product as second moments of each matrix that is in it twice."""
    if not 3 <= len(task.factors) <= MOST_FACTORS:
        return
    for k, f in enumerate(task.factors):
        for g in task.factors[k + 1 :]:
            s = _along(f, g, task)
            if s is not None:
                rest = [x for x in task.factors if x is not f and x is not g]
                new = _moments(products, task, (f, g, s), rest)
                if new is not None:
                    yield new


def _along(f, g, task):
    """The label along which two factors that are one matrix are summed, where no other factor has their others; None elsewhere."""
    if f.node is not g.node or f.inverse or g.inverse or len(f.labels) != 2:
        return None
    at = next((at for at in (0, 1) if f.labels[at] is g.labels[at]), None)
    if at is None or f.labels[at] in task.keep or f.labels[1 - at] is g.labels[1 - at]:
        return None
    own, rest = {f.labels[1 - at], g.labels[1 - at]}, [x for x in task.factors if x is not f and x is not g]
    return f.labels[at] if own <= task.keep and not any(own & set(x.labels) for x in rest) else None


def _moments(products, task, pair, rest):
    """(node, labels), None where the others do not depend on the rows, or on nothing else: that is a weighted Gram matrix."""
    f, g, s = pair
    held = {x for r in rest for x in r.labels}
    free = sorted(held & task.keep, key=lambda x: (list(task.order).index(x) if x in task.order else len(task.order), x.serial))
    if s not in held or not free or _is_square(rest, s, task):
        return None
    node, have = products.product(rest, {s, *free}, (s, *free), task.scale)
    if set(have) != {s, *free}:
        return None
    others = ordered(products.graph, Val(node, have), (s, *free))
    at = f.labels.index(s)
    matrix = f.node if at == 0 else products.graph.transpose(f.node)
    attrs = ("mirrored",) if _is_mirrored(products, rest, s, free) else ()
    return products.graph.make("second_moments", (matrix, others), attrs), (f.labels[1 - at], g.labels[1 - at], *free)


def _is_square(rest, s, task):
    """Whether the others are one matrix twice too: then the whole is a Gram matrix, for which less is formed."""
    wide = [r for r in rest if set(r.labels) != {s}]
    if len(wide) != 2:
        return False
    first, second = wide
    return _along(first, second, task) is s


def _is_mirrored(products, rest, s, free):
    """Whether two axes of a product beside s may change places."""
    if len(free) != 2:
        return False
    if len(rest) == 1:
        (f,) = rest
        return tuple(f.labels.index(x) for x in free) in products.planner.mirrored.get(f.node.number, ())
    return mirrored(products.graph, [Product((), rest, (s, *free))])


def mirrored(graph, terms):
    """Whether the last two axes of a sum of products may change places."""
    forms = [term.noted(("mirrored", graph.symmetric), lambda p: _forms(graph, p)) for term in terms]
    return Counter(own for own, _ in forms) == Counter(turned for _, turned in forms)


def _forms(graph, term):
    """What equal products share, for a product and for it with its last two axes in the other order."""
    return _form(graph, term, term.out), _form(graph, term, (*term.out[:-2], term.out[-1], term.out[-2]))


def _form(graph, term, out):
    """Two factors may be met at once, as X and X in ``X_sa A_ab X_sc A_cd``: then it matters which comes first."""
    signatures = [signature(Product(term.scalars, factors, out), graph) for factors in (term.factors, term.factors[::-1])]
    return min(signatures), term.number


def noted(planner, terms, node):
    """The node of a sum of products, with a note where its last two of three axes may change places."""
    if len(terms[0].out) == 3 == node.ndim and mirrored(planner.graph, terms):
        for x in (node, planner.rebuild.unscaled(node)[1]):
            planner.mirrored.setdefault(x.number, set()).update([(1, 2), (2, 1)])
    return node
