"""Scales, determinants, nearly singular matrices, and sizes of nought and one."""
import mpmath
import numpy as np
from sympy import Determinant, HadamardProduct, Identity, Trace, exp, log, sqrt, tanh

import sympy_matcalc as mc

from ..numeric.problem import col, each, k, m, mat, n, ones, row_of_ones
from .case import Case, H

x, y, w, z, mu = col("x", n), col("y", n), col("w", n), col("z", m), col("mu", n)
A, S, X, W, Y = mat("A", n, n), mat("S", n, n), mat("X", m, n), mat("W", n, k), mat("Y", m, k)
r = np.random.default_rng(5)
FIRST = ("value", "grad")

# ---------------------------------------------------------------- scales

for name, size, small in (("1e150", 1e150, 1e15), ("1e-150", 1e-150, 1e-15), ("1e200", 1e200, 1e25), ("1e-200", 1e-200, 1e-25)):
    v, v32 = (np.array([3.0, -4.0, 12.0])*s for s in (size, small))
    u, u32 = (np.array([1.0, 2.0, -2.0])*s for s in (size, small))
    Case(f"norm, {name}", (x,), mc.Norm(x), (v,), lambda x: H.sqrt(np.sum(x*x)), narrow=(v32,), by="largest")
    Case(f"sqrt(x'x) typed, {name}", (x,), sqrt((x.T*x)[0, 0]), (v,), lambda x: H.sqrt(np.sum(x*x)), narrow=(v32,), by="largest")
    Case(f"3-norm, {name}", (x,), mc.Norm(x, 3), (v,), lambda x: np.sum(H.fabs(x)**3)**(mpmath.mpf(1)/3), FIRST, by="largest",
         narrow=(v32,))
    Case(f"cosine, {name}", (x, y), (x.T*y)[0, 0]/(mc.Norm(x)*mc.Norm(y)), (v, u),
         lambda x, y: np.sum(x*y)/H.sqrt(np.sum(x*x)*np.sum(y*y)), FIRST, narrow=(v32, u32), by="largest")
    Case(f"Rayleigh quotient, {name}", (x, A), (x.T*A*x)[0, 0]/(x.T*x)[0, 0], (v, np.diag([1.0, 2, 3]) + 1),
         lambda x, A: (x @ A @ x)/np.sum(x*x), FIRST, narrow=(v32, np.diag([1.0, 2, 3]) + 1), by="largest")
    Case(f"logdet, {name}", (A,), log(Determinant(A)), (np.diag([size, 2*size, size]),), H.logdet, FIRST, by="largest",
         narrow=(np.diag([small, 2*small, small]),))

# ---------------------------------------------------------------- determinants and nearly singular matrices

def nearly_singular(size, condition):
    q = np.linalg.qr(r.standard_normal((size, size)))[0]
    s = (q*np.logspace(0, -np.log10(condition), size)) @ q.T
    return (s + s.T)/2


BAD, POOR = nearly_singular(5, 1e12), nearly_singular(5, 1e4)
DATA = r.standard_normal((8, 5))
Case("logdet, condition 1e12", (S,), log(Determinant(S)), (BAD,), H.logdet, by="largest", slack=1e13, narrow_slack=1e5, narrow=(POOR,))
Case("x'S^-1 x, condition 1e12", (x, S), x.T*S.I*x, (DATA[0], BAD), lambda x, S: x @ H.solve(S, x), by="largest", slack=1e13,
     narrow_slack=1e5, narrow=(DATA[0], POOR))
Case("Gaussian by S, condition 1e12", (S, X, mu), -m*log(Determinant(S))/2 - Trace((X - ones(m)*mu.T)*S.I*(X - ones(m)*mu.T).T)/2,
     (BAD, DATA, np.zeros(5)), lambda S, X, mu: -8*H.logdet(S)/2 - sum(e @ H.solve(S, e) for e in X - mu)/2, FIRST,
     by="largest", slack=1e13, narrow_slack=1e5, narrow=(POOR, DATA, np.zeros(5)))
Case("logdet of a precision", (S, A), Trace(S*A) - log(Determinant(S)), (BAD, np.eye(5)), lambda S, A: np.sum(S*A.T) - H.logdet(S),
     FIRST, by="largest", slack=1e13, narrow_slack=1e5, narrow=(POOR, np.eye(5)))
for name, entry in (("underflows", 1e-3), ("overflows", 1e3)):
    big = 120       # 1e-360 and 1e360
    Case(f"logdet, det {name}", (A,), log(Determinant(A)), (entry*np.eye(big),),
         dict(value=big*np.log(entry), grad=np.eye(big)/entry), FIRST, dtypes=("float64",), by="largest", slack=1000)
    Case(f"log of det^2, det {name}", (A,), log(Determinant(A)**2), (entry*np.eye(big),),
         dict(value=2*big*np.log(entry), grad=2*np.eye(big)/entry), FIRST, dtypes=("float64",), by="largest", slack=1000)
    Case(f"logdet(X'X), det {name}", (X,), log(Determinant(X.T*X)), (entry*np.eye(big),),
         dict(value=2*big*np.log(entry), grad=2*np.eye(big)/entry), FIRST, dtypes=("float64",), by="largest", slack=1000)
    Case(f"det A/det S, both {name.removesuffix('s')}", (A, S), Determinant(A)/Determinant(S), (entry*np.eye(big), entry*np.eye(big)),
         dict(value=1.0, grad=np.eye(big)/entry), FIRST, dtypes=("float64",), by="largest", slack=1e5)
    Case(f"log(det A/det S), both {name.removesuffix('s')}", (A, S), log(Determinant(A)/Determinant(S)),
         (entry*np.eye(big), 2*entry*np.eye(big)), dict(value=-big*np.log(2), grad=np.eye(big)/entry), FIRST,
         dtypes=("float64",), by="largest", slack=1e4)

