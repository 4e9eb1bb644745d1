"""Writers of other spellings: what they write is read again as the same expression."""

import pytest
from sympy import Add, Symbol

from sympy_matcalc import MatcalcError
from sympy_matcalc.text import parse, read, to_text
from sympy_matcalc.text.matlab_text import to_matlab
from sympy_matcalc.text.unicode import to_unicode

from .test_matlab import FORMULAS as MATLAB
from .test_plain import FORMULAS as PLAIN
from .test_tex import FORMULAS as TEX

TEXTS = sorted({row[1] for table in (MATLAB, TEX, PLAIN) for row in table if isinstance(row[1], str)})


@pytest.mark.parametrize(("writer", "syntax"), [(to_matlab, "matlab"), (to_unicode, "auto")])
def test_what_is_written_is_read_again(writer, syntax):
    wrong, judged = [], 0
    for text in TEXTS:
        try:
            reading = read(text)
        except MatcalcError:
            continue  # that needs declarations
        if "relu" in text or "max(" in text or text.startswith("dot("):
            continue  # of one value, and of two nodes; a product of one entry, and its entry
        judged += 1
        again = read(writer(reading.expr), reading.shapes, syntax=syntax).expr
        wrong += [] if again == reading.expr else [(text, writer(reading.expr))]
    assert judged > 140 and wrong == []


@pytest.mark.parametrize(
    ("text", "matlab", "unicode"),
    [
        ("x.T*A*x", "x'*A*x", "xᵀ·A·x"), ("(X*w - y).T*A.I", "(X*w - y)'*inv(A)", "(X·w - y)ᵀ·A⁻¹"), ("had(x, y)", "(x.*y)", "(x ⊙ y)"),
        ("norm(X)**2", "norm(X, 'fro')^2", "‖X‖²"), ("norm(x)**2", "norm(x)^2", "‖x‖²"), ("X.T.I", "inv(X')", "X⁻ᵀ"), ("(A + B).I", "inv(A + B)", "(A + B)⁻¹"),
        ("kron(A, B)", "kron(A, B)", "(A ⊗ B)"), ("x.T*ones(n)", "x'*ones(n, 1)", "xᵀ·ones(n)"), ("lam*x.T*x", "lam*x'*x", "λ·xᵀ·x"), ("t**10", "t^10", "t¹⁰"),
        ("hpow(x, 2)", "(x.^2)", "hpow(x, 2)"), ("X**(-2)", "X^(-2)", "X⁻²"), ("(t + 1)**k", "(t + 1)^k", "(t + 1)**k"), ("x.T*(A + I)*x", "x'*(eye(n) + A)*x", "xᵀ·(I(n) + A)·x"),
    ],
)  # fmt: skip
def test_signs(text, matlab, unicode):
    expr = parse(text, ["n: scalar"] if "n" in text and "norm" not in text and "kron" not in text else None)[0]
    assert (to_matlab(expr), to_unicode(expr)) == (matlab, unicode)


def test_an_open_range_is_written():
    expr = parse("A[:, 0]")[0]
    assert to_matlab(expr) == "A(:, 1)" and to_unicode(expr) == "A[:, 0]"


def test_a_text_that_is_too_long_for_the_grammar_stays_as_it_is():
    expr = Add(*(Symbol(f"{'x' * 30}{i}") for i in range(500)))
    assert to_matlab(expr) == to_unicode(expr) == to_text(expr)
