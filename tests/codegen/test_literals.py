"""Names and literals of a source: whatever the text, the source evaluates to it, and parses."""

import ast
import enum
import keyword

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Function, MatrixSymbol, Symbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.enclosed import enclosed
from sympy_matcalc.codegen.literals import identifier, identifiers, is_identifier, key_literal, string_literal

ANY = st.text(st.characters(), max_size=30) | st.sampled_from(['"', '\\"', "'", '"""', "\n", "{x}", "\\", "\ud800", "\u2028"])


@given(ANY)
def test_a_literal_evaluates_to_its_text(text):
    source = string_literal(text)
    assert ast.literal_eval(source) == text and len(source.splitlines()) == 1


@given(ANY, st.sets(st.sampled_from(["x", "_", "x_", "lambda_"])))
def test_an_identifier_is_one(name, taken):
    found = identifier(name, taken)
    assert is_identifier(found) and not keyword.issoftkeyword(found) and found not in taken


def test_names_stay_where_they_can():
    names = identifiers(symbols("x alpha lambda x_1") + (Symbol("x", real=True), Symbol("sum")), {"np"})
    assert list(names.values()) == ["x", "alpha", "lambda_", "x_1", "x_", "sum_"]


def test_keys_do_not_speak_for_themselves():
    class Sly(str):
        def __repr__(self):
            return "__import__('os')"

    class Name(enum.StrEnum):
        VALUE = "value"

    assert key_literal(Sly("k")) == "'k'" and key_literal(Name.VALUE) == "'value'" and key_literal(True) == "True"
    x = MatrixSymbol("x", 2, 1)
    assert set(mc.lambdify([x], {Name.VALUE: x.T * x})(np.ones(2))) == {"value"}


def test_symbols_of_one_name_are_different_arguments():
    n = Symbol("n", integer=True, positive=True)
    X, x = MatrixSymbol("X", n, n), MatrixSymbol("X", n, 1)
    assert np.allclose(mc.lambdify([X, x], X * x)(np.diag([1.0, 2]), np.ones(2)), [1, 2])
    N = MatrixSymbol("n", n, n)
    assert np.allclose(mc.lambdify([N, x], n * N * x)(np.diag([1.0, 2]), np.ones(2)), [2, 4])


@pytest.mark.parametrize("name", ["f()", "import", "", "f\n", 'f"', "type"])
def test_a_function_is_named_by_an_identifier(name):
    with pytest.raises(mc.MatcalcError, match="identifier"):
        enclosed(name, [MatrixSymbol("x", 2, 1)], MatrixSymbol("x", 2, 1))


def test_text_is_never_made_an_expression():
    """SymPy's `sympify` evaluates text; the constructors of the package take none."""
    hostile = "__import__('builtins').setattr(__import__('builtins'), 'ran', 1)"
    x = MatrixSymbol("x", 2, 1)
    for make in (mc.Norm, mc.Vec, mc.Softmax, mc.Relu, mc.MatrixExp, mc.CommutationMatrix, mc.ElementSum):
        with pytest.raises(mc.MatcalcError):
            make(hostile, *[hostile] * (make is mc.CommutationMatrix))
    for call in (
        lambda: mc.Norm(x, hostile),
        lambda: mc.Eigenvalue(MatrixSymbol("A", 2, 2), hostile),
        lambda: mc.MatrixSum(x, (Symbol("k"), 0, hostile)),
        lambda: mc.MatrixFunction(hostile, MatrixSymbol("A", 2, 2)),
        lambda: mc.gradient(hostile, x),
        lambda: mc.lambdify([x], hostile),
        lambda: mc.simplify(hostile),
    ):
        with pytest.raises(mc.MatcalcError):
            call()
    import builtins

    assert not hasattr(builtins, "ran")


def test_an_undefined_function_is_not_taken_for_one_of_its_name():
    x = Symbol("x")
    with pytest.raises(mc.MatcalcError, match="no numeric code"):
        mc.lambdify([x], Function("exp")(x))
