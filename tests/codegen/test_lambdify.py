"""The public function: arguments, sizes, results, errors, source, sharing, extreme values."""

import math
import re
import subprocess
import sys

import numpy as np
import pytest
from sympy import (
    Adjoint,
    Determinant,
    Dummy,
    Function,
    HadamardProduct,
    Identity,
    Lambda,
    MatAdd,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Sum,
    Symbol,
    Trace,
    exp,
    log,
    sin,
    symbols,
    tanh,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.errors import ExpressionError, MatcalcError, ShapeError

from ..counting import counted, products

m, n, k = symbols("m n k", integer=True, positive=True)
A, B, x, y = MatrixSymbol("A", n, n), MatrixSymbol("B", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)
t, c = symbols("t c")
RNG = np.random.default_rng(0)
a, b, v, w = RNG.standard_normal((3, 3)), RNG.standard_normal((2, 3)), RNG.standard_normal(3), RNG.standard_normal(2)


# ---- arguments and results
def test_vectors_come_back_the_way_they_went_in():
    f = lambdify([B, x, y], B.T * (B * x - y))
    assert f(b, v, w).shape == (3,)
    assert f(b, v[:, None], w[:, None]).shape == (3, 1)
    assert f(b, v, w[:, None]).shape == (3, 1)
    assert lambdify([A], A * OneMatrix(n, 1))(a).shape == (3, 1)
    assert lambdify(x, x.T)(v).shape == (1, 3)
    assert lambdify(x, x * x.T)(v).shape == (3, 3)


def test_scalars_are_scalars():
    for e in (x.T * A * x, Trace(A), (x.T * A * x)[0, 0], n, Sum(x[k, 0], (k, 0, n - 1))):
        assert np.ndim(lambdify([A, x], e)(a, v)) == 0
    assert isinstance(lambdify(x, n * 2)(v), float)


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.float32(0.5), np.array(0.5)])
def test_scalar_arguments(value):
    assert lambdify([t, x], t * x)(value, v) == pytest.approx(0.5 * v)


def test_integers_and_lists_are_data():
    assert lambdify([A, x], A * x)([[1, 2], [3, 4]], [1, 1]).tolist() == [3.0, 7.0]
    assert lambdify([t], 1 / t)(2) == 0.5
    assert lambdify([A], A**-1)(np.array([[2, 0], [0, 4]])).tolist() == [[0.5, 0], [0, 0.25]]
    assert lambdify([x], HadamardPower(x, -1))([1, 2]).tolist() == [1.0, 0.5]
    assert lambdify([x], HadamardPower(x, 0))([0, 2]).tolist() == [1.0, 1.0]
    assert lambdify([x, t], HadamardPower(x, t))([0, 2], 0).tolist() == [1.0, 1.0]


def test_forms_of_the_result():
    assert isinstance(lambdify([A], [A, A.T])(a), list)
    assert isinstance(lambdify([A], (A,))(a), tuple)
    out = lambdify([A, x], {"f": x.T * A * x, "g": (A + A.T) * x})(a, v)
    assert out["f"] == pytest.approx(v @ a @ v) and out["g"] == pytest.approx((a + a.T) @ v)


def test_one_size_at_run_time_is_no_scalar():
    f = lambdify([A, B, x], [A, B, B * A, x, x * x.T, HadamardProduct(A, A)])
    one = f(np.array([[2.0]]), np.ones((4, 1)), np.array([3.0]))
    assert [o.shape for o in one] == [(1, 1), (4, 1), (4, 1), (1,), (1, 1), (1, 1)]


def test_complex_data():
    z = a + 1j * RNG.standard_normal((3, 3))
    u = v * 1j
    assert lambdify([A, x], Adjoint(x) * A * x)(z, u) == pytest.approx(u.conj() @ z @ u)
    assert lambdify([A], A.applyfunc(Lambda(c, 1 / (1 + exp(-c)))))(z) == pytest.approx(1 / (1 + np.exp(-z)))
    assert lambdify([A], A.applyfunc(Lambda(c, log(1 + exp(c)))))(z) == pytest.approx(np.log(1 + np.exp(z)))
    assert lambdify([A], Trace(A.T * A))(z) == pytest.approx(np.trace(z.T @ z))
    assert lambdify([A], log(Determinant(A)))(z) == pytest.approx(np.log(np.linalg.det(z)))


