"""Random expressions with ones in them, as sums along an axis and deviations from means are typed."""

from typing import Any

from sympy import Identity, OneMatrix, S


class OnesMaker:
    """Mixin of the maker of random expressions: sums with ones."""

    pick: Any
    chance: Any
    size: Any
    matrix: Any

    def _less_mean(self, rows: Any, cols: Any, depth: int) -> Any:
        """A - J A/m, A - A J/n, A - 1 a', A - a 1': less the means of the columns or rows, or less their sums, or something else."""
        A, c = self.matrix(rows, cols, depth - 1), self.pick([rows, cols, S.One, S(2)])
        if self.chance(0.3):
            return A - OneMatrix(rows, 1) * self.matrix(S.One, cols, depth - 2)
        if self.chance(0.3):
            return A - self.matrix(rows, S.One, depth - 2) * OneMatrix(1, cols)
        return A - OneMatrix(rows, rows) * A / c if self.chance(0.5) else A - A * OneMatrix(cols, cols) / c

    def _centred(self, rows: Any, cols: Any, depth: int) -> Any:
        """(I - J/m) A, or with another divisor, once or twice."""
        C = Identity(rows) - OneMatrix(rows, rows) / self.pick([rows, rows, S(2)])
        return C ** self.pick([1, 1, 2]) * self.matrix(rows, cols, depth - 1)

    def _sums_along_an_axis(self, rows: Any, cols: Any, depth: int) -> Any:
        """A 1 as a column, 1' A as a row, otherwise one of these beside ones."""
        k = self.size()
        if rows == 1:
            return OneMatrix(1, k) * self.matrix(k, cols, depth - 1)
        column = self.matrix(rows, k, depth - 1) * OneMatrix(k, 1)
        return column if cols == 1 else column * OneMatrix(1, cols)
