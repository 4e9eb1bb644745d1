"""Solutions with sums of operators: Sylvester equations, and conjugate gradients where the sum is shown to be positive definite."""

import numpy as np
import pytest

pytest.importorskip("scipy")
from sympy_matcalc.errors import MatcalcError  # noqa: E402
from sympy_matcalc.operators import DiagonalOperator, Eye, GramOperator, KroneckerOperator, SumOperator, TransposedOperator  # noqa: E402
from sympy_matcalc.operators.conjugate import conjugate_gradients  # noqa: E402

RNG = np.random.default_rng(0)


def general(n, dtype):
    return np.asarray(RNG.standard_normal((n, n)) + (1j * RNG.standard_normal((n, n)) if dtype in "FD" else 0) + 4 * np.eye(n), dtype)


def definite(n, dtype):
    G = general(n, dtype)
    return G @ G.conj().T


@pytest.mark.parametrize("dtype", "fdFD")
@pytest.mark.parametrize("make", [general, definite])
def test_sums_of_two_kronecker_products_solve_and_have_determinants(make, dtype):
    A, B, C, D = make(3, dtype), make(4, dtype), make(3, dtype), make(4, dtype)
    tolerance = 2e-3 if dtype in "fF" else 1e-9
    for total in (
        KroneckerOperator(A, Eye(4)) + KroneckerOperator(Eye(3), B),
        KroneckerOperator(Eye(3), B) + KroneckerOperator(A, Eye(4)),
        KroneckerOperator(A, B) + KroneckerOperator(C, D),
        KroneckerOperator(A, B) + DiagonalOperator(np.full((3, 4), 2, dtype)),
        KroneckerOperator(A, Eye(4)) + KroneckerOperator(Eye(3), B) + DiagonalOperator(np.full((3, 4), 2, dtype)),
        KroneckerOperator(A, Eye(4)) + KroneckerOperator(C, D),
    ):
        assert type(total) is SumOperator
        dense, b = total.todense(), np.asarray(RNG.standard_normal((12, 2)), dtype)
        for right in (b, b[:, 0], b[:, 0]):
            x = total.solve(right)
            assert x.dtype == dtype and x.shape == right.shape
            np.testing.assert_allclose(x, np.linalg.solve(dense, right), rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(total.T.solve(b), np.linalg.solve(dense.T, b), rtol=tolerance, atol=tolerance)
        sign, logarithm = total.slogdet()
        wanted = np.linalg.slogdet(dense)
        np.testing.assert_allclose([sign, logarithm], wanted, rtol=tolerance, atol=tolerance)


def test_a_real_sum_solves_for_complex_right_sides():
    total = KroneckerOperator(general(3, "d"), Eye(2)) + KroneckerOperator(Eye(3), general(2, "d"))
    b = RNG.standard_normal(6) + 1j * RNG.standard_normal(6)
    np.testing.assert_allclose(total @ total.solve(b), b)


@pytest.mark.parametrize("sign", [-1, 1])
def test_singular_sums_are_errors(sign):
    A = np.array([[1.0, 0], [sign, 2]])
    total = KroneckerOperator(A, Eye(2)) + KroneckerOperator(Eye(2), np.diag([-1.0, 5]))
    with pytest.raises(np.linalg.LinAlgError):
        total.solve(np.ones(4))
    assert total.slogdet()[1] < -30


def test_sums_that_are_positive_definite_solve_by_conjugate_gradients():
    X, A, B = RNG.standard_normal((5, 12)), definite(3, "d"), definite(4, "d")
    total = KroneckerOperator(A, B) + GramOperator(X)
    assert total.is_symmetric and total.is_positive_definite
    b = RNG.standard_normal((12, 2))
    np.testing.assert_allclose(total.solve(b), np.linalg.solve(total.todense(), b), rtol=1e-8, atol=1e-10)
    three = KroneckerOperator(A, Eye(4)) + GramOperator(X) + DiagonalOperator(np.arange(12.0).reshape(3, 4))
    np.testing.assert_allclose(three.solve(b), np.linalg.solve(three.todense(), b), rtol=1e-8, atol=1e-10)
    swap = KroneckerOperator(A, B) + TransposedOperator((3, 4), (1, 0))
    assert swap.is_positive_definite is None
    with pytest.raises(MatcalcError, match="no cheap `solve`"):
        swap.solve(b)


def test_conjugate_gradients_say_where_they_do_not_converge():
    A = np.diag([1.0, 0.0])
    with pytest.raises(np.linalg.LinAlgError, match="do not converge"):
        conjugate_gradients(lambda x: A @ x, np.ones((2, 1)), lambda r: r)


def test_what_is_shown_of_operators_is_read_off_their_arrays():
    S = np.array([[2.0, 1], [1, 2]])
    cases = [
        (KroneckerOperator(S, Eye(3)), True, True),
        (KroneckerOperator(S, -S), True, False),
        (KroneckerOperator(S - 3 * np.eye(2), Eye(2)), True, False),
        (KroneckerOperator(np.triu(S), Eye(2)), None, None),
        (DiagonalOperator(np.array([1.0, 0])), True, None),
        (GramOperator(np.ones((1, 2))), True, None),
        (DiagonalOperator(np.array([1.0, -1])), True, False),
        (GramOperator(np.ones((1, 2)), e=0.1), True, True),
        (GramOperator(np.ones((1, 2)), d=-np.ones(1), e=0.1), True, None),
        (TransposedOperator((2, 2), (1, 0)), True, None),
    ]
    for op, symmetric, positive in cases:
        assert op.is_symmetric is symmetric, op
        assert op.is_positive_definite is positive, op
