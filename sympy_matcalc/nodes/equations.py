"""Solutions of the linear matrix equations of control: Sylvester's and Lyapunov's, of continuous and of discrete time."""

from sympy import Basic, KroneckerProduct, MatAdd, MatMul, Matrix
from sympy.matrices.expressions import Identity

from ..errors import ShapeError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed

__all__ = ["Sylvester", "Lyapunov", "DiscreteLyapunov"]


def check_size(cls, wanted, given, what):
    if (sympified(wanted) - given).expand().is_zero is False:
        raise ShapeError(f"{cls.__name__} needs {what}, got {given} in the place of {wanted}")


class _Solution(MatrixOfMatrix):
    """Base of all: the solution has the shape of the last argument."""

    abstract = True

    @property
    def shape(self):
        return tuple(map(sympified, self.args[-1].shape))

    def as_explicit(self):
        return self.func(*(a.as_explicit() for a in self.args)).doit()

    def _value(self, *args):
        """By the Kronecker form of the equation, of explicit matrices; None where it has no one solution."""
        if not all(hasattr(a, "flat") for a in args):
            return None
        C = args[-1]
        matrix = self._kronecker(*args)
        if matrix.det().equals(0) is not False:
            return None
        return type(C)(C.cols, C.rows, list(matrix.LUsolve(Matrix(C.T.flat())))).T

    def _kronecker(self, A, B, C=None):
        """M with M vec X = vec of the last argument."""
        A, B, C = (A, A.T, B) if C is None else (A, B, C)
        return Matrix(KroneckerProduct(Identity(C.cols), A).as_explicit() + KroneckerProduct(B.T, Identity(C.rows)).as_explicit())


class Sylvester(_Solution):
    """The solution X of Sylvester's equation ``A X + X B = C``; it exists where no eigenvalue of A is one of -B.

    Linear in C with ``vec X = (I kron A + B' kron I)^-1 vec C``, and ``A dX + dX B = dC - dA X - X dB`` (Golub & Van Loan, Matrix
    Computations, sec. 7.6.3).

    >>> from sympy import Matrix, MatrixSymbol, Trace
    >>> import sympy_matcalc as mc
    >>> A, B, C, W = (MatrixSymbol(s, *shape) for s, shape in zip("ABCW", [(3, 3), (2, 2), (3, 2), (3, 2)]))
    >>> mc.gradient(Trace(W.T*mc.Sylvester(A, B, C)), C)
    sylv(A.T, B.T, W)
    >>> mc.Sylvester(Matrix([[1]]), Matrix([[2, 0], [0, 3]]), Matrix([[6, 8]])).doit()
    Matrix([[2, 2]])
    """

    written = "sylv"
    typed = "its matrices are of several sizes: `sylv` is a function of its own in the grammar"

    def __new__(cls, A, B, C):
        A, B, C = as_matrix(cls, A, square=True), as_matrix(cls, B, square=True), as_matrix(cls, C)
        check_size(cls, A.shape[0], C.shape[0], "as many rows of C as A has")
        check_size(cls, B.shape[0], C.shape[1], "as many columns of C as B has")
        return Basic.__new__(cls, A, B, C)

    @property
    def conditions(self):
        A, B = self.args[:2]
        sign, of_B = B.as_coeff_mmul()
        of_B = of_B.args[0] if len(of_B.args) == 1 else of_B
        minus_B = f"{of_B}" if sign == -1 else f"-({B})" if isinstance(B, MatAdd | MatMul) else f"-{B}"
        return (f"no eigenvalue of {A} is one of {minus_B}",)

    def _body_latex(self, printer):
        A, B, C = map(printer._print, self.args)
        return rf"\operatorname{{sylv}}\left({A}, {B}, {C}\right)"


class Lyapunov(_Solution):
    """The solution X of Lyapunov's equation ``A X + X A' = Q``; it exists where no two eigenvalues of A add up to 0.

    Linear in Q with ``vec X = (I kron A + A kron I)^-1 vec Q``, and ``A dX + dX A' = dQ - dA X - X dA'``.

    >>> from sympy import MatrixSymbol, Symbol, Trace
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> A, Q, W = (MatrixSymbol(s, n, n) for s in "AQW")
    >>> mc.gradient(Trace(W.T*mc.Lyapunov(A, Q)), Q)
    lyap(A.T, W)
    """

    typed = Typed("lyap", "square direction", "solution Y of X*Y + Y*X.T = E", lambda a, q: q / (2 * a), aliases=("lyapunov",))
    domain = "logdomain"

    def __new__(cls, A, Q):
        A, Q = as_matrix(cls, A, square=True), as_matrix(cls, Q, square=True)
        check_size(cls, A.shape[0], Q.shape[0], "as many rows of Q as A has")
        return Basic.__new__(cls, A, Q)

    @property
    def conditions(self):
        return (f"no two eigenvalues of {self.args[0]} add up to 0",)

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.args[1])


class DiscreteLyapunov(_Solution):
    """The solution X of Lyapunov's equation of discrete time, ``X = A X A' + Q``; it exists where no product of two eigenvalues of A is 1.

    Linear in Q with ``vec X = (I - A kron A)^-1 vec Q``, and ``dX = A dX A' + dA X A' + A X dA' + dQ`` (Golub & Van Loan, Matrix
    Computations, sec. 7.6.3; SciPy's `solve_discrete_lyapunov`).

    >>> from sympy import Matrix, MatrixSymbol, Symbol, Trace
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> A, Q, W = (MatrixSymbol(s, n, n) for s in "AQW")
    >>> mc.gradient(Trace(W.T*mc.DiscreteLyapunov(A, Q)), Q)
    dlyap(A.T, W)
    >>> mc.DiscreteLyapunov(Matrix([[3]]), Matrix([[16]])).doit()
    Matrix([[-2]])
    """

    typed = Typed("dlyap", "square direction", "solution Y of Y = X*Y*X.T + E", lambda a, q: q / (1 - a**2))
    domain = "small"

    def __new__(cls, A, Q):
        A, Q = as_matrix(cls, A, square=True), as_matrix(cls, Q, square=True)
        check_size(cls, A.shape[0], Q.shape[0], "as many rows of Q as A has")
        return Basic.__new__(cls, A, Q)

    def _kronecker(self, A, B, C=None):
        return Matrix(Identity(A.rows**2).as_explicit() - KroneckerProduct(A, A).as_explicit())

    @property
    def conditions(self):
        return (f"no product of two eigenvalues of {self.args[0]} is 1",)

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.args[1])
