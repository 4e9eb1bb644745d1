"""Derivatives of sums of logarithms of cumulative sums of exponentials, and of sums over pairs, wherever the exponents are: by mpmath."""

import mpmath as mp
import numpy as np
import pytest

import sympy_matcalc as mc

EXP, LOG, EXACT = (np.vectorize(f, otypes=[object]) for f in (mp.exp, mp.log, mp.mpf))


def above(x):
    return np.cumsum(x)


def below(x):
    return np.cumsum(x[::-1])[::-1]


def pairs(x, y):
    return x[:, None] + y[None, :]


FORMULAS = {  # text: the same by mpmath; derivatives are by u
    "b'*log(cumsum(exp(u)))": lambda u, b, X, C: b @ LOG(above(EXP(u))),
    "b'*(u-log(revcumsum(exp(u))))": lambda u, b, X, C: b @ (u - LOG(below(EXP(u)))),
    "sum(log(2+cumsum(exp(u))))": lambda u, b, X, C: LOG(2 + above(EXP(u))).sum(),
    "b'*(X*u-log(revcumsum(exp(X*u))))": lambda u, b, X, C: b @ (X @ u - LOG(below(EXP(X @ u)))),
    "sum(log(revcumsum(exp(X*u))))": lambda u, b, X, C: LOG(below(EXP(X @ u))).sum(),
    "sum(log(cumsum(b.*exp(u))))": lambda u, b, X, C: LOG(above(b * EXP(u))).sum(),
    "sum(log(1+revcumsum(b.*exp(u))))": lambda u, b, X, C: LOG(1 + below(b * EXP(u))).sum(),
    "sum(exp(X*u)./cumsum(exp(X*u)))": lambda u, b, X, C: (EXP(X @ u) / above(EXP(X @ u))).sum(),
    "sum(C.*log(exp(u)*ones(n,1)'+ones(n,1)*exp(u)'))": lambda u, b, X, C: (C * LOG(pairs(EXP(u), EXP(u)))).sum(),
    "sum(C.*log(exp(X*u)*ones(n,1)'+ones(n,1)*exp(X*u)'))": lambda u, b, X, C: (C * LOG(pairs(EXP(X @ u), EXP(X @ u)))).sum(),
    "sum(C.*log(exp(2*u)*ones(n,1)'+ones(n,1)*exp(u)'))": lambda u, b, X, C: (C * LOG(pairs(EXP(2 * u), EXP(u)))).sum(),
    "sum(C.*log(exp(u)*ones(n,1)'+ones(n,1)*exp(b)'))": lambda u, b, X, C: (C * LOG(pairs(EXP(u), EXP(b)))).sum(),
    "sum_i b_i*(u_i-log(sum_{j=i}^n exp(u_j)))": lambda u, b, X, C: b @ (u - LOG(below(EXP(u)))),
}
MATRICES = np.array([[1, 0.5, 0], [-1, 0, 0.5], [0, 1, -1]]), np.array([[0.5, 1, 0.25], [0.1, 2, 1], [1, 0.5, 0.5]])
DIRECTIONS = np.array([[1, 0.9, 0], [0, -0.4, 1], [-1, -0.9, -0.95], [1, 1, 1]])


def derivatives(function, values):
    """Value, gradient and Hessian by the first argument, by differences."""
    step = mp.mpf(10) ** -60
    u, *rest = (EXACT(np.asarray(v, float)) for v in values)
    moves = step * np.eye(3, dtype=int).astype(object)
    slope = [(function(u + e, *rest) - function(u - e, *rest)) / (2 * step) for e in moves]
    corners = [[[function(u + s * e + t * f, *rest) for s in (1, -1) for t in (1, -1)] for f in moves] for e in moves]
    bend = [[(a - b - c + d) / (4 * step**2) for a, b, c, d in row] for row in corners]
    return np.array(function(u, *rest), float), np.array(slope, float), np.array(bend, float)


def codes(text, **options):
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in ("u", "b", "X", "C") if k in symbols]
    return args, [mc.lambdify(args, e, **options) for e in (expr, mc.gradient(expr, args[0]), mc.hessian(expr, args[0]))]


def compare(text, args, made, values, dtype=np.float64, to=lambda x: x):
    given = dict(zip("ubXC", values, strict=True))
    with mp.workdps(250):
        expected = derivatives(FORMULAS[text], values)
    scale = max(1, abs(values[0]).max())
    for code, right in zip(made, expected, strict=True):
        found = code(*(to(given[str(a)]) for a in args))
        found = np.asarray(found @ np.eye(3, dtype=dtype) if hasattr(found, "matvec") else found)
        allowed = 200 * np.finfo(dtype).eps * scale
        np.testing.assert_allclose(found.reshape(right.shape), right, rtol=allowed, atol=allowed)


