"""Arrays on diagonals: the values through every operation that keeps them, the sizes of what is made, and where they are filled up."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, MatrixSymbol, OneMatrix, Sum, Trace, exp, log, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.tensor.array.expressions import ArrayAdd, PermuteDims

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
P, V, A, T = MatrixSymbol("P", m, n), MatrixSymbol("V", n, k), MatrixSymbol("A", m, n), MatrixSymbol("T", m, m)
u = MatrixSymbol("u", m, 1)
ARGS = [P, V, A, T, u]
SIZES = {m: 4, n: 3, k: 2}
rng = np.random.default_rng(0)
data = [rng.standard_normal([SIZES.get(s, s) for s in a.shape]) for a in ARGS]
p, v, a, t, w = data
eye = np.eye(4)


def einsum(shape, dims, out, *factors, number=1):
    """An Einsum by its letters: ``dims`` gives the size of each."""
    names = list(dims)
    axes = lambda letters: [(names.index(x),) for x in letters]  # noqa: E731
    return Einsum(shape, EinsumTerm(number, tuple(dims.values()), tuple(axes(out)), [(f, *axes(letters)) for f, letters in factors]))


BLOCKS = einsum((m, k, m, n), {"i": m, "j": k, "l": n}, "ijil", (P, "il"), (V, "lj"))
blocks = np.einsum("il,lj,ih->ijhl", p, v, eye)
WHOLE = einsum((m, k, m, n), {"i": m, "j": k, "h": m, "l": n}, "ijhl", (P, "il"), (V, "lj"), (T, "ih"))
whole = np.einsum("il,lj,ih->ijhl", p, v, t)
FLAT = einsum((m, k, m, n), {"i": m, "j": k, "l": n}, "ijil", (V, "lj"))  # constant along the diagonal
flat = np.einsum("lj,ih->ijhl", v, eye)
SUM, total = ArrayAdd(BLOCKS, WHOLE), blocks + whole
SHORT = ArrayAdd(BLOCKS, einsum((m, k, m, n), {"i": m, "j": k, "h": m, "l": n}, "ijhl", (P * V, "ij")))  # with an array of fewer axes
short = blocks + (p @ v)[:, :, None, None]
FOUR = {"i": m, "j": k, "h": m, "l": n}
CASES = {
    "a factor along the diagonal": (
        einsum((m, k, m, k), FOUR | {"q": k}, "ijhq", (BLOCKS, "ijhl"), (V, "lq")), lambda: np.einsum("ijhl,lq->ijhq", blocks, v)),
    "summed along it": (einsum((k, m), FOUR, "jh", (BLOCKS, "ijhl"), (A, "il")), lambda: np.einsum("ijhl,il->jh", blocks, a)),
    "a factor across it": (einsum((m, k, m, n), FOUR, "ijhl", (BLOCKS, "ijhl"), (T, "ih")), lambda: blocks * t[:, None, :, None]),
    "summed across it": (einsum((k, n), FOUR, "jl", (BLOCKS, "ijhl"), (T, "hi")), lambda: np.einsum("ijhl,hi->jl", blocks, t)),
    "two of them": (
        einsum((m, m), FOUR | {"g": m}, "ig", (BLOCKS, "ijhl"), (BLOCKS, "gjhl")), lambda: np.einsum("ijhl,gjhl->ig", blocks, blocks)),
    "its trace": (einsum((k, n), {"i": m, "j": k, "l": n}, "jl", (BLOCKS, "ijil")), lambda: blocks.sum((0, 2))),
    "constant along the diagonal": (
        einsum((m, k, m, k), FOUR | {"q": k}, "ijhq", (FLAT, "ijhl"), (V, "lq")), lambda: np.einsum("ijhl,lq->ijhq", flat, v)),
    "constant, and summed": (einsum((m, k), FOUR, "hj", (FLAT, "ijhl"), (A, "il")), lambda: np.einsum("ijhl,il->hj", flat, a)),
    "two constant ones": (ArrayAdd(FLAT, FLAT), lambda: 2 * flat),
    "a sum with an array": (
        einsum((m, k, m, k), FOUR | {"q": k}, "ijhq", (SUM, "ijhl"), (V, "lq")), lambda: np.einsum("ijhl,lq->ijhq", total, v)),
    "that, summed along the diagonal": (einsum((k, m), FOUR, "jh", (SUM, "ijhl"), (A, "il")), lambda: np.einsum("ijhl,il->jh", total, a)),
    "that squared": (einsum((m, k), FOUR, "ij", (SUM, "ijhl"), (SUM, "ijhl")), lambda: (total**2).sum((2, 3))),
    "a sum of two": (
        einsum((m, k), FOUR, "hj", (ArrayAdd(BLOCKS, FLAT), "ijhl"), (A, "il")), lambda: np.einsum("ijhl,il->hj", blocks + flat, a)),
    "turned": (
        einsum((k, m), FOUR, "jh", (PermuteDims(BLOCKS, [2, 1, 0, 3]), "ijhl"), (A, "il")), lambda: np.einsum("hjil,il->jh", blocks, a)),
    "one constant along two axes": (
        einsum((m, k, m, k), FOUR | {"q": k}, "ijhq", (SHORT, "ijhl"), (V, "lq")), lambda: np.einsum("ijhl,lq->ijhq", short, v)),
    "that, beside a matrix": (einsum((m, k, m, n), FOUR, "ijhl", (SHORT, "ijhl"), (A, "hl")), lambda: short * a),
    "that, summed along an axis": (einsum((m, k, m), FOUR, "ijh", (SHORT, "ijhl")), lambda: short.sum(3)),
    "that, summed along both": (einsum((m, k), FOUR, "ij", (SHORT, "ijhl")), lambda: short.sum((2, 3))),
    "its diagonal": (einsum((m, k, n), {"i": m, "j": k, "l": n}, "ijl", (SHORT, "ijil")), lambda: np.einsum("ijil->ijl", short)),
    "its square": (einsum((m, k), FOUR, "ij", (SHORT, "ijhl"), (SHORT, "ijhl")), lambda: (short**2).sum((2, 3))),
    "with itself turned": (ArrayAdd(SHORT, PermuteDims(SHORT, [2, 1, 0, 3])), lambda: short + short.transpose(2, 1, 0, 3)),
    "another pattern": (
        einsum((m, m), {"i": m, "h": m, "g": m}, "gh",
               (einsum((m, m, m), {"i": m, "h": m}, "ihh", (T, "ih")), "ihg"), (T, "ig")),
        lambda: np.einsum("ih,ih->h", t, t) * eye),
}  # fmt: skip


@pytest.mark.parametrize("backend", ["numpy", "jax"])
@pytest.mark.parametrize("name", CASES)
def test_values(name, backend):
    if backend == "jax":
        pytest.importorskip("jax").config.update("jax_enable_x64", True)
    e, right = CASES[name]
    np.testing.assert_allclose(np.squeeze(mc.lambdify(ARGS, e, modules=backend)(*data)), right(), rtol=1e-10, atol=1e-12)


LESS = ["a factor along the diagonal", "summed along it", "a factor across it", "summed across it", "two of them", "its trace", "turned"]


@pytest.mark.parametrize("name", LESS)
def test_nothing_is_filled_up_on_the_way(name):
    source = mc.lambdify(ARGS, CASES[name][0]).source.split("def compute")[1]
    assert ("(m, k, m, n)" in source) == (name == "a factor across it")  # which has that size itself


def test_the_diagonal_of_an_outer_product_is_made_without_it():
    outer = einsum((m, k, m, k), {"i": m, "j": k, "h": m, "q": k, "l": n, "g": n}, "ijhq", (P, "il"), (V, "lj"), (A, "hg"), (V, "gq"))
    e = einsum((k, k), {"i": m, "j": k, "q": k}, "jq", (ArrayAdd(outer, PermuteDims(outer, [2, 3, 0, 1])), "ijiq"))
    f = mc.lambdify(ARGS, e)
    assert "diagonal" not in f.source.split("def compute")[1]
    pv, av = p @ v, a @ v
    np.testing.assert_allclose(f(*data), pv.T @ av + av.T @ pv, rtol=1e-12)


@pytest.mark.parametrize(
    "e, value",
    [
        (T.I - T.I * T.T * T.I, lambda: np.linalg.inv(t) - np.linalg.inv(t) @ t.T @ np.linalg.inv(t)),
        (T - T * T.T, lambda: t - t @ t.T),
        (T * T + 2 * OneMatrix(m, m), lambda: t @ t + 2),
        (T * T + u * OneMatrix(1, m), lambda: t @ t + w),
        (T * T + OneMatrix(m, 1) * u.T - T.applyfunc(exp), lambda: t @ t + w.T - np.exp(t)),
    ],
    ids=["inverses", "an argument", "a number", "columns", "rows"],
)
def test_the_diagonal_of_a_sum_with_a_product_is_made_without_it(e, value):
    f = mc.lambdify([T, u], DiagonalOf(e))
    np.testing.assert_allclose(f(t, w).ravel(), np.diagonal(value()), atol=1e-9)
    of_rows = f.source.count("einsum(")
    assert of_rows == 1, f.source[-400:]


def test_an_outer_product_that_is_a_result_too_keeps_its_diagonal():
    outer = einsum((m, k, m), {"i": m, "j": k, "h": m, "l": n}, "ijh", (P, "il"), (V, "lj"), (T, "hi"))
    e = einsum((m, k), {"i": m, "j": k}, "ij", (outer, "iji"))
    first, second = mc.lambdify(ARGS, [outer, e])(*data)
    np.testing.assert_allclose(first, np.einsum("il,lj,hi->ijh", p, v, t), rtol=1e-12)
    np.testing.assert_allclose(second, np.einsum("il,lj,ii->ij", p, v, t), rtol=1e-12)


@pytest.mark.parametrize("spelling", ["diagonal matrix", "softmax"])
def test_the_hessian_of_attention_has_no_array_of_zeros_but_the_result(spelling):
    Q, K, Y = MatrixSymbol("Q", m, k), MatrixSymbol("K", n, k), MatrixSymbol("Y", m, k)
    E = (Q * K.T).applyfunc(exp)
    weights = DiagMatrix(HadamardPower(E * OneMatrix(n, 1), -1)) * E if spelling == "diagonal matrix" else mc.Softmax(Q * K.T, axis=1)
    loss = mc.ElementSum(HadamardPower(weights * V - Y, 2))
    f = mc.lambdify([Q, K, V, Y], mc.hessian(loss, Q))
    body = f.source.split("def compute")[1]
    assert body.count("_embedded(") <= body.count("return ")  # once in each branch by sizes
    q, key, y = rng.standard_normal((4, 2)), rng.standard_normal((3, 2)), rng.standard_normal((4, 2))
    gradient, step, direction = mc.lambdify([Q, K, V, Y], mc.gradient(loss, Q)), 1e-6, rng.standard_normal((4, 2))
    ends = [gradient(q + side * step * direction, key, v, y) for side in (1, -1)]
    np.testing.assert_allclose(np.einsum("abcd,cd->ab", f(q, key, v, y), direction), (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-7)
    large = f(300 * q, key, v, y)
    assert np.isfinite(large).all()


def test_the_hessian_of_a_mixture_takes_memory_of_its_size():
    s = symbols("s", positive=True)
    M, X, b = MatrixSymbol("M", k, n), MatrixSymbol("X", m, n), MatrixSymbol("b", k, 1)
    d = X[i, :] - M[j, :]
    e = -Sum(log(Sum(b[j, 0] * exp(-(d * d.T)[0, 0] / (2 * s)), (j, 0, k - 1))), (i, 0, m - 1))
    source = mc.lambdify([M, X, b, s], mc.hessian(e, M)).source.split("def compute")[1]
    assert "(k, n, k, m)" not in source and "reshape(k * n * k" not in source


@pytest.mark.parametrize("f", [log, lambda z: z], ids=["a function of a sum over pairs", "a sum"])
def test_hessians_of_energies_of_points_take_memory_of_their_size(f):
    """As that of stochastic neighbours, sum P log(1 + d^2) + log(sum 1/(1 + d^2) - n)."""
    Y, W = MatrixSymbol("Y", n, k), MatrixSymbol("W", n, n)
    square = ((Y[i, :] - Y[j, :]) * (Y[i, :] - Y[j, :]).T)[0, 0]
    ends = (i, 0, n - 1), (j, 0, n - 1)
    e = Sum(W[i, j] * log(1 + square), *ends) + f(Sum(1 / (1 + square), *ends) - n)
    hessian, gradient = (mc.lambdify([Y, W], d(e, Y)) for d in (mc.hessian, mc.gradient))
    source = hessian.source.split("def compute")[1]
    assert "(n, k, n, n)" not in source and "reshape(n * k * n" not in source
    y, direction, weights, step = v, rng.standard_normal((3, 2)), rng.uniform(size=(3, 3)), 1e-6
    ends = [gradient(y + side * step * direction, weights) for side in (1, -1)]
    np.testing.assert_allclose(
        np.einsum("abcd,cd->ab", hessian(y, weights), direction), (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-7
    )


def test_a_number_on_a_diagonal():
    ones = einsum((m, k, m), {"i": m, "j": k}, "iji")
    e = ArrayAdd(ones, ones, einsum((m, k, m), {"i": m, "j": k, "l": n}, "iji", (P, "il"), (V, "lj")))
    right = (2 + p @ v)[:, :, None] * eye[:, None, :]
    np.testing.assert_allclose(mc.lambdify(ARGS, e)(*data), right, rtol=1e-12)
    summed = einsum((k, m), {"i": m, "j": k, "h": m}, "jh", (ArrayAdd(ones, ones), "ijh"), (T, "ih"))
    np.testing.assert_allclose(mc.lambdify(ARGS, summed)(*data), 2 * np.diag(t) * np.ones((2, 1)), rtol=1e-12)


def test_what_is_beside_a_diagonal_may_have_fewer_axes():
    """The Hessian of tr((C'A + A'C)^2), C = A - mean(A): a view of a diagonal and of what is constant along axes."""
    C = A - mc.Mean(A) * OneMatrix(m, n)
    e = Trace((C.T * A + A.T * C) ** 2)
    gradient, hessian = (mc.lambdify([A], d(e, A)) for d in (mc.gradient, mc.hessian))
    step = 1e-5 * v[:1, :1] * np.ones((4, 3))
    step[0, 1] *= -2
    slope = np.einsum("ijkl,kl->ij", hessian(a), step)
    assert np.allclose(slope, (gradient(a + step) - gradient(a - step)) / 2, rtol=1e-6, atol=1e-9)
