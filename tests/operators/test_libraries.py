"""Operators as those of lineax and linear_operator, against the dense matrices that their formulas say."""

import sys

import numpy as np
import pytest

from sympy_matcalc.errors import MatcalcError, MissingLibraryError

pytest.importorskip("scipy")

from sympy_matcalc.operators import DenseOperator, DiagonalOperator, GramOperator, KroneckerOperator, StructuredOperator, TensorOperator  # noqa: E402

from .test_operators import CASES, close, make  # noqa: E402


def subclasses(cls):
    return {cls}.union(*map(subclasses, cls.__subclasses__()))


KINDS = [
    "kronecker",
    "A, eye",
    "interleaved",
    "low rank",
    "gram",
    "grid",
    "commutation",
    "sum",
    "tensor ij,kj->ik,ik {'i': 2, 'j': 3, 'k': 4}",
]
EMPTY = {"kronecker empty", "no blocks", "diagonal empty", "gram of no rows", "low rank 0"}
LESS = [name for name in CASES if name in KINDS or name in EMPTY or name.startswith("tensor")]  # JAX compiles each


@pytest.fixture(params=[(name, np.float64) for name in CASES] + [(name, t) for name in KINDS for t in (np.float32, np.complex128)], ids=str)
def case(request):
    """(operator, dense matrix, its type)"""
    name, dtype = request.param
    return *CASES[name](make(dtype)), dtype


@pytest.fixture
def lineax():
    jax = pytest.importorskip("jax")
    found = pytest.importorskip("lineax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield found
    jax.config.update("jax_enable_x64", before)


@pytest.mark.parametrize("case", [(name, np.float64) for name in LESS] + [(name, np.complex128) for name in KINDS], ids=str, indirect=True)
def test_lineax(case, lineax):
    op, dense, dtype = case
    got = op.to_lineax()
    x, y = make(dtype, 1)(dense.shape[1]), make(dtype, 2)(dense.shape[0])
    assert (got.out_size(), got.in_size()) == dense.shape
    close(got.mv(x), dense @ x, dtype)
    close(got.T.mv(y), dense.T @ y, dtype)
    assert lineax.is_symmetric(got) >= bool(op.is_symmetric)
    assert lineax.is_positive_semidefinite(got) >= bool(op.is_positive_definite)


def test_linear_operator(case):
    torch = pytest.importorskip("torch")
    pytest.importorskip("linear_operator")
    op, dense, dtype = case
    got = op.to_linear_operator()
    x, X, y = make(dtype, 1)(dense.shape[1]), make(dtype, 1)(dense.shape[1], 3), make(dtype, 2)(dense.shape[0])
    assert tuple(got.shape) == dense.shape
    close((got @ torch.tensor(x)).numpy(), dense @ x, dtype)
    close((got @ torch.tensor(X)).numpy(), dense @ X, dtype)
    close((got.mT @ torch.tensor(y)).resolve_conj().numpy(), dense.T @ y, dtype)
    close(got.to_dense().numpy(), dense, dtype)


MIXED = [  # of arrays of more than one type
    KroneckerOperator(np.eye(2, dtype=np.float32), np.arange(4.0).reshape(2, 2)),
    DiagonalOperator(np.arange(4.0)) + KroneckerOperator(1j * np.eye(2), np.ones((2, 2))),
    TensorOperator("ab,b->a,b", [np.ones((2, 3), np.float32), np.arange(3) * 1j]),
]


@pytest.mark.parametrize("op", MIXED, ids=lambda op: type(op).__name__)
def test_mixed_types(op, lineax):
    torch = pytest.importorskip("torch")
    pytest.importorskip("linear_operator")
    x = np.arange(op.shape[1]).astype(op.dtype)
    close(op.to_lineax().mv(x), op @ x, op.dtype)
    close((op.to_linear_operator() @ torch.tensor(x)).numpy(), op @ x, op.dtype)


def test_only_what_is_proved_is_tagged(lineax):
    A = np.array([[2.0, 1.0], [1.0, 2.0]])
    positive, symmetric, neither = DenseOperator(A), DenseOperator(A - 3 * np.eye(2)), DenseOperator(np.triu(A))
    assert [bool(lineax.is_positive_semidefinite(op.to_lineax())) for op in (positive, symmetric, neither)] == [True, False, False]
    assert [bool(lineax.is_symmetric(op.to_lineax())) for op in (positive, symmetric, neither)] == [True, True, False]
    assert not lineax.is_symmetric(TensorOperator("ab->a,b", [A]).to_lineax())


def test_solvers_of_lineax_take_them(lineax):
    op = GramOperator(np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]]), e=0.5)
    got = lineax.linear_solve(op.to_lineax(), op @ np.array([1.0, -1.0]), solver=lineax.CG(rtol=1e-12, atol=1e-12))
    np.testing.assert_allclose(got.value, [1, -1], rtol=1e-9)


def test_solvers_of_linear_operator_take_them():
    torch = pytest.importorskip("torch")
    pytest.importorskip("linear_operator")
    A, B = np.array([[2.0, 1.0], [1.0, 2.0]]), np.diag([1.0, 2.0, 4.0])
    op, b = KroneckerOperator(A, B), np.arange(6.0)
    np.testing.assert_allclose(op.to_linear_operator().solve(torch.tensor(b)[:, None]).numpy()[:, 0], op.solve(b), rtol=1e-9)


def test_inverses_are_refused(lineax):
    pytest.importorskip("linear_operator")
    inverse = KroneckerOperator(2 * np.eye(2), np.eye(3)).inv()
    for convert in (inverse.to_lineax, inverse.to_linear_operator):
        with pytest.raises(MatcalcError, match="solve with that"):
            convert()


@pytest.mark.parametrize("method, library", [("to_lineax", "lineax"), ("to_linear_operator", "linear_operator")])
def test_without_the_library(method, library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibraryError, match=f"pip install {library}"):
        getattr(DiagonalOperator(np.ones(2)), method)()


def test_every_class_can_be_written():
    mine = {c for c in subclasses(StructuredOperator) if c.__module__.startswith("sympy_matcalc.")} - {StructuredOperator}
    assert [c.__name__ for c in mine if "_written" not in vars(c)] == []
