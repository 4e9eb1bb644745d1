"""Which nodes may stand in a complex expression, and what they are there: the one table of that.

A node of `HOLOMORPHIC` is a complex differentiable function of its arguments with real coefficients, so that its conjugate is the same
function of the conjugates; so is a scalar function of `FUNCTIONS`, off its branch cut.
"""

from sympy import (
    Add,
    DotProduct,
    Mul,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    digamma,
    erf,
    erfc,
    erfi,
    exp,
    gamma,
    polygamma,
    sec,
    sech,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.matrices.expressions import (
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    Trace,
    Transpose,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.permutation import MatrixPermute

from .. import nodes
from ..canonical.functions import BRANCHED
from ..nodes.matrix_functions import AnalyticFunction

RAW = (
    *(MatAdd, MatMul, Transpose, Inverse, MatPow, HadamardProduct, HadamardPower, KroneckerProduct, Trace, Determinant),
    *(DiagonalMatrix, MatrixSlice, MatrixPermute),
)  # built without SymPy's evaluation, which would spread transposes out
HOLOMORPHIC = (
    *RAW,
    *(Add, Mul, BlockMatrix, BlockDiagMatrix, DiagMatrix, DiagonalOf, DotProduct),
    *(nodes.ElementSum, nodes.Mean, nodes.RowSum, nodes.EigenvalueSum, nodes.EigenvalueProduct, nodes.Vec, nodes.Unvec),
    *(nodes.ElementProduct, nodes.RowProduct, nodes.ProductsOfOthers, nodes.RowProductsOfOthers, nodes.ProductsOfOtherPairs),
    *(nodes.CumulativeSum, nodes.ReverseCumulativeSum, nodes.CumulativeProduct, nodes.LowerTriangle, nodes.UpperTriangle),
    *(nodes.CrossProduct, nodes.SkewMatrix, nodes.Gather, nodes.Scatter, nodes.Adjugate, nodes.Sylvester),
    *(nodes.LogSumExp, nodes.Softmax),
)
MATRIX_FUNCTIONS = (AnalyticFunction, nodes.MatrixFunction, nodes.FrechetDerivative, nodes.FrechetMatrix)
ENTIRE = (exp, sin, cos, tan, cot, sec, csc, sinh, cosh, tanh, coth, sech, csch, erf, erfc, erfi, gamma, digamma, polygamma)
FUNCTIONS = (*ENTIRE, *BRANCHED)

INSTEAD = {  # why a node is refused, and what to write
    nodes.SpectralNorm: "its derivative takes real singular vectors",
    nodes.OneNorm: "it has no formula here; write it by absolute values of entries",
    nodes.InfinityNorm: "it has no formula here; write it by absolute values of entries",
    nodes.PseudoInverse: "it is not analytic; of full column rank it is `(Adjoint(A)*A).I*Adjoint(A)`",
    nodes.Lyapunov: "it is `A X + X A.T = Q` here; write `Sylvester(A, Adjoint(A), Q)` for `A X + X A^H = Q`",
    nodes.DiscreteLyapunov: "it is `X = A X A.T + Q` here, with a transpose and no conjugate",
    nodes.Cholesky: "its derivative is that of real matrices",
}
