"""Answers as people see them: text that can be typed, LaTeX for Jupyter, and SymPy's own objects as they were."""

import pickle

import pytest
from sympy import Lambda, MatMul, MatrixSymbol, OneMatrix, Symbol, Trace, exp, latex, sin, symbols, tanh
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer

m, n = symbols("m n", integer=True, positive=True)
X, w, y, A, t = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("A", n, n), Symbol("t")
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
