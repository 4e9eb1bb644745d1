"""Solutions with ``W W' + s I`` by the smaller matrix: where, and the digits, beside the exact solution."""

import mpmath
import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, Identity, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
s = symbols("s", positive=True)
W, B, b = MatrixSymbol("W", m, n), MatrixSymbol("B", m, m), MatrixSymbol("b", m, 1)
v = MatrixSymbol("v", m, 1)
C = W * W.T + s * Identity(m)
D = W * W.T + DiagMatrix(v)
rng = np.random.default_rng(0)


def source(arguments, e):
    return mc.lambdify(arguments, e).source.split("def compute")[1]


def exact(w, shift, right):
    """The solution with w w' + s I, by the identity in 50 digits."""
    with mpmath.workdps(50):
        w, right = mpmath.matrix(w.tolist()), mpmath.matrix(right.tolist())
        small = w.T * w + shift * mpmath.eye(w.cols)
        return np.array([x / shift for x in right - w * mpmath.lu_solve(small, w.T * right)])


@pytest.mark.parametrize(
    "e, by_low_rank",
    [
        (C.I * b, True),
        (C.I * B, True),
        ([C.I * b, log(Determinant(C))], True),
        (C.I, False),
        ([C.I * b, C.I], False),
        (log(Determinant(C)), False),
        ((W * B[:n, :n] * W.T + s * Identity(m)).I * b, False),
        ((2 * Identity(m) + W.T.T * W.T).I * b, True),
    ],
    ids=["vector", "matrix", "and determinant", "inverse", "solution and inverse", "determinant", "weights", "a number"],
)
def test_where(e, by_low_rank):
    assert ("_low_rank(" in source([W, B, b, s], e)) == by_low_rank


def test_not_where_sizes_say_that_it_is_wide():
    wide, right = MatrixSymbol("W", 60, 40), MatrixSymbol("b", 60, 1)
    assert "_low_rank(" not in source([wide, right, s], (wide * wide.T + s * Identity(60)).I * right)


SHAPES = [(64, 3), (64, 16), (64, 40), (20, 2), (5, 8), (64, 1)]


@pytest.mark.parametrize("rows, columns", SHAPES)
@pytest.mark.parametrize("shift", [1.0, 1e-6, -0.5])
def test_values(rows, columns, shift):
    w, right = rng.standard_normal((rows, columns)), rng.standard_normal((rows, 3))
    matrix = w @ w.T + shift * np.eye(rows)
    of_all = mc.lambdify([W, b, s], [C.I * b, log(Determinant(C) ** 2)])
    x, logarithm = of_all(w, right[:, 0], shift)
    np.testing.assert_allclose(x, np.array(exact(w, shift, right[:, 0]), float), rtol=1e-6)
    np.testing.assert_allclose(logarithm, 2 * np.linalg.slogdet(matrix)[1], rtol=1e-8)
    X = MatrixSymbol("X", m, 3)
    solved = np.linalg.solve(matrix, right)  # with a condition of 1e8 the small entries have fewer digits
    np.testing.assert_allclose(mc.lambdify([W, X, s], C.I * X)(w, right, shift), solved, rtol=1e-6, atol=1e-6 * max(1, abs(solved).max()))


@pytest.mark.parametrize("rows, columns", SHAPES)
@pytest.mark.parametrize("least", [1.0, 1e-5, 0.0, -0.5], ids=["like", "small", "zero", "negative"])
def test_a_diagonal(rows, columns, least):
    """Entries from `least` to 2: what is not positive is factored as a whole."""
    w, right = rng.standard_normal((rows, columns)), rng.standard_normal((rows, 3))
    d = np.linspace(least, 2, rows)
    matrix, X = w @ w.T + np.diag(d), MatrixSymbol("X", m, 3)
    x, columns_of_x, logarithm = mc.lambdify([W, b, X, v], [D.I * b, D.I * X, log(Determinant(D) ** 2)])(w, right[:, 0], right, d)
    expected = np.linalg.solve(matrix, right)
    np.testing.assert_allclose(columns_of_x, expected, rtol=1e-7, atol=1e-9 * np.abs(expected).max())
    np.testing.assert_allclose(x, columns_of_x[:, 0], rtol=1e-7, atol=1e-9 * np.abs(expected).max())
    np.testing.assert_allclose(logarithm, 2 * np.linalg.slogdet(matrix)[1], rtol=1e-9)


