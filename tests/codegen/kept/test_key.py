"""Keys differ where what is asked for does, and are the same in every process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sympy import (
    Dummy,
    Float,
    Function,
    Integer,
    Lambda,
    MatAdd,
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    Q,
    Rational,
    Symbol,
    Trace,
    assuming,
    exp,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.codegen.kept.key import key_of
from sympy_matcalc.rules import registry

n = Symbol("n", integer=True, positive=True)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, n)
t, c = symbols("t c")


class Mine(MatrixExpr):
    """A node of a user."""

    shape = property(lambda self: self.args[0].shape)


DIFFERENT = [
    A * B,
    B * A,
    A + B,
    A.T * B,
    MatrixSymbol("A", 3, 3),
    MatrixSymbol("A", n, 1),
    MatrixSymbol("A", Symbol("n", integer=True), Symbol("n", integer=True)),
    t,
    Symbol("t", positive=True),
    Symbol("t", real=True),
    Dummy("t"),
    Integer(1),
    Float(1),
    Float(1, 30),
    Rational(1, 2),
    Float("0.5"),
    True,
    None,
    "t",
    1,
    1.0,
    [t],
    (t,),
    {"a": t},
    {"b": t},
    {"a": t, "b": c},
    {"b": c, "a": t},
    X.applyfunc(Lambda(c, exp(c))),
    X.applyfunc(Lambda(c, exp(c) + t)),
    X.applyfunc(Lambda(t, exp(t) + t)),
    Matrix([[1, t]]),
    Matrix([1, t]),
    Q.symmetric(A),
    Q.positive_definite(A),
    Q.symmetric(B),
    mc.gradient(Trace(A * X * B * X.T), X),
]


def test_what_is_different_has_another_key():
    keys = [key_of(a) for a in DIFFERENT]
    assert None not in keys
    assert len(set(keys)) == len(DIFFERENT)


def test_the_order_of_what_is_asked_for_counts():
    assert key_of(A, B) != key_of(B, A) and key_of([A, B]) != key_of([A], [B])


def test_facts_around_the_call_count():
    before = key_of(A * B)
    with assuming(Q.symmetric(A)):
        assert key_of(A * B) != before
    assert key_of(A * B) == before


def test_bound_symbols_are_numbered_as_they_come():
    first, second = ((Dummy("u"), Dummy("v")) for _ in range(2))
    assert key_of(first[0] + 2 * exp(first[1])) == key_of(second[0] + 2 * exp(second[1]))
    assert key_of((first[0], first[0])) != key_of(first)


@pytest.mark.parametrize("what", (Mine(A), A * Mine(B), Function("f")(t), lambda: 1, object(), [A, Mine(A)]), ids=range(6))
def test_what_a_user_wrote_has_no_key(what):
    assert key_of(what) is None


def test_a_rule_of_a_user_for_a_class_of_sympy_leaves_no_key(monkeypatch):
    monkeypatch.setattr("sympy_matcalc.codegen.kept.key.USER", {*registry.USER, Trace})
    assert key_of(A) is None


def test_the_library_counts():
    assert key_of(A, library="jax") != key_of(A, library="numpy")


def test_a_large_expression_is_written_without_recursion():
    e = t
    for _ in range(5000):
        e = exp(e, evaluate=False)
    assert len(key_of(e)) > 5000


CODE = """
import sympy_matcalc as mc
from sympy import MatrixSymbol, Symbol, OneMatrix, Lambda, log, exp
from sympy_matcalc.codegen.kept.key import key_of
n, c = Symbol("n", integer=True, positive=True), Symbol("c")
X, w = MatrixSymbol("X", n, n), MatrixSymbol("w", n, 1)
f = (OneMatrix(1, n)*(X*w).applyfunc(Lambda(c, log(1 + exp(c)))))[0, 0]
print(key_of([f, mc.gradient(f, w), mc.hessian(f, w)]))
"""


def test_processes_agree():
    root = str(Path(mc.__file__).resolve().parents[1])
    found = set()
    for seed in ("0", "7"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        found.add(subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True).stdout)
    assert len(found) == 1 and "MatMul" in found.pop()


def test_what_has_no_order_has_no_key_where_dummies_are_told_apart_by_their_place():
    a, b = Dummy("t"), Dummy("t")
    assert key_of([a, b], a + 2 * b) is not None
    assert key_of([a, b], a + 2 * b, {a}) is None
    named = MatrixSymbol("A", Dummy("k"), 3)
    assert key_of(named, {Q.fullrank(named)}) is None and key_of(A, {Q.fullrank(A)}) is not None


def test_sums_that_are_written_in_another_order_have_keys_of_their_own(tmp_path):
    """They are equal, but code adds up in the order in which an answer is written."""
    A, B = MatrixSymbol("A", 3, 3), MatrixSymbol("B", 3, 3)
    some, others = as_answer(MatAdd(A, B)), as_answer(MatAdd(B, A))
    assert some == others
    for expr, text in ((some, "A + B"), (others, "B + A"), (A + B, "A + B"), (some, "A + B")):
        assert text in mc.lambdify([A, B], expr, cache=tmp_path).source
