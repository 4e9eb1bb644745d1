"""The page's own numbers (web/page/values.py): right gradients of the textbooks are right by them, spoilt ones are not."""

import importlib.util
from pathlib import Path

import pytest
from sympy import Q

import sympy_matcalc as mc
from sympy_matcalc.facts import read_facts

PATH = Path(__file__).resolve().parents[1] / "web" / "page" / "values.py"
FORMULAS = [
    ("norm(X*w - y)^2/2 + lam/2*norm(w)^2", "w"),
    ("x'*A*x", "A"),
    ("log(det(X'*X))", "X"),
    ("tr(inv(A)*X*B)", "A"),
    ("sum(log(1 + exp(X*w))) - y'*X*w", "w"),
    ("logsumexp(A*x)", "x"),
    ("y'*softmax(X*w)", "w"),
    ("sum(had(X, X)) + norm(X)", "X"),
    ("exp(x'*x)/a", "a"),
]


@pytest.fixture(scope="module")
def values():
    spec = importlib.util.spec_from_file_location("page_values", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("text", "wrt"), FORMULAS)
def test_a_right_gradient_is_right_and_a_spoilt_one_is_not(values, text, wrt):
    expr, names = mc.parse(text)
    X, gradient = names[wrt], mc.gradient(expr, names[wrt])
    point = values.Point(names.values(), read_facts(None))
    ok, said = point.check(expr, X, gradient)
    assert ok, said
    ok, said = point.check(expr, X, 2 * gradient)
    assert ok is False, said


def test_what_has_no_numbers_is_not_called_right(values):
    expr, names = mc.parse("eigval(S, 0)")
    ok, said = values.Point(names.values(), read_facts(None)).check(expr, names["S"], mc.gradient(expr, names["S"]))
    assert ok is None and said.startswith("not checked")


def test_the_matrices_are_not_symmetric(values):
    expr, names = mc.parse("x'*A*x")
    A, x = names["A"], names["x"]
    ok, said = values.Point([A, x], read_facts(None)).check(expr, x, 2 * A * x)
    assert ok is False, said


def test_a_stated_fact_is_true_of_the_values(values):
    expr, names = mc.parse("x'*A*x")
    A, x = names["A"], names["x"]
    ok, said = values.Point([A, x], read_facts(Q.symmetric(A))).check(expr, x, 2 * A * x)
    assert ok, said


@pytest.mark.parametrize(("text", "wrt"), [("x'*A*x", "x"), ("log(det(X'*X))", "X"), ("logsumexp(A*x)", "x")])
def test_a_right_hessian_is_right_and_a_spoilt_one_is_not(values, text, wrt):
    expr, names = mc.parse(text)
    X = names[wrt]
    hessian = mc.hessian(expr, X, form="vec" if values.is_wide(X) else None)
    point = values.Point(names.values(), read_facts(None))
    ok, said = point.check_hessian(expr, X, hessian)
    assert ok, said
    ok, said = point.check_hessian(expr, X, 2 * hessian)
    assert ok is False, said
