r"""Fréchet derivatives of analytic functions of a square matrix.

``L_f(X; E)`` is the part of ``f(X + E)`` linear in E: the upper right block of f([[X, E], [0, X]]) (Higham, Functions of Matrices, 3.2).
Its adjoint in the trace inner product is ``L_f(X'; .)``; where E commutes with X it is ``f'(X) E``.
"""

from sympy import Basic, Integer, Lambda, Mul, Pow, S, log
from sympy.matrices.expressions import ZeroMatrix

from ..errors import ArgumentError, ShapeError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .bound import BOUND, SQRT, as_function, body_of
from .declaration import MANY, Typed
from .function_values import frechet_evalf, frechet_matrix_evalf
from .matrix_functions import LATEX, MatrixFunction, OfFunction, as_analytic, off_the_negative_axis
from .words import called_with_function, printed

__all__ = ["FrechetDerivative", "FrechetMatrix"]


def _of_scalar(f, x, *directions):
    """The Fréchet derivative of a function of a number: f^(k)(x) E1 .. Ek."""
    return as_function(f).expr.diff(BOUND, len(directions)).xreplace({BOUND: x}) * Mul(*directions)


def _matrix_of_scalar(f, x, *args):
    order = int(args[0]) if args and args[0].is_Integer else 1
    directions = args[1:] if args and args[0].is_Integer else args
    return _of_scalar(f, x, *directions, *[S.One] * order)


def _check_directions(cls, X, directions):
    for E in directions:
        if any((sympified(a) - sympified(b)).is_zero is False for a, b in zip(E.shape, X.shape)):
            raise ShapeError(f"{cls.__name__} needs directions of the shape {X.shape} of `{X}`, got {E.shape}: `{E}`")


class FrechetDerivative(OfFunction):
    """``L_f(X; E)``, for several directions the mixed higher derivative ``L_f(X; E1, ..., Ek)``, linear and symmetric in them.

    f: a SymPy function or Lambda of one argument. X, E: n x n matrices. Sources: Higham, Functions of Matrices, ch. 3; Higham & Relton,
    SIAM J. Matrix Anal. Appl. 35 (2014) for several directions. Derivatives have ``f'(X) E`` in its place where E commutes with X.

    >>> from sympy import MatrixSymbol, Trace, exp, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)
    >>> mc.gradient(Trace(A.T*mc.MatrixExp(X)), X)
    frechet(exp, X.T, A)
    """

    typed = Typed(
        "frechet",
        "function square direction",
        "Frechet derivative of a matrix function at X in the direction E, or several",
        _of_scalar,
        usage="frechet(exp, X, E)",
        arity=(3, MANY),
    )

    def __new__(cls, f, X, *given):
        f, X = as_analytic(cls, f), as_matrix(cls, X, square=True)
        directions = [as_matrix(cls, E, square=True) for E in given]
        if not directions:
            return MatrixFunction(f, X)
        _check_directions(cls, X, directions)
        if any(isinstance(E, ZeroMatrix) for E in directions):
            return ZeroMatrix(*X.shape)
        if body_of(f) == BOUND:
            return directions[0] if len(directions) == 1 else ZeroMatrix(*X.shape)
        return Basic.__new__(cls, f, X, *directions)

    function = property(lambda self: self.args[0])
    arg = property(lambda self: self.args[1])
    directions = property(lambda self: self.args[2:])

    def _eval_evalf(self, prec):
        return frechet_evalf(self.function, self.arg, self.directions, prec)

    @property
    def conditions(self):
        return tuple(dict.fromkeys(_where_smooth(body_of(self.function), self.arg)))

    def doit(self, **hints):
        deep = hints.get("deep", True)
        return self.func(self.function, *(a.doit(**hints) if deep else a for a in self.args[1:]))

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    def _sympystr(self, printer):
        return f"{self.word()}({printed(self.function, printer)}, {', '.join(printer._print(a) for a in self.args[1:])})"

    def _pretty(self, printer):
        return called_with_function(self, printer)

    def _body_latex(self, printer):
        return _with_subscript("L", self.function, printer) + (
            rf"\left({printer._print(self.arg)}; {', '.join(printer._print(E) for E in self.directions)}\right)"
        )

    def is_symmetric_by_form(self, is_symmetric):
        return all(map(is_symmetric, self.args[1:]))


