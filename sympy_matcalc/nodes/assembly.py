"""Matrices put together from others, and their diagonals by number, as SymPy's nodes: blocks, slices and diagonal matrices."""

from typing import Any

from sympy import MatMul, S
from sympy.matrices.expressions import BlockMatrix, DiagMatrix, Identity, MatrixSlice, Transpose
from sympy.matrices.expressions.diagonal import DiagonalOf

from ..errors import ArgumentError, ShapeError
from ..strict import sympified
from .base import as_matrix

__all__ = ["hstack", "vstack", "diag", "diagonal"]


def hstack(*blocks: Any) -> Any:
    """The matrices side by side, NumPy's ``hstack``: a `BlockMatrix` of one row.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n, p = symbols("m n p", integer=True, positive=True)
    >>> X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, p)
    >>> mc.gradient(mc.ElementSum(mc.hstack(X, 2*Y)), Y)
    2*ones(m, p)
    """
    blocks = _blocks("hstack", blocks, 0)
    return blocks[0] if len(blocks) == 1 else BlockMatrix([blocks])


def vstack(*blocks: Any) -> Any:
    """The matrices one above the other, NumPy's ``vstack``: a `BlockMatrix` of one column.

    >>> from sympy import MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> mc.vstack(MatrixSymbol("X", 2, 3), MatrixSymbol("Y", 4, 3)).shape
    (6, 3)
    """
    blocks = _blocks("vstack", blocks, 1)
    return blocks[0] if len(blocks) == 1 else BlockMatrix([[b] for b in blocks])


def _blocks(name, blocks, axis):
    """The blocks as matrices, of one size along the axis on which they meet."""
    if not blocks:
        raise ArgumentError(f"`{name}` needs at least one matrix")
    blocks = [as_matrix(hstack if name == "hstack" else vstack, b) for b in blocks]
    for b in blocks[1:]:
        if (sympified(b.shape[axis]) - blocks[0].shape[axis]).expand() != 0:
            what = ("rows", "columns")[axis]
            raise ShapeError(f"`{name}` needs matrices of as many {what}: got shapes {blocks[0].shape} and {b.shape}")
    return blocks


def diag(x: Any, k: Any = 0) -> Any:
    """The square matrix with the vector x on diagonal k and 0 elsewhere, NumPy's ``diag(x, k)``; k counts upwards from the main one.

    Between slices of the identity: ``I[0:n, :]' diag(x) I[k:k + n, :]`` for k > 0. k is a whole number whose sign is known.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> mc.diag(MatrixSymbol("x", 2, 1), 1).as_explicit()
    Matrix([
    [0, x[0, 0],       0],
    [0,       0, x[1, 0]],
    [0,       0,       0]])
    """
    x, k = as_matrix(diag, x, vector=True), _signed("diag", k)
    x = x if x.shape[1] == 1 else Transpose(x)
    if k == 0:
        return DiagMatrix(x)
    n = sympified(x.shape[0])
    size = n + abs(k)
    leading, trailing = (MatrixSlice(Identity(size), (start, start + n, 1), (0, size, 1)) for start in (S.Zero, abs(k)))
    rows, columns = (leading, trailing) if k.is_positive else (trailing, leading)
    return MatMul(Transpose(rows), DiagMatrix(x), columns)


def diagonal(A: Any, k: Any = 0) -> Any:
    """The column of the entries on diagonal k of a matrix, NumPy's ``diagonal(A, k)``; k counts upwards from the main one.

    The diagonal of a slice. k is a whole number whose sign is known, below the size of the matrix.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> mc.diagonal(MatrixSymbol("A", 3, 3), 1).as_explicit()
    Matrix([
    [A[0, 1]],
    [A[1, 2]]])
    """
    A, k = as_matrix(diagonal, A), _signed("diagonal", k)
    rows, columns = map(sympified, A.shape)
    if k == 0:
        return DiagonalOf(A)
    if (abs(k) - (columns if k.is_positive else rows)).is_nonnegative:
        raise ArgumentError(
            f"`diagonal`: a matrix of shape {(rows, columns)} has no diagonal {k}; it has those from {1 - rows} to {columns - 1}"
        )
    square = (rows - columns).expand() == 0
    above, left = (S.Zero, k) if k.is_positive else (-k, S.Zero)
    below, right = (rows - left, columns - above) if square else (rows, columns)
    return DiagonalOf(MatrixSlice(A, (above, below, 1), (left, right, 1)))


def _signed(name, k):
    """`k` as a whole number of known sign."""
    k = sympified(k)
    if k.is_integer is not True or k.is_zero is None or not (k.is_zero or k.is_positive or k.is_negative):
        raise ArgumentError(f"`{name}`: the number of a diagonal is a whole number of known sign, 0 for the main one, got `{k}`")
    return k