def test_complex64_and_scalars_of_float32_data():
    f = lambdify([x, t], t * x + x)
    assert f(v.astype(np.float32), 0.1).dtype == np.float32
    assert f(v.astype(np.float32), 1j).dtype == np.complex64
    assert lambdify([x], log(n) * x / (n + 1))(v.astype(np.float32)).dtype == np.float32


# ---- sizes
def test_sizes_are_read_off_composite_shapes():
    C = MatrixSymbol("C", 2 * n + 1, m)
    assert lambdify([C], n * OneMatrix(m, 1))(np.zeros((7, 2))).tolist() == [[3], [3]]
    with pytest.raises(ShapeError):
        lambdify([C], C)(np.zeros((6, 2)))


def test_a_product_of_sizes_waits_for_its_factors():
    C = MatrixSymbol("C", m * n, 1)
    f = lambdify([C, B], C.T * C)
    assert f(np.ones(6), b) == 6
    with pytest.raises(ShapeError, match="`C`"):
        f(np.ones(5), b)
    with pytest.raises(MatcalcError, match="argument of its own"):
        lambdify([C], C)


def test_a_size_may_be_an_argument():
    f = lambdify([n], Identity(n) * 2)
    assert f(3).shape == (3, 3)
    with pytest.raises(ShapeError, match="`x`.*n from `n`"):
        lambdify([n, x], x)(2, v)


@pytest.mark.parametrize(("values", "words"), [
    ((a[:2], v), ["`A`", "(n, n) = (2, 2)", "(2, 3)"]),
    ((a, w), ["`x`", "n from `A`", "(3,)", "(2,)"]),
    ((a, a), ["`x`", "(n, 1)", "(3, 3)"]),
    ((v, v), ["`A`", "(3,)"]),
    ((a, v[None, :]), ["`x`", "(1, 3)"]),
])  # fmt: skip
def test_shape_errors_name_argument_expected_and_got(values, words):
    with pytest.raises(ShapeError) as error:
        lambdify([A, x], A * x)(*values)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_an_array_for_a_scalar():
    with pytest.raises(ShapeError, match="`t`"):
        lambdify([t], t)(v)
    with pytest.raises(ShapeError, match="`u`"):
        lambdify([MatrixSymbol("u", 1, 1)], MatrixSymbol("u", 1, 1))(v)


# ---- errors of the call
@pytest.mark.parametrize(("args", "e", "words"), [
    ([A], A * x, "`x`.*not an argument"),
    ([x], Identity(m), "`m`.*argument of its own"),
    ([A, A], A, "twice"),
    ([A, "x"], A, "a Symbol, a MatrixSymbol or an ArraySymbol"),
    ([A, Symbol("n")], Symbol("n") * A, "two different symbols.*`n`"),  # of two arguments of one name the places tell them apart
    ([MatrixSymbol("x", m, 1)], x.T * x, "`x` in the expression is not the argument"),
    ([t], Function("f")(t), "`f`"),
    ([t], Symbol("t", real=True), "not the argument"),
])  # fmt: skip
def test_errors_name_the_culprit(args, e, words):
    with pytest.raises(MatcalcError, match=words):
        lambdify(args, e)


def test_an_unknown_node_is_named():
    class Strange(MatrixExpr):
        shape = property(lambda self: self.args[0].shape)

    with pytest.raises(MatcalcError, match="Strange"):
        lambdify([A], Strange(A) + A)


def test_strings_and_other_back_ends_are_refused():
    with pytest.raises(ExpressionError):
        lambdify([t], "t + 1")
    for modules in ("fortran", None, 3):
        with pytest.raises(MatcalcError, match="numpy"):
            lambdify([t], t, modules=modules)


