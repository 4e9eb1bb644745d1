"""Sums and products of answers are written as a person writes them: in text that can be typed back, in two dimensions, in LaTeX."""

import pickle

import pytest
from sympy import MatAdd, MatMul, MatrixSymbol, OneMatrix, Sum, Symbol, Trace, exp, pretty, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.interning import with_args
from sympy_matcalc.text import parse, to_text

n = symbols("n", integer=True, positive=True)
t, mu = Symbol("t", positive=True), Symbol("mu", real=True)
X, A, B = (MatrixSymbol(name, n, n) for name in "XAB")
a, b, x = (MatrixSymbol(name, n, 1) for name in "abx")
DISTANCE = sqrt(((X * a - b).T * (X * a - b))[0, 0])
CENTRED = x - mc.Mean(x) * OneMatrix(n, 1)

WRITTEN = [
    (lambda: mc.gradient(mc.Norm(x - a), x), "(x - a)/norm(x - a)"),
    (lambda: mc.gradient(mc.Norm(x - a) ** 2 / 2, a), "a - x"),
    (lambda: mc.gradient(1 / mc.Norm(x), x), "-x/norm(x)**3"),
    (lambda: mc.gradient(mc.Norm(A * x - b), x), "A.T*(A*x - b)/norm(A*x - b)"),
    (lambda: mc.gradient(mc.Norm(CENTRED) ** 2 / n, x), "2*(x - mean(x)*ones(n, 1))/n"),
    (lambda: mc.gradient(mu * Trace(X.T * X), X), "2*mu*X"),
    (lambda: mc.hessian(mu * Trace(X) ** 2 + mu * mc.dot(x, x), x), "2*mu*I(n)"),
    (lambda: mc.gradient(sqrt(t) * (a.T * X * b)[0, 0], t), "(a.T*X*b)[0, 0]/(2*sqrt(t))"),
    (lambda: mc.gradient((a.T * X * b)[0, 0] / (2 * sqrt(t)), X), "a*b.T/(2*sqrt(t))"),
    (lambda: mc.gradient(t * mc.dot(x, x) - (a.T * x)[0, 0], x), "2*t*x - a"),
    (lambda: mc.gradient(Trace(A * X * X * B), X), "(B*A*X + X*B*A).T"),
    (lambda: mc.gradient(exp(-(mc.Norm(x - a) ** 2) / t), x), "-2*exp(-norm(x - a)**2/t)*(x - a)/t"),
    (lambda: mc.simplify(Trace(X - A - B)), "Trace(X - A - B)"),
    (lambda: mc.simplify(MatAdd(-A, -B)), "-A - B"),
]


@pytest.mark.parametrize("answer, text", WRITTEN, ids=[text for _, text in WRITTEN])
def test_text(answer, text):
    found = answer()
    assert str(found) == text
    shapes = {s.name: "scalar" if isinstance(s, Symbol) else " x ".join(map(str, s.shape)) for s in found.free_symbols if s != n}
    back = parse(text.replace("Trace", "tr"), shapes)[0]
    real = {s: s2 for s in back.free_symbols for s2 in found.free_symbols if isinstance(s, Symbol) and s.name == s2.name}
    back = back.xreplace(real)
    assert back == found or back.doit() == found.doit()


def test_two_dimensions():
    assert pretty(mc.gradient(mc.Norm(x - a), x), use_unicode=False) == "   x - a   \n-----------\nnorm(x - a)"
    assert pretty(mc.gradient(t * mc.dot(x, x) - 2 * t * (a.T * x)[0, 0], x), use_unicode=False) == "2*t*(x - a)"


def test_latex():
    assert mc.latex(mc.gradient(mc.Norm(x), x)) == r"\frac{x}{\lVert x \rVert_{2}}"
    assert mc.latex(mc.gradient(-mc.dot(a, x) / mu, x)) == r"- \frac{a}{\mu}"
    assert mc.latex(mc.gradient((a.T * X * b)[0, 0] / t, X)) == r"\frac{1}{t} a b^{\top}"


def test_an_answer_given_on_is_written_anew():
    """The text belongs to one object: what is made of it with other parts does not say the same."""
    found = mc.gradient(mc.Norm(x - a) ** 2, x)
    assert str(found) == "2*(x - a)" and str(mc.gradient(mc.dot(b, found), x)) == "2*b"
    assert str(found.xreplace({x: b})) == "2*(-a + b)" and to_text(found) == "2*(x - a)"
    assert str(mc.simplify(found.xreplace({x: b}))) == "2*(b - a)"
    again = pickle.loads(pickle.dumps(found))
    assert again == found and hash(again) == hash(found) and str(mc.simplify(again)) == "2*(x - a)"


@pytest.fixture
def no_sums(monkeypatch):
    def refused(self, **hints):
        raise AssertionError("a sum is carried out to print it")

    monkeypatch.setattr(Sum, "doit", refused)


@pytest.mark.parametrize(
    "answer, text",
    [
        (lambda: mc.gradient(DISTANCE, X), "(X*a - b)*a.T/sqrt(((X*a - b).T*(X*a - b))[0, 0])"),
        (lambda: mc.gradient(-3 * DISTANCE, a), "3*X.T*(b - X*a)/sqrt(((X*a - b).T*(X*a - b))[0, 0])"),
        (
            lambda: mc.hessian(-DISTANCE / 2, a),
            "(X.T*(X*a - b)*(X*a - b).T*X/((X*a - b).T*(X*a - b))[0, 0]**(3/2) - X.T*X/sqrt(((X*a - b).T*(X*a - b))[0, 0]))/2",
        ),
        (lambda: mc.gradient(-(((X * a).T * A * b)[0, 0] ** 2), X), "-2*(a.T*X.T*A*b)[0, 0]*A*b*a.T"),
    ],
)
def test_no_sum_is_carried_out(no_sums, answer, text):
    assert str(answer()) == text


def test_others_print_as_before():
    typed = MatMul(2 * mu, x - a)
    assert str(typed) == "(2*mu)*(-a + x)" and str(mc.simplify(typed)) == "2*mu*(x - a)" and str(typed) == "(2*mu)*(-a + x)"


def test_a_node_with_other_arguments_has_a_text_of_its_own():
    """The text of an answer is that of its arguments, and no longer right where some of them are replaced."""
    answer = mc.gradient(DISTANCE, X)
    other = with_args(answer, [n, *answer.args[1:]])
    assert str(other) == str(MatMul(*other.args, evaluate=False)) == "n*(X*a - b)*a.T"
    assert str(with_args(answer, answer.args)) == str(answer)


def test_names_are_in_the_text_of_what_is_abbreviated():
    found = mc.abbreviate(mc.gradient(mc.dot(b, CENTRED) / sqrt(mc.Norm(CENTRED) ** 2 / n + 1), x))
    assert "mean(x)" not in str(found.expression) and "norm" not in str(found.expression)
