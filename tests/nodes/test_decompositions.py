"""Factors of QR and LU: what they multiply to, forms, one decomposition for all, and refusals."""

import numpy as np
import pytest
from sympy import Matrix, MatrixSymbol, Rational, Trace, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, S = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n)
RNG = np.random.default_rng(7)


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
def test_the_factors_multiply_to_the_matrix(library):
    pytest.importorskip(library)
    tall, square = RNG.standard_normal((5, 3)), RNG.standard_normal((4, 4))
    Q, R = (np.asarray(a) for a in mc.lambdify([X], [mc.QRFactorQ(X), mc.QRFactorR(X)], modules=library)(tall))
    P, L, U = (np.asarray(a) for a in mc.lambdify([S], [f(S) for f in (mc.LUFactorP, mc.LUFactorL, mc.LUFactorU)], modules=library)(square))
    np.testing.assert_allclose(Q @ R, tall, atol=1e-5)
    np.testing.assert_allclose(P @ L @ U, square, atol=1e-5)
    assert (np.diagonal(R) > 0).all() and np.allclose(R, np.triu(R)) and np.allclose(np.diagonal(L), 1) and np.abs(L).max() <= 1 + 1e-6


def test_explicit_factors():
    A = Matrix([[1, 2, 0], [3, 4, 1], [2, 2, Rational(1, 2)]])
    P, L, U = (f(A).doit() for f in (mc.LUFactorP, mc.LUFactorL, mc.LUFactorU))
    assert P * L * U == A and L.is_lower and U.is_upper
    assert mc.QRFactorQ(A[:, :2]).doit() * mc.QRFactorR(A[:, :2]).doit() == A[:, :2]


def test_of_a_column():
    x = MatrixSymbol("x", n, 1)
    assert mc.gradient(mc.ElementSum(mc.QRFactorR(x)), x) == mc.gradient(mc.Norm(x), x)


def test_one_decomposition_serves_value_and_derivative():
    f = Trace(S * mc.QRFactorR(S))
    assert mc.lambdify([S], [f, mc.gradient(f, S)]).source.count("_qr(S)") == 1


def test_the_volume_by_the_factor():
    """The sum of the logarithms of the diagonal of R is log |det|."""
    f = mc.ElementSum(mc.diagonal(mc.QRFactorR(S)).applyfunc(log))
    value = RNG.standard_normal((4, 4))
    np.testing.assert_allclose(mc.lambdify([S], mc.gradient(f, S))(value), np.linalg.inv(value).T)


def test_refusals():
    with pytest.raises(mc.ShapeError, match="at least as many rows") as refused:
        mc.QRFactorQ(MatrixSymbol("W", 2, 3))
    assert "`Q = QRFactorQ(A[:, :2])`, `R = Q.T*A`" in str(refused.value)
    with pytest.raises(mc.ShapeError, match="square"):
        mc.LUFactorL(MatrixSymbol("W", 2, 3))


def test_a_wide_matrix_by_its_first_columns():
    """What the refusal says to write: both factors of a wide matrix, and their derivatives."""
    W, B = MatrixSymbol("W", 2, 3), MatrixSymbol("B", 2, 3)
    Q = mc.QRFactorQ(W[:, :2])
    R = Q.T * W
    value = RNG.standard_normal((2, 3))
    q, r = np.linalg.qr(value)
    signs = np.sign(np.diagonal(r))
    np.testing.assert_allclose(mc.lambdify([W], Q)(value), q * signs, atol=1e-12)
    np.testing.assert_allclose(mc.lambdify([W], R)(value), signs[:, None] * r, atol=1e-12)
    assert mc.check(Trace(R * B.T), W).ok


DEFICIENT = {
    "equal columns": np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]),
    "a column of zeros": np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]),
    "a combination": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0], [7.0, 8.0, 15.0], [1.0, 0.0, 1.0]]),
    "wide": np.ones((2, 3)),
    "NaN": np.array([[1.0, 2.0], [np.nan, 1.0], [0.0, 1.0]]),
    "infinite": np.array([[1.0, 2.0], [np.inf, 1.0], [0.0, 1.0]]),
}


@pytest.mark.parametrize("factor", [mc.QRFactorQ, mc.QRFactorR])
@pytest.mark.parametrize("name", DEFICIENT)
def test_qr_needs_full_column_rank(name, factor):
    """Else the numbers are rounding errors: an error of NumPy's code, NaN of what can be traced."""
    f = Trace(MatrixSymbol("W", m, n).T * factor(X)) if factor is mc.QRFactorQ else Trace(S * factor(X))
    for scale in (1e-150, 1.0, 1e150):
        with pytest.raises(np.linalg.LinAlgError, match="full column rank|not finite"):
            mc.lambdify([X], factor(X))(scale * DEFICIENT[name])
    assert mc.gradient(f, X).has(factor)
    torch = pytest.importorskip("torch")
    if name == "wide":
        with pytest.raises(ValueError, match="as many rows as columns"):
            mc.lambdify([X], factor(X), modules="torch")(torch.tensor(DEFICIENT[name]))
        return
    assert np.isnan(np.asarray(mc.lambdify([X], factor(X), modules="torch")(torch.tensor(DEFICIENT[name])))).all()


def test_columns_of_different_scales_are_no_deficiency():
    X0 = RNG.standard_normal((4, 3)) * [1e-12, 1.0, 1e12]
    Q = mc.lambdify([X], mc.QRFactorQ(X))(X0)
    np.testing.assert_allclose(Q.T @ Q, np.eye(3), atol=1e-14)
