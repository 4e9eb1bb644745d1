"""Formulas as students get them wrong, each with what a good teacher says of it.

They are misreadings of the Matrix Cookbook and of "The Matrix Calculus You Need for Deep Learning", and mistakes that people ask about:
which transpose, which factor, whether a matrix was symmetric, which layout, an outer factor or an inner derivative forgotten.
"""

import pytest
from sympy import (
    Abs,
    Determinant,
    Eq,
    Expr,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    Max,
    OneMatrix,
    Q,
    Rational,
    Trace,
    cos,
    exp,
    log,
    sin,
    symbols,
    tanh,
)
from sympy.matrices.expressions import DiagMatrix

import sympy_matcalc as mc
from sympy_matcalc.text import read
from sympy_matcalc.verdicts.arithmetic import minus
from sympy_matcalc.verdicts.typed import typed_verdict

m, n, p = symbols("m n p", integer=True, positive=True)
t, s = symbols("t s")
lam = symbols("lam", positive=True)
A, B, C, S = (MatrixSymbol(name, n, n) for name in "ABCS")
X, F = MatrixSymbol("X", m, n), MatrixSymbol("F", n, p)
x, a, b, c, w = (MatrixSymbol(name, n, 1) for name in "xabcw")
y, V = MatrixSymbol("y", m, 1), MatrixSymbol("V", m, m)
e, one = Identity(n), OneMatrix(n, 1)
had = HadamardProduct


def each(v, body):
    return v.applyfunc(Lambda(t, body))


def dot(v, z):
    return (v.T * z)[0, 0]


quadratic, squares = x.T * A * x, (X * w - y).T * (X * w - y)
score = dot(w, x)
sigma = mc.Sigmoid(score)
N = mc.Norm(x)
soft = mc.Softmax(x)
logistic = -s * log(sigma) - (1 - s) * log(1 - sigma)