# ---- source
def test_source_runs_alone():
    f = lambdify([A, x, t], [log(Determinant(A)), (A * x).applyfunc(Lambda(c, 1 / (1 + exp(-c)))), A + t * Identity(n)])
    code = f.source + "\nprint(compute(np.eye(2) * 2, np.zeros(2), 1.0))\ntry:\n    compute(np.eye(2), np.zeros(3), 1.0)\n"
    code += "except ValueError as error:\n    print(error)\n"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert "1.38" in done.stdout and "argument `x`" in done.stdout
    assert "sympy" not in f.source and "scipy" not in f.source


@pytest.mark.parametrize("name", ["lambda", "x y", "import", "2x", "x-1", "é", "np", "flat", "t1", "_as_array", "sum", "__import__('os')"])
def test_names_that_are_no_identifiers(name):
    z, q = MatrixSymbol(name, n, 1), Symbol(name + "_")
    f = lambdify([z, q], q * (z + z.applyfunc(exp)))
    assert f(v, 2.0) == pytest.approx(2 * (v + np.exp(v)))


def test_names_that_become_equal():
    p, q, r = symbols("a-b a_b a+b")
    assert lambdify([p, q, r], p + 10 * q + 100 * r)(1, 2, 3) == 321


def test_dummies_of_one_name():
    p, q = Dummy("p"), Dummy("p")
    assert lambdify([p, q], p - q)(5, 3) == 2


def test_an_error_inside_shows_the_source():
    import traceback

    try:
        lambdify([A, x], A.I * x)(np.zeros((2, 2)), np.ones(2))
    except np.linalg.LinAlgError:
        assert "np.linalg.solve(A, x)" in traceback.format_exc()


# ---- what an expert would write
def body(f):
    return f.source.split("def compute")[1]


def test_shared_work_is_done_once():
    r = B * x - y
    f = lambdify([B, x, y], {"value": r.T * r, "gradient": 2 * B.T * r, "hessian": 2 * B.T * B})
    assert body(f).count("B.dot(x)") == 1


def test_transposed_copies_are_found():
    W, X = MatrixSymbol("W", m, n), MatrixSymbol("X", n, k)
    f = lambdify([W, X], Trace((W * X).applyfunc(tanh).T * (W * X).applyfunc(tanh)) + Trace((X.T * W.T) * W * X))
    assert body(f).count("W.dot(X)") == 1 and body(f).count("tanh") == 1


@pytest.mark.parametrize(("e", "has", "has_not"), [
    (B * A * x, ["B.dot(A.dot(x))"], []),
    (x * x.T * A * x, ["x.dot(A).dot(x)"], ["[:, None] * x"]),
    (A.I * x, ["solve(A, x)"], ["inv"]),
    (x.T * A.I, ["solve(A.T, x)"], ["inv"]),
    (DiagMatrix(x) * A, ["x[:, None] * A"], ["diag"]),
    (Trace(A * A.T), ["ravel"], ["trace"]),
    (A * OneMatrix(n, 1), ["_sums(A, 1)"], ["A.dot"]),
    (B.T * B, ["B.T.dot(B)"], []),
    (log(Determinant(A)), ["slogdet"], ["linalg.det"]),
    (A + t * Identity(n), ["_add_diagonal"], ["eye"]),
    (x.applyfunc(Lambda(c, log(1 + exp(c)))), ["_softplus(x)"], ["np.exp"]),
])  # fmt: skip
def test_spelling(e, has, has_not):
    text = body(lambdify([A, B, x, t], e))
    assert all(h in text for h in has) and not any(h in text for h in has_not), text


def test_arguments_are_not_written_to():
    f = lambdify([A, t], [A + t * Identity(n), A.T + Identity(n), A])
    before = a.copy()
    out = f(a, 2.0)
    assert (a == before).all() and out[0] == pytest.approx(a + 2 * np.eye(3)) and out[1] == pytest.approx(a.T + np.eye(3))


def test_shared_results_are_not_written_to():
    e = B.T * B
    out = lambdify([B, t], [e, e + t * Identity(n), e - Identity(n)])(b, 2.0)
    assert out[0] == pytest.approx(b.T @ b) and out[1] == pytest.approx(b.T @ b + 2 * np.eye(3))


