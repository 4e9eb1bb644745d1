r"""Analytic functions of a square matrix, f(X) = sum_k c_k X^k."""

from mpmath import mp
from sympy import Basic, ImmutableMatrix, S, Trace, acos, asin, cos, exp, log, sin, sqrt, tan
from sympy.core.symbol import Dummy
from sympy.matrices.expressions import Identity, Inverse, MatMul, MatPow, Transpose, ZeroMatrix

from ..errors import ExpressionError
from .analytic import not_analytic
from .base import MatrixOfMatrix, as_matrix
from .bound import BOUND, SQRT, as_function, body_of
from .declaration import Typed
from .function_values import function_evalf
from .spelling import superscripted
from .words import called_with_function, printed

__all__ = ["MatrixExp", "MatrixLog", "MatrixSqrt", "MatrixSin", "MatrixCos", "MatrixFunction"]


def as_analytic(cls, f):
    """`as_function`; ExpressionError for a function that is not known to be analytic."""
    try:
        f = as_function(f)
    except ExpressionError as error:
        raise ExpressionError(f"{cls.__name__}: {error}") from None
    bad = not_analytic(body_of(f), BOUND)
    if bad:
        raise ExpressionError(
            f"{cls.__name__} needs an analytic function, got `{f}` with `{bad}`; for the function of every entry write `.applyfunc`. "
            f"A class of your own that is analytic says so: `is_analytic = True`"
        )
    return f


def off_the_negative_axis(X):
    return (f"{X} is nonsingular" if _is_gram(X) else f"{X} has no eigenvalue on the closed negative real axis",)


def _is_gram(X):
    """A' A or A A', whose root exists though it may be singular."""
    return isinstance(X, MatMul) and len(X.args) == 2 and X.args[0].is_Matrix and X.args[0].T == X.args[1]


def gram_factor(X, turned=Transpose):
    """B where X is B' B by its form, with `Adjoint` B^H B, else None."""
    if not isinstance(X, MatMul) or len(X.args) % 2:
        return None
    half = len(X.args) // 2
    left, right = (MatMul(*factors).doit() for factors in (X.args[:half], X.args[half:]))
    return right if left == turned(right).doit() else None


# The random matrices that a function needs: off its branch cuts, and where its values are tame.
DOMAINS = {log(BOUND): "logdomain", sqrt(BOUND): "logdomain", asin(BOUND): "small", acos(BOUND): "small", tan(BOUND): "small"}


class OfFunction(MatrixOfMatrix):
    """A matrix that a scalar function makes of a square matrix: `function` and `arg` are parts of it."""

    abstract = True

    @property
    def domain(self):
        return DOMAINS.get(body_of(self.function), "any")


class AnalyticFunction(OfFunction):
    """A function of a square matrix by its power series; the base class of those that have a name."""

    abstract = True

    @staticmethod
    def scalar(t):
        """The function of a number."""
        raise NotImplementedError

    def __new__(cls, X):
        X = as_matrix(cls, X, square=True)
        if isinstance(X, (ZeroMatrix, Identity)):
            at = cls.scalar(S.Zero if isinstance(X, ZeroMatrix) else S.One)
            if at.is_finite:
                return at * Identity(X.shape[0])
        return Basic.__new__(cls, X)

    @property
    def function(self):
        """The Lambda of the scalar function."""
        return as_function(self.scalar)

    def _value(self, X):
        return _analytic(X, self.scalar)

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.arg)


def _analytic(X, scalar):
    """f(X) of an explicit matrix of numbers, or a diagonal one; one with symbols has a Jordan form only where no two eigenvalues meet."""
    if X.is_diagonal():
        return ImmutableMatrix(*X.shape, lambda i, j: scalar(X[i, i]) if i == j else S.Zero)
    if X.free_symbols:
        return None
    z = Dummy("z")
    try:
        value = X.as_mutable().analytic_func(scalar(z), z)  # SymPy 1.12 has it for mutable matrices only
        return value.applyfunc(lambda x: x.simplify() if x.free_symbols else x).as_immutable()
    except (ValueError, NotImplementedError):
        return None


class MatrixExp(AnalyticFunction):
    """Matrix exponential ``sum_k X^k/k!`` (Magnus & Neudecker, ch. 8, sec. 4).

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n, t = symbols("n", integer=True, positive=True), symbols("t", real=True)
    >>> X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)
    >>> mc.gradient(Trace(mc.MatrixExp(X)), X)
    expm(X).T
    >>> mc.diff(mc.MatrixExp(t*A), t)
    A*expm(t*A)
    >>> mc.MatrixExp(X)*mc.MatrixExp(-X)
    I
    """

    typed = Typed("expm", "square", "matrix exponential", exp)

    multiprecision = staticmethod(mp.expm)

    @staticmethod
    def scalar(t):
        return exp(t)

    def _eval_inverse(self):
        return MatrixExp(-self.arg)

    def _eval_determinant(self):
        return exp(Trace(self.arg))

    def _value(self, X):
        return X.exp() if not X.free_symbols else super()._value(X)

    def _body_latex(self, printer):
        return rf"e^{{{printer._print(self.arg)}}}"


class MatrixLog(AnalyticFunction):
    """Principal logarithm of a matrix without eigenvalues on the closed negative real axis.

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(Trace(mc.MatrixLog(X)), X)
    X.T**(-1)
    """

    typed = Typed("logm", "square", "principal matrix logarithm", log)
    latex_name = r"\log"

    multiprecision = staticmethod(mp.logm)

    @staticmethod
    def scalar(t):
        return log(t)

    @property
    def conditions(self):
        return off_the_negative_axis(self.arg)


