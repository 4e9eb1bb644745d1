"""Numeric code of declared operators: a call of the function that was given for the library, with its result checked."""

import importlib

import numpy as np
import pytest
from sympy import Expr, MatrixExpr, MatrixSymbol, Sum, Symbol, Trace, symbols
from sympy.core.symbol import Str

import sympy_matcalc as mc
from sympy_matcalc import lambdify

m, n = symbols("m n", integer=True, positive=True)
i = Symbol("i", integer=True, nonnegative=True)
t = Symbol("t", real=True)
A, Q, B = MatrixSymbol("A", n, n), MatrixSymbol("Q", n, n), MatrixSymbol("B", m, n)
x = MatrixSymbol("x", n, 1)


def node(name="Solve", shape=lambda self: self.args[-1].shape, positions=(1,), adjoint=None, **numeric):
    """A class of this name, linear in its second argument, with numeric code."""
    cls = type(name, (MatrixExpr,), {"shape": property(shape)})
    mc.linear(cls, *positions, adjoint=adjoint or (lambda node, W: cls(node.args[0].T, W)), **numeric)
    return cls


def values(size=3, dtype=float):
    g = np.random.default_rng(0)
    return (np.eye(size) + 0.2 * g.normal(size=(size, size))).astype(dtype), g.normal(size=(size, size)).astype(dtype)


# ---------------------------------------------------------------- NumPy


def test_by_its_dotted_name_the_source_runs_by_itself():
    f = lambdify([A, Q], node(numpy="numpy.linalg.solve")(A, Q))
    a, q = values()
    namespace = {}
    exec(f.source, namespace)
    np.testing.assert_allclose(namespace["compute"](a, q), np.linalg.solve(a, q))
    assert "from numpy.linalg import solve as _given_solve" in f.source


def test_a_function_is_called_as_it_is():
    calls = []

    def solve(a, q):
        calls.append((a.shape, q.shape))
        return np.linalg.solve(a, q)

    Solve = node(numpy=solve)
    f = lambdify([A, Q, x], [Trace(Solve(A, Q)), Solve(A, Q) * x, Solve(A, x), Solve(A.T, Q)])
    a, q = values()
    got = f(a, q, np.ones(3))
    for value, expected in zip(
        got, [np.trace(np.linalg.solve(a, q)), np.linalg.solve(a, q).sum(1), np.linalg.solve(a, np.ones(3)), np.linalg.solve(a.T, q)]
    ):
        np.testing.assert_allclose(value, expected)
    assert sorted(calls) == [((3, 3), (3, 1)), ((3, 3), (3, 3)), ((3, 3), (3, 3))]  # what occurs twice is computed once


def test_scalars_and_sizes_are_numbers():
    got = []
    cls = node(
        positions=(1,),
        shape=lambda self: self.args[1].shape,
        adjoint=lambda node, W: W,
        numpy=lambda t, X, k: got.append((t, k)) or t * k * X,
    )
    a, _ = values()
    np.testing.assert_allclose(lambdify([A, t], cls(t, A, n + 1))(a, 0.5), 2 * a)
    assert got == [(0.5, 4)]


def test_a_scalar_node():
    class Total(Expr):
        is_commutative = True

    mc.linear(Total, 0, adjoint=lambda node, W: W * mc.MatrixUnit(n, n, 0, 0), numpy=lambda X: X[0, 0])
    a, _ = values()
    assert lambdify([A, t], t * Total(A) ** 2)(a, 2.0) == pytest.approx(2 * a[0, 0] ** 2)
    assert isinstance(lambdify([A], Total(A))(a), float)


def test_under_a_sum_it_is_called_for_each_index():
    Solve = node(numpy="numpy.linalg.solve")
    a, q = values()
    got = lambdify([A, Q], mc.MatrixSum(Solve(A + i * A, Q), (i, 0, 2)))(a, q)
    np.testing.assert_allclose(got, (1 + 1 / 2 + 1 / 3) * np.linalg.solve(a, q))
    got = lambdify([A, Q], Sum(i * Trace(Solve(A, i * Q)), (i, 0, n)))(a, q)
    np.testing.assert_allclose(got, 14 * np.trace(np.linalg.solve(a, q)))


def test_float32_stays_where_the_function_keeps_it():
    assert lambdify([A, Q], node(numpy="numpy.linalg.solve")(A, Q))(*values(dtype=np.float32)).dtype == np.float32


def test_a_result_is_nobody_elses():
    """A function that returns its argument, or one array for ever: who writes into the result changes nothing."""
    kept = np.ones((3, 3))
    a, q = values()
    for function in (lambda a, q: q, lambda a, q: q.T, lambda a, q: kept):
        before = q.copy()
        lambdify([A, Q], node(numpy=function)(A, Q))(a, q)[:] = 7
        np.testing.assert_array_equal(q, before)
        np.testing.assert_array_equal(kept, 1)


@pytest.mark.parametrize(
    "expr", [lambda node: node(A, Q) + 2 * Q, lambda node: 2 * node(A, Q) + A, lambda node: node(A, A * Q) + mc.Vec(x).arg * x.T]
)
def test_an_argument_is_not_written_to(expr):
    a, q = values()
    cls = node(numpy=lambda a, q: q)
    before = a.copy(), q.copy()
    arguments = [A, Q, x]
    lambdify(arguments, expr(cls))(a, q, np.ones(3))
    np.testing.assert_array_equal((a, q), before)


