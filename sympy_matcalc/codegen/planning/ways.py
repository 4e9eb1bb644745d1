"""Ways to compute a product of factors: a task, and the moves that give candidates for it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor
from ..network import formed
from .gram import gram, halves
from .nodes import behind
from .projections import centring

MOST_FACTORS = 12
FEW_FACTORS = 8


@dataclass(eq=False)
class Task:
    """scale times the product of factors, summed over all labels but `keep`; `order`: the labels as the result has them. `serial`: its key
    among the tasks of all plans, None where it is not one of those.
    """

    factors: list[Factor]
    keep: set[Label]
    scale: Node
    order: dict[Label, None]
    serial: Any = None

    @cached_property
    def labels(self):
        """All labels, as they are met."""
        return tuple(dict.fromkeys((*[x for f in self.factors for x in f.labels], *self.order)))

    @property
    def key(self):
        """What tasks have alike that are the same but for the names of labels. What has no place in the result is in order of creation."""
        number = {x: k for k, x in enumerate(self.labels)}
        factors = tuple([(f.node.number, f.inverse, *[number[x] for x in f.labels]) for f in self.factors])
        serials = [x.serial for x in number]
        ranks, sizes = tuple(map(sorted(serials).index, serials)), tuple([x.size for x in number])
        return factors, self.scale.number, tuple([number[x] for x in self.order]), tuple([x in self.keep for x in number]), ranks, sizes

    @cached_property
    def chain(self):
        """The matrices on the way from its first axis to its second, None where they are no chain."""
        return chain_of(self.factors, tuple(self.order))

    @cached_property
    def chain_back(self):
        """The same from its second axis to its first."""
        return chain_of(self.factors, tuple(self.order)[::-1])

    @cached_property
    def form(self):
        """What products of three axes and more share that are equal but for the order of these, None for others."""
        return form_of(self.factors, self.keep, self.order)

    @cached_property
    def halves(self):
        return halves(self.factors, self.keep)


def in_order(products, task):
    """The product pair by pair, in orders with few multiplications or small intermediate results. There is always one."""
    for path in products.steps.paths(task.factors, task.keep):
        yield along(products, path, task)


def along(products, path, task):
    return products.steps.along(path, task)


# ---- what is there already
class Form(NamedTuple):
    """The factors in an order of their own, and which labels are kept, as numbers; `labels`: those that the numbers stand for."""

    key: tuple
    labels: tuple[Label, ...]


def form_of(factors, keep, order):
    """The form of a product, None where it has few axes, or nothing is summed."""
    if len(order) < 3 or len(factors) < 2 or all(x in keep for f in factors for x in f.labels):
        return None
    names = {}
    rows = [
        (f.node.number, f.inverse, *[names.setdefault(x, len(names)) for x in f.labels])
        for f in sorted(factors, key=lambda f: (f.node.number, f.inverse))
    ]
    return Form((tuple(rows), tuple([x in keep for x in names])), tuple(names))


def made_before(products, task):
    """The product where it has been made before with its axes in some order: of a chain of matrices, or of three axes and more."""
    if task.form is not None and task.form.key in products.forms:
        node, at = products.forms[task.form.key]
        yield products.graph.mul(task.scale, node), tuple(task.form.labels[k] for k in at)
    if task.chain in products.chains and not task.scale.ndim:
        node, straight = products.chains[task.chain]
        order = tuple(task.order)
        yield products.graph.mul(task.scale, node), order if straight else order[::-1]


def chain_of(factors, order):
    """The matrices on the way from one axis of the result to the other, each with the side it is entered by; None where they branch."""
    if len(order) != 2 or len(factors) < 2 or any(len(f.labels) != 2 for f in factors):
        return None
    uses = Counter(x for f in factors for x in f.labels)
    if any(n != (1 if x in order else 2) for x, n in uses.items()):  # A_ij B_jk C_kj D_jl passes j twice, and is not A B C D
        return None
    at, left, out = order[0], list(factors), []
    while left:
        f = next((f for f in left if at in f.labels), None)
        if f is None or f.labels[0] is f.labels[1]:
            return None
        side = f.labels.index(at)
        out.append((f.node.number, f.inverse, side))
        at = f.labels[1 - side]
        left = [x for x in left if x is not f]
    return tuple(out) if at is order[1] else None


def beginning_with_known(products, task):
    """Orders that begin with products of two factors that are there: for many factors with all of them, for few with any one."""
    if len(task.factors) < 3:
        return
    for path in (_with_all_known if len(task.factors) > FEW_FACTORS else _with_one_known)(products, task):
        yield along(products, path, task)


def beginning_with_sums(products, task):
    """Orders that begin with the product of all factors that have an axis which is summed, three or more, as a product of its own: another
    that is made of the same has it too, with its axes in whatever order. Of several equal factors only as a Gram matrix: second moments
    beside others are dear for large matrices.
    """
    if task.form is None or len(task.factors) > FEW_FACTORS:
        return
    for x, places in _places(task.factors).items():
        if x in task.keep or not 3 <= len(places) < len(task.factors):
            continue
        rest, part = ([f for k, f in enumerate(task.factors) if (k in places) == here] for here in (False, True))
        keep = task.keep | {y for f in rest for y in f.labels}
        held = dict.fromkeys(y for f in part for y in f.labels if y in keep)
        order = [*(y for y in task.order if y in held), *(y for y in held if y not in task.order)]
        if len(order) < 3:
            continue
        if len({f.node.number for f in part}) == len(part):
            found = [products.product(part, keep, order)]
        else:
            found = as_gram(products, Task(part, keep, products.graph.const(1), dict.fromkeys(order)))
        for node, labels in found:
            serial = "sums", task.serial, *places, node.number, *map(task.labels.index, labels)
            yield from in_order(products, Task([*rest, Factor(node, labels, planned=True)], task.keep, task.scale, task.order, serial))


def beginning_with_shared(products, task):
    """Orders that begin with a product of a vector that other products of the graph have too."""
    if not 3 <= len(task.factors) <= FEW_FACTORS:
        return
    for x, places in _places(task.factors).items():
        if x in task.keep or len(places) != 2 or all(len(task.factors[k].labels) > 1 for k in places):
            continue
        if products.shared[_pair_key(x, *(task.factors[k] for k in places))] > 1:
            rest = [f for k, f in enumerate(task.factors) if k not in places]
            new = products.steps.pair(*(task.factors[k] for k in places), task.keep | {x for f in rest for x in f.labels}, {})
            yield from (along(products, [tuple(places), *path], task) for path in products.steps.paths([*rest, new], task.keep))


def beginning_with_equal(products, task):
    """Orders that begin with products of two factors that are there twice, as ``inverse(C) y`` is in ``y' inverse(C) K inverse(C) y``."""
    path, rest = [], task.factors
    vectors = [f.node.number for f in rest if len(f.labels) == 1]
    if len(set(vectors)) == len(vectors):
        return
    while 4 <= len(rest) <= FEW_FACTORS and (pairs := _equal_pairs(rest, task.keep)):
        for first in pairs:
            chosen = [next(k for k, f in enumerate(rest) if f is g) for g in first]
            others = [f for k, f in enumerate(rest) if k not in chosen]
            rest = [*others, products.steps.pair(*(rest[k] for k in chosen), task.keep | {x for f in others for x in f.labels}, {})]
            path.append(tuple(chosen))
    if path:
        yield from (along(products, [*path, *more], task) for more in products.steps.paths(rest, task.keep))


