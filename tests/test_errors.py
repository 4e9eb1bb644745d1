"""One clear error for each mistake: its class, and what was typed in its text. Never a zero for what has no derivative."""

from functools import partial

import pytest
from sympy import (
    Abs,
    Basic,
    BlockMatrix,
    Determinant,
    Eq,
    Expr,
    Function,
    Heaviside,
    Identity,
    Integral,
    Lambda,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    S,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    floor,
    sign,
    symbols,
)
from sympy.matrices.expressions.determinant import Permanent
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.rules import registry

m, n, p, k = symbols("m n p k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t, s = Symbol("t"), Symbol("s", real=True)
A, X, Y = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n), MatrixSymbol("Y", m, n)
x, y, z, o = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1), MatrixSymbol("o", 1, 1)
f = Function("f")


def refused(error, text, call):
    """The call raises this error of the package, and the message has all of the words."""
    with pytest.raises(error) as caught:
        call()
    for word in [text] if isinstance(text, str) else text:
        assert word in str(caught.value)
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


# ---- what is no variable
@pytest.mark.parametrize(
    "expr, variable, text",
    [
        (Trace(X), X.T, "X.T"),
        (Trace(X), 2 * X, "2*X"),
        (x.T * x, "x", "str: `x`"),
        (f(t), f(t), "f(t)"),
        (t, Matrix([t, 1]), "Matrix"),
        (Trace(X), X * X, "X**2"),
        (Trace(X), (X * X)[0, 1], "Sum"),
        (Trace(X), X[:, 0], "X["),
        (Trace(A), n, "size"),
        (Trace(MatrixSymbol("Q", 2 * n, 2 * n)), n, "Q"),
        (Sum(x[i, 0], (i, 0, n - 1)), n, "size"),
        (t, Symbol("N", commutative=False), "N"),
    ],
    ids=str,
)
@pytest.mark.parametrize("function", [mc.diff, mc.jacobian, mc.differential], ids=lambda g: g.__name__)
def test_no_variable(function, expr, variable, text):
    refused(mc.UnsupportedVariableError, text, lambda: function(expr, variable))


@pytest.mark.parametrize(
    "expr, variable",
    [(Trace(X**k), k), (A**t, t), (Sum(t * i, (i, 0, p)), p), (X[i, j], i), (k * Trace(A**k), k), (mc.MatrixSum(i * A, (i, 0, p)), p)],
    ids=str,
)
@pytest.mark.parametrize("function", [mc.diff, mc.jacobian, mc.differential], ids=lambda g: g.__name__)
def test_no_rule_passes_over_an_exponent_a_limit_or_an_index(function, expr, variable):
    refused(mc.MissingRuleError, str(variable), lambda: function(expr, variable))


@pytest.mark.parametrize("arguments", [(3,), (2, t), (t, -1), ((t, k),), ((t, t, t),), ((2, t),)], ids=str)
def test_diff_refuses_counts_that_are_none(arguments):
    refused(mc.UnsupportedVariableError, "", lambda: mc.diff(t**3, *arguments))


def test_diff_and_differential_need_a_variable():
    refused(mc.MatcalcError, "at least one variable", lambda: mc.diff(t))
    refused(mc.MatcalcError, "at least one variable", lambda: mc.differential(t))


def test_the_bound_index_of_a_sum_is_not_in_it():
    assert mc.diff(Sum(i * t, (i, 0, n - 1)), i) == 0


# ---- what is no expression
@pytest.mark.parametrize(
    "expr, text",
    [
        ("x.T*x", "str: 'x.T*x'"),
        (None, "NoneType"),
        ([t], "list"),
        ((t, t), "uple"),
        (True, "True"),
        (S.true, "True"),
        (Eq(t, 1), "Eq(t, 1)"),
        (object(), "object"),
    ],
    ids=lambda v: str(v)[:12],
)
@pytest.mark.parametrize("function", [mc.diff, mc.gradient, mc.jacobian, mc.hessian, mc.differential], ids=lambda g: g.__name__)
def test_no_expression(function, expr, text):
    refused(mc.ExpressionError, text, lambda: function(expr, t))


def test_check_refuses_a_string():
    refused(mc.ExpressionError, "t**2", lambda: mc.check("t**2", t))


# ---- shapes
def test_gradient_and_hessian_need_a_scalar():
    refused(mc.ShapeError, ["A*x", "(n, 1)", "jacobian"], lambda: mc.gradient(A * x, x))
    refused(mc.ShapeError, ["A*x", "(n, 1)"], lambda: mc.hessian(A * x, x))
    refused(mc.ShapeError, "scalar", lambda: mc.gradient(mc.jacobian(X * X, X), X))


