"""Eigenvalues of pencils and of matrices that need not be symmetric: forms, values by every library, conditions and refusals."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

n, i = symbols("n i", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
LIBRARIES = ["numpy", "jax", "torch"]
RNG = np.random.default_rng(5)


def test_forms():
    v = mc.GeneralizedEigenvector(A, B, i)
    value = mc.GeneralizedEigenvalue(A, B, i)
    assert mc.gradient(value, A) == v * v.T
    assert str(mc.gradient(value, B)) == "-geneigval(A, B, i)*geneigvec(A, B, i)*geneigvec(A, B, i).T"
    general = mc.Eigenvalue(A, i, symmetric=False)
    assert general == mc.GeneralEigenvalue(A, i)
    assert mc.gradient(general, A) == mc.LeftEigenvector(A, i) * mc.RightEigenvector(A, i).T
    assert mc.conditions(mc.gradient(value, A)) == ("A is symmetric", "B is positive definite", "eigenvalue i of (A, B) is simple")
    assert mc.conditions(general) == ("eigenvalue i of A, by the real part, is real and simple",)


def test_no_superscript_stands_on_another():
    assert r"^{\#}^" not in mc.latex(mc.hessian(mc.GeneralEigenvalue(A, 0), A))


@pytest.mark.parametrize("library", LIBRARIES)
def test_pencil(library):
    pytest.importorskip(library)
    a, b = RNG.normal(size=(4, 4)), RNG.normal(size=(4, 4))
    a, b = a + a.T, b @ b.T + np.eye(4)
    for k in range(4):
        value, v = mc.lambdify([A, B], [mc.GeneralizedEigenvalue(A, B, k), mc.GeneralizedEigenvector(A, B, k)], modules=library)(a, b)
        v = np.asarray(v).ravel()
        np.testing.assert_allclose(a @ v, float(value) * b @ v, atol=2e-4 if library == "jax" else 1e-10)
        np.testing.assert_allclose(v @ b @ v, 1, rtol=1e-5)
        np.testing.assert_allclose(float(value), np.sort(np.linalg.eigvals(np.linalg.solve(b, a)).real)[k], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("library", LIBRARIES)
def test_general(library):
    """The largest eigenvalue of a positive matrix, Perron's, beside complex ones."""
    pytest.importorskip(library)
    a = RNG.uniform(0.1, 1, size=(5, 5))
    parts = [mc.GeneralEigenvalue(A, 4), mc.RightEigenvector(A, 4), mc.LeftEigenvector(A, 4), mc.GroupResolvent(A, 4)]
    value, v, u, s = (np.asarray(x) for x in mc.lambdify([A], parts, modules=library)(a))
    v, u, tolerance = v.ravel(), u.ravel(), 1e-4 if library == "jax" else 1e-12
    np.testing.assert_allclose(a @ v, value * v, atol=tolerance)
    np.testing.assert_allclose(u @ a, value * u, atol=tolerance)
    np.testing.assert_allclose([u @ v, v @ v], 1, rtol=1e-5)
    np.testing.assert_allclose((value * np.eye(5) - a) @ s, np.eye(5) - np.outer(v, u), atol=10 * tolerance)


ROTATION = np.array([[0.0, 1.0], [-1.0, 0.0]])
TWICE = np.array([[2.0, 0.0], [0.0, 2.0]])


@pytest.mark.parametrize("matrix, text", [(ROTATION, "complex"), (TWICE, "not simple"), (np.array([[1.0, 1.0], [0.0, 1.0]]), "not simple")])
def test_what_is_complex_or_multiple_is_refused(matrix, text):
    with pytest.raises(np.linalg.LinAlgError, match=text):
        mc.lambdify([A], mc.gradient(mc.GeneralEigenvalue(A, 0), A))(matrix)
    for library in ("jax", "torch"):
        if pytest.importorskip(library):
            assert np.isnan(np.asarray(mc.lambdify([A], mc.gradient(mc.GeneralEigenvalue(A, 0), A), modules=library)(matrix))).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(bad):
    m = np.diag([1.0, 2.0, 3.0])
    m[0, 2] = bad
    with pytest.raises(np.linalg.LinAlgError):
        mc.lambdify([A], mc.GeneralEigenvalue(A, 0))(m)
    for a, b in ((m, np.eye(3)), (np.eye(3), m)):
        with pytest.raises(np.linalg.LinAlgError):
            mc.lambdify([A, B], mc.GeneralizedEigenvalue(A, B, 0))(a, b)


def test_pencils_are_checked():
    a, b = np.diag([1.0, 2.0]), np.diag([1.0, -1.0])
    f = mc.lambdify([A, B], mc.GeneralizedEigenvalue(A, B, 0))
    with pytest.raises(np.linalg.LinAlgError):
        f(a, b)
    with pytest.raises(np.linalg.LinAlgError, match="symmetric"):
        f(np.array([[1.0, 1.0], [0.0, 2.0]]), np.eye(2))
    with pytest.raises(mc.ShapeError, match="GeneralizedEigenvalue needs"):
        mc.GeneralizedEigenvalue(MatrixSymbol("A", 2, 2), Identity(3), 0)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_derivatives_of_concrete_sizes(size, order):
    a, b = MatrixSymbol("a", size, size), MatrixSymbol("b", size, size)
    domain = {a: "simple_spectrum", b: "spd"}
    for k in {0, size - 1}:
        check_rule(mc.GeneralizedEigenvalue(a, b, k), a, domain, order=order, trials=1)
        check_rule(mc.GeneralizedEigenvalue(a, b, k), b, domain, order=order, trials=1)
        check_rule(mc.GeneralEigenvalue(a, k), a, {a: "real_spectrum"}, order=order, trials=1)