class MatrixSqrt(AnalyticFunction):
    """Principal square root of a matrix without eigenvalues on the closed negative real axis; its Fréchet derivative L solves
    ``R L + L R = E`` with R the root (Higham, Functions of Matrices, ch. 6).

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.MatrixSqrt(X)**2
    X
    >>> mc.gradient(Trace(mc.MatrixSqrt(X)), X)
    sqrtm(X).T**(-1)/2
    """

    typed = Typed("sqrtm", "square", "principal matrix square root", sqrt)

    multiprecision = staticmethod(mp.sqrtm)

    @staticmethod
    def scalar(t):
        return sqrt(t)

    @property
    def conditions(self):
        return () if _is_gram(self.arg) else self.is_smooth_where

    @property
    def is_smooth_where(self):
        """What has to hold for the derivative: the root of a singular A' A has a value and no derivative by it."""
        return off_the_negative_axis(self.arg)

    def _eval_power(self, k):
        return self.arg ** (k / 2) if (k / 2).is_Integer else Inverse(self) if k == -1 else MatPow(self, k)

    def _body_latex(self, printer):
        return superscripted(printer, self.arg, "1/2")

    def _latex(self, printer, exp=None):
        body = self._body_latex(printer)
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class MatrixSin(AnalyticFunction):
    """Sine of a matrix by its power series (not entry by entry).

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(Trace(mc.MatrixSin(X)), X)
    cosm(X).T
    """

    typed = Typed("sinm", "square", "matrix sine", sin)
    latex_name = r"\sin"

    multiprecision = staticmethod(mp.sinm)

    @staticmethod
    def scalar(t):
        return sin(t)


class MatrixCos(AnalyticFunction):
    """Cosine of a matrix by its power series (not entry by entry).

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(Trace(mc.MatrixCos(X)), X)
    -sinm(X).T
    """

    typed = Typed("cosm", "square", "matrix cosine", cos)
    latex_name = r"\cos"

    multiprecision = staticmethod(mp.cosm)

    @staticmethod
    def scalar(t):
        return cos(t)


NAMED = {exp: MatrixExp, log: MatrixLog, sin: MatrixSin, cos: MatrixCos}


class MatrixFunction(OfFunction):
    """Analytic function f of a square matrix, f a SymPy function or a Lambda of one argument: ``MatrixFunction(tanh, X)``.

    exp, log, sin, cos, sqrt give the node of that name, an integer power the power. Errors: ExpressionError for a function that is not
    analytic, such as Abs or sign.

    >>> from sympy import MatrixSymbol, Trace, Lambda, Symbol, cosh, exp, sinh, symbols
    >>> import sympy_matcalc as mc
    >>> n, u = symbols("n", integer=True, positive=True), Symbol("u")
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.MatrixFunction(exp, X)
    expm(X)
    >>> mc.gradient(Trace(mc.MatrixFunction(sinh, X)), X)
    funm(cosh, X).T
    """

    typed = Typed(
        "funm", "function square", "matrix function, of a name or of a map u -> u/(1 + u)", lambda f, x: f(x), usage="funm(tanh, X)"
    )

    def __new__(cls, f, X):
        f, X = as_analytic(cls, f), as_matrix(cls, X, square=True)
        body = body_of(f)
        if body.args == (BOUND,) and type(body) in NAMED:
            return NAMED[type(body)](X)
        if body == SQRT:
            return MatrixSqrt(X)
        if body == BOUND:
            return X
        if body.is_Pow and body.base == BOUND and body.exp.is_integer:
            return X**body.exp
        if not body.has(BOUND):
            return body * Identity(X.shape[0])
        return Basic.__new__(cls, f, X)

    arg = property(lambda self: self.args[1])
    function = property(lambda self: self.args[0])

    def _eval_evalf(self, prec):
        value = function_evalf(self.function, self.arg, prec)
        return super()._eval_evalf(prec) if value is None else value

    def doit(self, **hints):
        X = self.arg.doit(**hints) if hints.get("deep", True) else self.arg
        value = _analytic(X, self.function) if hasattr(X, "analytic_func") else None
        return MatrixFunction(self.function, X) if value is None else value

    def as_explicit(self):
        value = MatrixFunction(self.function, self.arg.as_explicit()).doit()
        return value if hasattr(value, "analytic_func") else super(MatrixOfMatrix, self).as_explicit()

    def _sympystr(self, printer):
        return f"{self.word()}({printed(self.function, printer)}, {printer._print(self.arg)})"

    def _pretty(self, printer):
        return called_with_function(self, printer)

    def _body_latex(self, printer):
        return _applied_latex(self.function, printer._print(self.arg), printer)

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.arg)


def _applied_latex(function, inner, printer):
    """f(X) with f as a name, or as the map it is."""
    body = body_of(function)
    if body.args == (BOUND,):
        return (
            rf"\{type(body).__name__}\left({inner}\right)"
            if type(body).__name__ in LATEX
            else (rf"\operatorname{{{type(body).__name__}}}\left({inner}\right)")
        )
    return rf"\left({printer._print(BOUND)} \mapsto {printer._print(body)}\right)\left({inner}\right)"


LATEX = ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cot", "coth")
