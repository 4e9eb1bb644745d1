"""Rotations differentiated in closed form: exp([w]) by Rodrigues' formula, and those of quaternions as 3 x 4 matrices."""

from math import factorial

import numpy as np
import pytest
from sympy import Matrix, MatrixSymbol, Symbol, Trace

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

w, p, v, A, W = (MatrixSymbol(s, 3, 1 if s in "wpv" else 3) for s in "wpvAW")
q, t = MatrixSymbol("q", 4, 1), Symbol("t", real=True)
R = mc.MatrixExp(mc.Skew(w))


def test_names():
    assert mc.Skew is mc.SkewMatrix and mc.Cross is mc.CrossProduct


def test_forms():
    J = mc.RightJacobian(w)
    assert str(mc.jacobian(R * p, w)) == str(-R * mc.Skew(p) * J)
    assert str(mc.gradient((v.T * R * p)[0, 0], w)) == str(J.T * mc.Cross(p, R.T * v))
    assert str(mc.diff(mc.MatrixExp(t * mc.Skew(w)), t)) == "expm(t*skew(w))*skew(w)"
    assert str(mc.jacobian(R.T * p, w)) == "skew(expm(skew(w)).T*p)*rightjac(w)"
    assert not mc.hessian((v.T * R * p)[0, 0], w).has(mc.FrechetDerivative, mc.FrechetMatrix)


EXPRESSIONS = {
    "rotated": (R * p, w),
    "rotated back": (R.T * p, w),
    "of an affine map": (mc.MatrixExp(mc.Skew(A * w + v)) * p, w),
    "bilinear": (v.T * R * p, w),
    "trace": (Trace(W * R), w),
    "along an axis": (mc.MatrixExp(t * mc.Skew(w)) * p, t),
    "angle times axis": (mc.MatrixExp(t * mc.Skew(w)) * p, w),
    "minus": (mc.MatrixExp(-mc.Skew(w)) * p, w),
    "two": (mc.MatrixExp(mc.Skew(w)) * mc.MatrixExp(mc.Skew(v)) * p, w),
    "the matrix": (R, w),
    "quaternion": (mc.QuaternionRotation(q) * p, q),
    "quaternion, transposed": (mc.QuaternionRotation(q).T * p, q),
    "unit quaternion": (mc.QuaternionRotation(q / mc.Norm(q)) * p, q),
}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_derivatives(name, order):
    expr, variable = EXPRESSIONS[name]
    if name == "the matrix" and order == 2:
        expr = Trace(W * expr * A * expr)
    check_rule(expr, variable, {}, order=order, trials=1)


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
@pytest.mark.parametrize("size", [0, 1e-9, 1e-3, 1.0, 1.999999, 2.000001, 3.0, 10.0])
def test_small_and_large_angles(library, size):
    """At w = 0 and near it there is no quotient of small numbers."""
    pytest.importorskip(library)
    rng = np.random.default_rng(2)
    at, point = rng.normal(size=(3, 1)), rng.normal(size=(3, 1))
    at *= size / np.linalg.norm(at)
    names = [mc.RightJacobian(w), *(mc.Stumpff(w, k) for k in range(8)), mc.hessian((v.T * R * p)[0, 0], w)]
    J, *values, H = (np.asarray(x) for x in mc.lambdify([w, p, v], names, modules=library)(at, point, point[::-1].copy()))
    tolerance = 2e-5 if library == "jax" else 1e-13
    terms = [np.array([(-(size**2)) ** j / factorial(k + 2 * j) for j in range(60)]) for k in range(8)]
    np.testing.assert_allclose(values, [x.sum() for x in terms], atol=tolerance * max(1, np.abs(terms[0]).max()))
    np.testing.assert_allclose(values[7] * factorial(7), terms[7].sum() * factorial(7), rtol=1e-3 if library == "jax" else 1e-9)
    s = np.array([[0, -at[2, 0], at[1, 0]], [at[2, 0], 0, -at[0, 0]], [-at[1, 0], at[0, 0], 0]])
    c = [x.sum() for x in terms]
    np.testing.assert_allclose(J, np.eye(3) - c[2] * s + c[3] * s @ s, atol=max(tolerance, 1e-9 if size > 5 else 0))
    assert np.isfinite(H).all()


def test_quaternion_matrix():
    """2 [s v + u x v, u'v I + u v' - v u' - s [v]]."""
    found = mc.jacobian(mc.QuaternionRotation(q) * v, q)
    assert found.shape == (3, 4)
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(4, 1)), rng.normal(size=(3, 1))
    s, u, x = a[0, 0], a[1:, 0], b[:, 0]
    skew = lambda y: np.cross(y, np.eye(3)).T  # noqa: E731
    right = (u @ x) * np.eye(3) + np.outer(u, x) - np.outer(x, u) - s * skew(x)
    expected = 2 * np.column_stack([s * x + np.cross(u, x), right])
    np.testing.assert_allclose(mc.lambdify([q, v], found)(a, b), expected, atol=1e-14)
    unit = a / np.linalg.norm(a)
    rotation = mc.lambdify([q], mc.QuaternionRotation(q))(unit)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-14)


def test_refusals():
    for wrong in (MatrixSymbol("q", 3, 1), A):
        with pytest.raises(mc.ShapeError, match="QuaternionRotation needs a vector"):
            mc.QuaternionRotation(wrong)
    for k in (-1, t, 0.5, None, "x"):
        with pytest.raises(mc.MatcalcError, match="Stumpff|the text 'x'"):
            mc.Stumpff(w, k)


def test_explicit_values():
    assert mc.RightJacobian(Matrix([0, 0, 0])).doit() == Matrix.eye(3)
    assert mc.RightJacobian(Matrix([0, 0, 1])).doit().shape == (3, 3)
