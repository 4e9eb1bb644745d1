"""Sums along an axis of a sum with outer products of ones: ``(X' - mu 1') 1`` is ``X' 1 - n mu``."""

from sympy.matrices.expressions import MatAdd, OneMatrix, Transpose

from ..kernel import make
from ..kernel.chains import express_chain, open_product, reverse
from ..kernel.scalars import scalar_product
from ..kernel.shapes import shape_of
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
    """The sum of its terms times ones; None where fewer than half of them end with ones."""
    terms, short = [], 0
    for term in summands:
        scale, chain = open_product(term)
        chain = chain if behind else reverse(chain)
        base = chain[-1][0]
        if isinstance(base, OneMatrix) and len(chain) > 1:
            short += 1
            rest = chain[:-1] if behind else reverse(chain[:-1])
            terms.append(make.mul(scalar_product(scale, shape_of(ones)[0 if behind else 1]), express_chain(rest)))
        else:
            terms.append(make.mul(term, ones) if behind else make.mul(ones, term))
    return make.add(*terms) if short and 2 * short >= len(terms) else None
