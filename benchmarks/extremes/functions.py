"""Functions of one argument and what is made of them: logistic, softmax, small differences."""
import numpy as np
from sympy import HadamardProduct, OneMatrix, Trace, cosh, erf, exp, log, sqrt, symbols, tanh

import sympy_matcalc as mc

from ..numeric.problem import col, each, k, m, mat, n, ones, row_of_ones
from .case import Case, H

x, y, a, mu = col("x", n), col("y", n), col("a", n), col("mu", n)
X, W, Y = mat("X", m, n), mat("W", n, k), mat("Y", m, k)
w, z = col("w", n), col("z", m)
c = symbols("c", positive=True)

FIRST = ("value", "grad")
LOGITS = np.array([-1e4, -800.0, -50.0, -1.0, 0.0, 2.0, 50.0, 800.0, 1e4])
MODERATE = np.array([-60.0, -20.0, -1e-3, 0.0, 0.5, 20.0, 60.0])
TINY = np.array([1e-18, -1e-18, 3e-9, -1e-5, 1e-30])

# ---------------------------------------------------------------- the logistic function and what is made of it

margins = np.where(np.arange(LOGITS.size) % 2, 1.0, -1.0)
Case("logistic loss", (w, X, z), mc.ElementSum(each(lambda t: log(1 + exp(-t)), HadamardProduct(z, X*w))),
     (LOGITS, np.eye(LOGITS.size), margins), lambda w, X, z: np.sum(H.log(1 + H.exp(-z*(X @ w)))))
Case("softplus node", (x,), mc.ElementSum(mc.Softplus(x)), (LOGITS,), lambda x: np.sum(H.log(1 + H.exp(x))))
Case("softplus entries", (x,), mc.Softplus(x), (LOGITS,), lambda x: H.log(1 + H.exp(x)), ("value", "jac"))
Case("log(1 + exp) typed", (x,), x.applyfunc(exp).applyfunc(lambda t: log(1 + t)), (LOGITS,), lambda x: H.log(1 + H.exp(x)), ("value",))
Case("sigmoid", (x,), mc.Sigmoid(x), (LOGITS,), lambda x: 1/(1 + H.exp(-x)), ("value", "jac"))
Case("sigmoid typed by exp(x)", (x,), each(lambda t: exp(t)/(1 + exp(t)), x), (LOGITS,), lambda x: 1/(1 + H.exp(-x)), ("value", "jac"))
Case("log sigmoid", (x,), mc.ElementSum(each(lambda t: log(mc.Sigmoid(t)), x)), (LOGITS,), lambda x: -np.sum(H.log(1 + H.exp(-x))))
Case("log(1 - sigmoid)", (x,), mc.ElementSum(each(lambda t: log(1 - mc.Sigmoid(t)), x)), (LOGITS,),
     lambda x: -np.sum(H.log(1 + H.exp(x))))
Case("cross entropy of a sigmoid", (x, y), -mc.ElementSum(HadamardProduct(y, each(lambda t: log(mc.Sigmoid(t)), x))
                                                        + HadamardProduct(ones(n) - y, each(lambda t: log(1 - mc.Sigmoid(t)), x))),
     (LOGITS, (margins + 1)/2), lambda x, y: np.sum(y*H.log(1 + H.exp(-x)) + (1 - y)*H.log(1 + H.exp(x))))
Case("swish", (x,), mc.ElementSum(HadamardProduct(x, mc.Sigmoid(x))), (LOGITS,), lambda x: np.sum(x/(1 + H.exp(-x))))
Case("softplus net", (W, x, y), mc.Norm(mc.Softplus(W.T*x) - OneMatrix(k, 1))**2, (np.diag([1e4, -1e4, 3.0]), np.ones(3), np.ones(3)),
     lambda W, x, y: np.sum((H.log(1 + H.exp(W.T @ x)) - 1)**2))
