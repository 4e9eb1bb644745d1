"""The PyTorch back end: autograd, torch.compile, dtypes and devices."""

import numpy as np
import pytest
from sympy import Determinant, Identity, KroneckerProduct, MatrixSymbol, Trace, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.lambdify import lambdify

from ..models import ARGS, MODELS, data

torch = pytest.importorskip("torch")
n = symbols("n", integer=True, positive=True)
t = symbols("t", real=True)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)


def tensors(values, dtype=torch.float64):
    return [torch.as_tensor(v, dtype=dtype) if np.ndim(v) else v for v in values]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_compiles_into_one_graph(model, backend):
    torch._dynamo.reset()
    f = lambdify(ARGS, MODELS[model], modules="torch")
    compiled = torch.compile(f, backend=backend, fullgraph=True)
    for rows in (40, 50):  # another size: the code is compiled again, not wrong
        values = data(rows, 3)
        got, want = compiled(*tensors(values)), lambdify(ARGS, MODELS[model])(*values)
        for key, value in want.items():
            np.testing.assert_allclose(got[key], value, rtol=1e-10)


@pytest.mark.slow
def test_compiles_to_machine_code():
    f = lambdify(ARGS, MODELS["logistic"], modules="torch")
    values = data(40, 3)
    try:
        got = torch.compile(f, fullgraph=True)(*tensors(values))
    except torch._dynamo.exc.BackendCompilerFailed as error:
        pytest.skip(f"no compiler for C++ here: {error}")
    for key, value in lambdify(ARGS, MODELS["logistic"])(*values).items():
        np.testing.assert_allclose(got[key], value, rtol=1e-8)


@pytest.mark.parametrize("e", [
    mc.Eigenvector(A.T * A, 0), mc.PseudoInverse(A), mc.Softmax(A * x), A + t * Identity(n), mc.MatrixExp(A), mc.Cholesky(A.T * A),
    A.I, log(n) * x, mc.DuplicationMatrix(n), mc.FrechetMatrix(exp, A),
], ids=lambda e: str(e)[:40])  # fmt: skip
def test_every_kind_compiles(e):
    torch._dynamo.reset()
    f = lambdify([A, x, t], e, modules="torch")
    values = tensors([np.random.default_rng(0).uniform(1, 2, (3, 3)) + 3 * np.eye(3), np.ones(3)])
    got = torch.compile(f, backend="eager", fullgraph="Duplication" not in str(e))(*values, 0.5)
    torch.testing.assert_close(got, f(*values, 0.5))


@pytest.mark.parametrize("model", MODELS)
def test_autograd_of_the_value_is_the_gradient(model):
    f = lambdify(ARGS, MODELS[model]["value"], modules="torch")
    X, y, w, _ = tensors(data(20, 3))
    w.requires_grad_()
    f(X, y, w, 0.0).backward()
    torch.testing.assert_close(w.grad, lambdify(ARGS, MODELS[model]["gradient"], modules="torch")(X, y, w, 0.0).detach())


def test_derivatives_of_the_logistic_function_at_zero():
    zero = torch.zeros((), dtype=torch.float64)
    f = lambdify([t], exp(-t) / (1 + exp(-t)) ** 2, modules="torch")
    g = lambdify([t], log(1 + exp(t)), modules="torch")
    grad = torch.func.grad
    assert float(grad(grad(f))(zero)) == pytest.approx(-1 / 8) and float(grad(grad(grad(grad(g))))(zero)) == pytest.approx(-1 / 8)


def test_arrays_of_two_dtypes_meet_in_the_wider():
    f = lambdify([A, x], A * x, modules="torch")
    assert f(torch.eye(2), torch.ones(2, dtype=torch.float64)).dtype == torch.float64
    assert f(torch.eye(2, dtype=torch.complex64), torch.ones(2)).dtype == torch.complex64
    assert f(torch.eye(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_lists_are_of_the_default_dtype():
    before = torch.get_default_dtype()
    try:
        for dtype in (torch.float32, torch.float64):
            torch.set_default_dtype(dtype)
            assert lambdify([A, x], A * x, modules="torch")([[1, 0], [0, 1]], [1, 2]).dtype == dtype
    finally:
        torch.set_default_dtype(before)


@pytest.mark.parametrize("e", [A + t * Identity(n), Identity(n) * t, mc.Softmax(A * x), mc.HalfLower(n) * x, mc.DuplicationMatrix(n), mc.FrechetMatrix(exp, A),
                               2 * mc.LogSumExp(x) * x, A[0, 0] * mc.MatrixUnit(n, n, 0, 0)], ids=lambda e: str(e)[:40])  # fmt: skip
def test_constants_are_made_where_the_data_is(e):
    """The device `meta` has no data: a tensor of the processor among its own would be an error."""
    f = lambdify([A, x, t], e, modules="torch")
    got = f(torch.empty(3, 3, device="meta"), torch.empty(3, device="meta"), 0.5)
    assert got.device.type == "meta" and got.dtype == torch.float32


def test_the_default_device_holds_what_comes_as_lists():
    with torch.device("meta"):
        assert lambdify([x], 2 * x, modules="torch")([1.0, 2.0]).device.type == "meta"


def test_kronecker_products_of_transposes():
    """`torch.kron` refuses a transposed view, which an inverse or an argument may come as."""
    X, B = MatrixSymbol("X", n, n), MatrixSymbol("B", n, n)
    values = np.array([[3.0, 1.0], [0.5, 2.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])
    for e in (mc.hessian(log(Determinant(X)) + Trace(B * X), X, form="vec"), KroneckerProduct(X.T, B), KroneckerProduct(X, B.T)):
        got, want = (lambdify([X, B], e, modules=m)(*values) for m in ("torch", "numpy"))
        assert np.allclose(np.asarray(got), want, rtol=1e-12)
