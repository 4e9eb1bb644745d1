"""Products over entries in canonical form: ``Product(x[i, 0], (i, 0, n - 1))`` is the product of the entries of x.

What a product goes over becomes a matrix first, as that of a sum does. Where no index is one of a sum around it, it is the product of all
entries; where that of the rows is, the column of the products of each row. What does not fit stays a Product, with a rule of its own.
"""

from sympy import Expr, Pow, Product, S

from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.symmetry import transpose
from ..nodes import ElementProduct, RowProduct
from ..notation.term import AdjointTerm, label_size
from . import sums
from .scalars import handles, has_matrix, prepare_scalar
from .sums import NotLiftable, Scope

MOST_FACTORS = 12  # of a Product that is written out


@handles(Product)
def lower_product(e, prepare):
    """The product of entries; else over a few whole numbers written out, another one as it is with its body prepared."""
    if has_matrix(e.function):
        try:
            return lift_product(e, Scope(), prepare)[0].coefficient
        except NotLiftable:
            pass
    if all(lim[1].is_Integer and lim[2].is_Integer and lim[2] - lim[1] < MOST_FACTORS for lim in e.limits):
        return prepare_scalar(e.doit(deep=False), prepare)
    return sums.open_sum(e, prepare)


def lift_product(e: Product, env: Scope, prepare) -> list[AdjointTerm]:
    """The one term of a Product; `env`: the indices of the sums around it."""
    inner = sums.scope(e.limits, env)
    own = {label for s, index in inner.items() if s not in env for label in index.axis}
    body = sums.without_single(e.function, inner)
    term = sums.materialise(sums.lift(body, inner, prepare), inner, prepare)
    factors = [Pow(term.coefficient, _count(own))] if term.coefficient is not S.One else []
    if not term.leaves:
        return [sums.UNIT._replace(coefficient=scalar_product(*factors))]
    ((node, *axes),) = term.leaves
    beside, along = ([axis for axis in axes if axis and (set(axis) <= own) is kind] for kind in (False, True))
    once = _count(own.difference(*along))  # times that each factor is met
    if not along or any(own.intersection(axis) for axis in beside):
        raise NotLiftable
    if not beside:
        factors.append(Pow(prepare(ElementProduct(node)), once))
        return [sums.UNIT._replace(coefficient=scalar_product(*factors))]
    if once != 1:
        raise NotLiftable
    rows = node if axes[0] == beside[0] else transpose(node)
    return [sums.oriented(prepare(raw(RowProduct, rows)), [beside[0], ()]).times(scalar_product(*factors))]


def _count(labels) -> Expr:
    return scalar_product(*map(label_size, sorted(labels)))


sums.SOURCES[Product] = lift_product
