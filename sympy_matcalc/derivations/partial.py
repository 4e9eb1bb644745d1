r"""`Partial`: a partial derivative or Jacobian that has not been written out yet, of a named intermediate variable by another."""

from typing import Any

from sympy import Basic, Expr, MatrixSymbol, S, Symbol, false, true
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.stringpict import prettyForm

from ..api.derivatives import jacobian
from ..kernel.shapes import is_matrix


class Partial(Basic):
    """``Partial(u, part, v)``: the Jacobian of a part, which is called u, by v, in numerator layout: rows of the part, columns of v.

    u, v: a Symbol, or a MatrixSymbol with one column. total: whether no other variable is held fixed, which is printed with another d.
    ``doit()`` writes it out. A scalar by a scalar is a scalar, all others are matrices.
    """

    def __new__(cls, name: Any, part: Any, variable: Any, total: Any = False) -> "Partial":
        kind = MatrixPartial if is_matrix(name) or is_matrix(variable) else ScalarPartial
        return Basic.__new__(kind, name, part, variable, true if total else false)

    precedence = PRECEDENCE["Pow"]  # a fraction: in brackets below a superscript

    @property
    def name(self) -> Any:
        """u."""
        return self.args[0]

    @property
    def part(self) -> Any:
        """What u is."""
        return self.args[1]

    @property
    def variable(self) -> Any:
        """v."""
        return self.args[2]

    @property
    def free_symbols(self) -> set:
        return set(self.part.free_symbols | self.variable.free_symbols)

    def doit(self, **hints: Any) -> Any:
        """The Jacobian written out."""
        return jacobian(self.part, self.variable)

    @property
    def is_total(self) -> bool:
        return bool(self.args[3])

    def _latex(self, printer: Any, exp: Any = None) -> str:
        d, u, v = r"\mathrm{d}" if self.is_total else r"\partial", printer._print(self.name), printer._print(self.variable)
        return rf"\frac{{{d} {u}}}{{{d} {v}}}"

    def _sympystr(self, printer: Any) -> str:
        u, v = printer._print(self.name), printer._print(self.variable)
        return f"d{u}/d{v}" if self.is_total else f"D({u}, {v})"

    def _pretty(self, printer: Any) -> Any:
        return prettyForm(self._sympystr(printer))


class ScalarPartial(Partial, Expr):
    """The derivative of a scalar by a scalar."""

    is_commutative = True


class MatrixPartial(Partial, MatrixExpr):
    """A Jacobian with a row or a column, or, in its place in a product, the derivative of a scalar by a scalar."""

    is_commutative = False

    @property
    def shape(self) -> tuple:
        return tuple(e.shape[0] if is_matrix(e) else S.One for e in (self.name, self.variable))

    def _entry(self, i: Any, j: Any, **options: Any) -> Any:
        return MatrixElement(self, i, j)


def named(name: str, like: Any) -> Any:
    """A symbol of the shape of a scalar or a column."""
    return MatrixSymbol(name, *like.shape) if is_matrix(like) else Symbol(name, real=True)
