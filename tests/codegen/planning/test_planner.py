"""What the planner promises, each time with the value; the first part is what was once wrong."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from sympy import (
    BlockMatrix,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Sum,
    Trace,
    exp,
    floor,
    log,
    symbols,
    tanh,
)
from sympy.matrices.expressions.determinant import Determinant
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.tensor.array.expressions import ArrayAdd, ArrayContraction, ArrayDiagonal, ArrayTensorProduct

from sympy_matcalc import RowSoftmax, UpperTriangle, hessian
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.planner import Planner
from sympy_matcalc.nodes import MatrixSum
from sympy_matcalc.testing import evaluate

from ...counting import products

m, n, k = symbols("m n k", integer=True, positive=True)
t, s = symbols("t s", positive=True)
i = symbols("i", integer=True)
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
X, Y, U = MatrixSymbol("X", m, k), MatrixSymbol("Y", m, n), MatrixSymbol("U", m, k)
V, T = MatrixSymbol("V", n, k), MatrixSymbol("T", m, n)
x, y, d = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("d", m, 1)
RNG = np.random.default_rng(0)
I, J = Identity(n), OneMatrix(n, n)
SHAPES = ((40, 3, 5), (2, 17, 40), (6, 6, 6), (1, 1, 1), (30, 20, 2))
SMALL = ((2, 3, 4), (3, 1, 2), (1, 4, 1))


def agrees(*exprs, shapes=SHAPES):
    """The source, once the values are those of the evaluator at all these sizes m, n, k."""
    args = [*sorted({M for e in exprs for M in e.atoms(MatrixSymbol)}, key=str), t, s]
    f = lambdify(args, list(exprs))
    for sizes in shapes:
        rng, env = np.random.default_rng(0), dict(zip((m, n, k), sizes, strict=True)) | {t: 1.3, s: 0.7}
        number = {a: b for a, b in env.items() if a in (m, n, k)}
        for M in args[:-2]:
            rows, columns = (int(a.subs(number)) for a in M.shape)
            env[M] = rng.standard_normal((rows, columns)) / columns**0.5 + (2 * np.eye(rows) if M.rows == M.cols else 0)
        for expr, value in zip(exprs, f(*(env[a] for a in args)), strict=True):
            expected = np.asarray(evaluate(expr, env))
            expected = expected.reshape(()) if all(a == 1 for a in getattr(expr, "shape", ())) else expected
            assert np.shape(value) == expected.shape
            np.testing.assert_allclose(
                value, expected, rtol=1e-8, atol=1e-8 * max(1, np.abs(expected).max(initial=0)), err_msg=f"{expr} at {sizes}"
            )
    return f.source[f.source.index("def compute") :]


# ---- once wrong
def test_no_push_through_past_a_diagonal():
    agrees(Inverse(t * Identity(m) + X * X.T) * DiagMatrix(d) * X)
    agrees(ArrayDiagonal(ArrayTensorProduct(Inverse(t * Identity(m) + X * X.T), X, X), (1, 2, 4)), shapes=SMALL)


def test_a_chain_passes_each_index_once():
    """``A_ij B_ji C_ik`` goes through the same matrices as A B C."""
    agrees(DiagMatrix(DiagonalOf(A * B)) * C, A * B * C)
    agrees(A * B * C * D, A * DiagMatrix(DiagonalOf(B * C)) * D)


def test_a_scalar_counts_once_in_a_sum_of_outer_products():
    agrees(ArrayAdd(ArrayContraction(ArrayTensorProduct(A, B, C, D), (4, 6), (5, 7)), ArrayTensorProduct(C, D)), shapes=SMALL[:2])


def test_a_sum_of_outer_products_with_a_constant_axis():
    agrees(ArrayAdd(ArrayTensorProduct(A, x * OneMatrix(n, 1).T), ArrayTensorProduct(C, D)), shapes=SMALL)


def test_a_power_is_symmetric_only_where_the_exponent_is():
    power = HadamardPower(HadamardPower(A, 2) * HadamardPower(A, 2).T, B)
    agrees(power.T * C, power * C, Inverse(power.T + t * I) * x)


@pytest.mark.parametrize("rest", (OneMatrix(n, 1) * x.T, x * OneMatrix(1, n), I, DiagMatrix(x), J, t * J), ids=str)
def test_a_sum_of_which_all_that_has_every_axis_cancels(rest):
    agrees(MatMul(A + B, C) - A * C - B * C + rest)
    agrees((MatMul(A + B, C) - A * C - B * C + rest) * x, D * (MatMul(A + B, C) - A * C - B * C + rest))


def test_the_negative_of_a_sum_with_a_negative_vector():
    agrees(A * (MatMul(I + J, Y.T) - Y.T - J * Y.T), A * (B - x * x.T - OneMatrix(n, 1) * y.T))


def test_a_factor_that_broadcasts_has_its_full_size():
    spread = Y * J
    both = HadamardProduct(spread, T)
    agrees(MatMul(both + spread, A) - both * A - 2 * spread * A)
    agrees(MatMul(both + spread, Inverse(A), B) - both * Inverse(A) * B - 2 * spread * Inverse(A) * B)


def test_a_row_has_two_axes_where_that_is_needed():
    agrees(KroneckerProduct(MatMul(x.T + y.T, A) - y.T, HadamardProduct(A, B)), shapes=SMALL)


def test_sizes_that_code_cannot_compare():
    part = X[:, : k // 2]
    agrees(Inverse(t * Identity(m) + part * part.T) * part, shapes=((40, 3, 6), (6, 6, 6), (2, 2, 40), (30, 2, 4)))


def test_a_diagonal_in_a_sum_with_more_axes():
    """``delta_jl (s I + s B)_ik - s delta_jl B_ik`` and a tensor to which a shifted matrix is added."""
    agrees(hessian(Trace(A.T * MatMul(I + B, A)) - Trace(A.T * B * A) + s * Trace(A.T * C * A), A), shapes=SMALL)
    agrees(hessian(s * Trace(A.T * MatMul(I + B, A)) - Trace(A.T * A) - s * Trace(A.T * B * A), A), B, shapes=SMALL)
    shifted, ones = MatMul(A + s * I, I + B), OneMatrix(n, n)
    agrees(ArrayAdd(ArrayTensorProduct(A, B), ArrayTensorProduct(ones, A + s * I)), shapes=SMALL)
    agrees(ArrayAdd(ArrayTensorProduct(A, B), ArrayTensorProduct(A + s * I, ones), ArrayTensorProduct(ones, shifted)), shapes=SMALL)


# ---- promises
def test_no_sum_of_matrices_for_a_product_with_a_vector():
    assert "_with_turned" not in agrees((A + A.T) * x)
    assert products(agrees((A + A.T) * B * C)) == 2
    assert products(agrees(A.T * B + A * B)) == 1


def test_multiplied_out_where_sizes_tell():
    source = agrees((U * V.T - T) * V)
    assert "8 * k <= " in source
    assert source.count("V.T.dot(V)") == 1


def test_one_factorisation_for_all_uses():
    assert agrees(Inverse(A) * B, Inverse(A) * x, Inverse(A).T * y, log(Determinant(A)) * x).count("_factor(") == 1


def test_a_weighted_gram_matrix():
    assert "_weighted_gram(" in agrees(Y.T * DiagMatrix(d) * Y)
    assert "sqrt" in agrees(Y.T * DiagMatrix(d.applyfunc(exp)) * Y)


def test_narrow_gram_matrices_of_a_stack_by_one_product():
    """For each column of T one of k x k, with its entries as weights: a product with all products of two columns of U, which half are."""
    source = lambdify(
        [U, T], hessian((OneMatrix(1, m) * HadamardProduct(T.applyfunc(exp), HadamardPower(U * V.T, 2)) * OneMatrix(n, 1)), V)
    ).source
    assert "_second_moments(U, " in source


def test_push_through_under_its_condition():
    assert "if k <= m" in agrees(Inverse(t * Identity(m) + X * X.T) * X)
    agrees(X.T * Inverse(t * Identity(m) + X * X.T), X.T * Inverse(t * Identity(m) + X * DiagMatrix(MatrixSymbol("w", k, 1)) * X.T) * Y)


def test_nothing_dense_for_identities_and_selectors():
    half = I[: n // 2, :]
    source = agrees(
        (A + t * I) * x,
        Trace(A * (B + I)),
        half * A,
        half.T * half + A,
        half.T * DiagMatrix(x[: n // 2, :]) * half + A,
        shapes=((2, 6, 2), (2, 17, 2), (2, 2, 2)),
    )
    assert "eye(" not in source


@pytest.mark.parametrize(
    "expr", (Trace(A * B * A.T), (x.T * A * x)[0, 0] ** 2, Trace(A * B * A * C), log(Determinant(A * A.T + t * I))), ids=str
)
def test_second_derivatives_with_deltas(expr):
    agrees(hessian(expr, A), shapes=SMALL)


@pytest.mark.slow
def test_deep_and_wide():
    nested = x
    for _ in range(60):  # SymPy's own operators take exponential time here
        nested = MatMul(A / 9, MatAdd(MatMul(B / 9, MatAdd(nested, x)), y)).applyfunc(tanh)
    f = lambdify([A, B, x, y], nested)
    a, b, u, v = (RNG.standard_normal(shape) for shape in ((4, 4), (4, 4), 4, 4))
    value = u
    for _ in range(60):
        value = np.tanh(a / 9 @ (b / 9 @ (value + u) + v))
    np.testing.assert_allclose(f(a, b, u, v), value, rtol=1e-10)
    many = [MatrixSymbol(f"M{i}", n, n) for i in range(15)]
    agrees(sum((many[i] * many[j] * x for i in range(15) for j in range(1, 14)), 0 * x), shapes=SMALL)


def test_sizes_that_a_loop_runs_over():
    """What is multiplied out has the size of the slice in front: i mu in each turn."""
    i = symbols("i", integer=True, positive=True)
    part, ones = T[:i, :], OneMatrix(i, 1)
    source = agrees(MatrixSum((part - ones * x.T).T * ones, (i, 1, m)), shapes=((4, 3, 1), (1, 2, 1)))
    assert re.search(r"_sums\(T\[:_within\(i\d+, t\d+\)\], 0\) - i\d+ \* x", source)


def test_the_search_takes_six_moves_at_most(monkeypatch):
    """Also where there would always be another one."""
    taken = []
    monkeypatch.setattr(Planner, "_step", lambda self, state, cost: taken.append(cost) or (best, cost - 1, state, set(), move))
    ctx = Lowerer({n})
    best, move = ctx.low(A).node, SimpleNamespace(loses_digits=False)
    Planner(ctx.graph, {n: 100}, ctx.size).run([ctx.low(A * B + C * D).node])
    assert len(taken) == 6 and taken == [taken[0] - k for k in range(6)]


# ---- products that summands share
def test_a_product_that_summands_share_is_taken_out_as_one():
    """A x is a vector; A alone, taken out, would leave a matrix to multiply with."""
    source = agrees(t * A * x * x.T * B + s * A * x * y.T)
    assert source.count("[:, None]") == 1


def test_it_may_reach_through_an_inverse():
    W = Inverse(U.T * U)
    source = agrees(2 * (U * W * U.T - Identity(m)) * d * d.T * U * W, shapes=((40, 3, 5), (9, 1, 2)))
    assert source.count("[:, None]") == 1


@pytest.mark.parametrize(
    "expr",
    [
        x * y.T + x * y.T * A + x * x.T,
        A * B * x * y.T + A * B * x * x.T * C + A * B * y * y.T,
        A * x * y.T + B * x * y.T + A * x * x.T * B,
        A * A * x * y.T + A * x * x.T + A * x * x.T * A.T,
        DiagMatrix(A * x) * B + DiagMatrix(A * x) * C + A * x * x.T,
        Trace(A * B) * A * B * x + A * B * x * (x.T * A * B * x)[0, 0],
        (x.T * A * y)[0, 0] * A * y * x.T + A * y * y.T * (x.T * A * y)[0, 0],
        HadamardProduct(A * x * y.T, B) + A * x * y.T * C + A * x * x.T,
        X * X.T * d * d.T * X + X * X.T * d * d.T * U + d * d.T * U,
        A * OneMatrix(n, 1) * x.T + A * OneMatrix(n, 1) * y.T * B,
        Inverse(A) * x * x.T * B + Inverse(A) * x * y.T - Inverse(A).T * x * y.T,
    ],
    ids=str,
)
def test_values_of_sums_with_shared_products(expr):
    agrees(expr, expr.T if getattr(expr, "is_Matrix", False) else expr, shapes=((3, 4, 2), (2, 1, 3), (30, 40, 20)))


def test_sizes_and_bounds_computed_from_entries():
    """They are planned as any product, and have no number of their own to plan for."""
    count = floor(Trace(A * B))
    a, b, v = (RNG.random(shape) for shape in ((4, 4), (4, 4), 4))
    a *= 2.4 / np.trace(a @ b)
    rows = range(2)
    for e, wanted in (
        (Sum(exp((A[:, i].T * B * A[:, i])[0, 0]), (i, 0, count - 1)), sum(np.exp(a[:, k] @ b @ a[:, k]) for k in rows)),
        (
            Sum(exp((A[:, i].T * A * B * A[:, k])[0, 0] * x[k, 0]), (i, 0, count - 1), (k, 0, n - 1)),
            np.exp((a.T @ a @ b @ a)[:2] * v).sum(),
        ),
        (KroneckerProduct(A[:count, :], B), np.kron(a[:2], b)),
        (OneMatrix(count, 1) * x[:count, :].T + A[:count, :count], np.ones((2, 1)) * v[:2] + a[:2, :2]),
    ):
        f = lambdify([A, B, x], e)
        np.testing.assert_allclose(f(a, b, v), wanted)
        assert "(A * B.T).sum()" in f.source


def test_what_is_no_function_of_entries_is_not_computed_transposed():
    turned = A.T.applyfunc(exp)
    agrees(UpperTriangle(turned), BlockMatrix([[turned, B]]), RowSoftmax(A.T + B.T))
    assert "np.tanh(A.dot(B)).T" in agrees((A * B).T.applyfunc(tanh))
