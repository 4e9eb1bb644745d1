"""Functions of the grammar that are no nodes of the package: read, derived, written, printed, run."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.text import parse, read
from sympy_matcalc.text.domains import domains

CASES = [  # (text, variable, declared, LaTeX of the expression)
    ("sum(hpow(x, y))", "x", ["y: n"], r"x^{\odot y}"),
    ("sum(hpow(x, y))", "y", ["y: n"], r"x^{\odot y}"),
    ("sum(hpow(2, y))", "y", [], r"2^{\odot y}"),
    ("sum(hpow(c, y))", "c", ["c: scalar"], r"c^{\odot y}"),
    ("dot(A*X, B)", "X", [], r"\operatorname{tr}\left("),
    ("norm(x[1:] - x[:-1])**2", "x", [], r"x_{1:}"),
    ("sum(exp(X[:, 1]))", "X", [], r"X_{:,1}"),
    ("X[0, :]*X[:, j]", "X", ["X: n x n"], r"X_{:,j}"),
    ("max(a, b)**2", "a", [], r"\max\left(a, b\right)"),
    ("sum(max(x, t))", "x", [], r"\max\left("),
    ("sum(min(x, t))", "t", [], r"\min\left("),
    ("where(a > b, a**2, b)", "a", [], r"\begin{cases}"),
    ("where(norm(x) < 1, norm(x)**2, 2*norm(x) - 1)", "x", [], r"\begin{cases}"),
    ("sum(apply(u -> where(u > t, u**2, u), X))", "X", [], r"\begin{cases}"),
    ("sum(lgamma(x))", "x", [], r"\log\Gamma\left(x\right)"),
    ("sum(digamma(x))", "x", [], r"\psi\left(x\right)"),
    ("sum(trigamma(x))", "x", [], r"\psi^{\left(1\right)}\left(x\right)"),
    ("lgamma(t)", "t", [], r"\log\Gamma\left(t\right)"),
    ("sum(erfc(A*x))", "x", [], r"\operatorname{erfc}\left(A x\right)"),
    ("sum(asinh(X))", "X", [], r"\operatorname{asinh}\left(X\right)"),
    ("sum(acosh(x))", "x", [], r"\operatorname{acosh}\left(x\right)"),
    ("sum(atanh(x))", "x", [], r"\operatorname{atanh}\left(x\right)"),
    ("norm(x, p)", "x", [], r"\lVert x \rVert_{p}"),
    ("norm(A*x, p)", "x", [], r"\rVert_{p}"),
]


@pytest.mark.parametrize("text,variable,declared,tex", CASES)
def test_derivative_latex_and_numeric_code(text, variable, declared, tex):
    reading = read(text, declared, (variable,))
    expr, (by,) = reading.expr, reading.variables
    domain = domains(expr)[0]
    gradient = mc.gradient(expr, by)
    assert mc.check(expr, by, derivative=gradient, domain=domain).ok
    assert tex in mc.latex(expr) and mc.latex(gradient)
    env = random_env([expr, gradient], domain=domain)
    sizes = sorted((s for s in env if s.is_integer and s.is_positive), key=str)
    names = sorted((s for s in env if s not in sizes), key=str)
    given = [env[s] for s in [*names, *sizes]]
    for e in (expr, gradient):
        assert np.allclose(np.squeeze(mc.lambdify([*names, *sizes], e)(*given)), np.squeeze(evaluate(e, env)), rtol=1e-10)


@pytest.mark.parametrize(
    "text,declared,parts",
    [
        ("max(x, y)", ["x: 3", "y: 4"], ["`x` (column 5) is 3 x 1, but `y` (column 8) is 4 x 1; the shapes must be equal"]),
        ("min(A, x)", [], ["the shapes must be equal", "It can be read with `A: vector`"]),
        ("hpow(x, y)", ["x: 3", "y: 4"], ["`x` (column 6) is 3 x 1, but `y` (column 9) is 4 x 1"]),
        ("dot(A, B)", ["A: 2 x 3", "B: 3 x 2"], ["`A` (column 5) is 2 x 3, but `B` (column 8) is 3 x 2"]),
        ("where(a, b, c)", [], ["`a` is not a condition", "write `a > 0`"]),
        ("where(a > 0, b)", [], ["`where` got 2 arguments", "`where(a > 0, a, b)`"]),
        ("where(a == 0, b, c)", [], ["is not a condition"]),
        ("a > 0", [], ["a comparison", "`where(a > 0, a, b)`"]),
        ("a if b else c", [], ["a condition", "`where(a > 0, a, b)`"]),
        ("norm(x, 1/2)", [], ["the power `1/2`", ">= 1, a name or `inf`"]),
        ("norm(x, A*x)", [], ["the power of a norm must be a scalar"]),
        ("nrom(x)", [], ["did you mean `norm`?"]),
        ("Logg(x)", [], ["did you mean `log`"]),
        ("x # y", [], ["`#` begins no comment"]),
        ("xᵃ*A*x", [], ["`xᵃ` is not a name", "`x.T`"]),
    ],
)
def test_mistakes_say_what_to_write(text, declared, parts):
    with pytest.raises(mc.MatcalcError) as error:
        parse(text, declared)
    assert not [part for part in parts if part not in str(error.value)], error.value


def test_a_condition_joins_comparisons():
    expr, names = parse("where(0 < a <= 1 and b > 2 or b < -1, 1, 0)")
    a, b = names["a"], names["b"]
    values = {(x, y): expr.subs({a: x, b: y}) for x in (-1, 1) for y in (-2, 0, 3)}
    assert values == {(-1, -2): 1, (-1, 0): 0, (-1, 3): 0, (1, -2): 1, (1, 0): 0, (1, 3): 1}


@pytest.mark.parametrize(
    ("text", "variable", "value"),
    [
        ("max(x, y)", "x", lambda x, y: np.maximum(x, y)), ("min(x, y)", "y", lambda x, y: np.minimum(x, y)),
        ("max(x, y, 0.1)", "x", lambda x, y: np.maximum(np.maximum(x, y), 0.1)), ("min(X, 2*Y)", "X", lambda X, Y: np.minimum(X, 2 * Y)),
        ("np.maximum(x - y, -y)", "y", lambda x, y: np.maximum(x - y, -y)), ("max(3*x, -2*x)", "x", lambda x: np.maximum(3 * x, -2 * x)),
    ],
)  # fmt: skip
def test_the_larger_of_the_entries_of_matrices(text, variable, value):
    expr, names = mc.parse(text)
    env = random_env([expr], 3)
    given = {str(s): v for s, v in env.items() if hasattr(v, "shape")}
    assert np.allclose(evaluate(expr, env), value(**given))
    assert mc.check(expr, names[variable]).ok


def test_the_larger_of_entries_far_apart_has_its_digits():
    expr, names = mc.parse("max(x, y)")
    found = mc.lambdify([names["x"], names["y"]], expr)(np.array([-1e20, 1.0, 2.0]), np.array([1.0, -1e20, 2.0]))
    assert found.tolist() == [1.0, 1.0, 2.0]


def test_the_pinball_loss():
    expr, names = mc.parse("sum(max(tau*(y - X*w), (tau - 1)*(y - X*w)))")
    assert str(mc.gradient(expr, names["w"])) == "-X.T*apply(u -> tau - Heaviside(-u), y - X*w)"
