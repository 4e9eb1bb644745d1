"""What a user's rule may return: everything that is linear in its differentials, and nothing else; the error says what is to blame."""

import pytest
from sympy import Matrix, MatrixExpr, MatrixSymbol, Piecewise, Symbol, Trace, exp, symbols
from sympy.matrices.expressions import BlockMatrix, HadamardProduct, Inverse, KroneckerProduct, ZeroMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
t = Symbol("t", real=True)
A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n)
X2 = MatrixSymbol("X2", 2, 2)


def own(shape, rule):
    """A node of one argument with this rule."""

    class Own(MatrixExpr):
        pass

    Own.shape = property(lambda self: shape)
    mc.rule(Own)(lambda node, d: rule(d(node.args[0])))
    return Own


LINEAR = {  # what it is of X, which is its differential where X is dX
    "DiagMatrix": ((n, n), lambda e: DiagMatrix(DiagonalOf(e)), X),
    "BlockMatrix": ((2 * n, n), lambda e: BlockMatrix([[e], [ZeroMatrix(n, n)]]), X),
    "Kronecker": ((n**2, n**2), lambda e: KroneckerProduct(e, A), X),
    "Hadamard": ((n, n), lambda e: HadamardProduct(A, e) - e.T, X),
    "Vec": ((n**2, 1), lambda e: mc.Vec(e), X),
    "RowSum": ((n, 1), lambda e: mc.RowSum(e), X),
    "ElementSum": ((n, n), lambda e: mc.ElementSum(e) * A, X),
    "Frechet": ((n, n), lambda e: mc.FrechetDerivative(exp, A, e), X),
    "MatrixSum": ((n, n), lambda e: mc.MatrixSum(Symbol("i", integer=True) * e, (Symbol("i", integer=True), 0, n)), X),
    "explicit": ((2, 2), lambda e: Matrix([[e[0, 0], 2 * e[0, 1]], [0, t * Trace(e)]]), X2),
    "Piecewise": ((n, n), lambda e: Piecewise((Trace(e), t > 0), (0, True)) * A, X),
    "Einsum": ((n, 1), lambda e: mc.Einsum((n,), mc.EinsumTerm(t, (n,), ((0,),), [(e, (0,), (0,))])), X),
    "Einsum coefficient": ((n, 1), lambda e: mc.Einsum((n,), mc.EinsumTerm(Trace(e), (n,), ((0,),), [(A, (0,), (0,))])), X),
}


@pytest.mark.parametrize("name", LINEAR)
def test_linear_expressions_are_taken(name):
    """The Jacobian of a node whose differential is L(dX) is that of the expression L(X)."""
    shape, expression, variable = LINEAR[name]
    got, expected = (mc.jacobian(e, variable) for e in (own(shape, expression)(variable), expression(variable)))
    if name == "explicit":  # the derivative of what is explicit is, as no node of somebody's own is
        got = got.as_explicit()
    assert got == expected


NOT_LINEAR = {
    "square": lambda e: e * e,
    "affine": lambda e: e + A,
    "affine explicit": lambda e: BlockMatrix([[e, A], [A, A]])[:n, :n] + A,
    "inverse": lambda e: Inverse(e),
    "function": lambda e: e.applyfunc(exp),
    "Frechet at": lambda e: mc.FrechetDerivative(exp, e, A),
    "both": lambda e: mc.FrechetDerivative(exp, A, e, e),
    "condition": lambda e: Piecewise((1, Trace(e) > 0), (2, True)) * A,
    "branches": lambda e: Piecewise((Trace(e), t > 0), (1, True)) * A,
}


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_others_are_refused(name):
    with pytest.raises(mc.MissingRuleError, match="is not linear in the differentials") as raised:
        mc.gradient(Trace(own((n, n), NOT_LINEAR[name])(X)), X)
    assert "declare" not in str(raised.value)


def test_the_error_names_a_node_that_nobody_has_declared():
    """The rule is right; what is missing is the declaration of its node."""

    class Lyapunov(MatrixExpr):
        shape = property(lambda self: self.args[1].shape)

    @mc.rule(Lyapunov)
    def d_lyapunov(X, d):
        A, Q = X.args
        return Lyapunov(A, d(Q) - d(A) * X - X * d(A).T)

    with pytest.raises(mc.MissingRuleError, match=r"`Lyapunov` is not declared linear in any argument.*`mc.linear\(Lyapunov, ...\)`"):
        mc.gradient(Trace(Lyapunov(A, X)), X)
    mc.linear(Lyapunov, 1, adjoint=lambda X, W: Lyapunov(X.args[0].T, W))
    assert mc.gradient(Trace(A.T * Lyapunov(A, X)), X) == Lyapunov(A.T, A)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1)])
def test_axes_of_length_1(shape):
    Y = MatrixSymbol("Y", *shape)
    for rule in (lambda e: 3 * e, lambda e: mc.ElementSum(e) * MatrixSymbol("B", *shape), lambda e: e.T.T):
        node = own(shape, rule)(Y)
        assert mc.jacobian(node, Y) == mc.jacobian(rule(Y), Y)
        assert mc.gradient(mc.ElementSum(node), Y) == mc.gradient(mc.ElementSum(rule(Y)), Y)
