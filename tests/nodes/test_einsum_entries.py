"""Entries of a term of many operands: each summed index by itself."""

import numpy as np
from sympy import ImmutableDenseNDimArray, MatrixSymbol, lambdify
from sympy.matrices.expressions.kronecker import KroneckerProduct

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum
from sympy_matcalc.nodes.einsum import EinsumTerm

A, B, C = MatrixSymbol("A", 2, 3), MatrixSymbol("B", 3, 4), MatrixSymbol("C", 4, 2)
VALUES = {s: np.random.default_rng(k).normal(size=tuple(map(int, s.shape))) for k, s in enumerate((A, B, C))}


def values(written):
    f = lambdify(list(VALUES), written.tolist() if isinstance(written, ImmutableDenseNDimArray) else written, "numpy", cse=True)
    return np.array(f(*VALUES.values()), dtype=float)


def term(dims, out, *factors, coefficient=1):
    return EinsumTerm(coefficient, dims, out, factors)


def test_a_product_is_a_sum_over_each_index_by_itself():
    i, j, k, l = range(4)
    one = term((2, 3, 4, 2), ((i,), (l,), (i,)), (A, (i,), (j,)), (B, (j,), (k,)), (C, (k,), (l,)), coefficient=3)
    written = Einsum((2, 2, 2), one).as_explicit()
    assert np.allclose(values(written), np.einsum("ij,jk,kl,ia->ila", *VALUES.values(), np.eye(2)) * 3)
    assert written[0, 0, 1] == 0
    assert sum(written[0, 0, 0].count(s[0, 0]) for s in (A, B, C)) <= 3 + 3  # A once, B for each k, C once: not for each pair


def test_an_index_that_no_operand_has_counts():
    written = Einsum((2,), term((2, 3, 5), ((0,),), (A, (0,), (1,)))).as_explicit()
    assert np.allclose(values(written).ravel(), 5 * VALUES[A].sum(1))


def test_a_hessian_with_softmax_of_softmax_stays_small():
    X, z, b, W = MatrixSymbol("X", 2, 2), MatrixSymbol("z", 2, 1), MatrixSymbol("b", 2, 1), MatrixSymbol("W", 2, 4)
    hessian = mc.hessian(MatrixSymbol("c", 2, 1).T * mc.Softmax(W * mc.Softmax(KroneckerProduct(X * z, b))), X)
    symbols = sorted(hessian.free_symbols, key=str)
    data = [np.random.default_rng(k).normal(size=tuple(map(int, s.shape))) for k, s in enumerate(symbols)]
    written = hessian.as_explicit()[0, 1, 1, 0]
    assert np.isclose(mc.lambdify(symbols, written)(*data), mc.lambdify(symbols, hessian)(*data)[0, 1, 1, 0])
