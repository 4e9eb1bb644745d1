"""All eigenvalues and singular values: forms, orientation, and refusals by value."""

import numpy as np
import pytest
from sympy import DiagMatrix, Matrix, MatrixSymbol, Min, symbols

import sympy_matcalc as mc
from sympy_matcalc.text import parse

m, n = symbols("m n", integer=True, positive=True)
X, S, w = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n), MatrixSymbol("w", n, 1)
Q, U, V = mc.Eigenvectors(S), mc.LeftSingularVectors(X), mc.RightSingularVectors(X)


def test_gradients():
    assert mc.gradient(w.T * mc.Eigenvalues(S), S) == Q * DiagMatrix(w) * Q.T
    assert mc.gradient(mc.ElementSum(mc.SingularValues(X)), X) == U * V.T
    assert mc.gradient(mc.ElementSum(mc.SingularValues(X.T)), X) == U * V.T


def test_of_a_vector_the_singular_value_is_its_norm():
    assert mc.gradient(mc.ElementSum(mc.SingularValues(w)), w) == mc.gradient(mc.Norm(w), w)
    assert mc.SingularValues(X).shape == (Min(m, n), 1)


def test_explicit_values():
    assert mc.Eigenvalues(Matrix([[2, 1], [1, 2]])).doit() == Matrix([1, 3])
    assert mc.SingularValues(Matrix([[3, 0, 0], [0, -4, 0]])).doit() == Matrix([4, 3])


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
def test_equal_values_have_no_derivative(library):
    """NumPy raises an error; where functions are traced the result is NaN."""
    pytest.importorskip(library)
    gradient = mc.lambdify([S, w], mc.gradient(w.T * mc.Eigenvalues(S), S), modules=library)
    arguments = np.eye(3), np.ones(3)
    if library == "numpy":
        with pytest.raises(np.linalg.LinAlgError, match="equal"):
            gradient(*arguments)
    else:
        assert np.isnan(np.asarray(gradient(*arguments))).all()


def test_one_decomposition_serves_value_and_gradient():
    f = w.T * mc.Eigenvalues(S)
    assert mc.lambdify([S, w], [f, mc.gradient(f, S)]).source.count("eigh(") == 1
    assert "eigvalsh" in mc.lambdify([S], mc.Eigenvalues(S)).source


def test_the_name_of_numpy_and_scipy_is_read():
    assert parse("y.T*svdvals(X)")[0] == parse("y.T*singvals(X)")[0]
