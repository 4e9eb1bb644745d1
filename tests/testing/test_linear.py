"""check_linear finds what is wrong in a declaration, and passes what is right."""

import numpy as np
import pytest
from sympy import Expr, KroneckerProduct, MatrixExpr, MatrixSymbol, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_linear

k, m, n, p = symbols("k m n p", integer=True, positive=True)
t = symbols("t", real=True)
A, X, B = MatrixSymbol("A", m, n), MatrixSymbol("X", n, p), MatrixSymbol("B", p, k)
C, S = MatrixSymbol("C", n, n), MatrixSymbol("S", n, n)


def product(adjoint=lambda node, W: node.args[0].T * W * node.args[2].T, numpy=lambda a, x, b: a @ x @ b, positions=(1,), **more):
    """A X B, declared in X."""

    class Product(MatrixExpr):
        shape = property(lambda self: (self.args[0].shape[0], self.args[2].shape[1]))

    mc.linear(Product, *positions, adjoint=adjoint, numpy=numpy, **more)
    return Product(A, X, B)


def matrix(node):
    return KroneckerProduct(node.args[2].T, node.args[0])


def test_what_is_right_passes():
    check_linear(product(matrix=matrix, evaluate=lambda a, x, b: np.linalg.multi_dot([a, x, b])))
    check_linear(mc.FrechetDerivative(exp, C, S))
    check_linear(mc.FrechetDerivative(exp, C, S, MatrixSymbol("T", n, n)), trials=1)


WRONG = {
    "sign": dict(adjoint=lambda node, W: -node.args[0].T * W * node.args[2].T),
    "factor": dict(adjoint=lambda node, W: node.args[0].T * W * node.args[2].T * (1 + 1 / mc.Norm(W) ** 4)),
    "dropped factor": dict(adjoint=lambda node, W: node.args[0].T * W * node.args[2].T * 0),
    "constant added": dict(adjoint=lambda node, W: node.args[0].T * W * node.args[2].T + node.args[1]),
    "elementwise": dict(adjoint=lambda node, W: (node.args[0].T * W * node.args[2].T).applyfunc(exp)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_adjoint_is_found(name):
    with pytest.raises(mc.CheckError, match=r"the adjoint of `Product` in argument 1: <W, L\(E\)> is .*m = .*seed"):
        check_linear(product(**WRONG[name]))


def test_a_missing_transpose_is_found():
    class Solve(MatrixExpr):
        shape = property(lambda self: self.args[1].shape)

    mc.linear(Solve, 1, adjoint=lambda node, W: Solve(node.args[0], W), numpy=np.linalg.solve)
    with pytest.raises(mc.CheckError, match="the adjoint of `Solve`"):
        check_linear(Solve(C, MatrixSymbol("X", n, p)))
    check_linear(Solve(C, MatrixSymbol("X", n, p)), {"C": "symmetric"})  # of a symmetric C it is right


@pytest.mark.parametrize(
    "wrong", [lambda node: KroneckerProduct(node.args[0], node.args[2].T), lambda node: -matrix(node), lambda node: 2 * matrix(node)]
)
def test_a_wrong_matrix_is_found(wrong):
    with pytest.raises(mc.CheckError, match="the matrix of `Product` in argument 1: M vec"):
        check_linear(product(matrix=wrong))


@pytest.mark.parametrize("function", [lambda a, x, b: a @ x**2 @ b, lambda a, x, b: a @ x @ b + 1, lambda a, x, b: np.abs(a @ x @ b)])
def test_what_is_not_linear_is_found(function):
    with pytest.raises(mc.CheckError, match="`Product` is not linear in argument 1"):
        check_linear(product(numpy=function))


def test_linear_in_each_is_not_linear_in_all():
    def adjoint(node, W, at):
        return node.args[0].T * W * node.args[2].T if at == 1 else W * (node.args[1] * node.args[2]).T

    check_linear(product(adjoint, positions=(0, 1)))
    with pytest.raises(mc.CheckError, match="not linear in argument 0, 1 together"):
        check_linear(product(adjoint, positions=(0, 1), jointly=True))

    class Total(MatrixExpr):
        shape = property(lambda self: self.args[0].shape)

    mc.linear(Total, 0, 1, jointly=True, adjoint=lambda node, W, at: W if at == 0 else 2 * W, numpy=lambda a, b: a + 2 * b)
    check_linear(Total(C, S))
    mc.linear(Total, 0, 1, adjoint=lambda node, W, at: W if at == 0 else 2 * W, numpy=lambda a, b: a + 2 * b)
    with pytest.raises(mc.CheckError, match="not linear in argument 0:"):
        check_linear(Total(C, S))


def test_wrong_numeric_code_is_found():
    with pytest.raises(mc.CheckError, match="the numeric code of `Product` for numpy differs"):
        check_linear(product(numpy=lambda a, x, b: 2 * a @ x @ b, evaluate=lambda a, x, b: a @ x @ b))
    with pytest.raises(mc.ShapeError):
        check_linear(product(numpy=lambda a, x, b: (a @ x @ b).T))


@pytest.mark.parametrize("library", ["jax", "torch", "dask"])
def test_numeric_code_of_other_libraries(library):
    pytest.importorskip(library)
    check_linear(product(**{library: lambda a, x, b: a @ x @ b}))
    with pytest.raises(mc.CheckError, match=f"the numeric code of `Product` for {library} differs"):
        check_linear(product(**{library: lambda a, x, b: -a @ x @ b}))


def test_a_scalar_node():
    class Weighed(Expr):
        is_commutative = True

    mc.linear(Weighed, 1, adjoint=lambda node, W: W * node.args[0].T, numpy=lambda a, x: np.trace(a @ x))
    check_linear(Weighed(A, MatrixSymbol("Y", n, m)))
    mc.linear(Weighed, 1, adjoint=lambda node, W: node.args[0].T, numpy=lambda a, x: np.trace(a @ x))
    with pytest.raises(mc.CheckError, match="adjoint of `Weighed`"):
        check_linear(Weighed(A, MatrixSymbol("Y", n, m)))


def test_what_cannot_be_checked():
    with pytest.raises(mc.ArgumentError, match="`Trace` is not declared"):
        check_linear(Trace(C))
    node = product()
    for expr in (node.func(A, 2 * X, B), node.func(A, A.T, B), node.func(X.T, X, B)):
        with pytest.raises(mc.ArgumentError, match="a symbol of its own for the argument 1 of `Product`"):
            check_linear(expr)
    with pytest.raises(mc.CheckError, match="give `mc.linear` an `evaluate` or `numpy`"):
        check_linear(product(numpy=None))
    with pytest.raises(mc.CheckError, match="no value at any of"):
        check_linear(product(numpy=lambda a, x, b: np.nan * (a @ x @ b)))
    with pytest.raises(mc.CheckError, match="no value at any of"):
        check_linear(product(numpy=lambda a, x, b: np.linalg.solve(np.zeros((2, 2)), np.eye(2))))
