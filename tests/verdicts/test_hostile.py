"""Tempting formulas, each judged by thought first: right at special sizes or for positive data only, broadcast, rounded, in pieces."""

import pytest
from sympy import (
    Abs,
    Determinant,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    Integer,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Trace,
    atan,
    cosh,
    exp,
    factorial,
    log,
    pi,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions import DiagMatrix

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
t = symbols("t")
A, B, S = (MatrixSymbol(name, n, n) for name in "ABS")
X, x, a, w = MatrixSymbol("X", m, n), *(MatrixSymbol(name, n, 1) for name in "xaw")
one, e, had, NOTHING = OneMatrix(n, 1), Identity(n), HadamardProduct, {}


def each(v, body):
    return v.applyfunc(Lambda(t, body))


def dot(u, v):
    return (u.T * v)[0, 0]


q, N, D = dot(x, x), mc.Norm(x), Determinant(S)

TABLE = [  # about, mine, expression, variable, what is given, kind
    # ---- near-equal at special sizes
    ("n=1 only", 2 * n * x, q, x, NOTHING, "scaled"),
    ("right for n=1: tr for n", Trace(A) * e, Trace(A * S), S, NOTHING, "wrong"),
    ("n(n+1)/2 for n^2", x * n * (n + 1) / 2, n**2 * q / 2, x, NOTHING, "scaled"),
    ("2^n for n^2", 2**n * x, n**2 * q / 2, x, NOTHING, "scaled"),
    ("n! for n^2(n-..)", factorial(n) * x, n * q / 2, x, NOTHING, "scaled"),
    # ---- positive data
    ("abs derivative by 1", one, mc.ElementSum(each(x, Abs(t))), x, NOTHING, "wrong"),
    ("abs of det w/o sign", S.I.T * D, Abs(D), S, NOTHING, "right if"),
    ("sqrt(x^2) is x", one, mc.ElementSum(each(x, sqrt(t**2))), x, NOTHING, "wrong"),
    ("|t|: t/|t|", t / Abs(t), Abs(t), t, NOTHING, "right"),
    ("|t|: 1", Integer(1), Abs(t), t, NOTHING, "wrong"),
    ("log|t|: 1/|t|", 1 / Abs(t), log(Abs(t)), t, NOTHING, "wrong"),
    ("t^2|.|", 3 * t**2, Abs(t) ** 3, t, NOTHING, "wrong"),
    # ---- trace missing
    ("trace missing", A.T * Trace(S), Trace(A * S) * Trace(S), S, NOTHING, "missing term"),
    ("I for tr", A, Trace(S) * Trace(A), S, NOTHING, "wrong"),
    ("tr(S)I missing I", Trace(A) * S, Trace(S) * Trace(A), S, NOTHING, "wrong"),
    # ---- elementwise vs matrix product
    ("had for product", had(A, S), Trace(A * S * S) / 2, S, NOTHING, "other convention"),
    ("S*S for had", 3 * S * S, mc.ElementSum(HadamardPower(S, 3)), S, NOTHING, "right if"),
    ("S^2 had power", 3 * HadamardPower(S, 2), mc.ElementSum(HadamardPower(S, 3)), S, NOTHING, "right"),
    ("exp elementwise for expm", each(S, exp(t)), Trace(mc.MatrixExp(S)), S, NOTHING, "wrong"),
    ("expm right untransposed", mc.MatrixExp(S), Trace(mc.MatrixExp(S)), S, NOTHING, "transposed"),
    ("inverse entrywise", -HadamardPower(S, -2), Trace(S.I), S, NOTHING, "wrong"),
    # ---- broadcasting
    ("sum of Xw as ones", X.T * OneMatrix(m, 1), mc.ElementSum(X * w), w, NOTHING, "right"),
    ("ones wrong side", OneMatrix(m, 1) * w.T, mc.ElementSum(X * w), X, NOTHING, "right"),
    ("mean forgets 1/m", X.T * OneMatrix(m, 1), mc.Mean(X * w), w, NOTHING, "scaled"),
    ("x broadcast", x * one.T, mc.ElementSum(x) ** 2 / 2, x, NOTHING, "wrong shape"),
    ("sum(x) 1", mc.ElementSum(x) * one, mc.ElementSum(x) ** 2 / 2, x, NOTHING, "right"),
    ("n x for sum", n * x, mc.ElementSum(x) ** 2 / 2, x, NOTHING, "wrong"),
    # ---- decimals and pieces
    ("relu piecewise", each(x, Piecewise((1, t > 0), (0, True))), mc.ElementSum(each(x, Max(t, 0))), x, NOTHING, "right"),
    (
        "leaky relu wrong slope",
        each(x, Piecewise((1, t > 0), (Rational(1, 10), True))),
        mc.ElementSum(each(x, Piecewise((t, t > 0), (t / 100, True)))),
        x,
        NOTHING,
        "wrong",
    ),
    ("huber inside only", each(x, t), mc.ElementSum(mc.Huber(x, 1)), x, NOTHING, "wrong"),
    ("piece with t>1000", Piecewise((2 * t, t < 1000), (0, True)), t**2, t, NOTHING, "wrong"),
    ("0.5 decimal", 0.5 * A * x + 0.5 * A.T * x, (x.T * A * x) / 2, x, NOTHING, "right"),
    ("0.33", 0.33 * x, q / 6, x, NOTHING, "scaled"),
    ("3.14159", 3.14159 * x, pi * q / 2, x, NOTHING, "scaled"),
    ("float pi", float(pi) * x, pi * q / 2, x, NOTHING, "right"),
    ("sqrt2 rounded", 1.414213562 * x, sqrt(2) * q / 2, x, NOTHING, "scaled"),
    # ---- second order, mixed, structure
    ("mixed Hessian transposed", A, x.T * A * a, x, {"order": 2, "Y": a}, "right"),
    ("mixed Hessian A'", A.T, x.T * A * a, x, {"order": 2, "Y": a}, "transposed"),
    ("mixed Hessian missing", dot(x, a) * e, dot(x, a) ** 2 / 2, x, {"order": 2, "Y": a}, "missing term"),
    ("Hessian of log sum exp: diag", DiagMatrix(mc.Softmax(x)), mc.LogSumExp(x), x, {"order": 2}, "missing term"),
    ("Hessian of norm", e / N, N, x, {"order": 2}, "missing term"),
    ("Hessian norm sign", e / N + x * x.T / N**3, N, x, {"order": 2}, "sign"),
    ("Hessian of 4th power", 4 * q * e, q**2, x, {"order": 2}, "missing term"),
    ("Hessian is gradient outer", 4 * x * x.T, q**2 / 2, x, {"order": 2}, "missing term"),
    ("Hessian log", -DiagMatrix(each(x, 1 / t**2)), mc.ElementSum(each(x, log(t))), x, {"order": 2}, "right"),
    ("Hessian vec order", KroneckerProduct(B, A) + KroneckerProduct(B.T, A.T), Trace(S.T * A * S * B), S, {"order": 2}, "right if"),
    ("log det by entries", 2 * S.I - had(e, S.I), log(D), S, {"structure": "symmetric", "convention": "entries"}, "right"),
    ("structure diag", A, Trace(A * S), S, {"structure": "diagonal"}, "right if"),
    # ---- Jacobians
    ("norm J", (e - x * x.T) / N, x / N, x, NOTHING, "scaled"),
    ("J of x x'x", q * e + x * x.T, q * x, x, NOTHING, "scaled"),
    ("J of had A x x", DiagMatrix(x) * A, had(x, A * x), x, NOTHING, "missing term"),
    (
        "J softmax(Ax) order",
        A * (DiagMatrix(mc.Softmax(A * x)) - mc.Softmax(A * x) * mc.Softmax(A * x).T),
        mc.Softmax(A * x),
        x,
        NOTHING,
        "transposed",
    ),
    ("d inv: -S^-1 dS S^-1 kron", -KroneckerProduct(S.I, S.I), S.I, S, {"form": "vec"}, "right if"),
    ("d inv right", -KroneckerProduct(S.I.T, S.I), S.I, S, {"form": "vec"}, "right"),
    # ---- ill-conditioned and tiny
    ("tiny", 2 * A * x + Rational(1, 10**14) * A.T * x, x.T * A * x, x, NOTHING, "wrong"),
    ("lost digits", ((t + 10**9) ** 2 - 10**18 - 2 * 10**9 * t) / t + t, t**2, t, NOTHING, "right"),
    ("eps in sqrt", x / sqrt(q + Rational(1, 10**12)), N, x, NOTHING, "missing term"),
    ("eps in norm, stated", x / sqrt(q + Rational(1, 10**12)), sqrt(q + Rational(1, 10**12)), x, NOTHING, "right"),
    ("1-tanh^2 as sech^2", each(x, 1 / cosh(t) ** 2), mc.ElementSum(each(x, tanh(t))), x, NOTHING, "right"),
    ("sigma' as sigma", mc.Sigmoid(dot(w, x)) * w, mc.Sigmoid(dot(w, x)), x, NOTHING, "scaled"),
    ("atan: 1/(1+t)", 1 / (1 + t), atan(t), t, NOTHING, "scaled"),
    ("x^x", t**t * log(t), t**t, t, {"domain": {t: "positive"}}, "missing term"),
    ("x^x by the power rule", t * t ** (t - 1), t**t, t, {"domain": {t: "positive"}}, "scaled"),
]


@pytest.mark.parametrize("about, mine, f, variable, given, kind", TABLE, ids=[row[0] for row in TABLE])
def test_a_tempting_formula(about, mine, f, variable, given, kind):
    v = mc.verdict(mine, f, variable, **given)
    assert v.kind == kind, str(v)


def test_a_transpose_under_a_condition_is_not_right_as_it_stands():
    jacobian_of_softmax = DiagMatrix(mc.Softmax(A * x)) - mc.Softmax(A * x) * mc.Softmax(A * x).T
    v = mc.verdict(A * jacobian_of_softmax, mc.Softmax(A * x), x)
    assert v.kind == "transposed" and not v.as_it_stands and "as it stands" not in str(v) and ", if A is symmetric" in str(v)
    assert "right as it stands if A is symmetric" in str(mc.verdict(A, Trace(A * S), S))


def test_the_sentence_of_a_mixed_hessian_names_both_variables():
    assert "the Hessian of `x.T*A*a` by `x` and `a`" in str(mc.verdict(A, x.T * A * a, x, order=2, Y=a))


def test_a_sign_inside_of_a_formula_is_no_sign_of_the_whole():
    v = mc.verdict(t**t * log(t) - t**t, t**t, t, domain={t: "positive"})
    assert v.kind == "sign" and "is the gradient of `t**t` by `t` but for one sign (`1` in `log(t) + 1` has the wrong sign)" in str(v)


def test_a_complex_formula_is_called_complex():
    with pytest.raises(mc.CheckError, match="is complex where"):
        mc.verdict(I * (A + A.T) * x, x.T * A * x, x)
