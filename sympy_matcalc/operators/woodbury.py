"""Solutions with diag(d) + U W, as accurate as the condition of the whole matrix allows, without an array of it."""

from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular

from .factor import NOISE, Factor, check_regular, lu, probe, slogdet_of_diagonal

ROUNDS = 12  # of scaling at most
SPREAD = 10  # the sums of rows may differ by, the columns' being equal, once scaled
MILD = 1000  # the sums of columns may differ by, those of rows being equal, for a matrix that needs no scaling of columns
STEPS = 3  # of refinement at most
ROUNDING = 100  # rounding errors that a residual may have, beside those of its own sums
LOSS = 1000  # rounding errors times the condition number: the error that a solution may have before it is refined
LOOSE = 1e-3  # the error of a solution with a matrix that is singular but for its diagonal
SUSPECT = 1e-5  # the condition number times a rounding error, from which on that number is estimated with more care
BLOCK = 4096  # rows at a time
DENSE = 2000  # rows up to which the whole matrix may be formed where nothing else helps


class LowRankSolver:
    """diag(d) + U W, with d (n,), U (n, r), W (r, n).

    Woodbury's identity divides by d, and loses what the whole matrix keeps where an entry of d is small beside its row of U W (Yip 1986, A
    note on the stability of solving a rank-p modification of a linear system by the Sherman-Morrison-Woodbury formula). So each solution
    is held against its right side: that of a backward stable method has |b - A x| <= eps (|b| + (|d| + |U| |W|) |x|), but for a
    factor (Oettli & Prager 1964). Where it has not, it is refined, and where that does not help the next of `FORMS` solves. The first to
    be tried is the first that is accurate for one right side that has no pattern; its solution shows also whether the matrix is singular.
    """

    def __init__(self, d, U, W):
        self.d, self.U, self.W = d, U, W
        self.dtype = np.result_type(d, U, W)
        self.eps = np.finfo(self.dtype).eps
        self.floor = 0.0  # a lower bound of the sums of rows, where the columns are of one scale
        self.divided = False  # whether its condition is that of a singular matrix, while d and U W as they are given tell a solution
        self._forms: dict[int, Any] = {}

    def solve(self, b):
        """A^-1 b for columns b. Errors: LinAlgError for a singular A, and where no form of the solution is accurate."""
        place, form, error = self._chosen
        if error:
            raise np.linalg.LinAlgError(error)
        with np.errstate(all="ignore"):
            for k in range(place, place + 1 if self.divided else len(FORMS)):
                found = self._solution(k, b)
                if found is not None and self._kept(b, found[1]):
                    return found[1]
            if not np.isfinite(b).all():
                return form.solve(b)
        raise np.linalg.LinAlgError(LOST)

    def _kept(self, b, x):
        """Whether Woodbury's b / d is not lost in x, where the matrix is singular but for its diagonal."""
        if not self.divided:
            return True
        parts, whole = (np.abs(self.scales[1][:, None] * a).max(axis=0, initial=0) for a in (b / self.d[:, None], x))
        return (parts * NOISE * self.eps <= LOOSE * whole).all()

    def slogdet(self):
        """(sign, log |det|)."""
        _, form, _ = self._chosen
        return (self.dtype.type(0), -np.inf) if form is None else form.slogdet()

    def _residual(self, b, x):
        r = self.U @ (self.W @ x)
        r += self.d[:, None] * x
        return np.subtract(b, r, out=r)

    def _size(self, x):
        """(|d| + |U| |W|) x, by blocks: no absolute values of the whole are stored."""
        return _product(np.abs(self.d), self.U, self.W, x)

    def _columns(self, rows):
        """The sums of the columns of |d| + |U| |W|, its rows divided by `rows`."""
        return _positive(_product(np.abs(self.d), self.W.T, self.U.T, 1 / rows[:, None])[:, 0])

    def _balanced(self):
        """(rows, columns): the matrix of A_ij / (rows_i columns_j) has rows and columns of one size, by sums (after Ruiz 2001)."""
        rows = columns = _positive(np.sqrt(np.abs(self.d) + np.einsum("ik,ki->i", np.abs(self.U), np.abs(self.W))))
        for _ in range(ROUNDS):
            sums = _positive(self._size(1 / columns[:, None])[:, 0] / rows)
            if sums.max(initial=1) <= SPREAD * sums.min(initial=1):
                break
            rows = rows * np.sqrt(sums)
            columns = columns * np.sqrt(self._columns(rows) / columns)
        return rows, columns

    @cached_property
    def _chosen(self):
        """(place of the form to be tried first, the form or None, what is wrong with the matrix)."""
        with np.errstate(all="ignore"):
            ones = np.ones_like(np.abs(self.d))
            rows = _positive(self._size(ones[:, None])[:, 0])
            sums = self._columns(rows)
            if sums.max(initial=1) <= MILD * sums.min(initial=1):
                self.scales, self.floor = (rows, ones), rows.min(initial=np.inf)
                found = self._choice()
                if not found[2]:
                    return found
            self.scales, self.floor = self._balanced(), 0.0
            self._forms = {k: form for k, form in self._forms.items() if k == 0}  # the one that has no scales
            return self._choice()

    def _choice(self):
        usable, last, error = None, None, "Singular matrix"
        rows, columns = self.scales
        b = probe(rows).astype(self.dtype)
        norm = 1 if self.floor else (self._size(1 / columns[:, None])[:, 0] / rows).max(initial=0)
        for k in range(len(FORMS)):
            found = self._solution(k, b)
            last = self._forms[k] or last
            if found is None:
                error = error if self._forms[k] is None else LOST
                continue
            first, x = found
            grown, moved = np.abs(columns[:, None] * x).max(initial=0), 0.0 if x is first else np.abs(columns[:, None] * (x - first)).max()
            condition = norm * grown
            if condition * self.eps > SUSPECT:  # a step of inverse iteration, for what `b` may have little of
                again = self._solution(k, (rows * columns)[:, None] * x / grown)
                condition = max(condition, 0 if again is None else norm * np.abs(columns[:, None] * again[1]).max())
            if condition * NOISE * self.eps > 1:
                self.divided = not self.floor and k == 0 and self._forms[0].is_regular()
                if self.divided:
                    return k, last, ""
                return k, last, "Singular matrix, or one that is singular but for rounding"
            usable = k
            if moved <= LOSS * self.eps * condition * grown:
                return k, last, ""
        return (len(FORMS), last, error) if usable is None else (usable, self._forms[usable], "")

    def _solution(self, k, b):
        """(the solution of a form, that refined); None where the form has none, or none that is accurate."""
        if k not in self._forms:
            self._forms[k] = FORMS[k].made(self)
        form = self._forms[k]
        if form is None:
            return None
        try:
            first = x = form.solve(b)
        except np.linalg.LinAlgError:
            return None
        tolerance = (ROUNDING + self.U.shape[1]) * self.eps
        for step in range(STEPS + 1):
            r = self._residual(b, x)
            error, grown = np.abs(r), np.abs(x)
            if self.floor and (error.max(axis=0) <= tolerance * self.floor * grown.max(axis=0)).all():  # the usual case, a cheap one
                return first, x
            size = np.abs(b) + self._size(grown)
            if (error <= tolerance * size).all():
                return first, x
            if step < STEPS:
                x = x + form.solve(r)
        rows, columns = self.scales
        size += rows[:, None] * (columns[:, None] * np.abs(x)).max(axis=0)
        return (first, x) if (error <= tolerance * size).all() else None


