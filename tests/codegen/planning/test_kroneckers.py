"""Products with Kronecker products against those with the arrays that these are, and that these arrays are not formed."""

import numpy as np
import pytest
from sympy import Abs, Identity, Integer, KroneckerProduct, MatrixSymbol, Trace, log, symbols
from sympy.matrices.expressions import DiagMatrix, MatMul
from sympy.matrices.expressions.determinant import Determinant

import sympy_matcalc as mc
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.codegen.planning.kroneckers import refined
from sympy_matcalc.testing import evaluate

m, n, k = symbols("m n k", integer=True, positive=True)
s = symbols("s", positive=True)
A, C, B, D = MatrixSymbol("A", m, m), MatrixSymbol("C", m, m), MatrixSymbol("B", n, n), MatrixSymbol("D", n, n)
R, T, G = MatrixSymbol("R", m, k), MatrixSymbol("T", k, n), MatrixSymbol("G", k, k)
x, y, P, M = MatrixSymbol("x", m * n, 1), MatrixSymbol("y", m * n, 1), MatrixSymbol("P", m * n, k), MatrixSymbol("M", m * n, m * n)
a, b, z, w = MatrixSymbol("a", m, 1), MatrixSymbol("b", n, 1), MatrixSymbol("z", m * n * k, 1), MatrixSymbol("w", k * n, 1)
u = MatrixSymbol("u", m * k, 1)
K = KroneckerProduct(A, B)
SUM = KroneckerProduct(A, Identity(n)) + KroneckerProduct(Identity(m), B)
SIZES = ((2, 3, 2), (3, 2, 4), (1, 2, 2), (2, 1, 3), (1, 1, 1), (3, 3, 2))

NOT_FORMED = [
    mc.scalar(y.T * K * x),
    K.T * x,
    K * P,
    P.T * K * P,
    x.T * K,
    Trace(K * M),
    Trace(K),
    Trace(K * KroneckerProduct(C, D)),
    KroneckerProduct(R, T) * w,
    KroneckerProduct(R, T).T * u,
    KroneckerProduct(A, B, G) * z,
    mc.scalar(z.T * KroneckerProduct(A, B, G).T * KroneckerProduct(A, KroneckerProduct(B, G)) * z),
    KroneckerProduct(A, b) * a,
    KroneckerProduct(a.T, B) * x,
    mc.scalar(KroneckerProduct(a, b).T * K * x),
    SUM * x,
    mc.scalar(x.T * SUM * SUM * y),
    (K + s * Identity(m * n)) * x,
    (K + DiagMatrix(y)) * x,
    (K + M) * x,
    K.I * x,
    mc.scalar(x.T * (K**-2) * x),
    KroneckerProduct(DiagMatrix(a), B) * x,
    DiagMatrix(y) * K * x,
    (K + KroneckerProduct(C, D)).T * P,
    mc.Norm(K * x - y) ** 2,
    mc.gradient(mc.Norm(K * x - y) ** 2, x),
    mc.gradient(mc.Norm(K * x - y) ** 2, A),
    mc.gradient(mc.scalar(x.T * K * x), x),
    mc.gradient(mc.scalar(x.T * K.I * x), A),
    log(Abs(Determinant(K))),
    log(Abs(Determinant(KroneckerProduct(A, Identity(n), B)))),
    Determinant(K),
    K * mc.Vec(MatrixSymbol("V", n, m)),
]
FORMED = [
    K,
    K + s * P * P.T,
    K * KroneckerProduct(C, D),
    DiagMatrix(x) * K,
    K * KroneckerProduct(B, A) * x,  # by sizes, the axis between them is made up in two ways
    mc.scalar(x.T * (K + M).I * K * y),
    (K + M).I * K,
]


def arguments(expr):
    return [*sorted(expr.atoms(MatrixSymbol), key=str), s]


def point(symbols, sizes):
    number, rng = dict(zip((m, n, k), sizes, strict=True)), np.random.default_rng(0)
    env = {**number, s: 0.7}
    for X in symbols[:-1]:
        rows, columns = (int(Integer(c) if isinstance(c, int) else c.subs(number)) for c in X.shape)
        env[X] = rng.standard_normal((rows, columns)) / columns**0.5 + (2 * np.eye(rows) if rows == columns > 1 else 0)
    return env


def agrees(expr, f, args, sizes, rtol=1e-9):
    env = point(args, sizes)
    expected = np.asarray(evaluate(expr, env))
    value = np.asarray(f(*(env[c] for c in args)))
    assert value.size == expected.size
    np.testing.assert_allclose(value.reshape(expected.shape), expected, rtol=rtol, atol=rtol * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("expr", [*NOT_FORMED, *FORMED], ids=str)
def test_values(expr):
    args = arguments(expr)
    f = lambdify(args, expr)
    assert ("kron(" in f.source) == any(expr is e for e in FORMED[:5]) or any(expr is e for e in FORMED[5:])
    for sizes in SIZES:
        agrees(expr, f, args, sizes)


@pytest.mark.parametrize("library", ["torch", "jax", "array_api_strict"])
def test_values_in_other_libraries(library):
    module = pytest.importorskip(library)
    convert = np.asarray if library == "jax" else module.asarray
    modules = module if library == "array_api_strict" else library
    for expr in [mc.scalar(y.T * K * x), KroneckerProduct(R, T) * w, K.I * P, SUM * x, log(Abs(Determinant(K)))]:
        args = arguments(expr)
        env = point(args, (2, 3, 2))
        value = np.asarray(lambdify(args, expr, modules)(*(convert(env[c]) for c in args[:-1]), 0.7))
        expected = np.asarray(evaluate(expr, env))
        np.testing.assert_allclose(value.reshape(expected.shape), expected, rtol=1e-4)


def test_a_sparse_array_is_not_reshaped():
    scipy_sparse = pytest.importorskip("scipy.sparse")
    f = lambdify([A, B, P], K * P, sparse=[P])
    env = point([A, B, P, s], (2, 3, 2))
    value = f(env[A], env[B], scipy_sparse.csr_array(env[P]))
    np.testing.assert_allclose(value, np.kron(env[A], env[B]) @ env[P])


def test_the_work_grows_with_the_factors():
    """No array is larger than the argument."""
    f = lambdify([A, B, x], mc.gradient(mc.scalar(x.T * K * x), x))
    N = 120
    rng = np.random.default_rng(0)
    first, second, v = rng.standard_normal((N, N)), rng.standard_normal((N, N)), rng.standard_normal(N * N)
    V = v.reshape(N, N)
    expected = first @ V @ second.T + first.T @ V @ second  # N^4 numbers would be 1.6 GB
    np.testing.assert_allclose(f(first, second, v), expected.ravel(), rtol=1e-8, atol=1e-8)


def test_axes_made_up_in_two_ways():
    assert refined([m, n], [n, m]) is None
    assert refined([m * n, k], [m, n, k]) == [m, n, k]
    assert refined(None, [m, n]) == [m, n]


def test_a_chain_is_applied_from_a_side():
    f = lambdify([A, B, x, y], MatMul(K, K, K, x))
    env = point([A, B, x, y, s], (2, 3, 2))
    kron = np.kron(env[A], env[B])
    np.testing.assert_allclose(np.asarray(f(env[A], env[B], env[x], env[y])), kron @ kron @ kron @ env[x])
