"""Norms of vectors and matrices."""

from mpmath import mp
from sympy import Abs, Basic, Expr, Max, S, Trace, sqrt
from sympy.matrices.expressions import Identity, MatMul, Transpose, ZeroMatrix

from ..errors import ArgumentError
from ..strict import sympified
from .base import RealScalarOfMatrix, as_matrix
from .declaration import Typed, absolute
from .spelling import bars

__all__ = ["Norm", "SpectralNorm", "NuclearNorm"]

TWO = S(2)
NAMES = {"fro": 2, "F": 2, "inf": S.Infinity}


def _exponent(p):
    """p as a SymPy number or symbol."""
    if isinstance(p, str) and p not in NAMES or p is None or p is S.NaN:
        raise ArgumentError(f'Norm needs a real p >= 1, oo, "fro" or "inf", got {p!r}')
    p = sympified(NAMES.get(p, p) if isinstance(p, str) else p)
    if not isinstance(p, Expr) or getattr(p, "is_Matrix", False) or p.is_extended_real is False or (p < 1) == True:  # noqa: E712
        raise ArgumentError(f'Norm needs a real p >= 1, oo, "fro" or "inf", got {p!r}')
    return sympified(int(p)) if p.is_Float and p == int(p) else p


def is_real(scale):
    """Whether |scale| may be taken: of exp(tr A), which SymPy does not know to be real, it would have parts such as re(tr A)."""
    return bool(scale.is_extended_real) or scale.is_Symbol


def _absolute_scale(A):
    """(|c|, B) of A = c B, the transpose of which has the same norms; c is 1 where it may not be taken out, 0 of a zero matrix."""
    if isinstance(A, ZeroMatrix):
        return S.Zero, Identity(1)
    if isinstance(A, Transpose):
        A = A.arg
    scale, rest = A.as_coeff_matrices() if isinstance(A, MatMul) else (S.One, [A])
    if scale == 1 or not is_real(scale):
        return S.One, A
    return Abs(scale), rest[0] if len(rest) == 1 else MatMul(*rest)


class Norm(RealScalarOfMatrix):
    r"""Entrywise p-norm, ``(sum_ij |A_ij|^p)^(1/p)``, by default with p = 2: Euclidean of a vector, Frobenius of a matrix.

    A: a matrix or a vector. p: a number >= 1, a Symbol, ``oo`` for the largest absolute value; "fro" is 2. The induced 2-norm is
    `SpectralNorm`. At a kink its derivative takes sign(0) = 0, in generated code x/||x|| = 0 at x = 0; its Hessian,
    which grows beyond bounds there, has no value and is NaN. ``Norm(x, oo)`` takes every entry that is largest in absolute value.
    ``rewrite(Trace)`` gives ``sqrt(tr(A' A))``.
    Errors: ShapeError for no matrix, ArgumentError for p < 1.

    >>> from sympy import Matrix, MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> x = MatrixSymbol("x", 3, 1)
    >>> mc.gradient(mc.Norm(x), x)
    x/norm(x)
    >>> mc.gradient(mc.Norm(x)**2, x)
    2*x
    >>> mc.Norm(Matrix([3, 4])).doit()
    5
    """

    typed = Typed(
        "norm",
        "matrix power",
        "entrywise norm, p a number >= 1 or inf; without p the 2-norm of a vector, the Frobenius norm of a matrix",
        absolute,
        usage="norm(X), norm(X, p)",
        arity=(1, 2),
    )
    is_extended_nonnegative = True

    def __new__(cls, A, p=2):
        A = as_matrix(cls, A)
        p = _exponent(p)
        scale, A = _absolute_scale(A)
        if scale != 1:
            return scale * cls(A, p)
        return Basic.__new__(cls, A) if p == 2 else Basic.__new__(cls, A, p)

    @property
    def domain(self):
        """At a kink there is no derivative: where two entries are largest, or one is 0."""
        return "any" if self.p == 2 else "distinct_abs"

    @property
    def domains(self):
        return (*super().domains, *((p, "above_one") for p in self.args[1:]))

    @property
    def p(self):
        return self.args[1] if len(self.args) > 1 else TWO

    def _value(self, A, p=TWO):
        entries = [Abs(x) for x in A.flat()]
        if p == S.Infinity:
            return Max(*entries)
        return sum(x**p for x in entries) ** (1 / p) if p != 2 else sqrt(sum(x**2 for x in A.flat()))

    def _eval_rewrite_as_Trace(self, A, p=TWO, **kwargs):
        return sqrt(Trace(A.T * A)) if p == 2 else self

    def _body_latex(self, printer):
        vector = 1 in self.arg.shape
        inner = printer._print(self.arg)
        p = "F" if self.p == 2 and not vector else printer._print(self.p)
        if self.p != 2 and not vector:  # without vec it would read as the induced norm
            inner = rf"\operatorname{{vec}}\left({inner}\right)"
        return rf"{bars(inner, self.arg.is_symbol)}_{{{p}}}"


class _SpectralNorms(RealScalarOfMatrix):
    abstract = True
    is_extended_nonnegative = True

    def __new__(cls, A):
        A = as_matrix(cls, A)
        scale, A = _absolute_scale(A)
        if scale != 1:
            return scale * cls(A)
        return Basic.__new__(cls, A)


class SpectralNorm(_SpectralNorms):
    """The largest singular value of A, its induced 2-norm; the derivative ``u v'`` needs it to be simple (Cookbook 10.2.1).

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.SpectralNorm(X), X)
    left_singvec(X, 0)*right_singvec(X, 0).T
    >>> mc.SpectralNorm(Matrix([[3, 0], [0, -4]])).doit()
    4
    """

    typed = Typed("spectral_norm", "matrix", "largest singular value, the induced 2-norm", absolute, aliases=("norm2", "spectral"))
    domain = "fullrank"

    def _value(self, A):
        return Max(*A.singular_values()) if not A.free_symbols else None

    @staticmethod
    def multiprecision(A):
        return max(mp.svd(A, compute_uv=False))

    def _body_latex(self, printer):
        return rf"{bars(printer._print(self.arg), self.arg.is_symbol)}_{{2}}"


class NuclearNorm(_SpectralNorms):
    """The sum of the singular values of A, ``tr sqrt(A' A)``; the derivative needs A of full rank.

    Its gradient ``A ((A' A)^(1/2))^+`` is the orthogonal polar factor ``U V'`` of A (Watson, Linear Algebra Appl. 170, 1992).

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.NuclearNorm(X), X)
    X*pinv(sqrtm(X.T*X))
    >>> mc.NuclearNorm(Matrix([[3, 0], [0, -4]])).doit()
    7
    """

    typed = Typed("nuclear_norm", "matrix", "sum of the singular values", absolute, aliases=("nuclear", "normnuc", "norm_nuc"))
    domain = "fullrank"

    def _value(self, A):
        return sum(A.singular_values()) if not A.free_symbols else None

    @staticmethod
    def multiprecision(A):
        return sum(mp.svd(A, compute_uv=False))

    def _body_latex(self, printer):
        return rf"{bars(printer._print(self.arg), self.arg.is_symbol)}_{{*}}"