MISMATCHED = {
    "sum": lambda: mc.jacobian(x + z, x),
    "product": lambda: mc.jacobian(X * z, X),
    "Hadamard": lambda: mc.jacobian(HadamardProduct(X, Y), X),
    "trace": lambda: mc.gradient(Trace(Y), Y),
    "determinant": lambda: mc.gradient(Determinant(Y), Y),
    "inverse": lambda: mc.jacobian(Y.I, Y),
    "power": lambda: mc.jacobian(Y**2, Y),
    "1x1 inside a product": lambda: mc.jacobian(A * (x.T * y) * x, x),
    "1x1 before a column": lambda: mc.jacobian(o * x, o),
    "column before a column": lambda: mc.jacobian(x.T * A * x * x, x),
}


@pytest.mark.parametrize("call", MISMATCHED.values(), ids=list(MISMATCHED))
def test_symbolic_sizes_that_differ(call):
    refused(mc.ShapeError, "", call)


def test_diagonal_of_unknown_length():
    """SymPy itself does not know the shape of the diagonal of an m x n matrix."""
    with pytest.raises(mc.MatcalcError):
        mc.jacobian(DiagonalOf(Y), Y)


@pytest.mark.parametrize("call", [lambda s: s[::2, :], lambda s: s[:, 1::2]])
def test_slice_whose_step_does_not_divide_its_length(call):
    """Either the right shape, or a refusal; SymPy's own shape of such a slice is wrong."""
    X3 = MatrixSymbol("X3", 3, 5)
    try:
        assert mc.check(call(X3), X3)
    except mc.MatcalcError as error:
        assert not isinstance(error, mc.CheckError), error


# ---- keywords
def test_unknown_layout_and_form():
    refused(mc.MatcalcError, ["'row'", "numerator", "denominator"], lambda: mc.jacobian(A * x, x, layout="row"))
    refused(mc.MatcalcError, ["'kron'", "vec"], lambda: mc.jacobian(A * x, x, form="kron"))
    refused(mc.MatcalcError, ["'kron'", "vec"], lambda: mc.hessian(x.T * x, x, form="kron"))
    refused(mc.MatcalcError, "transpose", lambda: mc.jacobian(A * x, x, layout="denominator", form="vec"))


@pytest.mark.parametrize("function", [mc.diff, mc.gradient, mc.jacobian, mc.hessian, mc.differential, mc.check], ids=lambda g: g.__name__)
def test_unknown_keyword(function):
    with pytest.raises(TypeError, match="layuot"):
        function(x.T * x, x, layuot="numerator")


# ---- nodes without a rule
class Unknown(MatrixExpr):
    """A matrix node without a rule."""

    shape = property(lambda self: self.args[0].shape)

    def _entry(self, i, j, **kwargs):
        return MatrixElement(self, i, j)


class UnknownScalar(Expr):
    """A scalar node without a rule."""

    is_commutative = True


def test_missing_rule_names_node_part_variable_and_the_line_to_write():
    text = refused(
        mc.MissingRuleError,
        ["`Unknown`", "`Unknown(X*A)`", "`Trace(A*Unknown(X*A))`", "`X`", "@mc.rule(Unknown)", "def "],
        lambda: mc.gradient(Trace(A * Unknown(X * A)), X),
    )
    assert "\n" not in text or len(text) < 1000


@pytest.mark.parametrize(
    "expr, node",
    [
        (t * UnknownScalar(Trace(X)), "UnknownScalar"),
        (Integral(t * Trace(X), (t, 0, 1)), "Integral"),
        (Permanent(X), "Permanent"),
        (Unknown(X)[0, 1], "Unknown"),
        (Sum(Unknown(X)[i, i], (i, 0, n - 1)), "Unknown"),
        (exp(Trace(Unknown(X))), "Unknown"),
        (Unknown(X) - Unknown(X.T), "Unknown"),
        (X * Unknown(X), "Unknown"),
    ],
    ids=str,
)
def test_missing_rule_anywhere(expr, node):
    refused(mc.MissingRuleError, [node, f"@mc.rule({node})"], lambda: mc.jacobian(expr, X))


def test_a_node_without_the_variable_needs_no_rule():
    assert mc.gradient(Trace(X * Unknown(A)), X) == Unknown(A).T
    assert mc.gradient(UnknownScalar(t), X).is_zero_matrix if hasattr(mc.gradient(UnknownScalar(t), X), "is_zero_matrix") else True
    assert mc.gradient(UnknownScalar(t) * Trace(X), X).has(UnknownScalar)


