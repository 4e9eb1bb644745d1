"""Products by index in code."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Piecewise, Sum, Trace, exp, log, symbols
from sympy.tensor.array.expressions import ArrayDiagonal, ArrayTensorProduct

import sympy_matcalc as mc
from sympy_matcalc.nodes.einsum import Einsum, EinsumTerm

m, n = symbols("m n", integer=True, positive=True)
A, x, y = MatrixSymbol("A", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)


def test_a_column_comes_with_one_axis_or_with_two():
    left, right, matrix = np.array([1.0, 2]), np.array([3.0, 4]), np.array([[1.0, 2], [0, 3], [5, 1]])
    for end in ((), ((),)):
        entries = Einsum((n,), EinsumTerm(1, (n,), ((0,),), ((x, (0,), *end), (y, (0,)))))
        assert np.ravel(mc.lambdify([x, y], entries)(left, right)).tolist() == [3, 8]
        product = Einsum((m,), EinsumTerm(1, (m, n), ((0,),), ((A, (0,), (1,)), (x, (1,), *end))))
        assert np.ravel(mc.lambdify([A, x], product)(matrix, left)).tolist() == [5, 6, 7]


def test_a_loop_over_an_empty_range_and_over_one_that_ends_before_it_starts():
    """By SymPy's rule, which is Karr's: from 2 to 1 is 0, from 2 to 0 is the term of 1, taken away."""
    k, X = symbols("k", integer=True), MatrixSymbol("X", n, n)
    fn = mc.lambdify([X], Sum(Trace(X**k), (k, 2, n - 1)))
    for size, value in ((1, -0.5), (2, 0), (3, 3 * 0.25), (4, 4 * (0.25 + 0.125))):
        assert fn(0.5 * np.eye(size)) == value


@pytest.mark.parametrize("groups, axes", [([(1, 2)], "ilj"), ([(0,), (1, 2)], "lij"), ([(1, 2), (3,)], "ijl"), ([(0, 3), (1, 2)], None)])
def test_axes_of_an_array_diagonal_come_after_the_others(groups, axes):
    """In the order of their groups, of which some may have one axis only."""
    X, given = MatrixSymbol("X", n, n), np.random.default_rng(0).random((3, 3))
    found = mc.lambdify([X], ArrayDiagonal(ArrayTensorProduct(X, X), *groups, allow_trivial_diags=True))(given)
    np.testing.assert_allclose(found, given * given.T if axes is None else np.einsum(f"ij,jl->{axes}", given, given))


i, j = symbols("i j", integer=True)
B = MatrixSymbol("B", n, n)
IN_REVERSE = {
    "past the end": Sum(B[i, j], (j, i + 2, n - 1), (i, 0, n - 1)),
    "before the start": Sum(x[i, 0] * x[j, 0], (j, 0, i - 2), (i, 0, n - 1)),
    "of two vectors": Sum(x[i, 0] * x[j, 0], (j, i + 2, n - 1), (i, 0, n - 1)),
}


@pytest.mark.parametrize("library", ["numpy", "jax.numpy", "array_api_strict"])
@pytest.mark.parametrize("name", IN_REVERSE)
def test_entries_that_a_sum_in_reverse_asks_for_and_that_are_not_there(name, library):
    """From i + 2 to n - 1 with i = n - 1 is minus the term of n, which is no entry."""
    module = pytest.importorskip(library)
    for f in (IN_REVERSE[name], mc.gradient(IN_REVERSE[name], B if IN_REVERSE[name].has(B) else x)):
        code = mc.lambdify([x, B], f, module)
        with pytest.raises(mc.IndexRangeError, match="out of range for an axis of size 4; a sum whose upper bound"):
            code(module.ones(4), module.ones((4, 4)))


def test_pairs_that_are_two_apart_under_a_condition_and_by_the_outer_bound():
    given = np.arange(16.0).reshape(4, 4)
    right = given[np.triu_indices(4, 2)].sum()
    apart = Sum(B[i, j] * Piecewise((1, j >= i + 2), (0, True)), (j, 0, n - 1), (i, 0, n - 1))
    for f in (apart, Sum(B[i, j], (j, i + 2, n - 1), (i, 0, n - 3))):
        assert mc.lambdify([B], f)(given) == right
        np.testing.assert_allclose(mc.lambdify([B], mc.gradient(f, B))(given), np.triu(np.ones((4, 4)), 2))


@pytest.mark.parametrize("of", [lambda t: log(1 + t**2), lambda t: log(1 + t), exp])
@pytest.mark.parametrize("modules", ["numpy", "jax"])
def test_sums_of_functions_of_a_part_of_a_vector(of, modules):
    """The parts have another size for each index, which plans of their products have to know."""
    pytest.importorskip(modules)
    u, b = MatrixSymbol("u", n, 1), MatrixSymbol("b", n, 1)
    e = Sum(b[i, 0] * of(Sum(u[j, 0] ** 2, (j, 0, i))), (i, 0, n - 1))
    at, weights, step = np.array([0.5, -0.25, 1.0, 0.75]), np.array([1.0, -2.0, 0.5, 1.5]), 1e-5
    slope = mc.lambdify([b, u], mc.gradient(e, u))
    _, bend = mc.lambdify([b, u], [e, mc.hessian(e, u)], modules=modules)(weights, at)
    differences = [(slope(weights, at + step * x) - slope(weights, at - step * x)) / (2 * step) for x in np.eye(4)]
    np.testing.assert_allclose(bend, differences, rtol=1e-4 if modules == "jax" else 1e-7, atol=1e-4 if modules == "jax" else 1e-8)
