"""Numeric code of a user's own nodes: what `rule` and `linear` take of it, and nodes that their own ``doit()`` writes out."""

import math

import numpy as np
import pytest
from sympy import Function, Heaviside, Lambda, MatMul, MatrixExpr, MatrixSymbol, Symbol, Trace, Transpose, symbols
from sympy.utilities.lambdify import implemented_function

import sympy_matcalc as mc
from sympy_matcalc.nodes.declared_code import CODE, code_of, expansion
from sympy_matcalc.testing import evaluate

m, n = symbols("m n", integer=True, positive=True)
A, B, X, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)
t = Symbol("t", real=True)


def cubes(**members):
    """A class of the cubes of matrices, with its rule."""
    cls = type("Cube", (MatrixExpr,), {"shape": property(lambda self: self.args[0].shape), **members})
    mc.rule(cls)(d_cube)
    return cls


def d_cube(node, d):
    a = node.args[0]
    return d(a) * a * a + a * d(a) * a + a * a * d(a)


def written_out(self, **hints):
    return self.args[0] ** 3


def hinge(**given):
    """A function of numbers, max(t, 0)^2."""
    cls = type("Hinge", (Function,), {"nargs": 1, "fdiff": lambda self, k=1: 2 * mc.Relu(self.args[0])})
    mc.rule(cls, **given)(lambda node, d: 2 * mc.Relu(node.args[0]) * d(node.args[0]))
    return cls


def test_a_node_that_doit_writes_out_has_code_of_every_back_end_and_can_be_checked():
    Cube = cubes(doit=written_out)
    f = Trace(Cube(A) * A)
    a = np.arange(9.0).reshape(3, 3)
    value, gradient = mc.lambdify([A], [f, mc.gradient(f, A)])(a)
    np.testing.assert_allclose(value, np.trace(a @ a @ a @ a))
    np.testing.assert_allclose(gradient, 4 * (a @ a @ a).T)
    assert mc.check(f, A).ok
    assert mc.explain(f, A).certificate.points == 3
    assert "jax" in mc.lambdify([A], f, modules="jax").source


def test_the_same_node_is_computed_once():
    Cube = cubes(doit=written_out)
    one, other = (mc.lambdify([A, x], [cube * x, cube]).source for cube in (Cube(A), A**3))
    assert one == other


def test_a_rule_that_is_not_that_of_what_doit_says_is_found():
    Cube = cubes(doit=written_out)
    mc.rule(Cube)(lambda node, d: 3 * node.args[0] * node.args[0] * d(node.args[0]))  # true under a trace only
    assert mc.check(Trace(Cube(A)), A).ok
    with pytest.raises(mc.CheckError):
        mc.check(Trace(MatMul(B, Cube(A))), A)  # B*Cube(A) is B*A**3 for SymPy


def test_a_rule_takes_code():
    Cube = cubes()
    mc.rule(Cube, numpy=lambda a: a @ a @ a, jax=lambda a: a @ a @ a)(d_cube)
    a = np.arange(4.0).reshape(2, 2)
    np.testing.assert_allclose(mc.lambdify([A], Cube(A))(a), a @ a @ a)
    assert mc.check(Trace(A * Cube(A)), A).ok
    with pytest.raises(mc.MatcalcError, match="declared with that for jax, numpy only"):
        mc.lambdify([A], Cube(A), modules="torch")


def test_a_rule_given_anew_without_code_keeps_it():
    Cube = cubes()
    mc.rule(Cube, numpy=lambda a: a @ a @ a)(d_cube)
    mc.rule(Cube)(d_cube)
    assert list(code_of(Cube).functions) == ["numpy"]


def test_evaluate_judges_the_code():
    Cube = cubes()
    mc.rule(Cube, evaluate=lambda a: a @ a @ a)(d_cube)
    np.testing.assert_allclose(evaluate(Cube(A), {A: np.full((2, 2), 2.0), n: 2}), np.full((2, 2), 32.0))
    with pytest.raises(mc.MatcalcError, match=r"mc\.rule\(Cube, numpy=function\).*doit"):
        mc.lambdify([A], Cube(A))


def test_a_function_of_numbers_is_applied_to_all_entries_at_once():
    calls = []

    def values(u):
        calls.append(np.shape(u))
        return np.maximum(u, 0) ** 2

    Hinge = hinge(numpy=values)
    f = mc.ElementSum((X * x).applyfunc(Hinge))
    data = np.arange(-3.0, 3.0).reshape(2, 3), np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(mc.lambdify([X, x], f)(*data), (np.maximum(data[0] @ data[1], 0) ** 2).sum())
    assert calls == [(2,)]
    mc.lambdify([X], X.applyfunc(Hinge))(data[0])
    assert calls[1:] == [(2, 3)]
    mc.lambdify([t], Hinge(t))(2.0)
    assert calls[2:] == [()]
    assert mc.check(f, x, domain={X: "positive", x: "positive"}).ok


def test_a_function_for_one_number_only_is_still_evaluated():
    Hinge = hinge(evaluate=lambda u: u**2 if u > 0 else 0.0)
    assert mc.check(mc.ElementSum(x.applyfunc(Hinge)), x).ok


