"""Identities of the textbooks as data: (name, expression, variable, the book's answer, domain), for the tests of form and value."""

from sympy import Determinant, Lambda, Rational, Symbol, Trace, cos, exp, log, sin, sqrt, symbols, tanh
from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc import CommutationMatrix, Vec

m, n, p = symbols("m n p", integer=True, positive=True)
c, s, lam = symbols("c s lam", real=True)
u = Symbol("u")
A, B, D = MatrixSymbol("A", p, m), MatrixSymbol("B", n, p), MatrixSymbol("D", p, p)
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n)
Q, R, S = MatrixSymbol("Q", n, n), MatrixSymbol("R", n, n), MatrixSymbol("S", n, n)
a, b, x, w = (MatrixSymbol(name, n, 1) for name in "abxw")
v, y, z = (MatrixSymbol(name, m, 1) for name in "vyz")
M = MatrixSymbol("M", m, m)
sigmoid, softplus = Lambda(u, mc.Sigmoid(u)), Lambda(u, log(1 + exp(u)))
one = OneMatrix
xx = (x.T * x)[0, 0]
residual = X * w - y
density = exp(-xx / 2)

GRADIENTS = [
    ("linear", a.T * x, x, a, {}),
    ("bilinear", v.T * X * a, X, v * a.T, {}),
    ("bilinear transposed", a.T * X.T * v, X, v * a.T, {}),
    ("quadratic form", x.T * Q * x, x, (Q + Q.T) * x, {}),
    ("quadratic form, entry", (x.T * Q * x)[0, 0], x, (Q + Q.T) * x, {}),
    ("quadratic and linear", x.T * Q * x + b.T * x, x, (Q + Q.T) * x + b, {}),
    ("norm squared", x.T * x, x, 2 * x, {}),
    ("norm", sqrt(xx), x, x / sqrt(xx), {}),
    ("distance", sqrt(((x - a).T * (x - a))[0, 0]), x, (x - a) / sqrt(((x - a).T * (x - a))[0, 0]), {}),
    ("least squares", residual.T * residual, w, 2 * X.T * residual, {}),
    ("least squares by data", residual.T * residual, X, 2 * residual * w.T, {}),
    ("weighted least squares", residual.T * DiagMatrix(v) * residual, w, 2 * X.T * DiagMatrix(v) * residual, {}),
    ("trace", Trace(Q), Q, Identity(n), {}),
    ("trace of product", Trace(X * B * A), X, A.T * B.T, {}),
    ("trace of sandwich", Trace(A * X * B), X, A.T * B.T, {}),
    ("trace of square", Trace(Q**2), Q, 2 * Q.T, {}),
    ("trace of cube", Trace(Q**3), Q, 3 * (Q**2).T, {}),
    ("trace of Gram", Trace(X.T * X), X, 2 * X, {}),
    ("trace of Gram, other side", Trace(X * X.T), X, 2 * X, {}),
    ("trace of quartic", Trace(X.T * X * X.T * X), X, 4 * X * X.T * X, {}),
    ("trace of inverse", Trace(R * Q.I), Q, -Q.T.I * R.T * Q.T.I, {Q: "invertible"}),
    ("a' X^-1 b", a.T * Q.I * b, Q, -Q.T.I * a * b.T * Q.T.I, {Q: "invertible"}),
    ("affine residual", Trace((A * X * B - D).T * (A * X * B - D)), X, 2 * A.T * (A * X * B - D) * B.T, {}),
    ("factorisation", Trace((X - Y * Q.T).T * (X - Y * Q.T)), Y, -2 * (X - Y * Q.T) * Q, {}),
    ("determinant", Determinant(Q), Q, Determinant(Q) * Q.T.I, {Q: "invertible"}),
    ("log determinant", log(Determinant(Q)), Q, Q.T.I, {Q: "posdet"}),
    ("log determinant of square", log(Determinant(Q) ** 2) / 2, Q, Q.T.I, {Q: "invertible"}),
    (
        "determinant of a product",
        Determinant(Q * S * R),
        S,
        MatMul(Determinant(Q * S * R), S.T.I),
        {Q: "invertible", R: "invertible", S: "invertible"},
    ),
    ("determinant of Gram", log(Determinant(X.T * X)), X, 2 * X * (X.T * X).I, {"sizes": "tall"}),
    ("determinant of inverse", Determinant(Q.I), Q, -Q.T.I / Determinant(Q), {Q: "invertible"}),
    ("exponential of trace", exp(Trace(B * A * X)), X, exp(Trace(A * X * B)) * A.T * B.T, {}),
    ("power of trace", Trace(Q) ** 3, Q, 3 * Trace(Q) ** 2 * Identity(n), {}),
    ("reciprocal of trace", 1 / Trace(Q), Q, -Identity(n) / Trace(Q) ** 2, {Q: "spd"}),
    ("Gaussian", density, x, -density * x, {}),
    ("log of 1x1", log(x.T * Q * x), x, (Q + Q.T) * x / (x.T * Q * x)[0, 0], {Q: "spd"}),
    ("square of 1x1", (x.T * x) ** 2, x, 4 * xx * x, {}),
    ("sum of entries", one(1, m) * X * one(n, 1), X, one(m, n), {}),
    ("Hadamard under trace", Trace(Y.T * HadamardProduct(X, X)), X, 2 * HadamardProduct(X, Y), {}),
    ("elementwise under sum", one(1, m) * (X * w).applyfunc(sin), w, X.T * (X * w).applyfunc(cos), {}),
    ("Poisson regression", one(1, m) * (X * w).applyfunc(exp) - y.T * X * w, w, X.T * ((X * w).applyfunc(exp) - y), {}),
    ("logistic regression", one(1, m) * (X * w).applyfunc(softplus) - y.T * X * w, w, X.T * ((X * w).applyfunc(sigmoid) - y), {}),
    ("log-sum-exp", log((one(1, n) * x.applyfunc(exp))[0, 0]), x, x.applyfunc(exp) / (one(1, n) * x.applyfunc(exp))[0, 0], {}),
    ("negative entropy", x.T * x.applyfunc(log), x, x.applyfunc(log) + one(n, 1), {x: "positive"}),
    ("log barrier", -one(1, m) * (y - X * w).applyfunc(log), w, X.T * HadamardPower(y - X * w, -1), {y: "barrier"}),
    (
        "D-optimal design",
        log(Determinant(X.T * DiagMatrix(v) * X)),
        v,
        DiagonalOf(X * (X.T * DiagMatrix(v) * X).I * X.T),
        {v: "positive", "sizes": "tall"},
    ),
    ("diagonal", Trace(Q * DiagMatrix(x)), x, DiagonalOf(Q), {}),
    ("trace of Kronecker", Trace(KroneckerProduct(R, Q)), Q, Trace(R) * Identity(n), {}),
    (
        "net by second layer",
        ((y - X * (Q * x).applyfunc(tanh)).T * (y - X * (Q * x).applyfunc(tanh)))[0, 0],
        X,
        -2 * (y - X * (Q * x).applyfunc(tanh)) * (Q * x).applyfunc(tanh).T,
        {},
    ),
    ("constant", Trace(Q), X, ZeroMatrix(m, n), {}),
]

