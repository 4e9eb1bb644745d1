"""Run-time guards of generated code: what is not symmetric, not positive definite or not finite never gives a finite number."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
from sympy import Abs, Determinant, Heaviside, Identity, Lambda, MatrixSymbol, Max, Min, Q, Trace, cosh, exp, log, oo, sign, symbols, tanh

import sympy_matcalc as mc

n, m = symbols("n m", integer=True, positive=True)
A, X, x = MatrixSymbol("A", n, n), MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)
POSITIVE = Q.positive_definite(A)
POSITIVE_DEFINITE = {  # code that takes the Cholesky factor of A, of which it reads one side
    "solve": ([A, x], A.I * x),
    "inverse": ([A], A.I),
    "log det": ([A], log(Determinant(A))),
    "det": ([A], Determinant(A)),
    "quadratic": ([A, x], (x.T * A.I * x)[0, 0]),
    "both": ([A, x], {"value": log(Determinant(A)), "gradient": mc.gradient((x.T * A.I * x)[0, 0], A)}),
}
SYMMETRIC = {  # code that takes eigenvalues or the Cholesky factor of A, of which LAPACK reads one side
    "eigenvalue": ([A], mc.Eigenvalue(A, 0)),
    "eigenvector": ([A], mc.Eigenvector(A, 0)),
    "gradient of an eigenvalue": ([A], mc.gradient(mc.Eigenvalue(A, 0), A)),
    "Cholesky": ([A], mc.Cholesky(A)),
    "eigenvalues": ([A], mc.Eigenvalues(A)),
    "eigenvectors": ([A], mc.Eigenvectors(A)),
}
SPECTRAL = {  # code that asks whether a spectrum is simple, positive or real
    "nuclear norm": ([X], mc.gradient(mc.NuclearNorm(X), X)),
    "spectral norm": ([X], mc.gradient(mc.SpectralNorm(X), X)),
    "square root": ([A], mc.MatrixSqrt(A)),
    "gradient of a square root": ([A], mc.gradient(Trace(mc.MatrixSqrt(A)), A)),
    "pseudo-inverse": ([X], mc.PseudoInverse(X)),
    "singular value": ([X], mc.SingularValue(X, 0)),
    "singular vector": ([X], mc.gradient(mc.SingularValue(X, 1), X)),
    "singular values": ([X], mc.SingularValues(X)),
    "left singular vectors": ([X], mc.LeftSingularVectors(X)),
    "sum of eigenvalues": ([A], mc.EigenvalueSum(A)),
    "sum of eigenvalues of a transpose": ([A], mc.EigenvalueSum(A.T)),
    "sum of eigenvalues of a sum": ([A], mc.EigenvalueSum(A + A.T)),
    "sum of eigenvalues of a product": ([A], mc.EigenvalueSum(A * A.T)),
    "product of eigenvalues": ([A], mc.EigenvalueProduct(A)),
    "general eigenvalue": ([A], mc.GeneralEigenvalue(A, 0)),
    "right eigenvector": ([A], mc.RightEigenvector(A, 0)),
    "QR factor": ([X], mc.QRFactorQ(X)),
    "triangular QR factor": ([X], mc.QRFactorR(X)),
    "LU factor": ([A], mc.LUFactorL(A)),
    "upper LU factor": ([A], mc.LUFactorU(A)),
    "Lyapunov": ([A], mc.Lyapunov(A, Identity(n))),
    "adjugate": ([A], mc.gradient(Determinant(A), A)),
    "exponential": ([A], mc.MatrixExp(A)),
    "gradient of an exponential": ([A], mc.gradient(Trace(mc.MatrixExp(A) * mc.MatrixExp(A.T)), A)),
    "logarithm": ([A], mc.MatrixLog(A)),
    "sine": ([A], mc.MatrixSin(A)),
    "tanh": ([A], mc.MatrixFunction(tanh, A)),
}
NEED_GAPS = {
    "eigenvector",
    "eigenvectors",
    "gradient of an eigenvalue",
}  # an eigenvalue has to be apart from the others too, which scales take away
LIBRARIES = {"numpy": "scipy", "jax": "jax", "torch": "torch", "dask": "dask", "array_api_strict": "array_api_strict"}
BACKENDS = [b for b, module in LIBRARIES.items() if find_spec(module)]
SPOILT = [np.nan, np.inf, -np.inf]


def made(args, expr, modules, assumptions=None):
    """The function of a model, or a skip where the library has no such operation."""
    library = import_module(modules) if modules == "array_api_strict" else modules
    try:
        fn = mc.lambdify(args, expr, modules=library, assumptions=assumptions)
    except mc.MatcalcError as error:
        if "has no numeric code" not in str(error) and "does not provide it" not in str(error):
            raise
        pytest.skip(str(error))
    if assumptions is not None and "positive_definite=True" not in fn.source:
        pytest.skip("the library solves by LU, which reads all entries")
    return fn


def outcome(fn, *data):
    """All numbers of a result in one array, None where the function raised."""
    if "jnp." in fn.source:
        import jax

        jax.config.update("jax_enable_x64", True)
    elif "torch." in fn.source:
        import torch

        data = [torch.as_tensor(d) for d in data]
    elif "array_api_strict" in fn.source:
        data = list(map(import_module("array_api_strict").asarray, data))
    try:
        with np.errstate(all="ignore"):
            found = fn(*data)
            return np.concatenate([np.ravel(np.asarray(v)) for v in (found.values() if isinstance(found, dict) else [found])])
    except (np.linalg.LinAlgError, ValueError, RuntimeError, FloatingPointError):
        return None


def refused(found):
    """Raised, or said by NaN or infinity in the place of a number."""
    return found is None or not np.all(np.isfinite(found))


def spd(size=3, seed=0):
    b = np.random.default_rng(seed).normal(size=(size, size))
    return b @ b.T + size * np.eye(size)


def arguments(args, matrix):
    return [matrix if a is not x else np.arange(1.0, len(matrix) + 1) for a in args]


@pytest.mark.parametrize("modules", BACKENDS)
@pytest.mark.parametrize("name", [*POSITIVE_DEFINITE, *SYMMETRIC, *SPECTRAL])
def test_nan_and_infinity_at_any_entry(name, modules):
    args, expr = (POSITIVE_DEFINITE | SYMMETRIC | SPECTRAL)[name]
    fn = made(args, expr, modules, POSITIVE if name in POSITIVE_DEFINITE else None)
    plain = spd() if name not in SPECTRAL or args == [A] else np.random.default_rng(1).normal(size=(4, 3))
    assert not refused(outcome(fn, *arguments(args, plain)))
    for i, j in np.ndindex(*plain.shape):
        for value in SPOILT:
            for both in (False, True):  # on one side of the diagonal, on both
                spoilt = plain.copy()
                spoilt[i, j] = value
                if both and plain.shape[0] == plain.shape[1]:
                    spoilt[j, i] = value
                assert refused(outcome(fn, *arguments(args, spoilt))), (i, j, value, both)


@pytest.mark.parametrize("modules", BACKENDS)
@pytest.mark.parametrize("name", [*POSITIVE_DEFINITE, *SYMMETRIC])
def test_symmetry_is_asked_whatever_the_scales(name, modules):
    """Under D A D a symmetric matrix passes, and one with a wrong entry does not."""
    args, expr = (POSITIVE_DEFINITE | SYMMETRIC)[name]
    fn = made(args, expr, modules, POSITIVE if name in POSITIVE_DEFINITE else None)
    for seed, scales in enumerate([(1, 1, 1), (1e5, 1, 1), (1, 1, 1e5), (1e-5, 1, 1e5), (1e9, 1, 1), (1, 1e-9, 1)]):
        d = np.array(scales, float)
        scaled = d[:, None] * spd(seed=seed) * d
        scaled = (scaled + scaled.T) / 2
        found = outcome(fn, *arguments(args, scaled))
        if name not in NEED_GAPS:
            assert not refused(found), scales
        for i, j in [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)]:
            wrong = scaled.copy()
            wrong[i, j] += 1e-2 * np.sqrt(scaled[i, i] * scaled[j, j])
            assert refused(outcome(fn, *arguments(args, wrong))), (scales, i, j)


@pytest.mark.parametrize("name", [*POSITIVE_DEFINITE, *SYMMETRIC])
def test_what_only_rounding_keeps_from_being_symmetric_passes(name):
    args, expr = (POSITIVE_DEFINITE | SYMMETRIC)[name]
    fn = mc.lambdify(args, expr, assumptions=POSITIVE if name in POSITIVE_DEFINITE else None)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        q, d = np.linalg.qr(rng.normal(size=(6, 6)))[0], rng.uniform(0.5, 5, 6)
        assert not refused(outcome(fn, *arguments(args, q @ np.diag(d) @ q.T)))
        b = rng.normal(size=(6, 6)) * 10.0 ** (rng.integers(-6, 6, 6) * (name not in NEED_GAPS))[:, None]
        assert not refused(outcome(fn, *arguments(args, b @ np.diag(d) @ b.T)))


C = symbols("c", real=True)
KINKED = {  # functions that look at the sign of their argument
    "relu": mc.Relu(C),
    "abs": Abs(C),
    "sign": sign(C),
    "step": Heaviside(C),
    "max": Max(C, 1),
    "clip": Max(0, Min(C, 1)),
    "softplus": mc.Softplus(C),
    "log cosh": log(cosh(C)),
    "x log x": C * log(C),
    "log(1 - exp(x))": log(1 - exp(C)),
}
REDUCED = {
    "norm": mc.Norm(x),
    "1-norm": mc.Norm(x, 1),
    "infinity-norm": mc.Norm(x, oo),
    "3-norm": mc.Norm(x, 3),
    "log-sum-exp": mc.LogSumExp(x),
    "log of a sum": log(mc.ElementSum(x) ** 2 + 1),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("modules", BACKENDS)
@pytest.mark.parametrize("name", [*KINKED, *REDUCED])
def test_nan_goes_through_functions(name, modules):
    """NaN in an argument is NaN in the value and in the gradient, not one of the branches."""
    value = REDUCED.get(name)
    exprs = [x.applyfunc(Lambda(C, KINKED[name]))] if value is None else [value]
    if name != "step" and name != "sign":
        exprs.append(mc.gradient(mc.ElementSum(exprs[0]) if value is None else value, x))
    for expr in exprs:
        fn = made([x], expr, modules)
        for k in range(3):
            spoilt = np.array([0.3, -0.7, 0.2])
            spoilt[k] = np.nan
            found = outcome(fn, spoilt)
            assert found is None or np.isnan(found[k if found.size > 1 else 0]), (expr, k)


def test_integers_that_are_none():
    k = symbols("k", integer=True, positive=True)
    fn = mc.lambdify([A, k], A * k)
    for wrong in (np.nan, np.inf, 1.5, np.ones(2)):
        with pytest.raises(mc.ShapeError, match="expected an integer"):
            fn(np.eye(2), wrong)
