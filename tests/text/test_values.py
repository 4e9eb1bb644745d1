"""What was read has the value of the text: the text itself is evaluated by NumPy operators that follow the grammar."""

import re
from functools import reduce

import numpy as np
import pytest

from sympy_matcalc.testing import evaluate
from sympy_matcalc.text import read
from sympy_matcalc.text.sizes import named_size

special = pytest.importorskip("scipy.special")

SIZES = {"n": 3, "m": 4, "k": 2, "p": 5}


class Value:
    """A matrix, a scalar being 1 x 1, with the operators of the grammar."""

    def __init__(self, array):
        self.array = np.atleast_2d(np.asarray(array, dtype=float))

    T = property(lambda self: Value(self.array.T))
    I = property(lambda self: Value(np.linalg.inv(self.array)))  # noqa: E743

    def __mul__(self, other):
        a, b = self.array, lift(other).array
        return Value(a * b if 1 in (a.size, b.size) else a @ b)

    def __add__(self, other):
        return Value(self.array + lift(other).array)

    def __pow__(self, other):
        k = float(lift(other).array.item())
        return Value(self.array**k if self.array.size == 1 else np.linalg.matrix_power(self.array, int(k)))

    def __getitem__(self, index):
        pair = index if isinstance(index, tuple) else (index, slice(None) if isinstance(index, slice) else 0)
        whole = lambda i: i if i is None else int(lift(i).array.item())  # noqa: E731
        ranges = [slice(whole(i.start), whole(i.stop)) if isinstance(i, slice) else slice(whole(i), whole(i) + 1) for i in pair]
        return Value(self.array[tuple(ranges)])

    __lt__ = lambda self, other: bool(self.array.item() < lift(other).array.item())  # noqa: E731
    __le__ = lambda self, other: bool(self.array.item() <= lift(other).array.item())  # noqa: E731
    __gt__ = lambda self, other: bool(self.array.item() > lift(other).array.item())  # noqa: E731
    __ge__ = lambda self, other: bool(self.array.item() >= lift(other).array.item())  # noqa: E731

    __matmul__ = __mul__
    __rmul__ = lambda self, other: lift(other) * self  # noqa: E731
    __radd__ = lambda self, other: self + other  # noqa: E731
    __neg__ = lambda self: self * -1.0  # noqa: E731
    __sub__ = lambda self, other: self + -lift(other)  # noqa: E731
    __rsub__ = lambda self, other: lift(other) + -self  # noqa: E731
    __truediv__ = lambda self, other: self * Value(1 / lift(other).array)  # noqa: E731
    __rtruediv__ = lambda self, other: lift(other) / self  # noqa: E731


def lift(x):
    return x if isinstance(x, Value) else Value(x)


def each(f):
    return lambda x: Value(f(lift(x).array))


def whole(f):
    return lambda *args: Value(f(*(lift(a).array for a in args)))


def norm(a, p=2):
    return np.linalg.norm(np.ravel(a), np.squeeze(p).item() if p is not np.inf else p)


def function_of_matrix(f):
    """Of a symmetric matrix, by its eigenvalues."""

    def apply(a):
        values, vectors = np.linalg.eigh(a)
        return (vectors * np.ravel(f(values))) @ vectors.T

    return apply


def commutation(m, n):
    """K vec(A) = vec(A'), column by column of K."""
    units = np.eye(m * n)
    return np.column_stack([u.reshape(m, n, order="F").T.reshape(-1, order="F") for u in units])


def softmax(a):
    return np.exp(a) / np.exp(a).sum()


