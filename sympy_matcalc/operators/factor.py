"""LU factors of a square matrix, for solving and for the determinant; what is singular but for rounding."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning, lu_factor, lu_solve

SCALINGS = 4  # rounds of scaling
NOISE = 10  # rounding errors: a reciprocal condition number below as many is that of a singular matrix


def check_regular(matrix: np.ndarray, solve: Callable[[np.ndarray], Any], parts: np.ndarray | None = None) -> None:
    """LinAlgError for a square matrix, or one in a stack, that is singular but for rounding, which LU factors solve with silently.

    Its reciprocal condition number, the rows and columns brought to one scale (Ruiz 2001), is estimated by ``solve(probe)`` for one
    vector that has no pattern. parts: as large as the numbers that each entry was added up from, where those cancel.
    """
    size = np.abs(matrix) if parts is None else parts
    rows, columns = np.ones((*size.shape[:-1], 1)), np.ones((*size.shape[:-2], 1, size.shape[-1]))
    with np.errstate(all="ignore"):
        for _ in range(SCALINGS):
            for scale, axis in ((rows, -1), (columns, -2)):
                largest = np.sqrt((size / rows / columns).max(axis=axis, keepdims=True))
                scale *= np.where(largest, largest, 1)
        grown = np.abs(columns.swapaxes(-1, -2) * solve(probe(rows[..., 0]).astype(matrix.dtype))).max(axis=(-1, -2))
        condition = ((size / rows / columns).sum(axis=-1).max(axis=-1) * grown).max(initial=0)
    if condition * NOISE * np.finfo(matrix.dtype).eps > 1:
        raise np.linalg.LinAlgError("Singular matrix, or one that is singular but for rounding")


def probe(rows: np.ndarray) -> np.ndarray:
    """A column, or a stack of such, that has no pattern, of the scale of its rows."""
    turns = (np.sqrt(5) - 1) / 2 * np.arange(1, rows.shape[-1] + 1) ** 2.0
    return (rows * (2 * (turns - np.floor(turns)) - 1))[..., None]


def lu(matrix: np.ndarray, check_finite: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """`scipy.linalg.lu_factor`, silent where the matrix is singular."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinAlgWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        return lu_factor(matrix, check_finite=check_finite)


class Factor:
    """``Factor(M)``: M = P L U, factored once. Errors: numpy.linalg.LinAlgError where `solve` meets a singular M.

    checked: whether one that is singular but for rounding, or not finite, is an error too; else the caller looks at the solutions.
    scales: (n,), of a matrix whose entries are about scales_i scales_j, which are divided by first, rounded to powers of two.
    """

    def __init__(self, matrix, checked=True, scales=None):
        self.size, self.dtype, self.checked, self.scales = len(matrix), matrix.dtype, checked, None
        if scales is not None and scales.all() and np.isfinite(scales).all():
            self.scales = np.exp2(np.rint(np.log2(scales))).astype(scales.dtype)
            matrix = matrix / self.scales / self.scales[:, None]
        self.matrix = matrix if checked else None  # until it is known whether it is singular
        self.lu = self.pivots = np.zeros((0, 0), self.dtype)
        if self.size:
            self.lu, self.pivots = lu(matrix, checked)

    def solve(self, b):
        """M^-1 b for a vector or a matrix b."""
        if not self.size:
            return b
        if not np.diagonal(self.lu).all():
            raise np.linalg.LinAlgError("Singular matrix")
        if self.matrix is not None:
            check_regular(self.matrix, lambda b: lu_solve((self.lu, self.pivots), b))
            self.matrix = None
        if self.scales is None:
            return lu_solve((self.lu, self.pivots), b, check_finite=self.checked)
        columns = (slice(None), *[None] * (b.ndim - 1))
        return lu_solve((self.lu, self.pivots), b / self.scales[columns], check_finite=self.checked) / self.scales[columns]

    def slogdet(self):
        """(sign, log |det M|), as `numpy.linalg.slogdet`."""
        if not self.size:
            return self.dtype.type(1), 0.0
        swaps = np.count_nonzero(self.pivots != np.arange(self.size))
        sign, logarithm = slogdet_of_diagonal(np.diagonal(self.lu))
        return (-sign if swaps % 2 else sign), logarithm if self.scales is None else logarithm + 2 * np.log(self.scales).sum()


def slogdet_of_diagonal(d):
    """(sign, log |det|) of a diagonal matrix."""
    size = np.abs(d)
    if not size.all():
        return d.dtype.type(0), -np.inf
    return np.prod(d / size), np.log(size).sum()
