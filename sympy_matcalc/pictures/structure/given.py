"""What can be given to `plot_structure` as a pattern: expressions, arrays, operators, tables of blocks by variable."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Basic
from sympy.matrices import MatrixBase

from ...errors import ExpressionError, ShapeError
from ...kernel.shapes import is_matrix
from ...typed_input import as_expression
from .patterns import Blocks, Mask, Unknown, pattern_of

LARGEST = 4096  # columns of an operator that is applied to all unit vectors


def as_pattern(H: Any) -> tuple[Any, tuple, Any]:
    """(pattern, shape, text or None) of what was given."""
    if isinstance(H, Mapping):
        return _of_table(H)
    if isinstance(H, (list, tuple)) and H and not np.isscalar(_first(H)):
        return _of_list(H)
    if isinstance(H, (Basic, MatrixBase)):
        e = as_expression(H)
        if not is_matrix(e):
            raise ShapeError(f"`plot_structure` needs a matrix, got `{e}`; of a Hessian by a matrix take `form='vec'`")
        return pattern_of(e), tuple(e.shape), e
    mask = _mask_of(H)
    return Mask(mask), mask.shape, None


def _first(rows: Any) -> Any:
    """An entry of a list or a list of lists."""
    return _first(rows[0]) if isinstance(rows, (list, tuple)) and rows else rows


def _mask_of(H: Any) -> np.ndarray:
    """Where an array, a sparse matrix or an operator is not 0."""
    if hasattr(H, "toarray"):
        H = H.toarray()
    elif hasattr(H, "matvec") and hasattr(H, "shape"):
        if H.shape[1] > LARGEST:
            raise ShapeError(f"`plot_structure` applies an operator to every unit vector: {H.shape[1]} are more than {LARGEST}")
        H = H @ np.eye(H.shape[1])
    try:
        array = np.asarray(H)
        mask = (array != 0) | np.isnan(array) if array.dtype.kind in "fc" else array.astype(bool)
    except (TypeError, ValueError):
        raise ExpressionError(f"`plot_structure` needs a matrix, an array or an operator, got {type(H).__name__}") from None
    if mask.ndim != 2 or array.dtype.kind not in "biufc":
        raise ShapeError(f"`plot_structure` needs a matrix of numbers, got shape {mask.shape} of {array.dtype}")
    return mask


def _of_list(H: Any) -> tuple[Any, tuple, Any]:
    """Rows of blocks; of a flat list the blocks on the diagonal."""
    if all(isinstance(row, (list, tuple)) for row in H):
        lengths = {len(row) for row in H}
        if len(lengths) != 1:
            raise ShapeError(f"rows of blocks need one length, got {sorted(lengths)}")
        return _blocks([list(row) for row in H], ())
    return _blocks([[b if i == j else None for j in range(len(H))] for i, b in enumerate(H)], ())


def _of_table(H: Mapping) -> tuple[Any, tuple, Any]:
    """``{(X, Y): block}``, ``{X: {Y: block}}``, or ``{X: block}`` with the blocks on the diagonal; (Y, X) is the transpose of (X, Y)."""
    table = {}
    for key, inner in H.items():
        pairs = {(key, other): block for other, block in inner.items()} if isinstance(inner, Mapping) else {key: inner}
        table |= {pair if isinstance(pair, tuple) else (pair, pair): block for pair, block in pairs.items()}
    names = list(dict.fromkeys(name for pair in table for name in pair))
    rows = [[table.get((a, b), _other_way(table.get((b, a)))) for b in names] for a in names]
    return _blocks(rows, tuple(map(str, names)))


def _other_way(block: Any) -> Any:
    if block is None:
        return None
    return block.T if hasattr(block, "T") else block


def _blocks(rows: list[list[Any]], names: tuple) -> tuple[Any, tuple, Any]:
    """The pattern of rows of blocks, None a block that was not given; ShapeError where sizes do not fit."""
    read = [[None if b is None else _block(b) for b in row] for row in rows]
    heights = [_one_size([cell[1][0] for cell in row if cell], "row", i) for i, row in enumerate(read)]
    widths = [_one_size([cell[1][1] for cell in column if cell], "column", j) for j, column in enumerate(zip(*read))]
    cells = tuple(tuple((cell[0], cell[2]) if cell else (Unknown(), None) for cell in row) for row in read)
    shape = (sum(heights[1:], heights[0]), sum(widths[1:], widths[0]))
    return Blocks(cells, tuple(heights), tuple(widths), (names, names) if names else ()), shape, None


def _block(b: Any) -> tuple[Any, tuple, Any]:
    if isinstance(b, (int, float)) or isinstance(b, Basic) and not is_matrix(b):
        return (Mask(np.array([[b != 0]])), (1, 1), b)
    return as_pattern(b)


def _one_size(sizes: list[Any], what: str, number: int) -> Any:
    if not sizes:
        raise ShapeError(f"{what} {number} of blocks needs a block")
    if any(s != sizes[0] for s in sizes):
        raise ShapeError(f"{what} {number} of blocks has the sizes {', '.join(map(str, dict.fromkeys(sizes)))}, which have to be one")
    return sizes[0]
