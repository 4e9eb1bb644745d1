"""Sums of several exponentials, and of numbers with them: values and derivatives where the exponentials are out of range."""

import mpmath as mp
import numpy as np
import pytest
from sympy import DiagMatrix, Lambda, MatrixSymbol, OneMatrix, exp, sin, symbols
from sympy.matrices.expressions.hadamard import HadamardProduct as of

import sympy_matcalc as mc

EXP = np.vectorize(mp.exp, otypes=[object])
EXACT = np.vectorize(mp.mpf, otypes=[object])
LOG = np.vectorize(mp.log, otypes=[object])

FORMULAS = {  # text: (its arguments, the first of which is that of derivatives; the same by mpmath)
    "p'*exp(d-p)/(1+sum(exp(d-p)))": ("p d", lambda p, d: p @ EXP(d - p) / (1 + EXP(d - p).sum())),
    "u'*exp(u)/(1+sum(exp(u)))": ("u", lambda u: u @ EXP(u) / (1 + EXP(u).sum())),
    "log(1+sum(exp(u)))": ("u", lambda u: LOG(1 + EXP(u).sum())),
    "log(2+3*sum(exp(u)))": ("u", lambda u: LOG(2 + 3 * EXP(u).sum())),
    "log(norm(exp(u)))": ("u", lambda u: LOG(EXP(2 * u).sum()) / 2),
    "sum(log(1+exp(u)+exp(w)))": ("u w", lambda u, w: LOG(1 + EXP(u) + EXP(w)).sum()),
    "sum(log(exp(u)+exp(w)))": ("u w", lambda u, w: LOG(EXP(u) + EXP(w)).sum()),
    "log(exp(a)+exp(b)+exp(c))": ("a b c", lambda a, b, c: LOG(EXP(a) + EXP(b) + EXP(c))),
    "a*exp(a)/(1+exp(a)+exp(b))": ("a b", lambda a, b: a * EXP(a) / (1 + EXP(a) + EXP(b))),
    "sum(exp(u))*exp(a)/(1+sum(exp(u))+exp(a))^2": ("u a", lambda u, a: EXP(u).sum() * EXP(a) / (1 + EXP(u).sum() + EXP(a)) ** 2),
    "log(exp(a)+exp(b))-log(1+exp(a))": ("a b", lambda a, b: LOG(EXP(a) + EXP(b)) - LOG(1 + EXP(a))),
    "log(1+sum(exp(u)))-log(1+sum(exp(u))+exp(a))": ("u a", lambda u, a: LOG(1 + EXP(u).sum()) - LOG(1 + EXP(u).sum() + EXP(a))),
}
ARRAYS = {"u": [1, 0.9, 0], "w": [0.99, -1, 0.5], "p": [0.001, 0.002, 0.003], "d": [0, 1, 0.5]}
NUMBERS = {"a": 1, "b": 0.99, "c": -1}


def arguments(names, scale, dtype):
    """What the exponents are at a scale."""
    return [np.array(ARRAYS[k] if k in ARRAYS else NUMBERS[k], dtype) * dtype(scale) + dtype(0.25) for k in names]


def derivatives(function, values):
    """Value, gradient and Hessian by the first argument, by differences with sixty digits."""
    step = mp.mpf(10) ** -15
    exact = [EXACT(v.astype(float)) if v.ndim else mp.mpf(float(v)) for v in values]
    size = values[0].size

    def at(*moves):
        first, *rest = exact
        if values[0].ndim:
            first = first.copy()
            for k, x in moves:
                first[k] += x
        else:
            first = first + sum(x for _, x in moves)
        return function(first, *rest)

    slope = [(at((k, step)) - at((k, -step))) / (2 * step) for k in range(size)]
    bend = [
        [sum(s * t * at((k, s * step), (j, t * step)) for s in (1, -1) for t in (1, -1)) / (4 * step**2) for j in range(size)]
        for k in range(size)
    ]
    return np.array(at(), float), np.array(slope, float), np.array(bend, float)


