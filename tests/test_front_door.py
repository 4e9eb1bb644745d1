"""What new users looked at in Python, a test a complaint: each is as it should be. What they typed is in `tests/cli/test_front_door.py`."""

import re

import pytest
from sympy import Heaviside, Lambda, MatrixSymbol, Symbol, log, sqrt, symbols

import sympy_matcalc as mc

m, n, d = symbols("m n d", integer=True, positive=True)
lam = Symbol("lam")
X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
DATA = {X: [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]], y: [1.0, 2.0, 3.0]}


def test_steps_and_ones_have_names():
    hinge = mc.gradient(mc.ElementSum(mc.Relu(X * w)), w)
    assert str(hinge) == "X.T*step(X*w)" and "step" in hinge._repr_latex_()
    u = Symbol("u")
    assert str(mc.simplify((X * w).applyfunc(Lambda(u, Heaviside(u, 0))))) == "step(X*w)"
    assert repr(mc.gradient(mc.ElementSum(w), w)) == "ones(n, 1)"


@pytest.mark.parametrize(
    "echo", [lambda f: repr(mc.objective(f, w, DATA)), lambda f: str(mc.explain(f, w)), lambda f: mc.latex(f)], ids="oel"
)
def test_an_entry_of_a_product_is_echoed_as_typed(echo):
    text = echo((y.T * X * w)[0, 0])
    assert "Sum" not in text and "sum" not in text and ("y.T*X*w" in text or r"y^{\top} X w" in text)


@pytest.mark.parametrize("function", [mc.gradient, mc.hessian, lambda f, v: mc.hvp(f, v, w), mc.complex_hessian], ids="ghvc")
def test_errors_echo_it_as_typed(function):
    with pytest.raises(mc.ShapeError, match=re.escape("needs a scalar, got `(y.T*X*w)[0, 0]*X`")):
        function((y.T * X * w)[0, 0] * X, w)


def test_a_product_that_is_a_number_adds_to_numbers():
    with pytest.raises(TypeError):
        y.T * X * w + lam  # SymPy's own
    assert mc.scalar(y.T * X * w) + lam == mc.dot(y, X * w) + lam
    assert str(mc.gradient(mc.dot(y, X * w) + lam * mc.Norm(w) ** 2, w)) == "X.T*y + 2*lam*w"


def test_attention_has_named_parts():
    Q, K, V, T = (MatrixSymbol(name, m, d) for name in "QKVT")
    found = mc.gradient(mc.Norm(mc.RowSoftmax(Q * K.T / sqrt(d)) * V - T) ** 2 / 2, Q)
    short = mc.abbreviate(found)
    assert len(str(found)) < 220 and str(short).startswith("P = softmax(") and len(str(short).splitlines()[-1]) < 80


def test_a_problem_says_its_shapes_and_flatten_what_to_pass():
    problem = mc.objective(mc.Norm(X * w - y) ** 2 / 2, w, DATA)
    assert "w (2 x 1)" in repr(problem) and "X (3 x 2), y (3 x 1)" in repr(problem)
    with pytest.raises(mc.MatcalcError, match=r"write `flatten\(w\)`"):
        problem.flatten(1, 2)


def test_softmax_of_a_matrix_asks_along_which_axis():
    with pytest.raises(mc.ShapeError, match="give `axis=1` for its rows, `axis=0` for its columns"):
        mc.Softmax(X)


def test_a_positive_parameter_has_a_bound():
    sigma2 = Symbol("sigma2", positive=True)
    problem = mc.objective(m * log(sigma2) / 2 + mc.Norm(X * w - y) ** 2 / (2 * sigma2), [w, sigma2], DATA)
    assert problem.bounds[:2] == [(None, None)] * 2 and problem.bounds[2][0] > 0
