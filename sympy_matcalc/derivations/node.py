r"""`Differential`: the differential of a part of an expression that has not been written out yet, d(X'X)."""

from typing import Any

from sympy import Basic, Determinant, Expr, Function, MatrixSymbol, Max, Min, Pow, S, Symbol, Trace, exp
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.printing.pretty.stringpict import prettyForm

from ..api.derivatives import linear_in
from ..api.directional import symbols_in
from ..api.variables import sizes_in, variable_of
from ..canonical.form import as_scalar, leaf, prepares
from ..canonical.scalars import handles
from ..errors import ShapeError, UnsupportedVariableError
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.session import session
from ..kernel.shapes import is_matrix
from ..kernel.walks import holds
from ..nodes import AsMatrix, Einsum
from ..nodes.arrays import is_array_expression, is_array_symbol
from ..nodes.base import ScalarOfMatrix
from ..notation.present import as_one_by_one
from ..typed_input import as_differentiable


class Differential(Basic):
    r"""``Differential(part, X)``: d(part), the differential of a scalar or a matrix as X moves by dX, linear in dX, of the same shape.

    X: MatrixSymbol, Symbol or entry ``X[i, j]``; it may be left out where the part has one symbol only. dX: the symbol that stands for the
    differential of X, by default what `mc.differential` calls it. ``doit()`` writes it out. What is put in for X is put in after that.
    Errors: ShapeError for an array of three axes or more; UnsupportedVariableError for a variable that is none, or a dX of another shape.
    Source: Magnus & Neudecker, ch. 5.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n)
    >>> mc.Differential(X.T*A*X, X)
    d(X.T*A*X)
    >>> mc.Differential(X.T*A*X, X).doit()
    X.T*A*dX + dX.T*A*X
    >>> print(mc.latex(mc.Differential(X.T*A*X, X)))
    \mathrm{d}\left(X^{\top} A X\right)
    """

    def __new__(cls, part: Any, X: Any = None, dX: Any = None) -> "Differential":
        part = as_differentiable(part)
        if isinstance(part, Einsum) and not isinstance(part, Expr) or is_array_expression(part):
            raise ShapeError(f"`Differential` holds a scalar or a matrix, got an array: `{part}`; take `mc.differential` of it")
        X = _only_symbol(part) if X is None else variable_of(X)
        dX = name_of_differential(part, X) if dX is None else _checked(dX, X)
        return differential(part, X, dX)

    @property
    def part(self) -> Any:
        """What this is the differential of."""
        return self.args[0]

    @property
    def variable(self) -> Any:
        """X."""
        return self.args[1]

    @property
    def direction(self) -> Any:
        """dX."""
        return self.args[2]

    def doit(self, **hints: Any) -> Any:
        """The differential written out, as `mc.differential` writes it."""
        part = self.part.doit(**hints) if holds(self.part, (Differential,)) else self.part
        with session():
            found = linear_in(part, [(self.variable, self.direction)])
            return as_one_by_one(found) if is_matrix(self) and not is_matrix(found) else found

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """The variable itself cannot be replaced below the d: the differential is written out first."""
        moves = old in (self.variable, getattr(self.variable, "parent", None))
        return self.doit().subs(old, new) if moves else None

    def _latex(self, printer: Any, exp: Any = None) -> str:
        body = printer._print(self.part)
        if is_plain(self.part):
            return rf"\mathrm{{d}}{body}"
        alone = is_call(self.part) and getattr(printer, "stands_alone", True)  # d tr(X) beside X would be d(tr(X) X)
        return rf"\mathrm{{d}} {body}" if alone else rf"\mathrm{{d}}\left({body}\right)"

    def _sympystr(self, printer: Any) -> str:
        body = printer._print(self.part)
        return f"d{body}" if is_plain(self.part) else f"d({body})"

    def _sympyrepr(self, printer: Any) -> str:
        return f"Differential({', '.join(map(printer._print, self.args))})"

    def _pretty(self, printer: Any) -> Any:
        return prettyForm(*prettyForm("d").right(prettyForm(*printer._print(self.part).parens())))


class ScalarDifferential(Differential, Expr):
    """The differential of a scalar."""

    is_commutative = True
    is_real = True


class MatrixDifferential(Differential, MatrixExpr):
    """The differential of a matrix."""

    is_commutative = False

    @property
    def shape(self) -> tuple:
        return self.part.shape

    def _entry(self, i: Any, j: Any, **options: Any) -> Any:
        return MatrixElement(self, i, j)


def differential(part: Any, X: Any, dX: Any) -> Differential:
    """``Differential(part, X, dX)`` of what was checked already."""
    return Basic.__new__(MatrixDifferential if is_matrix(part) else ScalarDifferential, part, X, dX)


def is_plain(part: Any) -> bool:
    """Whether d stands in front of it without brackets."""
    return isinstance(part, (Symbol, MatrixSymbol))


def is_call(part: Any) -> bool:
    """Whether it is printed as a function of something, and needs no brackets to stand behind a d."""
    is_root = isinstance(part, Pow) and part.exp == S.Half
    return is_root or isinstance(part, (Trace, Determinant, Function, Max, Min, ScalarOfMatrix)) and not isinstance(part, exp)


def name_of_differential(expr: Any, X: Any) -> Any:
    """dX, a symbol that is not in use: a prime more for each that is."""
    with session():
        owner = X.args[0] if isinstance(X, MatrixElement) else X
        taken = {str(s.name) for s in symbols_in(expr)} | {str(s) for s in sizes_in(owner)}
    name = f"d{owner.name}"
    while name in taken:
        name += "'"
    return MatrixSymbol(name, *X.shape) if isinstance(X, (MatrixSymbol, AsMatrix)) else Symbol(name, real=True)


def _checked(dX: Any, X: Any) -> Any:
    expected = MatrixSymbol if isinstance(X, (MatrixSymbol, AsMatrix)) else Symbol
    if not isinstance(dX, expected) or expected is MatrixSymbol and tuple(dX.shape) != tuple(X.shape):
        raise UnsupportedVariableError(f"the differential of `{X}` is a {expected.__name__} of its shape, got `{dX}`")
    return dX


def _only_symbol(part: Any) -> Any:
    """The one symbol of an expression that is no size."""
    with session():
        found = symbols_in(part)
        sizes = {s for M in found if isinstance(M, MatrixSymbol) for size in M.shape for s in size.free_symbols}
    found = {s for s in found - sizes if not is_array_symbol(s)}
    if len(found) != 1:
        names = ", ".join(sorted(f"`{s}`" for s in found)) or "none"
        raise UnsupportedVariableError(f"`Differential({part})` needs a variable, `Differential(part, X)`; the symbols are {names}")
    return found.pop()


@prepares(MatrixDifferential)
def _matrix_leaf(e: Any) -> Any:
    return leaf(e)


@handles(ScalarDifferential)
def _scalar_leaf(e: Any, prepare: Any) -> Any:
    return intern(e)


@as_scalar(MatrixDifferential)
def _only_entry(e: Any) -> Any:
    return make.element(intern(e))
