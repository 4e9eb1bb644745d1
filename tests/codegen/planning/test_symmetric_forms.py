"""Matrices that are symmetric by their form: which are recognised, and that what is made of it has the values of the formula as it stands."""

import numpy as np
import pytest
from sympy import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    cos,
    exp,
    log,
    sin,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions.determinant import Determinant

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.symmetric_forms import symmetric_forms
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.nodes import Einsum, EinsumTerm

m, n = symbols("m n", integer=True, positive=True)
r, t = symbols("r", positive=True), symbols("t", real=True)
X, Z, Y = MatrixSymbol("X", m, n), MatrixSymbol("Z", m, n), MatrixSymbol("Y", m, 2)
v, w, d, K = MatrixSymbol("v", m, 1), MatrixSymbol("w", m, 1), MatrixSymbol("d", n, 1), MatrixSymbol("K", m, m)
ones = OneMatrix(m, 1)
ARGS = [X, Z, Y, v, w, d, K, r]
squares = HadamardPower(X, 2)
kernel = (X * DiagMatrix(d) * X.T - squares * d * ones.T / 2 - ones * d.T * squares.T / 2).applyfunc(exp)
SYMMETRIC = {
    "rows with themselves": X * X.T + v * v.T,
    "a weight for each column": X * DiagMatrix(d) * X.T + X * X.T,
    "a function of them": (X * X.T).applyfunc(exp),
    "numbers for rows and for columns": (X * X.T - v * ones.T - ones * v.T).applyfunc(exp),
    "a kernel": kernel,
    "its inverse": (kernel + r * Identity(m)).I,
    "entries by numbers for rows and for columns": HadamardProduct(v * v.T, kernel),
    "half": (r * X * X.T).applyfunc(exp) / 2,
}
OTHER = {
    "other rows": (X * Z.T).applyfunc(exp),
    "other numbers for the columns": (X * X.T - v * ones.T - ones * w.T).applyfunc(exp),
    "numbers for the rows alone": (X * X.T - v * ones.T).applyfunc(exp),
    "an argument": K * 1,
    "a function of an argument": K.applyfunc(exp),
    "rows by an argument": (X * X.T * K).applyfunc(exp),
    "of two, one": HadamardProduct(v * w.T, kernel),
    "its inverse": ((X * Z.T).applyfunc(exp) + r * Identity(m)).I,
}


gaps = v * ones.T - ones * v.T
ANTISYMMETRIC = {
    "differences": gaps * 1,
    "their negative": ones * v.T - v * ones.T,
    "an odd function": gaps.applyfunc(tanh),
    "an odd power": HadamardPower(gaps, 3),
    "a quotient by an even function": gaps.applyfunc(Lambda(t, t / sqrt(1 + t**2))),
    "beside a kernel": HadamardProduct(kernel, gaps),
    "of two, with numbers": r * gaps.applyfunc(sin) - 2 * gaps,
    "the inverse of one": (gaps.applyfunc(sin) + HadamardPower(gaps, 3)).I,
}
SYMMETRIC |= {
    "an even function": gaps.applyfunc(cos),
    "an even power": HadamardPower(gaps, 2),
    "a negative even power": gaps.applyfunc(Lambda(t, (r + t**2) ** -2)),
    "a product of two odd functions": HadamardProduct(gaps.applyfunc(tanh), gaps),
}
OTHER |= {
    "neither odd nor even": gaps.applyfunc(exp),
    "an odd and an even part": gaps + HadamardPower(gaps, 2),
    "other differences": (v * ones.T - ones * w.T).applyfunc(tanh),
    "a number beside an odd function": gaps.applyfunc(Lambda(t, tanh(t) + 1)),
    "an odd function and an argument": HadamardProduct(gaps.applyfunc(tanh), K),
}


def both_ways(S):
    """A formula in which the matrix meets others as it is and transposed."""
    return S * Y + S.T * (S * Y)


def met(S, rows, columns):
    """Rows of the matrix that meet v, and rows or columns of it that meet w."""
    along = lambda x, i, j: EinsumTerm(1, (m, m), ((0,),), [(S, (i,), (j,)), (x, (1,), ())])  # noqa: E731
    return Einsum((m,), along(v, 0, 1), along(w, rows, columns))


def passed(expr):
    """(graph, root before, root after)."""
    ctx = Lowerer({m, n})
    root = ctx.low(expr).node
    return ctx.graph, root, symmetric_forms(ctx.graph, [root], Context(ctx.size, registry.find("numpy")({}), frozenset({m, n})))[0]


