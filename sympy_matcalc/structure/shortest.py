"""The shortest of the forms of a derivative that are cheap to have: with common factors taken out, and multiplied out."""

from sympy import S
from sympy.matrices.expressions import HadamardProduct, KroneckerProduct, MatAdd, MatMul, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..kernel import make
from ..kernel.chains import added_up, open_product, product, reverse
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..notation.collect import sum_of_chains, summands
from ..notation.factored import factored, factored_sum
from ..rewriting.engine import reduce_chain, simplified
from ..rewriting.expanding import Budget, terms_of
from ..rewriting.parts import size
from .algebra import diagonal_part
from .declaration import ON_DIAGONAL, TURNED

MAX_TERMS = 24  # of a sum that is tried multiplied out


def shortest(e):
    """A prepared matrix with neighbouring factors merged by the facts of the session; with common factors, or multiplied out if shorter."""
    if not is_matrix(e):
        return e
    e = simplified(e, search=False)
    return min(e, shortest_sum(summands_of(e), shape_of(e), always=True), key=size)


def summands_of(e):
    """[(coefficient, chain)] whose sum is a prepared matrix, which is not multiplied out."""
    if isinstance(e, ZeroMatrix):
        return []
    c, chain = open_product(e)
    return [(scalar_product(c, k), inner) for k, inner in summands(chain)]


def sum_of_parts(parts, e):
    """The sum of c e, c e' and c (e o I), for the parts (c, what) of a structure, with the common ends of its summands taken out."""
    own, (front, _) = summands_of(e), parts[0]
    terms = []
    for c, what in parts:
        some = summands_of(diagonal_part(e)) if what is ON_DIAGONAL else own
        terms += around((), some, (), c / front, what is TURNED)
    terms, shape = added_up(terms), shape_of(e)
    if not terms:
        return make.zero(*shape)
    if len(terms) == 1:
        return factored(product(scalar_product(front, terms[0][0]), terms[0][1], shape[0]))
    return factored_sum(front, terms, shape)


def front_and_summands(e):
    """(a scalar, [(coefficient, chain)]): the same with the scalar in front of a sum apart, unless it is a number."""
    c, chain = open_product(e)
    if isinstance(e, ZeroMatrix) or c.is_number:
        return S.One, summands_of(e)
    return c, summands(chain)


def with_front(c, e):
    """A scalar in front of a matrix."""
    if c is S.One or isinstance(e, ZeroMatrix):
        return e
    number, e = number_in_front(e)
    return make.mul(scalar_product(c, number), *(e.args if isinstance(e, MatMul) else (e,)))


def around(left, terms, right, scale, turned=False):
    """The terms, or their transposes, between two chains, times a number."""
    return [(scalar_product(scale, c), (*left, *(reverse(chain) if turned else chain), *right)) for c, chain in terms]


def reduced(terms):
    """The terms with neighbouring factors merged."""
    return [(c, reduce_chain(chain)) for c, chain in terms]


def shortest_sum(terms, shape, always=False):
    """The sum of (coefficient, chain) as one writes it: neighbouring factors merged, common ones taken out, or multiplied out if shorter.

    always: whether it is multiplied out where nothing merges or is added up by that too, so that other common factors may be found.
    """
    terms = reduced(terms)
    found = summed(terms, shape)
    if not any(_opens(atom) for _, chain in terms for atom in chain):
        return found
    try:
        written_out = [t for c, chain in terms for t in terms_of(product(c, chain, shape[0]), MAX_TERMS)]
    except Budget:
        return found
    merged = reduced(written_out)
    settled = len({chain for _, chain in merged}) == len(merged) and all(a == b for (_, a), (_, b) in zip(merged, written_out))
    if settled and not always:
        return found
    return min(prepare(found), prepare(summed(merged, shape)), key=size)


def merged_sum(terms, shape):
    """The sum of (coefficient, chain) with neighbouring factors merged and common ones taken out."""
    return prepare(unprepared_sum(terms, shape))


def unprepared_sum(terms, shape):
    """The same as it is written, for what is to be presented next."""
    return summed(reduced(terms), shape)


def summed(terms, shape):
    """The sum of (coefficient, chain) with common factors taken out, as it is written."""
    terms = added_up(terms)
    rows, cols = shape
    if not terms:
        return make.zero(rows, cols)
    scale = terms[0][0]
    if not all(c == scale for c, _ in terms):
        return sum_of_chains(terms, (rows,) if is_one(cols) else (rows, cols))
    return make.mul(scale, sum_of_chains([(S.One, chain) for _, chain in terms], (rows,) if is_one(cols) else (rows, cols)))


def _opens(atom):
    """Whether a factor is a sum, or linear in one."""
    base = atom[0]
    if isinstance(base, (KroneckerProduct, HadamardProduct)):
        return any(_opens(inner) for a in base.args for inner in open_product(a)[1])
    return isinstance(base, MatAdd)
