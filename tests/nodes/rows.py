"""One row a node of the package at least: class -> (expression of it, domain of the random data), on distinct sizes.

`test_every_node` reads this table, and fails where a node has no row.
"""

from sympy import DiagMatrix, Function, Lambda, MatrixSymbol, Rational, Symbol, Trace, exp, oo, symbols, tanh
from sympy import log as ln
from sympy.tensor.array.expressions import ArraySymbol

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t, u = Symbol("t", real=True), Symbol("u", real=True)
X, S, E, F = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n), MatrixSymbol("E", n, n), MatrixSymbol("F", n, n)
x, v = MatrixSymbol("x", n, 1), MatrixSymbol("v", m * n, 1)
SIMPLE, SPD, FULL = {S: "simple_spectrum"}, {S: "spd"}, {X: "fullrank"}

q4 = MatrixSymbol("q", 4, 1)
x3, y3 = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1)

Z = MatrixSymbol("Z", 4, n)

R, R2, y, ONE = MatrixSymbol("R", m, m), MatrixSymbol("Q", m, m), MatrixSymbol("y", m, 1), MatrixSymbol("r", 1, 1)

unknown_f, unknown_F = mc.function("f"), mc.function("F", (m, n))
ROWS = {
    mc.Sigmoid: [(mc.Sigmoid(t), {}), (mc.Sigmoid(X), {})],
    mc.Softplus: [(mc.Softplus(t), {}), (mc.Softplus(X), {})],
    mc.Relu: [(mc.Relu(t), {}), (mc.Relu(X), {})],
    mc.Clip: [(mc.Clip(t, -1, Rational(1, 2)), {}), (mc.Clip(X, 0, u), {u: "positive"})],
    mc.Huber: [(mc.Huber(t), {}), (mc.Huber(X, u), {u: "positive"})],
    mc.Softmax: [(mc.Softmax(x), {})],
    mc.LogSumExp: [(mc.LogSumExp(x), {})],
    mc.RowSoftmax: [(mc.Softmax(X, axis=1), {}), (mc.Softmax(S * X.T, axis=0), {})],
    mc.RowLogSumExp: [(mc.LogSumExp(X, axis=1), {}), (mc.LogSumExp(X, axis=0), {})],
    mc.ElementMax: [(mc.ElementMax(X), {}), (mc.ElementMax(X * x), {})],
    mc.ElementMin: [(mc.ElementMin(X), {}), (mc.ElementMin(x), {})],
    mc.RowMax: [(mc.RowMax(X), {}), (mc.RowMax(S * X.T).T, {})],
    mc.RowMin: [(mc.RowMin(X), {})],
    mc.Hardmax: [(mc.Hardmax(X), {}), (mc.Hardmax(x), {})],
    mc.RowHardmax: [(mc.RowHardmax(X), {})],
    mc.UpperTriangle: [(mc.UpperTriangle(X), {}), (mc.UpperTriangle(S * X.T, 1), {}), (mc.UpperTriangle(X, -1), {})],
    mc.LowerTriangle: [(mc.LowerTriangle(X), {}), (mc.LowerTriangle(X, 1), {}), (mc.LowerTriangle(x), {})],
    mc.ToeplitzSums: [(mc.ToeplitzSums(X), {}), (mc.ToeplitzSums(S * X.T), {})],
    mc.ToeplitzMeans: [(mc.ToeplitzMeans(X), {}), (mc.ToeplitzMeans(x), {})],
    mc.HankelSums: [(mc.HankelSums(X), {}), (mc.HankelSums(S * X.T), {})],
    mc.HankelMeans: [(mc.HankelMeans(X), {}), (mc.HankelMeans(X.T), {})],
    mc.CirculantSums: [(mc.CirculantSums(S), {}), (mc.CirculantSums(S * E.T), {})],
    mc.EliminationMatrix: [(mc.EliminationMatrix(n), {})],
    mc.SkewBasis: [(mc.SkewBasis(n), {})],
    mc.DiagonalBasis: [(mc.DiagonalBasis(n), {})],
    mc.UpperBasis: [(mc.UpperBasis(n), {})],
    mc.StrictlyLowerBasis: [(mc.StrictlyLowerBasis(n), {})],
    mc.StrictlyUpperBasis: [(mc.StrictlyUpperBasis(n), {})],
    mc.ToeplitzBasis: [(mc.ToeplitzBasis(m, n), {})],
    mc.CirculantBasis: [(mc.CirculantBasis(n), {})],
    mc.HankelBasis: [(mc.HankelBasis(m, n), {})],
    mc.TridiagonalBasis: [(mc.TridiagonalBasis(n), {})],
    mc.Norm: [(mc.Norm(X), {}), (mc.Norm(x, 1), {}), (mc.Norm(X, oo), {}), (mc.Norm(x, 3), {})],
    mc.OneNorm: [(mc.OneNorm(X), {}), (mc.OneNorm(x), {})],
    mc.InfinityNorm: [(mc.InfinityNorm(X), {}), (mc.InfinityNorm(S * X.T), {})],
    mc.LogAbsDeterminant: [(mc.LogAbsDeterminant(S), {S: "negdet"})],
    mc.ElementProduct: [(mc.ElementProduct(X), {}), (mc.ElementProduct(x), {})],
    mc.RowProduct: [(mc.RowProduct(X), {})],
    mc.ProductsOfOthers: [(mc.ProductsOfOthers(X), {}), (mc.ProductsOfOthers(x), {})],
    mc.RowProductsOfOthers: [(mc.RowProductsOfOthers(X), {})],
    mc.ProductsOfOtherPairs: [(mc.ProductsOfOtherPairs(x), {})],
    mc.CumulativeProduct: [(mc.CumulativeProduct(x), {})],
    mc.CumulativeSum: [(mc.CumulativeSum(X), {}), (mc.CumulativeSum(x), {})],
    mc.ReverseCumulativeSum: [(mc.ReverseCumulativeSum(X), {}), (mc.ReverseCumulativeSum(x), {})],
    mc.CrossProduct: [(mc.CrossProduct(x3, y3), {}), (mc.CrossProduct(x3, mc.CrossProduct(x3, y3)), {})],
    mc.Stumpff: [(mc.Stumpff(x3, 2), {}), (mc.Stumpff(3 * x3, 5), {})],
    mc.RightJacobian: [(mc.RightJacobian(x3), {}), (mc.RightJacobian(2 * mc.CrossProduct(x3, y3)), {})],
    mc.QuaternionRotation: [(mc.QuaternionRotation(q4), {}), (mc.QuaternionRotation(2 * q4).T * x3, {})],
    mc.SkewMatrix: [(mc.SkewMatrix(x3), {})],
    mc.Gather: [(mc.Gather(Z, [2, 0, 0]), {}), (mc.Gather(Z * x, [1, 3]), {})],
    mc.Scatter: [(mc.Scatter(Z, [1, 4, 4, 0], 6), {}), (mc.Scatter(Z * x, [1, 4, 4, 0], 6).T, {})],
    mc.QRFactorQ: [(mc.QRFactorQ(X), FULL)],
    mc.QRFactorR: [(mc.QRFactorR(X), FULL)],
    mc.LUFactorP: [(mc.LUFactorP(S), {S: "invertible"})],
    mc.LUFactorL: [(mc.LUFactorL(S), {S: "invertible"})],
    mc.LUFactorU: [(mc.LUFactorU(S), {S: "invertible"})],
    mc.Sylvester: [(mc.Sylvester(R, S, X), {S: "logdomain", R: "logdomain"})],
    mc.Lyapunov: [(mc.Lyapunov(S, E), {S: "logdomain"})],
    mc.DiscreteLyapunov: [(mc.DiscreteLyapunov(S, E), {S: "small"}), (mc.DiscreteLyapunov(S, x * x.T), {S: "small"})],
    mc.Riccati: [(mc.Riccati(R, X, X * X.T, S), {S: "spd"}), (mc.Riccati(R, y, R2, ONE), {R2: "spd", ONE: "spd"})],
    mc.DiscreteRiccati: [(mc.DiscreteRiccati(R, X, X * X.T, S), {S: "spd", R: "invertible"})],
    mc.SpectralNorm: [(mc.SpectralNorm(X), FULL)],
    mc.NuclearNorm: [(mc.NuclearNorm(X), FULL)],
    mc.ElementSum: [(mc.ElementSum(X), {})],
    mc.Mean: [(mc.Mean(X), {})],
    mc.RowSum: [(mc.RowSum(X), {})],
    mc.Vec: [(mc.Vec(X), {})],
    mc.Unvec: [(mc.Unvec(v, m, n), {})],
    mc.CommutationMatrix: [(mc.CommutationMatrix(m, n), {})],
    mc.DuplicationMatrix: [(mc.DuplicationMatrix(n), {})],
    mc.MatrixUnit: [(mc.MatrixUnit(m, n, i, j), {i: "index:m", j: "index:n"})],
    mc.MatrixExp: [(mc.MatrixExp(S), {S: "small"})],
    mc.MatrixLog: [(mc.MatrixLog(S), {S: "logdomain"})],
    mc.MatrixSqrt: [(mc.MatrixSqrt(S), {S: "logdomain"})],
    mc.MatrixSin: [(mc.MatrixSin(S), {S: "small"})],
    mc.MatrixCos: [(mc.MatrixCos(S), {S: "small"})],
    mc.MatrixFunction: [(mc.MatrixFunction(tanh, S), {S: "small"}), (mc.MatrixFunction(Lambda(u, u / (2 + u)), S), {S: "small"})],
    mc.FrechetDerivative: [(mc.FrechetDerivative(exp, S, E), {S: "small"}), (mc.FrechetDerivative(ln, S, E, F), {S: "logdomain"})],
    mc.FrechetMatrix: [(mc.FrechetMatrix(exp, S), {S: "small"}), (mc.FrechetMatrix(tanh, S, E), {S: "small"})],
    mc.PseudoInverse: [(mc.PseudoInverse(X), FULL)],
    mc.Adjugate: [(mc.Adjugate(S), {})],
    mc.Cholesky: [(mc.Cholesky(S), SPD)],
    mc.HalfLower: [(mc.HalfLower(n), {})],
    mc.Eigenvalue: [(mc.Eigenvalue(S, i), {**SIMPLE, i: "index:n"})],
    mc.Eigenvector: [(mc.Eigenvector(S, 0) * mc.Eigenvector(S, 0).T, SIMPLE)],  # whose sign is free
    mc.ReducedResolvent: [(mc.ReducedResolvent(S, 0), SIMPLE)],
    mc.GeneralizedEigenvalue: [(mc.GeneralizedEigenvalue(S, E, i), {S: "symmetric", E: "spd", i: "index:n"})],
    mc.GeneralizedEigenvector: [
        (mc.GeneralizedEigenvector(S, E, 0) * mc.GeneralizedEigenvector(S, E, 0).T, {S: "simple_spectrum", E: "spd"})
    ],
    mc.PencilResolvent: [(mc.PencilResolvent(S, E, 0), {S: "simple_spectrum", E: "spd"})],
    mc.GeneralEigenvalue: [(mc.GeneralEigenvalue(S, i), {S: "real_spectrum", i: "index:n"})],
    mc.RightEigenvector: [(mc.RightEigenvector(S, 0) * mc.RightEigenvector(S, 0).T, {S: "real_spectrum"})],
    mc.LeftEigenvector: [(mc.LeftEigenvector(S, 0) * mc.LeftEigenvector(S, 0).T, {S: "real_spectrum"})],
    mc.GroupResolvent: [(mc.GroupResolvent(S, 0), {S: "real_spectrum"})],
    mc.Eigenvalues: [(mc.Eigenvalues(S), SIMPLE)],
    mc.Eigenvectors: [(mc.Eigenvectors(S) * DiagMatrix(x) * mc.Eigenvectors(S).T, SIMPLE)],
    mc.SingularValues: [(mc.SingularValues(X), FULL)],
    mc.LeftSingularVectors: [(mc.LeftSingularVectors(X) * mc.LeftSingularVectors(X).T, FULL)],
    mc.RightSingularVectors: [(mc.RightSingularVectors(X) * mc.RightSingularVectors(X).T, FULL)],
    mc.InverseGaps: [(mc.InverseGaps(x), {x: "distinct_abs"})],
    mc.EigenvalueSum: [(mc.EigenvalueSum(S), {})],
    mc.EigenvalueProduct: [(mc.EigenvalueProduct(S), {S: "invertible"})],
    mc.SingularValue: [(mc.SingularValue(X, 0), FULL)],
    mc.LeftSingularVector: [(mc.LeftSingularVector(X, 0) * mc.LeftSingularVector(X, 0).T, FULL)],
    mc.RightSingularVector: [(mc.RightSingularVector(X, 0) * mc.RightSingularVector(X, 0).T, FULL)],
    mc.AsMatrix: [(mc.AsMatrix(ArraySymbol("A", (m, n))), {})],
    mc.FunctionDerivative: [(mc.FunctionDerivative.of(Function("f"), [1, 0], (t, mc.Norm(x))), {})],
    mc.UnknownScalar: [(unknown_f(X, t), {})],
    mc.UnknownMatrix: [(unknown_F(X), {}), (unknown_F(t, x), {})],
    mc.UnknownScalarDerivative: [(mc.diff(unknown_f(t, x), t), {}), (mc.diff(unknown_f(t), t, 2), {})],
    mc.UnknownMatrixDerivative: [
        (mc.diff(unknown_F(t), t), {}),
        (mc.gradient(unknown_f(X), X), {}),
        (mc.hessian(unknown_f(x), x), {}),
        (mc.hessian(unknown_f(x, v), v, x), {}),
        (mc.differential(unknown_F(X), X), {}),
        (mc.gradient(Trace(X.T * unknown_F(S)), S), {}),
        (mc.jacobian(unknown_F(X), X, form="vec"), {}),
    ],
    mc.MatrixSum: [(mc.MatrixSum(S**i * E, (i, 0, 2)), {S: "small"})],
    mc.EinsumScalar: [(mc.Einsum((), mc.EinsumTerm(2, (m, n), (), [(X, (0,), (1,)), (x, (1,), ())])), {})],
    mc.EinsumMatrix: [(mc.Einsum((n,), mc.EinsumTerm(2, (m, n), ((1,),), [(X, (0,), (1,)), (x, (1,), ())])), {})],
    mc.EinsumArray: [(mc.Einsum((m, n, n), mc.EinsumTerm(1, (m, n), ((0,), (1,), (1,)), [(X, (0,), (1,))])), {})],
}
