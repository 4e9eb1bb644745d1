"""One factorisation for several uses: which it is by size and symmetry, and what it says of the transpose and the inverse."""

import numpy as np
import pytest

from sympy_matcalc.codegen.backends.runtime import numpy_factors
from sympy_matcalc.codegen.backends.runtime.numpy_factors import _factor, _factor_inv, _factor_solve, _factor_turned

rng = np.random.default_rng(3)


def definite(n, dtype=float):
    b = rng.normal(size=(n, n)) + (1j * rng.normal(size=(n, n)) if np.dtype(dtype).kind == "c" else 0)
    return (b @ b.T.conj() / n + np.eye(n)).astype(dtype)


@pytest.mark.parametrize(
    "n, kind", [(1, "symmetric"), (3, "symmetric"), (7, "symmetric"), (8, "cholesky"), (63, "cholesky"), (70, "cholesky")]
)
def test_symmetric_matrices_of_any_size_are_solved_with_once(n, kind, monkeypatch):
    a, b = definite(n), rng.normal(size=n)
    a = (a + a.T) / 2
    factor = _factor(a)
    assert factor[0] == kind
    x = _factor_solve(factor, b)
    assert np.allclose(a @ x, b, rtol=1e-10)
    monkeypatch.setattr(numpy_factors, "_factor_solve", None)  # a second solution would call it
    assert _factor_turned(x, factor, b) is x


@pytest.mark.parametrize("n", [2, 5, 12, 70])
def test_one_entry_that_differs_is_enough(n):
    a, b = definite(n), rng.normal(size=n)
    a = (a + a.T) / 2
    a[n - 1, n // 2 - 1] *= 1 + 1e-14
    factor = _factor(a)
    assert factor[0] == "lu"
    assert np.allclose(a.T @ _factor_turned(_factor_solve(factor, b), factor, b), b, rtol=1e-9)


def test_what_is_typed_by_hand_has_an_exact_inverse():
    assert _factor_inv(_factor(np.diag([2.0, 4.0]))).tolist() == [[0.5, 0], [0, 0.25]]


@pytest.mark.parametrize("dtype", [np.float32, float, complex])
@pytest.mark.parametrize("n", [8, 20, 63, 64, 90])
def test_inverses_by_the_cholesky_factor_are_symmetric(n, dtype):
    a = definite(n, dtype)
    factor = _factor(a, positive_definite=True)
    inverse = _factor_inv(factor)
    assert factor[0] == "cholesky" and inverse.dtype == dtype and (inverse == inverse.T.conj()).all()
    assert np.allclose(inverse @ a, np.eye(n), atol=1e-4 if dtype is np.float32 else 1e-11)


def test_an_indefinite_symmetric_matrix_of_few_rows():
    a, b = np.array([[0.0, 1], [1, 0]]), np.array([2.0, 3])
    factor = _factor(a)
    assert factor[0] == "symmetric" and _factor_turned(_factor_solve(factor, b), factor, b).tolist() == [3, 2]
    assert _factor(np.ones((3, 3)))[0] == "singular"