def test_a_deep_dag_takes_steps_linear_in_its_size():
    h, steps = x, []
    for depth in range(1, 41):  # as a tree: 2**40 nodes
        h = MatAdd(MatMul(A, h, evaluate=False), h, evaluate=False)
        if depth in (20, 40):
            f, calls = counted(lambda h=h: lambdify([A, x], h))
            steps.append(calls)
    assert steps[1] < 3 * steps[0], steps
    small, want = a / 10, v
    for _ in range(40):
        want = small @ want + want
    assert f(small, v) == pytest.approx(want)


def test_a_long_chain_does_not_recurse():
    h = x
    for _ in range(100):
        h = MatMul(A, h.applyfunc(tanh))
    got = lambdify([A, x], h)(a / 10, v)
    want = v
    for _ in range(100):
        want = a / 10 @ np.tanh(want)
    assert got == pytest.approx(want)


def test_a_product_used_twice_is_not_expanded():
    p = A
    for _ in range(12):  # A**4096
        p = MatMul(p, p, evaluate=False)
    orthogonal = np.linalg.qr(a)[0]
    f = lambdify([A], p)
    assert products(f.source) < 30
    assert f(orthogonal) == pytest.approx(np.linalg.matrix_power(orthogonal, 4096))


# ---- extreme values
EXTREME = np.array([-1e4, -800.0, -1.0, 0.0, 1.0, 800.0, 1e4])


@pytest.mark.parametrize(("e", "want"), [
    (1 / (1 + exp(-c)), lambda u: 1 / (1 + math.exp(-u)) if u > -700 else 0.0),
    (exp(c) / (1 + exp(c)), lambda u: 1 / (1 + math.exp(-u)) if u > -700 else 0.0),
    (exp(-c) / (1 + exp(-c)) ** 2, lambda u: math.exp(-abs(u)) / (1 + math.exp(-abs(u))) ** 2),
    (exp(c) / (1 + exp(c)) ** 2, lambda u: math.exp(-abs(u)) / (1 + math.exp(-abs(u))) ** 2),
    (exp(-2 * c) / (1 + exp(-2 * c)), lambda u: 1 / (1 + math.exp(2 * u)) if u < 300 else 0.0),
    (exp(2 * c) / (1 + exp(c)) ** 2, lambda u: 1 / (1 + math.exp(-u)) ** 2 if u > -300 else 0.0),
    (log(1 + exp(c)), lambda u: max(u, 0) + math.log1p(math.exp(-abs(u)))),
    (log(1 + exp(-c)), lambda u: max(-u, 0) + math.log1p(math.exp(-abs(u)))),
    (log(1 / (1 + exp(-c))), lambda u: -max(-u, 0) - math.log1p(math.exp(-abs(u)))),
])  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_logistic_forms_at_extremes(e, want):
    f = lambdify([x], x.applyfunc(Lambda(c, e)))
    assert f(EXTREME) == pytest.approx([want(u) for u in EXTREME])
    g = lambdify([c], e)
    assert g(-1e4) == pytest.approx(want(-1e4)) and g(1e4) == pytest.approx(want(1e4))


@pytest.mark.filterwarnings("error")
def test_log_sum_exp_and_softmax_at_extremes():
    E = x.applyfunc(exp)
    big = np.array([1e4, 0.0, -1e4])
    total = Sum(exp(x[k, 0]), (k, 0, n - 1))
    for e in (log((OneMatrix(1, n) * E)[0, 0]), log(OneMatrix(1, n) * E), log(total), (OneMatrix(1, n) * E).applyfunc(log)):
        assert lambdify([x], e)(big) == pytest.approx(1e4)
    for e in (E / (OneMatrix(1, n) * E)[0, 0], E * (OneMatrix(1, n) * E) ** -1, E / total):
        assert lambdify([x], e)(big) == pytest.approx([1, 0, 0])
    Z = (B * A).applyfunc(exp)
    rows = DiagMatrix(HadamardPower(Z * OneMatrix(n, 1), -1)) * Z
    assert np.isfinite(lambdify([A, B], rows)(1e4 * a, b)).all()
    rows = HadamardProduct(Z, HadamardPower(Z * OneMatrix(n, n), -1))
    assert lambdify([A, B], rows)(1e4 * a, b).sum(1) == pytest.approx([1, 1])


