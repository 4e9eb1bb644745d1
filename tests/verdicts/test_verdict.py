"""What a verdict calls a formula: a table of formulas with a fault each, and what must never be called right."""

import json

import pytest
from sympy import (
    Determinant,
    Eq,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    Matrix,
    MatrixSymbol,
    Q,
    Rational,
    Symbol,
    Trace,
    cos,
    exp,
    log,
    sin,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.verdicts import KINDS

m, n, p = symbols("m n p", integer=True, positive=True)
A, B, S = (MatrixSymbol(name, n, n) for name in "ABS")
x, a = MatrixSymbol("x", n, 1), MatrixSymbol("a", n, 1)
X, y, w = MatrixSymbol("X", m, n), MatrixSymbol("y", m, 1), MatrixSymbol("w", n, 1)
s, t, lam = symbols("s"), symbols("t", real=True), symbols("lam", positive=True)
quadratic, squares, logdet = x.T * A * x, (X * w - y).T * (X * w - y), log(Determinant(S))
e = Identity(n)

TABLE = [  # (mine, expr, variable, the kind, what else it says)
    ((A + A.T) * x, quadratic, x, "right", {"exact": True}),
    (A * x + A.T * x, quadratic, x, "right", {"exact": True}),
    (2 * A * x, quadratic, x, "right if", {"condition": Q.symmetric(A)}),
    (A * x, quadratic, x, "missing term", {"difference": A.T * x}),
    (A * x + A.T * x + x, quadratic, x, "missing term", {"difference": -x}),
    (A * x - A.T * x, quadratic, x, "sign", {"difference": 2 * A.T * x}),
    (A * x + 2 * A.T * x, quadratic, x, "scaled", {"factor": 2, "difference": -A.T * x}),
    (x.T * (A + A.T), quadratic, x, "transposed", {"also": ()}),
    (2 * x.T * (A + A.T), quadratic, x, "transposed", {"also": ("scaled",), "factor": 2}),
    (-x.T * (A + A.T), quadratic, x, "transposed", {"also": ("sign",)}),
    (x.T * A, quadratic, x, "transposed", {"also": ("missing term",)}),
    (-(A + A.T) * x, quadratic, x, "sign", {"also": ()}),
    (-2 * A * x, quadratic, x, "sign", {"also": ("right if",), "condition": Q.symmetric(A)}),
    (x, quadratic, x, "wrong", {}),
    (A, quadratic, x, "wrong shape", {}),
    (2 * X.T * (X * w - y), squares, w, "right", {}),
    (X.T * (X * w - y), squares, w, "scaled", {"factor": Rational(1, 2)}),
    (2 * X.T * (X * w - y) / m, squares, w, "scaled", {"factor": 1 / m}),
    (-2 * n * X.T * (X * w - y), squares, w, "scaled", {"factor": -n}),
    (X.T * (X * w - y), lam * squares, w, "scaled", {"factor": 1 / (2 * lam)}),
    (2 * X.T * X * w, squares, w, "missing term", {"difference": -2 * X.T * y}),
    (2 * X.T * (X * w + y), squares, w, "sign", {"difference": -4 * X.T * y}),
    (2 * (X * w - y), squares, w, "wrong shape", {}),
    (S.I.T, logdet, S, "right", {}),
    (S.I, logdet, S, "transposed", {"also": ("right if",), "condition": Q.symmetric(S)}),
    (2 * S.I - HadamardProduct(e, S.I), logdet, S, "other convention", {"convention": "entries"}),
    ((A + A.T) / 2, Trace(A * S), S, "other convention", {"convention": "subspace"}),
    (A + A.T - HadamardProduct(e, A), Trace(A * S), S, "other convention", {"convention": "entries"}),
    (HadamardProduct(e, A), Trace(A * S), S, "right if", {"condition": Q.diagonal(A)}),
    (A * B, Trace(A.T * S * B), S, "right if", {"condition": Q.symmetric(B)}),
    (A.T * B, Trace(A.T * S * B), S, "right if", {"condition": Q.symmetric(A) & Q.symmetric(B)}),
    (B * A.T, Trace(A.T * B * S), S, "right if", {}),
    (a, Trace(a.T * A * x), x, "right if", {"condition": Eq(A, e)}),
    (A, A * x, x, "right", {}),
    (B.T * A.T, A * B * x, x, "transposed", {}),
    (A * t, A * t**2, t, "scaled", {"factor": Rational(1, 2)}),
    (2 * t * A.T, A * t**2, t, "transposed", {}),
    (-sin(t), cos(t), t, "right", {}),
    (sin(t), cos(t), t, "sign", {}),
    (cos(2 * t), sin(2 * t), t, "scaled", {"factor": Rational(1, 2)}),
    (cos(t), sin(t) + exp(t), t, "missing term", {"difference": exp(t)}),
    (2 * x / mc.Norm(x), mc.Norm(x), x, "scaled", {"factor": 2}),
    (x, mc.Norm(x), x, "scaled", {"factor": mc.Norm(x)}),
    (abs(s) * x, s * Trace(x.T * x) / 2, x, "right if", {"condition": Q.positive(s)}),
    (s * x, s * Trace(x.T * x) / 2, x, "right", {"exact": True}),
    (0, Trace(a.T * B * a), x, "right", {"exact": True}),
    (0, quadratic, x, "wrong", {}),
    (S.T - S, Trace(S * S.T) / 2 - Trace(S * S) / 2, S, "transposed", {"also": ("sign",)}),
    (B * mc.MatrixExp(A + t * B), mc.MatrixExp(A + t * B), t, "right if", {"condition": Eq(A * B, B * A)}),
]


@pytest.mark.parametrize("mine,expr,variable,kind,says", TABLE)
def test_kinds(mine, expr, variable, kind, says):
    v = mc.verdict(mine, expr, variable)
    assert v.kind == kind, str(v)
    assert {name: getattr(v, name) for name in says} == says
    assert bool(v) == (kind == "right")
    assert {"wrong": v.counterexample is not None}.get(kind, v.counterexample is None)


HESSIANS = [
    (A + A.T, "right", {}),
    (2 * A, "right if", {"condition": Q.symmetric(A)}),
    (A, "missing term", {}),
    (-A - A.T, "sign", {}),
    (e, "wrong", {}),
]


@pytest.mark.parametrize("mine,kind,says", HESSIANS)
def test_hessians(mine, kind, says):
    v = mc.verdict(mine, quadratic, x, order=2)
    assert (v.kind, v.name) == (kind, "Hessian")
    assert {name: getattr(v, name) for name in says} == says


KRON = A * S * B
FORMS = [
    (KroneckerProduct(B.T, A), {}, "right", "stacked columns"),
    (KroneckerProduct(B.T, A), {"form": "vec"}, "right", ""),
    (KroneckerProduct(B, A.T), {"form": "vec"}, "transposed", ""),
    (KroneckerProduct(A, B.T), {}, "other convention", "rows stacked"),
    (-KroneckerProduct(B.T, A), {}, "sign", "stacked columns"),
    (KroneckerProduct(B, A), {}, "right if", "stacked columns"),
    (mc.jacobian(KRON, S), {"form": "vec"}, "right", "array"),
    (mc.jacobian(KRON, S), {"layout": "denominator"}, "transposed", "numerator"),
    (mc.jacobian(KRON, S, layout="denominator"), {}, "transposed", "denominator"),
    (2 * mc.jacobian(KRON, S), {}, "scaled", ""),
]


@pytest.mark.parametrize("mine,given,kind,note", FORMS)
def test_forms_and_layouts_of_a_jacobian_with_four_axes(mine, given, kind, note):
    v = mc.verdict(mine, KRON, S, **given)
    assert v.kind == kind and note in v.note, str(v)


def test_a_column_for_a_row_is_a_transposition_at_any_size():
    """Of a vector with two entries, and of a matrix with one column."""
    for size in (2, n):
        u = MatrixSymbol("u", size, 1)
        assert mc.verdict(2 * u.T, u.T * u, u).kind == "transposed"
    assert mc.verdict(X * w, X * w, w).kind == "wrong shape"


@pytest.mark.parametrize("tiny", [1e-3, 1e-6, Rational(1, 10**9)])
def test_a_small_difference_is_not_right(tiny):
    v = mc.verdict((A + A.T) * x + tiny * x, quadratic, x)
    assert v.kind == "missing term"
    assert not mc.verdict((1 + tiny) * (A + A.T) * x, quadratic, x)


def test_what_agrees_at_one_size_only_is_not_right():
    assert mc.verdict(3 * x, n * (x.T * x)[0, 0] / 2, x).kind != "right"
    assert mc.verdict(x * (n - 1) * (n - 2) / 2, x.T * x, x).kind != "right"


def test_a_domain_is_no_fact():
    """Data may be positive definite for the logarithm's sake; the formula must not use it without being told."""
    assert mc.verdict(2 * A * x, quadratic, x, domain={A: "spd"}).kind == "right if"
    assert mc.verdict(2 * A * x, quadratic, x, assumptions=Q.symmetric(A)).kind == "right"


def test_with_a_structure():
    given = {"structure": "symmetric"}
    assert mc.verdict(S.I, logdet, S, **given).kind == "right"
    v = mc.verdict(2 * S.I - HadamardProduct(e, S.I), logdet, S, **given)
    assert (v.kind, v.convention) == ("other convention", "entries")
    assert mc.verdict(A.T, Trace(A * S), S, convention="entries", **given).convention == "plain"
    assert mc.verdict(-S.I, logdet, S, **given).kind == "sign"


def test_a_slip_inside_of_an_inverse():
    f = y.T * X * (X.T * X + lam * e).I * w
    G = mc.gradient(f, w)
    v = mc.verdict((X.T * X).I * X.T * y, f, w)
    assert v.kind == "missing term" and "lam" in v.note, str(v)
    assert mc.verdict(G, f, w).kind == "right"


def test_explicit_matrices():
    r, s = symbols("r s", real=True)
    v = Matrix([r, s])
    assert mc.verdict(Matrix([2 * r, s]), r**2 + r * s, v).kind != "right"
    assert mc.verdict(Matrix([2 * r + s, r]), r**2 + r * s, v).kind == "right"
    x3 = MatrixSymbol("x", 3, 1)
    assert mc.verdict(2 * x3.as_explicit(), x3.T * x3, x3).kind == "right"
    assert mc.verdict(x3.as_explicit(), x3.T * x3, x3).kind == "scaled"


ERRORS = [
    ((A * a, quadratic, x), {}, mc.ExpressionError, "`a`"),
    (("2*x", quadratic, x), {}, mc.ExpressionError, "matcalc check"),
    ((A * MatrixSymbol("x", n, 2), quadratic, x), {}, mc.ShapeError, "`x`"),
    ((Symbol("n") * x, quadratic, x), {}, mc.ExpressionError, "assumptions"),
    ((x, A * x, x), {"order": 2}, mc.ShapeError, "Hessian"),
    ((x, quadratic, x), {"order": 3}, mc.ArgumentError, "order"),
    ((x, quadratic, x), {"order": 2, "layout": "denominator"}, mc.ArgumentError, "layout"),
    ((x, quadratic, x + x), {}, mc.UnsupportedVariableError, "variable"),
]


@pytest.mark.parametrize("args,given,error,says", ERRORS)
def test_errors(args, given, error, says):
    with pytest.raises(error, match=says):
        mc.verdict(*args, **given)


def test_shows_itself():
    v = mc.verdict(2 * A * x, quadratic, x)
    assert str(v).startswith("Right if A is symmetric: `2*A*x`")
    assert "symmetric" in v._repr_html_() and r"A^{\top}" in v._repr_html_() and v._repr_latex_() == v.latex()
    wrong = mc.verdict(x, quadratic, x)
    assert "with n = " in str(wrong)
    for verdict in (v, wrong, mc.verdict(S.I, logdet, S)):
        plain = json.loads(json.dumps(verdict.as_dict()))
        assert set(plain) == set(v.as_dict()) and plain["kind"] in KINDS and plain["sentence"] == str(verdict)


def test_a_counterexample_is_one():
    v = mc.verdict(x, quadratic, x)
    found = v.counterexample
    at = found["data"] | found["sizes"]
    value = mc.at(mc.gradient(quadratic, x), found["data"])
    assert value.reshape(-1)[found["entry"][0]] == pytest.approx(found["derivative"])
    assert at[x].reshape(-1)[found["entry"][0]] == pytest.approx(found["mine"])


def test_a_term_of_a_sum_under_a_transpose():
    for half in (S.T * a * x.T, a * x.T * S.T):
        assert mc.verdict(half, a.T * S**2 * x, S).kind == "missing term"
