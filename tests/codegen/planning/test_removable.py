"""Second and third derivatives of determinants and adjugates at matrices that are singular, or nearly so: what the terms tend to together."""

import itertools

import numpy as np
import pytest
from sympy import Determinant, MatrixSymbol, Trace, exp, sin, symbols

import sympy_matcalc as mc

from .test_adjugates import determinant, differences

m, n = symbols("m n", integer=True, positive=True)
A, B, C, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("C", m, m + 1), MatrixSymbol("X", n, n)
SINGULAR = np.array([[1.0, 2, 0], [2, 4, 0], [0, 1, 3]])
OTHER = np.array([[2.0, 1, 0], [0, 1, 1], [1, 0, 1]])
VALUES = {
    "of rank two": SINGULAR,
    "of rank one": np.outer([1.0, 2, -1], [0.5, 1, 2]),
    "symmetric, of rank one": np.outer([1.0, 2, 3], [1, 2, 3]),
    "zero": np.zeros((3, 3)),
    "nearly singular": SINGULAR + 1e-7 * OTHER,
}


def second_cofactors(a):
    """The second derivatives of the determinant, by minors of integers."""
    out, places = np.zeros(2 * a.shape), range(len(a))
    for i, j, k, l in itertools.product(places, repeat=4):
        if i != k and j != l:
            minor = np.delete(np.delete(a, (i, k), 0), (j, l), 1).tolist()
            out[i, j, k, l] = (-1) ** (i + j + k + l) * (1 if (i < k) == (j < l) else -1) * float(determinant(minor))
    return out


@pytest.mark.parametrize("rank, spread", [(0, 0), *itertools.product(range(1, 5), (0, 20))])  # a matrix of zeros has no scales
def test_the_hessian_of_a_determinant(rank, spread):
    """Of each rank, with rows and columns on scales of their own."""
    rng = np.random.default_rng(rank)
    a = (rng.integers(-3, 4, (4, rank)) @ rng.integers(-3, 4, (rank, 4))).astype(float)
    rows, columns = 2.0 ** rng.integers(-spread, spread + 1, (2, 4))
    got = mc.lambdify([X], mc.hessian(Determinant(X), X))(rows[:, None] * a * columns)
    got = got * np.einsum("i,j,k,l->ijkl", rows, columns, rows, columns) / rows.prod() / columns.prod()
    np.testing.assert_allclose(got, second_cofactors(a), rtol=0, atol=1e-12 if spread == 0 else 1e-8)


