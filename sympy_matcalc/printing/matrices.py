"""Matrix nodes of SymPy other than sums and products."""

from sympy import Integer, MatrixSymbol, Rational
from sympy.matrices.expressions import Adjoint, Identity, Inverse, MatPow, Transpose

from ..nodes import MatrixSqrt
from ..nodes.algebra_text import as_entry
from ..strict import sympified
from . import elementwise
from .binding import ATOM, MUL, POW, binding
from .symbols import Symbols, is_differential

DAGGERS = {"dagger": r"\dagger", "star": r"\ast", "hermitian": r"\mathsf{H}"}


class Matrices(Symbols):
    """Mixin of the printer: matrices."""

    @property
    def transpose_mark(self):
        """The superscript of a transpose."""
        return self._settings["transpose"]

    @property
    def _dagger(self):
        return DAGGERS.get(self._settings.get("adjoint_style"), r"\dagger")

    def superscripted(self, base, superscript):
        """`base` with a superscript, in brackets where it has one already."""
        tex = self._print(base)
        if binding(base) < ATOM or isinstance(base, MatrixSymbol) and ("^" in tex or is_differential(base)):
            tex = rf"\left({tex}\right)"
        return f"{tex}'" if superscript == "'" else f"{tex}^{{{superscript}}}"

    def _print_Transpose(self, expr):
        arg = expr.arg
        if isinstance(arg, Inverse) and self.transpose_mark != "'":
            return self.superscripted(arg.arg, f"-{self.transpose_mark}")
        return self.superscripted(arg, self.transpose_mark)

    def _print_Adjoint(self, expr):
        if isinstance(expr.arg, Inverse):
            return self.superscripted(expr.arg.arg, f"-{self._dagger}")
        if isinstance(expr.arg, Transpose):  # as SymPy writes the conjugate
            return rf"\overline{{{self._print(expr.arg.arg)}}}"
        return self.superscripted(expr.arg, self._dagger)

    def _print_Conjugate(self, expr):
        return rf"\overline{{{self._print(expr.args[0])}}}"

    def _print_Permanent(self, expr):
        return rf"\operatorname{{perm}}\left({self._print(expr.arg)}\right)"

    def _print_MatPow(self, expr):
        base, exponent = expr.base, sympified(expr.exp)
        if exponent == -1 and isinstance(base, Transpose) and self.transpose_mark != "'":
            return self.superscripted(base.arg, f"-{self.transpose_mark}")
        if exponent == -1 and isinstance(base, Adjoint):
            return self.superscripted(base.arg, f"-{self._dagger}")
        if exponent == -1 and isinstance(base, MatPow) and not isinstance(base, Inverse) and base.exp.is_number:
            base, exponent = base.base, -base.exp
        elif isinstance(base, MatrixSqrt) and exponent.is_Rational:
            base, exponent = base.arg, exponent / 2
        return self.superscripted(base, self._exponent(exponent))

    _print_Inverse = _print_MatPow

    def _exponent(self, exponent):
        return f"{exponent.p}/{exponent.q}" if isinstance(exponent, Rational) and exponent.q != 1 else self._print(exponent)

    def _print_HadamardPower(self, expr):
        base, exponent = expr.base, expr.exp
        simple = exponent.is_Rational or binding(exponent) >= POW
        text = self._exponent(exponent) if simple else rf"\left({self._print(exponent)}\right)"
        if base.is_Matrix:
            return self.superscripted(base, rf"\odot {text}")
        return rf"{self.parenthesize(base, POW)}^{{\odot {text}}}"

    def _print_ElementwiseApplyFunction(self, expr):
        return elementwise.spelled(self, expr)

    # ---- constants
    def _print_Identity(self, expr):
        return self.letter("I") + self._size(expr)

    def _print_ZeroMatrix(self, expr):
        return r"\mathbf{0}" + self._size(expr)

    def _print_OneMatrix(self, expr):
        r"""A column is `\mathbf{1}`, a row its transpose, a matrix shows its sizes."""
        rows, cols = expr.shape
        if rows == 1 and cols != 1:
            size = f"_{{{self._print(cols)}}}" if self._settings["show_sizes"] else ""
            return rf"\mathbf{{1}}{size}'" if self.transpose_mark == "'" else rf"\mathbf{{1}}{size}^{{{self.transpose_mark}}}"
        return r"\mathbf{1}" + self._size(expr, always=cols != 1)

    def _size(self, expr, always=False):
        if not (always or self._settings["show_sizes"]):
            return ""
        rows, cols = map(self._print, expr.shape)
        one_number = isinstance(expr, Identity) or expr.shape[1] == 1 != expr.shape[0]
        return f"_{{{rows}}}" if one_number else rf"_{{{rows} \times {cols}}}"

    # ---- scalars and parts of matrices
    def _print_Trace(self, expr):
        return rf"\operatorname{{tr}}\left({self._print(expr.arg)}\right)"

    def _print_DiagMatrix(self, expr):
        r"""The matrix with a vector on its diagonal: `\operatorname{diag}\left(x\right)`."""
        return rf"\operatorname{{diag}}\left({self._print(expr.args[0])}\right)"

    def _print_DiagonalOf(self, expr):
        r"""The diagonal of a matrix as a column; not `diag`, which makes a matrix of a vector."""
        return rf"\operatorname{{vecdiag}}\left({self._print(expr.args[0])}\right)"

    def _print_DiagonalMatrix(self, expr):
        r"""A matrix with what is off its diagonal made zero: `X \odot I`."""
        size = f"_{{{self._print(expr.shape[0])}}}" if self._settings["show_sizes"] else ""
        return rf"{self.parenthesize(expr.args[0], MUL)} \odot {self.letter('I')}{size}"

    def _print_BlockMatrix(self, expr):
        return self._print(expr.blocks.applyfunc(as_entry))

    def _print_BlockDiagMatrix(self, expr):
        return rf"\operatorname{{blockdiag}}\left({', '.join(map(self._print, expr.args))}\right)"

    def _print_MatrixElement(self, expr):
        """An entry; of a vector with one index, and of a 1 x 1 matrix the matrix itself."""
        parent, (i, j) = expr.parent, expr.args[1:]
        if parent.shape == (1, 1):
            return self._print(parent)
        index = [i] if parent.shape[1] == 1 and j == 0 else [j] if parent.shape[0] == 1 and i == 0 else [i, j]
        tex = self._print(parent)
        plain = isinstance(parent, MatrixSymbol) and not ("_" in tex or "^" in tex or is_differential(parent))
        return (tex if plain else rf"\left({tex}\right)") + self.subscript(*index)

    def _print_MatrixSlice(self, expr):
        r"""Rows and columns as a program has them, from and up to but not with; with `index_base=1` from and to: `A_{:,2}`, `A_{1:3,0}`."""
        parent = expr.parent
        spans = [self._span(part, size) for part, size in zip((expr.rowslice, expr.colslice), parent.shape)]
        if parent.shape[1] == 1:
            spans = spans[:1]
        elif parent.shape[0] == 1:
            spans = spans[1:]
        tex = self._print(parent)
        plain = isinstance(parent, MatrixSymbol | Identity) and not ("_" in tex or "^" in tex)
        return f"{tex if plain else self._bracketed(tex)}_{{{','.join(spans)}}}"

    def _bracketed(self, tex):
        return rf"\left({tex}\right)"

    def _span(self, part, size):
        (start, stop, step), base = map(sympified, part), self._settings["index_base"]
        if step == 1 and stop - start == 1:
            return self._print(start + base)
        first = "" if start == 0 else self._print(start + base)
        last = "" if stop == size else self._print(stop)  # up to but not with stop is to stop where one counts from 1
        return f"{first}:{last}" if step == 1 else f"{first}:{last}:{self._print(step)}"

    def subscript(self, *index):
        """Indices, counted from `index_base`."""
        base = Integer(self._settings["index_base"])
        return self.joined([i + base for i in index])

    def joined(self, index):
        """A subscript of indices; commas where two of them side by side could be misread."""
        shown = [self._print(i) for i in index]
        letters = all(len(s) == 1 and s.isalpha() for s in shown)
        return f"_{{{('' if letters else ',').join(shown)}}}"

    def _print_FunctionMatrix(self, expr):
        (i, j), base = expr.lamda.variables, self._settings["index_base"]
        body = expr.lamda.expr.xreplace({i: i - base, j: j - base}) if base else expr.lamda.expr
        return rf"\left[{self._print(body)}\right]_{{{self._print(i)},{self._print(j)}}}"
