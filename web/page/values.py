"""The check of derivatives by differences with many digits: what the page has in place of NumPy, by the values of `sympy_matcalc.precise`.

What has no value there is not checked, and the page says so.
"""

import random

import sympy as sp
from mpmath import mp, mpf

from sympy_matcalc.precise import NO_VALUE, Precise, UnknownNodeError

DIGITS = 40
FIRST, SECOND = mpf(10) ** -13, mpf(10) ** -9  # steps of first and second differences
DIRECTIONS = 3
SIZES = (3, 4, 2, 5)
GENERAL = {"invertible", "fullrank"}  # what every random square matrix here is
DEFINITE = {"symmetric", "positive_definite"}  # what (M + M')/2 is too, with its large diagonal
TRIANGULAR = {"lower_triangular", "upper_triangular"}


class Point:
    """Random values of symbols, of sizes that differ; square matrices have a positive determinant and what is stated of them, no more."""

    def __init__(self, symbols, facts):
        self.unmet, symbols, self.generator = "", list(symbols), random.Random(0)
        sizes = sorted({s for x in symbols for d in getattr(x, "shape", ()) for s in d.free_symbols}, key=str)
        with mp.workdps(DIGITS):
            self.env = {s: mpf(SIZES[k % len(SIZES)]) for k, s in enumerate(sizes)}
            for x in symbols:
                self.env.setdefault(x, self._value(x, facts.stated.get(x, set())))
        self.sizes = ", ".join(f"{s} = {int(self.env[s])}" for s in sizes)

    def _value(self, x, stated):
        if not isinstance(x, sp.MatrixSymbol):
            return mpf(self.generator.uniform(0.5, 1.5))
        m, n = Precise(self.env).shape(x)
        M = self.random(m, n) + (2 * n * mp.eye(n) if m == n > 1 else mp.zeros(m, n))
        if not stated - GENERAL:
            return M
        if stated <= GENERAL | DEFINITE:
            return (M + M.T) / 2
        if stated <= GENERAL | DEFINITE | {"diagonal"} | TRIANGULAR:
            lower = "diagonal" not in stated and "lower_triangular" in stated
            upper = "diagonal" not in stated and not lower
            return mp.matrix([[M[i, j] if i == j or (i > j and lower) or (i < j and upper) else 0 for j in range(n)] for i in range(m)])
        self.unmet = f"not checked: the page makes no random matrix that is {', '.join(sorted(stated - GENERAL))}"
        return M

    def random(self, m, n):
        return mp.matrix([[mpf(self.generator.uniform(0.3, 1.2)) for _ in range(n)] for _ in range(m)])

    def along(self, f, X, moves):
        """The values of f where X is moved by these steps."""
        return [Precise({**self.env, X: self.env[X] + step}).value(f) for step in moves]

    def direction(self, X):
        at = self.env[X]
        return self.random(at.rows, at.cols) if isinstance(at, mp.matrix) else mpf(1)

    def check(self, f, X, gradient):
        """(whether the gradient is that of f by differences, in words); None where a node has no value here."""

        def compared():
            mine = Precise(self.env).value(gradient)
            for _ in range(DIRECTIONS):
                V = self.direction(X)
                ahead, behind = map(scalar, self.along(f, X, (FIRST * V, -FIRST * V)))
                yield inner(mine, V), (ahead - behind) / (2 * FIRST)

        return self._judged(compared, f"along {DIRECTIONS} directions")

    def check_jacobian(self, f, X, jacobian):
        """The same of a column by a column."""
        if is_wide(X) or f.shape[1] != 1:
            return None, "not checked: in the page only derivatives of numbers and columns by numbers and columns are"

        def compared():
            mine = Precise(self.env).value(jacobian)
            for _ in range(DIRECTIONS):
                V = self.direction(X)
                ahead, behind = self.along(f, X, (FIRST * V, -FIRST * V))
                yield from zip(mine * V, (ahead - behind) / (2 * FIRST))

        return self._judged(compared, f"along {DIRECTIONS} directions")

    def check_hessian(self, f, X, hessian):
        """The same of a Hessian, that of a matrix by its columns under one another, by second differences of f itself."""

        def compared():
            mine = Precise(self.env).value(hessian)
            for _ in range(DIRECTIONS):
                U, V = self.direction(X), self.direction(X)
                moves = [SECOND * (a * U + b * V) for a in (1, -1) for b in (1, -1)]
                pp, pm, mp_, mm = map(scalar, self.along(f, X, moves))
                yield scalar(transposed(stacked(U)) * mine * stacked(V)), (pp - pm - mp_ + mm) / (4 * SECOND**2)

        return self._judged(compared, f"along {DIRECTIONS} pairs of directions")

    def _judged(self, compared, where):
        if self.unmet:
            return None, self.unmet
        try:
            with mp.workdps(DIGITS):
                error = max(abs(found - slope) / max(1, abs(slope)) for found, slope in compared())
        except UnknownNodeError as missing:
            return None, f"not checked: the page has no numbers here, {missing}"
        except NO_VALUE as failure:
            return None, f"not checked: {type(failure).__name__}: {failure}"
        at = f" ({self.sizes})" if self.sizes else ""
        said = f"at a random point{at} {where}: largest relative error {mp.nstr(error, 2)} against differences with {DIGITS} digits"
        return bool(error < mpf(10) ** -12), said


def scalar(x):
    return x[0, 0] if isinstance(x, mp.matrix) else x


def is_wide(X):
    """Whether a variable is a matrix and no column."""
    return isinstance(X, sp.MatrixSymbol) and X.shape[1] != 1


def transposed(M):
    return M.T if isinstance(M, mp.matrix) else M


def stacked(M):
    """The columns of a matrix under one another."""
    return mp.matrix([M[i, j] for j in range(M.cols) for i in range(M.rows)]) if isinstance(M, mp.matrix) else M


def inner(A, B):
    """The sum of the products of the entries of two matrices."""
    if not isinstance(A, mp.matrix) or not isinstance(B, mp.matrix):
        return scalar(A) * scalar(B)
    return sum((A[i, j] * B[i, j] for i in range(A.rows) for j in range(A.cols)), mpf(0))
