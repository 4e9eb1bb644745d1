"""Hessians of functions of a matrix that has matrices on both sides, by generated code."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm, FrechetMatrix

n, m = symbols("n m", integer=True, positive=True)
S, R, C, W = MatrixSymbol("S", n, n), MatrixSymbol("R", n, n), MatrixSymbol("C", n, n), MatrixSymbol("W", m, n)
expm, logm, sqrtm = mc.MatrixExp, mc.MatrixLog, mc.MatrixSqrt

CASES = [
    (Trace(sqrtm(R * S * R.T)), True),
    (Trace(C * logm(R * S * R.T)), True),
    (Trace(expm(R * S * C)), True),
    (Trace(expm(W * S * W.T)), True),
    (Trace(C * logm(Identity(n) + R * S)), True),
    (Trace(expm(S) * C), False),  # nothing stands beside its derivatives
]


def data(is_symmetric):
    rng = np.random.default_rng(5)
    a = rng.standard_normal((4, 4)) / 3
    s = a @ a.T + np.eye(4) if is_symmetric else np.eye(4) + np.triu(a) / 4
    return {S: s, R: np.eye(4) + rng.standard_normal((4, 4)) / 8, C: rng.standard_normal((4, 4)) / 4, W: rng.standard_normal((3, 4)) / 2}


@pytest.mark.parametrize("is_symmetric", [True, False])
@pytest.mark.parametrize(("e", "fires"), CASES, ids=str)
def test_hessians_by_differences(e, fires, is_symmetric):
    given = data(is_symmetric)
    args = [a for a in given if e.has(a)]
    hessian, gradient = mc.lambdify(args, mc.hessian(e, S)), mc.lambdify(args, mc.gradient(e, S))
    assert ("_frechet_between" in hessian.source.split("def compute")[1]) == fires
    step = np.random.default_rng(6).standard_normal((4, 4))
    up, down = (gradient(*({**given, S: given[S] + h * step}[a] for a in args)) for h in (1e-5, -1e-5))
    found = np.tensordot(hessian(*(given[a] for a in args)), step, 2)
    assert np.allclose(found, (up - down) / 2e-5, rtol=1e-6, atol=1e-7)


def test_by_blocks():
    """A matrix whose vectors are ill-conditioned has its derivatives by blocks, and the matrices beside them come after."""
    e = Trace(expm(R * S * C))
    s = np.eye(4) + np.diag(np.ones(3), 1)
    args = [S, R, C]
    r, c = np.eye(4) * 0.5, np.eye(4) * 2
    step = np.random.default_rng(6).standard_normal((4, 4))
    gradient = mc.lambdify(args, mc.gradient(e, S))
    found = np.tensordot(mc.lambdify(args, mc.hessian(e, S))(s, r, c), step, 2)
    assert np.allclose(found, (gradient(s + 1e-5 * step, r, c) - gradient(s - 1e-5 * step, r, c)) / 2e-5, rtol=1e-6, atol=1e-7)


DERIVATIVES = FrechetMatrix(exp, S)
OF_ALL = [(DERIVATIVES, (1, 0), (2, 3))]
TWO_AT_ONE_AXIS = [  # sizes of the axes, those of the result, matrices with their axes: two of these have axis 4, and one of the derivatives each
    ((n,) * 5 + (m,), (0, 1, 5), [(R, 4, 2), (C, 4, 3), (W, 5, 4)], "stij,zi,zj,wz->stw"),
    ((n,) * 5, (0, 1, 4), [(R, 4, 2), (C, 4, 3)], "stij,zi,zj->stz"),
    ((n,) * 5, (1, 4), [(R, 4, 2), (C, 4, 0), (S, 4, 3)], "stij,zi,zs,zj->tz"),
]


@pytest.mark.parametrize(("dims", "out", "matrices", "spec"), TWO_AT_ONE_AXIS, ids=lambda x: x if isinstance(x, str) else "")
def test_two_matrices_that_meet_at_one_axis(dims, out, matrices, spec):
    """Each is on the way from an axis of the derivatives, and no way is both."""
    given = data(True)
    factors = [(operand, *((axis,) for axis in at)) for operand, *at in matrices]
    e = Einsum([dims[k] for k in out], EinsumTerm(1, dims, [(k,) for k in out], OF_ALL + factors))
    whole = Einsum((n,) * 4, EinsumTerm(1, (n,) * 4, ((0,), (1,), (2,), (3,)), OF_ALL))
    values, derivatives = (mc.lambdify(list(given), one)(*given.values()) for one in (e, whole))
    assert np.allclose(values, np.einsum(spec, derivatives, *(given[operand] for operand, *_ in matrices)), rtol=1e-12, atol=1e-12)