# ---------------------------------------------------------------- no rows, no columns, one of each

NONE, NO_ROWS = np.zeros(0), np.zeros((0, 3))
P3, Z3, Z33 = np.ones(3), np.zeros(3), np.zeros((3, 3))
EMPTY = {
    "least squares": ((w, X, z), (X*w - z).T*(X*w - z), (P3, NO_ROWS, NONE), dict(value=0, grad=Z3, hess=Z33)),
    "logistic": ((w, X, z), mc.ElementSum(each(lambda t: log(1 + exp(-t)), HadamardProduct(z, X*w))), (P3, NO_ROWS, NONE),
                 dict(value=0, grad=Z3, hess=Z33)),
    "softmax cross entropy": ((W, X, Y), (row_of_ones(m)*((X*W).applyfunc(exp)*ones(k)).applyfunc(log))[0, 0] - Trace(Y.T*X*W),
                              (np.ones((3, 2)), NO_ROWS, np.zeros((0, 2))),
                              dict(value=0, grad=np.zeros((3, 2)), hess=np.zeros((3, 2, 3, 2)))),
    "log barrier": ((x, X, z), -mc.ElementSum((z - X*x).applyfunc(log)), (P3, NO_ROWS, NONE), dict(value=0, grad=Z3, hess=Z33)),
    "factorisation": ((X, W, Y), Trace((Y - X*W).T*(Y - X*W)), (NO_ROWS, np.ones((3, 2)), np.zeros((0, 2))),
                      dict(value=0, grad=NO_ROWS, hess=np.zeros((0, 3, 0, 3)))),
    "logdet(I + X'X)": ((X,), log(Determinant(Identity(n) + X.T*X)), (NO_ROWS,), dict(value=0, grad=NO_ROWS, hess=np.zeros((0, 3, 0, 3)))),
}
for name, (args, expr, values, truth) in EMPTY.items():
    Case(f"no rows: {name}", args, expr, values, truth)
NOTHING = {
    "x'A x": ((x, A), x.T*A*x, (NONE, np.zeros((0, 0)))), "norm squared": ((x,), mc.Norm(x)**2, (NONE,)),
    "sum of log": ((x,), mc.ElementSum(x.applyfunc(log)), (NONE,)), "x'A^-1 x": ((x, A), x.T*A.I*x, (NONE, np.zeros((0, 0)))),
}
for name, (args, expr, values) in NOTHING.items():
    Case(f"n = 0: {name}", args, expr, values, dict(value=0, grad=NONE, hess=np.zeros((0, 0))))
Case("n = 0: logdet", (A,), log(Determinant(A)), (np.zeros((0, 0)),), dict(value=0, grad=np.zeros((0, 0)), hess=np.zeros((0,)*4)))
Case("n = 0: no unknowns", (w, X, z), (X*w - z).T*(X*w - z), (NONE, np.zeros((2, 0)), np.ones(2)),
     dict(value=2, grad=NONE, hess=np.zeros((0, 0))))

ONE, ONE2 = np.array([0.7]), np.array([[1.3]])
SINGLE = {
    "x'A x": ((x, A), x.T*A*x, (ONE, ONE2), lambda x, A: x @ A @ x),
    "least squares": ((w, X, z), (X*w - z).T*(X*w - z), (ONE, ONE2, 2*ONE), lambda w, X, z: np.sum((X @ w - z)**2)),
    "softmax cross entropy": ((W, X, Y), EMPTY["softmax cross entropy"][1], (ONE2, 2*ONE2, np.ones((1, 1))),
                              lambda W, X, Y: sum(H.lse(row) for row in X @ W) - np.sum(Y*(X @ W))),
    "logdet(X'X)": ((X,), log(Determinant(X.T*X)), (ONE2,), lambda X: H.logdet(X.T @ X)),
    "x'A^-1 x by A": ((A, x), x.T*A.I*x, (ONE2, ONE), lambda A, x: x @ H.solve(A, x)),
    "tanh net": ((A, W, X), mc.Norm(W.T*(A*X.T).applyfunc(tanh))**2, (ONE2, ONE2, ONE2),
                 lambda A, W, X: np.sum((W.T @ H.tanh(A @ X.T))**2)),
    "factorisation": ((X, W, Y), Trace((Y - X*W).T*(Y - X*W)), (ONE2, 2*ONE2, ONE2), lambda X, W, Y: np.sum((Y - X @ W)**2)),
    "Rayleigh quotient": ((x, A), (x.T*A*x)[0, 0]/(x.T*x)[0, 0], (ONE, ONE2), lambda x, A: (x @ A @ x)/np.sum(x*x)),
}
for name, (args, expr, values, truth) in SINGLE.items():
    Case(f"all sizes 1: {name}", args, expr, values, truth, by="largest", slack=500, least=1.0)
