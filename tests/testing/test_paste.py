"""Code to paste of a random case: names as identifiers, and what it defines is what was printed."""

import sympy as sp
from sympy import MatrixSymbol, Symbol, Trace

from sympy_matcalc.testing.paste import code, names_of, symbols_as_code


def run(lines, expr):
    """The value of pasted code."""
    namespace = {}
    exec("from sympy import *", namespace)
    for line in lines:
        exec(line, namespace)
    return eval(expr, namespace)


def test_hostile_names_are_pasted_as_identifiers():
    n = Symbol('n"); ran.append(1); ("', integer=True, positive=True)
    X, t = MatrixSymbol("ran.append(1)\n", n, n), Symbol("lambda")
    expr = t * Trace(X)
    assert run(["ran = []", *symbols_as_code(names_of(expr))], f"({code(expr)}, ran)") == (expr, [])


def test_symbols_of_one_spelling_are_told_apart():
    a, b, X = Symbol("@", integer=True), Symbol("#"), MatrixSymbol("_", 2, 2)
    expr = a * b**2 + Trace(X)
    assert run(symbols_as_code(names_of(expr)), code(expr)) == expr


def test_sizes_and_matrices_of_one_name():
    n = Symbol("n", integer=True, positive=True)
    expr = Trace(MatrixSymbol("n", n, n)) * sp.Dummy("u") ** 0
    assert run(symbols_as_code(names_of(expr)), code(expr)) == expr
