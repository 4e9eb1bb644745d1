"""What floating point cannot tell: values with a hundred digits, data far away, larger sizes."""

import numpy as np
import pytest
import sympy as sp
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
    Symbol,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    log,
    prod,
    sqrt,
    symbols,
)
from sympy.matrices.expressions import DiagMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.nodes.declaration import NODES
from sympy_matcalc.precise import Precise, entries_of
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.verdicts.precise import DIGITS, value_of, values_agree
from tests.nodes.rows import ROWS

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
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
    assert np.allclose(np.array(entries_of(value), dtype=float), np.ravel(evaluate(e, env)), rtol=1e-12)


def test_agreement():
    env = random_env([A, x], 1, {n: 3})
    assert values_agree(N**2 * x, q * x, env) is True
    assert values_agree(N**2 * x, (q + Rational(1, 10**60)) * x, env) is False
    assert values_agree(Determinant(A) * A.I, mc.Adjugate(A), env) is True
    assert values_agree(mc.MatrixExp(A), mc.MatrixExp(A) + Rational(1, 10**60) * A, env) is False
    assert values_agree(mc.function("f")(x), 2 * mc.function("f")(x), env) is None


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


# ---- every node has a value with many digits, or it is said why not
UNKNOWN = "it has no value until its function is given"
NO_DIGITS = {
    **{cls.__name__: UNKNOWN for cls in NODES.values() if cls.__name__.startswith("Unknown")},
    "FunctionDerivative": UNKNOWN,
    "AsMatrix": "an array symbol, which has no explicit numbers",
}
LONG = {"Riccati", "DiscreteRiccati", "MatrixLog"}  # a second each; `test_every_node.test_evalf` has them
ROWS_OF_NODES = [(cls, *row) for cls, rows in ROWS.items() if cls.__name__ not in LONG for row in rows[:1]]


def precisely(e, env):
    with mp.workdps(DIGITS):
        return value_of(e, env)


@pytest.mark.parametrize("cls, e, domain", ROWS_OF_NODES, ids=[row[0].__name__ for row in ROWS_OF_NODES])
def test_every_node_has_a_value_or_says_why_not(cls, e, domain):
    env = random_env(e, 1, {m: 3, n: 2}, domain)
    found = precisely(e, env)
    assert (found is None) == (cls.__name__ in NO_DIGITS), NO_DIGITS.get(cls.__name__, "no value")
    if found is not None:
        np.testing.assert_allclose(np.array(found, dtype=complex), np.ravel(evaluate(e, env)), rtol=1e-9, atol=1e-9)


def test_the_list_holds_only_nodes_that_there_are():
    assert set(NO_DIGITS) <= set(NODES)


U, W = MatrixSymbol("U", 2, 2), MatrixSymbol("W", 2, 2)
u = Symbol("u", positive=True)
OF_SYMPY = {
    "Abs": Abs(t), "sign": sp.sign(t), "Heaviside": Heaviside(t), "floor": sp.floor(5 * t), "Mod": sp.Mod(u, Rational(1, 3)), "gamma": sp.gamma(u),
    "polygamma": sp.polygamma(1, u), "besselj": sp.besselj(0, u), "erf": sp.erf(t), "atan2": sp.atan2(t, u), "Max": sp.Max(t, u, 0), "Min": sp.Min(t, u),
    "LambertW": sp.LambertW(u), "KroneckerDelta": sp.KroneckerDelta(n, 2), "Piecewise": sp.Piecewise((t**2, t < 0), (exp(t), True)),
    "pieces with and": sp.Piecewise((1, (t > 0) & (t < u)), (t, True)), "outside of the domain": sp.Piecewise((log(t), t > 5), (t, True)),
    "Product": sp.Product(i + t, (i, 1, n)), "Subs": sp.Subs(t**2 + u, t, 3), "re": sp.re(t), "I": sp.I**2 * t, "sqrt of a negative": sqrt(-u) ** 2,
    "Permanent": sp.Permanent(U), "DotProduct": sp.Matrix([t, u]).dot(sp.Matrix([1, 2])), "MatrixSlice": A[0:1, 0:2],
    "BlockMatrix": sp.BlockMatrix([[U, W], [W, U]]), "BlockDiagMatrix": sp.BlockDiagMatrix(U, W),
    "PermutationMatrix": sp.matrices.expressions.PermutationMatrix(sp.combinatorics.Permutation([1, 0])) * U,
    "FunctionMatrix": sp.FunctionMatrix(2, 2, Lambda((i, j), i + 2 * j)) * U, "Adjoint": sp.Adjoint(U), "HadamardPower": HadamardPower(U, 3),
    "complex": sp.re((1 + sp.I * t) ** 3), "hypot": sp.codegen.cfunctions.hypot(t, u), "log1p": sp.codegen.cfunctions.log1p(u),
}  # fmt: skip


