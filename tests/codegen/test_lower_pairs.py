"""Sums over pairs that have no matrix notation are arrays of all pairs, and those that are left out are not read."""

import warnings

import numpy as np
import pytest

import sympy_matcalc as mc


def energy(x, **_):
    return _pairs(x, lambda i, j: 1 / _distance(x, i, j))


def charges(x, q):
    return 2 * _pairs(x, lambda i, j: q[i] * q[j] / _distance(x, i, j))


def _distance(x, i, j):
    return np.linalg.norm(x[i] - x[j])


def _pairs(x, f):
    return sum((f(i, j) for i in range(len(x)) for j in range(i + 1, len(x))), 0.0)


CASES = {  # name: (typed, declarations, the same in Python, whether the points are vectors)
    "Coulomb": (r"\sum_{i<j} \frac{1}{\|x_i - x_j\|}", ["x: n x m"], energy, True),
    "charges": (r"\sum_{i \neq j} \frac{q_i q_j}{\|x_i - x_j\|}", ["x: n x m", "q: n"], charges, True),
    "other half": (r"\sum_{i > j} \frac{1}{\|x_i - x_j\|}", ["x: n x m"], energy, True),
    "stress": (r"\sum_{i<j} (\|x_i-x_j\| - D_{ij})^2", ["x: n x m", "D: n x n"], lambda x, D: _pairs(x, lambda i, j: (_distance(x, i, j) - D[i, j]) ** 2), True),
    "Lennard-Jones": (
        r"\sum_{i<j} (\|x_i - x_j\|^{-12} - \|x_i - x_j\|^{-6})", ["x: n x m"],
        lambda x: _pairs(x, lambda i, j: _distance(x, i, j) ** -12 - _distance(x, i, j) ** -6), True,
    ),
    "hinge": (r"\sum_{i<j} \max(0, 1 - \|x_i - x_j\|)", ["x: n x m"], lambda x: _pairs(x, lambda i, j: max(0.0, 1 - _distance(x, i, j))), True),
    "logarithm": (r"\sum_{i<j} \log|x_i - x_j|", ["x: n"], lambda x: _pairs(x, lambda i, j: np.log(abs(x[i] - x[j]))), False),
    "root of a quotient": (r"\sum_{i<j} \sqrt{\frac{1}{(x_i - x_j)^2}}", ["x: n"], lambda x: _pairs(x, lambda i, j: 1 / abs(x[i] - x[j])), False),
    "all pairs": (
        r"\sum_i\sum_j W_{ij}\sqrt{1+\|x_i - x_j\|}", ["x: n x m", "W: n x n"],
        lambda x, W: sum(W[i, j] * np.sqrt(1 + _distance(x, i, j)) for i in range(len(x)) for j in range(len(x))), True,
    ),
}  # fmt: skip


def data(declared, rows, columns, seed, vectors):
    rng = np.random.default_rng(seed)
    found = {"x": 3 * rng.normal(size=(rows, columns) if vectors else rows)}
    for text in declared[1:]:
        name = text[0]
        found[name] = rng.normal(size=rows if name == "q" else (rows, rows))
    if "D" in found:
        found["D"] = np.where(np.triu(np.ones((rows, rows)), 1), found["D"], np.nan)  # as far as it is meant
    return found


def differences(f, x, step=1e-6):
    out = np.zeros((*x.shape, *np.shape(f(x))))
    for at in np.ndindex(*x.shape):
        ahead, behind = x.copy(), x.copy()
        ahead[at] += step
        behind[at] -= step
        out[at] = (np.asarray(f(ahead)) - np.asarray(f(behind))) / (2 * step)
    return out


def read(name):
    typed, declared, python, vectors = CASES[name]
    expr, names = mc.parse(typed, declared)
    return expr, [names[text[0]] for text in declared], declared, python, vectors


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives(name):
    """In arithmetic on entries alone: no loop over rows, and no warning of what is left out."""
    expr, args, declared, python, vectors = read(name)
    value, gradient = mc.lambdify(args, expr), mc.lambdify(args, mc.gradient(expr, args[0]))
    has_kinks = name in ("hinge", "root of a quotient", "all pairs")
    hessian = None if has_kinks else mc.lambdify(args, mc.hessian(expr, args[0]))
    for f in (value, gradient, hessian):
        body = "" if f is None else f.source[f.source.index("def compute") :]
        assert body.count("for ") < 2 and "range(0, n)" not in body
    for rows, columns in ((5, 2), (1, 2), (2, 1), (7, 3)):
        given = data(declared, rows, columns, rows, vectors)
        rest = {k: v for k, v in given.items() if k != "x"}
        if name == "all pairs":
            np.fill_diagonal(rest["W"], 0)
            given = {"x": given["x"], **rest}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found, slope = value(*given.values()), np.asarray(gradient(*given.values()))
        assert np.isclose(found, python(**given), rtol=1e-11, atol=1e-12)
        if rows == 1 or name == "all pairs":
            continue
        exact = differences(lambda x, rest=rest: python(x=x, **rest), given["x"])
        assert np.allclose(slope.reshape(exact.shape), exact, rtol=1e-5, atol=1e-6 * np.abs(exact).max())
        if hessian is not None:
            second = differences(lambda x, rest=rest: gradient(x, *rest.values()), given["x"])
            assert np.allclose(np.reshape(hessian(*given.values()), second.shape), second, rtol=1e-5, atol=1e-6 * np.abs(second).max())