class Woodbury:
    """(D + U W)^-1 = D^-1 - D^-1 U (I + W D^-1 U)^-1 W D^-1, det = det D det(I + W D^-1 U)."""

    def __init__(self, d, U, W):
        self.d, self.U, self.W = d, U, W
        self.small = np.eye(len(W), dtype=np.result_type(d, U, W)) + W @ (U / d[:, None])
        self.inner = Factor(self.small, checked=False)

    @classmethod
    def made(cls, A):
        return cls(A.d, A.U, A.W) if A.d.all() and (len(A.W) < len(A.d) or not A.d.size) else None

    def is_regular(self):
        """Whether the small system is not singular but for rounding: of a small d the whole may be, with a solution all the same."""
        parts = np.eye(len(self.W)) + np.abs(self.W) @ np.abs(self.U / self.d[:, None])
        try:
            check_regular(self.small, self.inner.solve, parts)
        except np.linalg.LinAlgError:
            return False
        return True

    def solve(self, b):
        first = b / self.d[:, None]
        return first - (self.U @ self.inner.solve(self.W @ first)) / self.d[:, None]

    def slogdet(self):
        (s, a), (t, c) = slogdet_of_diagonal(self.d), self.inner.slogdet()
        return s * t, a + c


class Eliminated:
    """Rows S, as many as U has columns, take U out of the other rows R, and D_R alone is divided by.

    S are the pivot rows of D^-1 U, those whose d is small beside U: with their multipliers M = U_R U_S^-1 the rows R are
    D_R x_R = b_R - M b_S + M D_S x_S, where D_R^-1 M D_S has entries of at most about 1, and the rows S are then a small system for x_S.
    All of it in the matrix with rows and columns of one size. det = that of the small system times those of D_R and the scales.
    """

    def __init__(self, A):
        rows, columns = A.scales
        r, self.scales = len(A.W), (rows[:, None], columns[:, None])
        d, U, W = A.d / rows / columns, A.U / rows[:, None], A.W / columns
        nearly = np.where(np.abs(d) > A.eps**2, d, d.dtype.type(A.eps**2))  # for the choice, and scaled back: zeros are chosen first
        factors, pivots = lu(U / nearly[:, None])
        order = np.arange(len(d))
        for i, p in enumerate(pivots):
            order[[i, p]] = order[[p, i]]
        self.S, self.R = S, R = order[:r], order[r:]
        unit = solve_triangular(factors[:r].T, factors[r:].T, unit_diagonal=True, check_finite=False).T
        self.M = nearly[R, None] * unit / nearly[S]
        self.d, self.U, self.W = d[R, None], U[S], W[:, R]
        self.T = self.M * d[S] / self.d
        self.inner = Factor(np.diag(d[S]) + self.U @ (W[:, S] + self.W @ self.T), checked=False)

    @classmethod
    def made(cls, A):
        fits = np.count_nonzero(A.d == 0) <= len(A.W) < len(A.d) and len(A.W)
        found = cls(A) if fits else None
        return found if found is not None and found.d.all() else None

    def solve(self, b):
        rows, columns = self.scales
        b = b / rows
        first = (b[self.R] - self.M @ b[self.S]) / self.d
        x = np.empty(b.shape, np.result_type(first, self.U))
        x[self.S] = self.inner.solve(b[self.S] - self.U @ (self.W @ first))
        x[self.R] = first + self.T @ x[self.S]
        return x / columns

    def slogdet(self):
        (s, a), (t, c) = slogdet_of_diagonal(self.d[:, 0]), self.inner.slogdet()
        return s * t, a + c + sum(np.log(scale).sum() for scale in self.scales)


