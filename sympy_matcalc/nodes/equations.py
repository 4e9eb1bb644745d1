"""Solutions of the linear matrix equations of control: Sylvester's and Lyapunov's."""

from sympy import Basic, KroneckerProduct, Matrix
from sympy.matrices.expressions import Identity

from ..errors import ShapeError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed

__all__ = ["Sylvester", "Lyapunov"]


def _check_size(cls, wanted, given, what):
    if (sympified(wanted) - given).expand().is_zero is False:
        raise ShapeError(f"{cls.__name__} needs {what}, got {given} in the place of {wanted}")


class _Solution(MatrixOfMatrix):
    """Base of both: the solution has the shape of the last argument."""

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
        A, B, C = args if len(args) == 3 else (args[0], args[0].T, args[1])
        matrix = Matrix(KroneckerProduct(Identity(C.cols), A).as_explicit() + KroneckerProduct(B.T, Identity(C.rows)).as_explicit())
        if matrix.det().equals(0) is not False:
            return None
        return type(C)(C.cols, C.rows, list(matrix.LUsolve(Matrix(C.T.flat())))).T


class Sylvester(_Solution):
    """The solution X of Sylvester's equation ``A X + X B = C``; it exists where no eigenvalue of A is one of -B.

    Linear in C with ``vec X = (I kron A + B' kron I)^-1 vec C``, and ``A dX + dX B = dC - dA X - X dB`` (Golub & Van Loan, Matrix
    Computations, sec. 7.6.3).

    >>> from sympy import Matrix, MatrixSymbol, Trace
    >>> import sympy_matcalc as mc
    >>> A, B, C, W = (MatrixSymbol(s, *shape) for s, shape in zip("ABCW", [(3, 3), (2, 2), (3, 2), (3, 2)]))
    >>> mc.gradient(Trace(W.T*mc.Sylvester(A, B, C)), C)
    Sylvester(A.T, B.T, W)
    >>> mc.Sylvester(Matrix([[1]]), Matrix([[2, 0], [0, 3]]), Matrix([[6, 8]])).doit()
    Matrix([[2, 2]])
    """

    typed = "the sizes of its three matrices are two, and the grammar of formulas gives a node those of its first"

    def __new__(cls, A, B, C):
        A, B, C = as_matrix(cls, A, square=True), as_matrix(cls, B, square=True), as_matrix(cls, C)
        _check_size(cls, A.shape[0], C.shape[0], "as many rows of C as A has")
        _check_size(cls, B.shape[0], C.shape[1], "as many columns of C as B has")
        return Basic.__new__(cls, A, B, C)

    @property
    def conditions(self):
        return (f"no eigenvalue of {self.args[0]} is one of -{self.args[1]}",)

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
    Lyapunov(A.T, W)
    """

    typed = Typed("lyap", "square direction", "solution Y of X*Y + Y*X.T = E", lambda a, q: q / (2 * a))
    domain = "logdomain"

    def __new__(cls, A, Q):
        A, Q = as_matrix(cls, A, square=True), as_matrix(cls, Q, square=True)
        _check_size(cls, A.shape[0], Q.shape[0], "as many rows of Q as A has")
        return Basic.__new__(cls, A, Q)

    @property
    def conditions(self):
        return (f"no two eigenvalues of {self.args[0]} add up to 0",)
