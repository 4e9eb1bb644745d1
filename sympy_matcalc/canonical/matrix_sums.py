"""Sums of matrices in canonical form."""

from sympy import S
from sympy.matrices.expressions import MatAdd, Transpose, ZeroMatrix

from ..kernel import chains, make
from ..kernel.order import sort_key
from ..kernel.scalars import has_minus, scalar_sum
from ..kernel.shapes import is_one, shape_of
from ..kernel.symmetry import transpose
from .checks import check_equal
from .declared import number_in_front
from .form import as_scalar, prepare, prepares
from .orientation import factors, times, transpose_prepared


@prepares(MatAdd)
def matrix_sum(e):
    """Nested sums flattened, equal summands added, ordered; zero summands dropped."""
    check_equal(e.args, "sum")
    total, shape = {}, shape_of(e)
    todo = [(S.One, a) for a in e.args]
    for c, a in todo:
        p = prepare(a)
        if isinstance(p, MatAdd):
            todo += [(c, x) for x in p.args]
            continue
        if isinstance(p, Transpose) and isinstance(p.args[0], MatAdd):
            todo += [(c, transpose_prepared(x)) for x in p.args[0].args]
            continue
        scale, node = number_in_front(p)
        total[node] = total.get(node, S.Zero) + c * scale
    terms = [(c, node) for node, c in total.items() if c != 0 and not isinstance(node, ZeroMatrix)]
    if not terms:
        return make.zero(*shape)
    if len(terms) == 1:
        return times(*terms[0])
    if is_one(shape[1]):
        return _added(terms)
    chain_of = [chains.open_product(node)[1] for _, node in terms]
    flips, turned_flips = (sum(map(chains.count_flips, some)) for some in (chain_of, map(chains.reverse, chain_of)))
    if flips < turned_flips and not is_one(shape[0]):
        return _added(terms)
    turned = [(c, transpose_prepared(node)) for c, node in terms]
    keep = flips == turned_flips and not is_one(shape[0]) and _names(terms) <= _names(turned)
    return _added(terms) if keep else transpose(_added(turned))


def _added(terms):
    return make.add(*(times(*t) for t in sorted(terms, key=_term_key)))


def _term_key(term):
    c, node = term
    return (has_minus(c), -len(factors(node)), sort_key(node))


def _names(terms):
    return sorted(sort_key(node) for _, node in terms)


@as_scalar(MatAdd)
def sum_of_scalars(e):
    check_equal(e.args, "sum")
    return scalar_sum(*map(prepare, e.args))