@pytest.mark.parametrize("text", FORMULAS)
def test_at_all_exponents(text):
    args, made = codes(text)
    for dtype, scales in ((np.float64, (0, 1, 30, 370, 700, 3000, -3000)), (np.float32, (1, 50, 200))):
        for scale in scales:
            for k, direction in enumerate(DIRECTIONS):
                u = (direction * scale + 0.25).astype(dtype)
                b = np.array([[1.0, 2.0, 0.5], [0.25, 0.0, 1.0]][k % 2], dtype)
                compare(text, args, made, (u, b, *(m.astype(dtype) for m in MATRICES)), dtype)


@pytest.mark.parametrize("text", list(FORMULAS)[:10])
def test_operators(text):
    args, made = codes(text, structured=True)
    for scale in (1, 400, 1000):
        for direction in DIRECTIONS:
            compare(text, args, made, (direction * scale, np.array([1.0, 2.0, 0.5]), *MATRICES))


@pytest.mark.parametrize("name", ["jax", "torch", "dask", "array_api_strict"])
@pytest.mark.parametrize("text", ["b'*log(cumsum(exp(u)))", "b'*(u-log(revcumsum(exp(u))))", "sum(log(cumsum(b.*exp(u))))"])
def test_in_all_libraries(text, name):
    library = pytest.importorskip({"dask": "dask.array", "jax": "jax.numpy"}.get(name, name))
    args, made = codes(text, modules=library if name == "array_api_strict" else name)
    for direction in DIRECTIONS[:2]:
        u, b = (direction * 64).astype(np.float32), np.array([1.0, 2.0, 0.5], np.float32)
        compare(text, args, made, (u, b, *MATRICES), np.float32, lambda x: library.asarray(x))


@pytest.mark.parametrize("text", ["b'*log(C*exp(u))", "b'*log(1+C*exp(u))"])
def test_operators_of_mixtures(text):
    """Of which all exponentials are in each sum."""
    number = "1+" in text
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in "ubC"]
    bend = mc.lambdify(args, mc.hessian(expr, args[0]), structured=True)
    b, weights = np.array([1.0, 2.0, 0.5]), MATRICES[1]
    for scale in (1, 370, 500):
        for direction in DIRECTIONS[:2]:
            with mp.workdps(250):
                expected = derivatives(lambda u, b, C: b @ LOG(number + C @ EXP(u)), (direction * scale, b, weights))[2]
            found = bend(direction * scale, b, weights) @ np.eye(3)
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)


def test_long_sums():
    """Spans of exponents that no exponential can hold, against one after the other."""
    draw = np.random.default_rng(0)
    args, (_, slope, _) = codes("b'*log(cumsum(exp(u)))")
    for steps in (np.full(500, 0.01), np.full(500, 30.0), draw.choice([-50.0, 1, 900], 500)):
        u, b = np.cumsum(steps), draw.standard_normal(500)
        logs = np.logaddexp.accumulate(u)
        expected, after = np.zeros(500), 0.0
        for j in range(499, -1, -1):
            after = b[j] + (np.exp(logs[j] - logs[j + 1]) * after if j < 499 else 0)
            expected[j] = np.exp(u[j] - logs[j]) * after
        np.testing.assert_allclose(slope(u, b), expected, rtol=1e-9, atol=1e-12)


def test_of_no_entries():
    args, made = codes("b'*log(cumsum(exp(u)))")
    assert [np.shape(f(np.zeros(0), np.zeros(0))) for f in made] == [(), (0,), (0, 0)]


def test_complex_exponents():
    args, (_, slope, bend) = codes("b'*log(cumsum(exp(u)))")
    u, b = np.array([1 + 2j, -0.5 + 1j, 0.25 - 1j]), np.array([1.0, 2.0, 0.5])
    lower = np.tril(np.ones((3, 3)))
    shares = lower * np.exp(u) / (lower @ np.exp(u))[:, None]
    np.testing.assert_allclose(slope(u, b), shares.T @ b, rtol=1e-13)
    np.testing.assert_allclose(bend(u, b), np.diag(shares.T @ b) - shares.T @ np.diag(b) @ shares, rtol=1e-12)


@pytest.mark.parametrize("spread", [1, 40, 400, 800])
@pytest.mark.parametrize("turned", [False, True])
def test_the_logarithm_of_a_share_of_a_pair(spread, turned):
    """Of the strength of either of two, written as a quotient of exponentials: softplus of their difference."""
    own = r"e^{p_j}" if turned else r"e^{p_i}"
    e, symbols = mc.parse(rf"-\sum_{{i=1}}^n \sum_{{j=1}}^n W_{{ij}} \log \frac{{{own}}}{{e^{{p_i}}+e^{{p_j}}}}")
    p, W = spread * np.array([1, 0.2, -0.5, 0.9]), np.arange(16.0).reshape(4, 4)
    less = p[:, None] - p if turned else p - p[:, None]
    exact = (W * (np.maximum(less, 0) + np.log1p(np.exp(-abs(less))))).sum()
    assert mc.lambdify([symbols["p"], symbols["W"]], e)(p, W) == pytest.approx(exact, rel=1e-14)
