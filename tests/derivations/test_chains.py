"""The chain rule style: the examples of "The matrix calculus you need for deep learning", in its order, and what the style refuses."""

import pytest
from sympy import (
    HadamardPower,
    HadamardProduct,
    Identity,
    Lambda,
    Matrix,
    MatrixSymbol,
    Max,
    OneMatrix,
    Trace,
    exp,
    log,
    sin,
    symbols,
    tanh,
)
from sympy.matrices.expressions import DiagMatrix, Transpose

import sympy_matcalc as mc
from sympy_matcalc.derivations.partial import Partial

n, N = symbols("n N", integer=True, positive=True)
w, x, row = MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1), MatrixSymbol("r", 1, n)
X, y, A = MatrixSymbol("X", N, n), MatrixSymbol("y", N, 1), MatrixSymbol("A", n, n)
b, t, z = symbols("b t z", real=True)
eta = symbols("eta", positive=True)
ones = OneMatrix(N, 1)
neuron = (w.T * x)[0, 0] + b
activation = Max(0, neuron)
outputs = (X * w + b * ones).applyfunc(mc.Relu)
loss = mc.Mean((y - outputs).applyfunc(lambda v: v**2))
SINGLE, TOTAL, VECTOR = "single-variable chain rule", "single-variable total-derivative chain rule", "vector chain rule"

PAPER = [  # (section, expression, variable, the chain rule that is named, the answer)
    ("2 9(x + x^2)", 9 * (t + t**2), t, TOTAL, 9 + 18 * t),
    ("3 a partial derivative", 3 * t**2 * z, t, SINGLE, 6 * t * z),
    ("3 the other", 3 * t**2 * z, z, None, 3 * t**2),
    ("4.1 identity", x, x, None, Identity(n)),
    ("4.1 two functions", Matrix([3 * t**2 * z, 2 * t + z**8]), t, VECTOR, Matrix([6 * t * z, 2])),
    ("4.2 elementwise sum", w + x, w, None, Identity(n)),
    ("4.2 elementwise sum, by the other", w + x, x, None, Identity(n)),
    ("4.2 elementwise difference", w - x, w, None, Identity(n)),
    ("4.2 elementwise difference, by the other", w - x, x, None, -Identity(n)),
    ("4.2 elementwise product", HadamardProduct(w, x), w, None, DiagMatrix(x)),
    ("4.2 elementwise product, by the other", HadamardProduct(w, x), x, None, DiagMatrix(w)),
    ("4.2 elementwise quotient", HadamardProduct(w, HadamardPower(x, -1)), w, None, DiagMatrix(HadamardPower(x, -1))),
    (
        "4.2 elementwise quotient, by the other",
        HadamardProduct(w, HadamardPower(x, -1)),
        x,
        VECTOR,
        -DiagMatrix(HadamardProduct(w, HadamardPower(x, -2))),
    ),
    ("4.3 scalar expansion, sum", x + z * OneMatrix(n, 1), z, None, OneMatrix(n, 1)),
    ("4.3 scalar expansion, by the vector", x + z * OneMatrix(n, 1), x, None, Identity(n)),
    ("4.3 scalar expansion, product", z * x, z, None, x),
    ("4.3 scalar expansion, product by the vector", z * x, x, None, z * Identity(n)),
    ("4.4 sum", mc.ElementSum(x), x, None, OneMatrix(n, 1)),
    ("4.4 sum of functions", mc.ElementSum(x.applyfunc(exp)), x, VECTOR, None),
    ("4.4 scaled sum", mc.ElementSum(z * x), z, None, mc.ElementSum(x)),
    ("4.4 scaled sum, by the vector", mc.ElementSum(z * x), x, None, z * OneMatrix(n, 1)),
    ("4.5.1 sin(x^2)", sin(t**2), t, SINGLE, 2 * t * sin(t**2).diff(t) / (2 * t)),
    ("4.5.1 nested", log(sin(t**3) ** 2), t, SINGLE, log(sin(t**3) ** 2).diff(t)),
    ("4.5.2 x + x^2", t + t**2, t, TOTAL, 1 + 2 * t),
    ("4.5.2 x times x^2", t * exp(t), t, TOTAL, exp(t) + t * exp(t)),
    ("4.5.2 sin(x + x^2)", sin(t + t**2), t, TOTAL, (1 + 2 * t) * sin(t + t**2).diff(t) / (1 + 2 * t)),
    ("4.5.3 vector of functions", Matrix([log(t**2), sin(3 * t)]), t, VECTOR, Matrix([2 / t, sin(3 * t).diff(t)])),
    ("5 dot product", w.T * x, w, VECTOR, x),
    ("5 neuron", neuron, w, VECTOR, x),
    ("5 neuron by its bias", neuron, b, None, 1),
    ("5 activation", activation, w, VECTOR, None),
    ("5 activation by its bias", activation, b, SINGLE, None),
    ("6 loss", loss, w, VECTOR, None),
    ("6 loss by the bias", loss, b, VECTOR, None),
]


