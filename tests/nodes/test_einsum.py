"""Einsum: what a derivative is that matrix notation cannot write; entries, substitution, derivatives again, printing."""

import pickle
import re

import numpy as np
import pytest
from sympy import (
    Derivative,
    ImmutableMatrix,
    MatrixSymbol,
    Symbol,
    Trace,
    exp,
    expand,
    hadamard_product,
    latex,
    pretty,
    simplify,
    srepr,
    symbols,
    tanh,
)
from sympy.matrices.expressions.kronecker import KroneckerProduct

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, finite_difference, random_env

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t = Symbol("t", positive=True)
A, B, X, Y = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, n), MatrixSymbol("Y", m, n)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)
ARRAYS = {
    "product": (X.T * A * X, X),
    "linear": (Y * x, Y),
    "inverse": (X.I, X),
    "Hadamard": (hadamard_product(X, A * X), X),
    "elementwise": ((Y * x).applyfunc(tanh), Y),
    "Kronecker": (KroneckerProduct(X, Y), Y),
    "trace times": (Trace(X) * X, X),
    "cubed": (X**3, X),
    "outer": (x * x.T, x),
    "scalar": (t * X, X),
}
each = pytest.mark.parametrize("name", ARRAYS)


def bug(reason):
    return pytest.mark.xfail(strict=True, reason=reason)


def array(name):
    return mc.jacobian(*ARRAYS[name])


def sized(expr, size=2, other=3):
    return expr.subs({n: size, m: other})


def concrete(env):
    """The environment with the matrices by their concrete shapes."""
    return {MatrixSymbol(s.name, *np.shape(v)) if isinstance(s, MatrixSymbol) else s: v for s, v in env.items()}


@each
def test_entries_are_the_derivatives_of_the_entries(name):
    expr, variable = ARRAYS[name]
    env = random_env([expr, variable], 0, {n: 2, m: 3}, {"X": "invertible"})
    expected = finite_difference(expr, variable, env)
    explicit = sized(array(name)).as_explicit()
    assert tuple(explicit.shape) == tuple(s for s in expected.shape if s != 1)
    np.testing.assert_allclose(evaluate(explicit, concrete(env)), np.squeeze(expected), atol=1e-7)


@each
def test_one_entry_is_that_of_the_explicit_array(name):
    node, index = sized(array(name)), (0, 1, 1, 0)[: len(array(name).shape)]
    env = concrete(random_env([*ARRAYS[name]], 0, {n: 2, m: 3}, {"X": "invertible"}))
    np.testing.assert_allclose(evaluate(sized(array(name)[index]), env), evaluate(node, env)[index], atol=1e-9)


@each
def test_values_survive_doit_subs_xreplace_simplify_expand(name):
    expr, variable = ARRAYS[name]
    env = random_env([expr, variable, B], 0, {n: 3, m: 4}, {"X": "invertible"})
    node = array(name)
    value = evaluate(node, env)
    for same in (
        node.doit(),
        expand(node),
        simplify(node),
        node.xreplace({Symbol("q"): 1}),
        node.subs(Symbol("q"), 1),
        node.func(*node.args),
    ):
        np.testing.assert_allclose(evaluate(same, env), value, atol=1e-9)
    np.testing.assert_allclose(evaluate(sized(node, 3, 4), concrete(env)), value, atol=1e-9)
    moved = {**env, X: env[B]}
    if X in env and node.has(X):
        np.testing.assert_allclose(evaluate(node.subs(X, B), env), evaluate(node, moved), atol=1e-9)
        np.testing.assert_allclose(evaluate(node.xreplace({X: B}), env), evaluate(node, moved), atol=1e-9)


@each
def test_pickle_hash_equality(name):
    node = array(name)
    assert pickle.loads(pickle.dumps(node)) == node
    assert hash(array(name)) == hash(node) and array(name) == node
    assert node.func(*node.args) == node
    assert node.free_symbols <= ARRAYS[name][0].free_symbols | {m, n}


@each
def test_index_notation_without_array_jargon(name):
    for text in (latex(array(name)), pretty(array(name)), str(array(name))):
        assert text and not re.search("Permute|Contraction|Dummy|ArrayTensor|_[a-z]_[0-9]", text)


def test_latex_is_index_notation():
    assert latex(mc.jacobian(X.T * A * X, X)) == (
        r"\left[\delta_{il} \left(A X\right)_{kj} + \delta_{jl} \left(X^{T} A\right)_{ik}\right]_{ijkl}"
    )


@bug("the index i of the array and the symbol i of the user's are written alike: delta[i,k]*...*X[i, j]")
def test_indices_are_not_named_like_symbols_of_the_user():
    text = str(mc.jacobian(X[i, j] * X, X))
    assert not re.match(r"Einsum\([a-z]*[ij][a-z]*:", text)


