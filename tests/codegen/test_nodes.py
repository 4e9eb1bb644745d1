"""Every node: the generated code against the independent evaluator, at distinct sizes, at sizes of 1, with 1-d and 2-d vectors."""

import warnings

import numpy as np
import pytest
import sympy as sp
from sympy import (
    Abs,
    Adjoint,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiracDelta,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    Heaviside,
    Identity,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    Mod,
    OneMatrix,
    Piecewise,
    Product,
    Rational,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    atan2,
    binomial,
    ceiling,
    conjugate,
    cos,
    digamma,
    erf,
    exp,
    factorial,
    floor,
    gamma,
    log,
    loggamma,
    pi,
    sec,
    sign,
    sin,
    sinc,
    sqrt,
    symbols,
    tanh,
)  # fmt: skip
from sympy.combinatorics import Permutation
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.permutation import MatrixPermute, PermutationMatrix
from sympy.tensor.array.expressions import ArrayAdd, ArrayContraction, ArrayDiagonal, ArrayTensorProduct, PermuteDims

from sympy_matcalc import CommutationMatrix, Einsum, EinsumTerm, MatrixSum, MatrixUnit, Vec
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.testing import evaluate, random_env, random_expression

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t, s = symbols("t s", real=True)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", m, n), MatrixSymbol("X", n, k)
x, y, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("z", n, 1)
r, u, H = MatrixSymbol("r", 1, n), MatrixSymbol("u", 1, 1), MatrixSymbol("H", 3, n)
ARGS = [A, B, X, x, y, z, r, u, t, s, i, j, H]
SIZES = [(4, 3, 2), (3, 5, 4), (1, 3, 2), (3, 1, 1), (2, 1, 3)]
c = sp.Symbol("c")