def _where_smooth(body, X):
    """What has to hold for logarithms, roots and reciprocals in the body of a function of X."""
    for e in sorted(body.atoms(log, Pow), key=str):
        inner = e.args[0]
        if not inner.has(BOUND):
            continue
        A = MatrixFunction(Lambda(BOUND, inner), X)
        if isinstance(e, log) or not e.exp.is_integer:
            yield from off_the_negative_axis(A)
        elif not e.exp.is_nonnegative:
            yield f"{A} is nonsingular"


def _with_subscript(letter, function, printer):
    body = body_of(function)
    if body == SQRT:
        return rf"{letter}_{{\sqrt{{\cdot}}}}"
    if body.args == (BOUND,):
        name = type(body).__name__
        return rf"{letter}_{{\{name}}}" if name in LATEX else rf"{letter}_{{\operatorname{{{name}}}}}"
    return rf"{letter}_{{{printer._print(BOUND)} \mapsto {printer._print(body)}}}"


class FrechetMatrix(OfFunction):
    """The ``n^2 x n^2`` matrix K of a Fréchet derivative: ``vec L_f(X; E, E2, ...) = K_f(X; E2, ...) vec E``.

    With an order k > 1, ``FrechetMatrix(f, X, k, E2, ...)`` has ``n^(2k)`` columns: ``vec L_f(X; E, F) = K (vec E kron vec F)`` for k = 2.
    Source: Higham, Functions of Matrices, 3.2 (the Kronecker form).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.jacobian(mc.MatrixExp(X), X, form="vec")
    frechet_matrix(exp, X)
    """

    typed = Typed(
        "frechet_matrix",
        "function square order direction",
        "K with vec(frechet(exp, X, E)) = K*vec(E)",
        _matrix_of_scalar,
        usage="frechet_matrix(exp, X)",
        arity=(2, MANY),
    )

    def __new__(cls, f, X, *given):
        order, rest = S.One, list(given)
        if rest and isinstance(rest[0], (int, Integer)):
            order = sympified(rest.pop(0))
            if order < 1:
                raise ArgumentError(f"FrechetMatrix needs an order of at least 1, got {order}")
        X, *directions = (as_matrix(cls, a, square=True) for a in (X, *rest))
        _check_directions(cls, X, directions)
        return Basic.__new__(cls, as_analytic(cls, f), X, *([order] if order > 1 else []), *directions)

    function = property(lambda self: self.args[0])
    arg = property(lambda self: self.args[1])
    directions = property(lambda self: tuple(a for a in self.args[2:] if a.is_Matrix))

    @property
    def order(self):
        """How many directions are left open."""
        return int(self.args[2]) if len(self.args) > 2 and self.args[2].is_Integer else 1

    def _eval_evalf(self, prec):
        return frechet_matrix_evalf(self.function, self.arg, self.order, self.directions, prec)

    @property
    def shape(self):
        n = sympified(self.arg.shape[0])
        return n**2, n ** (2 * self.order)

    conditions = FrechetDerivative.conditions
    doit = FrechetDerivative.doit
    as_explicit = FrechetDerivative.as_explicit

    def _sympystr(self, printer):
        return f"{self.word()}({printed(self.function, printer)}, {', '.join(printer._print(a) for a in self.args[1:])})"

    def _pretty(self, printer):
        return called_with_function(self, printer)

    def _body_latex(self, printer):
        inner = "; ".join(filter(None, (printer._print(self.arg), ", ".join(printer._print(E) for E in self.directions))))
        power = rf"^{{({self.order})}}" if self.order > 1 else ""
        return _with_subscript("K" + power, self.function, printer) + rf"\left({inner}\right)"
