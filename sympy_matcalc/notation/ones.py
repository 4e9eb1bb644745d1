"""Sums along an axis of a sum with outer products of ones: ``(X' - mu 1') 1`` is ``X' 1 - n mu``."""

from sympy import S
from sympy.matrices.expressions import MatAdd, OneMatrix, Transpose

from ..kernel import make
from ..kernel.chains import added_up, open_product, product, reverse
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_one, shape_of
from ..kernel.symmetry import transpose


def with_ones_taken_in(factors):
    """The factors of a product, in which a sum and the ones behind or in front of it are multiplied out where that is not longer.

    As many of the terms have to end with a row of ones as do not, as of ``X' - mu 1'``: the others get ones of their own.
    """
    for i, (left, right) in enumerate(zip(factors, factors[1:])):
        found = None
        if isinstance(right, OneMatrix) and shape_of(right)[1] == 1:
            found = _multiplied_out(_terms(left), right, behind=True)
        elif isinstance(left, OneMatrix) and shape_of(left)[0] == 1:
            found = _multiplied_out(_terms(right), left, behind=False)
        if found is not None:
            return (*factors[:i], found, *factors[i + 2 :])
    return factors


def _terms(factor):
    """The terms of a sum, also of one that is transposed; none of anything else."""
    if isinstance(factor, Transpose) and isinstance(factor.args[0], MatAdd):
        return [transpose(term) for term in factor.args[0].args]
    return list(factor.args) if isinstance(factor, MatAdd) else []


def _multiplied_out(summands, ones, behind):
    """The sum of its terms times ones; None where fewer than half of them end with ones, or no sum is left."""
    opened = [(c, chain if behind else reverse(chain)) for c, chain in map(open_product, summands)]
    at_end = [len(chain) > 1 and isinstance(chain[-1][0], OneMatrix) for _, chain in opened]
    if not any(at_end) or 2 * sum(at_end) < len(at_end):
        return None
    column = make.ones(shape_of(ones)[0 if behind else 1])
    terms = [_times_ones(c, chain) if is_sum else (c, (*chain, (column, False, S.One))) for (c, chain), is_sum in zip(opened, at_end)]
    terms = added_up(terms)
    if len(terms) < 2:
        return None
    return make.add(*(product(c, chain if behind else reverse(chain), None) for c, chain in terms))


def _times_ones(c, chain):
    """A product that ends with ones, times a column of ones."""
    rows, cols = shape_of(chain[-1][0])
    left = () if is_one(rows) else ((make.ones(rows), False, S.One),)
    return scalar_product(c, cols), (*chain[:-1], *left)
