"""LU factors of a square matrix, for solving and for the determinant."""

import warnings

import numpy as np
from scipy.linalg import LinAlgWarning, lu_factor, lu_solve


class Factor:
    """``Factor(M)``: M = P L U, factored once. Errors: numpy.linalg.LinAlgError where `solve` meets a singular M."""

    def __init__(self, matrix):
        self.size, self.dtype = len(matrix), matrix.dtype
        self.lu = self.pivots = np.zeros((0, 0), self.dtype)
        if self.size:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", LinAlgWarning)  # singular: `solve` raises, `slogdet` has an answer
                warnings.simplefilter("ignore", RuntimeWarning)
                self.lu, self.pivots = lu_factor(matrix)

    def solve(self, b):
        """M^-1 b for a vector or a matrix b."""
        if not self.size:
            return b
        if not np.diagonal(self.lu).all():
            raise np.linalg.LinAlgError("Singular matrix")
        return lu_solve((self.lu, self.pivots), b)

    def slogdet(self):
        """(sign, log |det M|), as `numpy.linalg.slogdet`."""
        if not self.size:
            return self.dtype.type(1), 0.0
        swaps = np.count_nonzero(self.pivots != np.arange(self.size))
        sign, logarithm = slogdet_of_diagonal(np.diagonal(self.lu))
        return (-sign if swaps % 2 else sign), logarithm


def slogdet_of_diagonal(d):
    """(sign, log |det|) of a diagonal matrix."""
    size = np.abs(d)
    if not size.all():
        return d.dtype.type(0), -np.inf
    return np.prod(d / size), np.log(size).sum()
