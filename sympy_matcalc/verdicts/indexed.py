"""Formulas in index notation: what is asked about entries is asked about the matrices whose entries they are."""

from typing import Any

from sympy import Indexed, IndexedBase, MatrixSymbol, Tuple

from ..errors import ArgumentError
from ..indices import in_matrices, matrix_of_base, to_matrix_notation
from ..kernel.walks import every_node


def by_entries(mine: Any, expr: Any, X: Any, indices: Any) -> tuple[Any, Any, Any]:
    """(mine, expr, X) in matrices. indices: the free ones of the formula, those of the expression before those of the variable.

    By an entry ``x[k]`` of an IndexedBase they are by default those of the entry.
    Errors: ArgumentError for too few indices, else as `to_matrix_notation`.
    """
    given = None if indices is None else tuple(indices) if isinstance(indices, (tuple, list, Tuple)) else (indices,)
    if isinstance(X, Indexed):
        given = tuple(X.indices) if given is None else given
        of_expr = given[: len(given) - len(X.indices)]
        if given[len(of_expr) :] != tuple(X.indices):
            raise ArgumentError(f"`indices` must end with those of the variable `{X}`, got {given}: the axes of the expression come first")
        expr, X = to_matrix_notation(expr, of_expr), X.base
    if isinstance(X, IndexedBase):
        expr = in_matrices(expr)
        X = matrix_of_base(X, expr)
    if given is not None:
        mine = to_matrix_notation(mine, given, {M.name: M.shape for e in (expr, X) for M in every_node(e) if isinstance(M, MatrixSymbol)})
    return in_matrices(mine), expr, X