# (what it is about, mine, expression, variable, kind, further findings, given)
TABLE = [
    # ---- quadratic forms
    ("2Ax for any A", 2 * A * x, quadratic, x, "right if", {"condition": Q.symmetric(A)}),
    ("only one of the two terms", A * x, quadratic, x, "missing term", {"difference": A.T * x}),
    ("Ax twice the other one", A.T * x, quadratic, x, "missing term", {"difference": A * x}),
    ("2A'x", 2 * A.T * x, quadratic, x, "right if", {"condition": Q.symmetric(A)}),
    ("a row", x.T * (A + A.T), quadratic, x, "transposed", {"also": ()}),
    ("2x'A", 2 * x.T * A, quadratic, x, "transposed", {"also": ("right if",), "condition": Q.symmetric(A)}),
    ("the half of x'Ax/2", (A + A.T) * x, quadratic / 2, x, "scaled", {"factor": 2}),
    ("a bilinear form has no 2", 2 * A.T * a, a.T * A * x, x, "scaled", {"factor": 2}),
    ("a bilinear form, untransposed", A * a, a.T * A * x, x, "right if", {"condition": Q.symmetric(A)}),
    ("x'Ax + b'x without b", (A + A.T) * x, quadratic + b.T * x, x, "missing term", {"difference": b}),
    ("-2 of the inner sign", 2 * A.T * (b - A * x), (b - A * x).T * (b - A * x), x, "sign", {}),
    ("A in the place of A'", 2 * A * (A * x - b), (A * x - b).T * (A * x - b), x, "right if", {"condition": Q.symmetric(A)}),
    ("weights between", 2 * X.T * (X * w - y), (X * w - y).T * V * (X * w - y), w, "right if", {"condition": Eq(V, Identity(m))}),
    # ---- least squares
    ("half", X.T * (X * w - y), squares, w, "scaled", {"factor": Rational(1, 2)}),
    ("sum for mean", 2 * X.T * (X * w - y), squares / m, w, "scaled", {"factor": m}),
    ("mean over the wrong size", 2 * X.T * (X * w - y) / n, squares / m, w, "scaled", {"factor": m / n}),
    ("the sign of the residual", 2 * X.T * (y - X * w), squares, w, "sign", {}),
    ("X' forgotten", 2 * (X * w - y), squares, w, "wrong shape", {}),
    ("ridge without 2", 2 * X.T * (X * w - y) + lam * w, squares + lam * w.T * w, w, "scaled", {"factor": Rational(1, 2)}),
    ("ridge forgotten", 2 * X.T * (X * w - y), squares + lam * w.T * w, w, "missing term", {"difference": 2 * lam * w}),
    ("the norm is no square", 2 * X.T * (X * w - y), mc.Norm(X * w - y), w, "scaled", {"factor": 2 * mc.Norm(X * w - y)}),
    ("by X, layout", 2 * w * (X * w - y).T, squares, X, "transposed", {"also": ()}),
    ("by X, no outer product", 2 * X.T * (X * w - y), squares, X, "wrong shape", {}),
    # ---- traces and determinants
    ("tr(XA) is A", F, Trace(MatrixSymbol("Z", p, n) * F), MatrixSymbol("Z", p, n), "transposed", {"also": ()}),
    ("tr(XA) is A, square", A, Trace(S * A), S, "transposed", {"also": ("right if",), "condition": Q.symmetric(A)}),
    ("tr(X^2) without 2", S.T, Trace(S**2), S, "scaled", {"factor": Rational(1, 2)}),
    ("tr(X^2) is 2X", 2 * S, Trace(S**2), S, "transposed", {}),
    ("tr(X'X) is 2X'", 2 * X.T, Trace(X.T * X), X, "transposed", {"also": ()}),
    ("tr(X^2 B), one term", (S * B).T, Trace(S**2 * B), S, "missing term", {"difference": (B * S).T}),
    ("tr(X^2 B), SymPy's old answer", (e + S.T) * B.T * (e + S.T), Trace(S**2 * B), S, "missing term", {"difference": -(B + S * B * S).T}),
    ("tr(X'AX) is 2AX", 2 * A * F, Trace(F.T * A * F), F, "right if", {"condition": Q.symmetric(A)}),
    ("tr(AXB) is AB", A * B, Trace(A * S * B), S, "right if", {"condition": Q.symmetric(A) & Q.symmetric(B)}),
    ("tr(AXB) is BA", B * A, Trace(A * S * B), S, "transposed", {}),
    ("tr(X^-1) without minus", (S.I * S.I).T, Trace(S.I), S, "sign", {}),
    ("tr(X^-1) without transpose", -S.I * S.I, Trace(S.I), S, "transposed", {}),
    ("a'X^-1 b", -S.I.T * b * a.T * S.I.T, a.T * S.I * b, S, "transposed", {"also": ("right if",), "condition": Q.symmetric(S)}),
    ("log det without transpose", S.I, log(Determinant(S)), S, "transposed", {"condition": Q.symmetric(S)}),
    ("log det for a symmetric X", 2 * S.I - had(e, S.I), log(Determinant(S)), S, "other convention", {"convention": "entries"}),
    ("det without det", S.I.T, Determinant(S), S, "scaled", {"factor": 1 / Determinant(S)}),
    ("det of X'X without 2", Determinant(X.T * X) * X * (X.T * X).I, Determinant(X.T * X), X, "scaled", {"factor": Rational(1, 2)}),
    ("log det X^-1", S.I.T, log(Determinant(S.I)), S, "sign", {}),
    ("symmetric by entries", A + A.T - had(e, A), Trace(A * S), S, "other convention", {"convention": "entries"}),
    ("symmetric by subspace", (A + A.T) / 2, Trace(A * S), S, "other convention", {"convention": "subspace"}),
    ("vec of the gradient", mc.Vec(A.T), Trace(A * S), S, "other convention", {"note": "as one column, its columns stacked"}),
    ("the diagonal forgotten", A + A.T, Trace(A * S), S, "missing term", {"difference": -A}),
    # ---- Jacobians
    ("d(Ax)/dx is A'", A.T, A * x, x, "transposed", {}),
    ("d(A'x)/dx is A", A, A.T * x, x, "transposed", {}),
    ("elementwise product as a vector", w, had(w, x), x, "wrong shape", {}),
    ("elementwise function as a vector", each(x, cos(t)), each(x, sin(t)), x, "wrong shape", {}),
    (
        "chain rule in the wrong order",
        A * DiagMatrix(each(A * x, 1 - tanh(t) ** 2)),
        each(A * x, tanh(t)),
        x,
        "right if",
        {"condition": Q.diagonal(A)},
    ),
    ("softmax: the diagonal alone", DiagMatrix(soft), soft, x, "missing term", {"difference": -soft * soft.T}),
    ("softmax: the sign", DiagMatrix(soft) + soft * soft.T, soft, x, "sign", {}),
    ("d vec(AXB), order of factors", KroneckerProduct(A, B.T), A * S * B, S, "other convention", {}),
    ("d vec(AXB), untransposed B", KroneckerProduct(B, A), A * S * B, S, "right if", {"condition": Q.symmetric(B)}),
    ("x/|x| as a constant norm", e / N, x / N, x, "missing term", {"difference": -x * x.T / N**3}),
    # ---- chain, product and quotient rules
    ("an inner derivative forgotten", cos(t**2), sin(t**2), t, "scaled", {"factor": 1 / (2 * t)}),
    ("an outer factor forgotten", w, exp(score), x, "scaled", {"factor": exp(-score)}),
    ("product rule, one half", dot(b, x) * a, dot(a, x) * dot(b, x), x, "missing term", {"difference": dot(a, x) * b}),
    ("quotient rule, plus", a / dot(b, x) + dot(a, x) * b / dot(b, x) ** 2, dot(a, x) / dot(b, x), x, "sign", {}),
    ("quotient rule, unsquared", a / dot(b, x) - dot(a, x) * b / dot(b, x), dot(a, x) / dot(b, x), x, "scaled", {"factor": dot(b, x)}),
    ("norm: x itself", x, N, x, "scaled", {"factor": N}),
    ("norm: squared norm below", x / N**2, N, x, "scaled", {"factor": 1 / N}),
    ("ReLU without the unit", each(x, Max(t, 0)), mc.ElementSum(each(x, Max(t, 0))), x, "wrong", {}),
    ("logistic loss, sign", (s - sigma) * x, logistic, w, "sign", {}),
    ("logistic loss without x", (sigma - s) * one, logistic, w, "wrong", {}),
    ("sigmoid: only sigma", sigma * x, sigma, w, "scaled", {"factor": 1 / (1 - sigma)}),
    (
        "log-sum-exp is the sum",
        each(x, exp(t)),
        log(mc.ElementSum(each(x, exp(t)))),
        x,
        "scaled",
        {"factor": mc.ElementSum(each(x, exp(t)))},
    ),
    (
        "Rayleigh quotient for any A",
        2 * (A * x - x * dot(x, A * x) / dot(x, x)) / dot(x, x),
        dot(x, A * x) / dot(x, x),
        x,
        "right if",
        {"condition": Q.symmetric(A)},
    ),
    ("matrix product for elementwise product", A.T * A * S, Trace(had(A, S).T * had(A, S)) / 2, S, "wrong", {}),
    ("a scalar times a vector", dot(x, x) * e, dot(x, x) * x, x, "missing term", {"difference": 2 * x * x.T}),
    # ---- facts that were not stated
    ("an orthogonal A", 2 * x, (A * x).T * (A * x), x, "right if", {"condition": Q.orthogonal(A)}),
    ("the inverse for the transpose", A * a, a.T * A.I * x, x, "right if", {"condition": Q.orthogonal(A)}),
    ("a projection", 2 * A * x, (A * x).T * (A * x), x, "right if", {"condition": Q.symmetric(A) & mc.idempotent(A)}),
    ("an absolute value", Determinant(A) * c, Abs(Determinant(A)) * dot(c, x), x, "right if", {"condition": Q.positive_definite(A)}),
    ("Mahalanobis", 2 * C.I * (x - a), (x - a).T * C.I * (x - a), x, "right if", {"condition": Q.symmetric(C)}),
    ("Mahalanobis, by the covariance", -S.I * a * a.T * S.I, a.T * S.I * a, S, "transposed", {"also": ("right if",)}),
    (
        "Gauss, the sign of one term",
        S.I.T + S.I.T * C.T * S.I.T,
        log(Determinant(S)) + Trace(S.I * C),
        S,
        "sign",
        {"terms": (-S.I.T * C.T * S.I.T,)},
    ),
]