@pytest.mark.parametrize("text", FORMULAS)
def test_in_range_where_the_exponentials_are_not(text):
    names, function = FORMULAS[text][0].split(), FORMULAS[text][1]
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in names]
    codes = [mc.lambdify(args, e) for e in (expr, mc.gradient(expr, args[0]), mc.hessian(expr, args[0]))]
    with mp.workdps(60):
        for dtype, scales in ((np.float64, (0, 1, 40, 400, 1000, -1000)), (np.float32, (0, 1, 40, 60, 200, -200))):
            for scale in scales:
                values = arguments(names, scale, dtype)
                for code, expected in zip(codes, derivatives(function, values), strict=True):
                    found = np.asarray(code(*values), float).reshape(expected.shape)
                    allowed = 100 * np.finfo(dtype).eps * max(1, abs(scale))
                    np.testing.assert_allclose(found, expected, rtol=allowed, atol=allowed, err_msg=f"{dtype.__name__} {scale}")


def test_small_sums_have_their_digits():
    expr, symbols = mc.parse("log(1+sum(exp(u)))")
    found = mc.lambdify([symbols["u"]], expr)(np.array([-50.0, -51.0]))
    np.testing.assert_allclose(found, np.exp(-50) + np.exp(-51), rtol=1e-14)


def test_of_no_entries():
    expr, symbols = mc.parse("log(1+sum(exp(u)))")
    assert mc.lambdify([symbols["u"]], expr)(np.zeros(0)) == 0


@pytest.mark.parametrize("name", ["jax", "torch", "dask", "array_api_strict"])
def test_in_all_libraries(name):
    library = pytest.importorskip({"dask": "dask.array", "jax": "jax.numpy"}.get(name, name))
    expr, symbols = mc.parse("log(1+sum(exp(u)))")
    value = mc.lambdify([symbols["u"]], expr, modules=library if name == "array_api_strict" else name)(library.asarray([50.0, 49.0]) * 20)
    np.testing.assert_allclose(float(value), np.logaddexp(1000, 980), rtol=1e-6)


@pytest.mark.parametrize("text", ["p'*exp(d-p)/(1+sum(exp(d-p)))", "u'*exp(u)/(1+sum(exp(u)))", "log(2+3*sum(exp(u)))"])
@pytest.mark.parametrize("scale", [1, 400, 1000])
def test_operators_have_each_part_in_range(text, scale):
    names, function = FORMULAS[text][0].split(), FORMULAS[text][1]
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in names]
    values = arguments(names, scale, np.float64)
    found = mc.lambdify(args, mc.hessian(expr, args[0]), structured=True)(*values)
    with mp.workdps(60):
        expected = derivatives(function, values)[2]
    np.testing.assert_allclose(found @ np.eye(3), expected, rtol=1e-12, atol=1e-14 * scale)


@pytest.mark.parametrize("text", ["log(1+exp(a)+exp(b))", "log(exp(a)+exp(b))"])
def test_infinite_exponents(text):
    expr, symbols = mc.parse(text)
    f, least = mc.lambdify([symbols["a"], symbols["b"]], expr), 0 if "1+" in text else -np.inf
    with np.errstate(all="ignore"):
        assert (f(np.inf, 1.0), f(-np.inf, -np.inf), f(np.inf, np.inf)) == (np.inf, least, np.inf)


def test_a_group_that_gains_nothing_leaves_the_nodes_of_the_next():
    text = (
        "sqrt((exp(a-b)+2.5+3*sum(exp(w))+exp(b)))/(exp(a-b)+exp(2*a)+exp(a)+2*exp(a))^2"
        "+log((b*exp(a)+1+exp(a+b)))*b/sqrt((sum(exp(u))+u'*u*exp(a)+1+3*sum(exp(w))))"
    )
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in "abuw"]
    values = 0.25, 0.75, np.array([0.5, -1.0]), np.array([-0.5, 1.0])
    f, h = (mc.lambdify(args, d(expr, args[3])) for d in (mc.gradient, mc.hessian))
    for k in range(2):
        move = 1e-5 * np.eye(2)[k]
        differences = (f(*values[:3], values[3] + move) - f(*values[:3], values[3] - move)) / 2e-5
        np.testing.assert_allclose(h(*values)[:, k], differences, rtol=1e-6)