@pytest.mark.parametrize("e", OF_SYMPY.values(), ids=list(OF_SYMPY))
def test_nodes_of_sympy(e):
    env = random_env([e, A], 2, {n: 2}) | {t: -0.625, u: 0.4375}
    np.testing.assert_allclose(np.array(precisely(e, env), dtype=complex), np.ravel(evaluate(e, env)), rtol=1e-9, atol=1e-12)


# ---- decimals
third = Rational(1, 3)
DECIMALS = [  # mine, expression, variable, kind, digits
    (0.2 * t, t**2 / 10, t, "right", None),
    (t / 3, t**2 / 6, t, "right", None),
    (1 / 3 * t, t**2 / 6, t, "right", 15),
    ((0.1 + 0.2) * x, 0.15 * q, x, "right", 15),
    (0.3 * x, 0.15 * q, x, "right", None),
    (t / 3, t**2 * 0.16666666666666666, t, "right", 15),
    (sp.Float("0.333333333333333333333333333333", 30) * t, t**2 / 6, t, "right", 15),
    (0.3333333333 * t, t**2 / 6, t, "scaled", None),
    (0.3333333333333 * x, q / 6, x, "scaled", None),
    (Rational(3333333333333333, 10**16) * t, t**2 / 6, t, "scaled", None),
    (2 * x + 1e-17 * N * x, q, x, "missing term", None),
    (2 * x + 1e-300 * B * x, q, x, "missing term", None),
]


@pytest.mark.parametrize("mine,f,variable,kind,digits", DECIMALS, ids=lambda e: str(e)[:40])
def test_decimals(mine, f, variable, kind, digits):
    f = f + Trace(B) if getattr(mine, "has", lambda *_: False)(B) else f
    v = mc.verdict(mine, f, variable)
    assert (v.kind, v.digits) == (kind, digits), str(v)


def test_a_decimal_that_is_cut_off_is_a_factor():
    v = mc.verdict(0.3333333333333 * x, q / 6, x)
    assert v.factor == Rational(9999999999999, 10**13) and "agree to 13 digits" in v.note


def test_what_floating_point_alone_says_is_said_to_be_that(monkeypatch):
    """Of a node without more digits."""
    monkeypatch.setattr(mc.MatrixExp, "_eval_evalf", lambda self, prec: None)
    v = mc.verdict(mc.MatrixExp(A.T / 3) * mc.MatrixExp(2 * A.T / 3), Trace(mc.MatrixExp(A)), A)
    assert v and v.digits == 9 and str(v).startswith("Right to 9 digits:") and v.as_dict()["digits"] == 9, str(v)


def test_matrix_functions_have_many_digits():
    f = Trace(B.T * mc.MatrixFunction(sp.tanh, A))
    right = mc.gradient(f, A)
    assert mc.verdict(right, f, A)
    assert not mc.verdict(right + Rational(1, 10**20) * A, f, A)


# ---- conditions
ORTHOGONAL = [
    (2 * x, (A * x).T * (A * x), x, "right if"),
    (2 * x + Rational(1, 10**30) * x, (A * x).T * (A * x), x, "not"),
    (2 * A.T * A * A.T * A * x, (A * x).T * (A * x), x, "right if"),
    (2 * A * x + Rational(1, 10**25) * x, x.T * A * x, x, "not"),
    (B * A * x + A.T * B.T * x, x.T * A * B * x, x, "right if"),
    (B * A * x + A.T * B.T * x + Rational(1, 10**25) * A * x, x.T * A * B * x, x, "not"),
]


@pytest.mark.parametrize("mine,f,variable,kind", ORTHOGONAL, ids=str)
def test_conditions_with_many_digits(mine, f, variable, kind):
    v = mc.verdict(mine, f, variable)
    assert (v.kind == "right if") == (kind == "right if") and not v, str(v)


def test_a_formula_that_loses_digits_is_right():
    """x1^2 - x2^2 where a student cancels large numbers."""
    big = 10**13
    v = mc.verdict(((t + big) ** 2 - big**2 - 2 * big * t) / t + t, t**2, t)
    assert v.kind == "right", str(v)


def test_an_iteration_of_mpmath_that_does_not_converge_is_not_known(monkeypatch):
    def diverges(self, prec):
        raise mp.NoConvergence

    monkeypatch.setattr(mc.MatrixExp, "_eval_evalf", diverges)
    assert precisely(mc.MatrixExp(A), random_env(mc.MatrixExp(A), 1, {n: 2})) is None
