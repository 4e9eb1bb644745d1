"""Derivations by differentials: every rule, both orders, all details; each step is true, and the last line is the package's answer."""

from functools import partial

import pytest
from sympy import (
    Determinant,
    Function,
    FunctionMatrix,
    Integer,
    Inverse,
    Lambda,
    MatAdd,
    MatMul,
    Matrix,
    MatrixSymbol,
    NDimArray,
    Sum,
    Symbol,
    Trace,
    exp,
    log,
    sin,
    symbols,
    tanh,
)
from sympy.core.cache import clear_cache
from sympy.matrices.expressions.matexpr import MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.derivations import differentials
from sympy_matcalc.derivations.certify import certify
from sympy_matcalc.derivations.explain import derived
from sympy_matcalc.derivations.names import MOVES
from sympy_matcalc.kernel import make
from sympy_matcalc.kernel.scalars import scalar_product
from sympy_matcalc.kernel.shapes import is_matrix
from sympy_matcalc.nodes.linearity import LINEAR
from sympy_matcalc.rules import linear
from sympy_matcalc.rules.registry import ARRAY_RULES, NAMES, RULES, USER

from ..counting import counted
from ..rules.rows import ROWS

m, n = symbols("m n", integer=True, positive=True)
X, A, B = MatrixSymbol("X", m, n), MatrixSymbol("A", n, n), MatrixSymbol("B", n, m)
S = MatrixSymbol("S", n, n)
x, w, y = MatrixSymbol("x", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
t = Symbol("t", real=True)

EXAMPLES = [
    (x.T * A * x, x),
    (log(Determinant(X.T * X)), X),
    ((X * w - y).T * (X * w - y), w),
    (Trace(X.T * X * A * B * X), X),
    (mc.ElementSum(X.applyfunc(exp)), X),
    (mc.Norm(X * w - y), w),
    ((A * x).applyfunc(exp), x),
    (exp(-(x.T * A * x)[0, 0]), x),
    (B * X * A, X),
    (X * w, X),
    ((t * A).inverse(), t),
    (sin(t**2), t),
    (Trace(A * X.T * X), X[0, 1]),
    (w.T * A, w),
    (mc.Softmax(A * x), x),
    ((x.T * x)[0, 0] * A, x),
    (x * (w.T * x)[0, 0], x),
]
OF_ALL_RULES = [(cls.__name__, k, *row) for cls, rows in ROWS.items() for k, row in enumerate(rows[:1])]


def answer(d):
    function = {"gradient": mc.gradient, "jacobian": mc.jacobian, "hessian": mc.hessian}[d.kind.removeprefix("vec ")]
    return function(d.expression, d.variable, form="vec") if d.kind.startswith("vec") else function(d.expression, d.variable)


@pytest.mark.parametrize("detail", [0, 1, 2])
@pytest.mark.parametrize("expr, X", EXAMPLES, ids=lambda e: str(e)[:20])
def test_examples(expr, X, detail):
    d = mc.explain(expr, X, detail=detail)
    assert d.certificate.points == 3 and d.certificate.steps == len(d.steps)
    assert d.steps[0].left == mc.Differential(expr, X)
    assert d.result == answer(d) and d.steps[-1].found == (d.kind, d.result)
    assert not d.steps[-1].right.has(mc.Differential)


@pytest.mark.parametrize("detail", [0, 2])
@pytest.mark.parametrize("expr, X", [(e, v) for e, v in EXAMPLES if getattr(e, "shape", (1, 1)) == (1, 1)], ids=lambda e: str(e)[:20])
def test_second_order(expr, X, detail):
    d = mc.explain(expr, X, detail=detail, order=2)
    assert d.certificate.points == 3 and d.kind in ("hessian", "vec hessian") and d.result == answer(d)


@pytest.mark.parametrize("name, k, expr, X, domain", OF_ALL_RULES, ids=[f"{c[0]}-{c[1]}" for c in OF_ALL_RULES])
def test_every_rule(name, k, expr, X, domain):
    try:
        d = derived(expr, X, detail=2)
    except mc.UnsupportedVariableError:
        assert "NDimArray" in name
        return
    assert certify(d, 1, domain).points == 1
    assert d.result == answer(d)


# ---- names
def test_every_rule_has_the_name_of_a_textbook():
    for cls in [*RULES, *ARRAY_RULES]:
        assert cls in NAMES and NAMES[cls].name
        if cls not in USER:
            words = NAMES[cls].name.split()
            assert words[0].islower() or words[0] in ("Fréchet", "Jacobi's"), words
            of_class = "" if isinstance(cls, str) else cls.__name__
            assert of_class in ("Cholesky", "Stumpff", "Riccati", "Sylvester", "Lyapunov") or of_class not in words, words


def test_moves_are_of_linear_nodes():
    assert set(MOVES) <= set(LINEAR)


class Twice(MatrixExpr):
    shape = property(lambda self: self.args[0].shape)


class Halved(MatrixExpr):
    shape = property(lambda self: self.args[0].shape)


@pytest.fixture
def users_rules():
    yield
    for cls in (Twice, Halved):
        RULES.pop(cls, None)
        NAMES.pop(cls, None)
        USER.discard(cls)
        LINEAR.pop(cls, None)


def test_rules_of_users_are_steps(users_rules):
    mc.rule(Twice, name="doubling", source="a lecture")(lambda node, d: 2 * d(node.args[0]))
    d = derived(Trace(A * Twice(S.T * S)), S, detail=2)
    assert ("doubling", "a lecture") in [(s.rule, s.source) for s in d.steps]
    assert d.result == mc.gradient(Trace(A * Twice(S.T * S)), S)
    mc.linear(Halved, 0, adjoint=lambda node, W: Halved(W), numpy=lambda a: a / 2)
    d = mc.explain(Trace(A * Halved(S.T * S)), S, detail=2)
    assert "linearity of Halved" in [s.rule for s in d.steps] and d.certificate.points == 3


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_names_fit(detail):
    """With one varying factor it is no product rule; that constants drop out is no line of its own."""
    rules = [s.rule for s in derived(A * x + w, x, detail=detail)]
    assert not any("product rule" in r or "sum rule" in r for r in rules)
    assert "constant factor" in rules and len(rules) == (3 if detail == 2 else 2)
    assert any("product rule" in s.rule for s in derived(x.T * A * x, x, detail=2))


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_differences_are_no_sums_of_negatives_and_entries_no_steps(detail):
    d = mc.explain((w - A * x).T * S * (w - A * x), x, detail=detail)
    assert d.certificate.points == 3 and "+ -" not in d.latex() and "+ -" not in str(d)
    assert "entry" not in [s.rule for s in d] and len({str(s.right) for s in d.steps[:-1]}) == len(d.steps) - 1


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_a_second_differential_of_zero_is_a_scalar(detail):
    d = mc.explain(w.T * x, x, detail=detail, order=2)
    assert (
        all(getattr(s.right, "shape", ()) in ((), (1, 1)) for s in d) and d.certificate.points == 3 and d.result == mc.hessian(w.T * x, x)
    )


def test_a_function_of_two_indices_is_written():
    F = FunctionMatrix(m, n, Lambda((Symbol("i"), Symbol("j")), (Symbol("i") + 1) / (Symbol("j") + 2)))
    d = derived(Trace(Determinant(S) * F * S * B), S)
    assert "FunctionMatrix" in str(d) and d.as_dict()


# ---- explicit variables
a, b = symbols("a b", real=True)
V = Matrix([a, b])


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("f", [a**2 * sin(b), (V.T * Matrix([[2, 1], [1, 3]]) * V)[0, 0], mc.Norm(V) ** 2], ids=str)
def test_an_explicit_variable(f, order):
    d = mc.explain(f, V, order=order)
    assert d.certificate.points == 3 and d.result == (mc.gradient if order == 1 else mc.hessian)(f, V)
    assert d.steps[-1].found == (d.kind, d.result) and "[[a], [b]]" in d.steps[-1].note
    assert str(d) and d.latex() and d.as_dict()


def test_an_explicit_variable_of_vectors_and_in_chains():
    d = mc.explain(Matrix([a * b, a]), V)
    assert d.certificate.points == 3 and d.result == mc.jacobian(Matrix([a * b, a]), V)
    with pytest.raises(mc.UnsupportedVariableError):
        mc.explain(a * b, Matrix([a + b, b]))


# ---- a wrong step is never returned
def test_a_wrong_rule_is_an_error(monkeypatch):
    monkeypatch.setitem(RULES, Inverse, lambda node, d: linear.mul(node, d(node.args[0]), node))
    with pytest.raises(mc.CheckError, match="differential of an inverse"):
        mc.explain(Trace(S.inverse() * A), S)


def negated(rule):
    def wrong(node, d):
        return negative(rule(node, d))

    return wrong


def negative(e):
    if isinstance(e, Sum):  # of matrices it has neither a shape nor a product
        return e.func(negative(e.function), *e.limits)
    return e if e is None else make.mul(Integer(-1), e) if is_matrix(e) else scalar_product(Integer(-1), e)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cls", [cls for cls in ROWS if cls in RULES and cls is not Sum and not issubclass(cls, NDimArray)], ids=lambda cls: cls.__name__
)
def test_a_wrong_sign_in_any_rule_is_an_error(cls, monkeypatch):
    expr, X, domain = ROWS[cls][0]
    right = derived(expr, X)
    monkeypatch.setitem(RULES, cls, negated(RULES[cls]))
    wrong = derived(expr, X)
    if wrong.steps[-1].right != right.steps[-1].right:  # else the rule says 0, or the canonical form has no such node
        with pytest.raises(mc.CheckError, match="is not true"):
            certify(wrong, 1, domain)