# as TABLE, with what is given to `verdict`
GIVEN = [
    ("Hessian: 2A", 2 * A, quadratic, x, "right if", {"condition": Q.symmetric(A)}, {"order": 2}),
    ("Hessian: A", A, quadratic, x, "missing term", {"difference": A.T}, {"order": 2}),
    ("Hessian: 2X'X for the half", 2 * X.T * X, squares / 2, w, "scaled", {"factor": 2}, {"order": 2}),
    ("Hessian: XX'", X * X.T, squares / 2, w, "wrong shape", {}, {"order": 2}),
    ("Hessian: order of vec", KroneckerProduct(A + A.T, Identity(p)), Trace(F.T * A * F), F, "other convention", {}, {"order": 2}),
    ("Hessian: a matrix for vec", A + A.T, Trace(F.T * A * F), F, "wrong shape", {}, {"order": 2}),
    ("Hessian of a logistic loss", sigma * x * x.T, logistic, w, "scaled", {"factor": 1 / (1 - sigma)}, {"order": 2}),
    ("denominator layout asked", A, A * x, x, "transposed", {}, {"layout": "denominator"}),
    ("vec form asked, rows stacked", KroneckerProduct(A, B.T), A * S * B, S, "other convention", {}, {"form": "vec"}),
    (
        "entries asked, all entries given",
        S.I,
        log(Determinant(S)),
        S,
        "other convention",
        {},
        {"structure": "symmetric", "convention": "entries"},
    ),
    ("A symmetric was stated", 2 * A * x, quadratic, x, "right", {}, {"assumptions": Q.symmetric(A)}),
]

