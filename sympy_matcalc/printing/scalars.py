"""Scalars of matrices: determinants and their logarithms, derivatives, sums over entries."""

from sympy import Abs, Add, Dummy, MatrixSymbol, S, Symbol
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import BlockMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes.algebra_text import as_entry
from . import elementwise
from .binding import MUL, is_log_det
from .products import Products

LETTERS = "ijklpqrst"  # of indices


class Scalars(Products):
    """Mixin of the printer: scalars."""

    def _print_Determinant(self, expr):
        r"""`\det X`; `\det\left(X\right)` for what is not a symbol, and as a factor."""
        matrix = expr.arg
        if self._settings["determinant"] == "bars":
            blocks = matrix.blocks.applyfunc(as_entry) if isinstance(matrix, BlockMatrix) else matrix
            inner = self._print_matrix_contents(blocks) if isinstance(blocks, MatrixBase) else self._print(matrix)
            return rf"\left|{inner}\right|"
        inner = self._print(matrix)
        return rf"\det {inner}" if matrix.is_symbol and self.stands_alone else rf"\det\left({inner}\right)"

    def _print_log(self, expr, exp=None):
        r"""`\log\det X` of a determinant, `\log\left|\det X\right|` of its absolute value."""
        if not is_log_det(expr):
            return super()._print_log(expr, exp)
        name = r"\ln" if self._settings["ln_notation"] else r"\log"
        inner = expr.args[0]
        tex = rf"{name}\left|{self._print(inner.args[0])}\right|" if isinstance(inner, Abs) else name + self._print(inner)
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"

    def _print_Heaviside(self, expr, exp=None):
        """With its value at zero, which SymPy's `theta` does not show, unless that is 0."""
        tex = rf"{elementwise.step(self, expr)}\left({self._print(expr.args[0])}\right)"
        return tex if exp is None else f"{tex}^{{{exp}}}"

    def _print_loggamma(self, expr, exp=None):
        tex = rf"{elementwise.LOG_GAMMA}\left({self._print(expr.args[0])}\right)"
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"

    def _print_polygamma(self, expr, exp=None):
        r"""`\psi` of digamma, `\psi^{\left(k\right)}` of its derivatives."""
        tex = rf"{elementwise.psi(self, expr)}\left({self._print(expr.args[1])}\right)"
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"

    def _print_Pow(self, expr):
        r"""`\frac{1}{s^{3/2}}` for `s^{-3/2}`, which SymPy writes so where it has another factor."""
        if expr.exp.is_Rational and expr.exp.is_negative and not expr.exp.is_Integer and expr.exp != -S.Half and expr.base.is_commutative:
            return rf"\frac{{1}}{{{self._print(1 / expr)}}}"
        return super()._print_Pow(expr)

    # ---- derivatives
    def _print_Derivative(self, expr):
        """As SymPy's, without its search for a minus sign, which evaluates matrix products."""
        symbol = self._derivative_symbol(expr)
        order = sum(count for _, count in expr.variable_count)
        below = r"\, ".join(self._differential_of(symbol, x, count) for x, count in reversed(expr.variable_count))
        above = symbol if order == 1 else f"{symbol}^{{{self._print(order)}}}"
        body = self.parenthesize(expr.expr, MUL, strict=True)
        return rf"\frac{{{above}}}{{{below}}} {body}"

    def _derivative_symbol(self, expr):
        inner = expr.expr
        several = len([s for s in inner.free_symbols if not s.is_integer]) > 1
        matrix = getattr(inner, "is_Matrix", False) or any(
            getattr(x, "is_Matrix", False) or isinstance(x, MatrixElement) for x in expr.variables
        )
        return r"\partial" if several or matrix else self._settings["diff_operator_latex"]

    def _differential_of(self, symbol, x, count):
        tex = self._print(x)
        if count != 1:
            tex = f"{self.parenthesize_super(tex)}^{{{self._print(count)}}}"
        return f"{symbol} {tex}"

    # ---- sums over entries
    def _print_Sum(self, expr):
        return self._big_operator(r"\sum", expr)

    def _print_Product(self, expr):
        return self._big_operator(r"\prod", expr)

    def _big_operator(self, sign, expr):
        """One sign a limit, the outermost first; SymPy stacks the limits of a double sum under one."""
        expr = _counted_from(_with_letters(expr), self._settings["index_base"])
        signs = (f"{sign}_{{{self._print(s)}={self._print(a)}}}^{{{self._print(b)}}} " for s, a, b in reversed(expr.limits))
        return "".join(signs) + self.parenthesize(expr.function, MUL, strict=True)


def _with_letters(expr):
    """A sum whose indices no one has named, SymPy's own, with letters that nothing in it has."""
    unnamed = [limit[0] for limit in reversed(expr.limits) if isinstance(limit[0], Dummy)]
    if not unnamed:
        return expr
    taken = {s.name for s in expr.atoms(Symbol, MatrixSymbol) if s not in unnamed}
    letters = (letter + number for number in ("", *map(str, range(1, 1000))) for letter in LETTERS)
    free = (letter for letter in letters if letter not in taken)
    new = {s: Symbol(next(free), integer=True) for s in unnamed}
    return expr.func(_replaced(expr.function, new), *((new.get(s, s), *(_replaced(a, new) for a in ends)) for s, *ends in expr.limits))


def _counted_from(expr, base):
    """A sum with the indices of entries counted from `base` in place of 0: in the body, and in limits that have them, i is i - base."""
    if not base:
        return expr
    used = {s for e in expr.function.atoms(MatrixElement) for at in e.args[1:] for s in at.free_symbols}
    bound = {lim[0]: lim[0] - base for lim in expr.limits if lim[0] in used}
    if not bound:
        return expr
    limits = [(s, *(Add(_replaced(a, bound), base if s in bound else 0) for a in ends)) for s, *ends in expr.limits]
    return expr.func(_replaced(expr.function, bound), *limits)


def _replaced(e, new):
    """`xreplace` that leaves what a sum or a function inside binds by the same name."""
    if e in new:
        return new[e]
    hidden = set(getattr(e, "bound_symbols", ()))
    new = {old: value for old, value in new.items() if old not in hidden and e.has(old)} if e.args else {}
    return e.func(*(_replaced(a, new) for a in e.args)) if new else e
