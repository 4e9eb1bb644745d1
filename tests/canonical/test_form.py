"""Canonical forms: how what was typed stands before the rules meet it, one spelling of many, and of the same value."""

import numpy as np
import pytest
from sympy import (
    Abs,
    Add,
    Adjoint,
    Determinant,
    DotProduct,
    Identity,
    Inverse,
    MatAdd,
    MatPow,
    MatrixSymbol,
    Max,
    Mul,
    OneMatrix,
    Piecewise,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    exp,
    log,
    sin,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.present import present
from sympy_matcalc.testing import evaluate, random_env

from ..adjoint.own_nodes import Inner, Stein

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t = Symbol("t")
A, B, S = (MatrixSymbol(c, n, n) for c in "ABS")
X = MatrixSymbol("X", m, n)
x, y, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1)
r, o = MatrixSymbol("r", 1, n), MatrixSymbol("o", 1, 1)
FORMS = [
    ((X * x - z).T * (X * x - z), "((X*x - z).T*(X*x - z))[0, 0]"),
    ((A.T * x).T, "(A.T*x).T"),
    (r.T, "r.T"),
    (r * x, "(r*x)[0, 0]"),
    (x.T * A * x, "(x.T*A*x)[0, 0]"),
    ((x.T * A * x)[0, 0], "(x.T*A*x)[0, 0]"),
    ((x.T * A.T * x)[0, 0], "(x.T*A*x)[0, 0]"),
    (Sum(A[i, i], (i, 0, n - 1)), "Trace(A)"),
    (Sum(x[i, 0] ** 2, (i, 0, n - 1)), "(x.T*x)[0, 0]"),
    (Sum(A[i, j] * B[j, i], (i, 0, n - 1), (j, 0, n - 1)), "Trace(A*B)"),
    (Trace(A.T), "Trace(A)"),
    (Trace(A * B) - Trace(B * A), "0"),
    (Trace(2 * A + B), "Trace(2*A + B)"),
    (Trace(x * y.T), "(x.T*y)[0, 0]"),
    (Trace(Identity(n)), "n"),
    (Determinant(A.T), "Determinant(A)"),
    (Determinant(2 * A), "Determinant(2*A)"),
    (Determinant(A * B), "Determinant(A*B)"),
    (Inverse(A.T), "(A**(-1)).T"),
    ((A * B).I, "B**(-1)*A**(-1)"),
    (Inverse(Inverse(A)), "A"),
    (A * A.I * B, "B"),
    (A**2 * A, "A**3"),
    (A * A * A, "A**3"),
    (MatPow(A, -1) * A, "I"),
    (Transpose(A * B), "(A*B).T"),
    (Transpose(A + B.T), "(A + B.T).T"),
    (2 * (3 * A), "6*A"),
    (A - A, "0"),
    (A + A, "2*A"),
    (2 * A + 3 * A, "5*A"),
    (A * (x + x), "2*A*x"),
    (HadamardProduct(x, y), "HadamardProduct(x, y)"),
    (HadamardProduct(x, x), "HadamardPower(x, 2)"),
    (HadamardPower(x, 2), "HadamardPower(x, 2)"),
    (HadamardProduct(A, Identity(n)), "HadamardProduct(I, A)"),
    (HadamardProduct(A, OneMatrix(n, n)), "A"),
    (HadamardProduct(A.T, B.T), "(HadamardProduct(A, B)).T"),
    (DiagMatrix(x) * y, "DiagMatrix(x)*y"),
    (DiagMatrix(x) * DiagMatrix(y), "DiagMatrix(HadamardProduct(x, y))"),
    (DiagMatrix(x).T, "DiagMatrix(x)"),
    (DiagonalOf(A.T), "DiagonalOf(A)"),
    (DiagonalMatrix(A), "DiagonalMatrix(A)"),
    (KroneckerProduct(A, B).T, "(KroneckerProduct(A, B)).T"),
    (KroneckerProduct(A.T, B.T), "(KroneckerProduct(A, B)).T"),
    (KroneckerProduct(2 * A, B), "2*(KroneckerProduct(A, B))"),
    (x.applyfunc(exp), "Lambda(_u, exp(_u)).(x)"),
    (x.T.applyfunc(exp), "Lambda(_u, exp(_u)).(x).T"),
    (x.applyfunc(lambda u: u**2), "HadamardPower(x, 2)"),
    (x.applyfunc(lambda u: 2 * u), "2*x"),
    (x.applyfunc(lambda u: u), "x"),
    (A.applyfunc(sin).T, "Lambda(_u, sin(_u)).(A).T"),
    (OneMatrix(1, n) * x, "(1*x)[0, 0]"),
    (OneMatrix(m, n) * x, "1*x"),
    (ZeroMatrix(n, n) * A, "0"),
    (Identity(n) * A, "A"),
    (A[i, j], "A[i, j]"),
    ((A * B)[i, j], "(A*B)[i, j]"),
    ((A.T)[i, j], "A[j, i]"),
    ((A + B)[i, j], "A[i, j] + B[i, j]"),
    (x[i, 0] * x[i, 0], "x[i, 0]**2"),
    (A[:2, :2], "A[:2, :2]"),
    (A.T[:2, :3], "A[:3, :2].T"),
    (sqrt(x.T * x), "sqrt((x.T*x)[0, 0])"),
    (log(Determinant(A)), "log(Determinant(A))"),
    (exp((x.T * y)[0, 0]), "exp((x.T*y)[0, 0])"),
    (o, "o[0, 0]"),
    (MatPow(x.T * x, 2), "(x.T*x)[0, 0]**2"),
    (mc.Vec(A.T), "vec(A.T)"),
    (mc.Vec(x), "x"),
    (mc.Norm(x.T), "norm(x)"),
    (mc.Norm(-x), "norm(x)"),
    (mc.Norm(2 * x), "2*norm(x)"),
    (mc.ElementSum(A.T), "(1*A*1)[0, 0]"),
    (mc.RowSum(A), "A*1"),
    (mc.Mean(x), "(1*x)[0, 0]/n"),
    (mc.Softmax(x), "softmax(x)"),
    (mc.LogSumExp(x), "logsumexp(x)"),
    (mc.MatrixExp(A.T), "expm(A).T"),
    (mc.MatrixExp(ZeroMatrix(n, n)), "I"),
    (mc.PseudoInverse(A.T), "pinv(A).T"),
    (mc.Eigenvalue(A.T, 0), "eigval(A, 0)"),
    (mc.MatrixSqrt(A) * mc.MatrixSqrt(A), "A"),
    (mc.MatrixSum(A**i, (i, 0, 2)), "MatrixSum(A**i, (i, 0, 2))"),
    (Adjoint(A), "A.T"),
    (A.conjugate(), "A"),
    (Abs(t) ** 2, "Abs(t)**2"),
    (Piecewise((Trace(A), t > 0), (0, True)), "Piecewise((Trace(A), t > 0), (0, True))"),
    (DotProduct(x, y), "(x.T*y)[0, 0]"),
    (Max(0, (x.T * y)[0, 0]), "Max(0, (x.T*y)[0, 0])"),
    (mc.CommutationMatrix(m, n).T, "commutation(n, m)"),
    (mc.MatrixUnit(m, n, i, j).T, "unit(n, m, j, i)"),
    (mc.MatrixUnit(n, n, i, j) * x, "unit(n, n, i, j)*x"),
    (S * (x - y) + S * y, "S*(x - y) + S*y"),
]
SPELLINGS = {  # of one thing
    "quadratic form": [x.T * A * x, (x.T * A * x)[0, 0], x.T * A.T * x, (x.T * A.T * x)[0, 0], Trace(A * x * x.T)],
    "inner product": [x.T * y, y.T * x, (x.T * y)[0, 0], DotProduct(x, y), Sum(x[i, 0] * y[i, 0], (i, 0, n - 1)), Trace(x * y.T)],
    "trace of a product": [Trace(A * B), Trace(B * A), Trace(A.T * B.T), Sum(A[i, j] * B[j, i], (i, 0, n - 1), (j, 0, n - 1))],
    "residual": [X * x - z, -z + X * x, X * x + (-1) * z, (x.T * X.T - z.T).T],
    "sum of entries": [mc.ElementSum(A), OneMatrix(1, n) * A * OneMatrix(n, 1), Sum(A[i, j], (i, 0, n - 1), (j, 0, n - 1))],
    "elementwise": [HadamardProduct(x, y, x), HadamardProduct(HadamardPower(x, 2), y), HadamardProduct(y, x, x)],
    "inverse transpose": [A.T.I, A.I.T, Inverse(Transpose(A)), MatPow(A.T, -1)],
    "scalars as SymPy evaluates them": [(1 - t) * A, Add(Mul(t, -1, evaluate=False), 1, evaluate=False) * A],
    "sums of scalars": [2 * Trace(A) + t, Add(Trace(A), t, Trace(A), evaluate=False)],
    "powers": [A * A * A, A**2 * A, A * A**2, MatPow(A, 3), A * (A * A)],
}


