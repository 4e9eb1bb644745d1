"""Cross products and rotations."""
from sympy import BlockMatrix

from ...nodes import CrossProduct, MatrixExp, QuaternionRotation, RightJacobian, SkewMatrix
from ..identity import Identity
from ..symbols import Eye, column, value


def rotations():
    """By the rotation vector, and by the quaternion."""
    w, p, v = (column(s, 3) for s in "wpv")
    q = column("q", 4)
    R, J = MatrixExp(SkewMatrix(w)), RightJacobian(w)
    s, u = q[0, 0], q[1:, :]
    moved = 2 * value(u.T * v) * Eye(3) + 2 * u * v.T - 2 * v * u.T - 2 * s * SkewMatrix(v)
    return [
        Identity("ro2", "Sola et al. 2018", "a point rotated by exp([w]), by w", R * p, w, "jacobian", {}, -R * SkewMatrix(p) * J),
        Identity("ro3", "Sola et al. 2018", "a point rotated back, by w", R.T * p, w, "jacobian", {}, SkewMatrix(R.T * p) * J),
        Identity("ro4", "Sola et al. 2018", "v'Rp by w", value(v.T * R * p), w, "gradient", {}, J.T * CrossProduct(p, R.T * v)),
        Identity("ro5", "Sola 2017", "a vector rotated by a quaternion, by the quaternion",
                 QuaternionRotation(q) * v, q, "jacobian", {}, BlockMatrix([[2 * s * v + 2 * SkewMatrix(u) * v, moved]])),
    ]


IDENTITIES = [*rotations()]
