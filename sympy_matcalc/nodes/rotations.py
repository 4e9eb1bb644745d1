"""What derivatives of rotations are made of, and the rotation matrix of a quaternion."""

from sympy import Add, Basic, Identity, Matrix, S, cos, factorial, sin, sqrt
from sympy.matrices.expressions import Transpose

from ..errors import ArgumentError, ShapeError
from ..strict import sympified
from .base import MatrixOfMatrix, RealScalarOfMatrix, as_matrix
from .cross import SkewMatrix, as_triple
from .declaration import Typed

__all__ = ["Stumpff", "RightJacobian", "QuaternionRotation"]


class Stumpff(RealScalarOfMatrix):
    """Stumpff's function ``c_k(x) = sum_j (-x)^j/(k + 2j)!`` of the squared length x = w'w of a vector, k a whole number from 0 on.

    ``c_0 = cos |w|``, ``c_1 = sin(|w|)/|w|``, ``c_2 = (1 - cos |w|)/|w|^2``: the coefficients of Rodrigues' formula, smooth at w = 0, in
    numeric code too. ``d c_k = (k c_{k+2} - c_{k+1}) w' dw`` (Stiefel & Scheifele, Linear and Regular Celestial Mechanics, sec. 11).
    Errors: ArgumentError for another k.

    >>> from sympy import Matrix, MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> w = MatrixSymbol("w", 3, 1)
    >>> mc.gradient(mc.Stumpff(w, 2), w)
    (-Stumpff(w, 3) + 2*Stumpff(w, 4))*w
    >>> mc.Stumpff(Matrix([0, 0, 0]), 3).doit()
    1/6
    """

    typed = "it is what derivatives of rotations are made of"

    def __new__(cls, w, k):
        w, k = as_matrix(cls, w, vector=True), sympified(k) if k is not None else k
        if not getattr(k, "is_Integer", False) or k < 0:
            raise ArgumentError(f"{cls.__name__} needs a whole number from 0 on as its order, got `{k}`")
        return Basic.__new__(cls, w.arg if isinstance(w, Transpose) else w, k)

    def _value(self, w, k):
        x = Add(*(a**2 for a in w.flat()))
        if x.is_zero:
            return 1 / factorial(k)
        if not x.is_positive:
            return None
        value = sin(sqrt(x)) / sqrt(x) if k % 2 else cos(sqrt(x))
        for j in range(k % 2, k, 2):
            value = (1 / factorial(j) - value) / x
        return value

    def _body_latex(self, printer):
        w, k = self.args
        return rf"c_{{{k}}}\left(\left\Vert{{{printer._print(w)}}}\right\Vert^{{2}}\right)"


class RightJacobian(MatrixOfMatrix):
    """The right Jacobian ``J_r(w) = I - c_2 [w] + c_3 [w]^2`` of the rotation R = exp([w]) of a 3-vector: ``d R = R [J_r(w) dw]``.

    ``c_2 = (1 - cos |w|)/|w|^2``, ``c_3 = (|w| - sin |w|)/|w|^3``, smooth at w = 0. The left one is ``J_r(-w) = J_r(w)'``. Source: Sola,
    Deray & Atchuthan, A micro Lie theory for state estimation in robotics, eq. 143; Chirikjian, Stochastic Models, vol. 2, sec. 10.6.

    >>> from sympy import MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> w, p = MatrixSymbol("w", 3, 1), MatrixSymbol("p", 3, 1)
    >>> mc.jacobian(mc.MatrixExp(mc.Skew(w))*p, w)
    -expm(skew(w))*skew(p)*rightjac(w)
    """

    typed = Typed("rightjac", "triple", "right Jacobian of the rotation expm(skew(x))")
    latex_name = "J_{r}"

    def __new__(cls, w):
        return Basic.__new__(cls, as_triple(cls, w))

    @property
    def shape(self):
        return S(3), S(3)

    @property
    def defined(self):
        """By Rodrigues' formula."""
        w = self.arg
        return Identity(3) - Stumpff(w, 2) * SkewMatrix(w) + Stumpff(w, 3) * SkewMatrix(w) ** 2

    def _value(self, w):
        c, s = (Stumpff(w, k).doit() for k in (2, 3)), Matrix(SkewMatrix(w).doit())
        c2, c3 = c
        return None if c2.has(Stumpff) else type(w)(Matrix.eye(3) - c2 * s + c3 * s * s)


class QuaternionRotation(MatrixOfMatrix):
    """The matrix ``R(q) = (s^2 - u'u) I + 2 u u' + 2 s [u]`` of a quaternion q = (s, u), a column of 4, scalar first.

    By Hamilton's product; of a unit quaternion it is the rotation ``v -> q v q*``, of others |q|^2 times one. ``d R(q) v / d q`` is the
    3 x 4 matrix ``2 [s v + u x v, u'v I + u v' - v u' - s [v]]`` (Sola, Quaternion kinematics for the error-state Kalman filter, eq. 174).
    Errors: ShapeError for what is no vector of 4.

    >>> from sympy import Matrix, MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> mc.QuaternionRotation(Matrix([0, 0, 0, 1])).doit()
    Matrix([
    [-1,  0, 0],
    [ 0, -1, 0],
    [ 0,  0, 1]])
    >>> q, v = MatrixSymbol("q", 4, 1), MatrixSymbol("v", 3, 1)
    >>> mc.jacobian(mc.QuaternionRotation(q)*v, q).shape
    (3, 4)
    """

    typed = Typed("quatrot", "quaternion", "3 x 3 rotation of a unit quaternion, scalar part first")
    latex_name = "R"

    def __new__(cls, q):
        q = as_matrix(cls, q, vector=True)
        q = q if q.shape[1] == 1 else q.arg if isinstance(q, Transpose) else Transpose(q)
        if q.shape != (4, 1):
            raise ShapeError(f"{cls.__name__} needs a vector of length 4, the scalar part first, got shape {q.shape}: `{q}`")
        return Basic.__new__(cls, q)

    @property
    def shape(self):
        return S(3), S(3)

    def _value(self, q):
        a, b, c, d = q.flat()
        return type(q)(
            [
                [a**2 + b**2 - c**2 - d**2, 2 * b * c - 2 * a * d, 2 * b * d + 2 * a * c],
                [2 * b * c + 2 * a * d, a**2 - b**2 + c**2 - d**2, 2 * c * d - 2 * a * b],
                [2 * b * d - 2 * a * c, 2 * c * d + 2 * a * b, a**2 - b**2 - c**2 + d**2],
            ]
        )
