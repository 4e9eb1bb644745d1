"""Second derivatives by a structure from those by all entries: what the structure makes of a gradient, made of each pair of axes.

``H_ijkl`` by a symmetric X is ``(H_ijkl + H_jikl + H_ijlk + H_jilk)/4`` in the convention "subspace". A matrix that has a pair of axes to
itself becomes what a gradient becomes: ``(A + A')[i, j]/2``.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sympy import S
from sympy.matrices.expressions import MatAdd

from ..canonical import prepare
from ..conventions import vec_axis
from ..kernel import make
from ..kernel.chains import express_chain, normalise, open_product, reverse
from ..kernel.scalars import scalar_product
from ..kernel.session import memo
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import Einsum
from ..notation import raise_terms
from ..notation.factored import factored
from ..notation.kronecker import commutation_in_front
from ..notation.present import present
from ..rewriting.engine import reduce_chain
from .declaration import ON_DIAGONAL, TURNED
from .index_terms import (
    Product,
    Term,
    Terms,
    added,
    each,
    labelled,
    multiplied,
    on_diagonal,
    own_matrix,
    presented_array,
    reduced,
    terms_of_array,
    turned,
    with_matrix,
)

PAIRS = ((0, 1), (2, 3))  # of axes: those of X in the first derivative, and in the second


def hessian_on_axes(request: Any, H: Einsum, form: str | None) -> Any:
    """The Hessian by a structure of parts, plain or in the vec form, as it is to be read, from a prepared plain one by all entries."""
    terms = terms_of_array(H)
    for pair in PAIRS:
        terms = with_parts(terms, pair, request.parts, request.applied)
    return presented_array(terms, H.axes_shape) if form is None else present(_vec_of_terms(terms, H.axes_shape))


def _vec_of_terms(terms, sizes):
    """The vec form of a Hessian: rows vec(X) and columns vec(X)."""
    fused = []
    for product, c in terms.items():
        term = labelled(c, product)
        fused.append(term._replace(out=(vec_axis(term.out[:2]), vec_axis(term.out[2:]))))
    m, n, p, q = sizes
    return commutation_in_front(raise_terms(fused, (scalar_product(m, n), scalar_product(p, q))))


def with_parts(terms: Terms, pair: tuple[int, int], parts: Any, applied: Callable[[Any], Any]) -> Terms:
    """The terms with the parts (c, what) of a structure on a pair of axes; applied: what the structure makes of a matrix."""
    scales = dict.fromkeys(scale for scale, _ in parts)

    def opened(c, product):
        scaled = {scale: multiplied(scale, c) for scale in scales}
        return [_part(scaled[scale], product, pair, what) for scale, what in parts]

    return added(on_pair(each(terms), pair, applied, opened))


def on_pair(
    terms: Iterable[Term], pair: tuple[int, int], applied: Callable[[Any], Any], opened: Callable[[Any, Product], Iterable[Term | None]]
) -> list[Term]:
    """Terms with ``applied(matrix)`` for a matrix that has the pair of axes to itself, ``opened(c, product)`` for any other one."""
    found: list[Term | None] = []
    made: dict[Any, Any] = {}
    for c, product in terms:
        own = own_matrix(product, *pair)
        if own is None:
            found += opened(c, product)
        else:
            k, matrix = own
            if matrix not in made:
                made[matrix] = _factored(applied(matrix))
            found.append(with_matrix(c, product, k, made[matrix], *pair))
    return [term for term in found if term]


def _factored(matrix):
    return prepare(factored(matrix)) if isinstance(matrix, MatAdd) else matrix


def _part(c, product, pair, what):
    if what is ON_DIAGONAL:
        return on_diagonal(c, product, *pair)
    return c, turned(product, *pair) if what is TURNED else product


def between(c: Any, product: Product, pair: tuple[int, int], X: Any, right: bool = True) -> Term | None:
    """(coefficient, product) of X T X for T on a pair of axes, or of X T; None for zero."""
    numbers, is_reduced = [c], True
    for axis, is_row in zip(pair, (True, False) if right else (True,)):
        number, product, done = _times(product, axis, X, is_row)
        numbers.append(number)
        is_reduced = is_reduced and done
    c = scalar_product(*numbers)
    return (c, product) if is_reduced else reduced(c, product)


def _times(product, axis, X, is_row):
    """(number, product, whether it is reduced) of X T along an axis that is a row, or T X along a column.

    A matrix that has the axis to itself takes X in; at any other X is a factor of its own, with a new label.
    """
    (label,), size = product.out[axis], shape_of(X)[0 if is_row else 1]
    mine = [k for k, f in enumerate(product.factors) if any(label in other for other in f[1:])]
    is_alone = product.out.count((label,)) == 1
    is_dense = False
    if is_alone and len(mine) == 1:
        node, *axes = product.factors[mine[0]]
        is_dense = len(axes) > 2 or not is_matrix(node) or any(len(other) > 1 for other in axes)
        if not is_dense and axes.count((label,)) == 1:
            at_row = axes[0] == (label,)
            number, new, done = _product_with(X, node, at_row, at_row is not is_row)
            factors = tuple((new, *axes) if k == mine[0] else f for k, f in enumerate(product.factors))
            sizes = (*product.sizes[:label], size, *product.sizes[label + 1 :])
            return number, product._replace(sizes=sizes, factors=factors), done
    fresh, out = len(product.sizes), list(product.out)
    out[axis] = (fresh,)
    ends = ((fresh,), (label,)) if is_row else ((label,), (fresh,))
    sizes = (*product.sizes, size)
    return S.One, Product(sizes, tuple(out), (*product.factors, (X, *ends)), product.limits), is_dense or not is_alone


def _product_with(X, node, is_first, turned):
    """(number, X A or A X without it, whether that is no identity) of X or X' and a matrix A; memoised, for A stands in many terms."""
    table = memo("products with the variable")
    at = X, node, is_first, turned
    found = table.get(at)
    if found is None:
        x, (number, chain) = open_product(X)[1], open_product(node)
        x = reverse(x) if turned else x
        chain = normalise(reduce_chain((*x, *chain) if is_first else (*chain, *x)))
        new = express_chain(chain) if chain else make.identity(shape_of(X)[is_first is turned])
        found = table[at] = number, new, bool(chain)
    return found
