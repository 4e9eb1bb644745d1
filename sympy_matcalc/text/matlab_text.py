"""From SymPy to MATLAB's spelling: ``x'*A*x``, ``sum(X, 'all')``, ``A(:, 1)``."""

from typing import Any

from sympy import Identity, OneMatrix, Trace, Transpose, ZeroMatrix

from ..nodes import (
    Cholesky,
    ElementMax,
    ElementMin,
    ElementProduct,
    ElementSum,
    InfinityNorm,
    Lyapunov,
    Mean,
    Norm,
    OneNorm,
    RowMax,
    RowMin,
    RowProduct,
    RowSum,
    SpectralNorm,
    Unvec,
    Vec,
)
from .respelled import Respelled, respelled
from .writer import TextPrinter

OF_ALL = {ElementSum: "sum", ElementProduct: "prod", Mean: "mean", ElementMax: "max", ElementMin: "min"}
OF_ROWS = {RowSum: "sum", RowProduct: "prod", RowMax: "max", RowMin: "min"}
EXTREMES = ("max", "min")  # whose second argument is what they compare with
INDUCED = {SpectralNorm: "2", OneNorm: "1", InfinityNorm: "inf"}
FILLED = {OneMatrix: "ones", ZeroMatrix: "zeros"}


class MatlabText(TextPrinter):
    """The words of MATLAB where the grammar's mean something else there, or nothing.

    `ones(n)` is square, the norm of a matrix is the spectral one, `sum`, `max` and their kind are of each column, the Cholesky factor
    is the upper one. Entries are counted from 1, and a range ends with its last.
    """

    def _print(self, expr, **kwargs):
        writer = WRITERS.get(type(expr))
        text = None if writer is None else writer(self, expr)
        return super()._print(expr, **kwargs) if text is None else text

    def of_all(self, expr):
        """``sum(X, 'all')``; of a vector it is the same in both."""
        word = OF_ALL[type(expr)]
        return None if 1 in expr.arg.shape else self.along(word, expr.arg, '"all"')

    def of_rows(self, expr):
        return self.along(OF_ROWS[type(expr)], expr.arg, "2")

    def transposed(self, expr):
        """``sum(X, 1)`` for the row of the sums of the columns."""
        inner = expr.arg
        if type(inner) in OF_ROWS and isinstance(inner.arg, Transpose):
            return self.along(OF_ROWS[type(inner)], inner.arg.arg, "1")
        return None

    def along(self, word, matrix, dimension):
        return f"{word}({self._print(matrix)}, {'[], ' if word in EXTREMES else ''}{dimension})"

    def filled(self, expr):
        return f"{FILLED[type(expr)]}({', '.join(map(self._print, expr.args))})"

    def identity(self, expr):
        return f"eye({self._print(expr.args[0])})"

    def trace(self, expr):
        return f"trace({self._print(expr.arg)})"

    def vec(self, expr):
        return f"{self._print(expr.arg)}(:)" if expr.arg.is_symbol else f"reshape({self._print(expr.arg)}, [], 1)"

    def unvec(self, expr):
        return f"reshape({', '.join(map(self._print, expr.args))})"

    def norm(self, expr):
        """That of all entries, which of a matrix MATLAB has by a word for the power 2 alone."""
        if 1 in expr.args[0].shape:
            return None
        if len(expr.args) == 1:
            return f'norm({self._print(expr.args[0])}, "fro")'
        return f"norm({self.vec(Vec(expr.args[0]))}, {self._print(expr.args[1])})"

    def induced(self, expr):
        return f"norm({self._print(expr.arg)}, {INDUCED[type(expr)]})"

    def cholesky(self, expr):
        return f'chol({self._print(expr.arg)}, "lower")'

    def lyapunov(self, expr):
        """MATLAB's has the other sign."""
        return f"lyap({self._print(expr.args[0])}, {self._print(-expr.args[1])})"

    def _print_MatrixElement(self, expr):
        """``A(1, 2)``; what is no name has no entries in MATLAB."""
        parent, *index = expr.args
        if not parent.is_symbol:
            return super()._print_MatrixElement(expr)
        return f"{self._print(parent)}({', '.join(self._print(k + 1) for k in (index[:1] if parent.shape[1] == 1 else index))})"

    def _print_MatrixSlice(self, expr):
        parent, *ranges = expr.args
        if not parent.is_symbol or any(step != 1 for _, _, step in ranges):
            return super()._print_MatrixSlice(expr)
        axes = [self.range(start, stop, size) for (start, stop, _), size in zip(ranges, parent.shape)]
        return f"{self._print(parent)}({', '.join(axes[: 1 + (parent.shape[1] != 1)])})"

    def range(self, start, stop, size):
        """A range of an axis, its last entry included; of a single index that index."""
        if stop - start == 1 and size != 1:
            return self._print(start + 1)
        if (start, stop) == (0, size):
            return ":"
        short = stop - size
        end = "end" if short == 0 else f"end - {-short}" if short.is_Integer and short < 0 and not stop.is_Integer else self._print(stop)
        return f"{self._print(start + 1)}:{end}"


WRITERS: dict[type, Any] = {
    **dict.fromkeys(OF_ALL, MatlabText.of_all),
    **dict.fromkeys(OF_ROWS, MatlabText.of_rows),
    **dict.fromkeys(INDUCED, MatlabText.induced),
    **dict.fromkeys(FILLED, MatlabText.filled),
    Transpose: MatlabText.transposed,
    Identity: MatlabText.identity,
    Trace: MatlabText.trace,
    Vec: MatlabText.vec,
    Unvec: MatlabText.unvec,
    Norm: MatlabText.norm,
    Cholesky: MatlabText.cholesky,
    Lyapunov: MatlabText.lyapunov,
}


class Matlab(Respelled):
    """``x'*A*x``, ``x.*y``, ``x.^2``, ``inv(X)``, ``[A, B; C, D]``."""

    printer = MatlabText
    signs = {"POWER": "^"}
    suffixes = {"T": "'", "H": "'"}
    infix = {"had": ".*", "hpow": ".^"}

    def attribute(self, text, name):
        return f"inv({bare(text)})" if name == "I" else super().attribute(text, name)

    def called(self, name, tree):
        rows = tree.children[0] if name in ("block", "Matrix") and len(tree.children) == 1 else None
        if rows is None or getattr(rows, "data", "") != "rows":
            return super().called(name, tree)
        lines = [cell for row in rows.children for cell in row.children]  # each a list of its own
        return "[" + "; ".join(", ".join(map(self.spelled, line.children[0].children)) for line in lines) + "]"

    def write_text(self, tree):
        return "'" + self.source.text[tree.meta.start_pos + 1 : tree.meta.end_pos - 1] + "'"


def bare(text: str) -> str:
    """Without brackets that stand around the whole of it."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and i < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text


def to_matlab(expr: Any) -> str:
    """`expr` in MATLAB's spelling, which `parse(..., syntax="matlab")` reads again; what MATLAB has no word for has the grammar's.

    >>> from sympy_matcalc.text import parse
    >>> to_matlab(parse("had(x, y).T*A.I*hpow(x, 2)*sum(B)")[0])
    "sum(B, 'all')*(x.*y)'*inv(A)*(x.^2)"
    """
    return respelled(Matlab, expr)