JACOBIANS = [
    ("A v", X * w, w, X, {}),
    ("v' A", v.T * X, v, X.T, {}),
    ("identity", x, x, Identity(n), {}),
    ("Hadamard", HadamardProduct(a, x), x, DiagMatrix(a), {}),
    ("elementwise", (X * w).applyfunc(sin), w, DiagMatrix((X * w).applyfunc(cos)) * X, {}),
    ("outer with a scalar", v * (a.T * x), x, v * a.T, {}),
    ("diagonal matrix times vector", DiagMatrix(x) * a, x, DiagMatrix(a), {}),
    ("centering", x - one(n, 1) * one(1, n) * x / n, x, Identity(n) - one(n, n) / n, {}),
    ("unit vector", x / sqrt(xx), x, Identity(n) / sqrt(xx) - x * x.T / xx ** Rational(3, 2), {}),
    ("Kronecker", KroneckerProduct(x, a), x, KroneckerProduct(Identity(n), a), {}),
]

VEC_FORMS = [
    ("A X B", A * X * B, X, KroneckerProduct(B.T, A), {}),
    ("X", X, X, Identity(m * n), {}),
    ("transpose", X.T, X, CommutationMatrix(m, n), {}),
    ("square", Q**2, Q, KroneckerProduct(Q.T, Identity(n)) + KroneckerProduct(Identity(n), Q), {}),
    ("inverse", Q.I, Q, -KroneckerProduct(Q.T.I, Q.I), {Q: "invertible"}),
    ("Hadamard", HadamardProduct(Y, X), X, DiagMatrix(Vec(Y)), {}),
    ("X a", X * a, X, KroneckerProduct(a.T, Identity(m)), {}),
    ("X' v", X.T * v, X, KroneckerProduct(Identity(n), v.T), {}),
    ("tr(X) X", Trace(Q) * Q, Q, Trace(Q) * Identity(n**2) + Vec(Q) * Vec(Identity(n)).T, {}),
    ("Gram", X.T * X, X, (Identity(n**2) + CommutationMatrix(n, n)) * KroneckerProduct(Identity(n), X.T), {}),
]

HESSIANS = [
    ("quadratic form", x.T * Q * x, x, Q + Q.T, {}),
    ("least squares", residual.T * residual, w, 2 * X.T * X, {}),
    ("ridge", residual.T * residual + lam * w.T * w, w, 2 * X.T * X + 2 * lam * Identity(n), {}),
    ("Gaussian", density, x, density * (x * x.T - Identity(n)), {}),
    ("Poisson regression", one(1, m) * (X * w).applyfunc(exp) - y.T * X * w, w, X.T * DiagMatrix((X * w).applyfunc(exp)) * X, {}),
    ("log barrier", -one(1, m) * (y - X * w).applyfunc(log), w, X.T * DiagMatrix(HadamardPower(y - X * w, -2)) * X, {y: "barrier"}),
    ("x' diag(Qx) x", x.T * DiagMatrix(Q * x) * x, x, 2 * DiagMatrix(Q * x) + 2 * DiagMatrix(x) * Q + 2 * Q.T * DiagMatrix(x), {}),
]
