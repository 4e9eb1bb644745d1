"""Gradients of norms at 0 and at an exact fit: 0, as the docstring of `Norm` says, in every library and without a warning.

What has no value there, as a Hessian, is an error where a library can ask for the norm, and not a number in the others.
"""

import warnings

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, MatrixSymbol, Min, OneMatrix, Rational, Sum, Trace, exp, sqrt, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n)
w, y = MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
DATA = {w: np.array([1.0, 2.0]), X: np.arange(6.0).reshape(3, 2), y: np.arange(6.0).reshape(3, 2) @ [1.0, 2.0], Y: np.zeros((3, 2))}

AT_KINKS = {
    "exact fit": (mc.Norm(X * w - y), w),
    "exact fit, by the design": (mc.Norm(X * w - y), X),
    "p = 3": (mc.Norm(X * w - y, 3), w),
    "p = 4": (mc.Norm(X * w - y, 4), w),
    "p = 6, of a matrix": (mc.Norm(Y, 6), Y),
    "p = 1": (mc.Norm(X * w - y, 1), w),
    "p = 3/2": (mc.Norm(X * w - y, Rational(3, 2)), w),
    "p = oo": (mc.Norm(Y, "inf"), Y),
    "Frobenius": (mc.Norm(Y), Y),
    "root of squares": (sqrt(((X * w - y).T * (X * w - y))[0, 0]), w),
    "root of a trace": (sqrt(Trace(Y.T * Y)), Y),
    "of a function": (exp(-mc.Norm(Y)), Y),
    "times a sum": (mc.Norm(Y) * mc.ElementSum(Y), Y),
    "cubed": (mc.Norm(Y) ** 3, Y),
}


@pytest.mark.parametrize("library", ("numpy", "jax", "torch"))
@pytest.mark.parametrize("name", AT_KINKS)
def test_gradients_of_norms_at_kinks_are_zero(name, library):
    module = pytest.importorskip({"jax": "jax.numpy"}.get(library, library))
    f, variable = AT_KINKS[name]
    arguments = [w, X, y, Y]
    function = mc.lambdify(arguments, mc.gradient(f, variable), modules=library)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = function(*(module.asarray(DATA[a]) for a in arguments))
    assert np.shape(found) == DATA[variable].shape
    assert not np.any(np.asarray(found))


NO_VALUE = pytest.raises(np.linalg.LinAlgError, match="a norm that the expression divides by is 0")