# a vector for the diagonal matrix: the shape is wrong, and the note says what it is
OF_SHAPE = [(w, had(w, x), x, "diag"), (each(x, cos(t)), each(x, sin(t)), x, "diag")]


def found(got, wanted):
    """The same, where a product that is a scalar may stand as a sum over entries."""
    if got == wanted or not isinstance(wanted, Expr):
        return got == wanted
    left = minus(got, wanted)
    return mc.simplify(left) == 0 * left


@pytest.mark.parametrize("about,mine,expr,variable,kind,says", TABLE, ids=[row[0] for row in TABLE])
def test_a_formula(about, mine, expr, variable, kind, says):
    v = mc.verdict(mine, expr, variable)
    assert v.kind == kind, str(v)
    assert all(found(getattr(v, name), wanted) for name, wanted in says.items()), str(v)


@pytest.mark.parametrize("about,mine,expr,variable,kind,says,given", GIVEN, ids=[row[0] for row in GIVEN])
def test_with_more_given(about, mine, expr, variable, kind, says, given):
    v = mc.verdict(mine, expr, variable, **given)
    assert v.kind == kind, str(v)
    assert all(found(getattr(v, name), wanted) for name, wanted in says.items()), str(v)


@pytest.mark.parametrize("mine,expr,variable,word", OF_SHAPE)
def test_what_a_wrong_shape_is(mine, expr, variable, word):
    v = mc.verdict(mine, expr, variable)
    assert v.kind == "wrong shape" and word in v.note, str(v)


def test_what_does_not_fit_together_is_said_in_a_sentence():
    """Without the shapes of the expression, which its reader has, and in one line."""
    v = typed_verdict("2*X*(X*w - y)", read("norm(X*w - y)**2", variables=["w"]))
    assert v.kind == "wrong shape" and "the inner sizes must be equal" in v.note and "declared" not in str(v) and "\n" not in str(v)


def test_what_can_be_read_in_two_ways_is_said_without_a_picture_in_the_middle():
    v = typed_verdict("X - sum(X, axis=1)", read("norm(X*w - y)**2", variables=["w"]))
    assert v.kind == "wrong shape" and "can be added to each column" in v.note and "\n" not in str(v) and "^" not in str(v)


def test_of_two_texts_the_error_says_how_they_are_compared():
    with pytest.raises(mc.MatcalcError, match="mc.parse.text, shapes.") as caught:
        mc.verdict("2*A*x", "x'*A*x", "x")
    assert """check "2*A*x" --of "x'*A*x" --wrt x""" in str(caught.value)
    shapes = ["A: n x n", "x: n"]
    expr, names = mc.parse("x'*A*x", shapes)
    mine, _ = mc.parse("2*A*x", shapes)
    assert mc.verdict(mine, expr, names["x"]).kind == "right if"