def form(e):
    with session():
        return prepare_whole(e)


@pytest.mark.parametrize("typed, text", FORMS, ids=[text for _, text in FORMS])
def test_form(typed, text):
    assert str(form(typed)) == text


@pytest.mark.parametrize("typed", [e for e, _ in FORMS], ids=[text for _, text in FORMS])
def test_a_canonical_form_is_its_own(typed):
    with session():
        found = prepare_whole(typed)
        assert prepare_whole(found) is found


@pytest.mark.parametrize("typed", [e for e, _ in FORMS if not e.has(Adjoint)], ids=[text for e, text in FORMS if not e.has(Adjoint)])
def test_the_value_stays(typed):
    found = form(typed)
    env = random_env([typed, found], 3, {m: 3, n: 4}) | {i: 1, j: 2}
    np.testing.assert_allclose(np.ravel(evaluate(found, env)), np.ravel(evaluate(typed, env)), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", SPELLINGS)
def test_one_form_for_all_spellings(name):
    with session():
        assert len({id(prepare_whole(e)) for e in SPELLINGS[name]}) == 1


@pytest.mark.parametrize("c", [1, 2, -1, t], ids=str)
def test_a_number_does_not_hide_a_transpose(c):
    a = c * A.T * B.T
    row = MatrixSymbol("r", 1, n)
    of_transposes = [
        *(f(a) for f in (mc.NuclearNorm, mc.SpectralNorm, mc.Norm, mc.Eigenvalues, mc.SingularValues, mc.ElementProduct)),
        *(f(a) for f in (mc.PseudoInverse, mc.MatrixExp, mc.MatrixSqrt, mc.Adjugate, mc.ElementSum)),
        *(f(a, 0) for f in (mc.SingularValue, mc.Eigenvalue, mc.LeftSingularVector)),
        *(mc.Norm(a[0, :]), HadamardProduct(c * row, row)),
    ]
    for e in of_transposes:
        with session():
            form = prepare_whole(e)
            assert prepare_whole(form) is form is prepare_whole(present(form)), e


def test_elementwise_powers_of_rows_are_read_as_typed():
    row = MatrixSymbol("r", 1, n)
    assert str(mc.collect(HadamardProduct(t * row, row)[:, :1])) == "t*(HadamardPower(r, 2))[0, 0]*I(1)"
    assert str(mc.collect(mc.NuclearNorm(B.T * A.T + B.T * A.T))) == "2*nuclear_norm(A*B)"


def test_determinants_of_products_of_inverses_are_reciprocals():
    size = symbols("size", integer=True, positive=True)
    P, R = MatrixSymbol("P", size, size), MatrixSymbol("R", size, size)
    for e, rest in ((P * R).I, P * R), (R.I * P.T.I, P.T * R), ((P * R * P).I, P * R * P):
        found = mc.gradient(Determinant(e), R)
        assert (found + R.T.I / Determinant(rest)).doit() == ZeroMatrix(size, size), found
    assert "1/Determinant" not in str(mc.gradient(Determinant(P.I * R), R))


class Own(MatrixExpr):
    """A matrix that nothing is known of but its shape."""

    shape = property(lambda self: self.args[0].shape)


def test_of_a_node_that_is_not_known_the_arguments_have_a_form_and_matrices_stay_matrices():
    p = MatrixSymbol("p", 1, 1)
    for e, args in [
        (Own(MatAdd(A, A), Transpose(B.T)), (2 * A, B)),
        (Own(A, Trace(B.T) + 1), (A, Trace(B) + 1)),
        (Own(A, o * p), (A, o * p)),
        (Own(A, t), (A, t)),
    ]:
        with session():
            assert prepare_whole(e).args == args


def test_a_declared_operator_of_one_entry_is_a_scalar_with_its_number_in_front():
    p, q = MatrixSymbol("p", 1, 1), MatrixSymbol("q", 1, 1)
    for e, text in [
        (Stein(o, p, 2 * q), "2*Stein(o, p, q)[0, 0]"),
        (Stein(o, p, ZeroMatrix(1, 1)), "0"),
        (Inner(2 * A, B), "2*Inner(A, B)"),
    ]:
        with session():
            assert str(prepare_whole(e)) == text
