"""What the arrays of an operator show of it: whether a matrix is symmetric, and whether it is positive definite.

Both are decided by values, never by what somebody says: equal entries, and a Cholesky factor that exists.
"""

from typing import Any

import numpy as np

POSITIVE, SEMIDEFINITE, NEITHER = 2, 1, 0  # kinds of definiteness; None where the structure does not show it


def symmetry(matrix: np.ndarray) -> bool | None:
    """Whether a matrix, or each of a stack, is symmetric; None where it is but for rounding.

    >>> import numpy as np
    >>> symmetry(np.ones((2, 2))), symmetry(np.arange(4.0).reshape(2, 2)), symmetry(np.array([[1, 1], [1 + 1e-15, 1]]))
    (True, False, None)
    """
    turned = matrix.swapaxes(-1, -2)
    if matrix.shape != turned.shape:
        return False
    if np.array_equal(matrix, turned):
        return True
    gap, size = np.abs(matrix - turned).max(), np.abs(matrix).max()
    return None if gap <= 1e3 * np.finfo(matrix.dtype).eps * size or not np.isfinite(gap) else False


def definiteness(matrix: np.ndarray) -> int | None:
    """Of a Hermitian matrix, or a stack, POSITIVE where Cholesky factors exist, NEITHER where an eigenvalue is negative beyond rounding."""
    turned = matrix.conj().swapaxes(-1, -2)
    if matrix.shape != turned.shape or not np.array_equal(matrix, turned):
        return None
    try:
        np.linalg.cholesky(matrix)
        return POSITIVE
    except np.linalg.LinAlgError:
        if not np.isfinite(matrix).all():
            return None
        values = np.linalg.eigvalsh(matrix)
        return NEITHER if (values[..., 0] < -1e3 * np.finfo(values.dtype).eps * np.abs(values).max(-1)).any() else None


def definiteness_of_diagonal(d: Any) -> int | None:
    """That of a diagonal matrix of real numbers."""
    d = np.asarray(d)
    if d.dtype.kind == "c" or np.isnan(d).any():
        return None
    return POSITIVE if (d > 0).all() else SEMIDEFINITE if (d >= 0).all() else NEITHER
