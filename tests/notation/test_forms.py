"""Diagonal matrices, determinants and Kronecker products of a result in the notation of the books; every one is right in value too."""

import numpy as np
import pytest
from sympy import Determinant, KroneckerDelta, MatrixSymbol, Trace, exp, log, sin, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, KroneckerProduct, hadamard_product
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc import CommutationMatrix
from sympy_matcalc.testing import check_rule, evaluate

from ..comparator import same_expression

m, n = symbols("m n", integer=True, positive=True)
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m)
A, B, S = MatrixSymbol("A", m, m), MatrixSymbol("B", n, n), MatrixSymbol("S", n, n)
a, b, x, y, r = MatrixSymbol("a", m, 1), MatrixSymbol("b", n, 1), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("r", n, 1)
D = DiagMatrix(x)

GRADIENTS = [
    ("log det of a diagonal matrix", log(Determinant(D)), x, HadamardPower(x, -1), {x: "positive"}),
    ("det of a diagonal matrix", Determinant(D), x, Determinant(D) * HadamardPower(x, -1), {x: "positive"}),
    ("inverse of a diagonal matrix", Trace(S * D.I), x, -hadamard_product(DiagonalOf(S), HadamardPower(x, -2)), {x: "positive"}),
    ("power of a diagonal matrix", Trace(S * D**3), x, 3 * hadamard_product(DiagonalOf(S), HadamardPower(x, 2)), {}),
    ("det of an inverse", Determinant(S.I), S, -S.T.I / Determinant(S), {S: "invertible"}),
    ("det of a power", Determinant(S**2), S, 2 * Determinant(S) ** 2 * S.T.I, {S: "invertible"}),
    ("elementwise between vectors", a.T * X.applyfunc(sin) * b, X, None, {}),
    ("elementwise product between vectors", a.T * A * hadamard_product(X, X, X) * b, X, 3 * hadamard_product(X, X, A.T * a * b.T), {}),
]


@pytest.mark.parametrize("name, f, variable, book, domain", GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_gradients(name, f, variable, book, domain):
    found = mc.gradient(f, variable)
    assert book is None or same_expression(found, book), found
    assert not found.has(DiagMatrix) or book is not None and book.has(DiagMatrix)
    check_rule(f, variable, domain, trials=1)


def test_det_of_an_outer_product_is_zero():
    """Of vectors of a symbolic length it is 0 but where that turns out to be 1."""
    assert mc.gradient(Determinant(x * y.T), x) == KroneckerDelta(1, n) * y
    u, v = MatrixSymbol("u", 3, 1), MatrixSymbol("v", 3, 1)
    assert mc.gradient(Determinant(u * v.T), u).is_ZeroMatrix
    one = mc.lambdify([x, y], mc.gradient(Determinant(x * y.T), x))
    assert np.array_equal(one(np.ones(2), np.array([2.0, 3.0])), np.zeros(2)) and np.array_equal(one(np.ones(1), np.array([2.0])), [2.0])


HESSIANS = [
    ("K in front", Trace(S**3), (S,), None),
    ("mixed", Trace(A * X * B * Y), (X, Y), CommutationMatrix(n, m) * KroneckerProduct(A.T, B)),
    ("quadratic", (a.T * X * B * X.T * a)[0, 0], (X,), KroneckerProduct(B + B.T, a * a.T)),
    ("quartic", (a.T * X * X.T * A * X * b)[0, 0], (X,), None),
    ("product of two", Trace(X * Y * A * X * Y), (X,), None),
    ("inverse", (r.T * S.I * r)[0, 0], (S,), None),
    ("exponential", exp((a.T * X * b)[0, 0]), (X,), None),
]


@pytest.mark.parametrize("name, f, variables, book", HESSIANS, ids=[row[0] for row in HESSIANS])
def test_hessians_in_vec_form(name, f, variables, book):
    found = mc.hessian(f, *variables, form="vec")
    assert book is None or same_expression(found, book), found
    for kron in found.atoms(KroneckerProduct):
        shapes = [arg.shape for arg in kron.args]
        assert not (any(c == 1 for _, c in shapes) and any(rows == 1 for rows, _ in shapes)), "a column and a row are one matrix"
    rng = np.random.default_rng(0)
    sizes = {m: 3, n: 2}
    env = {**sizes, **{M: rng.normal(size=[sizes[s] if s in sizes else 1 for s in M.shape]) for M in (X, Y, A, B, a, b, r)}}
    env[S] = np.eye(2) + 0.1 * rng.normal(size=(2, 2))
    np.testing.assert_allclose(evaluate(found, env), _numeric(mc.gradient(f, variables[0]), variables[-1], env), atol=1e-6)


def _numeric(gradient, V, env):
    """Columns d vec(gradient) / d v for the entries v of V, column by column."""
    columns, (rows, cols) = [], env[V].shape
    for j in range(cols):
        for i in range(rows):
            step = np.zeros((rows, cols))
            step[i, j] = 1e-6
            up, down = (evaluate(gradient, {**env, V: env[V] + sign * step}) for sign in (1, -1))
            columns.append((up - down).T.reshape(-1) / 2e-6)
    return np.array(columns).T


def test_kronecker_of_a_column_and_a_row_is_an_outer_product():
    f = (a.T * X * B * X.T * MatrixSymbol("c", m, 1))[0, 0]
    c = MatrixSymbol("c", m, 1)
    assert same_expression(mc.hessian(f, X, form="vec"), KroneckerProduct(B.T, c * a.T) + KroneckerProduct(B, a * c.T))


def test_diagonal_of_a_diagonal_product():
    assert same_expression(mc.gradient(Trace(D.I * S * D.I), x), -2 * HadamardProduct(DiagonalOf(S), HadamardPower(x, -3)))