@pytest.mark.parametrize("spread", [1, 1e4, 1e8])
def test_digits_of_a_diagonal(spread):
    """As many as the factored matrix gives, whose rows may have any scale."""
    w, d = rng.standard_normal((64, 4)), np.geomspace(1 / spread, spread, 64)
    rng.shuffle(d)
    solve, factored = mc.lambdify([W, b, v], D.I * b), np.linalg.cholesky(w @ w.T + np.diag(d))
    for right in (rng.standard_normal(64), w @ rng.standard_normal(4)):
        with mpmath.workdps(50):
            mw, md, mr = mpmath.matrix(w.tolist()), [mpmath.mpf(float(x)) for x in d], mpmath.matrix(right.tolist())
            over = lambda y: mpmath.matrix([[y[i, j] / md[i] for j in range(y.cols)] for i in range(y.rows)])  # noqa: E731, B023
            x = over(mr) - over(mw * mpmath.lu_solve(mw.T * over(mw) + mpmath.eye(4), mw.T * over(mr)))
            x = np.array([*x])
        error = lambda y: float(max(abs(y - x)) / max(abs(x)))  # noqa: E731, B023
        direct = error(np.linalg.solve(factored.T, np.linalg.solve(factored, right)))
        assert error(solve(w, right, d)) <= 20 * max(direct, 1e-15)


def test_a_diagonal_that_is_no_number_or_of_another_kind():
    w, right = rng.standard_normal((64, 3)), rng.standard_normal(64)
    solve, d = mc.lambdify([W, b, v], D.I * b), np.linspace(1, 2, 64)
    assert solve.source.count("_low_rank(W, v)") == 1
    np.testing.assert_allclose(solve(w, right, d + 1j), np.linalg.solve(w @ w.T + np.diag(d + 1j), right), rtol=1e-10)
    single = solve(w.astype(np.float32), right.astype(np.float32), d.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, np.linalg.solve(w @ w.T + np.diag(d), right), rtol=1e-4, atol=1e-5)
    d[3] = np.nan
    assert np.isnan(solve(w, right, d)).any()


def columns_of(condition):
    """A tall matrix with singular values from 2 to 2/condition, and its left singular vectors."""
    u = np.linalg.qr(rng.standard_normal((64, 4)))[0]
    v = np.linalg.qr(rng.standard_normal((4, 4)))[0]
    return 2 * u * np.geomspace(1, 1 / condition, 4) @ v.T, u


@pytest.mark.parametrize("condition", [1, 1e2, 1e6])
@pytest.mark.parametrize("shift", [1.0, 1e-5, 1e-10])
def test_digits(condition, shift):
    """All of them but for what is in the range of W; there, and where a column is next to others, as many as the factored matrix gives."""
    w, u = columns_of(condition)
    solve, factored = mc.lambdify([W, b, s], C.I * b), np.linalg.cholesky(w @ w.T + shift * np.eye(64))
    for right in (rng.standard_normal(64), w @ rng.standard_normal(4), u[:, 0].copy(), u[:, -1].copy()):
        x = exact(w, shift, right)
        error = lambda y: float(max(abs(y - x)) / max(abs(x)))  # noqa: E731, B023
        direct = error(np.linalg.solve(factored.T, np.linalg.solve(factored, right)))
        assert error(solve(w, right, shift)) <= 20 * max(direct, 1e-16)
    right = rng.standard_normal(64)
    x = exact(w, shift, right)
    assert float(max(abs(solve(w, right, shift) - x)) / max(abs(x))) < 1e-11


@pytest.mark.parametrize("shift", [0.0, np.nan])
def test_what_is_singular_is_said_to_be(shift):
    w, right = rng.standard_normal((64, 3)), rng.standard_normal(64)
    solve = mc.lambdify([W, b, s], C.I * b)
    if shift == 0:
        w[5:] = 0
        with pytest.raises(np.linalg.LinAlgError):
            solve(w, right, shift)
    else:
        assert np.isnan(solve(w, right, shift)).all()


def test_a_complex_matrix_and_a_single_precision():
    w, right = rng.standard_normal((64, 3)), rng.standard_normal(64)
    solve = mc.lambdify([W, b, s], C.I * b)
    z = w + 1j * rng.standard_normal((64, 3))
    np.testing.assert_allclose(solve(z, right, 0.5), np.linalg.solve(z @ z.T + 0.5 * np.eye(64), right), atol=1e-10)
    np.testing.assert_allclose(solve(w, 1j * right, 0.5), np.linalg.solve(w @ w.T + 0.5 * np.eye(64), 1j * right), atol=1e-10)
    single = solve(w.astype(np.float32), right.astype(np.float32), np.float32(50))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, np.linalg.solve(w @ w.T + 50 * np.eye(64), right), rtol=1e-4, atol=1e-6)


def test_the_gradient_of_probabilistic_components():
    """Both solutions are by W' W + s I, which is factored once where W is tall."""
    S = MatrixSymbol("S", m, m)
    likelihood = log(Determinant(C)) + Trace(C.I * S)
    gradient = mc.lambdify([W, S, s], mc.gradient(likelihood, W))
    tall = gradient.source.split("if n <= m and 3 * n <= m:")[1].split("    if ")[0]
    assert tall.count("_factor(") == tall.count("_low_rank(") == 1
    w, a = rng.standard_normal((64, 3)), rng.standard_normal((64, 64))
    inverse = np.linalg.inv(w @ w.T + 0.3 * np.eye(64))
    np.testing.assert_allclose(gradient(w, a, 0.3), 2 * inverse @ w - inverse @ (a + a.T) @ inverse @ w, atol=1e-9)
