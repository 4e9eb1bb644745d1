"""Real simple eigenvalues of matrices that need not be symmetric, with their right and left eigenvectors."""

from typing import Any

from mpmath import mp
from sympy import MatrixExpr, S

from ..strict import sympified
from .base import MatrixOfMatrix, RealScalarOfMatrix
from .declaration import OwnNode, Typed, itself, one, zero
from .spectral import Numbered, indexed
from .spelling import letter, subscript

__all__ = ["GeneralEigenvalue", "RightEigenvector", "LeftEigenvector", "GroupResolvent"]


class OfGeneral(Numbered, OwnNode):
    """Mixin of what is said of eigenvalue i of a square matrix, in the order of their real parts."""

    abstract = True
    domain = "real_spectrum"

    def __new__(cls, X, i):
        return indexed(cls, X, i, square=True)

    def as_explicit(self):
        entries: Any = MatrixExpr.as_explicit
        return entries(self)

    @property
    def conditions(self):
        return (f"eigenvalue {self.args[1]} of {self.args[0]}, by the real part, is real and simple",)


def _system(X, i):
    """(eigenvalue i by its real part, the others, right and left vectors) of a matrix of mpmath; None where it is not real."""
    values, left, right = mp.eig(X, left=True, right=True)
    order = sorted(range(len(values)), key=lambda k: (mp.re(values[k]), mp.im(values[k])))
    at = order[int(i)]
    if abs(mp.im(values[at])) > mp.mpf(10) ** (-mp.dps / 2) * (1 + abs(values[at])):
        return None
    v, u = right[:, at].apply(mp.re), left[at, :].T.apply(mp.re)
    v = v / mp.norm(v)
    return mp.re(values[at]), v, u / (u.T * v)[0]


class GeneralEigenvalue(OfGeneral, RealScalarOfMatrix):
    """Eigenvalue i of a square matrix that need not be symmetric, ascending by the real part from i = 0; it has to be real and simple.

    ``d lambda = u' dX v`` with the right and left eigenvectors, ``u' v = 1`` (Magnus & Neudecker, ch. 8, sec. 9; Wilkinson, The Algebraic
    Eigenvalue Problem, ch. 2). ``Eigenvalue(X, i, symmetric=False)`` gives this node. A complex eigenvalue, or one that is not simple, is
    an error of the numeric code, NaN where nothing can be raised.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.GeneralEigenvalue(X, n - 1), X)
    leftvec(X, n - 1)*rightvec(X, n - 1).T
    """

    typed = Typed("geigval", "square index", "real eigenvalue of any square matrix, ascending by the real part", itself)

    def as_explicit(self):
        return self

    @staticmethod
    def multiprecision(X, i):
        found = _system(X, i)
        return None if found is None else found[0]

    def _body_latex(self, printer):
        return rf"\lambda{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class _Vector(OfGeneral, MatrixOfMatrix):
    """Base of both vectors."""

    up_to_sign = True
    abstract = True

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    def _body_latex(self, printer):
        return rf"{letter(printer, self._letter)}{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class RightEigenvector(_Vector):
    """The unit vector v with ``X v = lambda v`` of a `GeneralEigenvalue`; ``d v = S dX v - (v' S dX v) v``, S the `GroupResolvent`.

    Its sign is the numeric library's; products with the left vector do not depend on it.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import RightEigenvector
    >>> RightEigenvector(MatrixSymbol("X", 3, 3), 2).shape
    (3, 1)
    """

    typed = Typed("rightvec", "square index", "its right eigenvector, of length 1", one)
    _letter = "v"

    @staticmethod
    def multiprecision(X, i):
        found = _system(X, i)
        return None if found is None else found[1]


class LeftEigenvector(_Vector):
    """The vector u with ``u' X = lambda u'`` and ``u' v = 1``, v the `RightEigenvector`; ``d u = S' dX' u + (v' S dX v) u``.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import LeftEigenvector
    >>> LeftEigenvector(MatrixSymbol("X", 3, 3), 2).shape
    (3, 1)
    """

    typed = Typed("leftvec", "square index", "its left eigenvector u, u.T*v = 1", one)
    _letter = "u"

    @staticmethod
    def multiprecision(X, i):
        found = _system(X, i)
        return None if found is None else found[2]


class GroupResolvent(OfGeneral, MatrixOfMatrix):
    """``(lambda I - X + v u')^-1 - v u'`` for a `GeneralEigenvalue`: the group inverse of ``lambda I - X``. Of 1 x 1: 0.

    What derivatives of its vectors are made of (Kato, Perturbation Theory, II.2; Meyer & Stewart 1988).

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import GroupResolvent
    >>> GroupResolvent(MatrixSymbol("X", 3, 3), 2).shape
    (3, 3)
    """

    typed = Typed("groupresolvent", "square index", "group inverse of geigval(X, i)*I - X", zero)

    @staticmethod
    def multiprecision(X, i):
        found = _system(X, i)
        if found is None:
            return None
        value, v, u = found
        return (value * mp.eye(X.rows) - X + v * u.T) ** -1 - v * u.T

    def _body_latex(self, printer):
        value = rf"\lambda{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"
        return rf"\left({value} {letter(printer, 'I')} - {printer.parenthesize(self.arg, 40)}\right)^{{\#}}"
