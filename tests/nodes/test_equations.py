"""Solutions of linear matrix equations: that they solve them, forms, explicit values and refusals."""

import numpy as np
import pytest
from sympy import Identity, KroneckerProduct, Matrix, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc import Lyapunov, Sylvester

m, n = symbols("m n", integer=True, positive=True)
A, B, C, W = MatrixSymbol("A", m, m), MatrixSymbol("B", n, n), MatrixSymbol("C", m, n), MatrixSymbol("W", m, n)
Q, V = MatrixSymbol("Q", m, m), MatrixSymbol("V", m, m)
RNG = np.random.default_rng(3)


def test_forms():
    assert mc.gradient(Trace(W.T * Sylvester(A, B, C)), C) == Sylvester(A.T, B.T, W)
    assert mc.gradient(Trace(V.T * Lyapunov(A, Q)), Q) == Lyapunov(A.T, V)
    assert mc.gradient(Trace(V.T * Lyapunov(A, 3 * Q)), Q) == 3 * Lyapunov(A.T, V)
    found = mc.jacobian(Lyapunov(A, Q), Q, form="vec")
    assert found == (KroneckerProduct(Identity(m), A) + KroneckerProduct(A, Identity(m))).I


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
def test_the_value_solves_the_equation(library):
    pytest.importorskip(library)
    a, b, c = RNG.standard_normal((3, 3)) + 4 * np.eye(3), RNG.standard_normal((2, 2)), RNG.standard_normal((3, 2))
    x = np.asarray(mc.lambdify([A, B, C], Sylvester(A, B, C), modules=library)(a, b, c))
    np.testing.assert_allclose(a @ x + x @ b, c, atol=1e-5)
    y = np.asarray(mc.lambdify([A, Q], Lyapunov(A, Q), modules=library)(a, a.T))
    np.testing.assert_allclose(a @ y + y @ a.T, a.T, atol=1e-5)


def test_explicit_values():
    a, q = Matrix([[2, 1], [0, 3]]), Matrix([[1, 2], [3, 4]])
    y = Lyapunov(a, q).doit()
    assert a * y + y * a.T == q
    assert Lyapunov(Matrix([[1, 0], [0, -1]]), q).doit().has(Lyapunov)  # it has no one solution


@pytest.mark.parametrize("call", [lambda: Sylvester(MatrixSymbol("X", 2, 3), B, C), lambda: Lyapunov(MatrixSymbol("X", 2, 2), Identity(3))])
def test_refusals(call):
    with pytest.raises(mc.ShapeError, match="needs a"):
        call()


@pytest.mark.parametrize(
    "a, b", [(np.eye(2), -np.eye(3)), (np.diag([1.0, 2.0]), np.diag([3.0, 4.0, -2.0])), (np.zeros((2, 2)), np.zeros((3, 3)))]
)
def test_an_equation_without_one_solution_is_refused(a, b):
    """LAPACK solves an equation beside it and says so; the numbers are huge and mean nothing."""
    pytest.importorskip("scipy")
    f = mc.lambdify([A, B, C], Sylvester(A, B, C))
    with pytest.raises(np.linalg.LinAlgError, match="no one solution"):
        f(a, b, np.ones((2, 3)))
    assert np.allclose(f(a + 5 * np.eye(2), b, np.ones((2, 3))) @ b + (a + 5 * np.eye(2)) @ f(a + 5 * np.eye(2), b, np.ones((2, 3))), 1)