def test_many_points_are_tiles():
    """Two tiles and a rest: the second index has all of the points in each."""
    expr, args, *_ = read("Coulomb")
    x = np.random.default_rng(0).normal(size=(700, 3))
    value, slope = mc.lambdify(args, [expr, mc.gradient(expr, args[0])])(x)
    apart = np.linalg.norm(x[:, None] - x, axis=2)
    np.fill_diagonal(apart, np.inf)
    assert np.isclose(value, (1 / apart).sum() / 2)
    assert np.allclose(slope, -((x[:, None] - x) / apart[:, :, None] ** 3).sum(1), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["Coulomb", "charges", "stress", "logarithm"])
@pytest.mark.parametrize("module", ["jax", "torch"])
def test_other_libraries(name, module):
    library = pytest.importorskip(module)
    if module == "jax":
        library.config.update("jax_enable_x64", True)
    expr, args, declared, _, vectors = read(name)
    given = list(data(declared, 6, 3, 1, vectors).values())
    exprs = [expr, mc.gradient(expr, args[0])]
    convert = library.as_tensor if module == "torch" else library.numpy.asarray
    found = mc.lambdify(args, exprs, modules=module)(*map(convert, given))
    for a, b in zip(found, mc.lambdify(args, exprs)(*given), strict=True):
        assert np.allclose(a, b, rtol=1e-12)


@pytest.mark.parametrize("name", ["Coulomb", "charges", "logarithm"])
def test_batches_and_bounds(name):
    expr, args, declared, _, vectors = read(name)
    exprs = [expr, mc.gradient(expr, args[0])]
    one = mc.lambdify(args, exprs)
    several = [list(data(declared, 6, 2, seed, vectors).values()) for seed in range(3)]
    stacks = mc.lambdify(args, exprs, batch=args)(*map(np.stack, zip(*several, strict=True)))
    for k, given in enumerate(several):
        for a, b in zip(stacks, one(*given), strict=True):
            assert np.allclose(a[k], b, rtol=1e-12)
    bounded = mc.lambdify(args, exprs[1], memory="10 MB")
    assert np.allclose(bounded(*several[0]), one(*several[0])[1], rtol=1e-12)


def test_an_index_beyond_the_others_range_is_not_read():
    """`y` has entries from j = 1 on alone, as the bounds have it: no array of all pairs."""
    from sympy import MatrixSymbol, Sum, log, symbols

    n = symbols("n", integer=True, positive=True)
    i, j = symbols("i j", integer=True)
    x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n - 1, 1)
    f = mc.lambdify([x, y], Sum(log(1 + (x[i, 0] - y[j - 1, 0]) ** 2), (j, i + 1, n - 1), (i, 0, n - 1)))
    u, v = np.arange(4.0), np.array([0.5, 2, -1])
    assert np.isclose(f(u, v), sum(np.log(1 + (u[a] - v[b - 1]) ** 2) for a in range(4) for b in range(a + 1, 4)))


def test_a_place_beside_an_index_that_is_not_meant_is_none():
    """`j - 1` of j from i + 1 on is from 0 on; of all j it is not."""
    from sympy import MatrixSymbol, exp, symbols

    n = symbols("n", integer=True, positive=True)
    i, j = symbols("i j", integer=True)
    A = MatrixSymbol("A", n, n)
    for unit in (mc.MatrixUnit(n - 1, 1, j - 1, 0), mc.MatrixUnit(n - 1, n, j - 1, i), mc.MatrixUnit(n + 1, 1, i + 1, 0)):
        f = mc.lambdify([A], mc.MatrixSum(exp(A[i, j]) * unit, (j, i + 1, n - 1), (i, 0, n - 1)))
        data = np.random.default_rng(0).normal(size=(4, 4))
        expected = np.zeros([int(size.subs(n, 4)) for size in unit.shape])
        for a in range(4):
            for b in range(a + 1, 4):
                expected[tuple(int(at.subs({i: a, j: b})) for at in unit.args[2:])] += np.exp(data[a, b])
        assert np.allclose(f(data).reshape(expected.shape), expected)


def test_no_warning_of_roots_of_what_is_left_out():
    loss, names = mc.parse(r"\sum_{i<j} \sqrt{x_j - x_i}", ["x: n"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isclose(mc.lambdify([names["x"]], loss)(np.array([1.0, 2, 5])), 1 + 2 + np.sqrt(3))


@pytest.mark.parametrize("typed", [
    r"\sum_{i<j} \|A x_i - A x_j\|", r"\sum_{i,j} \|A x_i - x_j\|", r"\sum_{i \neq j} \log\|A x_i - x_j\|", r"\sum_{i<j} \frac{x_i^\top A x_j}{\|x_i - x_j\|}",
])  # fmt: skip
def test_derivatives_by_a_matrix_between_the_points(typed):
    expr, names = mc.parse(typed, ["x: n x m", "A: m x m"])
    args = [names["x"], names["A"]]
    value, gradient = mc.lambdify(args, expr), mc.lambdify(args, mc.gradient(expr, names["A"]))
    assert "range(0, n)" not in gradient.source
    for rows, columns in ((5, 2), (2, 3), (6, 1)):
        rng = np.random.default_rng(rows)
        x, A = rng.normal(size=(rows, columns)), rng.normal(size=(columns, columns))
        exact = differences(lambda A, x=x: value(x, A), A)
        assert np.allclose(gradient(x, A), exact, rtol=1e-5, atol=1e-6 * np.abs(exact).max())