def _equal_pairs(factors, keep):
    """Two pairs of factors, a vector and a matrix that meet at an axis that is summed, which are the same product; none where there are
    not. The transpose of an inverse counts as it: where the matrix is symmetric, that shows when it is factored.
    """
    found = {}
    for x, places in _places(factors).items():
        pair = [factors[k] for k in places]
        if x in keep or len(pair) != 2 or pair[0] is pair[1] or sorted(len(f.labels) for f in pair) != [1, 2]:
            continue
        key = frozenset((f.node.number, f.inverse, f.inverse or f.node.symmetric or f.labels.index(x)) for f in pair)
        if key in found and not any(f is g for f in found[key] for g in pair):
            return [found[key], pair]
        found[key] = pair
    return []


def shared_pairs(order):
    """How many products of a graph sum over an axis that two factors have alone, by the factors and their axes."""
    found = Counter()
    for node in order:
        if node.op == "contract":
            labels, inverses, out, _ = node.attrs
            factors = [Factor(a, own, inverse) for a, own, inverse in zip(node.args, labels, inverses, strict=False)]
            keys = {_pair_key(x, *(factors[k] for k in at)) for x, at in _places(factors).items() if x not in out and len(at) == 2}
            found.update(keys)
    return found


def _pair_key(x, *factors):
    return frozenset((f.node.number, f.inverse, f.labels.index(x)) for f in factors)


def _with_all_known(products, task):
    path, rest = [], task.factors
    while len(rest) > 2 and (found := next(_known_pairs(products, rest, task.keep), None)):
        pair, new = found
        path.append(pair)
        rest = [*(f for k, f in enumerate(rest) if k not in pair), new]
    if path:
        yield from ([*path, *more] for more in products.steps.paths(rest, task.keep))


def _with_one_known(products, task):
    for pair, new in _known_pairs(products, task.factors, task.keep):
        rest = [f for k, f in enumerate(task.factors) if k not in pair]
        yield from ([pair, *path] for path in products.steps.paths([*rest, new], task.keep))


def _known_pairs(products, factors, keep):
    """(positions, product) of two factors whose product is there already."""
    committed = products.ledger.committed
    for x, places in _places(factors).items():
        if x in keep or len(places) != 2 or places[0] == places[1]:
            continue
        rest = [f for k, f in enumerate(factors) if k not in places]
        new = products.steps.pair(*(factors[k] for k in places), keep | {x for f in rest for x in f.labels}, {})
        if new.node.number in committed or behind(new.node).number in committed:
            yield tuple(places), new


def _places(factors):
    """The positions of the factors that have a label."""
    at = {}
    for k, f in enumerate(factors):
        for x in f.labels:
            at.setdefault(x, []).append(k)
    return at


# ---- other forms
def with_inverses(products, task):
    """The product with its inverses formed, in place of solutions."""
    fs = task.factors
    if len(fs) > 1 and any(f.inverse for f in fs) and all(len(f.labels) > 1 for f in fs):
        plain = [formed(products.graph, f) for f in fs]
        yield from in_order(products, Task(plain, task.keep, task.scale, task.order, ("formed", task.serial)))


def as_gram(products, task):
    """The product as a matrix times its own transpose, around weights."""
    if len(task.factors) > MOST_FACTORS:
        return
    others = (halves(factors, task.keep) for factors in _with_projections_twice(products, task))
    for splits in chain([task.halves], others):
        for split in splits:
            new = gram(products.planner, split, task.keep, task.scale, task.order)
            if new is not None:
                yield new


def _with_projections_twice(products, task):
    """The factors with a symmetric projection between others as its square: ``X' C X`` is ``(C X)' (C X)``."""
    for f in task.factors:
        if len(set(f.labels)) == 2 and not f.inverse and centring(f.node, products.planner.size_of(f.labels[0].size)) == 1:
            between = Label(f.labels[0].size)
            twice = [Factor(f.node, (x, between), planned=True) for x in f.labels]
            if not task.keep & set(f.labels):
                yield [*(x for x in task.factors if x is not f), *twice]