FUNCTIONS = {
    "exp": each(np.exp), "log": each(np.log), "sqrt": each(np.sqrt), "tanh": each(np.tanh), "sin": each(np.sin),
    "abs": each(np.abs),
    "relu": each(lambda a: np.maximum(a, 0)), "sigmoid": each(lambda a: 1 / (1 + np.exp(-a))),
    "softplus": each(lambda a: np.log1p(np.exp(a))),
    "tr": whole(np.trace), "trace": whole(np.trace),
    "det": whole(np.linalg.det),
    "logdet": whole(lambda a: np.log(np.linalg.det(a))), "inv": whole(np.linalg.inv), "sum": whole(np.sum), "mean": whole(np.mean),
    "norm": whole(norm), "dot": whole(lambda a, b: (a * b).sum()), "had": whole(lambda a, b: a * b), "hpow": whole(lambda a, b: a**b),
    "diag": whole(lambda a: np.diag(a[:, 0]) if a.shape[1] == 1 else np.diag(a)[:, None]), "kron": whole(np.kron),
    "vec": whole(lambda a: a.reshape(-1, 1, order="F")), "softmax": whole(softmax), "logsumexp": whole(lambda a: np.log(np.exp(a).sum())),
    "eye": lambda n: Value(np.eye(int(lift(n).array.item()))), "pi": np.pi,
    "ones": lambda m, n=1: Value(np.ones([int(lift(s).array.item()) for s in (m, n)])),
    "zeros": lambda m, n=1: Value(np.zeros([int(lift(s).array.item()) for s in (m, n)])),
    "block": lambda rows: Value(np.block([[lift(a).array for a in row] for row in rows])),
    "apply": lambda f, x: Value(np.vectorize(lambda entry: f(Value(entry)).array.item())(x.array)),
    "inf": np.inf, "rowsum": whole(lambda a: a.sum(axis=1, keepdims=True)), "pinv": whole(np.linalg.pinv), "chol": whole(np.linalg.cholesky),
    "spectral_norm": whole(lambda a: np.linalg.norm(a, 2)), "nuclear_norm": whole(lambda a: np.linalg.norm(a, "nuc")),
    "eigval": whole(lambda a, i: np.linalg.eigvalsh(a)[int(i.item())]), "eigsum": whole(np.trace), "eigprod": whole(np.linalg.det),
    "singval": whole(lambda a, i: np.linalg.svd(a)[1][int(i.item())]), "expm": whole(function_of_matrix(np.exp)),
    "funm": lambda f, x: Value(function_of_matrix(lambda a: f(a).array)(x.array)), "sqrtm": whole(function_of_matrix(np.sqrt)),
    "logm": whole(function_of_matrix(np.log)), "step": whole(lambda a, at_zero=0: np.heaviside(a, at_zero)),
    "unvec": whole(lambda v, m, n: v.reshape(int(m.item()), int(n.item()), order="F")),
    "commutation": whole(lambda m, n: commutation(int(m.item()), int(n.item()))),
    "max": whole(lambda *args: reduce(np.maximum, args)), "min": whole(lambda *args: reduce(np.minimum, args)),
    "where": lambda *args: next((lift(value) for holds, value in zip(args[:-1:2], args[1::2]) if holds), lift(args[-1])),
    "lgamma": each(special.gammaln), "digamma": each(special.digamma), "trigamma": each(lambda a: special.polygamma(1, a)),
    "polygamma": whole(lambda k, a: special.polygamma(int(k.item()), a)), "erfc": each(special.erfc), "erf": each(special.erf),
    "asinh": each(np.arcsinh), "acosh": each(np.arccosh), "atanh": each(np.arctanh),
    "halflower": whole(lambda n: np.tri(int(n.item())) - np.eye(int(n.item())) / 2),
}  # fmt: skip

