"""Letters of numbers that are columns by their use, also inside of functions of their entries."""

import pytest

from sympy_matcalc import MatcalcError
from sympy_matcalc.text import read


@pytest.mark.parametrize(
    "text, declared",
    [
        ("x'*log(d)", ["d: n", "x: n"]),
        ("x'*(log(d) - log(c))", ["d: n", "c: n", "x: n"]),
        ("A*exp(-d)", ["d: m", "A: n x m"]),
        ("norm(A*exp(d) - b)^2", ["d: m", "A: n x m", "b: n"]),
        ("A*(c + d.*e)", ["A: n x m", "c: m", "d: m", "e: m"]),
        ("exp(a)*exp(b)'", ["a: n", "b: m"]),
        ("-y'*log(s) - (1-y)'*log(1-s)", ["s: n", "y: n"]),
        ("y'*log(p) + (1-y)'*log(1-p)", ["p: n", "y: n"]),
        ("y'*(1-p)", ["p: n", "y: n"]),
        ("a'*(1+s)", ["a: n", "s: n"]),
        ("y'*(1-t)", ["t: scalar", "y: n"]),
        ("(1+k)*x'*x", ["k: scalar", "x: n"]),
        ("x'*x*(1+k)", ["k: scalar", "x: n"]),
        ("log(1+exp(-z))", ["z: scalar"]),
        ("a@x", ["a: n", "x: n"]),
        ("a@b + c", ["a: n", "b: n", "c: scalar"]),
        ("A@exp(b)", ["A: n x m", "b: m"]),
        ("b@A@x", ["b: n", "A: n x m", "x: m"]),
    ],
)
def test_columns(text, declared):
    assert read(text).expr == read(text, declared).expr


def test_a_column_inside_of_a_function_has_a_note():
    assert any("`d` is read as a column, since `log(d)`" in note for note in read("x'*log(d)").notes)
    assert not read("A*b").notes


@pytest.mark.parametrize("text", ["x'*exp(-t)", "A*x*exp(-a)", "x'*(1 + a)", "log(d)*x", "q'*K*v/sqrt(d)"])
def test_numbers(text):
    reading = read(text)
    assert "scalar" in reading.shapes.values()


@pytest.mark.parametrize(
    "text, said",
    [
        ("A*exp(lam)", "behind a matrix can be a number and a vector"),
        ("x'*log(sigma)", "declare `sigma: scalar` or `sigma: n`"),
        ("2@x", "`2` is a number, and NumPy's `@` has none"),
        ("(x@y)@A", "is a number, and NumPy's `@` has none"),
        ("A*exp(a)*x", "It can be read with"),
    ],
)
def test_errors(text, said):
    with pytest.raises(MatcalcError, match="(?s)" + said.replace("(", r"\(")):
        read(text)
