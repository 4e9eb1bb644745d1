"""What stays in matrix notation inside of index notation, the entry of an inverse, say: its derivatives are those of the engine."""

from typing import Any

from sympy import Basic, Expr, IndexedBase, MatrixSymbol, S
from sympy.matrices.expressions.matexpr import MatrixElement

from ..adjoint import transpose_linear
from ..canonical import prepare_whole
from ..kernel.session import session
from ..kernel.shapes import is_matrix
from ..notation import raise_terms
from ..notation.present import present
from ..rules.differential import differential_of
from .access import name_of, nodes_in
from .to_indices import Writer


def is_matrix_part(e: Basic) -> bool:
    """Whether it is a scalar of a matrix that index notation does not open."""
    return any(is_matrix(a) for a in e.args)


def symbol_like(base: Any, e: Basic) -> MatrixSymbol | None:
    """The matrix symbol in a matrix part that an IndexedBase stands for: the one of its name."""
    found = [s for s in e.atoms(MatrixSymbol) if isinstance(base, IndexedBase) and s.name == name_of(base)]
    return found[0] if found else None


def depends_by_matrix(base: Any, e: Basic) -> bool:
    """Whether an entry of a base is in a part of `e` that is in matrix notation."""
    return any(is_matrix_part(node) and symbol_like(base, node) is not None for node in nodes_in(e))


def derivative_of_part(e: Expr, base: Any, target: tuple) -> Expr:
    """The derivative of a scalar of matrices by an entry, in index notation."""
    symbol = symbol_like(base, e)
    assert symbol is not None
    at = (*target, S.Zero)[:2] if symbol.shape[1] == 1 or len(target) == 2 else (S.Zero, *target)
    with session():
        linear, d = differential_of(prepare_whole(e), MatrixElement(symbol, *at))
        if linear is None:
            return S.Zero
        terms = transpose_linear(linear, d.symbol, (), (), d.placeholders)
        found = present(raise_terms([t._replace(out=(), hole=()) for t in terms], ()))
    taken = {str(s) for part in (e, found, *target) for s in part.free_symbols}
    return Writer(taken).scalar(found)