PRODUCTS = [
    A * x, 2 * B.T * (B * x - y), x * x.T, x * x.T * z, x.T * A * z, (x.T * A * x) * t, x * r * A, r * A * x, A * x * x.T * B.T,
    MatrixElement(x.T * A * x, 0, 0), (x.T * A * x)[0, 0], (x.T * x) ** Rational(3, 2), sqrt(x.T * x), sin(Trace(A)), u.I, sin(u[0, 0]) * x,
    OneMatrix(m, n) * A, A * OneMatrix(n, 1), OneMatrix(1, n) * A * OneMatrix(n, 1), Identity(n) * t, 3 * Identity(n) + A,
    (A * X).applyfunc(tanh) * X.T, HadamardProduct(B, B) * x, Transpose(B * x), r.T, A * r.T, DotProduct(x, z), DotProduct(r, x),
    Trace(A * A.T + 2 * A), Trace(A.T * A), Trace(Identity(n)), Trace(OneMatrix(n, n)), Trace(KroneckerProduct(A, B * B.T)),
    x * x.T * A * z * z.T, B * A * A * A * X, Adjoint(A) * x, conjugate(A), A.conjugate(),
]  # fmt: skip
LINALG = [
    A**-2 * x, A**3, A**k, A**-1 * B.T, B * A**-1, A.I, A.I + A.T.I, A.I * A.I.T, Trace(A.I * B.T * B), x.T * A.I * z, x.T * A.T.I * z,
    MatrixElement(A.I, i, j), (A + t * Identity(n)).I * x, A.I * X + A.T.I * X, DiagMatrix(x) * A.I, Determinant(A),
    log(Determinant(A)), log(Abs(Determinant(A))), log(2 * Determinant(A) ** 2), log(Determinant(A) * Determinant(A.T * A)),
    (2 * Identity(n)) ** -1, DiagMatrix(x).I * A, DiagMatrix(x) ** 2, Determinant(DiagMatrix(x)), log(Determinant(DiagMatrix(x))),
]  # fmt: skip
ELEMENTWISE = [
    HadamardPower(A, 2), HadamardPower(A, A), HadamardPower(A, Rational(1, 2)), HadamardPower(2, A), HadamardProduct(A, Identity(n)),
    HadamardProduct(x, z), HadamardProduct(x, z, x) + 2 * x, exp(Trace(A) / 10) * A, A.applyfunc(Lambda(c, c * n)),
    x.applyfunc(Lambda(c, 3)), x.applyfunc(Lambda(c, 1 / (1 + exp(-c)))), x.applyfunc(Lambda(c, exp(-c) / (1 + exp(-c)) ** 2)),
    x.applyfunc(Lambda(c, log(1 + exp(-2 * c)))), x.applyfunc(Lambda(c, Piecewise((c, c > 1), (c**2, c < Rational(3, 4)), (3, True)))),
    Identity(n).applyfunc(cos), DiagMatrix(x).applyfunc(exp), x.applyfunc(Lambda(c, c * x[0, 0])), OneMatrix(m, n).applyfunc(exp),
]  # fmt: skip
CONSTRUCTION = [
    DiagMatrix(x) * A * DiagMatrix(z), DiagMatrix(x), Trace(DiagMatrix(x) * A), A + DiagMatrix(x), DiagMatrix(x) - Identity(n),
    DiagonalOf(A), DiagonalOf(B * B.T), DiagonalOf(B), DiagonalMatrix(A), DiagonalMatrix(B),
    BlockMatrix([[A, x], [x.T, Identity(1)]]), BlockDiagMatrix(A, B), BlockMatrix([[A, x], [r, u]]),
    BlockMatrix([[ZeroMatrix(m, n), OneMatrix(m, m)], [A, B.T]]), OneMatrix(m, n), Identity(n), ZeroMatrix(m, n), ZeroMatrix(m, n) + B,
    FunctionMatrix(m, n, Lambda((i, j), i + 2 * j)), FunctionMatrix(n, 1, Lambda((i, j), x[i, 0] ** 2 + j)),
    FunctionMatrix(n, n, Lambda((i, j), A[j, i] * x[i, 0])), FunctionMatrix(n, n, Lambda((i, j), KroneckerDelta(i, j))),
    Matrix([[t, s], [1, t * s]]), Matrix([t, s, 2]), Matrix([[t]]), Matrix([[x[0, 0], 2 * t, sp.I]]),
    Vec(B), Vec(x), Vec(r), Vec(B * A), CommutationMatrix(m, n), CommutationMatrix(m, n) * Vec(B), MatrixUnit(n, 1, i, 0),
    MatrixUnit(m, n, 0, i) * A, MatrixUnit(n, n, j, i), KroneckerProduct(A, B), KroneckerProduct(A, x), KroneckerProduct(r, x),
    KroneckerProduct(A, Identity(m)), KroneckerProduct(B, A) * Vec(A),
]  # fmt: skip
ACCESS = [
    MatrixElement(B * A + B, j, i), A[0, 0], x[i, 0], A[0:1, :], A[:, 0], B[0 : m - 1, :], (A * B.T)[0 : n - 1, :], A[i, j], (A * X)[i, 0],
    HadamardProduct(A, A)[i, j], DiagMatrix(x)[i, j], MatrixElement(A.T + Identity(n), i, j), MatrixElement(OneMatrix(n, n), i, j),
]  # fmt: skip
SUMS = [
    Sum(x[i, 0], (i, 0, n - 1)), Sum(x[i, 0] ** 2 * z[i, 0], (i, 0, n - 1)), Sum(A[i, j] * x[j, 0] * x[i, 0], (i, 0, n - 1), (j, 0, n - 1)),
    Sum(A[i, i], (i, 0, n - 1)), Sum(A[i, j], (j, 0, i), (i, 0, n - 1)), Sum(i * t**i, (i, 0, m)), Sum(t, (i, 0, m)),
    Sum(x[i, 0] * KroneckerDelta(i, j) * z[j, 0], (i, 0, n - 1), (j, 0, n - 1)), Sum(A[i, Mod(i + 1, n)], (i, 0, n - 1)),
    Sum(x[i + 1, 0] * x[i, 0], (i, 0, n - 2)), Sum(x[i, 0] + t, (i, 0, n - 1)), Product(x[i, 0], (i, 0, n - 1)), Product(t, (i, 0, n - 1)),
    Product(t + i, (i, 1, m)), MatrixSum(A**i * t, (i, 0, k)), MatrixSum(A**i * B.T * B * A ** (k - i), (i, 0, k)),
    Sum(Trace(A**i), (i, 0, m)), Sum(Determinant(A) * i, (i, 0, 3)), Sum(log(Sum(exp(A[i, j]), (j, 0, n - 1))), (i, 0, n - 1)),
    Sum(log(Sum(exp(Sum(B[i, c] * X[c, j], (c, 0, n - 1))), (j, 0, k - 1))), (i, 0, m - 1)), Sum(t * i, (i, m, n)),
    MatrixSum(A * i, (i, m, n)), Sum((x.T * A * x)[0, 0] ** i, (i, 0, 2)), Sum(1 / (1 + exp(-x[i, 0])), (i, 0, n - 1)),
]  # fmt: skip
SCALARS = [
    Piecewise((t, t > 0), (-s, True)), Max(t, s, 1), Min(t, s), Abs(s), sign(s), Heaviside(t), Heaviside(0 * t), DiracDelta(t), floor(t),
    ceiling(t), erf(t), gamma(t + 3), loggamma(t + 3), digamma(t + 2), exp(t) - 1, 1 - exp(s), log(1 + t**2), atan2(t, s), sec(t), sinc(t),
    Mod(t, 3), factorial(m), binomial(m, 2), sqrt(t**2 + 1), (t**2 + 1) ** Rational(-3, 2), pi * t + sp.E, t**s, n * t, t / n, log(n) * x,
    Rational(1, 3) * x, 1 / (1 + exp(-t)), exp(-t) / (1 + exp(-t)) ** 2, exp(2 * t) / (1 + exp(t)), exp(-3 * t) / (1 + exp(2 * t)) ** 2,
    1 / (1 + exp(t)) ** 3, sp.sqrt(m - 1), (-1) ** m * t, sp.re(t + 2 * sp.I), sp.im(t + 2 * sp.I), 7, Rational(1, 2), t**3 + t**4, (t < s),
]  # fmt: skip
ARRAYS = [
    ArrayTensorProduct(A, x), ArrayContraction(ArrayTensorProduct(A, B), (1, 3)), ArrayDiagonal(ArrayTensorProduct(A, x), (1, 2)),
    PermuteDims(ArrayTensorProduct(A, B), [2, 0, 3, 1]), ArrayContraction(ArrayTensorProduct(A, A, B), (0, 2, 5)),
    ArrayAdd(ArrayTensorProduct(A, A), PermuteDims(ArrayTensorProduct(A, A), [1, 0, 2, 3])),
    ArrayTensorProduct(Identity(n), B),
]  # fmt: skip
EINSUMS = [
    Einsum((n, n, n), EinsumTerm(t, (n, n), ((0,), (0,), (1,)), [(x, (1,), ())])),
    Einsum((n, m), EinsumTerm(2, (n, m, n), ((0,), (1,)), [(B, (1,), (2,)), (A, (0,), (2,))])),
    Einsum((n, n), EinsumTerm(1, (n,), ((0,), (0,)), [(x, (0,), ())]), EinsumTerm(-t, (n, n), ((0,), (1,)), [(A, (0,), (1,))])),
    Einsum((n,), EinsumTerm(1, (n, m), ((0,),), [(B, (1,), (0,))])),
    Einsum((n, m), EinsumTerm(3, (n, m), ((0,), (1,)), [])),
    Einsum((), EinsumTerm(1, (n, m), (), [(B, (1,), (0,)), (x, (0,), ()), (B, (1,), (0,))])),
    Einsum((n * m, n), EinsumTerm(1, (n, m), ((0, 1), (0,)), [(B, (1,), (0,))])),
    Einsum((n, n), EinsumTerm(1, (n, n, m), ((0,), (1,)), [(Vec(B), (0, 2), ()), (A, (0,), (1,))])),
    Einsum((n, n, n, n), EinsumTerm(2, (n, n), ((0,), (1,), (0,), (1,)), []), EinsumTerm(1, (n,) * 4, ((0,), (1,), (2,), (3,)),
           [(A, (0,), (2,)), (A, (3,), (1,))]), EinsumTerm(1, (n,) * 3, ((0,), (1,), (1,), (2,)), [(A, (0,), (2,))])),
    Einsum((n, n, n), EinsumTerm(t, (n,) * 3, ((0,), (1,), (2,)), [(A**i, (0,), (1,)), (x, (2,), ())], [(i, 0, k)])),
]  # fmt: skip
P = PermutationMatrix(Permutation([1, 2, 0]))
PERMUTATIONS = [
    P, P * H, H.T * P, 2 * P * H * x, x.T * H.T * P, MatrixPermute(H, Permutation([1, 2, 0])), MatrixPermute(H.T, Permutation([1, 2, 0]), 1),
    P * HadamardProduct(H, H) * A, H.T * P * H, P * H * H.T * P.T, Trace(P * H * H.T), H * H.T + P, P.I * H, Determinant(P), P * P * P * P * H,
    Sum(t**i * P * H * x, (i, 0, m)), PermutationMatrix(Permutation([0])) * u,
]  # fmt: skip
CASES = PERMUTATIONS + PRODUCTS + LINALG + ELEMENTWISE + CONSTRUCTION + ACCESS + SUMS + SCALARS + ARRAYS + EINSUMS


