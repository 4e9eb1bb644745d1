"""Quadratic forms of an inverse: their values for every kind of matrix, and products that are none."""

import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, Q, Trace, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardProduct

from sympy_matcalc import lambdify

m, n = symbols("m n", integer=True, positive=True)
A, B, C, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m), MatrixSymbol("C", n, m), MatrixSymbol("x", n, 1)
WHOLE, DIAGONAL, SUM = "_factor_gram(", "_factor_forms(", "_factor_forms("
FORMS = [  # (expression, what its code has, its value by that of B' inverse(A) B)
    (B.T * A.I * B, WHOLE, lambda v: v),
    ((B.T * A.I * B).T, WHOLE, lambda v: v.T),
    (B.T * A.T.I * B, WHOLE, lambda v: v.T),
    (B.T * A.I * B + B.T * A.T.I * B, WHOLE, lambda v: v + v.T),
    (DiagonalOf(B.T * A.I * B), DIAGONAL, lambda v: np.diag(v)[:, None]),
    (OneMatrix(1, n) * HadamardProduct(B, A.I * B), DIAGONAL, lambda v: np.diag(v)[None, :]),
    (HadamardProduct(B.T * A.I, B.T) * OneMatrix(n, 1), DIAGONAL, lambda v: np.diag(v)[:, None]),
    (Trace(B.T * A.I * B), DIAGONAL, np.trace),
]
NONE = [
    C.T * A.I * B,
    B.T * A.I * x,
    Trace(C.T * A.I * B),
    OneMatrix(1, n) * HadamardProduct(C, A.I * B),
    HadamardProduct(B, A.I * B) * OneMatrix(m, 1),  # over the columns
]


def matrix(kind, size=40, dtype=float):
    rng = np.random.default_rng(3)
    a = rng.standard_normal((size, size))
    definite = (a @ a.T + (a @ a.T).T) / 2 + np.eye(size)
    found = {
        "positive definite": definite,
        "symmetric": a + a.T,
        "general": a + size * np.eye(size),
        "complex": definite + 1j * (a - a.T),
        "complex symmetric": definite + 1j * (a + a.T),
    }[kind]
    return found.astype(np.result_type(dtype, np.complex64) if found.dtype.kind == "c" else dtype)


@pytest.mark.parametrize("kind", ["positive definite", "symmetric", "general", "complex", "complex symmetric"])
@pytest.mark.parametrize("e, code, of", FORMS, ids=lambda e: str(e) if hasattr(e, "free_symbols") else "")
def test_values(e, code, of, kind):
    a, b = matrix(kind), np.random.default_rng(4).standard_normal((40, 3))
    f = lambdify([A, B], e)
    assert code in f.source
    for right in (b, b + 1j * b[::-1], np.asfortranarray(b), b[:, :0]):
        expected = of(right.T @ np.linalg.solve(a, right))
        np.testing.assert_allclose(f(a, right), expected, rtol=1e-9, atol=1e-9 * np.max(np.abs(expected), initial=0))


def test_what_is_stated_and_single_precision():
    f = lambdify([A, B], B.T * A.I * B, assumptions=Q.positive_definite(A))
    a, b = matrix("positive definite", 5, np.float32), np.ones((5, 2))
    assert f(a, b).dtype == float and f(a, b.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(f(a, b), b.T @ np.linalg.solve(a.astype(float), b), rtol=1e-4)
    with pytest.raises(np.linalg.LinAlgError):
        f(-a, b)


@pytest.mark.parametrize("a", [np.zeros((3, 3)), np.ones((40, 40))], ids=["small", "symmetric"])
def test_a_singular_matrix_is_an_error(a):
    with pytest.raises(np.linalg.LinAlgError):
        lambdify([A, B], B.T * A.I * B)(a, np.ones((len(a), 2)))


@pytest.mark.parametrize("e", NONE, ids=str)
def test_no_form(e):
    source = lambdify([A, B, C, x], e).source
    assert WHOLE not in source and DIAGONAL not in source


def test_not_where_the_solution_is_needed_or_memory_is_bounded():
    assert WHOLE not in lambdify([A, B], [A.I * B, B.T * A.I * B]).source
    assert WHOLE not in lambdify([A, B], B.T * A.I * B, memory="1 MB").source
    assert WHOLE not in lambdify([A, B], B.T * A.I * B, modules="jax").source


def test_nan_where_an_entry_is():
    a = matrix("positive definite")
    a[3, 4] = a[4, 3] = np.nan
    assert np.isnan(lambdify([A, B], DiagonalOf(B.T * A.I * B))(a, np.ones((40, 2)))).all()