def test_logarithm_of_a_negative_determinant_is_nan():
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    with np.errstate(invalid="ignore"):
        assert np.isnan(lambdify([A], log(Determinant(A)))(swap))
        assert np.isnan(lambdify([A], log(3 * Determinant(A)))(swap))
        assert lambdify([A], log(-3 * Determinant(A)))(swap) == pytest.approx(math.log(3))
    assert lambdify([A], log(Determinant(A)))(np.eye(400) * 1e-3) == pytest.approx(400 * math.log(1e-3))


def test_indices_out_of_range_are_errors():
    i = Symbol("i", integer=True)
    with pytest.raises(IndexError):
        lambdify([x, i], x[i, 0])(v, -1)
    with pytest.raises(IndexError):
        lambdify([x], Sum(x[i - 1, 0], (i, 0, n - 1)))(v)
    with pytest.raises(IndexError):
        lambdify([A], A[0:5, :])(a)


def test_a_non_integer_for_an_integer():
    with pytest.raises(ShapeError, match="`k`"):
        lambdify([A, k], A**k)(a, 1.5)


def test_the_source_is_deterministic():
    first, second = (lambdify([A, B, x, t], Trace(A.I * B.T * B) * A * x + t * x).source for _ in range(2))
    assert first == second and not re.search(r"0x[0-9a-f]{6}", first)


# ---- results and arguments
def test_who_writes_into_a_result_changes_nothing_else():
    results = lambdify([A, x], {"A": A, "turned": A.T, "inverse": A.I, "again": A.I.T, "column": A[:, 0], "x": x})
    a, v = 2 * np.eye(3), np.ones(3)
    out = results(a, v)
    for r in out.values():
        r[...] = 7
    assert (a == 2 * np.eye(3)).all() and (v == 1).all()
    assert not any(np.shares_memory(p, q) for p in out.values() for q in out.values() if p is not q)


def test_a_product_that_is_singular_by_its_sizes_has_no_inverse():
    X = MatrixSymbol("X", *B.shape)
    tall, wide = (np.random.default_rng(1).standard_normal(s) for s in ((4, 2), (2, 4)))
    gradient = lambdify(X, X * (X.T * X).I)
    np.testing.assert_allclose(gradient(tall), np.linalg.pinv(tall).T)
    with pytest.raises(np.linalg.LinAlgError):
        gradient(wide)
    assert lambdify(X, log(Determinant(X.T * X)))(wide) == -np.inf


def test_a_size_below_zero_is_an_error():
    rows, n = B.shape[0] + A.shape[0], A.shape[0]
    with pytest.raises(ShapeError, match="m not negative"):
        lambdify([MatrixSymbol("M", rows, n), A], MatrixSymbol("M", rows, n) * A)(np.ones((2, 3)), np.eye(3))


def test_masked_arrays_are_refused():
    with pytest.raises(TypeError, match="plain array"):
        lambdify(A, 2 * A)(np.ma.array(np.eye(2)))


# ---- matrices of one entry
@pytest.mark.parametrize("library", ("numpy", "jax.numpy", "torch", "dask.array"))
def test_expressions_of_matrices_of_one_entry_come_back_as_these_came(library):
    """What is made of 1 x 1 matrices is one, a gradient by one too; an inner product is a scalar, also beside one."""
    module = pytest.importorskip(library)
    z, o, w = MatrixSymbol("z", 1, 1), MatrixSymbol("o", 1, 1), MatrixSymbol("w", n, 1)
    inner = x.T * w
    matrices = [inner[0, 0] * Identity(1), mc.gradient(inner * z, z), mc.gradient(z * z, z), mc.gradient(inner, z), t * Identity(1) + z]
    matrices += [z, z * z, inner * z, mc.MatrixExp(z), mc.Softmax(z), z.applyfunc(sin) + 2 * z]
    scalars = [inner, Trace(z), z[0, 0], sin(z[0, 0]) * Trace(o)]
    f = mc.lambdify([x, w, z, o, t], matrices + scalars, modules=library.split(".")[0])
    one, vector = module.asarray(np.full((1, 1), 2.0)), module.asarray(np.ones(3))
    for first, second, wanted in ((one, one, (1, 1)), (2.0, one, (1, 1)), (2.0, 3.0, ())):
        got = f(vector, vector, first, second, 1.5)
        assert [tuple(g.shape) for g in got] == [wanted] * len(matrices) + [()] * len(scalars)
        assert [float(np.reshape(np.asarray(g), ())) for g in got[:4]] == [3, 3, 4, 0]
    assert np.shape(mc.lambdify([x, w], matrices[0])(np.ones(3), np.ones(3))) == ()  # nothing came as a matrix of one entry


