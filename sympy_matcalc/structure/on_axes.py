"""Second derivatives by a structure from those by all entries: what the structure makes of a gradient, made of each pair of axes.

``H_ijkl`` by a symmetric X is ``(H_ijkl + H_jikl + H_ijlk + H_jilk)/4`` in the convention "subspace". A matrix that has a pair of axes to
itself becomes what a gradient becomes: ``(A + A')[i, j]/2``.
"""

from typing import Any

from sympy.matrices.expressions import MatAdd

from ..canonical import prepare
from ..kernel.scalars import scalar_product
from ..nodes import Einsum
from ..notation.factored import factored
from .declaration import ON_DIAGONAL, TURNED
from .index_terms import Terms, added, array_of_terms, on_diagonal, own_matrix, terms_of_array, turned, with_matrix

PAIRS = ((0, 1), (2, 3))


def hessian_on_axes(request: Any, H: Einsum) -> Any:
    """The plain Hessian by a structure of parts, from a prepared one by all entries."""
    terms = terms_of_array(H)
    for pair in PAIRS:
        terms = with_parts(terms, pair, request.parts, request.applied)
    return array_of_terms(terms, H.axes_shape)


def with_parts(terms: Terms, pair: tuple[int, int], parts: Any, applied: Any) -> Terms:
    """The terms with the parts (c, what) of a structure on a pair of axes; applied: what the structure makes of a matrix."""
    found = []
    for product, c in terms.items():
        own = own_matrix(product, *pair)
        if own is None:
            found += [_part(scalar_product(c, scale), product, pair, what) for scale, what in parts]
        else:
            k, matrix = own
            found.append(with_matrix(c, product, k, _factored(applied(matrix)), *pair))
    return added(filter(None, found))


def _factored(matrix):
    return prepare(factored(matrix)) if isinstance(matrix, MatAdd) else matrix


def _part(c, product, pair, what):
    if what is ON_DIAGONAL:
        return on_diagonal(c, product, *pair)
    return c, turned(product, *pair) if what is TURNED else product
