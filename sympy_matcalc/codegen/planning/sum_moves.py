"""Moves of the search over sums of products: multiplied out, and common factors taken out."""

from itertools import islice
from math import prod

from ..ir.costs import ELEMENT
from ..ir.product import Product
from ..ir.terms import is_scaled
from .ledger import Bound
from .moments import noted
from .outer import is_outer, parts_of
from .reading import is_product
from .terms import (
    Split,
    common_entries,
    common_factors,
    common_products,
    split_entries_off,
    split_off,
    split_product_off,
    with_common_scalars,
)

MOST_TERMS = 12
MOST_PRODUCTS = 24  # that sums inside of sums are multiplied out to, before equal ones are one
MAY_BE_LIGHT = {"add", "add_diagonal", "mul", "selector", "triangle", "decay"}  # a product with it may be less than one of matrices
ASKED = 8  # factors of terms whose common factor is taken out
MOST_OUTER = 48  # outer products in a sum, which are computed together


def multiplied_out(planner, terms):
    """The sum with a factor that is a sum multiplied out, and with common factors of what is there then taken out."""
    for term, f, inner in _sums_in(planner, terms):
        if not _sums_a_constant(term, f, inner):
            yield from _without_sum(planner, terms, f)


def constant_multiplied_out(planner, terms):
    """The same where a summand is constant along an axis that is summed: a sum of numbers that are all the same is gone."""
    for term, f, inner in _sums_in(planner, terms):
        if _sums_a_constant(term, f, inner):
            yield from _without_sum(planner, terms, f)


def outer_multiplied_out(planner, terms):
    """The sum with all factors multiplied out that are sums of outer products, where nothing is left but outer products of less each."""
    new = planner.collected([x for t in terms for x in _outer_terms(planner, t)])
    if len(new) != len(terms) and len(new) <= MOST_OUTER:
        yield new, set()


def _outer_terms(planner, term):
    """The outer products that a product is the sum of; itself where it is one, or is none."""
    for f in term.factors if len(term.out) > 2 and not is_outer(term) else ():
        if len(f.labels) > 2 and _summands(planner, f, term):
            new = [x for t in _terms_without_sum(planner, term, f.node) for x in _outer_terms(planner, t)]
            if all(map(is_outer, new)):
                return new
    return [term]


def matrix_multiplied_out(planner, terms):
    """A sum that is a matrix with all of its factors multiplied out that are sums, and those that are a diagonal and outer products, where
    nothing is left but outer products, diagonals, arrays by entries, and Gram matrices: passes over the matrix, and halves of products.
    """
    if len(terms[0].out) != 2 or len(set(terms[0].out)) < 2:
        return
    new = list(islice((x for t in terms for x in _flat_terms(planner, t)), MOST_OUTER + 1))
    if len(terms) < len(new) <= MOST_OUTER and all(_is_flat(t) for t in new):
        yield planner.collected(new), set()


def _flat_terms(planner, term):
    """The outer products, diagonals and others that a product is the sum of; itself where it is one of them."""
    for f in () if term.is_diagonal or is_outer(term) else term.factors:
        between = not set(f.labels) & set(term.out)  # as diag(p) - p p' in a variance, whose digits it keeps
        inner = [] if between or len(f.labels) != 2 or f.inverse or f.planned else _flat_summands(planner, f.node)
        if len(inner) > 1:
            for i in inner:
                yield from _flat_terms(planner, planner.reader.with_inner(term, f, i))
            return
    yield term


def _flat_summands(planner, node):
    """The summands of a sum that has no other use, or of one with a diagonal or outer products in it and nothing that is dearer."""
    if node.op not in ("add", "add_diagonal"):
        return []
    inner = planner.reader.terms_of(node, top=True)
    is_cheap = any(t.is_diagonal or is_outer(t) for t in inner) and all(t.is_diagonal or is_outer(t) or _is_by_entries(t) for t in inner)
    return inner if is_cheap or node.number in planner.reader.absorbed else []


def _is_by_entries(term):
    """Whether a product is one matrix at most, by entries, its rows and its columns scaled."""
    matrices = [f for f in term.factors if set(f.labels) == set(term.out)]
    return len(matrices) < 2 and _are_vectors(term, *matrices)