@pytest.mark.parametrize("expr", [f(X), exp(X), f(X, t)], ids=str)
def test_scalar_function_of_a_matrix(expr):
    with pytest.raises(mc.MatcalcError):
        mc.jacobian(expr, X)


@pytest.mark.parametrize("exponent", [Symbol("s"), Symbol("s", integer=True), k - 5], ids=str)
def test_power_of_unknown_sign(exponent):
    refused(mc.MissingRuleError, [f"{exponent}", "sign", "integer=True"], lambda: mc.jacobian(X**exponent, X))


@pytest.mark.parametrize("exponent", [Trace(X), Symbol("c") / 2], ids=str)
def test_power_that_is_no_integer(exponent):
    refused(mc.MissingRuleError, str(exponent), lambda: mc.jacobian(X**exponent, X))


@pytest.mark.parametrize("exponent", [Trace(X), k - 5], ids=str)
def test_power_that_is_no_symbol_is_not_told_to_be_declared(exponent):
    with pytest.raises(mc.MissingRuleError) as caught:
        mc.jacobian(X**exponent, X)
    assert f"Symbol('{exponent}'" not in str(caught.value)


# ---- rules of one's own
@pytest.fixture
def rules():
    """The table of rules, put back afterwards."""
    before, user = dict(registry.RULES), set(registry.USER)
    yield
    for table, old in ((registry.RULES, before), (registry.USER, user)):
        table.clear()
        table.update(old)


@pytest.fixture
def own(rules):
    """A node class of one's own, not registered yet."""

    class Own(MatrixExpr):
        shape = property(lambda self: self.args[0].shape)

    return Own


class Twice(MatrixExpr):
    """diag(A, A)."""

    shape = property(lambda self: (2 * self.args[0].shape[0], 2 * self.args[0].shape[1]))


def test_rule_may_return_blocks(rules):
    mc.rule(Twice)(lambda node, d: BlockMatrix([[d(node.args[0]), ZeroMatrix(n, n)], [ZeroMatrix(n, n), d(node.args[0])]]))
    assert mc.gradient(Trace(Twice(X)), X) == 2 * Identity(n)


def test_rule_with_a_constant_block_is_refused(rules):
    mc.rule(Twice)(lambda node, d: BlockMatrix([[d(node.args[0]), A], [ZeroMatrix(n, n), d(node.args[0])]]))
    with pytest.raises(mc.MissingRuleError, match="not linear"):
        mc.gradient(Trace(Twice(X)), X)


def test_rule_is_used_for_every_derivative(own):
    @mc.rule(own)
    def d_own(node, d):
        "d Own(A) = A dA + dA A"
        return node.args[0] * d(node.args[0]) + d(node.args[0]) * node.args[0]

    assert mc.gradient(Trace(own(X)), X) == 2 * X.T
    assert mc.differential(own(A * X), X) == A * X * A * MatrixSymbol("dX", n, n) + A * MatrixSymbol("dX", n, n) * A * X
    assert mc.hessian(Trace(A * own(X)), X) == mc.hessian(Trace(A * X * X), X)


def test_rule_of_a_scalar_node(rules):
    class Cube(Expr):
        is_commutative = True

    mc.rule(Cube)(lambda node, d: 3 * node.args[0] ** 2 * d(node.args[0]))
    assert mc.gradient(Cube(Trace(X)), X) == mc.gradient(Trace(X) ** 3, X)


@pytest.mark.parametrize("broad", [Basic, Expr, MatrixExpr, Function, object], ids=lambda c: c.__name__)
def test_rule_of_a_whole_family_is_refused(rules, broad):
    with pytest.raises(TypeError, match=broad.__name__):
        mc.rule(broad)(lambda node, d: node)


def test_rule_of_no_class_is_refused(rules):
    with pytest.raises(TypeError, match="3"):
        mc.rule(3)
    with pytest.raises(TypeError, match="classes"):
        mc.rule(lambda node, d: node)


@pytest.mark.parametrize(
    "returned", [lambda node, d: Trace(d(node.args[0])), lambda node, d: d(node.args[0]) * OneMatrix(n, m)], ids=["scalar", "n x m"]
)
def test_rule_that_returns_the_wrong_shape(own, returned):
    mc.rule(own)(returned)
    for call in (lambda: mc.jacobian(own(X), X), lambda: mc.gradient(Trace(own(X)), X), lambda: mc.differential(own(X), X)):
        refused(mc.ShapeError, ["Own", "(n, n)"], call)


