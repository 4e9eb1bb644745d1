"""Weighted exponentials in sums with numbers and with one another: values and derivatives by mpmath, with weights of every kind."""

import mpmath as mp
import numpy as np
import pytest

import sympy_matcalc as mc

EXP, LOG = (np.vectorize(f, otypes=[object]) for f in (mp.exp, mp.log))

FORMULAS = {  # text: the same by mpmath; derivatives are by u
    "log(1+g*sum(exp(u)))": lambda u, w, g: mp.log(1 + g * EXP(u).sum()),
    "log(1+w'*exp(u))": lambda u, w, g: mp.log(1 + w @ EXP(u)),
    "log(exp(g)+w'*exp(u))": lambda u, w, g: mp.log(mp.exp(g) + w @ EXP(u)),
    "sum(log(1+w.*exp(u)))": lambda u, w, g: LOG(1 + w * EXP(u)).sum(),
    "sum(log(1+w.*exp(u)+g*exp(u./2)))": lambda u, w, g: LOG(1 + w * EXP(u) + g * EXP(u / 2)).sum(),
    "w'*exp(u)/(1+w'*exp(u))": lambda u, w, g: w @ EXP(u) / (1 + w @ EXP(u)),
    "g*sum(exp(u))/(1+g*sum(exp(u)))": lambda u, w, g: g * EXP(u).sum() / (1 + g * EXP(u).sum()),
    "log(1+1e-6*sum(exp(u)))": lambda u, w, g: mp.log(1 + mp.mpf(1e-6) * EXP(u).sum()),
    "log(1+1e7*sum(exp(u)))": lambda u, w, g: mp.log(1 + 10000000 * EXP(u).sum()),
}
WEIGHTS = {  # w and g
    "near 1": ([0.5, 2.0, 1.0], 0.5),
    "0 beside the largest": ([0.0, 2.0, 1.0], 0.25),
    "all 0": ([0.0, 0.0, 0.0], 0.0),
    "tiny": ([1e-60, 1e-9, 1e-30], 1e-60),
    "huge": ([1e30, 1e8, 0.0], 1e30),
}


def exact(function, values):
    """Value, gradient and Hessian by the first argument, by differences."""
    step = mp.mpf(10) ** -60
    u, w, g = (np.vectorize(mp.mpf, otypes=[object])(np.asarray(v, float)) for v in values)
    moves = step * np.eye(3, dtype=int).astype(object)

    def at(x):
        return function(x, w, g.item())

    slope = [(at(u + e) - at(u - e)) / (2 * step) for e in moves]
    bend = [[(at(u + e + f) - at(u + e - f) - at(u - e + f) + at(u - e - f)) / (4 * step**2) for f in moves] for e in moves]
    return np.array(at(u), float), np.array(slope, float), np.array(bend, float)


def codes(text, **options):
    expr, symbols = mc.parse(text)
    args = [symbols[k] if k in symbols else mc.parse(k)[1][k] for k in ("u", "w", "g")]
    args[1] = symbols.get("w", args[0].func("w", *args[0].shape))
    return [mc.lambdify(args, e, **options) for e in (expr, mc.gradient(expr, args[0]), mc.hessian(expr, args[0]))]


def compare(text, made, weights, scale, dtype):
    u = np.array([1, 0.9, -0.3], dtype) * dtype(scale) + dtype(0.25)
    w, g = (np.array(x, dtype) for x in weights)
    if "g*exp" not in text and "exp(g)" in text:
        g = dtype(scale / 2)
    with mp.workdps(300):
        expected = exact(FORMULAS[text], (u, w, g))
    for code, right in zip(made, expected, strict=True):
        found = code(u, w, dtype(g))
        found = np.asarray(found @ np.eye(3, dtype=dtype) if hasattr(found, "matvec") else found)
        assert found.dtype == dtype
        allowed = 100 * np.finfo(dtype).eps * max(1, abs(scale))
        np.testing.assert_allclose(found.reshape(right.shape), right, rtol=allowed, atol=allowed)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("text", FORMULAS)
def test_in_range_with_weights(text, weights):
    made = codes(text)
    for scale in (0, 1, 30, 370, 633, 1000, -1000) if weights != "all 0" else (0, 1, 30, 370, 633):  # 0 times infinity beyond
        compare(text, made, WEIGHTS[weights], scale, np.float64)
    if weights not in ("tiny", "huge"):
        for scale in (1, 50, 80, 200, -200) if weights != "all 0" else (1, 50, 80):
            compare(text, made, WEIGHTS[weights], scale, np.float32)


@pytest.mark.parametrize("text", ["log(1+w'*exp(u))", "g*sum(exp(u))/(1+g*sum(exp(u)))", "sum(log(1+w.*exp(u)))"])
def test_operators(text):
    made = codes(text)[:2] + codes(text, structured=True)[2:]
    for name in ("near 1", "0 beside the largest", "tiny"):
        for scale in (1, 370, 633, 1000):
            compare(text, made, WEIGHTS[name], scale, np.float64)


def test_negative_weights():
    """Where the sum stays above 0, and where it does not."""
    text = "log(1+w'*exp(u))"
    made = codes(text)
    for weights in ([2.0, -0.5, 1.0], [1.0, -1e-9, 0.0], [0.0, 0.0, -0.1]):
        for scale in (1, 30, 370, 1000):
            compare(text, made, (weights, 1.0), scale, np.float64)
    with np.errstate(invalid="ignore"):
        assert np.isnan(made[0](np.array([3.0, 0, 0]), np.array([-1.0, 0, 0]), 1.0))


def test_small_sums_keep_their_digits():
    value = codes("log(1+w'*exp(u))")[0]
    found = value(np.array([-50.0, 2.0, 690.0]), np.array([3.0, 1e-40, 0.0]), 1.0)
    np.testing.assert_allclose(found, 3 * np.exp(-50) + 1e-40 * np.exp(2), rtol=1e-14)


def test_complex_weights():
    value = codes("log(1+w'*exp(u))")[0]
    w = np.array([0.5j, 1.0, -0.25j])
    u = np.array([1.0, 0.5, -1.0])
    np.testing.assert_allclose(value(u, w, 1.0), np.log(1 + w @ np.exp(u)), rtol=1e-14)
    np.testing.assert_allclose(value(u + 1000, w, 1.0), np.log(w @ np.exp(u)) + 1000, rtol=1e-14)