def test_two_bound_indices_have_two_names():
    k = Symbol("k", integer=True, positive=True)
    text = latex(mc.hessian(Trace(A * X**k), X))
    assert not re.search(r"\\sum_\{r=0\}\^\{[^}]*\br\b", text)


def test_as_explicit_needs_sizes():
    with pytest.raises(ValueError, match="size"):
        array("product").as_explicit()


def test_explicit_matrix_substituted():
    node = sized(array("product"))
    given = ImmutableMatrix([[1, 2], [3, 4]])
    X2 = MatrixSymbol("X", 2, 2)
    value = evaluate(node.xreplace({MatrixSymbol("A", 2, 2): given}).as_explicit(), {X2: np.eye(2)})
    np.testing.assert_allclose(value, evaluate(node, {X2: np.eye(2), MatrixSymbol("A", 2, 2): np.array([[1.0, 2], [3, 4]])}))


@each
def test_derivative_of_an_array_by_a_scalar_and_an_entry(name):
    expr, variable = ARRAYS[name]
    for second in (X[0, 1], t):
        env = random_env([expr, variable, second], 0, {n: 3, m: 4}, {"X": "invertible"})
        expected = finite_difference(array(name), second, env)
        np.testing.assert_allclose(np.squeeze(evaluate(mc.jacobian(array(name), second), env)), np.squeeze(expected), atol=1e-6)


def test_differential_of_an_array():
    dX = MatrixSymbol("dX", n, n)
    env = random_env([A, X, dX], 0)
    node = mc.jacobian(X.T * A * X, X)
    expected = np.tensordot(finite_difference(node, X, env), env[dX], axes=2)
    np.testing.assert_allclose(evaluate(mc.differential(node, X), env), expected, atol=1e-7)


def test_gradient_hessian_and_vec_of_an_array_are_refused():
    node = array("product")
    for call in (lambda: mc.gradient(node, X), lambda: mc.hessian(node, X), lambda: mc.jacobian(node, X, form="vec")):
        with pytest.raises(mc.ShapeError):
            call()


@pytest.mark.parametrize(
    "make",
    [
        lambda e: 2 * e,
        lambda e: e + e,
        lambda e: -e,
        lambda e: e / 3,
        lambda e: t * e,
        lambda e: Trace(A) * e,
        lambda e: e * e,
        lambda e: e + 1,
        lambda e: exp(e),
    ],
    ids=["2*e", "e + e", "-e", "e/3", "t*e", "tr(A)*e", "e*e", "e + 1", "exp(e)"],
)
def test_arithmetic_with_an_array_is_right_or_refused(make):
    """The derivative has the axes of the array and those of A, or there is an error; never a matrix."""
    node = mc.jacobian(X.T * A * X, X)
    try:
        derivative = mc.jacobian(make(node), A)
    except (mc.MatcalcError, TypeError):
        return
    assert len(derivative.shape) == 6


def test_array_of_two_axes_is_a_matrix():
    k = Symbol("k", integer=True, positive=True)
    W = MatrixSymbol("W", n, k)
    node = mc.Einsum((n, n), mc.EinsumTerm(1, (n, n, k), ((0,), (1,)), ((W, (0,), (2,)), (W, (1,), (2,)), (W, (0,), (2,))), ()))
    assert node.shape == (n, n)
    env = random_env([node, x], 0)
    value = np.einsum("ik,jk,ik->ij", env[W], env[W], env[W])
    np.testing.assert_allclose(evaluate(node * x, env), value @ env[x], atol=1e-9)
    assert mc.check(node * x, x) and mc.check(node * x, W) and mc.check(Trace(node * node), W)


def test_array_without_axes_is_a_scalar():
    node = mc.Einsum((), mc.EinsumTerm(1, (n,), (), ((x, (0,), ()), (x, (0,), ()), (x, (0,), ())), ()))
    assert mc.check(node, x)
    assert mc.check(node**2, x)
    assert mc.gradient(node, x).shape == (n, 1)


def test_conversion_to_sympys_arrays():
    node = sized(array("product"))
    env = {MatrixSymbol("X", 2, 2): np.array([[1.0, 2], [3, 5]]), MatrixSymbol("A", 2, 2): np.array([[2.0, 1], [0, 3]])}
    np.testing.assert_allclose(evaluate(node.to_array_expression(), env), evaluate(node, env))


@pytest.mark.parametrize("name", ["product", "linear"])
def test_srepr_round_trip(name):
    names = {}
    exec("from sympy import *\nfrom sympy.core.symbol import Str\nfrom sympy_matcalc import *", names)
    assert eval(srepr(array(name)), names) == array(name)


def test_derivative_of_sympy_is_left_alone():
    assert Derivative(t**2, t).doit() == 2 * t


def test_arrays_are_not_nested():
    assert not re.search(r"\(Einsum", str(mc.hessian(Trace(A * X**3 * B * X.T), X)))