class Whole:
    """The matrix itself, where it is no larger than U or has few rows."""

    def __init__(self, A):
        rows, columns = A.scales
        self.scales = rows[:, None], columns[:, None]
        matrix = (A.U / rows[:, None]) @ (A.W / columns)
        matrix[np.diag_indices_from(matrix)] += A.d / rows / columns
        self.inner = Factor(matrix, checked=False)

    @classmethod
    def made(cls, A):
        return cls(A) if len(A.d) <= max(DENSE, len(A.W)) else None

    def solve(self, b):
        rows, columns = self.scales
        return self.inner.solve(b / rows) / columns

    def slogdet(self):
        sign, logarithm = self.inner.slogdet()
        return sign, logarithm + sum(np.log(scale).sum() for scale in self.scales)


FORMS: tuple[Any, ...] = (Woodbury, Eliminated, Whole)
LOST = "Singular matrix, or one of a scale at which its solution is lost in rounding"


def _product(d, U, W, x):
    """(d + |U| |W|) x."""
    inner: Any = sum(np.abs(W[:, i : i + BLOCK]) @ x[i : i + BLOCK] for i in range(0, len(d), BLOCK))
    found = d[:, None] * x
    for i in range(0, len(d), BLOCK):
        found[i : i + BLOCK] += np.abs(U[i : i + BLOCK]) @ inner
    return found


def _positive(scale):
    return np.where(np.isfinite(scale) & (scale > 0), scale, scale.dtype.type(1))