Case("tanh", (x,), mc.ElementSum(x.applyfunc(tanh)), (LOGITS,), lambda x: np.sum(H.tanh(x)), by="largest")
Case("tanh, each entry", (x,), x.applyfunc(tanh), (MODERATE,), lambda x: H.tanh(x), ("value", "jac"))
Case("log cosh", (x,), mc.ElementSum(each(lambda t: log(cosh(t)), x)), (LOGITS,), lambda x: np.sum(H.log(H.cosh(x))), by="largest")
Case("log normal distribution function", (x,), mc.ElementSum(each(lambda t: log((1 + erf(t))/2), x)),
     (np.array([-40.0, -8.0, 0.0, 8.0]),), lambda x: np.sum(H.log(H.erfc(-x)/2)), narrow=(np.array([-9.0, -4.0, 0.0, 4.0]),))

# ---------------------------------------------------------------- softmax and log-sum-exp

for name, logits in {"+-1e4": LOGITS, "all equal": np.full(5, 1e4), "all equal and low": np.full(5, -1e4), "one": np.array([1e4])}.items():
    Case(f"softmax, {name}", (x,), mc.Softmax(x), (logits,), lambda x: H.exp(x)/np.sum(H.exp(x)), ("value", "jac"), by="largest")
    Case(f"log-sum-exp, {name}", (x,), mc.LogSumExp(x), (logits,), H.lse, by="largest")
    Case(f"log(1'exp(x)) typed, {name}", (x,), log((row_of_ones(n)*x.applyfunc(exp))[0, 0]), (logits,), H.lse, by="largest")
    Case(f"log of a softmax, {name}", (x, a), mc.ElementSum(HadamardProduct(a, mc.Softmax(x).applyfunc(log))),
         (logits, np.arange(logits.size)), lambda x, a: np.sum(a*(x - H.lse(x))), by="largest")
    Case(f"entropy of a softmax, {name}", (x,), -mc.ElementSum(each(lambda t: t*log(t), mc.Softmax(x))), (logits,),
         lambda x: H.lse(x) - np.sum(x*H.exp(x - H.lse(x))), FIRST, by="largest", least=1.0)

INFINITE = np.array([-np.inf, 0.0, np.log(3.0)])
Case("softmax, a logit of -inf", (x,), mc.Softmax(x), (INFINITE,),
     dict(value=[0, 0.25, 0.75], jac=[[0, 0, 0], [0, 3/16, -3/16], [0, -3/16, 3/16]]), ("value", "jac"), by="largest")
Case("log-sum-exp, a logit of -inf", (x,), mc.LogSumExp(x), (INFINITE,),
     dict(value=np.log(4), grad=[0, 0.25, 0.75], hess=[[0, 0, 0], [0, 3/16, -3/16], [0, -3/16, 3/16]]), by="largest")
Case("log-sum-exp, all -inf", (x,), mc.LogSumExp(x), (np.full(3, -np.inf),), dict(value=-np.inf), ("value",))
Case("smoothed maximum", (x, c), c*mc.LogSumExp(x/c), (np.array([1.0, 0.999, -3.0]), 1e-4),
     lambda x, c: c*H.lse(x/c), by="largest", slack=2e4)
ROWS = np.array([[1e4, -1e4], [3.0, 1.0], [-800.0, 0.0]])
Case("softmax cross entropy", (W, X, Y), (row_of_ones(m)*((X*W).applyfunc(exp)*ones(k)).applyfunc(log))[0, 0] - Trace(Y.T*X*W),
     (np.eye(2), ROWS, np.array([[1.0, 0], [0, 1], [1, 0]])),
     lambda W, X, Y: sum(H.lse(row) for row in X @ W) - np.sum(Y*(X @ W)), by="largest")
Case("softmax typed", (x,), x.applyfunc(exp)/(row_of_ones(n)*x.applyfunc(exp))[0, 0], (LOGITS,),
     lambda x: H.exp(x)/np.sum(H.exp(x)), ("value", "jac"), by="largest")
Case("log-likelihood of a mixture", (x, a), log((a.T*x.applyfunc(exp))[0, 0]), (LOGITS, np.arange(1.0, LOGITS.size + 1)/45),
     lambda x, a: H.lse(x + H.log(a)), by="largest")
