"""Log-sum-exp with weights, some of them 0 or tiny where the exponents are the largest: values of mpmath."""

import warnings

import mpmath
import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, MatrixSymbol, OneMatrix, Sum, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
v, b, C = MatrixSymbol("v", n, 1), MatrixSymbol("b", n, 1), MatrixSymbol("C", m, n)
DUAL = Sum(log(Sum(b[j, 0] * exp(v[j, 0] - C[i, j]), (j, 0, n - 1))), (i, 0, m - 1))
COSTS = np.array([[0.0, 0.5, 0.25, 2.0], [1.0, 0.0, 0.75, 0.5], [0.25, 1.5, 0.0, 1.0]])
CASES = {
    "none": ([0.3, 0.2, 0.4, 0.1], [0.1, 0.2, 0.0, -0.3]),
    "a bin of 0 far above": ([0.0, 0.2, 0.7, 0.1], [1400.0, 0.2, 0.0, -0.3]),
    "a tiny bin far above": ([1e-200, 0.2, 0.7, 0.1], [461.0, 0.2, 0.0, -0.3]),
    "below the normal numbers": ([2.0**-1070, 0.2, 0.7, 0.1], [741.0, 0.2, 0.0, -0.3]),
    "of both signs": ([0.0, 0.5, 0.7, -0.1], [900.0, 0.2, 0.0, -0.3]),
}


def exact(weights, potentials):
    """(value, gradient, Hessian) by v."""
    w, u = ([mpmath.mpf(float(t)) for t in a] for a in (weights, potentials))
    value, gradient, hessian = mpmath.mpf(0), np.zeros(4), np.zeros((4, 4))
    for row in COSTS:
        parts = [a * mpmath.exp(z - mpmath.mpf(float(c))) for a, z, c in zip(w, u, row, strict=True)]
        p = [t / sum(parts) for t in parts]
        value += mpmath.log(sum(parts))
        gradient += np.array([float(t) for t in p])
        hessian += np.array([[float((p[r] if r == s else 0) - p[r] * p[s]) for s in range(4)] for r in range(4)])
    return float(value), gradient, hessian


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("order", (0, 1, 2))
def test_against_mpmath(case, order):
    weights, potentials = map(np.array, CASES[case])
    e = (DUAL, mc.gradient(DUAL, v), mc.hessian(DUAL, v))[order]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mc.lambdify([v, b, C], e)(potentials, weights, COSTS)
    with mpmath.workdps(60):
        assert np.allclose(found, exact(weights, potentials)[order], rtol=1e-12, atol=1e-14)


def test_of_numbers_of_other_kinds():
    weights, potentials = map(np.array, CASES["a bin of 0 far above"])
    f = mc.lambdify([v, b, C], mc.gradient(DUAL, v))
    with mpmath.workdps(60):
        right = exact(weights, potentials)[1]
    single = f(*(a.astype(np.float32) for a in (potentials, weights, COSTS)))
    assert single.dtype == np.float32 and np.allclose(single, right, rtol=1e-5, atol=1e-6)
    assert np.allclose(f(potentials, 1j * weights, COSTS), right, rtol=1e-12, atol=1e-14)


def test_where_all_weights_are_zero():
    with np.errstate(divide="ignore"):
        assert mc.lambdify([v, b, C], DUAL)(np.zeros(4), np.zeros(4), COSTS) == -np.inf


def test_the_gradient_by_the_weights():
    """A share of what is largest is needed without its weight: the largest exponent is that of all."""
    weights, potentials = map(np.array, CASES["none"])
    f = mc.lambdify([v, b, C], mc.gradient(DUAL, b))
    assert "b == 0" not in f.source and "b == 0" in mc.lambdify([v, b, C], mc.gradient(DUAL, v)).source
    with mpmath.workdps(60):
        assert np.allclose(f(potentials, weights, COSTS), exact(weights, potentials)[1] / weights, rtol=1e-13)


@pytest.mark.parametrize(
    "e",
    [
        b.applyfunc(log).T * mc.gradient(DUAL, v),  # a function of the weights
        mc.gradient(DUAL, v).T * DiagMatrix(b) * b,
        HadamardProduct(C.applyfunc(exp) * b, OneMatrix(m, 1)).applyfunc(log) + (C * b).applyfunc(exp),
        ((C.applyfunc(exp) * b).T * (C.applyfunc(exp) * b + OneMatrix(m, 1)))[0, 0],
        (C.applyfunc(exp) * b).T * (C.applyfunc(exp) * HadamardProduct(b, b, v)).applyfunc(lambda s: 1 / s),
        mc.hessian(DUAL, v) * DiagMatrix(b),
    ],
    ids=str,
)
def test_weights_that_are_elsewhere_too(e):
    """Of values that are in range all the same."""
    weights, potentials = map(np.array, CASES["none"])
    given = {v: potentials[:, None], b: weights[:, None], C: COSTS, m: 3, n: 4}
    found = mc.lambdify([v, b, C], e)(potentials, weights, COSTS)
    assert np.allclose(found, np.squeeze(evaluate(e, given)), rtol=1e-12, atol=1e-14)


def test_weights_whose_square_is_out_of_range():
    e, names = mc.parse("sum(w.*log(1+v.*exp(u)))")
    u, v, w = (names[k] for k in "uvw")
    values = {"u": [1.0, -690.0, 3.0], "v": [1e300, 1e300, 2.0], "w": [1.0, 2.0, 3.0]}
    share = [1 / (1 + np.exp(-x) / c) for x, c in zip(values["u"], values["v"], strict=True)]
    found = mc.lambdify([u, v, w], mc.hessian(e, u))(*(np.array(values[k]) for k in "uvw"))
    np.testing.assert_allclose(found, np.diag([b * s * (1 - s) for b, s in zip(values["w"], share, strict=True)]), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    "text", ["log(w'*exp(u))*log(z'*exp(u))", "log(w'*exp(u))^2", "sqrt(1+log(w'*exp(u))^2)", "log(w'*exp(u))/log(z'*exp(u))"]
)
def test_logarithms_beside_quotients(text):
    """A logarithm has a scale of its own; what it is multiplied by is in range all the same."""
    e, names = mc.parse(text)
    args = [names[k] for k in ("u", "w", *("z",) * ("z'" in text))]
    code = mc.lambdify(args, [e, mc.gradient(e, args[0]), mc.hessian(e, args[0])])
    rest = [np.array([1.0, 2, 3]), np.array([2.0, 0.5, 1])][: len(args) - 1]
    for u in ([-1000.0, -1001, -1003], [1000.0, 990, 995], [0.1, 0.3, -0.2]):
        value, slopes, second = code(np.array(u), *rest)
        near = [code(np.array(u) + h * np.eye(3)[k], *rest) for k in range(3) for h in (1e-4, -1e-4)]
        np.testing.assert_allclose(
            slopes, [(near[2 * k][0] - near[2 * k + 1][0]) / 2e-4 for k in range(3)], rtol=1e-5, atol=1e-5 * np.abs(slopes).max()
        )
        differences = [(near[2 * k][1] - near[2 * k + 1][1]) / 2e-4 for k in range(3)]
        np.testing.assert_allclose(second, differences, rtol=1e-5, atol=1e-5 * np.abs(second).max() + 1e-9 * np.abs(slopes).max())
        assert np.isfinite(value)
