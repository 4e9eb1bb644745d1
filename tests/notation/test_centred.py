"""Statistics of what is centred: the same numbers however the mean was typed, and those of finite differences."""

import pytest
from sympy import Determinant, Identity, MatrixSymbol, OneMatrix, Symbol, Trace, log, sqrt, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardPower

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
c = Symbol("c", positive=True)
X, S = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n)
v, w, x, y = MatrixSymbol("v", m, 1), MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)


def ones(k):
    return OneMatrix(k, 1)


CENTRED = {
    "ones beside": lambda A, k: A - ones(k) * (ones(k).T * A) / k,
    "matrix of ones": lambda A, k: A - OneMatrix(k, k) * A / k,
    "projection": lambda A, k: (Identity(k) - OneMatrix(k, k) / k) * A,
    "mean": lambda A, k: A - ones(k) * (mc.Mean(A, axis=0) if A.shape[1] != 1 else mc.Mean(A)),
}
STATISTICS = {
    "variance": (lambda C: mc.Norm(C(x, n)) ** 2 / n, x),
    "coefficient of variation": (lambda C: mc.Norm(C(x, n)) / mc.Mean(x), x),
    "kurtosis": (lambda C: n * mc.ElementSum(HadamardPower(C(x, n), 4)) / mc.Norm(C(x, n)) ** 4, x),
    "correlation": (lambda C: mc.dot(C(X * w, m), C(y, m)) / sqrt(mc.Norm(C(X * w, m)) ** 2 * mc.Norm(C(y, m)) ** 2), w),
    "weighted variance": (lambda C: mc.dot(C(y, m), DiagMatrix(v) * C(y, m)), y),
    "batch norm": (lambda C: mc.ElementSum(mc.Softplus(C(X * w, m) / sqrt(mc.Norm(C(X * w, m)) ** 2 / m + c))), w),
    "covariance": (lambda C: log(Determinant(C(X, m).T * C(X, m) / m + c * Identity(n))), X),
    "variances of columns": (lambda C: mc.dot(w, HadamardPower(C(X, m), 2).T * ones(m)), X),
    "norms of rows": (lambda C: mc.dot(v, mc.RowSum(HadamardPower(C(X, m), 2)).applyfunc(sqrt)), X),
    "form": (lambda C: mc.dot(w, C(X, m).T * C(X, m) * w), X),
    "skewness": (lambda C: mc.dot(w, HadamardPower(C(X, m), 3).T * ones(m)), X),
    "trace": (lambda C: Trace(DiagMatrix(v) * C(X, m) * S * C(X, m).T), X),
    "sums of rows": (lambda C: mc.ElementSum(HadamardPower(C(X, m) * ones(n) - y, 2)), X),
}


@pytest.mark.parametrize("spelling", CENTRED)
@pytest.mark.parametrize("name", STATISTICS)
def test_statistics(name, spelling):
    statistic, by = STATISTICS[name]
    f = statistic(CENTRED[spelling])
    gradient = mc.gradient(f, by)
    assert mc.check(f, by, derivative=gradient).ok
    if by is not X:
        assert mc.check(gradient, by, derivative=mc.hessian(f, by)).ok
    mc.lambdify(sorted(f.atoms(MatrixSymbol) | {c}, key=str), mc.hessian(f, by))