@pytest.mark.parametrize("name", SYMMETRIC)
def test_recognised(name):
    """Columns of it are rows."""
    graph, before, after = passed(met(SYMMETRIC[name], 1, 0))
    assert after is not before and text_of(after) == text_of(passed(met(SYMMETRIC[name], 0, 1))[1])
    assert any(node.number in graph.symmetric for node in reachable([after]))


@pytest.mark.parametrize("name", ANTISYMMETRIC)
def test_recognised_but_for_the_sign(name):
    """Columns of it are rows with a minus sign."""
    graph, before, after = passed(met(ANTISYMMETRIC[name], 1, 0))
    straight = passed(met(ANTISYMMETRIC[name], 0, 1))[1]
    assert after is not before and not graph.symmetric
    one, minus = text_of(straight).split(" + "), text_of(after).split(" + ")
    assert text_of(after) != text_of(straight) and text_of(after).replace("-1*sum", "sum") == text_of(straight).replace("-1*sum", "sum"), (
        one,
        minus,
    )


def test_a_matrix_and_its_negative_are_one():
    """As in the gradient of a sum of functions of differences, where each is met once."""
    x = MatrixSymbol("x", m, 1)
    differences = x * ones.T - ones * x.T
    f = mc.ElementSum(HadamardProduct(K, differences.applyfunc(Lambda(t, sqrt(1 + t**2)))))
    code = mc.lambdify([x, K], mc.gradient(f, x))
    assert '"ab,ba' not in code.source and code.source.count("np.sqrt(") == 1
    for size in (1, 2, 30):
        rng = np.random.default_rng(size)
        at, weights = rng.standard_normal(size), rng.standard_normal((2 * size, size))[::2]
        gap = at[:, None] - at
        slopes = weights * gap / np.sqrt(1 + gap**2)
        assert np.allclose(code(at, weights), slopes.sum(1) - slopes.sum(0), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OTHER)
def test_not_recognised(name):
    graph, before, after = passed(met(OTHER[name], 1, 0))
    assert after is before and not graph.symmetric


def data(rows, columns, dtype=float):
    rng = np.random.default_rng(rows)
    x, z = rng.standard_normal((2, rows, columns)) / np.sqrt(columns)
    rest = rng.standard_normal((rows, 2)), rng.standard_normal(rows), rng.standard_normal(rows), rng.random(columns)
    arrays = [x, z, *rest, rng.standard_normal((rows, rows)) / rows]
    if dtype is complex:
        arrays = [a + 0.3j * a[::-1] for a in arrays]
    return [np.asarray(a, dtype) for a in arrays] + [0.7]


@pytest.mark.parametrize("rows", [1, 2, 40])
@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("name", [*SYMMETRIC, *ANTISYMMETRIC, *OTHER])
def test_values(name, rows, dtype):
    """Against the matrix alone, with which NumPy does the rest."""
    S = (SYMMETRIC | ANTISYMMETRIC | OTHER)[name]
    if name == "the inverse of one":
        rows = 4  # an antisymmetric matrix of odd size is singular, a large one of few numbers nearly so
    values = data(rows, 3, dtype)
    alone = mc.lambdify(ARGS, S)(*values)
    got = mc.lambdify(ARGS, both_ways(S))(*values)
    want = alone @ values[2] + alone.T @ (alone @ values[2])
    assert np.allclose(got, want, rtol=1e-10, atol=1e-10 * np.abs(want).max())


# ---- the Hessian of a likelihood of a Gaussian process by the scales of its kernel, where all this meets
f = (v.T * (kernel + r * Identity(m)).I * v)[0, 0] + log(Determinant(kernel + r * Identity(m)))
CODE = mc.lambdify([d, X, v, r], [mc.gradient(f, d), mc.hessian(f, d)])


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (7, 1), (6, 4), (40, 3)])
def test_hessian_by_the_scales_of_a_kernel(rows, columns):
    x, _, _, y, _, scales, _, _ = data(rows, columns)
    step = 1e-5
    differences = [(CODE(scales + step * e, x, y, 0.7)[0] - CODE(scales - step * e, x, y, 0.7)[0]) / (2 * step) for e in np.eye(columns)]
    wide = np.repeat(np.repeat(x, 2, 0), 3, 1)  # an argument that is part of a larger array
    for place in (x, wide[::2, ::3], np.asfortranarray(x)):
        assert np.allclose(CODE(scales, place, y, 0.7)[1], differences, rtol=1e-6, atol=1e-7)
    single = CODE(scales.astype(np.float32), x.astype(np.float32), y.astype(np.float32), 0.7)[1]
    assert single.dtype == np.float32 and np.allclose(single, differences, rtol=2e-2, atol=2e-3)
