"""Nodes of matrices of literal sizes, 1 among them: the definition at a 1 x 1 matrix, and values of the evaluator at small ones."""

import numpy as np
import pytest
from sympy import (
    BlockDiagMatrix,
    BlockMatrix,
    DiagMatrix,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Trace,
    exp,
    log,
    sin,
    symbols,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.tensor.array.expressions import PermuteDims, Reshape

import sympy_matcalc as mc
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.testing import evaluate

a, b = MatrixSymbol("a", 1, 1), MatrixSymbol("b", 1, 1)
A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
x, row, P, q = MatrixSymbol("x", 2, 1), MatrixSymbol("row", 1, 2), MatrixSymbol("P", 2, 3), MatrixSymbol("q", 4, 1)
t = symbols("t", real=True)
EXP, LOG = Lambda(t, exp(t)), Lambda(t, log(t))
VALUES = {
    a: [[3.0]],
    b: [[4.0]],
    A: [[2.0, 0.5], [0.3, 1.0]],
    B: [[1.5, 0.2], [0.2, 1.0]],
    x: [[2.0], [5.0]],
    row: [[7.0, 11.0]],
    P: [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    q: [[0.1], [0.7], [0.5], [0.2]],
}


def value(e):
    given = [s for s in VALUES if e.has(s)]
    return np.asarray(mc.lambdify(given, e)(*(np.array(VALUES[s]) for s in given)))


@pytest.mark.parametrize(
    "e, expected",
    [
        (mc.Adjugate(a), 1),
        (mc.DuplicationMatrix(1), 1),
        (mc.HalfLower(1), 0.5),
        (mc.GeneralEigenvalue(a, 0), 3),
        (mc.RightEigenvector(a, 0), 1),
        (mc.LeftEigenvector(a, 0), 1),
        (mc.GroupResolvent(a, 0), 0),
        (mc.GeneralizedEigenvalue(a, b, 0), 0.75),
        (mc.PencilResolvent(a, b, 0), 0),
        (mc.ProductsOfOtherPairs(a), 0),
        (mc.ProductsOfOthers(a), 1),
        (mc.FrechetMatrix(EXP, a), np.exp(3)),
        (mc.FrechetMatrix(LOG, a, 2), -1 / 9),
        (mc.FrechetDerivative(LOG, a, b), 4 / 3),
        (DiagonalMatrix(a), 3),
        (DiagonalOf(a), 3),
        (DiagMatrix(a), 3),
        (mc.Gather(a, (0, 0))[1, 0], 3),
        (mc.Cholesky(b), 2),
        (mc.Eigenvalue(a, 0), 3),
        (mc.Eigenvector(a, 0) * mc.Eigenvector(a, 0).T, 1),
        (mc.ReducedResolvent(a, 0), 0),
        (mc.Eigenvalues(a), 3),
        (mc.Eigenvectors(a) * mc.Eigenvectors(a), 1),
        (mc.InverseGaps(a), 0),
        (mc.SingularValue(-a, 0), 3),
        (mc.SingularValues(-a), 3),
        (mc.LeftSingularVector(-a, 0) * mc.RightSingularVector(-a, 0).T, -1),
        (mc.LeftSingularVectors(-a) * mc.RightSingularVectors(-a).T, -1),
        (mc.PseudoInverse(b), 0.25),
        (mc.MatrixSqrt(b), 2),
        (mc.MatrixExp(a), np.exp(3)),
        (mc.LUFactorU(a), 3),
        (mc.QRFactorQ(-a) * mc.QRFactorR(-a), -3),
        (mc.Softmax(a), 1),
        (mc.RowSoftmax(a), 1),
        (mc.LogSumExp(a), 3),
        (mc.RowLogSumExp(a), 3),
        (mc.Hardmax(a), 1),
        (mc.RowMax(a), 3),
        (mc.RowProduct(a), 3),
        (mc.CumulativeSum(a), 3),
        (mc.CumulativeProduct(a), 3),
        (mc.ReverseCumulativeSum(a), 3),
        (mc.RowProductsOfOthers(a), 1),
        (mc.Norm(-a), 3),
        (mc.OneNorm(-a), 3),
        (mc.InfinityNorm(-a), 3),
        (mc.SpectralNorm(-a), 3),
        (mc.NuclearNorm(-a), 3),
        (mc.ToeplitzSums(a), 3),
        (mc.CirculantSums(a), 3),
        (mc.UpperTriangle(a), 3),
        (mc.UpperTriangle(a, 1), 0),
        (mc.Unvec(a, 1, 1), 3),
        (mc.Vec(a), 3),
        (mc.CommutationMatrix(1, 1), 1),
        (mc.MatrixUnit(1, 1, 0, 0), 1),
        (mc.DiagonalBasis(1), 1),
        (mc.EliminationMatrix(1), 1),
        (mc.Lyapunov(a, b), 4 / 6),
        (mc.Sylvester(a, b, b), 4 / 7),
        (KroneckerProduct(a, b), 12),
        (BlockMatrix([[a, b], [b, a]])[1, 0], 4),
    ],
    ids=str,
)
def test_of_one_by_one(e, expected):
    found = value(e)
    assert found.shape in ((), (1, 1)) and np.allclose(found, expected)


@pytest.mark.parametrize(
    "e",
    [
        mc.Adjugate(A),
        mc.DuplicationMatrix(2),
        mc.HalfLower(2),
        mc.GeneralEigenvalue(A, 1),
        mc.RightEigenvector(A, 0) * mc.LeftEigenvector(A, 0).T,
        mc.GroupResolvent(A, 1),
        mc.PencilResolvent(B, A * A.T, 0),
        mc.ProductsOfOtherPairs(x),
        mc.FrechetMatrix(EXP, A),
        mc.FrechetMatrix(LOG, A),
        mc.FrechetMatrix(EXP, A, 2),
        mc.FrechetMatrix(LOG, A, 2),
        mc.QuaternionRotation(q),
        DiagonalOf(row),
        DiagonalOf(x),
        DiagonalOf(P),
        DiagonalMatrix(P),
        DiagonalMatrix(A),
        HadamardProduct(DiagMatrix(x), OneMatrix(2, 1) * row),
        HadamardProduct(DiagMatrix(x), x * OneMatrix(1, 2)),
        Reshape(P, (6, 1)),
        Reshape(P, (1, 3, 2)),
        Reshape(x * OneMatrix(1, 3), (3, 2)),
        PermuteDims(Reshape(P, (1, 3, 2)), (2, 0, 1)),
        mc.Gather(P, (1, 0, 1)),
        mc.Scatter(P, (1, 2), 3),
        mc.UpperTriangle(P, 1),
        Trace(mc.Unvec(q, 2, 2) * A),
        sin(mc.Gather(P, (1, 0, 1))[2, 1]) * Identity(2),
        mc.Cholesky(B),
        mc.Eigenvalues(B),
        mc.InverseGaps(x),
        mc.InverseGaps(row.T),
        mc.ReducedResolvent(B, 1),
        mc.SingularValues(P),
        mc.LeftSingularVectors(P) * DiagMatrix(mc.SingularValues(P)),
        mc.PseudoInverse(P),
        mc.PseudoInverse(row),
        mc.MatrixSqrt(B),
        mc.LUFactorP(A) * mc.LUFactorL(A) * mc.LUFactorU(A),
        mc.QRFactorQ(P.T) * mc.QRFactorR(P.T),
        mc.Softmax(x),
        mc.Softmax(row),
        mc.RowSoftmax(P),
        mc.RowSoftmax(row),
        mc.LogSumExp(row),
        mc.RowLogSumExp(P),
        mc.RowLogSumExp(x),
        mc.Hardmax(x),
        mc.RowHardmax(P),
        mc.RowMax(P),
        mc.RowMin(row),
        mc.RowProduct(P),
        mc.RowProduct(x),
        mc.CumulativeSum(P),
        mc.CumulativeSum(row),
        mc.CumulativeProduct(x),
        mc.CumulativeProduct(row),
        mc.ReverseCumulativeSum(x),
        mc.ProductsOfOthers(P),
        mc.ProductsOfOthers(row),
        mc.RowProductsOfOthers(P),
        mc.RowProductsOfOthers(x),
        mc.OneNorm(P),
        mc.InfinityNorm(P),
        mc.OneNorm(row),
        mc.InfinityNorm(row),
        mc.ToeplitzSums(P),
        mc.ToeplitzMeans(row),
        mc.HankelSums(P),
        mc.CirculantSums(A),
        mc.ToeplitzBasis(2, 3),
        mc.HankelBasis(2, 3),
        mc.CirculantBasis(2),
        mc.TridiagonalBasis(2),
        mc.SkewBasis(2),
        mc.UpperBasis(2),
        mc.EliminationMatrix(2),
        mc.CommutationMatrix(2, 3),
        mc.CommutationMatrix(1, 3),
        mc.MatrixUnit(2, 3, 1, 2),
        mc.MatrixUnit(1, 3, 0, 2),
        mc.MatrixUnit(2, 1, 1, 0),
        mc.Lyapunov(A, B),
        mc.Sylvester(A, B, B),
        mc.Unvec(q, 2, 2),
        mc.Unvec(q, 1, 4),
        mc.Vec(P),
        mc.Vec(row),
        KroneckerProduct(a, P),
        KroneckerProduct(row, x),
        KroneckerProduct(P, a, x),
        BlockMatrix([[A, x], [row, a]]),
        BlockDiagMatrix(A, a),
        BlockDiagMatrix(row, x),
        Trace(P * P.T),
        Trace(x * row),
        P[0, :],
        P[:, 1:],
        P[1:, 1:3:2],
        q[::2, :],
        (P.T * A)[1:, :],
        P[1, 2] * row,
    ],
    ids=str,
)
def test_of_small_ones(e):
    expected = np.asarray(evaluate(e, {s: np.array(v) for s, v in VALUES.items()}))
    expected = expected.reshape(()) if expected.size == 1 else expected
    found = value(e)
    assert found.shape == expected.shape and np.allclose(found, expected)
    ctx = Lowerer()
    node = ctx.dense(ctx.low(e), shape_of(e)).node
    assert node.shape == tuple(s for s in expected.shape if s != 1)  # which prices are made of


def test_a_slice_that_ends_between_two_steps():
    """SymPy takes P[:, ::2] for one column, NumPy for two."""
    for e in (P[:, ::2], P[1:, ::2], Identity(3)[::2, :] * P.T):
        with pytest.raises(mc.ShapeError, match="in steps of 2: SymPy rounds its length down"):
            mc.lambdify([P], e)
