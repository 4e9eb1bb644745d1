"""Sums of matrix units against the evaluator, and that those over whole axes are no loops."""

import numpy as np
import pytest
from sympy import MatAdd, MatMul, MatrixSymbol, Sum, exp, log, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.codegen.lower_units import unit_terms
from sympy_matcalc.nodes import MatrixSum, MatrixUnit
from sympy_matcalc.testing import evaluate

m, n = symbols("m n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
s = symbols("s", positive=True)
A, R = MatrixSymbol("A", n, n), MatrixSymbol("R", m, n)
p, q, r = (MatrixSymbol(name, n, 1) for name in "pqr")
WHOLE = (i, 0, n - 1), (j, 0, n - 1), (k, 0, n - 1)
CHAIN = exp(p[i, 0] + A[i, j] + q[j, 0] + A[j, k] + r[k, 0])
w = MatrixSymbol("w", m, 1)
unit = MatrixUnit

AT_ONCE = [
    mc.gradient(log(Sum(CHAIN, *WHOLE)), A),
    mc.gradient(log(Sum(CHAIN, *WHOLE)), q),
    mc.gradient(Sum(CHAIN, *WHOLE), A),
    MatrixSum(sin(A[i, j] * q[j, 0]) * unit(n, n, j, i), *WHOLE[:2]),
    MatrixSum(sin(A[i, j]) * (unit(n, n, i, i) - 2 * unit(n, n, j, i)), *WHOLE[:2]),
    MatrixSum(sin(p[i, 0]) * MatAdd(unit(n, n, i, j), unit(n, n, j, j)), *WHOLE[:2]),  # the same in a row
    MatrixSum(MatMul(sin(A[i, j]), unit(n, 1, i, 0)), *WHOLE[:2]),
    MatrixSum(MatMul(sin(A[i, j]), unit(1, n, 0, j)), *WHOLE[:2]),
    MatrixSum(sin(R[i, j]) * unit(m, n, i, j), (j, 0, n - 1), (i, 0, m - 1)),
    MatrixSum(sin(A[i, j]) * unit(n, n, i, 0), *WHOLE[:2]),
    MatrixSum(sin(A[i, j]) * unit(n, n, i, j), *WHOLE),  # n times
    MatrixSum(sin(A[i, j]) * unit(n, n, i, j), (i, 0, j), (j, 0, n - 1)),  # a triangle
    MatrixSum(log(A[i, j] ** 2) * (unit(n, 1, i, 0) - unit(n, 1, j, 0)) * unit(n, 1, j, 0).T, (i, 0, j - 1), (j, 0, n - 1)),
    MatrixSum(CHAIN * unit(n, n, i, k), *WHOLE[:2], (k, 1, n - 1)),
    MatrixSum(CHAIN * unit(n + 1, n, i, k), *WHOLE),
    MatrixSum(CHAIN * unit(n + 2, n, k + 1, i), *WHOLE),
    MatrixSum(CHAIN * unit(n, n + 1, i + 0, k + 1), (i, 1, n - 1), *WHOLE[1:]),
    MatrixSum(sin(A[i, j] * q[j, 0]) * (unit(n, 1, i + 1, 0) - unit(n, 1, i, 0)), (i, 0, n - 2), (j, 0, n - 1)),
]
LOOPS = [MatrixSum(sin(A[i, j] * q[j, 0]) * unit(n, n, i, n - 1 - j), *WHOLE[:2])]


@pytest.mark.parametrize("expr", [*AT_ONCE, *LOOPS], ids=str)
def test_values(expr):
    args = [n, *sorted(expr.atoms(MatrixSymbol), key=str)]
    f = lambdify(args, expr)
    assert ("for " in f.source[f.source.index("def compute") :]) == any(expr is e for e in LOOPS)
    for sizes in ((3, 4), (2, 1), (1, 3)):
        number, rng = dict(zip((m, n), sizes, strict=True)), np.random.default_rng(0)
        env = number | {X: rng.standard_normal([int(c.subs(number)) for c in X.shape]) for X in args[1:]}
        expected = np.asarray(evaluate(expr, env))
        np.testing.assert_allclose(np.asarray(f(*(env[a] for a in args))).reshape(expected.shape), expected, rtol=1e-10, atol=1e-12)


INNER = Sum(w[j, 0] * p[i - j, 0], (j, 0, m - 1)) - q[i, 0]
CONVOLUTION = Sum(INNER**2, (i, m - 1, n - 1))


@pytest.mark.parametrize(("by", "loops"), [(p, 1), (w, 0), (q, 0)])
def test_a_convolution_has_a_loop_over_its_kernel_at_most(by, loops):
    expr = mc.gradient(CONVOLUTION, by)
    f = lambdify([p, q, w], expr)
    source = f.source[f.source.index("def compute") :]
    assert source.count("for ") - source.count("for `") == loops and "range(0, m)" in source or not loops
    rng = np.random.default_rng(0)
    for rows, size in ((1, 4), (3, 7), (4, 4), (2, 2), (4, 3)):
        env = {m: rows, n: size, w: rng.standard_normal((rows, 1)), p: rng.standard_normal((size, 1)), q: rng.standard_normal((size, 1))}
        np.testing.assert_allclose(f(env[p], env[q], env[w]), evaluate(expr, env), rtol=1e-10)


def test_a_place_outside_is_an_error():
    expr = MatrixSum(sin(q[j, 0] * i) * unit(n, n, i + 1, j), (i, 0, m - 1), (j, 0, n - 1))
    f = lambdify([m, q], expr)
    assert "for " not in f.source[f.source.index("def compute") :]
    np.testing.assert_allclose(f(2, np.ones(3)), np.sin([[0.0] * 3, [0.0] * 3, [1.0] * 3]))
    with pytest.raises(IndexError):
        f(3, np.ones(3))


def test_a_range_in_reverse_is_the_negative_of_what_lies_between():
    expr = MatrixSum(CHAIN * unit(n, n, i, k) * sin(m), *WHOLE, (symbols("l", integer=True), m - 1, n - 1))
    f = lambdify([m, A, p, q, r], expr)
    assert "for " not in f.source[f.source.index("def compute") :]
    rng = np.random.default_rng(0)
    for rows, size in ((2, 4), (6, 3), (4, 3)):
        env = {m: rows, n: size, A: rng.standard_normal((size, size))} | {v: rng.standard_normal((size, 1)) for v in (p, q, r)}
        np.testing.assert_allclose(f(*(env[a] for a in (m, A, p, q, r))), evaluate(expr, env), rtol=1e-10)


def test_the_gradient_of_a_log_partition_is_finite_where_its_exponentials_are_not():
    f = lambdify([A, p, q, r], mc.gradient(log(Sum(CHAIN, *WHOLE)), A))
    rng = np.random.default_rng(0)
    a, b, c, d = (500 * rng.standard_normal(shape) for shape in ((3, 3), 3, 3, 3))
    places = [(x, y, z) for x in range(3) for y in range(3) for z in range(3)]
    x, y, z = max(places, key=lambda at: b[at[0]] + a[at[0], at[1]] + c[at[1]] + a[at[1], at[2]] + d[at[2]])
    expected = np.zeros((3, 3))
    expected[x, y] += 1
    expected[y, z] += 1
    np.testing.assert_allclose(f(a, b, c, d), expected, atol=1e-12)


def test_what_is_no_sum_of_units():
    assert unit_terms(A) is None
    assert unit_terms(A * unit(n, n, i, j)) is None
    assert unit_terms(A + unit(n, n, i, j)) is None
    assert unit_terms(s * (unit(n, n, i, j) + 2 * unit(n, n, j, i))) == [((s, 2), unit(n, n, j, i)), ((s,), unit(n, n, i, j))]