def test_functions_with_an_implementation_of_sympy():
    f = implemented_function("f", lambda u: u**2 + 1)
    np.testing.assert_allclose(mc.lambdify([x], x.applyfunc(f))(np.arange(3.0)), [1, 2, 5])
    Squares = type("Squares", (Function,), {"nargs": 1, "_imp_": staticmethod(np.square), "fdiff": lambda self, k=1: 2 * self.args[0]})
    assert mc.gradient(mc.ElementSum(x.applyfunc(Squares)), x) == 2 * x
    assert mc.check(mc.ElementSum(x.applyfunc(Squares)), x).ok


@pytest.mark.parametrize("code", [math.sin, lambda u: u if u > 0 else 0.0, lambda u, v: u], ids=["of math", "with if", "of two"])
def test_an_implementation_that_takes_no_arrays_is_refused_by_name(code):
    f = mc.lambdify([x], x.applyfunc(implemented_function("f", code)))
    with pytest.raises(mc.ShapeError, match=r"function `f` failed on ndarray of shape \(3,\): .*np\.vectorize"):
        f(np.ones(3))


def test_an_implementation_for_numbers_is_one_for_numbers_and_by_vectorize_for_arrays():
    assert mc.lambdify([t], implemented_function("f", math.sqrt)(t))(4.0) == 2
    np.testing.assert_allclose(
        mc.lambdify([x], x.applyfunc(implemented_function("f", np.vectorize(math.sqrt))))(np.array([4.0, 9])), [2, 3]
    )


def implemented(base, power, **members):
    """A function class u^power, with SymPy's ``_imp_``."""
    given = {"nargs": 1, "_imp_": staticmethod(lambda u: u**power), "fdiff": lambda self, k=1: power * self.args[0] ** (power - 1)}
    return type("Implemented", (base,), given | members)


@pytest.mark.parametrize("first", [0, 1])
def test_the_implementation_of_a_class_comes_before_that_of_its_base(first):
    Squares = implemented(Function, 2)
    classes = [Squares, implemented(Squares, 3)]
    v = np.array([0.5, -2.0])
    for k in (first, 1 - first):
        np.testing.assert_allclose(mc.lambdify([x], x.applyfunc(classes[k]))(v), v ** (k + 2))
        assert mc.check(mc.ElementSum(x.applyfunc(classes[k])), x).ok


def test_an_implementation_that_is_set_anew():
    Powers = implemented(Function, 3)
    assert mc.lambdify([t], Powers(t))(2.0) == 8
    Powers._imp_ = staticmethod(lambda u: u**4)
    assert mc.lambdify([t], Powers(t))(2.0) == 16


def test_a_class_with_a_derivative_of_its_own_does_not_take_the_rule_of_its_base():
    Squares = implemented(Function, 2)
    mc.rule(Squares, numpy=np.square)(lambda node, d: 2 * node.args[0] * d(node.args[0]))
    Fifth = implemented(Squares, 5)
    assert mc.gradient(Fifth(t), t) == 5 * t**4
    assert mc.lambdify([t], Fifth(t))(2.0) == 32
    assert mc.gradient(type("Same", (Squares,), {})(t), t) == 2 * t


def test_a_function_for_one_number_may_give_whole_numbers():
    def slope(u):
        return 0 if u < 0 else 2.5 * u

    Slope = implemented(Function, 1, _imp_=staticmethod(slope), fdiff=lambda self, k=1: 5 * Heaviside(self.args[0]) / 2)
    u = Symbol("u", real=True)
    assert mc.check(mc.ElementSum(x.applyfunc(Lambda(u, 2 * Slope(u) + Slope(-u)))), x).ok


def test_two_arguments_that_broadcast():
    Scaled = type("Scaled", (Function,), {"nargs": 2})
    mc.rule(Scaled, numpy=lambda u, v: u * v)(lambda node, d: node.args[1] * d(node.args[0]) + node.args[0] * d(node.args[1]))
    u = Symbol("u", real=True)
    got = mc.lambdify([X, t], X.applyfunc(Lambda(u, Scaled(u, t))))(np.ones((2, 3)), 4.0)
    np.testing.assert_allclose(got, np.full((2, 3), 4.0))


def test_code_that_gives_another_shape_is_named():
    Hinge = hinge(numpy=lambda u: np.sum(u))
    with pytest.raises(mc.ShapeError, match=r"`Hinge` must return an array of shape \(3,\), got float64 of shape \(\)"):
        mc.lambdify([x], x.applyfunc(Hinge))(np.ones(3))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"numpy": 3}, "`numpy` of `Cube` must be a function"),
        ({"nump": abs}, "numeric code is given for numpy, jax"),
        ({"numpy": "exec"}, "a name like 'module.function'"),
        ({"evaluate": 1.5}, "`evaluate` of `Cube`"),
    ],
    ids=["number", "library", "name", "evaluate"],
)
def test_what_is_no_code(given, words):
    Cube = cubes()
    with pytest.raises(mc.ArgumentError, match=words):
        mc.rule(Cube, **given)
    assert Cube not in CODE


def test_expansion():
    Cube = cubes(doit=written_out)
    assert expansion(Cube(A)) == A**3
    assert expansion(cubes()(A)) is None  # SymPy's own doit
    assert expansion(cubes(doit=lambda self, **hints: self)(A)) is None
    assert expansion(Trace(A + A)) is None
    around = cubes(doit=lambda self, **hints: Transpose(self))  # would never end
    assert expansion(around(A)) is None