def values(sizes):
    """Data for all symbols at the sizes (n, m, k)."""
    N, M, K = sizes
    g = np.random.default_rng(1)
    return {
        n: N, m: M, k: K, A: g.uniform(0.5, 1.5, (N, N)) + 2 * np.eye(N), B: g.standard_normal((M, N)), X: g.standard_normal((N, K)),
        x: g.uniform(0.5, 1.5, (N, 1)), y: g.standard_normal((M, 1)), z: g.standard_normal((N, 1)), r: g.standard_normal((1, N)),
        u: np.array([[0.7]]), H: g.standard_normal((3, N)), t: 0.3, s: -0.4, i: min(1, N - 1), j: 0,
    }  # fmt: skip


def flattened(symbol, value):
    return np.ravel(value) if isinstance(symbol, MatrixSymbol) and symbol.shape.count(1) == 1 else value


def expected(e, env, flat):
    """The evaluator's value in the shape that `lambdify` promises."""
    want, shape = np.asarray(evaluate(e, env)), getattr(e, "shape", ())
    if want.shape == (1, 1) and all(q == 1 for q in shape):
        return want if shape and e.has(u) else want.reshape(())  # of matrices of one entry it is one
    return want[:, 0] if flat and want.ndim == 2 and shape[1] == 1 else want


