"""form="vec": d vec F / d vec(X)' in the notation of Magnus & Neudecker, Kronecker products beside diagonal and Fréchet matrices."""

from itertools import permutations

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, KroneckerProduct, Lambda, MatrixSymbol, S, Trace, exp, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.chains import express_chain
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.kronecker import commutation_in_front, permutation
from sympy_matcalc.testing import evaluate, finite_difference, random_env

from ..comparator import same_expression

m, n, p, q = symbols("m n p q", integer=True, positive=True)
u = symbols("u")
A, B, W = MatrixSymbol("A", p, n), MatrixSymbol("B", n, q), MatrixSymbol("W", p, q)
C, D, M, X = (MatrixSymbol(name, n, n) for name in "CDMX")
Z, x = MatrixSymbol("Z", m, n), MatrixSymbol("x", n, 1)
FLAT = [  # (F, variable, domain): each has a form without index notation
    (A * HadamardProduct(M, X) * B, X, {}),
    (A * HadamardProduct(M, C * X * D) * B, X, {}),
    (HadamardProduct(M, X.T), X, {}),
    ((A * X * B).applyfunc(tanh), X, {}),
    (A * (C * X * D).applyfunc(tanh) * B, X, {}),
    (A * (X.T * D).applyfunc(tanh), X, {}),
    (A * mc.MatrixExp(X) * B, X, {}),
    (A * mc.MatrixExp(X.T) * B, X, {}),
    (mc.MatrixExp(C * X * D), X, {}),
    (mc.MatrixExp(X.T * X), X, {}),
    (HadamardProduct(C, mc.MatrixExp(X)), X, {}),
    (HadamardProduct(W, A * mc.MatrixExp(X) * B), X, {}),
    (mc.MatrixExp(X) * x, X, {}),
    (mc.MatrixExp(HadamardProduct(M, X)), X, {}),
    (mc.MatrixExp(X) * mc.MatrixExp(X.T), X, {}),
    (HadamardProduct(A * X * B, W).T, X, {}),
    (mc.MatrixSqrt(Z.T * Z + Identity(n)), Z, {}),
    (mc.Cholesky(X), X, {X: "spd"}),
    (mc.PseudoInverse(Z), Z, {Z: "fullrank"}),
    (mc.Eigenvector(X, 0), X, {X: "simple_spectrum"}),
    (A * HadamardProduct(M, X.T) * B, X, {}),
    (HadamardProduct(M, X) ** 2, X, {}),
    (Z * Z.T, Z, {}),
    (Z.T * Z, Z, {}),
    (Z * C * Z.T, Z, {}),
    (A * X * X.T * A.T, X, {}),
    (KroneckerProduct(X, C), X, {}),
    (mc.Unvec(2 * mc.Vec(A * X * B), q, p), X, {}),
]


def judged(F, X, domain, sizes):
    """(our value, the code's value, finite differences) of d vec F / d vec(X)' at random data."""
    J = mc.jacobian(F, X, form="vec")
    env = random_env([F, X], 0, sizes, domain)
    value, at = np.atleast_2d(evaluate(F, env)), np.asarray(env[X])
    expected = np.asarray(finite_difference(F, X, env)).reshape(value.shape + at.shape).transpose(1, 0, 3, 2).reshape(value.size, at.size)
    args = sorted((s for s in J.free_symbols if isinstance(s, MatrixSymbol)), key=str)
    shown = {d for s in args for d in s.shape}
    args += sorted((s for s in J.free_symbols if s in sizes_of(F, X) - shown), key=str)
    return J, np.asarray(evaluate(J, env)), mc.lambdify(args, J)(*(env[s] for s in args)), expected


def sizes_of(F, X):
    return {d for e in (F, X) for s in e.atoms(MatrixSymbol) for size in s.shape for d in size.free_symbols}


@pytest.mark.parametrize("sizes", [{}, {n: 1}], ids=["", "n=1"])
@pytest.mark.parametrize("F, X, domain", FLAT, ids=lambda e: str(e)[:40] if hasattr(e, "shape") else "")
def test_values(F, X, domain, sizes):
    J, value, code, expected = judged(F, X, domain, sizes)
    assert not J.has(mc.Einsum)
    assert J.shape == (F.shape[0] * F.shape[1], X.shape[0] * X.shape[1])
    np.testing.assert_allclose(value, expected, atol=1e-7)
    np.testing.assert_allclose(np.reshape(code, expected.shape), expected, atol=1e-7)


