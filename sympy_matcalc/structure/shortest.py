"""The shortest of the forms of a derivative that are cheap to have: as it is, factored, and multiplied out."""

from ..canonical import prepare
from ..kernel import make
from ..kernel.chains import open_product
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..notation.collect import factored, sum_of_chains
from ..rewriting.engine import reduce_chain, simplified
from ..rewriting.expanding import Budget, terms_of
from ..rewriting.parts import added_up, size

MAX_TERMS = 24  # of a sum that is tried multiplied out


def shortest(e):
    """A prepared matrix with neighbouring factors merged by the facts of the session; with common factors, or multiplied out if shorter."""
    if not is_matrix(e):
        return e
    e = simplified(e, search=False)
    found = [e, prepare(factored(e)), _multiplied_out(e)]
    return min((x for x in found if x is not None), key=size)


def _multiplied_out(e):
    """None where there is nothing to multiply out, or too much."""
    try:
        terms = terms_of(e, MAX_TERMS)
    except Budget:
        return None
    if len(terms) == 1 and terms[0][1] == open_product(e)[1]:
        return None
    terms = added_up([(c, reduce_chain(chain)) for c, chain in terms])
    rows, cols = shape_of(e)
    return prepare(sum_of_chains(terms, (rows,) if is_one(cols) else (rows, cols))) if terms else make.zero(rows, cols)
