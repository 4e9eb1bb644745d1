"""Matrices that are symmetric where arguments are: which are recognised, and their values where the arguments are not symmetric too."""

import numpy as np
import pytest
from sympy import DiagMatrix, Identity, MatrixSymbol, Q, exp, symbols

from sympy_matcalc import lambdify

m, n = symbols("m n", integer=True, positive=True)
s = symbols("s", positive=True)
K, V, X, Z, d, y = (MatrixSymbol(name, *shape) for name, shape in dict(K=(m, m), V=(n, n), X=(m, n), Z=(m, n), d=(m, 1), y=(m, 1)).items())
D = DiagMatrix(d.applyfunc(exp))
ARGS = [K, V, X, Z, d, y, s]
ROWS = [  # (matrix, how its factorisation is asked for)
    (s * K + X * V * X.T, "symmetric=(K, V)"),
    (K + s * X * V.T * X.T, "symmetric=(K, V)"),
    (D * K * D + Identity(m), "symmetric=(K,)"),
    (K * X * V * X.T * K + K, "symmetric=(K, V)"),
    (X * X.T + Identity(m), "symmetric=()"),
    ((K + X * V * X.T).applyfunc(exp) + s * Identity(m), "symmetric=(K, V)"),
    (s * K + X * V * Z.T, None),
    (D * K + Identity(m), None),
    (K * X * V * X.T + Identity(m), None),
    (K, None),
]


def values(size, symmetric, dtype=float):
    rng = np.random.default_rng(size)
    k, v = (a @ a.T / len(a) + np.eye(len(a)) for a in (rng.standard_normal((size, size)), rng.standard_normal((3, 3))))
    if not symmetric:
        k[0, -1] += 0.5
        v[2, 1] += 0.5
    x, z = rng.standard_normal((2, size, 3)) / size
    return [np.asarray(a, dtype) for a in (k, v, x, z, rng.standard_normal(size) / 9, rng.standard_normal(size))] + [0.7]


def of(e, data):
    """The matrix by another way: the function of it alone."""
    return lambdify(ARGS, e)(*data)


@pytest.mark.parametrize("size", [1, 4, 40])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("e, asked", ROWS, ids=[str(e) for e, _ in ROWS])
def test_inverses_and_solutions(e, asked, symmetric, size):
    f, g = lambdify(ARGS, e.I), lambdify(ARGS, [e.I * y, e.T.I * y])
    if asked is None:
        assert "symmetric=" not in f.source.split("def compute")[1]
    else:
        assert asked in f.source
    for dtype in (float, complex):
        data = values(size, symmetric, dtype)
        if dtype is complex:
            data[0] = data[0] * (1 + 0.5j)
        want = np.linalg.inv(of(e, data))
        scale = np.abs(want).max()
        np.testing.assert_allclose(f(*data), want, rtol=0, atol=1e-9 * scale)
        for got, side in zip(g(*data), (want, want.T), strict=True):
            np.testing.assert_allclose(got, side @ data[5], rtol=0, atol=1e-8 * scale)


def test_results_do_not_share_memory():
    a, b = lambdify([K, y], [K.I * y, K.T.I * y])(np.eye(40), np.ones(40))
    a[0] = 5
    assert b[0] == 1


def test_facts_leave_nothing_to_ask():
    f = lambdify(ARGS, (s * K + X * V * X.T).I, assumptions=Q.symmetric(K) & Q.symmetric(V))
    assert "symmetric=()" in f.source


def test_what_is_not_positive_definite():
    data = values(40, True)
    data[0] = -data[0]
    want = np.linalg.inv(data[6] * data[0] + data[2] @ data[1] @ data[2].T)
    np.testing.assert_allclose(lambdify(ARGS, (s * K + X * V * X.T).I)(*data), want, atol=1e-9)
    data[0][3, 4] = np.nan
    assert not np.isfinite(lambdify(ARGS, (s * K + X * V * X.T).I)(*data)).all()