def _are_vectors(term, *matrices):
    """Whether the rest of a product has parts of one axis of the result each."""
    return all(len(at) < 2 for at, _ in parts_of(Product((), term.without(*matrices), term.out)))


def _is_flat(term):
    return term.is_diagonal or is_outer(term) or _is_by_entries(term) or _is_gram(term)


def _is_gram(term):
    """Whether a product is ``X' diag(w) X``, with rows and columns scaled: half of the work of another with X."""
    for k, f in enumerate(term.factors):
        for g in term.factors[k + 1 :]:
            if f.node is g.node and len(f.labels) == 2 and not f.inverse and not g.inverse:
                at = next((j for j in (0, 1) if f.labels[j] is g.labels[j]), None)
                if at is not None and {f.labels[1 - at], g.labels[1 - at]} == set(term.out):
                    return _are_vectors(term, f, g)
    return False


def wholly_multiplied_out(planner, terms):
    """The sum with all factors of three axes and more multiplied out that are sums, and the sums in these, at once, and with the product
    taken out that most of what is there then share: it is not seen before the last sum is multiplied out. The same with sums of two axes
    that products are in, as residuals, whether or not they are of other use too.
    """
    if len(terms[0].out) < 3:
        return
    known = 0
    for least in (3, 2) if planner.multiply_out else (3,):
        new = list(islice((x for t in terms for x in _products_in(planner, t, least)), MOST_PRODUCTS + 1))
        if all(depth < 2 for _, depth in new) or len(new) > MOST_PRODUCTS or len(new) == known:
            return
        known, new = len(new), planner.collected([x for x, _ in new])
        yield new, set()
        _, splits = planner.shared.once(_splits, tuple(new))
        if splits:
            most = max(splits, key=lambda split: (len(split.found), len(split.factors)))
            yield from ((x, set()) for x in _if_cheap(planner, most))


def _products_in(planner, term, least, depth=0):
    """(product, in how many sums it was one inside of the other) for those that a product of sums is the sum of. `least`: axes of these."""
    for f in term.factors:
        is_multiple = least == 2 and _is_multiple(f)
        if is_multiple or len(f.labels) > 2 and _summands(planner, f, term) or len(f.labels) == least == 2 and _is_residual(f):
            for i in planner.reader.terms_of(f.node, top=True):
                yield from _products_in(planner, planner.reader.with_inner(term, f, i), least, depth + (not is_multiple))
            return
    yield term, depth


def _is_multiple(f):
    """Whether a factor is a multiple of an argument, by which products are known."""
    return f.node.op == "mul" and is_scaled(f.node) and f.node.args[-1].op == "arg" and not f.inverse and not f.planned


def _is_residual(f):
    """Whether a factor is a sum that a product is in."""
    return f.node.op == "add" and not f.inverse and not f.planned and any(map(is_product, f.node.args))


def factored(planner, terms):
    """The sum with a common factor taken out, and with common factors taken out until there are none."""
    for new in _factored(planner, terms):
        yield new, set()


def entries_taken_out(planner, terms):
    """The sum with an array that several terms are multiplied by entry by entry taken out."""
    for split in planner.shared.once(_entries, tuple(terms)):
        yield split.taken_out(_rest_of(planner, split)), set()


def _entries(terms):
    return [Split(terms, found, split_entries_off(terms, found)) for found in common_entries(terms)]


def equal_products(planner, terms):
    """The sum with products that are equal up to their scalars as one."""
    new = planner.shared.once(with_common_scalars, planner.graph, tuple(terms), planner.graph.symmetric)
    if new is not None:
        yield new, set()


def _sums_in(planner, terms):
    """(term, factor, summands) for each factor that is a sum, once."""
    tried = set()
    for t in terms:
        for f in t.factors if planner.multiply_out else ():
            inner = _summands(planner, f, t)
            if inner and f.node.number not in tried:
                tried.add(f.node.number)
                yield t, f, inner


def _without_sum(planner, terms, f):
    new = planner.collected([x for t in terms for x in _terms_without_sum(planner, t, f.node)])
    if len(new) <= MOST_TERMS:
        yield new, set()
        yield from factored(planner, new)
        yield from equal_products(planner, new)


