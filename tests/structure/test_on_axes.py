"""Plain Hessians by structures, made on the axes of those by all entries: equal terms are one, and no answer is longer than it need be."""

import pytest
from sympy import Determinant, MatrixSymbol, S, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.session import session
from sympy_matcalc.structure.index_terms import Product
from sympy_matcalc.structure.on_axes import between

n = symbols("n", integer=True, positive=True)
X, A, B = (MatrixSymbol(c, n, n) for c in "XAB")
a, b = MatrixSymbol("a", n, 1), MatrixSymbol("b", n, 1)


def hessian(f, structure="symmetric", convention="subspace"):
    return str(mc.hessian(f, X, structure=structure, convention=convention))


def test_the_inverse_of_a_symmetric_matrix_is_symmetric():
    assert hessian(log(Determinant(X))) == ("Einsum(ijkl: -(1/2)*(X**(-1))[i,l]*(X**(-1))[j,k] - (1/2)*(X**(-1))[i,k]*(X**(-1))[j,l])")
    entries = mc.hessian(log(Determinant(X)), X, structure="symmetric", convention="entries")
    assert [str(t.coefficient) for t in entries.terms] == ["-2", "-2", "2", "2", "-1"]


def test_what_is_symmetric_in_a_pair_of_axes_stays_one_term():
    f = (a.T * X * a)[0, 0] * (b.T * X * b)[0, 0]
    assert hessian(f) == "Einsum(ijkl: a[i]*a[j]*b[k]*b[l] + a[k]*a[l]*b[i]*b[j])"
    assert hessian(f, "skew") == "Einsum(ijkl: 0)"


def test_a_matrix_with_a_pair_of_axes_to_itself_is_that_of_the_gradient():
    own = "2*X**(-1) - HadamardProduct(I, X**(-1))"
    assert hessian(Determinant(X), convention="entries").startswith(f"Einsum(ijkl: Determinant(X)*({own})[i,j]*({own})[k,l] - ")
    assert str(mc.gradient(log(Determinant(X)), X, structure="symmetric", convention="entries")) == own


@pytest.mark.parametrize("structure", ["symmetric", "skew", "spd"])
def test_a_hessian_is_the_same_from_both_sides(structure):
    """f = tr(AXBX) has a Hessian that is symmetric in its pairs of axes, which the terms show."""
    H = mc.hessian(Trace(A * X * B * X), X, structure=structure)
    assert len(H.terms) == (12 if structure == "spd" else 8)


def test_a_factor_on_both_sides_is_taken_into_the_matrices_there():
    four = ((0,), (1,), (2,), (3,))
    with session():
        _, found = between(S.One, Product((n,) * 4, four, ((A, (0,), (2,)), (B, (3,), (1,)))), (0, 1), X)
        assert found.factors == ((X * A, (0,), (2,)), (B * X, (3,), (1,)))
        _, found = between(S.One, Product((n,) * 4, four, ((X.I, (0,), (2,)), (B, (3,), (1,)))), (0, 1), X)
        assert found.out[0] == found.out[2] and [f[0] for f in found.factors] == [B * X]
        _, found = between(S.One, Product((n,) * 3, ((0,), (1,), (0,), (2,)), ((A, (1,), (2,)),)), (0, 1), X)
        assert found.factors == ((X.T * A, (1,), (2,)), (X, (3,), (0,))) and found.out == ((3,), (1,), (0,), (2,))