ATTENTION = (X*W).applyfunc(exp)
Case("rows of a softmax typed", (W, X, Y), Trace(Y.T*HadamardProduct(ATTENTION, each(lambda t: 1/t, ATTENTION*ones(k))*row_of_ones(k))),
     (np.eye(2), ROWS, np.array([[1.0, 2], [0, 1], [1, 0]])),
     lambda W, X, Y: sum(np.sum(u*H.exp(row))/np.sum(H.exp(row)) for u, row in zip(Y, X @ W)), ("value", "grad"), by="largest")

# ---------------------------------------------------------------- small differences

Case("log(1 + x)", (x,), x.applyfunc(lambda t: log(1 + t)), (TINY,), H.log1p, ("value", "jac"))
Case("exp(x) - 1", (x,), x.applyfunc(lambda t: exp(t) - 1), (TINY,), H.expm1, ("value", "jac"))
Case("1 - exp(-x)", (x,), x.applyfunc(lambda t: 1 - exp(-t)), (TINY,), lambda x: -H.expm1(-x), ("value", "jac"))
Case("log(1 + x'x)", (x,), log(1 + (x.T*x)[0, 0]), (np.array([1e-10, -2e-10, 3e-11]),), lambda x: H.log1p(np.sum(x*x)),
     narrow=(np.array([1e-5, -2e-5, 3e-6]),))
Case("student-t", (mu, X, c), mc.ElementSum((HadamardProduct(X - ones(m)*mu.T, X - ones(m)*mu.T)*ones(n)/c + ones(m)).applyfunc(log)),
     (np.zeros(2), np.array([[1e-10, 2e-10], [1e-12, 0.0], [1e100, 1.0]]), 4.0),
     lambda mu, X, c: np.sum(H.log1p(np.sum((X - mu)*(X - mu), 1)/c)), FIRST, by="largest",
     narrow=(np.zeros(2), np.array([[1e-5, 2e-5], [1e-6, 0.0], [1e10, 1.0]]), 4.0))
Case("pseudo-Huber", (x,), each(lambda t: sqrt(1 + t**2) - 1, x), (np.array([1e-10, 0.0, 1e-5, 3.0]),),
     lambda x: x*x/(H.sqrt(1 + x*x) + 1), ("value", "jac"))
Case("x log x at 0", (x,), mc.ElementSum(each(lambda t: t*log(t), x)), (np.array([0.0, 1.0, 1e-300, 0.5]),),
     dict(value=0.5*np.log(0.5)), ("value",), dtypes=("float64",))
Case("x log(x/y) at 0", (x, y), mc.ElementSum(HadamardProduct(x, x.applyfunc(log) - y.applyfunc(log))),
     (np.array([0.0, 0.5]), np.array([0.5, 0.25])), dict(value=0.5*np.log(2.0)), ("value",))
Case("y - X w, nearly fitted", (w, X, z), (X*w - z).T*(X*w - z), (np.array([1.0, 1.0]), np.eye(2), np.array([1 + 2.0**-40, 1.0])),
     lambda w, X, z: np.sum((X @ w - z)**2), narrow=(np.array([1.0, 1.0]), np.eye(2), np.array([1 + 2.0**-20, 1.0])))
Case("||T - U V'||^2, nearly fitted", (W, X, Y), Trace((Y - X*W).T*(Y - X*W)),
     (np.eye(2), np.array([[1e8, 0.0], [0.0, 1e8]]), np.array([[1e8, 1.0], [0.0, 1e8 + 1]])),
     lambda W, X, Y: np.sum((Y - X @ W)**2), FIRST,
     narrow=(np.eye(2), np.array([[1e4, 0.0], [0.0, 1e4]]), np.array([[1e4, 1.0], [0.0, 1e4 + 1]])))
Case("||y - U V'||^2 by U, nearly fitted", (X, W, Y), Trace((Y - X*W).T*(Y - X*W)),
     (np.array([[1e8, 0.0], [0.0, 1e8]]), np.eye(2), np.array([[1e8, 1.0], [0.0, 1e8 + 1]])),
     lambda X, W, Y: np.sum((Y - X @ W)**2), FIRST,
     narrow=(np.array([[1e4, 0.0], [0.0, 1e4]]), np.eye(2), np.array([[1e4, 1.0], [0.0, 1e4 + 1]])))