def test_a_wrong_move_is_an_error(monkeypatch):
    monkeypatch.setattr(differentials, "inner", lambda w, e: 2 * e[0, 0])
    with pytest.raises(mc.CheckError, match="is not true"):
        mc.explain(x.T * A * x, x)


def test_singular_points_are_left_out():
    """X'X is singular where X is wide: logarithms of rounding errors judge nothing."""
    assert mc.explain(log(Determinant(X.T * X)), X).certificate.points == 3


def test_a_net_with_skip_connections_takes_no_path_one_by_one():
    """There are 2^12 of them."""
    z = x
    for _ in range(12):
        z = z + (A * z).applyfunc(exp)
    for detail in (0, 1, 2):
        assert len(derived(mc.ElementSum(z), x, detail=detail).steps) < 100


def net(depth, skip):
    h = x
    for _ in range(depth):
        layer = MatMul(A, h, evaluate=False).applyfunc(tanh)
        h = MatAdd(layer, h, evaluate=False) if skip else layer
    return mc.ElementSum(h)


def _steps(function):
    """Without what SymPy remembers of others."""
    clear_cache()
    return counted(function)[1]


@pytest.mark.parametrize("skip", [False, True])
def test_a_line_costs_what_it_changes(skip):
    """Steps against the derivative's own, and lines: neither grows with the depth beyond a page."""
    for detail, most in ((0, 12), (1, 16)):
        for depth in (6, 18):
            f = net(depth, skip)
            d = derived(f, x, detail=detail)
            steps, own = _steps(partial(derived, f, x, detail=detail)), _steps(partial(mc.gradient, f, x))
            lines, points = len(d.steps), certify(d, 1).points
            assert (lines <= most, steps < 6 * own, points) == (True, True, 1), (lines, steps / own)


