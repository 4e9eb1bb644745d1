"""The stabilising solutions of the algebraic Riccati equations, of continuous and of discrete time."""

from typing import Any

from mpmath import mp
from sympy import Basic
from sympy.matrices import MatrixBase

from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .equations import check_size
from .multiprecision import mpmath_matrix

__all__ = ["Riccati", "DiscreteRiccati"]


class _Stabilising(MatrixOfMatrix):
    """Base of both: A is n x n, B n x m, Q n x n, R m x m."""

    abstract = True
    typed = "its matrices are of several sizes: `care` is a function of its own in the grammar"

    def __new__(cls, A, B, Q, R):
        A, B, Q, R = as_matrix(cls, A, square=True), as_matrix(cls, B), as_matrix(cls, Q, square=True), as_matrix(cls, R, square=True)
        check_size(cls, A.shape[0], B.shape[0], "as many rows of B as A has")
        check_size(cls, A.shape[0], Q.shape[0], "as many rows of Q as A has")
        check_size(cls, B.shape[1], R.shape[0], "as many rows of R as B has columns")
        return Basic.__new__(cls, A, B, Q, R)

    @property
    def shape(self):
        return (sympified(self.args[0].shape[0]),) * 2

    def as_explicit(self):
        return MatrixOfMatrix.as_explicit(self) if isinstance(self.args[0], MatrixBase) else super().as_explicit()

    @property
    def conditions(self):
        A, B, Q, R = self.args
        return (f"{Q} is symmetric", f"{R} is symmetric", f"({A}, {B}) is stabilisable", self._unmixed.format(*self.args))

    @property
    def domains(self):
        return tuple((weight, "spd") for weight in self.args[2:])

    def is_symmetric_by_form(self, is_symmetric):
        return True


def _stable_subspace(values: list[Any], vectors: Any, n: int, stable: Any) -> Any:
    """Y X^-1 of the vectors (X; Y) of the n stable eigenvalues; None where there are more or fewer, or X is singular."""
    chosen = [k for k, value in enumerate(values) if stable(value)]
    if len(chosen) != n:
        return None
    upper, lower = mp.matrix(n, n), mp.matrix(n, n)
    for j, k in enumerate(chosen):
        for i in range(n):
            upper[i, j], lower[i, j] = vectors[i, k], vectors[n + i, k]
    if mp.det(upper) == 0 or mp.cond(upper) > mp.mpf(10) ** (mp.dps / 3):
        return None
    return (lower * upper**-1).apply(mp.re)


def _blocks(rows: list[list[Any]]) -> Any:
    """A matrix of mpmath of four square blocks."""
    n = rows[0][0].rows
    out = mp.matrix(2 * n, 2 * n)
    for i, row in enumerate(rows):
        for j, block in enumerate(row):
            for k in range(n * n):
                out[i * n + k // n, j * n + k % n] = block[k // n, k % n]
    return out


class Riccati(_Stabilising):
    """The stabilising solution X of ``A' X + X A - X B R^-1 B' X + Q = 0``.

    The eigenvalues of A - B K, ``K = R^-1 B' X``, have a negative real part. A: n x n, B: n x m, Q: n x n symmetric, R: m x m symmetric
    and invertible; in the order of SciPy's `solve_continuous_are`. X is symmetric; with ``F = A - B K`` its differential solves
    ``F' dX + dX F + dQ + K' dR K + (dA - dB K)' X + X (dA - dB K) = 0``, dQ and dR by their symmetric parts (Lancaster & Rodman,
    Algebraic Riccati Equations, ch. 7 and 16). It exists where (A, B) is stabilisable and no
    eigenvalue of the Hamiltonian matrix is imaginary, as for Q and R positive definite; the numeric code raises an error where it does not.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, m = symbols("n m", integer=True, positive=True)
    >>> A, B, Q, R = (MatrixSymbol(s, *shape) for s, shape in zip("ABQR", [(n, n), (n, m), (n, n), (m, m)]))
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient((x.T*mc.Riccati(A, B, Q, R)*x)[0, 0], Q)
    -lyap(A - B*R**(-1)*B.T*care(A, B, Q, R), x*x.T)
    """

    _unmixed = "the Hamiltonian matrix of {0}, {1}, {2}, {3} has no imaginary eigenvalue"
    written = "care"
    latex_name = r"\operatorname{care}"

    @staticmethod
    def multiprecision(A, *rest):
        """From the eigenvectors of the Hamiltonian matrix."""
        B, Q, R = map(mpmath_matrix, rest)
        values, vectors = mp.eig(_blocks([[A, -B * R**-1 * B.T], [-Q, -A.T]]))
        return _stable_subspace(values, vectors, A.rows, lambda value: mp.re(value) < 0)


class DiscreteRiccati(_Stabilising):
    """The stabilising solution X of ``X = A' X A - A' X B (R + B' X B)^-1 B' X A + Q``.

    The eigenvalues of A - B K, ``K = (R + B' X B)^-1 B' X A``, are inside the unit circle. A: n x n, B: n x m, Q: n x n symmetric,
    R: m x m symmetric; in the order of SciPy's `solve_discrete_are`. X is symmetric; with ``F = A - B K`` its differential solves
    ``dX = F' dX F + dQ + K' dR K + (dA - dB K)' X F + F' X (dA - dB K)``, dQ and dR by their symmetric parts (Lancaster & Rodman,
    Algebraic Riccati Equations, ch. 12). It exists where (A, B) is stabilisable and no eigenvalue of the symplectic pencil has
    modulus 1, as for Q and R positive definite; the numeric code raises an error where it does not.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, B, Q, R = (MatrixSymbol(s, n, n) for s in "ABQR")
    >>> mc.conditions(mc.DiscreteRiccati(A, B, Q, R))[:3]
    ('Q is symmetric', 'R is symmetric', '(A, B) is stabilisable')
    """

    _unmixed = "the symplectic pencil of {0}, {1}, {2}, {3} has no eigenvalue of modulus 1"
    written = "dare"
    latex_name = r"\operatorname{dare}"

    @staticmethod
    def multiprecision(A, *rest):
        """From the eigenvectors of the symplectic matrix; None where A is singular, and there is none."""
        B, Q, R = map(mpmath_matrix, rest)
        if mp.det(A) == 0 or mp.det(R) == 0:
            return None
        inverse, G = A.T**-1, B * R**-1 * B.T
        values, vectors = mp.eig(_blocks([[A + G * inverse * Q, -G * inverse], [-inverse * Q, inverse]]))
        return _stable_subspace(values, vectors, A.rows, lambda value: abs(value) < 1)