def test_a_size_and_1_that_meet_in_a_product_are_an_error():
    """SymPy lets them stand; a 1 x 1 matrix is a number only where it is written as one."""
    one, A, x = MatrixSymbol("o", 1, 1), MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    for args, e in [([one, A], one * A), ([one, A], A * one), ([A, x], x.T * x * A), ([A, x], MatMul(2, x.T, x, A))]:
        with pytest.raises(ShapeError, match="has 1 columns, `A` has n rows|has n columns, `o` has 1 rows"):
            mc.lambdify(args, e)
    assert np.array_equal(mc.lambdify([one, A], one[0, 0] * A)(np.array([[2.0]]), np.eye(3)), 2 * np.eye(3))


def test_products_of_parts_of_larger_arrays():
    """The method of arrays would copy them."""
    whole = np.arange(60.0).reshape(6, 10) / 7
    f = lambdify([B, x], B * x)
    for b in (whole, whole.T, whole[:, 1:4], whole[::2], whole[:, ::3], whole[::-1, ::-1], whole.T[1:, 2:], whole[:0], whole[:, :0]):
        v = np.arange(2.0 * b.shape[1])[::2]
        np.testing.assert_allclose(f(b, v), b @ v)
        np.testing.assert_allclose(f(b.astype("f"), v.astype("f")), b @ v, rtol=1e-5)
        assert f(b.astype("f"), v.astype("f")).dtype == np.float32
        np.testing.assert_allclose(f(b + 1j, v), (b + 1j) @ v)
        np.testing.assert_allclose(f(b.tolist() if b.size else b, v), b @ v)


def test_a_number_less_an_array_is_written_into_what_is_no_argument():
    C, D = MatrixSymbol("C", m, n), MatrixSymbol("D", m, n)
    quotient = HadamardProduct(C, HadamardPower(D, -1))
    f = lambdify([C, D], OneMatrix(m, n) - quotient)
    assert "_less(1.0, C / D)" in f.source
    both = lambdify([C, D], [OneMatrix(m, n) - quotient, quotient])
    same = lambdify([C, D], OneMatrix(m, n) - C)
    assert "_less(" not in both.source and "_less(" not in same.source
    for shape in ((3, 2), (60, 50)):
        c, d = np.random.default_rng(0).random((2, *shape))
        before = c.copy(), d.copy()
        for kind in (float, np.float32, complex):
            got = f(c.astype(kind), d.astype(kind))
            assert got.dtype == kind
            np.testing.assert_allclose(
                got, 1 - c / d, rtol=1e-4 if kind is np.float32 else 1e-12, atol=1e-4 if kind is np.float32 else 1e-12
            )
        np.testing.assert_allclose(both(c, d)[0], 1 - both(c, d)[1])
        np.testing.assert_allclose(same(c, d), 1 - c)
        assert (c == before[0]).all() and (d == before[1]).all()


@pytest.mark.parametrize("e", [x**2, A * x**-1], ids=str)
def test_powers_of_columns_are_refused_by_their_shape(e):
    with pytest.raises(ShapeError, match="needs a square matrix"):
        lambdify([A, x], e)


def test_a_root_of_a_matrix_is_refused_by_its_name():
    with pytest.raises(MatcalcError, match="the square root is `MatrixSqrt`"):
        lambdify([A], A ** Rational(1, 2))
