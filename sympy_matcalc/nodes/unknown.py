"""Unknown functions of scalars, vectors and matrices: `function`, and their values ``F(t)``, ``F(X)``, ``f(x, y)``."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sympy import Basic, Expr, ImmutableMatrix, Integer, Lambda, MatrixSymbol, S, Symbol, Tuple, sstr
from sympy.core.function import FunctionClass
from sympy.core.symbol import Str
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.printing.pretty.stringpict import prettyForm

from ..errors import ArgumentError, ExpressionError, ShapeError
from ..strict import sympified
from .base import as_size
from .declaration import OwnNode

__all__ = ["function", "UnknownFunction", "UnknownScalar", "UnknownMatrix"]

ONE_BY_ONE = (S.One, S.One)


class Hooks:
    """What values and derivatives need of the layers above, which put it here: `derivative` of a function that is given, and `diff`."""

    derivative: Any = None
    diff: Any = None


class UnknownFunction(Basic):
    """A function that is not given: its name and the shape of its values; called, it is `UnknownScalar` or `UnknownMatrix`."""

    def __new__(cls, name, shape=()):
        if not isinstance(name, (str, Str)) or not str(name):
            raise ArgumentError(f"`function` needs a name, as in function('f'), got {name!r}")
        if isinstance(shape, (str, bytes)) or not isinstance(shape, Iterable):
            raise ShapeError(f"`function` needs the shape of its values, () for a scalar or (m, n), got {shape!r}")
        sizes = tuple(as_size(cls, s) for s in shape)
        if len(sizes) not in (0, 2):
            raise ShapeError(
                f"`function` needs the shape of its values, () for a scalar, (n, 1) for a vector or (m, n), got {tuple(shape)}"
            )
        return Basic.__new__(cls, Str(str(name)), Tuple(*sizes))

    name = property(lambda self: self.args[0].name)
    shape = property(lambda self: tuple(self.args[1]))

    def __call__(self, *point):
        return (UnknownMatrix if self.shape else UnknownScalar)(self, *point)

    def _sympystr(self, printer):
        return self.name

    def _pretty(self, printer):
        return printer._print(Symbol(self.name))

    def _latex(self, printer, exp=None):
        name = MatrixSymbol(self.name, *self.shape) if self.shape else Symbol(self.name)
        return printer._print(name)


def function(name: str, shape: Any = ()) -> UnknownFunction:
    r"""An unknown function: of any arguments, with scalars as values, or with matrices of a shape ``(m, n)``.

    ``f = function("f")``, ``F = function("F", (m, n))``; ``F(t)``, ``F(X)``, ``f(x, y)`` are expressions like any other. Their derivatives
    are nodes that name the derivative of f: ``f'``, the gradient and the Hessian of a scalar function, and for a matrix the linear operator
    ``DF(X)[dX]``, its adjoint, and the Jacobian ``DF(X) = d vec F / d vec(X)'`` (Magnus & Neudecker, ch. 5). Second derivatives are
    taken to be continuous, so that they are symmetric. ``result.subs(f, Lambda(x, x.T*x)).doit()`` puts a function in its place; so does
    ``result.subs(f(x), x.T*x)`` for derivatives at plain symbols.

    Errors: ArgumentError for a name that is none, ShapeError for a shape that is none.

    >>> from sympy import Lambda, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> A, x, y = MatrixSymbol("A", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)
    >>> f = mc.function("f")
    >>> mc.gradient(f(A*x), x)
    A.T*grad(f)(A*x)
    >>> mc.hessian(f(A*x), x)
    A.T*hess(f)(A*x)*A
    >>> mc.gradient(f(A*x), x).subs(f, Lambda(y, y.T*y)).doit()
    2*A.T*A*x
    >>> t = symbols("t")
    >>> X = mc.function("X", (n, n))
    >>> mc.diff(X(t).I, t)
    -X(t)**(-1)*X'(t)*X(t)**(-1)
    >>> print(mc.latex(mc.diff(X(t), t)))
    \dot{X}\left(t\right)
    """
    return UnknownFunction(name, shape)


# ---------------------------------------------------------------- what both values and derivatives are made of


class Form(NamedTuple):
    """A derivative of a function at a point, as the tensor of its groups of axes, some open and the others filled with directions.

    Group 0 is that of the value, group j that of the argument number ``slots[j - 1]``. rows, cols: the open groups, slowest first; a
    single one stands as it is, else they are stacked as vec does. given: the directions in all other groups that are no scalars.
    """

    function: Any
    point: tuple
    slots: tuple = ()
    rows: tuple = ()
    cols: tuple = ()
    given: tuple = ()

    def shape_of_group(self, g: int) -> tuple:
        return (self.function.shape or ONE_BY_ONE) if g == 0 else shape_of(self.point[self.slots[g - 1]])

    @property
    def open(self) -> tuple:
        return self.rows + self.cols

    @property
    def filled(self) -> list[int]:
        """The groups that directions stand in."""
        return [g for g in range(len(self.slots) + 1) if g not in self.open and self.shape_of_group(g) != ONE_BY_ONE]

    @property
    def shape(self) -> tuple:
        if not self.cols:
            return self.shape_of_group(self.rows[0]) if self.rows else ONE_BY_ONE
        return self._length(self.rows), self._length(self.cols)

    def _length(self, groups: tuple) -> Any:
        found = S.One
        for g in groups:
            rows, cols = self.shape_of_group(g)
            found = found * rows * cols
        return found


def shape_of(e: Any) -> tuple:
    """The shape of a matrix; (1, 1) of a scalar."""
    return tuple(map(sympified, e.shape)) if getattr(e, "is_Matrix", False) else ONE_BY_ONE


def is_function(f: Any) -> bool:
    return isinstance(f, UnknownFunction)


def as_point(name: str, point: tuple) -> tuple:
    """The arguments of a function: scalars and matrices."""
    if not point:
        raise ArgumentError(f"the function `{name}` needs an argument, as in {name}(x)")
    found = []
    for p in point:
        p = sympified(p)
        p = p.as_immutable() if isinstance(p, MatrixBase) else p
        if not (isinstance(p, Expr) or getattr(p, "is_Matrix", False)):
            raise ExpressionError(f"the function `{name}` is one of scalars and matrices, got {type(p).__name__}: `{p}`")
        found.append(p)
    return tuple(found)


def value_of(f: Any, point: tuple) -> Any:
    """The value of a function that is given, a Lambda or a function of SymPy; ExpressionError where `f` is none."""
    if isinstance(f, FunctionClass):
        return f(*(_as_entry(p) for p in point))
    if not isinstance(f, Lambda):
        raise ExpressionError(f"in the place of a function there must be one, such as Lambda(x, x.T*x), got {type(f).__name__}: `{f}`")
    if len(f.variables) != len(point):
        raise ArgumentError(f"`{f}` takes {len(f.variables)} arguments, and {len(point)} stand in the place of its variables")
    values: dict = {}
    for variable, p in zip(f.variables, point):
        if isinstance(variable, MatrixSymbol):
            p = p if getattr(p, "is_Matrix", False) else ImmutableMatrix([[p]])
            _match_sizes(f, variable, p, values)
        values[variable] = p if isinstance(variable, MatrixSymbol) else _as_entry(p)
    return f.expr.xreplace(values)


def _match_sizes(f, variable, p, values):
    """A Lambda of matrices of the size n is one for other sizes too, n among its values."""
    for size, given in zip(variable.shape, shape_of(p)):
        if isinstance(size, Symbol) and values.get(size, given) == given:
            values[size] = given
        elif (sympified(size) - given).expand().is_zero is not True:
            raise ShapeError(
                f"`{variable}` of `{f}` is {variable.shape[0]} x {variable.shape[1]}, and `{p}` of shape {shape_of(p)} stands for it: "
                "they must have one shape"
            )


def _as_entry(p):
    if not getattr(p, "is_Matrix", False):
        return p
    if shape_of(p) != ONE_BY_ONE:
        raise ShapeError(f"a function of a scalar was put in the place of one of a matrix: `{p}` has the shape {shape_of(p)}")
    return p[0, 0] if isinstance(p, MatrixBase) else MatrixElement(p, 0, 0)


class OfUnknown(OwnNode, Basic):
    """Base of values and derivatives of unknown functions."""

    abstract = True
    typed = "a function that is not given has no text"

    function = property(lambda self: self.args[0])
    form: Any = None

    @property
    def point(self):
        """The arguments of the function."""
        return self.form.point

    @property
    def conditions(self):
        return ()

    def doit(self, **hints):
        if not hints.get("deep", True):
            return self
        return self.func(*(a.doit(**hints) if isinstance(a, Expr) or getattr(a, "is_Matrix", False) else a for a in self.args))

    def _eval_subs(self, old, new):
        """``F(x)`` given as an expression is F given as a function of x, for a derivative at x as well."""
        if (
            isinstance(old, OfUnknown)
            and not old.form.slots
            and old.function == self.function
            and self.form.slots
            and old.point == self.point
        ):
            if all(isinstance(p, (Symbol, MatrixSymbol)) for p in old.point) and len(set(old.point)) == len(old.point):
                given = [a._subs(old, new) for a in self.form.given]
                return self.func(Lambda(old.point, sympified(new)), *self.args[1 : len(self.args) - len(given)], *given)
        return None

    def _eval_derivative(self, s):
        return Hooks.diff(self, s)

    def _eval_derivative_n_times(self, s, n):
        found = self
        for _ in range(int(n)):
            found = Hooks.diff(found, s)
        return found

    def _pretty(self, printer):
        return prettyForm(sstr(self))


def _argument_list(printer, point):
    return ", ".join(map(printer._print, point))


class _Value(OfUnknown):
    abstract = True

    def __new__(cls, f, *point):
        point = as_point(getattr(f, "name", str(f)), point)
        if not is_function(f):
            return cls._checked(value_of(f, point))
        if bool(f.shape) != issubclass(cls, MatrixExpr) and f.shape != ONE_BY_ONE:
            raise ShapeError(f"the values of `{f}` have the shape {f.shape}: write {f}(...), which is of the class that fits")
        return Basic.__new__(cls, f, *point)

    @property
    def form(self):
        return Form(self.function, self.args[1:], rows=(0,) if self.function.shape not in ((), ONE_BY_ONE) else ())

    def _sympystr(self, printer):
        return f"{self.function.name}({_argument_list(printer, self.point)})"

    def head_latex(self, printer):
        """The name of the function."""
        return printer._print(self.function)

    def _latex(self, printer, exp=None):
        head = self.head_latex(printer)
        head = head if exp is None else rf"{head}^{{{exp}}}"
        return rf"{head}\left({_argument_list(printer, self.point)}\right)"


class ScalarOfUnknown:
    """Mixin of a real scalar."""

    is_commutative = True
    is_extended_real = True

    @classmethod
    def _checked(cls, value):
        if getattr(value, "is_Matrix", False):
            return _as_entry(value)
        return value


class MatrixOfUnknown:
    """Mixin of a matrix."""

    form: Any

    @property
    def shape(self):
        return self.form.shape

    def _entry(self, i, j, **kwargs):
        return MatrixElement(self, i, j)

    @classmethod
    def _checked(cls, value):
        if not getattr(value, "is_Matrix", False):
            raise ShapeError(f"a function with scalar values was put in the place of one with matrices, got `{value}`")
        return value


class UnknownScalar(ScalarOfUnknown, _Value, Expr):
    """The value ``f(x, ...)`` of an unknown function with scalar values.

    >>> from sympy import MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> x, y = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 2, 1)
    >>> f = mc.function("f")
    >>> mc.gradient(f(x, y)**2, y)
    2*f(x, y)*grad_y(f)(x, y)
    """


class UnknownMatrix(MatrixOfUnknown, _Value, MatrixExpr):
    """The value ``F(X, ...)`` of an unknown function with matrices as values.

    >>> from sympy import Determinant, MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> X, F = MatrixSymbol("X", 3, 3), mc.function("F", (2, 2))
    >>> mc.differential(F(X), X)
    D(F)(X)[dX]
    >>> mc.gradient(Determinant(F(X)), X)
    Determinant(F(X))*D(F)(X)^*[F(X).T**(-1)]
    """


def integers(items: Iterable) -> tuple[int, ...]:
    return tuple(int(i) for i in items)


def spec_of(form: Form) -> Tuple:
    """What a derivative keeps besides its function, point and directions."""
    return Tuple(
        Integer(len(form.point)), Tuple(*map(Integer, form.slots)), Tuple(*map(Integer, form.rows)), Tuple(*map(Integer, form.cols))
    )
