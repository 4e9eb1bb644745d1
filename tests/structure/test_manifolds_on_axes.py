"""Riemannian Hessians as arrays, in the form that one prints; that they are right is in `test_exact_manifolds`."""

from sympy import Determinant, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
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