def test_names_in_the_source_are_free():
    given, own = MatrixSymbol("_given_solve", n, n), MatrixSymbol("scipy", n, n)
    Solve = node(numpy="numpy.linalg.solve")
    a, q = values()
    np.testing.assert_allclose(lambdify([given, own], Solve(given, own))(a, q), np.linalg.solve(a, q))
    Other = node(numpy=lambda a, q: a @ q)  # of the same name
    one, two = lambdify([A, Q], [Solve(A, Q), Other(A, Q)])(a, q)
    np.testing.assert_allclose(one, np.linalg.solve(a, q))
    np.testing.assert_allclose(two, a @ q)


@pytest.mark.parametrize(
    "name", ['x"); raise SystemExit("', "a\nraise SystemExit", "lambda", "é", "_of_shape", "Cholesky", "Trace", "MatMul", "Inverse"]
)
def test_the_name_of_a_class_is_only_a_name(name):
    """It is no code, and it is not that of one of our nodes."""
    a, q = values()
    np.testing.assert_allclose(lambdify([A, Q], node(name, numpy="numpy.linalg.solve")(A, Q))(a, q), np.linalg.solve(a, q))


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "wrong", [lambda a, q: q[:, 0], lambda a, q: q[:, :2], lambda a, q: q.tolist(), lambda a, q: None, lambda a, q: 3.0]
)
def test_a_result_of_another_shape(wrong):
    with pytest.raises(mc.ShapeError, match=r"declared for `Solve` must return an array of shape \(3, 3\)"):
        lambdify([A, Q], node(numpy=wrong)(A, Q))(*values())


def test_no_numeric_code_at_all():
    with pytest.raises(mc.MatcalcError, match="no numeric code for the node `Solve`.*mc.linear"):
        lambdify([A, Q], node()(A, Q))


@pytest.mark.parametrize("modules", ["jax", "torch", "dask"])
def test_none_for_this_library(modules):
    pytest.importorskip(modules)
    with pytest.raises(mc.MatcalcError, match="no numeric code for the node `Solve`.*was declared with that for numpy only"):
        lambdify([A, Q], node(numpy="numpy.linalg.solve")(A, Q), modules=modules)


def test_none_for_numpy():
    with pytest.raises(mc.MatcalcError, match="NumPy.*`Solve`.*declared with that for jax only"):
        lambdify([A, Q], node(jax="jax.numpy.linalg.solve")(A, Q))


@pytest.mark.parametrize("path", ["numpy.linalg.solves", "no_such_module.solve"])
def test_a_name_of_nothing(path):
    with pytest.raises(mc.MatcalcError, match=path.replace(".", r"\.")):
        lambdify([A, Q], node(numpy=path)(A, Q))


def test_an_argument_without_a_number():
    cls = node(numpy="numpy.linalg.solve")
    with pytest.raises(mc.MatcalcError, match="`how` of `Solve` is neither a matrix nor a number, but Str"):
        lambdify([A, Q], cls(A, Q, Str("how")).func(Str("how"), Q))


# ---------------------------------------------------------------- other libraries


FUNCTIONS = dict(
    jax="jax.numpy.linalg.solve",
    torch="torch.linalg.solve",
    array_api=lambda a, q: importlib.import_module("array_api_strict").linalg.solve(a, q),
)


def test_jax_can_trace_it():
    jax = pytest.importorskip("jax")
    Solve = node(**FUNCTIONS)
    f = lambdify([A, Q], Trace(Solve(A, Q)), modules="jax")
    gradient = lambdify([A, Q], mc.gradient(Trace(Solve(A, Q)), Q), modules="jax")
    a, q = values()
    np.testing.assert_allclose(jax.jit(f)(a, q), np.trace(np.linalg.solve(a, q)), rtol=1e-4)
    np.testing.assert_allclose(jax.grad(f, 1)(a, q), gradient(a, q), rtol=1e-4, atol=1e-5)
    stack = np.stack([q, 2 * q])
    np.testing.assert_allclose(jax.vmap(f, (None, 0))(a, stack), [f(a, q), 2 * f(a, q)], rtol=1e-4)


def test_torch_differentiates_it():
    torch = pytest.importorskip("torch")
    Solve = node(**FUNCTIONS)
    f = lambdify([A, Q], Trace(Solve(A, Q)), modules="torch")
    gradient = lambdify([A, Q], mc.gradient(Trace(Solve(A, Q)), Q), modules="torch")
    a, q = (torch.tensor(v, requires_grad=True) for v in values())
    f(a, q).backward()
    np.testing.assert_allclose(q.grad, gradient(a, q).detach(), rtol=1e-9)


def test_the_array_api():
    strict = pytest.importorskip("array_api_strict")
    a, q = values()
    got = lambdify([A, Q], node(**FUNCTIONS)(A, Q), modules=strict)(strict.asarray(a), strict.asarray(q))
    np.testing.assert_allclose(got._array, np.linalg.solve(a, q))


# ---------------------------------------------------------------- structured results


def test_beside_structured_results():
    Solve = node(numpy="numpy.linalg.solve")
    f = mc.hessian(Trace(B.T * B * Solve(A, Q)), B)
    a, q = values()
    b = np.ones((2, 3))
    dense = lambdify([A, Q, B], f)(a, q, b)
    operator = lambdify([A, Q, B], f, structured=True)(a, q, b)
    np.testing.assert_allclose(operator @ np.eye(6), dense.reshape(6, 6), atol=1e-12)