@pytest.mark.parametrize(
    "F, answer",
    [
        (A * X * B, KroneckerProduct(B.T, A)),
        (A * HadamardProduct(M, X) * B, KroneckerProduct(B.T, A) * DiagMatrix(mc.Vec(M))),
        (A * mc.MatrixExp(X) * B, KroneckerProduct(B.T, A) * mc.FrechetMatrix(exp, X)),
        (X.T, mc.CommutationMatrix(n, n)),
        (mc.MatrixExp(C * X * D), mc.FrechetMatrix(exp, C * X * D) * KroneckerProduct(D.T, C)),
        (HadamardProduct(M, X.T), DiagMatrix(mc.Vec(M)) * mc.CommutationMatrix(n, n)),
        (mc.MatrixFunction(Lambda(u, tanh(u)), X), mc.FrechetMatrix(tanh, X)),
        (X * X.T, (Identity(n**2) + mc.CommutationMatrix(n, n)) * KroneckerProduct(X, Identity(n))),
        (X.T * X, (Identity(n**2) + mc.CommutationMatrix(n, n)) * KroneckerProduct(Identity(n), X.T)),
    ],
    ids=str,
)
def test_forms(F, answer):
    assert same_expression(mc.jacobian(F, X, form="vec"), answer)


def test_hessian_of_a_trace_of_an_exponential():
    hessian = mc.hessian(Trace(C * mc.MatrixExp(X)), X, form="vec")
    assert hessian == mc.CommutationMatrix(n, n) * mc.FrechetMatrix(exp, X, C)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_swaps_of_neighbours_order_the_axes(order):
    sizes = (2, 3, 4)
    stacked = np.arange(24.0).reshape([sizes[k] for k in order])
    with session():
        chain = permutation(order, list(map(S, sizes)))
        moved = stacked.reshape(-1, 1)
        if chain:
            moved = np.array(evaluate(express_chain(chain), {}), float) @ moved
    assert (moved.ravel() == stacked.transpose(np.argsort(order)).ravel()).all()


K = mc.CommutationMatrix(n, n)
OTHER = KroneckerProduct(MatrixSymbol("O1", n**2, 1), MatrixSymbol("O2", 1, n**2))


@pytest.mark.parametrize(
    "node, text",
    [
        (KroneckerProduct(C, D) * K, "commutation(n, n)*(KroneckerProduct(D, C))"),
        (2 * KroneckerProduct(M, X) * KroneckerProduct(C, D) * K, "2*(KroneckerProduct(M, X))*commutation(n, n)*(KroneckerProduct(D, C))"),
        (
            (KroneckerProduct(C, D) + KroneckerProduct(M, 3 * X)) * K,
            "commutation(n, n)*(KroneckerProduct(D, C) + 3*(KroneckerProduct(X, M)))",
        ),
        (KroneckerProduct(Z, A) * mc.CommutationMatrix(n, n), "commutation(m, p)*(KroneckerProduct(A, Z))"),
        (KroneckerProduct(C, D), None),
        (K, None),
        (K * KroneckerProduct(C, D), None),
        (KroneckerProduct(C, D).T * K, None),
        (KroneckerProduct(C, D) ** 2 * K, None),
        (KroneckerProduct(C, MatrixSymbol("u", n, 1), MatrixSymbol("v", 1, n)) * K, None),
        ((KroneckerProduct(C, D) + MatrixSymbol("S", n**2, n**2)) * K, None),
        ((KroneckerProduct(C, D) + KroneckerProduct(C, D) * KroneckerProduct(M, X) ** 2) * K, None),
        ((KroneckerProduct(C, D) + OTHER) * K, None),  # of other sizes: there is no one matrix in front
    ],
    ids=str,
)
def test_the_commutation_matrix_in_front(node, text):
    with session():
        typed = prepare(node)
        found = commutation_in_front(typed)
    assert str(found) == (str(typed) if text is None else text)
    if text is not None:
        env = random_env([node], 0)
        np.testing.assert_allclose(np.asarray(evaluate(found, env), float), np.asarray(evaluate(node, env), float), atol=1e-10)