TEXTS = [
    "x.T*A*x", "log(det(X*X.T))", "tr(A*X.I*B)", "(X*w - y).T*(X*w - y)", "sum(log(1 + exp(-had(y, X*w))))", "tanh(W*x + b)",
    "apply(tanh, W*x)", "X[0, 1]**2", "norm(x)", "norm(X*w - y)**2", "norm(Y - U*V.T)", "diag(x)*A", "kron(A, B)*v", "x.T*(A - eye(n))*x",
    "block([[A, B], [C, D]])", "block([[A, b], [b.T, 1]])", "X**3", "a.T*X*b", "1 + c**2", "x - mean(x)", "2 - x*y.T*y/3", "sum(X)",
    "logsumexp(A*x)", "softmax(W*x)", "(x - mu).T*S.I*(x - mu)", "x.T*x*y.T*y", "(x.T*x)*y", "y*x.T*x", "x*x.T*y", "x/norm(x)", "-x",
    "vec(A*X*B)", "hpow(x, 2)", "relu(A*x)", "diag(X)", "1/(1 + exp(-x.T*w))", "w.T*X.T*diag(sigmoid(X*w))*X*w", "lam*x.T*x + det(S)",
    "x.T*y*A", "A*(x.T*y)*B", "x.T*A*x/(x.T*x)", "2**3*x", "x - 2*x - -x", "x*2/4*3", "sqrt(x.T*x)*pi", "(A*B).T", "dot(x, A*y)",
    "norm(A, 1)", "norm(A*x - b, 3)", "norm(x.T, inf)", "norm(A, 3/2)**2", "spectral_norm(A)*x", "nuclear_norm(A - B)", "rowsum(A*B) - c",
    "eigval(A*A.T, 1)", "eigsum(A) + eigprod(A)", "singval(A, 1)*x", "pinv(A)*b", "chol(A*A.T + I(n))*x", "expm(-A*A.T)", "sqrtm(A.T*A + I(m))*x",
    "logm(A*A.T + I(n))", "funm(tanh, A + A.T)*x", "unvec(v, m, n)*x", "commutation(m, n)*v", "had(halflower(n), A)", "step(x - 1)",
    "ones(m, n)*x", "softplus(x) + abs(x)", "x[1]*X[2, 0]", "(2*x.T*x)**2", "mean(A)*B", "(x*y.T)**2", "norm(x.T)", "x.T*x*x", "inv(X)*2",
    "dot(A, B)", "dot(A*B, C)", "dot(a.T*X, b.T)", "dot(x.T, y.T)", "hpow(x, k)", "hpow(x, 2*y) + y", "hpow(A*x, A*y - 1)", "hpow(3, A*x)",
    "sum(hpow(X, Y) - Y)", "max(a, b)", "max(a, b, 1)*x", "min(a, x.T*x)", "max(x, a)", "min(A*x, a, 1/2)", "sum(max(X, a))", "max(x - 1, 0)",
    "where(a > b, a, b)", "where(a > 2, a, b < 3 and b > 0, b, 7)", "where(0 < a < 1, a**2, a)", "where(a >= 2 or b <= 9, 1, 2)*x",
    "where(x.T*x > 1, x.T*y, 2)", "apply(u -> where(u > 1/2, u**2, u), X)", "apply(u -> max(u, a), x)",
    "lgamma(x) + digamma(x) - trigamma(x)", "polygamma(2, x)", "lgamma(a)", "erfc(X)", "asinh(x)", "acosh(x + ones(n))", "atanh(x/2)",
    "x[1:] - x[:-1]", "x[1:-1]", "x[0:2]", "x[:1]", "A[0, :]", "A[:, 1]*a", "A[1:3, 2:]", "A[:-1, 0]", "(A*B)[:, 0]", "A[:, 1][1:]", "A[1:, :][1, :]",
    "norm(x[1:] - x[:-1])**2", "x[n - 1:]", "step(x - 1, 1/2)", "norm(x, a + 1)", "norm(A, k + 1)", "sum(relu(1 - had(y, X*w + 2)))",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_value_is_that_of_the_text(text):
    reading = read(text)
    sizes = {named_size(name): size for name, size in SIZES.items()}
    env = dict(sizes)
    names = {**FUNCTIONS, **SIZES}
    rng = np.random.default_rng(len(text))
    for name, symbol in reading.symbols.items():
        shape = tuple(int(s.subs(sizes)) for s in symbol.shape) if symbol.is_Matrix else ()
        env[symbol] = value = rng.uniform(0.3, 1.3, size=shape)
        names[name] = Value(value)
    python = re.sub(r"(?<![\w.])I\(", "eye(", re.sub(r"(\w+) -> ", r"lambda \1: ", text))
    expected = eval(python, {"__builtins__": {}, **names})
    got = np.asarray(evaluate(reading.expr, env), dtype=float)
    assert np.allclose(got.reshape(expected.array.shape), expected.array, rtol=1e-9, atol=1e-12)
