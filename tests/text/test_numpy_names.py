"""Names of NumPy and PyTorch that mean something else than they seem to: each as the library has it, or an error that says what to write."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.errors import ParseError, ShapeError
from sympy_matcalc.text import read

DECLARED = {"X": "m x n", "A": "n x n", "B": "n x n", "x": "n", "y": "n"}


@pytest.mark.parametrize(
    "text, same",
    [
        ("X.max(0)", "X.max(axis=0)"),
        ("X.max(1)", "np.max(X, 1)"),
        ("X.min(0)", "np.min(X, axis=0)"),
        ("np.vdot(A, B)", "trace(A.T @ B)"),
        ("np.inner(x, y)", "dot(x, y)"),
        ("jnp.vdot(x, y)", "dot(x, y)"),
        ("np.dot(A, B)", "A @ B"),
    ],
)
def test_as_the_library_has_it(text, same):
    assert read(text, DECLARED).expr == read(same, DECLARED).expr


@pytest.mark.parametrize(
    "text, error, says",
    [
        ("np.inner(A, B)", ParseError, r"write `A @ B.T`"),
        ("np.inner(x, A)", ShapeError, "the shapes must be equal"),
        ("np.vdot(A, x)", ShapeError, "the shapes must be equal"),
        ("X.max(-1)", ParseError, "the axis `-1` of `max`"),
        ("torch.norm(A, 2)", ParseError, r"write `norm\(vec\(A\), 2\)`"),
        ("torch.norm(A, 1)", ParseError, "all entries in PyTorch"),
        ("A.norm(2)", ParseError, "all entries in PyTorch"),
    ],
)
def test_errors(text, error, says):
    with pytest.raises(error, match=says):
        read(text, DECLARED)


def test_other_norms_are_what_they_were():
    for text in ("np.linalg.norm(A, 2)", "norm(A, 2)", "torch.linalg.norm(A, 2)"):
        assert str(read(text, {"A": "n x n"}).expr) == "spectral_norm(A)"
    assert str(read("x.norm(1)", {"x": "n"}).expr) == "norm(x, 1)"


def test_masked_data_are_refused():
    f, names = mc.parse("X: m x n; y: m; norm(X*w - y)^2")
    masked = np.ma.masked_greater(np.arange(6.0).reshape(3, 2), 4)
    with pytest.raises(mc.MatcalcError, match="masked array"):
        mc.objective(f, names["w"], data={names["X"]: masked, names["y"]: np.ones(3)})