@pytest.mark.parametrize("flat", [False, True], ids=["2d", "1d"])
@pytest.mark.parametrize("e", CASES, ids=lambda e: str(e)[:60])
def test_agrees_with_the_evaluator(e, flat):
    e = sp.sympify(e)
    f = lambdify(ARGS, e)
    for sizes in SIZES:
        env = values(sizes)
        try:
            want = expected(e, env, flat)
        except IndexError:  # an entry that is not there at this size
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = np.asarray(f(*(flattened(a, env[a]) if flat else env[a] for a in ARGS)))
        assert got.shape == want.shape, sizes
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12, err_msg=str(sizes))


@pytest.mark.parametrize("seed", range(6))
def test_random_expressions(seed):
    e, _, domain = random_expression(seed, depth=2)
    env = random_env(e, seed=seed, domain=domain)
    want = np.asarray(evaluate(e, env))
    got = np.asarray(lambdify(list(env), e)(*env.values()))
    np.testing.assert_allclose(got.reshape(want.shape), want, rtol=1e-9, err_msg=f"seed {seed}: {e}")


@pytest.mark.parametrize("e", [e for e in CASES if getattr(e, "shape", ())], ids=lambda e: str(e)[:60])
def test_float32_stays(e):
    """Nothing on the way brings in a float64."""
    env = values((3, 5, 4))
    env = {a: np.asarray(v, np.float32) if isinstance(a, MatrixSymbol) else v for a, v in env.items()}
    got = lambdify(ARGS, e)(*(env[a] for a in ARGS))
    assert got.dtype in (np.float32, np.complex64)
