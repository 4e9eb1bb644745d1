"""Moves of the search over sums of products: multiplied out, and common factors taken out."""

from ..ir.product import Factor, Product, put_in
from .outer import is_outer
from .terms import (
    collected,
    common_entries,
    common_factors,
    common_products,
    split_entries_off,
    split_off,
    split_product_off,
    with_common_scalars,
)

MOST_TERMS = 12
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
    new = collected(planner.graph, [x for t in terms for x in _outer_terms(planner, t)])
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


def factored(planner, terms):
    """The sum with a common factor taken out, and with common factors taken out until there are none."""
    for new in _factored(planner, terms):
        yield new, set()


def entries_taken_out(planner, terms):
    """The sum with an array that several terms are multiplied by entry by entry taken out."""
    for found in common_entries(terms):
        yield _taken_out(planner, terms, found, split_entries_off(terms, found)), set()


def equal_products(planner, terms):
    """The sum with products that are equal up to their scalars as one."""
    new = with_common_scalars(planner.graph, terms)
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
    new = collected(planner.graph, [x for t in terms for x in _terms_without_sum(planner, t, f.node)])
    if len(new) <= MOST_TERMS:
        yield new, set()
        yield from factored(planner, new)
        yield from equal_products(planner, new)


def _terms_without_sum(planner, term, node):
    """The terms of a product for all summands of a factor, the first of those with this node."""
    f = next((f for f in term.factors if f.node is node and _summands(planner, f, term)), None)
    if f is None:
        return [term]
    return [planner.reader.flat(put_in(term, f, i, planner.size_of)) for i in planner.reader.terms_of(node)]


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
    first, groups = None, common_factors(terms)
    for found in groups:
        if split_off(terms, found) is not None:
            first = found if first is None else first
            if _may_gain(planner, terms, found):
                yield _with_common(planner, terms, found)
    for found in common_products(terms):
        if _may_gain(planner, terms, found) and (new := _with_common_product(planner, terms, found)) is not None:
            yield new
    if first is None or not _may_gain(planner, terms, [pair for found in groups for pair in found]):
        return
    new = first = _with_common(planner, terms, first)
    for _ in range(len(terms)):
        more = next((x for found in common_factors(new) if (x := _with_common(planner, new, found)) is not None), None)
        if more is None:
            break
        new = more
    if new is not first:
        yield new


def _may_gain(planner, terms, found):
    """Whether a form in which these terms are another one, the others as they are, may be cheap enough: whether the others are. It is not
    asked where looking for the other one takes no longer.
    """
    taken = {k for k, _ in found}
    rest = [t for k, t in enumerate(terms) if k not in taken]
    if not rest or sum(len(terms[k].factors) for k in taken) < ASKED:
        return True
    return planner.build(rest)[1] < planner.limit


def _with_common(planner, terms, found):
    """The terms with one factor that some have in common taken out, None where it does not come apart."""
    split = split_off(terms, found)
    if split is None:
        return None
    (f, out), *rest = split
    return _taken_out(planner, terms, found, (([f], out), *rest))


def _with_common_product(planner, terms, found):
    """The terms with a product that some have in common taken out, None where it does not come apart."""
    split = split_product_off(terms, found)
    return None if split is None else _taken_out(planner, terms, found, split)


def _taken_out(planner, terms, found, split):
    """The terms with those that were split replaced by the product of their common factors with the sum of what is left of them."""
    (factors, out), own, others, inner = split
    node, _ = planner.build(inner)
    host = Product((), [*factors, Factor(node, (*own, *others), planned=True)], out)
    taken = {k for k, _ in found}
    return [t for k, t in enumerate(terms) if k not in taken] + [host]
