"""Answers as people see them: text that can be typed, LaTeX for Jupyter, and SymPy's own objects as they were."""

import pickle

import pytest
from sympy import Lambda, MatMul, MatrixSymbol, OneMatrix, Symbol, Trace, exp, latex, sin, symbols, tanh
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.text import to_text

m, n = symbols("m n", integer=True, positive=True)
X, w, y, A, t = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("A", n, n), Symbol("t")
B, C = MatrixSymbol("B", n, n), MatrixSymbol("C", n, n)
LOGISTIC = mc.gradient(mc.ElementSum(mc.Softplus(X * w)) - mc.dot(y, X * w), w)
OWN = (X * w).applyfunc(exp)


def test_text_can_be_typed_back():
    assert str(LOGISTIC) == repr(LOGISTIC) == "X.T*(sigmoid(X*w) - y)" and str(2 * LOGISTIC) == "2*X.T*(sigmoid(X*w) - y)"
    assert str(mc.gradient(mc.ElementSum(w), w)) == "ones(n, 1)" and str(mc.gradient(mc.Norm(w), w)) == "w/norm(w)"


def test_an_answer_is_what_sympy_would_make():
    plain, shown = OneMatrix(n, 1), as_answer(OneMatrix(n, 1))
    assert plain == shown and shown == plain and hash(plain) == hash(shown) and not plain != shown
    assert MatMul(A, plain) == MatMul(A, shown) and MatMul(A, shown).subs(plain, w) == A * w
    assert pickle.loads(pickle.dumps(LOGISTIC)) == LOGISTIC


SUMS = [  # an answer, the same typed in SymPy, and how it is written
    (mc.gradient(Trace(A.T * A * (C + B)), A), A * (B + B.T + C + C.T), "A*(B + B.T + C + C.T)"),
    (mc.gradient((X * w - y).T * (X * w - y), w), 2 * X.T * (X * w - y), "2*X.T*(X*w - y)"),
    (mc.hessian(w.T * A * w, w), A + A.T, "A + A.T"),
    (mc.gradient(Trace(A.T * B * C * A), A), (B * C + C.T * B.T) * A, "(B*C + C.T*B.T)*A"),
    (mc.gradient(Trace(C * A) + Trace(B * A), A), B.T + C.T, "B.T + C.T"),
]


@pytest.mark.parametrize(("answer", "typed", "text"), SUMS, ids=[text for *_, text in SUMS])
def test_sums_equal_what_is_typed_and_are_written_as_people_write_them(answer, typed, text):
    assert answer == typed and hash(answer) == hash(typed) and answer in {typed} and str(answer) == to_text(answer) == text
    assert mc.latex(answer) == answer._repr_latex_()[len(r"$\displaystyle ") : -1] and str(as_answer(answer)) == text
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_what_is_typed_is_written_as_before_where_sympy_keeps_an_answer():
    """SymPy's cache gives the product of an answer for the equal product of what someone typed: its texts are not to tell."""
    u, v = MatrixSymbol("u", n, 1), MatrixSymbol("v", n, 1)
    answer = mc.gradient(mc.Norm(X * u - y) ** 2 / 2 + t * mc.Norm(u) ** 2 / 2 + mc.dot(v, u), u)
    kept = t * mc.Norm(answer)
    typed = t * mc.Norm(X.T * (X * u - y) + t * u + v)
    assert kept == typed and str(answer) == "X.T*(X*u - y) + t*u + v"
    assert to_text(typed) == "t*norm(t*u + X.T*(X*u - y) + v)" and str(mc.scalar(typed)) == to_text(typed)
    assert (
        mc.latex(typed).index("t u") < mc.latex(typed).index("X u")
        and "t * u + (X.dot(u) - y).dot(X)" in mc.lambdify([X, u, v, y, t], typed).source
    )


def test_an_answer_is_derived_as_what_it_equals():
    """What an answer is made of is no part of what is asked: the derivative of the same sum is written in the same way."""
    answer, typed, _ = SUMS[1]
    assert str(mc.jacobian(answer, w)) == str(mc.jacobian(typed, w)) == "2*X.T*X"
    again = mc.simplify(answer)
    assert str(again) == str(mc.simplify(typed)) and again == typed


@pytest.mark.parametrize("e", [t * Trace(A) + t**2, sin(t) * Trace(A), 1 / Trace(A)], ids=str)
def test_scalars_show_themselves_and_are_sympys(e):
    shown = as_answer(e)
    assert shown == e and e == shown and hash(shown) == hash(e) and str(shown) == str(e)
    assert shown._repr_latex_() == rf"$\displaystyle {mc.latex(e)}$" and type(shown + 1) is type(e + 1) and shown.func is e.func


def test_jupyter_gets_the_latex_of_the_package():
    assert LOGISTIC._repr_latex_() == rf"$\displaystyle {mc.latex(LOGISTIC)}$" and r"\top" in LOGISTIC._repr_latex_()


@pytest.mark.parametrize("f", [Lambda(t, t**2 + sin(t)), tanh, Lambda(t, exp(t) - t)], ids=str)
def test_brackets_stand_in_sympys_latex_too(f):
    """SymPy's printer takes a node that it does not know for an atom: a sum beside X.T or behind a minus sign was read as another one."""
    found = mc.gradient(mc.ElementSum((X * w).applyfunc(f)), w)
    turned = found.args[-1]
    assert latex(found) == rf"X^{{T}} \left({mc.latex(turned)}\right)" and latex(turned) == mc.latex(turned)
    assert latex(w - turned).count(r"\left(" + mc.latex(turned)) == 1


def test_others_print_as_before():
    assert str(OWN) == "Lambda(_d, exp(_d)).(X*w)" and str(OneMatrix(m, n)) == "1" and latex(X.T) == "X^{T}"
    assert type(OWN) is ElementwiseApplyFunction and "_repr_latex_" not in OWN.__dict__
