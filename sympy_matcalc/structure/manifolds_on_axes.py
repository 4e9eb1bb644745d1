"""Riemannian Hessians as arrays to be read, from those by all entries: the projection on each pair of axes, and what curvature adds.

The terms that it adds have two axes in an identity or in X each, ``I[i, k] M[l, j]``. Sources as for `manifolds`.
"""

from collections.abc import Callable
from typing import Any

from sympy import Rational, S
from sympy.matrices.expressions import Identity, MatrixSymbol, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..kernel import make
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import Einsum
from ..rewriting.engine import simplified
from .algebra import half, plus
from .algebra import turned as transposed
from .declaration import AS_IT_IS, TURNED
from .index_terms import Product, added, each, multiplied, presented_array, reduced, terms_by, terms_of_array, turned
from .on_axes import PAIRS, between, on_pair, with_parts

HALF, QUARTER = Rational(1, 2), Rational(1, 4)
SYMMETRIC_PART = ((HALF, AS_IT_IS), (HALF, TURNED))


def spd_on_axes(X: Any, XS: Any, sandwiched: Callable[[Any], Any], H: Einsum) -> Any:
    """``(X H X)_ijkl + I_ik XS_jl``, symmetric on each pair of axes, with XS = X sym(G): the second part is V S X for V = sym(dX).

    sandwiched: X sym(A) X of a matrix A.
    """

    def opened(c, product):
        found = between(multiplied(HALF, c), product, PAIRS[0], X)
        return found, found and (found[0], turned(found[1], *PAIRS[0]))

    terms = added(on_pair(each(terms_of_array(H)), PAIRS[0], sandwiched, opened))
    terms = with_parts(terms, PAIRS[1], SYMMETRIC_PART, lambda A: half(plus(A, transposed(A))))
    bent = _beside(QUARTER, XS, (1, 3), None, (0, 2))
    return presented_array(added(_turns_of(bent), terms), H.axes_shape)


def _turns_of(term):
    """The term with each pair of axes as it is and turned."""
    if term is None:
        return []
    c, product = term
    both = (product, turned(product, *PAIRS[0]))
    return [(c, p) for one in both for p in (one, turned(one, *PAIRS[1]))]


def orthogonal_on_axes(X: Any, project: Callable[[Any], Any], bent: tuple[Any, Any, Any], H: Einsum) -> Any:
    """``H_ijkl - I_ik S_lj`` projected on each pair of axes, with S = sym(X'G), of square X.

    project: P(T) = (T - X T' X)/2 of a matrix. bent: S, W = X S and R = X S X', which make the second part
    ``(I_ik S_lj + I_jl R_ik - X_il W_kj - X_kj W_il)/4``.
    """
    terms = terms_by(_merged, H)
    for pair in PAIRS:
        terms = _projected(terms, pair, X, project)
    S_, W, R = bent
    curvature = (
        _beside(-QUARTER, S_, (1, 3), None, (0, 2)),  # S is symmetric
        _beside(-QUARTER, R, (0, 2), None, (1, 3)),
        _beside(QUARTER, W, (2, 1), X, (0, 3)),
        _beside(QUARTER, W, (0, 3), X, (2, 1)),
    )
    return presented_array(added([*terms, *filter(None, curvature)]), H.axes_shape)


def _merged(part):
    """A part of a term with its products merged."""
    return simplified(part, search=False) if part.args and type(part) is not MatrixSymbol else part


def stiefel_on_axes(X: Any, project: Callable[[Any], Any], S_: Any, H: Einsum) -> Any:
    """``H_ijkl - I_ik S_lj`` projected on each pair of axes, with S = sym(X'G), of tall X.

    project: P(T) = T - (X X' T + X T' X)/2 of a matrix.
    """
    m, n = shape_of(X)
    number, matrix = number_in_front(S_)
    bent = ((0,), (1,), (0,), (2,)), ((matrix, (1,), (2,)),)
    terms = terms_by(_merged, H)
    if not isinstance(matrix, ZeroMatrix):
        c, curved = multiplied(-S.One, number), Product((m, n, n), *bent)
        term = reduced(c, curved) if isinstance(matrix, Identity) else (c, curved)
        terms += [term] if term else []
    for pair in PAIRS:
        terms = _projected_tall(terms, pair, X, project)
    return presented_array(added(terms), H.axes_shape)


def _projected_tall(terms, pair, X, project):
    """T - (X X' T + X T' X)/2 on a pair of axes."""
    across = prepare(make.mul(X, transpose(X)))

    def opened(c, product):
        back = between(multiplied(-HALF, c), product, pair, across, right=False)
        return (c, product), back, between(multiplied(-HALF, c), turned(product, *pair), pair, X)

    return on_pair(terms, pair, project, opened)


def _projected(terms, pair, X, project):
    """(T - X T' X)/2 on a pair of axes."""

    def opened(c, product):
        return (multiplied(HALF, c), product), between(multiplied(-HALF, c), turned(product, *pair), pair, X)

    return on_pair(terms, pair, project, opened)


def _beside(c, matrix, axes, other, other_axes):
    """The term of a matrix at two of the axes and another one, or the identity, at the other two; None for zero."""
    if isinstance(matrix, ZeroMatrix):
        return None
    number, matrix = number_in_front(matrix)
    n, out, factors, count = shape_of(matrix)[0], [(0,)] * 4, [], 0
    for node, (row, col) in ((matrix, axes), (other, other_axes)):
        out[row] = out[col] = (count,)
        if node is not None and not isinstance(node, Identity):
            count += 1
            out[col] = (count,)
            factors.append((node, out[row], out[col]))
        count += 1
    return multiplied(c, number), Product((n,) * count, tuple(out), tuple(factors))
