"""Gradients of determinants at singular matrices: products of the determinant with the inverse are right where neither factor helps."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Determinant, MatrixSymbol, Q, Symbol, Trace, exp, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
A, B, X, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m), MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1)
t = Symbol("t")
LIBRARIES = {"numpy": "numpy", "jax": "jax.numpy", "torch": "torch", "array_api_strict": "array_api_strict"}


def determinant(rows):
    """By its expansion along the first row, exactly."""
    if not rows:
        return Fraction(1)
    return sum((-1) ** j * a * determinant([r[:j] + r[j + 1 :] for r in rows[1:]]) for j, a in enumerate(rows[0]) if a)


def cofactors(a):
    rows = [[Fraction(v) for v in row] for row in a.tolist()]
    places = range(len(rows))
    minors = [[determinant([r[:i] + r[i + 1 :] for k, r in enumerate(rows) if k != j]) * (-1) ** (i + j) for j in places] for i in places]
    return np.array(minors, float).reshape(a.shape)


def singular_matrices():
    """Of each size and rank, with pivots that are zero at any place."""
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 5):
        for rank in range(size + 1):
            yield rng.standard_normal((size, rank)) @ rng.standard_normal((rank, size))
            a = rng.integers(-2, 3, (size, size)).astype(float)
            a[:, : size - rank] = 0
            yield a
    yield np.array([[0.0, 1], [0, 1]])
    yield np.array([[0.0, 1, 2], [0, 0, 3], [0, 0, 0]])
    yield np.array([[2.0, 1], [1, 0.5]])
    yield np.diag([1.0, 0, 3, 4]) * 1e60


def library(name):
    return pytest.importorskip(LIBRARIES[name])


def close(got, want, a):
    scale = max(np.abs(a).max(initial=0), 1e-300) ** (len(a) - 1) * len(a) ** 2
    tolerance = 1e-13 if np.asarray(got).dtype.itemsize == 8 else 1e-4
    assert np.asarray(got).shape == want.shape and np.abs(np.asarray(got) - want).max() <= tolerance * scale + 1e-15


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", LIBRARIES)
def test_the_adjugate_of_singular_matrices(name):
    module = library(name)
    f = mc.lambdify(X, mc.Adjugate(X), modules=module if name == "array_api_strict" else name)
    for a in singular_matrices():
        if name == "jax" and np.abs(a).max(initial=0) > 1e9:  # its default is single precision
            continue
        close(f(module.asarray(a)), cofactors(a), a)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", ["numpy", "jax", "torch"])
def test_the_gradient_of_a_determinant_at_singular_matrices(name):
    module = library(name)
    value_and_gradient = mc.lambdify(X, [Determinant(X), mc.gradient(Determinant(X), X)], modules=name)
    for a in singular_matrices():
        if name == "jax" and np.abs(a).max(initial=0) > 1e9:
            continue
        value, gradient = value_and_gradient(module.asarray(a))
        close(gradient, cofactors(a).T, a)
        exact = float(determinant([[Fraction(v) for v in row] for row in a.tolist()]))
        assert abs(float(value) - exact) <= 1e-5 * max(1e-3, np.abs(a).max(initial=0)) ** len(a) * len(a) ** 2


def differences(f, values, at, h=1e-5):
    base, out = values[at], np.zeros(np.shape(values[at]))
    for i in np.ndindex(out.shape):
        step = np.zeros(out.shape)
        step[i] = h
        out[i] = (f(*values[:at], base + step, *values[at + 1 :]) - f(*values[:at], base - step, *values[at + 1 :])) / (2 * h)
    return out


SINGULAR = np.array([[1.0, 2, 0], [2, 4, 0], [0, 1, 3]])
OTHER = np.array([[2.0, 1, 0], [0, 1, 1], [1, 0, 1]])
RANK_ONE = np.outer([1.0, 2, -1], [0.5, 1, 2])
FORMULAS = {
    "exp det": (exp(Determinant(X)), [X], X, [SINGULAR]),
    "of a sum, by a number": (Determinant(A + t * X), [A, X, t], t, [SINGULAR, OTHER, 0.0]),
    "of a Gram matrix": (Determinant(B * B.T), [B], B, [np.array([[1.0, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1]])]),
    "of a sandwich": (Determinant(A * X * A.T + X), [A, X], X, [OTHER, SINGULAR - SINGULAR]),
    "times a trace": (Determinant(X) * Trace(A * X), [A, X], X, [OTHER, SINGULAR]),
    "of a transpose": (Determinant(X.T * A), [A, X], A, [SINGULAR, OTHER]),
    "trace of an adjugate": (Trace(mc.Adjugate(X) * A), [A, X], A, [OTHER, RANK_ONE]),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_gradients_at_singular_matrices(name):
    expr, args, variable, values = FORMULAS[name]
    at = args.index(variable)
    got = mc.lambdify(args, mc.gradient(expr, variable))(*values)
    want = differences(mc.lambdify(args, expr), values, at)
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-6)


def test_an_inverse_that_stands_for_itself_is_still_refused():
    f = mc.lambdify(X, [Determinant(X) * X.I, X.I])
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        f(SINGULAR)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        mc.lambdify([X, A], Determinant(A) * X.I)(SINGULAR, OTHER)


def test_no_entry_that_is_not_finite_is_lost():
    f = mc.lambdify(X, mc.gradient(Determinant(X), X))
    for bad in (np.nan, np.inf, -np.inf):
        a = OTHER.copy()
        a[1, 2] = bad
        with np.errstate(invalid="ignore"):
            assert not np.isfinite(f(a)).all()


def test_where_a_matrix_is_stated_to_be_singular_the_adjugate_is_printed():
    assert mc.gradient(Determinant(X), X, assumptions=Q.singular(X)) == mc.Adjugate(X).T
    assert mc.gradient(Determinant(X), X) == Determinant(X) * X.T.I
    assert mc.gradient(Determinant(X) ** 2, X, assumptions=Q.singular(X)) == 0 * X


def test_of_well_conditioned_matrices_it_is_one_factorisation():
    source = mc.lambdify(X, [Determinant(X), mc.gradient(Determinant(X), X)]).source
    body = source[source.index("def compute") :]
    assert body.count("_factor(") == 1 and "svd" not in body
    a = OTHER + 1j * np.eye(3)
    np.testing.assert_allclose(mc.lambdify(X, mc.Adjugate(X))(a), np.linalg.det(a) * np.linalg.inv(a))


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
@pytest.mark.parametrize("name", ["numpy", "torch"])  # JAX has single precision here, with no room for these scales
def test_no_scale_is_taken_for_rounding(name, scale):
    """Under any scaling of the whole, and of rows and columns; a pivot that is small beside the others is none that is zero."""
    module = library(name)
    gradient = mc.lambdify([X], mc.gradient(Determinant(X), X), modules=name)

    def of(a):
        return np.asarray(gradient(module.asarray(a)))

    a = np.random.default_rng(1).integers(-3, 4, (4, 4)).astype(float)
    a[3] = a[0] + a[1]
    wanted = cofactors(a).T
    error = {"rtol": 0, "atol": 1e-10 * np.abs(wanted).max()}
    np.testing.assert_allclose(of(a * scale) / scale**3, wanted, **error)
    d = np.array([1e6, 1.0, 1e-6, 1.0])
    np.testing.assert_allclose(of(d[:, None] * a * d * scale) * d[:, None] * d / d.prod() ** 2 / scale**3, wanted, **error)
    np.testing.assert_allclose(of(np.diag([1e20, 1.0]) * scale) / scale, np.diag([1.0, 1e20]), rtol=1e-12)