@pytest.mark.parametrize("name", ("exact fit", "exact fit, by the design", "p = 3", "Frobenius", "root of squares", "of a function"))
def test_a_norm_has_no_hessian_at_its_kink(name):
    f, variable = AT_KINKS[name]
    arguments = [w, X, y, Y]
    function = mc.lambdify(arguments, [mc.gradient(f, variable), mc.hessian(f, variable)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with NO_VALUE:
            function(*(DATA[a] for a in arguments))
        assert all(
            np.isfinite(part).all()
            for part in function(*(DATA[a] + 0.1 + np.arange(DATA[a].size).reshape(DATA[a].shape) for a in arguments))
        )


@pytest.mark.parametrize("expr", (w / mc.Norm(w) ** 3, mc.gradient(1 / mc.Norm(w), w), w / mc.Norm(w) + w / mc.Norm(w) ** 2))
def test_what_has_no_bound_near_the_kink_has_no_value_there(expr):
    with NO_VALUE:
        mc.lambdify([w], expr)(np.zeros(2))


def test_one_over_a_norm_is_infinite_where_it_is_zero_and_what_is_cut_off_has_its_value():
    t = symbols("t", positive=True)
    with np.errstate(divide="ignore"):
        assert mc.lambdify([w], 1 / mc.Norm(w))(np.zeros(2)) == np.inf
        assert not mc.lambdify([w, t], Min(1, t / mc.Norm(w)) * w)(np.zeros(2), 2.0).any()


def test_elsewhere_nothing_changes():
    value = np.array([3.0, 4.0])
    assert np.array_equal(mc.lambdify([w], mc.gradient(mc.Norm(w), w))(value), value / 5)
    assert np.isnan(mc.lambdify([w], mc.gradient(mc.Norm(w), w))(np.array([np.nan, 1.0]))).all()


@pytest.mark.parametrize("library", ("numpy", "jax", "torch"))
@pytest.mark.parametrize(
    "expr",
    (
        (w.T * w)[0, 0] / mc.Norm(w) ** 2,
        (w.T * mc.Softmax(w))[0, 0] ** 2 / mc.Norm(w) ** 2,
        w * w.T / mc.Norm(w) ** 2,
        mc.Norm(w, 1) / mc.Norm(w),
        w.applyfunc(abs) / mc.Norm(w),
    ),
    ids=str,
)
def test_what_is_bounded_and_not_odd_has_no_value_at_the_kink(expr, library):
    """Such as what is 1 everywhere else."""
    module = pytest.importorskip({"jax": "jax.numpy"}.get(library, library))
    function = mc.lambdify([w], expr, modules=library)
    if library == "numpy":
        with NO_VALUE:
            function(np.zeros(2))
    else:
        assert not np.isfinite(np.asarray(function(module.asarray(np.zeros(2))))).any()


@pytest.mark.parametrize("expr", (w / mc.Norm(w), w * (w.T * w)[0, 0] / mc.Norm(w), mc.ElementSum(w) * w / mc.Norm(w)), ids=str)
def test_what_is_odd_or_goes_to_zero_is_zero(expr):
    assert not mc.lambdify([w], expr)(np.zeros(2)).any()


# ---- norms of rows: a row that is 0 beside one that is not
i = symbols("i", integer=True)
ROWS = np.array([[0.0, 0], [3, 4], [0, 0]])
UNIT = np.array([[0.0, 0], [0.6, 0.8], [0, 0]])
v = MatrixSymbol("v", n, 1)
NORMS = Sum(mc.Norm(X[i, :]), (i, 0, m - 1))


@pytest.mark.parametrize("name", AT_KINKS)
def test_one_example_of_a_batch_at_a_kink_leaves_the_others_as_they_are(name):
    f, variable = AT_KINKS[name]
    arguments = [a for a in (w, X, y, Y) if f.has(a)]
    single, stacked = (mc.lambdify(arguments, mc.gradient(f, variable), batch=b) for b in (None, [variable]))
    examples = np.stack([DATA[variable], DATA[variable] + 1, DATA[variable] - 2])
    given = [[e if a == variable else DATA[a] for a in arguments] for e in examples]
    found = stacked(*(examples if a == variable else DATA[a] for a in arguments))
    assert np.allclose(found, np.stack([single(*a) for a in given])) and not found[0].any()


@pytest.mark.parametrize("library", ("numpy", "jax", "torch"))
def test_gradients_of_norms_of_rows_are_zero_for_rows_of_zeros(library):
    module = pytest.importorskip({"jax": "jax.numpy"}.get(library, library))
    rows = module.asarray(ROWS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose(mc.lambdify([X], mc.gradient(NORMS, X), modules=library)(rows), UNIT)
        about = mc.gradient(Sum(mc.Norm(X[i, :].T - v), (i, 0, m - 1)), v)
        assert np.allclose(mc.lambdify([X, v], about, modules=library)(rows, rows[0]), -UNIT.sum(0))


@pytest.mark.parametrize("scale", (1e-170, 1e170))
def test_rows_whose_squares_are_out_of_range_have_their_direction(scale):
    assert np.allclose(mc.lambdify([X], mc.gradient(NORMS, X))(ROWS * scale), UNIT)
    assert np.allclose(mc.lambdify([v], v / mc.Norm(v), batch=v)(ROWS * scale), UNIT)
    assert np.allclose(mc.lambdify([v], mc.Norm(v), batch=v)(ROWS * scale), [0, 5 * scale, 0])


SIZES = HadamardPower(HadamardPower(X, 2) * OneMatrix(n, 1), -Rational(1, 2))
EVEN = {
    "cosines of all pairs": DiagMatrix(SIZES) * X * X.T * DiagMatrix(SIZES),
    "unit vectors times themselves": X.T * DiagMatrix(HadamardPower(SIZES, 2)) * X,
    "one over norms": SIZES,
    "one over norms of others": SIZES * OneMatrix(1, n),
}


@pytest.mark.parametrize("name", EVEN)
def test_what_has_another_value_near_a_row_of_zeros_is_not_zero_there(name):
    with np.errstate(invalid="ignore", divide="ignore"):
        found = mc.lambdify([X], EVEN[name])(ROWS)
    assert not np.isfinite(found.ravel()[0])


def test_a_quotient_that_depends_on_the_direction_is_no_number_in_a_batch():
    with np.errstate(invalid="ignore", divide="ignore"):
        found = mc.lambdify([w], w * w.T / mc.Norm(w) ** 2, batch=w)(ROWS)
        hessian = mc.lambdify([w], mc.hessian(mc.Norm(w), w), batch=w)(ROWS)
    assert np.isnan(found[0]).all() and np.allclose(found[1], np.outer(UNIT[1], UNIT[1]))
    assert not np.isfinite(hessian[0]).any() and np.isfinite(hessian[1]).all()


def test_the_sum_of_all_unit_vectors_times_one_of_them_has_no_value_at_a_row_of_zeros():
    """Of the row itself it has the square of a unit vector, which is 1."""
    unit = DiagMatrix(SIZES) * X
    with np.errstate(invalid="ignore", divide="ignore"):
        assert np.isnan(mc.lambdify([X], unit * X.T * SIZES)(ROWS)).all()
    assert np.allclose(mc.lambdify([X], X.T * SIZES)(ROWS)[:, 0], UNIT.sum(0))
