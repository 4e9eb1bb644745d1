"""Riemannian Hessians as arrays, in the form that one prints; that they are right is in `test_exact_manifolds`."""

from sympy import Determinant, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, A = (MatrixSymbol(c, n, n) for c in "XA")


def test_where_the_metric_makes_it_flat():
    assert str(mc.hessian(log(Determinant(X)), X, structure="spd")) == "Einsum(ijkl: 0)"
    assert str(mc.hessian(Determinant(X), X, structure="spd")) == "Einsum(ijkl: Determinant(X)*X[i,j]*(X**(-1))[k,l])"
    assert str(mc.hessian(Trace(X.T * A * X), X, structure="orthogonal")) == "Einsum(ijkl: 0)"


def test_a_linear_function():
    found = str(mc.hessian(Trace(A.T * X), X, structure="orthogonal"))
    assert found == (
        "Einsum(ijkl: -(1/8)*I(n)[i,k]*(A.T*X + X.T*A)[j,l] - (1/8)*I(n)[j,l]*(A*X.T + X*A.T)[i,k]"
        " + (1/8)*X[i,l]*(X*A.T*X + A)[k,j] + (1/8)*X[k,j]*(X*A.T*X + A)[i,l])"
    )
    found = str(mc.hessian(Trace(A.T * X), X, structure="spd"))
    assert (
        found
        == "Einsum(ijkl: "
        + " + ".join(f"(1/8)*I(n)[{i}]*(X*(A + A.T))[{j}]" for i, j in (("i,k", "j,l"), ("i,l", "j,k"), ("j,k", "i,l"), ("j,l", "i,k")))
        + ")"
    )


def test_of_a_tall_matrix():
    Y, B = MatrixSymbol("Y", m, n), MatrixSymbol("B", n, m)
    S = "(B*Y + Y.T*B.T)"
    assert str(mc.hessian(Trace(B * Y), Y, structure="orthogonal")) == (
        f"Einsum(ijkl: -(1/2)*I(m)[i,k]*{S}[j,l] + (3/8)*{S}[j,l]*(Y*Y.T)[i,k] + (1/8)*Y[i,l]*(Y*{S})[k,j]"
        f" + (1/8)*Y[k,j]*(Y*{S})[i,l] - (1/8)*I(n)[j,l]*(Y*{S}*Y.T)[i,k])"
    )
    assert str(mc.hessian(Trace(Y.T * Y), Y, structure="orthogonal")) == "Einsum(ijkl: 0)"
    y = MatrixSymbol("y", m, 1)
    assert str(mc.hessian((y.T * y)[0, 0], y, structure="orthogonal")) in ("0", "zeros(m, m)")


def test_an_inverse_beside_what_it_is_of_is_no_factor():
    Y, B = MatrixSymbol("Y", m, n), MatrixSymbol("B", m, m)
    found = str(mc.hessian(log(Determinant(Y.T * B * Y)), Y, structure="orthogonal"))
    assert "(Y.T*B*Y)**(-1)*Y.T*B*Y" not in found and "Y.T*B*Y*(Y.T*B*Y)**(-1)" not in found