NOT_LINEAR = {
    "square": lambda node, d: d(node.args[0]) * d(node.args[0]),
    "exp": lambda node, d: d(node.args[0]).applyfunc(exp),
    "affine": lambda node, d: d(node.args[0]) + A,
    "constant": lambda node, d: node.args[0],
}


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_rule_that_is_not_linear(own, name):
    mc.rule(own)(NOT_LINEAR[name])
    refused(mc.MatcalcError, "", lambda: mc.jacobian(own(X), X))
    refused(mc.MatcalcError, "", lambda: mc.gradient(Trace(A * own(X)), X))


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_rule_that_is_not_linear_is_named(own, name):
    mc.rule(own)(NOT_LINEAR[name])
    refused(mc.MatcalcError, "Own", lambda: mc.jacobian(own(X), X))


@pytest.mark.parametrize("name", ["square", "constant"])
def test_differential_is_linear_or_refused(own, name):
    mc.rule(own)(NOT_LINEAR[name])
    refused(mc.MatcalcError, "", lambda: mc.differential(own(X), X))


def test_rule_that_returns_nothing(own):
    mc.rule(own)(lambda node, d: None)
    refused(mc.MatcalcError, "Own", lambda: mc.jacobian(own(X), X))


def test_error_of_a_rule_comes_through(own):
    @mc.rule(own)
    def d_own(node, d):
        raise ZeroDivisionError("the rule's own")

    with pytest.raises(ZeroDivisionError, match="the rule's own"):
        mc.jacobian(own(X), X)


def test_the_engine_works_after_an_error():
    for call in (lambda: mc.gradient(Trace(Unknown(X)), X), lambda: mc.jacobian(X ** Symbol("s"), X)):
        with pytest.raises(mc.MissingRuleError):
            call()
    assert mc.gradient(Trace(A * X), X) == A.T


def test_every_error_is_one_of_the_package():
    assert issubclass(mc.MissingRuleError, (mc.MatcalcError, NotImplementedError))
    for error, builtin in (
        (mc.ShapeError, ValueError),
        (mc.UnsupportedVariableError, TypeError),
        (mc.ExpressionError, TypeError),
        (mc.CheckError, AssertionError),
    ):
        assert issubclass(error, mc.MatcalcError) and issubclass(error, builtin)


# ---- functions that are not analytic have no Fréchet derivative: the derivative of their smooth pieces would be a silent zero
@pytest.mark.parametrize("function", [sign, Abs, Heaviside, floor, mc.Relu, Lambda(t, Max(t, 0)), Lambda(t, exp(t) * Abs(t))], ids=str)
def test_function_of_a_matrix_must_be_analytic(function):
    refused(mc.ExpressionError, ["analytic", "applyfunc"], lambda: mc.MatrixFunction(function, X))
    refused(mc.ExpressionError, ["analytic", "applyfunc"], lambda: mc.FrechetDerivative(function, X, A))
    refused(mc.ExpressionError, ["analytic", "applyfunc"], lambda: mc.FrechetMatrix(function, X))


class Kinked(Function):
    """A user's function with kinks, which does not say that it is analytic."""

    def fdiff(self, argindex=1):
        return Max(-1, Min(1, self.args[0]))


class Entire(Function):
    """A user's function that says what it is: sin + 2."""

    is_analytic = True

    def fdiff(self, argindex=1):
        return cos(self.args[0])


class Liar(Kinked):
    is_analytic = True


def test_a_function_of_ones_own_is_analytic_only_if_it_says_so():
    for node, *directions in ((mc.MatrixFunction,), (mc.FrechetDerivative, A), (mc.FrechetMatrix,)):
        refused(mc.ExpressionError, ["Kinked", "is_analytic = True"], partial(node, Kinked, X, *directions))
    assert mc.gradient(Trace(mc.MatrixFunction(Entire, X)), X) == mc.MatrixCos(X).T
    assert mc.MatrixFunction(Function("f"), X).has(Function("f"))  # stands for any analytic function


def test_the_derivative_of_an_analytic_function_has_to_be_analytic_too():
    refused(mc.MissingRuleError, ["not analytic", "Max"], lambda: mc.gradient(Trace(mc.MatrixFunction(Liar, X)), X))


def test_parameter_of_an_analytic_function_may_have_a_kink():
    assert mc.check(Trace(A * mc.MatrixFunction(Lambda(t, exp(Abs(s) * t / 4)), X)), X).ok
