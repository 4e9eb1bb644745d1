"""Every row of the table of linear operators: it is linear in what it says, and its cotangents pass to the adjoint."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Add, Expr, Integer, MatrixExpr, Mul, Piecewise, Sum, Symbol, Trace, cos, exp, sin, symbols
from sympy.matrices import ImmutableDenseMatrix, ImmutableSparseMatrix
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.adjoint.declare import DERIVED
from sympy_matcalc.adjoint.entries import through_diagonal_of
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.linearity import LINEAR
from sympy_matcalc.rules.degree import degree
from sympy_matcalc.testing import check_rule, evaluate, random_env

m, n = symbols("m n", integer=True, positive=True)
i = Symbol("i", integer=True, nonnegative=True)
t = Symbol("t", real=True)
X, A, B, C = MatrixSymbol("X", m, n), MatrixSymbol("A", n, m), MatrixSymbol("B", m, n), MatrixSymbol("C", n, n)
S = MatrixSymbol("S", n, n)
x, v = MatrixSymbol("x", n, 1), MatrixSymbol("v", m * n, 1)
X22 = MatrixSymbol("Y", 2, 2)
contraction = mc.Einsum((n, m), mc.EinsumTerm(t, (n, m), ((0,), (1,)), [(X, (1,), (0,)), (B, (1,), (0,))]))

x3, y3 = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1)

ROWS = {  # class -> (a node that is linear in the variable, the variable)
    MatAdd: (2 * X + B, X),
    Add: (Trace(A * X) + 3 * Trace(C.T * A * X), X),
    MatMul: (A * X * C, X),
    Mul: (t * Trace(A * X), X),
    Transpose: (X.T, X),
    Trace: (Trace(S), S),
    HadamardProduct: (HadamardProduct(B, X), X),
    MatrixElement: (MatrixElement(X, 0, i), X),
    DiagMatrix: (DiagMatrix(x), x),
    DiagonalOf: (DiagonalOf(S), S),
    DiagonalMatrix: (DiagonalMatrix(S), S),
    KroneckerProduct: (KroneckerProduct(B, X, C), X),
    mc.Vec: (mc.Vec(X), X),
    mc.Unvec: (mc.Unvec(v, m, n), v),
    MatrixSlice: (MatrixSlice(X22, (0, 2), (1, 2)), X22),
    BlockMatrix: (BlockMatrix([[S, C], [ZeroMatrix(n, n), 2 * S]]), S),
    ImmutableDenseMatrix: (ImmutableDenseMatrix([[X22[0, 1], 2], [t, Trace(X22)]]), X22),
    ImmutableSparseMatrix: (ImmutableSparseMatrix([[0, X22[1, 0]]]), X22),
    Piecewise: (Piecewise((Trace(S), t > 0), (Trace(C * S), t > -1), (0, True)), S),
    mc.MatrixSum: (mc.MatrixSum(i * X, (i, 1, 3)), X),
    Sum: (Sum(i * Trace(A * X), (i, 1, 3)), X),
    mc.Einsum: (contraction, X),
    mc.CumulativeSum: (mc.CumulativeSum(X), X),
    mc.ToeplitzSums: (mc.ToeplitzSums(X), X),
    mc.ToeplitzMeans: (mc.ToeplitzMeans(X), X),
    mc.HankelSums: (mc.HankelSums(X), X),
    mc.HankelMeans: (mc.HankelMeans(X), X),
    mc.CirculantSums: (mc.CirculantSums(S), S),
    mc.ReverseCumulativeSum: (mc.ReverseCumulativeSum(X), X),
    mc.CrossProduct: (mc.CrossProduct(x3, y3), x3),
    mc.SkewMatrix: (mc.SkewMatrix(x3), x3),
    mc.Gather: (mc.Gather(MatrixSymbol("Z", 4, n), [2, 0, 0]), MatrixSymbol("Z", 4, n)),
    mc.Scatter: (mc.Scatter(MatrixSymbol("Z", 3, n), [2, 0, 0], 5), MatrixSymbol("Z", 3, n)),
    mc.Sylvester: (mc.Sylvester(A * A.T + Identity(n), C * C.T + Identity(n), S), S),
    mc.Lyapunov: (mc.Lyapunov(A * A.T + Identity(n), S), S),
    mc.DiscreteLyapunov: (mc.DiscreteLyapunov(C, S), S),
    mc.UnknownMatrixDerivative: (mc.differential(mc.function("F", (m, n))(C), C), MatrixSymbol("dC", n, n)),
    mc.UpperTriangle: (mc.UpperTriangle(X, -1), X),
    mc.LowerTriangle: (mc.LowerTriangle(X), X),
    mc.FrechetDerivative: (mc.FrechetDerivative(exp, C, S), S),
}


def test_every_row_has_a_case():
    assert set(LINEAR) - set(DERIVED) == set(ROWS)


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("at_one", [None, m, n], ids=str)
def test_cotangents_pass_to_the_adjoint(cls, at_one):
    """<W, dL(E)> = <L*(W), E>, the left side by differences of the primal, which are exact for what is linear."""
    node, variable = ROWS[cls]
    W = MatrixSymbol("W", *node.shape) if getattr(node, "shape", ()) else Symbol("W", real=True)
    found = mc.vjp(node, variable, W)
    for seed in range(2):
        env = random_env([node, variable, W, found], seed, {} if at_one is None else {at_one: 1})
        e = np.random.default_rng(seed).normal(size=np.shape(env[variable]))
        moved = np.asarray(evaluate(node, {**env, variable: env[variable] + e})) - np.asarray(evaluate(node, env))
        assert np.vdot(env[W], moved) == pytest.approx(np.vdot(evaluate(found, env), e), rel=1e-9, abs=1e-9)


AFFINE = (MatAdd, BlockMatrix, ImmutableDenseMatrix)  # whose case has a constant beside the variable


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.__name__)
def test_degrees(cls):
    node, variable = ROWS[cls]
    with session():
        assert degree(node, [MatrixSymbol("other", n, n)]) == 0
        assert degree(node, [variable]) == (None if cls in AFFINE else 1)


@pytest.mark.parametrize(
    "node", [MatrixElement(X, 0, i), MatrixSlice(X, (0, i), (0, n)), mc.MatrixSum(X, (t, 1, i)), Sum(Trace(S), (t, 1, i))]
)
def test_what_is_fixed_is_no_part(node):
    """An index, a bound: an expression is no form in them."""
    with session():
        assert degree(node, [i]) is None


class Gated(Expr):
    """tr(C A) where t > 0, 2 tr(A) where it is not but above -1, else 0: a user's node whose differential is by cases."""

    is_commutative = True