def test_a_sum_of_shared_terms_is_looked_through_once():
    """Entries at numbers are looked for in each term of each sum: a walk over the tree doubles with each."""
    g = Function("g", real=True)

    def nested(depth):
        f = (x.T * x)[0, 0]
        for _ in range(depth):
            f = g(f * f) + f
        return f

    steps = [counted(partial(mc.gradient, nested(depth), x))[1] for depth in (4, 8)]
    assert steps[1] < 4 * steps[0], steps


def test_the_variable_does_not_occur():
    d = mc.explain(Trace(A), S)
    assert d.result == mc.gradient(Trace(A), S) and d.steps[-1].right == 0


# ---- refusals
@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: mc.explain(Trace(A), S, style="tabular"), "the style is one of"),
        (lambda: mc.explain(Trace(A), S, detail=3), "the detail is 0, 1 or 2"),
        (lambda: mc.explain(Trace(A), S, order=3), "the order is 1 or 2"),
        (lambda: mc.explain(A * x, x, order=2), "needs a scalar"),
        (lambda: mc.explain("x", x), "expression"),
        (lambda: mc.explain(Trace(A), A * S), "variable"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(mc.MatcalcError, match=words):
        call()


def test_all_details_name_what_shares_a_line():
    rules = [s.rule for s in derived(log(Determinant(X.T * X)), X, detail=2)]
    assert rules[2:4] == ["product rule, transpose", "trace of a sum, trace of a transpose"], rules


def test_what_is_held_can_be_written_out_alone():
    k = Symbol("k", integer=True, positive=True)
    d = derived(x.T * S**k * x, S, order=2)
    held = {h for s in d.steps for h in s.right.atoms(mc.Differential)}
    assert any("matrix power" in s.rule for s in d.steps[-3:]) and all(not h.doit().has(mc.Differential) for h in held)