@pytest.mark.parametrize("detail", [0, 1, 2])
@pytest.mark.parametrize("section, expr, X, rule, answer", PAPER, ids=[row[0] for row in PAPER])
def test_the_paper(section, expr, X, rule, answer, detail):
    d = mc.explain(expr, X, style="chain", detail=detail)
    assert d.certificate.points == 3 and d.certificate.steps == len(d.steps)
    assert d.result == (mc.gradient if d.kind == "gradient" else mc.jacobian)(expr, X)
    if answer is not None:
        assert d.result == answer or (d.result - answer).simplify() == 0
    if detail == 1:
        assert [s.rule for s in d.steps if s.rule in (SINGLE, TOTAL, VECTOR)][-1:] == ([rule] if rule else [])


def rules(expr, X, **options):
    return [s.rule for s in mc.explain(expr, X, style="chain", **options).steps]


def test_the_order_of_the_paper():
    """Definitions, partial derivatives, chain rule, product, substitution back."""
    d = mc.explain(activation, w, style="chain")
    assert [str(s.left) for s in d.steps[:3]] == ["u1", "u2", "f"] and str(d.steps[0].right) == "HadamardProduct(w, x)"
    assert [str(s.left) for s in d.steps[3:6]] == ["D(u1, w)", "D(u2, u1)", "D(f, u2)"]
    assert d.steps[3].right == DiagMatrix(x) and d.steps[4].right == OneMatrix(1, n)
    assert [s.rule for s in d.steps[6:]] == [
        VECTOR,
        "the Jacobians put in",
        "the intermediate variables substituted back",
        "the gradient is the row, transposed",
    ]
    assert "= D(f, u2)*D(u2, u1)*D(u1, w) " in str(d).splitlines()[6] and "∂f/∂u2·∂u2/∂u1·∂u1/∂w" in d.text(unicode=True)


def test_what_is_shown_of_vectors():
    assert "elementwise operation: the Jacobian is diagonal" in rules(HadamardProduct(w, x), w)
    assert "a scalar is broadcast: a vector of ones" in rules(x + z * OneMatrix(n, 1), z)
    assert "sum: the derivative is a row of ones" in rules(mc.ElementSum(x), x)
    assert "the error term" in [s.note.split("; ")[0] for s in mc.explain(loss, w, style="chain").steps]


def test_shapes():
    d = mc.explain(loss, w, style="chain")
    shapes = {k: v for s in d.steps for k, v in s.shapes.items()}
    assert shapes["D(u1, w)"] == (N, n) and shapes["D(u2, u1)"] == (N, N) and shapes["df/dw"] == (1, n)


def test_a_step_of_gradient_descent():
    d = mc.explain(loss, w, style="chain")
    assert d.descent(eta) == w - eta * d.result
    with pytest.raises(mc.ArgumentError):
        mc.explain(A * x, x, style="chain").descent(eta)


def test_more_than_one_path():
    """A variable that is used twice has a derivative of its own, before what it is used for."""
    u = A * (A * x).applyfunc(exp)
    d = mc.explain(mc.ElementSum(HadamardProduct(u, u.applyfunc(sin))), x, style="chain", detail=1)
    assert d.certificate.points == 3 and [s.rule for s in d.steps].count(VECTOR) == 2


def test_of_one_operation_the_derivative_is_rewritten_in_a_step_and_named_after_the_variable():
    d = mc.explain(t * (w.T * w)[0, 0] + (y.T * y)[0, 0], t, style="chain", detail=1)
    assert [(str(s.right), s.rule) for s in d.steps[-2:]] == [
        ("sum(HadamardPower(w, 2))", "sum rule"),
        ("(w.T*w)[0, 0]", "in matrix notation"),
    ]
    assert mc.explain(w.T * x, w, style="chain").steps[-1].rule == "the gradient is the row, transposed"


@pytest.mark.parametrize("expr, X", [(w + x, w), (X * w + y, w), (sin(t**2), t), (t * exp(t), t), (loss, b)], ids=str)
def test_no_line_says_what_the_line_before_it_said(expr, X):
    """A derivative that is no row to be transposed is read off the line that finds it."""
    d = mc.explain(expr, X, style="chain", detail=2)
    assert all(a.right != b.right for a, b in zip(d.steps[-2:], d.steps[-1:])) and d.steps[-1].found == (d.kind, d.result)
    assert str(d.steps[-1].left).startswith("df/d") and d.certificate.points == 3


@pytest.mark.parametrize(
    "expr, X, rule",
    [
        (y - DiagMatrix(y) * X * w, w, "linear function"),  # diag(y) X is no diagonal matrix
        (y.applyfunc(exp), y, "elementwise operation: the Jacobian is diagonal"),
        (exp(z) * t, t, "constant factor"),
        (t / n, t, "constant factor"),
    ],
    ids=str,
)
def test_partial_derivatives_have_the_names_of_their_rules(expr, X, rule):
    assert rules(expr, X, detail=0)[-1] == rule


