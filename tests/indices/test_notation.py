"""To index notation and back: the sums that a physicist writes, and the very matrix expression again."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    Identity,
    Idx,
    IndexedBase,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    Piecewise,
    Sum,
    Trace,
    ZeroMatrix,
    exp,
    log,
    sin,
    symbols,
)
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, MatAdd, OneMatrix
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.compat import BEFORE_1_14
from sympy_matcalc.nodes.bound import BOUND
from sympy_matcalc.testing import evaluate, random_env

m, n, p = symbols("m n p", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)  # noqa: E741
A, B, C, S = MatrixSymbol("A", m, n), MatrixSymbol("B", n, p), MatrixSymbol("C", m, n), MatrixSymbol("S", n, n)
x, y, r = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("r", 1, n)

I, J = Idx("I", m), Idx("J", n)
V, U, W = IndexedBase("V", shape=(m, n)), IndexedBase("U", shape=(m,)), IndexedBase("W", shape=(n,))

BOTH_WAYS = {  # (matrix notation, indices, index notation)
    "a product": (A * B, (i, j), "Sum(A[i, k]*B[k, j], (k, 0, n - 1))"),
    "a matrix and a vector": (A * x, i, "Sum(A[i, j]*x[j], (j, 0, n - 1))"),
    "a sum": (A * x + y, i, "y[i] + Sum(A[i, j]*x[j], (j, 0, n - 1))"),
    "a transpose": (A.T * C, (i, j), "Sum(A[k, i]*C[k, j], (k, 0, m - 1))"),
    "a trace": (Trace(S * S), (), "Sum(S[i, j]*S[j, i], (j, 0, n - 1), (i, 0, n - 1))"),
    "an elementwise product": (HadamardProduct(A, C), (i, j), "A[i, j]*C[i, j]"),
    "an elementwise inverse": (HadamardPower(A, -1), (i, j), "1/A[i, j]"),
    "a diagonal matrix": (DiagMatrix(x), (i, j), "KroneckerDelta(i, j)*x[i]"),
    "columns scaled": (A * DiagMatrix(x), (i, j), "A[i, j]*x[j]"),
    "the identity": (MatAdd(S, Identity(n)), (i, j), "KroneckerDelta(i, j) + S[i, j]"),
    "ones": (A * OneMatrix(n, 1), i, "Sum(A[i, j], (j, 0, n - 1))"),
    "an outer product": (x * x.T, (i, j), "x[i]*x[j]"),
    "a diagonal": (DiagonalOf(S), i, "S[i, i]"),
    "a power": (S**2, (i, j), "Sum(S[i, k]*S[k, j], (k, 0, n - 1))"),
    "an inverse": (S.I * x, i, "Sum(x[j]*(S**(-1))[i, j], (j, 0, n - 1))"),
    "the entry of an inverse": (S.I, (i, j), "(S**(-1))[i, j]"),
    "a determinant": (Determinant(S) * x, i, "Determinant(S)*x[i]"),
    "a logarithm of one": (log(Determinant(S)), (), "log(Determinant(S))"),
    "softmax": (mc.Softmax(x), i, "exp(x[i])/Sum(exp(x[j]), (j, 0, n - 1))"),
    "softmax of rows": (mc.Softmax(A, axis=1), (i, j), "exp(A[i, j])/Sum(exp(A[i, k]), (k, 0, n - 1))"),
    "a mean": (mc.Mean(A), (), "Sum(A[i, j], (j, 0, n - 1), (i, 0, m - 1))/(m*n)"),
    "a row": (r, (i, j), "r[i, j]"),
    "a Kronecker product": (KroneckerProduct(A, S), (i, j), "A[floor(i/n), floor(j/n)]*S[Mod(i, n), Mod(j, n)]"),
    "vec": (mc.Vec(A), i, "A[Mod(i, m), floor(i/m)]"),
    "a function of a matrix": (mc.MatrixExp(S) * x, i, "Sum(x[j]*expm(S)[i, j], (j, 0, n - 1))"),
    "an inverse between": (S * (S + S.T).I * x, l, "Sum(S[l, i]*x[j]*((S + S.T)**(-1))[i, j], (j, 0, n - 1), (i, 0, n - 1))"),
    "a multiple": (2 * A, (i, j), "2*A[i, j]"),
    "pieces of a product": (
        (x * r * S).applyfunc(Lambda(BOUND, Piecewise((BOUND, BOUND > 0), (BOUND / 5, True)))),
        (i, j),
        "Piecewise((x[i]*Sum(S[k, j]*r[0, k], (k, 0, n - 1)), x[i]*Sum(S[k, j]*r[0, k], (k, 0, n - 1)) > 0), "
        "(x[i]*Sum(S[k, j]*r[0, k], (k, 0, n - 1))/5, True))",
    ),
}


BACK = {  # (index notation, indices, matrix notation)
    "an index that has one value": (KroneckerDelta(I, 0) * Sum(V[I, k] * W[k], (k, 0, n - 1)), I, "HadamardProduct(unit(m, 1, 0, 0), V*W)"),
    "a row of one entry": (KroneckerDelta(0, J) * Sum(W[k] ** 2, (k, 0, n - 1)), J, "(W.T*W)[0, 0]*unit(n, 1, 0, 0)"),
    "a factor that SymPy takes into the pieces": (
        Sum(Piecewise((V[I, k] * sin(W[k]), W[k] > 0), (V[I, k] * W[k], True)), (k, 0, n - 1)),
        I,
        "V*apply(u -> Piecewise((sin(u), u > 0), (u, True)), W)",
    ),
    "a product whose factors stand apart": (
        Piecewise((sin(U[I] * W[J] / (U[I] ** 2 * W[J] ** 2 + 1)), U[I] * W[J] > 0), (U[I] * W[J], True)),
        (I, J),
        "apply(u -> Piecewise((sin(u/(u**2 + 1)), u > 0), (u, True)), U*W.T)",
    ),
}


@pytest.mark.parametrize("e, at, text", BACK.values(), ids=BACK)
def test_back(e, at, text):
    assert str(mc.to_matrix_notation(e, at)) == text


def test_a_delta_of_an_index_that_may_be_none_of_the_values_has_no_matrix():
    with pytest.raises(mc.MatcalcError):
        mc.to_matrix_notation(KroneckerDelta(I, 1) * U[I], I)


@pytest.mark.parametrize("e, at, text", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_both_ways(e, at, text):
    written = mc.to_index_notation(e, at)
    assert str(written) == text or BEFORE_1_14 and "Mod" in text
    assert str(mc.to_matrix_notation(written, at)) == str(as_answer(e))
    assert mc.to_index_notation(mc.to_matrix_notation(written, at), at) == written


ONE_WAY = {
    "a quadratic form": (x.T * S * x, (), "Sum(S[i, j]*x[i]*x[j], (j, 0, n - 1), (i, 0, n - 1))"),
    "three factors": (S**3 * x, i, "Sum(S[i, k]*S[k, l]*S[l, j]*x[j], (l, 0, n - 1), (k, 0, n - 1), (j, 0, n - 1))"),
    "least squares": (mc.Norm(A * x - y) ** 2, (), "Sum((-y[i] + Sum(A[i, j]*x[j], (j, 0, n - 1)))**2, (i, 0, m - 1))"),
    "log-sum-exp": (mc.LogSumExp(x), (), "log(Sum(exp(x[i]), (i, 0, n - 1)))"),
    "a function": (A.applyfunc(exp), (i, j), "exp(A[i, j])"),
    "sums of rows": (mc.RowSum(A), i, "Sum(A[i, j], (j, 0, n - 1))"),
    "a slice": (A[1:, :], (i, j), "A[i + 1, j]"),
    "zero": (ZeroMatrix(m, n), (i, j), "0"),
    "a Jacobian": (mc.jacobian(A * x, A), (k, i, j), "KroneckerDelta(i, k)*x[j]"),
    "a Jacobian of order 4": (mc.jacobian(A * B, A), (i, j, k, l), "KroneckerDelta(i, k)*B[l, j]"),
    "a scalar in front": (sin((x.T * x)[0, 0]) * A, (i, j), "sin(Sum(x[k]**2, (k, 0, n - 1)))*A[i, j]"),
}


@pytest.mark.parametrize("e, at, text", ONE_WAY.values(), ids=ONE_WAY)
def test_index_notation(e, at, text):
    assert str(mc.to_index_notation(e, at)).replace("_i_1", "k") == text


def test_a_condition_that_sympy_would_take_out_of_its_sum_is_refused():
    """SymPy folds the branches of a sum in a sum, with the index of the inner one: what came was wrong."""
    branches = S.applyfunc(lambda u: Piecewise((u, u > 0), (u / 5, True)))
    assert mc.to_matrix_notation(mc.to_index_notation(Trace(S * branches))).has(Piecewise)
    e = Trace(mc.Norm(x) ** 2 * S * branches)
    with pytest.raises(mc.MissingRuleError, match="condition on both of their indices"):
        mc.to_index_notation(e)


def test_the_whole_of_an_index_beside_its_quotient_and_remainder():
    """A matrix times a stacked product: an index of the first is two of the others."""
    e = MatrixSymbol("D", m, n * p) * mc.Vec(S * B)
    found = mc.to_matrix_notation(mc.to_index_notation(e, i), i)
    env = random_env([e], seed=0)
    np.testing.assert_allclose(evaluate(found, env), evaluate(e, env))


def test_named_axes_come_back():
    for e, names in (
        (mc.jacobian(A * x, A), (Idx(k, m), Idx(i, m), Idx(j, n))),
        (mc.hessian(Trace(S.T * S), S), tuple(Idx(s, n) for s in (i, j, k, l))),
    ):
        assert str(mc.to_matrix_notation(mc.to_index_notation(e, names), names)) == str(e)


def test_shapes_from_bases_sums_idx_and_the_argument():
    F, g = IndexedBase("F"), IndexedBase("g")
    e = Sum(F[i, j] * g[j], (j, 0, n - 1))
    assert mc.to_matrix_notation(e, i, shapes={F: (m, n)}) == MatrixSymbol("F", m, n) * MatrixSymbol("g", n, 1)
    assert mc.to_matrix_notation(e, i, shapes={"F": (m, n)}) == mc.to_matrix_notation(e, i, shapes={i: m})
    at = Idx(i, m)
    assert mc.to_matrix_notation(e.subs(i, at), at) == MatrixSymbol("F", m, n) * MatrixSymbol("g", n, 1)
    assert mc.to_matrix_notation(Sum(F[i, j], (i, 0, m - 1), (j, 0, n - 1))) == mc.ElementSum(MatrixSymbol("F", m, n))


def test_free_indices_never_clash_with_those_of_sums():
    found = mc.to_index_notation(A * B, (k, i))
    assert str(found) == "Sum(A[k, j]*B[j, i], (j, 0, n - 1))"
    K, I_ = MatrixSymbol("k", n, n), MatrixSymbol("i", n, n)
    assert str(mc.to_index_notation(K * I_, (j, l))) == "Sum(i[p, l]*k[j, p], (p, 0, n - 1))"


F = IndexedBase("F")
ERRORS = {
    "too few indices": (lambda: mc.to_index_notation(A, i), mc.ShapeError, "an index for each axis"),
    "no index": (lambda: mc.to_index_notation(A, (i, 1.5)), mc.IndexRangeError, "must be a Symbol"),
    "an index that is not named": (lambda: mc.to_matrix_notation(F[i, j], i, shapes={F: (m, n)}), mc.IndexRangeError, "free indices j"),
    "an unknown size": (lambda: mc.to_matrix_notation(F[i, j], (i, j)), mc.ShapeError, "give `shapes="),
    "another rank": (lambda: mc.to_matrix_notation(F[i, j], (i, j), shapes={F: (m, n, p)}), mc.ShapeError, "has 2 indices"),
    "a wrong key": (lambda: mc.to_matrix_notation(F[i, j], (i, j), shapes={3: (m, n)}), mc.ArgumentError, "the key `3`"),
    "sizes that differ": (lambda: mc.to_matrix_notation(F[i, i], i, shapes={F: (m, n)}), mc.ShapeError, "different sizes"),
    "three indices at once": (
        lambda: mc.to_matrix_notation(Sum(sin(F[i, j] * F[j, k]), (j, 0, n - 1)), (i, k), shapes={F: (n, n)}),
        mc.ExpressionError,
        "no matrix notation",
    ),
}


@pytest.mark.parametrize("ask, error, text", ERRORS.values(), ids=ERRORS)
def test_errors_say_what_is_wrong(ask, error, text):
    with pytest.raises(error, match=text):
        ask()