@mc.rule(Gated)
def d_gated(node, d):
    """By the same cases."""
    s, a = node.args
    return Piecewise((Trace(C * d(a)), s > 0), (2 * Trace(d(a)), s > -1), (0, True))


class Picked(MatrixExpr):
    """((tr A, 0, tr C), (A_01, 3 tr A, 0)), a user's node whose differential is an explicit matrix."""

    shape = (Integer(2), Integer(3))


@mc.rule(Picked)
def d_picked(node, d):
    """Entry by entry."""
    da = d(node.args[0])
    return ImmutableDenseMatrix([[Trace(da), 0, 0], [da[0, 1], 3 * Trace(da), 0]])


def test_a_differential_by_cases():
    found = "Piecewise((1, t > 0), (0, True))*C.T + 2*Piecewise((0, t > 0), (1, t > -1), (0, True))*I"
    assert str(mc.gradient(Gated(t, S), S)) == found


def test_a_differential_that_is_an_explicit_matrix():
    W = MatrixSymbol("W", 3, 2)
    assert str(mc.gradient(Trace(W * Picked(S)), S)) == "W[0, 1]*unit(n, n, 0, 1) + (W[0, 0] + 3*W[1, 1])*I"


# ---- sums over an index whose name is used around them


def powers(index, base, last=3):
    """sum_i sin(i + 1) base^i, entry by entry."""
    return mc.MatrixSum(sin(index + 1) * HadamardPower(base, index), (index, 0, last))


def test_a_sum_inside_a_sum_over_the_same_index():
    inner = powers(i, x)
    e = Trace(OneMatrix(1, n) * mc.MatrixSum(cos(i) * HadamardPower(inner, i), (i, 0, 2)))
    found = check_rule(e, x)
    assert {str(lim[0]) for s in found.atoms(mc.MatrixSum) for lim in s.limits} >= {"i", "_i"}


def test_an_index_that_stands_for_something_else_beside_its_sum():
    for beside in (cos(i), OneMatrix(n, 1)[0, 0] * x[i, 0]):
        with pytest.raises(mc.MissingRuleError, match="^`i` is the index of a sum and stands for something else beside it"):
            mc.gradient(beside * Trace(OneMatrix(1, n) * powers(i, x)), x)
    j = Symbol("j", integer=True, nonnegative=True)
    check_rule(Trace(OneMatrix(1, n) * mc.MatrixSum(cos(j) * HadamardPower(powers(i, x), j), (j, 0, 2))), x)


def test_a_long_way_down_from_a_number():
    """Cotangents that are vectors are added up where several paths meet."""
    y = x
    for _ in range(5):
        y = (C * y).applyfunc(sin) + y
    check_rule(Trace(OneMatrix(1, n) * y), x, trials=1)


def test_the_diagonal_of_a_matrix_of_unknown_sizes():
    tall, wide = MatrixSymbol("T", n + 1, n), MatrixSymbol("U", n, n + 2)
    for a in (tall, wide):
        check_rule(DiagonalOf(a), a, trials=1)
    with session(), pytest.raises(mc.MissingRuleError, match="the diagonal of a m x n matrix is as long as the smaller"):
        through_diagonal_of(DiagonalOf(X), SimpleNamespace(hole=((), ())), None)


def test_rows_that_are_scattered():
    a = MatrixSymbol("P", 2, 3)
    check_rule(mc.Scatter(a, (3, 0), 5), a)