def test_a_difference_of_what_varies_is_no_error_term():
    centred = x - mc.Mean(x) * OneMatrix(n, 1)
    notes = [s.note for s in mc.explain((centred.T * centred)[0, 0], x, style="chain", detail=1).steps]
    assert not any("error" in note for note in notes)


def test_what_is_defined_has_no_second_name():
    """u1 = x - mean(x) 1, which the result calls c."""
    centred = x - mc.Mean(x) * OneMatrix(n, 1)
    d = mc.explain(centred / mc.Norm(centred), x, style="chain", detail=1)
    assert " c = " in str(d) and "u1        = x - mean(x)*ones(n) " in str(d)
    assert d.as_dict()["steps"][0]["right"] == "x - mean(x)*ones(n)" and r"u_{1} &= x - " in d.latex()


def test_a_name_of_what_is_only_defined_is_not_listed():
    p = (X * w).applyfunc(mc.Sigmoid)
    q = ones - p
    loss = -mc.ElementSum(HadamardProduct(y, p.applyfunc(log))) - mc.ElementSum(HadamardProduct(ones - y, q.applyfunc(log)))
    text = str(mc.explain(loss, w, style="chain", detail=1))
    assert "f         = -sum(u4) - sum(u7)" in text and "where" not in text


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_functions_of_functions_of_the_entries_are_taken_apart(detail):
    d = mc.explain((A * x).applyfunc(lambda v: sin(tanh(v**2))), x, style="chain", detail=detail)
    assert [str(s).split("   ")[0] for s in d.steps[:4]] == ["u1 = A*x", "u2 = hpow(u1, 2)", "u3 = tanh(u2)", "f = sin(u3)"]
    d = mc.explain(x.applyfunc(tanh).applyfunc(exp), x, style="chain", detail=detail)
    assert [str(s).split("   ")[0] for s in d.steps[:2]] == ["u1 = tanh(x)", "f = exp(u1)"] and VECTOR in [s.rule for s in d.steps]
    named = mc.explain((A * x).applyfunc(lambda v: log(1 + exp(v))), x, style="chain", detail=detail)
    assert str(named.steps[1]).startswith("f = softplus(u1)")


def test_scalars_stand_in_front_of_a_product_without_brackets():
    d = mc.explain((w.T * w)[0, 0] / n * (1 + t), w, style="chain", detail=2)
    e = mc.explain(sin((w.T * (t * x).applyfunc(exp))[0, 0]), t, style="chain", detail=2)
    assert "(D" not in str(d) + str(e) and "= D(f, u4)*D(u4, u3)*D(u3, u2)*D(u2, u1)*D(u1, t) " in str(e)


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_a_function_of_the_entries_that_has_the_variable_in_it(detail):
    u = symbols("u", real=True)
    expr = (w.T * (t**2 * x).applyfunc(Lambda(u, tanh(t) * u + sin(t * u))))[0, 0]
    d = mc.explain(expr, t, style="chain", detail=detail)
    assert d.certificate.points == 3 and d.result == mc.gradient(expr, t)


def test_names_are_not_those_in_use():
    u1, f = MatrixSymbol("u1", n, 1), symbols("f", real=True)
    d = mc.explain(exp(f * (u1.T * A * u1)[0, 0]), u1, style="chain")
    assert [str(s.left) for s in d.steps if s.left.is_symbol] == ["v1", "v2", "g"]


def test_partial():
    p = Partial(symbols("f"), (w.T * x)[0, 0], w)
    assert p.shape == (1, n) and p.doit() == x.T and str(p) == "D(f, w)" and p.func(*p.args) == p
    assert mc.latex(p) == r"\frac{\partial f}{\partial w}" and p.free_symbols == {w, x, n}
    assert Transpose(p).doit() == x


@pytest.mark.parametrize(
    "expr, X, words",
    [
        (Trace(A), A, "is a matrix"),
        (row * row.T, row, "is a row, and vectors are columns"),
        (A * x * x.T, x, "is a matrix of shape"),
        (Trace((A + x * x.T).inverse()), x, "is a matrix of shape"),
        ((w.T * x)[0, 0], w[0, 0], "is an entry"),
    ],
)
def test_refusals(expr, X, words):
    """They name the other style."""
    with pytest.raises(mc.UnsupportedVariableError, match=words) as error:
        mc.explain(expr, X, style="chain")
    assert "style='differential'" in str(error.value)


@pytest.mark.parametrize("column, V", [((A * x).applyfunc(tanh), x), (t * x, t), ((t * x).applyfunc(sin), t)], ids=str)
def test_a_row_is_explained_as_its_transpose(column, V):
    row_of, d = mc.explain(column, V, style="chain"), mc.explain(column.T, V, style="chain")
    assert [s.right for s in d] == [s.right for s in row_of] and d.result == row_of.result == mc.jacobian(column.T, V)
    definitions = [s for s in d if s.left.is_symbol]
    assert "the transpose of the row" in definitions[-1].note and d.certificate.points == 3


def test_second_order_is_refused():
    with pytest.raises(mc.ArgumentError, match="order 1 only"):
        mc.explain(loss, w, style="chain", order=2)