WEIGHTED = {  # text: by mpmath; p are weights
    "log(1+p'*exp(u))": lambda p, u: LOG(1 + p @ EXP(u)),
    "p'*exp(u)/(1+p'*exp(u))^2": lambda p, u: p @ EXP(u) / (1 + p @ EXP(u)) ** 2,
    "sum(log(1+p.*exp(u)+exp(u./2)))": lambda p, u: LOG(1 + p * EXP(u) + EXP(u / 2)).sum(),
    "log(1+exp(u'*u/8)*sum(p)+p'*exp(u))": lambda p, u: LOG(1 + EXP(u @ u / 8) * p.sum() + p @ EXP(u)),
}


@pytest.mark.parametrize("weights", [(0, 1), (0, 0), (1e-15, 0), (1e-6, 1e-3)])
@pytest.mark.parametrize("text", WEIGHTED)
def test_weights_that_are_small_or_zero(text, weights):
    expr, symbols = mc.parse(text)
    f = mc.lambdify([symbols["p"], symbols["u"]], expr)
    for largest in (1.0, 15.0, 30.0):
        values = np.array(weights, float), np.array([largest, 0.3])
        with mp.workdps(60):
            expected = float(WEIGHTED[text](*map(EXACT, values)))
        np.testing.assert_allclose(f(*values), expected, rtol=1e-13)


def test_a_weight_of_zero_beside_the_largest_exponent():
    expr, symbols = mc.parse("log(1+p'*exp(u))")
    args = [symbols["p"], symbols["u"]]
    slope, bend = (mc.lambdify(args, d(expr, args[1])) for d in (mc.gradient, mc.hessian))
    share = 1 / (1 + np.exp(-0.3))
    for dtype, largest in ((np.float64, 400), (np.float64, 700), (np.float32, 60), (np.float32, 80)):
        values = np.array([0, 1], dtype), np.array([largest, 0.3], dtype)
        np.testing.assert_allclose(slope(*values), [0, share], rtol=1e-6)
        np.testing.assert_allclose(bend(*values), [[0, 0], [0, share * (1 - share)]], rtol=1e-6)


@pytest.mark.parametrize("weight", ["1e-15", "t"])
def test_a_small_number_beside_an_exponential(weight):
    expr, symbols = mc.parse(f"log(1+exp(a)+{weight}*exp(b))")
    args = [symbols[k] for k in "abt" if k in symbols]
    f = mc.lambdify(args, expr)
    np.testing.assert_allclose(f(*(0.3, 30.0, 1e-15)[: len(args)]), np.log1p(np.exp(0.3) + 1e-15 * np.exp(30.0)), rtol=1e-14)


def test_quotients_by_what_is_infinite():
    expr, symbols = mc.parse("exp(a)/(1+exp(a)+exp(b))")
    f = mc.lambdify([symbols["a"], symbols["b"]], expr)
    assert f(1.0, np.inf) == 0