def _terms_without_sum(planner, term, node):
    """The terms of a product for all summands of a factor, the first of those with this node."""
    f = next((f for f in term.factors if f.node is node and _summands(planner, f, term)), None)
    if f is None:
        return [term]
    return [planner.reader.with_inner(term, f, i) for i in planner.reader.terms_of(node)]


def _summands(planner, f, term):
    """The summands of a factor that is a sum, where it meets another factor."""
    if f.inverse or f.planned or f.node.op not in ("add", "add_diagonal") or f.node.number not in planner.reader.absorbed:
        return None
    if all(x in term.out for x in f.labels):
        return None
    inner = planner.reader.terms_of(f.node)
    return inner if len(inner) > 1 else None


def _sums_a_constant(term, f, inner):
    """Whether a summand of the factor f does not depend on an axis that is summed over f alone, as mu in the sum of the x_i - mu."""
    others = {x for g in term.factors if g is not f for x in g.labels} | set(term.out)
    free = [k for k, x in enumerate(f.labels) if x not in others]
    return any(i.out[k] not in i.held for i in inner for k in free)


def _factored(planner, terms):
    groups, products = planner.shared.once(_splits, tuple(terms))
    for split in (*groups, *products):
        yield from _if_cheap(planner, split)
    if groups and _may_gain(planner, terms, [pair for split in groups for pair in split.found])[0]:
        yield from _all_factored(planner, groups[0])


def _splits(terms):
    """(ways of taking one factor out of some terms, ways of taking a product out)."""
    return list(_by_factor(terms)), list(_by_product(terms))


def _by_factor(terms):
    return (Split(terms, found, split) for found in common_factors(terms) if (split := split_off(terms, found)) is not None)


def _by_product(terms):
    return (Split(terms, found, split) for found in common_products(terms) if (split := split_product_off(terms, found)) is not None)


def _first_by_factor(terms):
    return next(_by_factor(terms), None)


def _all_factored(planner, split):
    """The terms with common factors taken out until there are none, of those that have several."""
    new, taken, most = (), 0, len(split.terms)
    while split is not None and taken <= most:
        if _least(planner, split) >= planner.limit:
            return
        new, taken = split.taken_out(_rest_of(planner, split)), taken + 1
        split = planner.shared.once(_first_by_factor, tuple(new))
    if taken > 1:
        yield new


def _if_cheap(planner, split):
    """The terms with what some have in common taken out, where that may be cheap enough: where what is left of these, and the others as
    they are, is.
    """
    if _least(planner, split) >= planner.limit:
        return
    may_gain, others = _may_gain(planner, split.terms, split.found)
    if may_gain:
        node = _rest_of(planner, split, Bound(planner.limit, others, _work_around(planner, split)))
        if node is not None and planner.ledger.price(node, *others) < planner.limit:
            yield split.taken_out(node)


def _may_gain(planner, terms, found):
    """(whether a form in which these terms are another one, the others as they are, may be cheap enough: whether the others are; the node
    of the others). It is not asked where looking for the other form takes no longer.
    """
    taken = {k for k, _ in found}
    others = [t for k, t in enumerate(terms) if k not in taken]
    if not others or sum(len(terms[k].factors) for k in taken) < ASKED:
        return True, ()
    node, price = planner.build(others, bound=Bound(planner.limit))
    return price < planner.limit, (node,)


def _least(planner, split):
    """What the sum that is left costs at least: it is written."""
    return ELEMENT // 4 * prod([planner.sizes.of(x.size) for x in split.inner[0].out])


def _work_around(planner, split):
    """What the product of the common factor with what is left of the terms costs at least, where that is an array that is not there."""
    if len(split.factors) > 1 or not split.own:
        return 0
    (f,) = split.factors
    if not f.inverse and planner.products.ready(f).node.op in MAY_BE_LIGHT:
        return 0
    return prod([planner.sizes.of(x.size) for x in {*f.labels, *split.others}]) // 2


def _rest_of(planner, split, bound=None):
    """The node of the sum that is left of the terms; None where it is too dear."""
    node, _ = planner.build(split.inner, bound=bound)
    return None if node is None else noted(planner, split.inner, node)
