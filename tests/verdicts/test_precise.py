"""What floating point cannot tell: values with a hundred digits, data far away, larger sizes."""

import numpy as np
import pytest
from mpmath import mp
from sympy import (
    Abs,
    Determinant,
    HadamardPower,
    HadamardProduct,
    Heaviside,
    Identity,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    prod,
    sqrt,
    symbols,
)
from sympy.matrices.expressions import DiagMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.verdicts.precise import DIGITS, Precise, values_agree

m, n = symbols("m n", integer=True, positive=True)
i = symbols("i", integer=True)
t = symbols("t")
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
X, x = MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)
N, q = mc.Norm(x), (x.T * x)[0, 0]

VALUES = [
    A * B.T.I + 2 * A**3 - A**-2,
    Determinant(A) * Trace(A * B) / 3,
    KroneckerProduct(A, X) * mc.CommutationMatrix(n, n),
    mc.CommutationMatrix(m, n),
    mc.Vec(X),
    mc.Adjugate(A),
    x.applyfunc(Lambda(t, cos(t) * exp(t))),
    HadamardProduct(A, B) + HadamardPower(A, 2),
    sqrt(q) * mc.ElementSum(x) / N,
    DiagMatrix(x) * DiagonalMatrix(A),
    DiagonalOf(A).T + OneMatrix(1, n) + ZeroMatrix(1, n),
    X.T * X + Identity(n),
    Sum(Abs(x[i, 0]) * A[i, 0], (i, 0, n - 1)),
    mc.Sigmoid(t) + t**2,
    Matrix([[t, 1], [2, t**2]]),
]


@pytest.mark.parametrize("e", VALUES, ids=str)
def test_values_are_those_of_the_evaluator(e):
    env = random_env([e, X], 1, {m: 3, n: 2})
    with mp.workdps(DIGITS):
        value = Precise(env).value(e.as_immutable() if isinstance(e, Matrix) else e)
    assert np.allclose(np.array(value, dtype=float), evaluate(e, env), rtol=1e-12)


def test_agreement():
    env = random_env([A, x], 1, {n: 3})
    assert values_agree(N**2 * x, q * x, env) is True
    assert values_agree(N**2 * x, (q + Rational(1, 10**60)) * x, env) is False
    assert values_agree(Determinant(A) * A.I, mc.Adjugate(A), env) is True
    assert values_agree(mc.MatrixExp(A), mc.MatrixExp(A) + A, env) is None


HIDDEN = [
    (4 * N**2 * x + Rational(1, 10**17) * x, q**2, x),
    (4 * N**2 * x + Rational(1, 10**60) * N * x, q**2, x),
    (2 * t + Rational(1, 10**20) * t**3, t**2, t),
    (2 * t + Heaviside(t - 10**9), t**2, t),
    (2 * t + Heaviside(t - 10**400), t**2, t),
    (2 * t + Heaviside(t / 10**9 - 1), t**2, t),
    (2 * x + prod([n - k for k in range(2, 5)]) * x, x.T * x, x),
    (2 * x + prod([n - k for k in range(1, 10)]) * x / 10**6, x.T * x, x),
]


@pytest.mark.parametrize("mine,f,variable", HIDDEN, ids=str)
def test_what_rounding_distance_or_small_sizes_hide_is_not_right(mine, f, variable):
    assert not mc.verdict(mine, f, variable)


@pytest.mark.parametrize("mine,f,variable", [(4 * N**2 * x, q**2, x), (mc.Adjugate(A).T, Determinant(A), A), (0.3 * x, 3 * q / 20, x)])
def test_right(mine, f, variable):
    assert mc.verdict(mine, f, variable).kind == "right"