@pytest.mark.parametrize("text", ["log(exp(a)+sum(exp(u)))", "log(exp(a)+u'*u*exp(b)+sum(exp(u)))", "sum(exp(u))/(1+exp(a)+sum(exp(u)))"])
def test_batches_with_a_number_that_is_one_for_all(text):
    expr, symbols = mc.parse(text)
    args = [symbols[k] for k in "abu" if k in symbols]
    u = np.array([[1, 0.9, 0], [-1, 0.5, 1.1]])
    for e in (expr, mc.gradient(expr, symbols["u"]), mc.hessian(expr, symbols["u"]), mc.gradient(expr, symbols["a"])):
        batch, one = mc.lambdify(args, e, batch=[symbols["u"]]), mc.lambdify(args, e)
        for scale in (1, 40, 400, 1000, -1000):
            numbers = [{"a": 0.9, "b": 1.0}[str(x)] * scale for x in args[:-1]]
            expected = [one(*numbers, x) for x in u * scale]
            assert np.isfinite(expected).all()
            np.testing.assert_allclose(batch(*numbers, u * scale), expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("shift", [0, 200, 600, -200])
@pytest.mark.parametrize("spread", [1, 10, 100, 300])
def test_batches_beside_a_sum_of_exponentials_that_is_one_for_all(shift, spread):
    expr, symbols = mc.parse("log(w'*exp(u)+z'*exp(v))")
    args = [symbols[k] for k in "uvwz"]
    u, others = np.array([[1, 0.3, -0.5], [-0.5, 0.2, 1]]) * spread + shift, (np.array([0.1, 0.2, 0.3]) + shift, [1.0, 2, 3], [2.0, 0.5, 1])
    for e in (expr, mc.gradient(expr, args[0]), mc.hessian(expr, args[0])):
        batch, one = mc.lambdify(args, e, batch=[args[0]]), mc.lambdify(args, e)
        expected = [one(row, *others) for row in u]
        assert np.isfinite(expected).all()
        np.testing.assert_allclose(batch(u, *others), expected, rtol=1e-9, atol=1e-15 if e is expr else 1e-13 * np.abs(expected).max())


@pytest.mark.parametrize("text", ["sum(log(exp(a)*ones(n,1)+exp(u)))", "sum(log(1+exp(a)*ones(n,1)+exp(u)))"])
@pytest.mark.parametrize("scale", [1, 400, 1000, -1000])
def test_one_exponential_beside_each_entry(text, scale):
    expr, symbols = mc.parse(text)
    args = [symbols["u"], next(s for s in expr.free_symbols if str(s) == "a")]
    number = "1+" in text
    values = arguments("ua", scale, np.float64)
    with mp.workdps(60):
        expected = derivatives(lambda u, a: LOG(number + EXP(u) + mp.exp(a)).sum(), values)
    for e, right in zip((expr, mc.gradient(expr, args[0]), mc.hessian(expr, args[0])), expected, strict=True):
        found = np.asarray(mc.lambdify(args, e)(values[0], float(values[1]))).reshape(right.shape)
        np.testing.assert_allclose(found, right, rtol=1e-11, atol=1e-11)


m, n = symbols("m n", integer=True, positive=True)
s, x = symbols("s x")
L, R, u, w = (MatrixSymbol(name, *shape) for name, *shape in (("L", n, m), ("R", n, m), ("u", n, 1), ("w", m, 1)))
BELOW = w.applyfunc(Lambda(x, 1 / (exp(x) + exp(s))))
ROWS = OneMatrix(n, 1) * BELOW.T
OVER_COLUMNS = {
    "entries": (exp(s) * of(L, ROWS), lambda share, l, r, u, w: l * share),
    "products of entries": (of(exp(s) * of(L, R) * DiagMatrix(w), ROWS), lambda share, l, r, u, w: l * r * w * share),
    "outer products": (of(exp(s) * u * w.T, L.applyfunc(sin), ROWS), lambda share, l, r, u, w: np.outer(u, w) * np.sin(l) * share),
    "products of matrices": (of(exp(s) * L * L.T * R, ROWS), lambda share, l, r, u, w: l @ l.T @ r * share),
    "along rows": (of(exp(s) * R.T * L * L.T, BELOW * OneMatrix(1, n)), lambda share, l, r, u, w: (l @ l.T @ r * share).T),
}


@pytest.mark.parametrize("number", [0.3, 800.0])
@pytest.mark.parametrize(("e", "exact"), OVER_COLUMNS.values(), ids=OVER_COLUMNS)
def test_one_exponential_for_all_places_over_sums_of_which_each_has_its_own(e, exact, number):
    """It gets the axis of the sums, and no other of those that the product has."""
    rng = np.random.default_rng(6)
    data = rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4), rng.standard_normal(3)
    value = mc.lambdify([L, R, u, w, s], e)(*data, number)
    assert np.allclose(value, exact(1 / (1 + np.exp(data[3] - number)), *data), rtol=1e-12, atol=1e-14)
