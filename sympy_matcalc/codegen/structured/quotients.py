"""The terms of an operator without quotients by an entry that the product of all entries takes up.

det(diag(x)) has the second derivative p (1/x_i 1/x_j - delta_ij/x_i^2), p the product of the entries. A diagonal plus an outer product of
these parts has no value where an entry is 0, which the whole has: passes that come later see the parts alone, so that what cancels between
them has to be found here. What is left is the matrix of the products of all entries but two, or a diagonal of those of all but one.
"""

from ..ir.product import Factor, Product
from ..network import diagonals
from ..schedule import reachable
from ..steady.diagonals import is_product_of_vector, product_of_diagonal
from ..steady.entry_quotients import Quotients
from ..steady.entry_reader import Reader, UnfitError, few
from ..steady.walk import passed


def without_quotients(ctx, products):
    """A sum of settled products that have axes of the same sizes, as such a sum; the same list where there are no such quotients."""
    found = _with_products(ctx.graph, products)
    vectors = dict.fromkeys(node.args[0] for node in reachable(_nodes(found)) if is_product_of_vector(node))
    changed = False
    for d in vectors:
        new = _taken_up(ctx, Reader(ctx.graph, d), found)
        if new is not None:
            found, changed = new, True
    return found if changed else products


def _nodes(products):
    return [node for p in products for node in (*p.scalars, *(f.node for f in p.factors))]


def _with_products(g, products):
    """The same with products of the entries in place of determinants of diagonal matrices."""
    new = iter(passed(g, _nodes(products), {"det": (product_of_diagonal,)}))
    return [Product([next(new) for _ in p.scalars], [Factor(next(new), f.labels, f.inverse) for f in p.factors], p.out) for p in products]


def _taken_up(ctx, reader, products):
    g, quotients = ctx.graph, Quotients(ctx.graph, reader, ctx.size)
    try:
        found = quotients.taken_up(few([t for p in products for t in reader.terms_of_product(p)]))
    except UnfitError:
        return None
    return found and [Product([g.mul(*p.scalars)], [diagonals(g, f) for f in p.factors], p.out) for p in found]