FORMULAS = {
    "a function of it": (exp(Determinant(X)), X),
    "a product with a function of it": (sin(Determinant(X)) * Determinant(X), X),
    "a power": (Determinant(X) ** 2, X),
    "of a sum": (Determinant(A * X + B), X),
    "of a product": (Determinant(A * X), X),
    "of a transpose": (Determinant(X.T + X), X),
    "beside other terms": (Determinant(X) * Trace(A * X) + Trace(X.T * X), X),
    "two determinants": (Determinant(X) * Determinant(A), X),
    "an adjugate": (Trace(A * mc.Adjugate(X)), X),
    "two adjugates": (Trace(mc.Adjugate(X) * A * mc.Adjugate(X)), X),
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", FORMULAS)
def test_second_derivatives(name, value):
    expr, variable = FORMULAS[name]
    values = [VALUES[value], OTHER, np.outer([1.0, 2, -1], [0.5, 1, 2])]
    gradient = mc.lambdify([X, A, B], mc.gradient(expr, variable))
    hessian, beside = mc.lambdify([X, A, B], [mc.hessian(expr, variable), mc.gradient(expr, variable)])(*values)
    want = np.array([[differences(lambda *v, at=(i, j): gradient(*v)[at], values, 0) for j in range(3)] for i in range(3)])
    scale = max(1, np.abs(want).max())
    np.testing.assert_allclose(hessian, want, atol=1e-6 * scale)
    np.testing.assert_allclose(beside, gradient(*values), atol=1e-11 * scale)


def test_of_a_gram_matrix():
    value = np.array([[1.0, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1]])
    gradient = mc.lambdify([C], mc.gradient(Determinant(C * C.T), C))
    want = np.array([[differences(lambda v, at=(i, j): gradient(v)[at], [value], 0) for j in range(4)] for i in range(3)])
    np.testing.assert_allclose(mc.lambdify([C], mc.hessian(Determinant(C * C.T), C))(value), want, atol=1e-5)


def test_third_derivatives():
    hessian = mc.hessian(Determinant(X), X)
    third, second = mc.lambdify([X], mc.diff(hessian, X)), mc.lambdify([X], hessian)
    for value in VALUES.values():
        got = np.einsum("ijklpq,pq->ijkl", third(value), OTHER)
        np.testing.assert_allclose(got, second(value + OTHER / 2) - second(value - OTHER / 2), atol=1e-8)


def test_in_a_direction_and_of_a_larger_symmetric_matrix():
    rng = np.random.default_rng(3)
    left = rng.standard_normal((40, 38))
    value, direction = left @ left.T / 40, rng.standard_normal((40, 40))
    value = (value + value.T) / 2
    got = mc.lambdify([X, A], mc.hvp(Determinant(X), X, A))(value, direction)
    s, v = np.linalg.eigh(value)
    null, rest = v[:, :2], s[2:].prod()
    small = null.T @ direction @ null
    want = rest * null @ np.array([[small[1, 1], -small[1, 0]], [-small[0, 1], small[0, 0]]]) @ null.T
    np.testing.assert_allclose(got, want, atol=1e-10 * np.abs(want).max())


def test_what_has_no_limit_is_refused_and_else_taken_as_it_is():
    f = mc.lambdify([X], Determinant(X) * X.I * X.I)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        f(SINGULAR)
    near = SINGULAR + 1e-6 * OTHER
    inverse = np.linalg.inv(near)
    np.testing.assert_allclose(f(near), np.linalg.det(near) * inverse @ inverse, rtol=1e-5)


def test_an_inverse_beside_it_is_refused():
    f = mc.lambdify([X], [mc.hessian(Determinant(X), X), X.I])
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        f(SINGULAR)


@pytest.mark.parametrize("bad", (np.nan, np.inf, -np.inf))
def test_no_entry_that_is_not_finite_is_lost(bad):
    value = OTHER.copy()
    value[1, 2] = bad
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(mc.lambdify([X], mc.hessian(Determinant(X), X))(value)).all()


def test_containers_are_as_they_were_asked_for():
    hessian = mc.hessian(Determinant(X), X)
    out = mc.lambdify([X], {"H": hessian, "d": Determinant(X)})(SINGULAR)
    assert list(out) == ["H", "d"] and np.ndim(out["d"]) == 0 and abs(out["d"]) < 1e-14
    assert type(mc.lambdify([X], (hessian, X))(SINGULAR)) is tuple


def test_of_a_regular_matrix_it_is_computed_once():
    f = mc.lambdify([X], mc.hessian(Determinant(X), X))
    assert f.source.count("factored(X)") == 1
    np.testing.assert_allclose(f(OTHER), second_cofactors(OTHER), atol=1e-12)
    complex_value = OTHER + 1j * np.eye(3)
    complex_value[2] = complex_value[0] + complex_value[1]
    d = np.linalg.det(complex_value[1:, 1:][np.ix_([1], [1])])
    np.testing.assert_allclose(f(complex_value)[0, 0, 1, 1], d, atol=1e-12)


@pytest.mark.parametrize("f", [Determinant(A) * A.I[0, 0] * A.I[1, 1], Determinant(A) * A.I[0, 0] ** 2 * A.I[1, 1]], ids=str)
@pytest.mark.parametrize("X", [np.diag([1.0, 0]), np.diag([1.0, 0, 2])], ids=["2 x 2", "3 x 3"])
def test_a_limit_on_one_path_alone_is_none(f, X):
    """Of diag(1, s) there is one as s tends to 0, of [[1, e], [e, s]] any other: it has no value at diag(1, 0)."""
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        mc.lambdify([A], f)(X)
