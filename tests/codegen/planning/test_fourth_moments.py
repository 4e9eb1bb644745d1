"""Hessians of sums over samples by a matrix between the rows: the Gram matrix of the distinct pairs."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, Symbol, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm

m, n, k, p = symbols("m n k p", integer=True, positive=True)
i = Symbol("i", integer=True)
S, X, L, d = MatrixSymbol("S", n, n), MatrixSymbol("X", m, n), MatrixSymbol("L", n, k), MatrixSymbol("d", m, 1)
U, V = MatrixSymbol("U", m, n), MatrixSymbol("V", n, k)
rng = np.random.default_rng(5)


def moments(*matrices, weights=True, at=(1, 2, 3, 4)):
    """``sum_s d_s A_si B_sj C_sk D_sl``, each matrix a list of factors in a chain."""
    factors, sizes, out = [(d, (0,), ())] if weights else [], [m], []
    for chain in matrices:
        row = 0
        for matrix in chain:
            sizes.append(matrix.shape[1])
            factors.append((matrix, (row,), (row := len(sizes) - 1,)))
        out.append(row)
    return Einsum(tuple(sizes[out[j - 1]] for j in at), EinsumTerm(1, tuple(sizes), tuple((out[j - 1],) for j in at), factors))


def values(rows=30):
    return {
        X: rng.standard_normal((rows, 7)),
        U: rng.standard_normal((rows, 7)),
        V: rng.standard_normal((7, 5)),
        d: rng.standard_normal(rows),
    }


@pytest.mark.parametrize(
    "matrices, weights, is_one",
    [
        (([X],) * 4, True, True),
        (([X],) * 4, False, True),
        (([X, V],) * 4, True, True),
        (([X], [X], [X], [U]), True, False),
        (([X], [X], [U], [U]), True, False),
        (([X, V], [X, V], [X, V], [U, V]), True, False),
    ],
)
def test_which_products_are_fourth_moments(matrices, weights, is_one):
    expr, at = moments(*matrices, weights=weights), values()
    f = mc.lambdify([X, U, V, d], expr)
    assert ("_fourth_moments(" in f.source) == is_one
    arrays = [np.linalg.multi_dot([at[a] for a in chain]) if len(chain) > 1 else at[chain[0]] for chain in matrices]
    expected = np.einsum("s,si,sj,sk,sl->ijkl", at[d] if weights else np.ones(30), *arrays)
    np.testing.assert_allclose(f(at[X], at[U], at[V], at[d]), expected, rtol=1e-10, atol=1e-10)
    bounded = mc.lambdify([X, U, V, d], expr, memory="1 MB")  # a part of the rows at a time, for which weights are no condition
    np.testing.assert_allclose(bounded(at[X], at[U], at[V], at[d]), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("of", [lambda q: log(1 + q), lambda q: q**2, lambda q: exp(-q / 9)])
@pytest.mark.parametrize("rows, columns", [(40, 9), (3, 2), (400, 12), (2, 9)])
def test_the_hessian_by_a_matrix_between_rows(of, rows, columns):
    expr = Sum(of((X[i, :] * S * X[i, :].T)[0, 0]), (i, 0, m - 1))
    f = mc.lambdify([S, X], mc.hessian(expr, S))
    assert "_fourth_moments(" in f.source
    x, s = rng.standard_normal((rows, columns)), np.eye(columns)
    q = Symbol("q")
    second = of(q).diff(q, 2)
    weights = np.array([float(second.subs(q, v)) for v in (x * (x @ s)).sum(1)])
    np.testing.assert_allclose(f(s, x), np.einsum("s,si,sj,sk,sl->ijkl", weights, x, x, x, x), rtol=1e-9, atol=1e-9)


def test_the_hessian_by_a_scale_matrix_that_is_symmetric():
    """Of S^-1 X' four chains are one where S turns out to be symmetric."""
    f = mc.lambdify([S, X], mc.hessian(Sum(log(1 + (X[i, :] * S.I * X[i, :].T)[0, 0]), (i, 0, m - 1)), S))
    assert "_is_symmetric(S)" in f.source and "_fourth_moments(" in f.source
    x, s = rng.standard_normal((300, 6)), rng.standard_normal((6, 6)) / 9 + 2 * np.eye(6)
    gradient = mc.lambdify([S, X], mc.gradient(Sum(log(1 + (X[i, :] * S.I * X[i, :].T)[0, 0]), (i, 0, m - 1)), S))
    for at in (s, s + s.T):
        step = 1e-6
        for a, b in ((0, 0), (1, 4), (5, 2)):
            e = np.zeros((6, 6))
            e[a, b] = step
            slope = (gradient(at + e, x) - gradient(at - e, x)) / (2 * step)
            np.testing.assert_allclose(f(at, x)[:, :, a, b], slope, rtol=1e-5, atol=1e-6)
