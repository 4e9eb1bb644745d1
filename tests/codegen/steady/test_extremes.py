"""Forms that the code generator rewrites: right where the formula as typed overflows or cancels, and unchanged elsewhere."""

import math

import mpmath
import numpy as np
import pytest
import sympy as sp
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Trace,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sinh,
    sqrt,
    symbols,
    tanh,
)  # fmt: skip

import sympy_matcalc as mc
from sympy_matcalc import lambdify
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.pipeline import STEADY, run

n, m = symbols("n m", integer=True, positive=True)
t = symbols("t", real=True)
x, y, a = (MatrixSymbol(name, n, 1) for name in "xya")
X, Y, A, S = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("A", n, n), MatrixSymbol("S", n, n)
E, e, rows = X.applyfunc(exp), x.applyfunc(exp), OneMatrix(n, 1)
half = Rational(1, 2)


def each(f, at=x):
    return at.applyfunc(Lambda(t, f(t)))


# ---- functions of one variable
TAIL = float(mpmath.log(mpmath.erfc(40)))
RATIO = float(mpmath.exp(-1600) / mpmath.erfc(40))
FUNCTIONS = {  # the function, points at the edge, values there
    "x log x": (lambda u: u * log(u), [0.0, 1e-300, 1.0], [0.0, 1e-300 * math.log(1e-300), 0.0]),
    "x^2 log(x)^3": (lambda u: u**2 * log(u) ** 3, [0.0], [0.0]),
    "sqrt(x) log x": (lambda u: sqrt(u) * log(u), [0.0], [0.0]),
    "x (log x + 1)": (lambda u: u * (log(u) + 1), [0.0], [0.0]),
    "x log(3 x)": (lambda u: u * log(3 * u), [0.0], [0.0]),
    "log cosh": (lambda u: log(cosh(u)), [-1e4, 1e4], [1e4 - math.log(2)] * 2),
    "its slope": (lambda u: sinh(u) / cosh(u), [-1e4, 1e4], [-1.0, 1.0]),
    "tanh/cosh": (lambda u: sinh(u) / cosh(u) ** 2, [-1e4, 20.0], [0.0, 2 * math.exp(-20)]),
    "1 - tanh^2": (lambda u: 1 - tanh(u) ** 2, [-1e4, 30.0], [0.0, 4 * math.exp(-60)]),
    "log(1 - exp(-x))": (lambda u: log(1 - exp(-u)), [1e-18, 1e-3, 50.0], [math.log(1e-18), math.log(-math.expm1(-1e-3)), -math.exp(-50)]),
    "log of the normal distribution function": (lambda u: log((1 + erf(u)) / 2), [-40.0, 6.0], [TAIL - math.log(2), -math.erfc(6) / 2]),
    "log erfc": (lambda u: log(erfc(u)), [40.0], [TAIL]),
    "density over distribution": (lambda u: exp(-(u**2)) / (1 + erf(u)), [-40.0, 30.0], [RATIO, 0.0]),
    "sqrt(1 + x^2) - 1": (lambda u: sqrt(1 + u**2) - 1, [1e-10, 1e200, 0.0], [5e-21, np.inf, 0.0]),
    "exp(x) - 1": (lambda u: exp(u) - 1, [1e-18, -1e4], [1e-18, -1.0]),
    "2 - 2 exp(x)": (lambda u: 2 - 2 * exp(u), [1e-18], [-2e-18]),
    "exp(x) + x^2 - 1": (lambda u: exp(u) + u**2 - 1, [1e-18], [1e-18]),
    "a multiple of it": (lambda u: 3 * sqrt(1 + u) - 3, [1e-18, 1e200], [1.5e-18, 3e100]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_at_the_edge(name):
    f, points, want = FUNCTIONS[name]
    with np.errstate(over="ignore"):  # of a square, not of the function
        assert lambdify([x], each(f))(np.array(points)) == pytest.approx(want, rel=1e-9, abs=0)
        assert [lambdify([t], f(t))(p) for p in points] == pytest.approx(want, rel=1e-9, abs=0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_at_ordinary_points_are_what_they_were(name):
    f, points = FUNCTIONS[name][0], np.linspace(0.1, 3, 40)
    want = [float(f(sp.Float(p, 40))) for p in points]
    assert lambdify([x], each(f))(points) == pytest.approx(want, rel=2e-13)
    assert np.isnan(lambdify([x], each(f))(np.array([np.nan, 0.5]))).tolist() == [True, False]
    single = lambdify([x], each(f))(points.astype(np.float32))
    assert single.dtype == np.float32 and single == pytest.approx(want, rel=1e-4)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if "normal" not in name and "erfc" not in name and "density" not in name])
def test_functions_of_complex_numbers(name):
    f, point = FUNCTIONS[name][0], 0.3 + 0.4j
    got = lambdify([x], each(f))(np.array([point]))
    assert got[0] == pytest.approx(complex(sp.N(f(sp.Symbol("u")).subs(sp.Symbol("u"), sp.Float(0.3) + sp.Float(0.4) * sp.I))), rel=1e-12)


@pytest.mark.filterwarnings("error")
def test_a_map_of_exponentials():
    """The functions of exp(x) that are the logistic function and its kin, where exp(x) is a map of its own."""
    points = np.array([-1e4, -3.0, 0.5, 1e4])
    s = 1 / (1 + np.exp(-np.clip(points, -700, 700)))
    for f, want in (
        (lambda u: u / (1 + u), s),
        (lambda u: 1 / (1 + u), 1 - s),
        (lambda u: u / (1 + u) ** 2, s * (1 - s)),
        (lambda u: log(1 + u), np.maximum(points, 0) + np.log1p(np.exp(-abs(points)))),
        (lambda u: u / (1 + u) ** 3, s * (1 - s) ** 2),
    ):
        assert lambdify([x], each(f, e))(points) == pytest.approx(want, abs=1e-15)


# ---- x log x
LOG = Lambda(t, log(t))
ENTROPIES = {
    "by entries": mc.ElementSum(HadamardProduct(x, x.applyfunc(LOG))),
    "by a product": (x.T * x.applyfunc(LOG))[0, 0],
    "by a diagonal matrix": Trace(DiagMatrix(x) * DiagMatrix(x.applyfunc(LOG))),
    "by one": mc.ElementSum(each(lambda u: u * log(u))),
}


@pytest.mark.parametrize("name", ENTROPIES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_entropy_with_a_zero(name, dtype):
    f = lambdify([x], ENTROPIES[name])
    got = f(np.array([0, 0.5, 0.5], dtype))
    assert got == pytest.approx(-math.log(2)) and got.dtype == dtype
    assert np.isnan(f(np.array([0, np.nan], dtype)))
    many = np.full(5000, 0.5)
    many[7] = 0
    assert f(many) == pytest.approx(4999 * 0.5 * math.log(0.5))


def test_divergence_with_zeros():
    e = mc.ElementSum(HadamardProduct(x, x.applyfunc(LOG) - y.applyfunc(LOG)))
    f = lambdify([x, y], e)
    assert f(np.array([0.0, 0.5, 0.5]), np.array([0.0, 0.25, 0.75])) == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(2 / 3))
    assert np.isnan(f(np.array([0.0, 1.0]), np.array([np.nan, 1.0])))
    with np.errstate(divide="ignore"):
        assert f(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == np.inf
        assert lambdify([x], mc.gradient(ENTROPIES["by entries"], x))(np.array([0.0, 1.0])).tolist() == [-np.inf, 1.0]
    matrices = lambdify([X], Trace(X.T * X.applyfunc(LOG)))
    assert matrices(np.array([[0.0, 1.0], [0.5, 0.0]])) == pytest.approx(0.5 * math.log(0.5))


# ---- exponentials in ratios
TYPED = DiagMatrix(HadamardPower(E * rows, -1))
weights = (a.T * e)[0, 0]
RATIOS = {
    "softmax of rows": Trace(Y.T * TYPED * E),
    "softmax of rows, elementwise": mc.ElementSum(HadamardProduct(Y, E, HadamardPower(E * OneMatrix(n, n), -1))),
    "square of a softmax": Trace(TYPED * E * E.T * TYPED),
    "log of weighted sums": mc.ElementSum((E * a).applyfunc(log)),
    "weighted softmax": mc.ElementSum(HadamardProduct(Y, DiagMatrix(HadamardPower(E * a, -1)) * E)),
    "a mean under exponentials": (OneMatrix(1, m) * E * a)[0, 0] / (OneMatrix(1, m) * E * rows)[0, 0],
}


@pytest.mark.parametrize("name", RATIOS)
@pytest.mark.parametrize("order", ["value", "gradient"])
@pytest.mark.filterwarnings("error")
def test_ratios_of_exponentials_do_not_depend_on_their_scale(name, order):
    """Logits that are all larger by the same number, which no exponential survives, give what they gave."""
    expr = RATIOS[name] if order == "value" else mc.gradient(RATIOS[name], X)
    f = lambdify([X, Y, a], expr)
    r = np.random.default_rng(0)
    logits, others, c = r.standard_normal((3, 4)), r.standard_normal((3, 4)), r.uniform(0.5, 1, 4)
    want = f(logits, others, c) + (3072 if name.startswith("log") and order == "value" else 0)
    assert f(logits + 1024, others, c) == pytest.approx(want, rel=1e-11)
    assert f((logits + 64).astype(np.float32), others.astype(np.float32), c.astype(np.float32)).dtype == np.float32
    plain = np.exp(logits)
    if name == "weighted softmax" and order == "value":
        assert want == pytest.approx((others * plain / (plain @ c)[:, None]).sum(), rel=1e-12)
    if name == "log of weighted sums" and order == "value":
        assert f(logits, others, c) == pytest.approx(np.log(plain @ c).sum(), rel=1e-12)


def test_what_depends_on_the_scale_is_left_alone():
    for expr in (mc.ElementSum(E), E * E.T, weights**2 + weights):
        source = lambdify([X, x, a], expr).source
        assert ".max(" not in source and "_softmax" not in source


def test_the_sum_over_rows_is_not_the_sum_over_columns():
    """exp(Z) over the sums of its rows and of its columns: the degrees in the rows alone do not cancel."""
    both = HadamardProduct(E, (HadamardPower(E * rows, -1)) * HadamardPower(OneMatrix(1, m) * E, -1))
    logits = np.random.default_rng(0).standard_normal((3, 4))
    plain = np.exp(logits)
    assert lambdify([X], both)(logits) == pytest.approx(plain / plain.sum(1)[:, None] / plain.sum(0), rel=1e-12)


def test_second_derivative_of_a_mixture():
    f = lambdify([x, a], mc.hessian(log(weights), x))
    r = np.random.default_rng(1)
    p, c = r.standard_normal(5), r.uniform(0.5, 1, 5)
    q = c * np.exp(p) / (c @ np.exp(p))
    assert f(p + 5000, c) == pytest.approx(np.diag(q) - np.outer(q, q), abs=1e-11)


@pytest.mark.filterwarnings("error")
def test_a_softmax_in_the_exponent_of_another():
    once = DiagMatrix(HadamardPower(E * a, -1)) * E
    scores = (once * 4096).applyfunc(exp)
    twice = mc.ElementSum(HadamardProduct(Y, DiagMatrix(HadamardPower(scores * a, -1)) * scores))
    r = np.random.default_rng(3)
    logits, others, c = r.standard_normal((3, 4)), r.standard_normal((3, 4)), r.uniform(0.5, 1, 4)
    for expr in (twice, mc.gradient(twice, X)):
        f = lambdify([X, Y, a], expr)
        assert f(logits + 1024, others, c) == pytest.approx(f(logits, others, c), rel=1e-8, abs=1e-12)


def test_complex_exponentials():
    f, r = lambdify([x, a], [log(weights), HadamardProduct(a, e) / weights]), np.random.default_rng(2)
    p, c = r.standard_normal(4) + 2j, r.uniform(0.5, 1, 4)
    total = c @ np.exp(p)
    for got, want in zip(f(p, c), (np.log(total), c * np.exp(p) / total), strict=True):
        assert got == pytest.approx(want, rel=1e-13)


def test_log_softmax_of_equal_logits():
    f = lambdify([x], mc.Softmax(x).applyfunc(LOG))
    assert f(np.full(3, 1e8)) == pytest.approx(np.full(3, -math.log(3)), rel=1e-15)
    assert f(np.array([0.0, -np.inf])).tolist() == [0.0, -np.inf]


# ---- norms and determinants
NORMS = {"Norm": mc.Norm(x), "sqrt": sqrt((x.T * x)[0, 0]), "3-norm": mc.Norm(x, 3)}


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize(("dtype", "exponents"), [(np.float64, (-200, -150, 150, 200)), (np.float32, (-25, -15, 15, 25))])
def test_norms_at_all_scales(name, dtype, exponents):
    point = np.array([3, -4, 12], dtype)
    for order, power in (("value", 1), ("gradient", 0), ("hessian", -1)):
        if name == "3-norm" and order == "hessian":
            continue
        f = lambdify([x], NORMS[name] if order == "value" else getattr(mc, order)(NORMS[name], x))
        want = f(point)
        for k in exponents:
            got = f(point * dtype(10.0**k)).astype(float) * 10.0 ** (-k * power)
            assert got == pytest.approx(want, rel=100 * float(np.finfo(dtype).eps), abs=0), (order, k)


def test_norms_of_other_arrays():
    f = lambdify([x], NORMS["sqrt"])
    assert f(np.array([1j, 2.0])) == pytest.approx(np.sqrt(3 + 0j))
    f = lambdify([X], mc.Norm(X))
    for value, want in ((np.zeros((0, 2)), 0), (np.zeros((2, 2)), 0), ([[np.inf, 1.0]], np.inf), (np.ones((4, 4)).T[1:], 12**0.5)):
        assert f(value) == pytest.approx(want)
    assert np.isnan(f([[np.nan, 1.0]])) and np.isnan(f([[np.nan, 1e300]]))


def test_quotients_of_powers_of_scalars():
    quotient = (x.T * A * x)[0, 0] / (x.T * x)[0, 0]
    f = lambdify([x, A], mc.gradient(quotient, x))
    p, matrix = np.array([1.0, 2, -1]), np.arange(9.0).reshape(3, 3)
    for k in (-150, 150):
        assert f(p * 10.0**k, matrix) * 10.0**k == pytest.approx(f(p, matrix), rel=1e-13)


def test_quotients_of_determinants():
    f = lambdify([A, S], Determinant(A) / Determinant(S))
    big, other = 1e3 * np.eye(120), 1e3 * np.eye(120)
    other[0, 0] = -2e3
    assert f(big, other) == pytest.approx(-0.5)
    r = np.random.default_rng(0)
    p, q = r.standard_normal((2, 4, 4))
    assert f(p, q) == pytest.approx(np.linalg.det(p) / np.linalg.det(q), rel=1e-12)
    assert f(np.zeros((4, 4)), q) == 0
    p = p + 1j * q.T
    assert f(p, q) == pytest.approx(np.linalg.det(p) / np.linalg.det(q), rel=1e-12)


# ---- where nothing is to be done
def test_a_tanh_that_is_used_elsewhere_stays():
    source = lambdify([x], [x.applyfunc(tanh), each(lambda u: 1 - tanh(u) ** 2)]).source
    assert source.count("np.tanh") == 1 and "cosh" not in source


def test_a_graph_without_such_forms_is_the_same():
    g = Graph()
    node = g.mul(g.call("exp", g.make("sym", (), (t,), weak=False)), g.const(2))
    assert run(STEADY, g, [node], Context(g.const, registry.find("numpy")({}))) == [node]


# ---- other libraries
@pytest.mark.parametrize("name", ["x log x", "log cosh", "its slope", "1 - tanh^2", "log(1 - exp(-x))", "sqrt(1 + x^2) - 1"])
def test_derivatives_by_jax_have_no_nan(name):
    jax = pytest.importorskip("jax")
    f, points, want = FUNCTIONS[name]
    points, want = zip(*((p, w) for p, w in zip(points, want, strict=True) if 1e-30 < p < 1e30 or p in (0.0, -1e4)), strict=True)
    g = lambdify([t], f(t), modules="jax")
    for p, w in zip(points, want, strict=True):
        assert g(jax.numpy.float32(p)) == pytest.approx(w, rel=1e-5, abs=1e-30)
        slope = jax.jit(jax.grad(g))(jax.numpy.float32(p))
        assert jax.numpy.isfinite(slope) and jax.numpy.isfinite(jax.grad(jax.grad(g))(jax.numpy.float32(max(p, 0.1))))


def test_curvature_of_log_cosh_at_zero_by_jax():
    jax = pytest.importorskip("jax")
    g = lambdify([t], log(cosh(t)), modules="jax")
    assert jax.grad(jax.grad(g))(0.0) == pytest.approx(1) and jax.grad(g)(0.0) == pytest.approx(0)


@pytest.mark.parametrize("library", ["jax.numpy", "torch", "dask.array", "array_api_strict"])
def test_functions_at_the_edge_in_other_libraries(library):
    module = pytest.importorskip(library)
    modules = {"jax.numpy": "jax", "torch": "torch", "dask.array": "dask"}.get(library, module)
    for name in ("x log x", "log cosh", "its slope", "tanh/cosh", "1 - tanh^2", "sqrt(1 + x^2) - 1"):
        f, points, _ = FUNCTIONS[name]
        points = np.array([p for p in points if p < 1e30], np.float32)
        got = lambdify([x], each(f), modules=modules)(module.asarray(points))
        got = got.compute() if library == "dask.array" else getattr(got, "_array", got)
        with np.errstate(over="ignore", divide="ignore"):
            want = lambdify([x], each(f))(points.astype(float))
        assert np.asarray(got) == pytest.approx(want, rel=1e-5, abs=1e-37), name
