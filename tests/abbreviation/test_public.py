"""abbreviate: what gets a name, what must not, and that the parts put back are the expression."""

import re

import pytest
from sympy import (
    Add,
    BlockMatrix,
    Derivative,
    Function,
    IndexedBase,
    Lambda,
    MatAdd,
    MatMul,
    Matrix,
    MatrixSymbol,
    Mul,
    OneMatrix,
    S,
    Sum,
    Symbol,
    Trace,
    exp,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions import HadamardProduct, Transpose

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.cookbook.tables import identities
from sympy_matcalc.kernel.walks import postorder
from sympy_matcalc.testing import evaluate, random_env

from ..counting import counted

n, m, d, h = symbols("n m d h", integer=True, positive=True)
A, B, C, X, Y = (MatrixSymbol(s, n, n) for s in "ABCXY")
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
t, u = symbols("t u", real=True)


def nodes(e, known=None):
    """The nodes of an expression written out, a symbol one; counted without walking what is shared."""
    known = {}
    for node in postorder(e, lambda e: () if isinstance(e, MatrixSymbol) else e.args):
        known[id(node)] = 1 + (0 if isinstance(node, MatrixSymbol) else sum(known[id(a)] for a in node.args))
    return known[id(e)]


def checked(expr):
    """The abbreviation, after what holds of each: exact, no longer, no name taken, definitions in order."""
    got = mc.abbreviate(expr)
    assert got.doit() == as_answer(expr)
    assert sum(1 + nodes(part) for _, part in got.names) + nodes(got.expression) <= nodes(expr)
    taken, defined = {str(s) for s in expr.free_symbols}, []
    for symbol, part in got.names:
        assert str(symbol) not in taken and not set(defined) & (part.free_symbols & {symbol})
        assert getattr(symbol, "shape", None) == getattr(part, "shape", None)
        defined.append(symbol)
    return got


def attention(by):
    Q, K, V = MatrixSymbol("Q", n, d), MatrixSymbol("K", m, d), MatrixSymbol("V", m, h)
    G = MatrixSymbol("G", n, h)
    return mc.gradient(Trace(G.T * mc.Softmax(Q * K.T / sqrt(d), axis=1) * V), {"Q": Q, "K": K, "V": V}[by])


@pytest.mark.parametrize("by", "QK")
def test_attention_reads_in_three_lines(by):
    got = checked(attention(by))
    assert [str(s) for s, _ in got.names] == ["P"] and isinstance(got.names[0][1], mc.Softmax)
    assert len(str(got).splitlines()) <= 3


def test_a_layer_norm_reads_in_two_lines():
    c = x - mc.Mean(x) * OneMatrix(n, 1)
    got = checked(mc.jacobian(c / sqrt(mc.Norm(c) ** 2 / n + symbols("epsilon", positive=True)), x))
    assert [str(s) for s, _ in got.names] == ["c", "v"] and len(str(got).splitlines()) == 2
    assert got.names[0][0].shape == (n, 1) and isinstance(got.names[1][0], Symbol)
    assert got.latex().count(r"\\") == 1, "the definitions share a line in LaTeX too"


def test_a_layer_norm_with_weights_has_one_sign_of_what_is_centred():
    c, g = x - mc.Mean(x) * OneMatrix(n, 1), MatrixSymbol("gamma", n, 1)
    got = checked(mc.jacobian(HadamardProduct(g, c) / sqrt(mc.Norm(c) ** 2 / n + symbols("epsilon", positive=True)), x))
    assert [str(s) for s, _ in got.names] == ["c", "v"] and str(got.expression).endswith(" - HadamardProduct(gamma, c)*c.T/(n*v**(3/2))")


def test_gradients_of_one_function_share_names():
    W1, W2, b1, b2 = MatrixSymbol("W1", h, n), MatrixSymbol("W2", n, h), MatrixSymbol("b1", h, 1), MatrixSymbol("b2", n, 1)
    loss = mc.Norm(W2 * (W1 * x + b1).applyfunc(tanh) + b2 - y) ** 2 / 2
    gradients = [mc.gradient(loss, v) for v in (W1, W2, b1, b2)]
    got = mc.abbreviate(gradients)
    assert [str(s) for s, _ in got.names] == ["h", "r", "d"] and str(got.expression) == "(d*x.T, r*h.T, d, r)"
    assert got.doit() == tuple(gradients)


def test_a_part_of_a_product_has_a_name_and_its_transpose_too():
    long, other = (A + B) * X * (B - C), Y * X
    expr = MatAdd(MatMul(C, *long.args, Y), MatMul(Y, *long.args), MatMul(A, *(Transpose(f) for f in reversed(long.args)), X), other)
    got = checked(expr)
    U = got.names[-1][0]
    assert got.names[-1][1] == long
    assert got.expression == as_answer(MatAdd(MatMul(C, U, Y), MatMul(Y, U), MatMul(A, Transpose(U), X), other))


def test_an_inverse_and_its_transpose_have_one_name():
    S, T = A + x * x.T, A.T + x * x.T
    got = checked(mc.gradient((y.T * S.I * y)[0, 0], A) + mc.gradient((x.T * S.I * y)[0, 0], x) * x.T)
    assert [str(s) for s, _ in got.names] == ["K"] and "K.T" in str(got.expression)
    checked(MatAdd(MatMul(T.I, y, y.T, T.I), MatMul(S.I, y, y.T, S.I), S.I.T))


def test_one_product_with_other_scalars_has_one_name():
    R = A * x - B * y
    got = checked(MatAdd(MatMul(2, X.T, R), MatMul(S(-1), Y, X.T, R), MatMul(t, C, X.T, R)))
    assert [str(s) for s, _ in got.names] == ["u1"] and got.names[0][1] == X.T * R


@pytest.mark.parametrize("part", [X.T, -X, 2 * x, X**2, X.I, x, 2 * t, sqrt(t), sqrt(n), (n - 1) / n, X.T.I])
def test_what_is_a_symbol_nearly_has_no_name(part):
    factors = [part * f for f in (A, B, C, A * B, B * A, C * A)] if not getattr(part, "is_Matrix", False) or part.shape[1] == n else []
    factors = factors or [f * part for f in (A, B, C, A * B, B * A, C * A)]
    assert checked(MatAdd(*factors)).names == ()


def test_bound_symbols_stay_where_they_are_bound():
    k = symbols("k", integer=True)
    inner = exp(t * k) + tanh(t * k) / (1 + exp(t * k))
    for expr in [
        Sum(inner * inner**2 + sqrt(inner), (k, 0, n)),
        mc.MatrixSum(inner * A * (exp(k) * A + X) * (exp(k) * A + X), (k, 0, n)),
        X.applyfunc(Lambda(u, tanh(u) ** 2 + exp(tanh(u) ** 2) + sqrt(exp(tanh(u) ** 2)))),
        Derivative(Function("f")(t) * inner * inner.subs(t, 2 * t) * sqrt(inner), t),
    ]:
        assert not any({k, u, t if isinstance(expr, Derivative) else k} & part.free_symbols for _, part in checked(expr).names)


def test_what_no_bound_symbol_is_in_comes_out_of_a_sum():
    k = symbols("k", integer=True)
    big = mc.Norm((A + B) * x) ** 2 + t
    got = checked(Sum(exp(k * big) + k * big, (k, 0, n)) * big)
    assert [part for _, part in got.names] == [big]


def test_names_are_none_of_the_expression():
    P, p, p1 = MatrixSymbol("P", n, n), MatrixSymbol("p", n, 1), Symbol("p1")
    s = mc.Softmax(P * p)
    got = checked(MatAdd(s * s.T, p1 * A * s * y.T))
    assert [str(a) for a, _ in got.names] == ["p2"]


def test_undefined_functions_and_arrays_keep_their_names():
    f, a = Function("u1"), IndexedBase("u2")
    big = tanh(t + exp(u)) * f(t)
    got = checked(Add(exp(big), sqrt(big), a[0] * big, evaluate=False))
    assert not {"u1", "u2"} & {str(s) for s, _ in got.names} and got.names


def test_shared_parts_are_walked_once():
    def steps(depth):
        z = x
        for _ in range(depth):  # 2^depth nodes when it is written out
            z = MatAdd(mc.Softmax(z), MatMul(A, z))
        got, calls = counted(lambda: mc.abbreviate(z))
        assert len(got.names) >= depth // 2
        return calls

    few, many = steps(10), steps(20)
    assert many < 10 * few  # a walk over what is written out takes 1,000 times as many


def test_blocks_and_entries_are_looked_into():
    big = A * X * (B + C) * Y
    got = checked(BlockMatrix([[big, A], [B, big]]))
    assert [part for _, part in got.names] == [big]
    s = sqrt(t**2 + u**2)
    got = checked(Matrix([[t / s, u / s], [s, t * u / s]]).as_immutable())
    assert [part for _, part in got.names] == [1 / s]


def test_nested_products_as_typed_come_back_as_typed():
    inner = MatMul(A, X, B, C)
    checked(MatAdd(MatMul(Y, inner), MatMul(inner, Y), Transpose(inner), evaluate=False))
    checked(Add(Mul(2, Add(t, exp(u), evaluate=False), evaluate=False), exp(Add(t, exp(u))), evaluate=False))


def test_plain_substitution_has_the_same_value():
    expr = mc.jacobian(mc.Softmax(A * x), x)
    names, short = mc.abbreviate(expr)
    for symbol, part in reversed(names):
        short = short.xreplace({symbol: part})
    env = random_env([expr], seed=0)
    assert abs(evaluate(short, env) - evaluate(expr, env)).max() < 1e-12


def test_nothing_to_name():
    assert mc.abbreviate(A * x) == ((), A * x)
    assert mc.abbreviate(A * x).latex() == mc.latex(A * x)


def test_as_latex_and_as_data():
    got = mc.abbreviate(attention("Q"))
    assert got.latex().count("&") == 2 and re.match(r"\\begin\{aligned\}\nP &= ", got.latex())
    assert got._repr_latex_().startswith("$")
    assert got.as_dict()["names"] == [{"name": "P", "part": "softmax(Q*K.T/sqrt(d), axis=1)"}]


def test_jupyter_shows_the_short_expression_and_not_what_was_abbreviated():
    _, short = mc.abbreviate(attention("Q"))
    assert "softmax" not in short._repr_latex_()


def test_what_is_no_expression_is_refused():
    with pytest.raises(mc.ExpressionError):
        mc.abbreviate("x.T*x")


@pytest.mark.parametrize("chapter", sorted({i.number[:2] for i in identities()}))
def test_every_answer_of_the_cookbook(chapter):
    for identity in identities():
        if identity.number.startswith(chapter):
            checked(identity.derivative)
