"""The cookbook: every identity holds, an expression finds the identities that it is an instance of, and the page is up to date."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sympy
from sympy import (
    Adjoint,
    Determinant,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatrixSymbol,
    OneMatrix,
    Sum,
    Symbol,
    Trace,
    cos,
    exp,
    log,
    sin,
    sqrt,
    symbols,
    tanh,
)

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.cookbook import find, page, tables
from sympy_matcalc.cookbook.lookup import _of_one, _symbol
from sympy_matcalc.cookbook.notebook import WORKED, in_cell
from sympy_matcalc.cookbook.verify import book_error, largest_error
from sympy_matcalc.kernel.session import session
from sympy_matcalc.testing import evaluate, random_env

ROOT = Path(__file__).resolve().parents[2]
ALL = tables.all_identities()
NUMBERS = [identity.number for identity in ALL]
every_identity = pytest.mark.parametrize("identity", ALL, ids=NUMBERS)

h, k, l = symbols("h k l", integer=True, positive=True)
i = Symbol("i", integer=True)
s, t = symbols("s t", real=True)
B, D, E = MatrixSymbol("B", k, l), MatrixSymbol("D", l, k), MatrixSymbol("E", k, h)
P, Q, R = (MatrixSymbol(name, l, l) for name in "PQR")
u, v, e = (MatrixSymbol(name, l, 1) for name in "uve")
c, d = MatrixSymbol("c", k, 1), MatrixSymbol("d", k, 1)
Z = MatrixSymbol("Z", h, l)


# ---------------------------------------------------------------- the identities


def test_numbers_are_keys():
    assert len(set(NUMBERS)) == len(NUMBERS) >= 300


def test_every_family_is_listed():
    files = {f.stem for f in Path(tables.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(tables.FAMILIES)


@every_identity
def test_holds(identity):
    """Our derivative against finite differences, and the book's answer against ours, at two seeds."""
    for seed in (1, 2):
        assert largest_error(identity, seed) < 1e-4
        assert identity.book is None or book_error(identity, seed) < 1e-8


def test_a_wrong_answer_is_noticed():
    row = find("mc49")
    wrong = type(row)(row.number, row.source, row.title, row.expression, row.variable, row.kind, row.domain, 2 * row.book)
    assert book_error(wrong) > 0.1
    other = type(row)(row.number, row.source, row.title, row.expression, row.variable, "vec jacobian", row.domain, row.book)
    assert book_error(other) == np.inf


# ---------------------------------------------------------------- matching


@pytest.mark.parametrize("identity", tables.identities(), ids=lambda identity: identity.number)
def test_finds_itself_renamed(identity):
    """All symbols renamed in reverse order, so that nothing rests on the order of names."""
    names = {x: "zyxwvutsrqponmlkjihgfedcba"[place] + "_" for place, x in enumerate(sorted(_symbols(identity), key=str))}
    sizes = {x: Symbol(names[x], **x.assumptions0) for x in names if isinstance(x, Symbol)}
    renamed = sizes | {M: MatrixSymbol(names[M], *(size.xreplace(sizes) for size in M.shape)) for M in names if isinstance(M, MatrixSymbol)}
    subject, variable = sympy.sympify(identity.expression).xreplace(renamed), identity.variable.xreplace(renamed)
    with session():
        ways = _of_one(identity, prepare_whole(subject), variable)
        assert [factor for bindings, factor in ways] == [1]
        bindings, _ = list(ways)[0]
    assert bindings[_symbol(identity.variable)] == _symbol(variable)


V = MatrixSymbol("V", k, l)
OF_COMPLEX = [
    (mc.Norm(V * u - c.conjugate()) ** 2, u, {"mc4q", "mc4r"}),
    (Adjoint(u) * P * Q * u, u, {"mc4n", "mc4o"}),
    (Adjoint(u) * P * u.conjugate(), u, set()),
    (u.T * P * u + sympy.I * u.T * Q * u, u, set()),
    (Trace(V * Adjoint(V)), None, {"mc4h", "mc4i", "mc4j", "mc4k"}),
    (Determinant(Adjoint(P) * Q * P), P, {"mc4l", "mc4m"}),
    (Determinant(P.T * Q * P) + Trace(Adjoint(Q)), P, set()),
]


@pytest.mark.parametrize("expr, variable, numbers", OF_COMPLEX, ids=[str(row[0])[:40] for row in OF_COMPLEX])
def test_expressions_with_conjugates_are_those_of_complex_variables(expr, variable, numbers):
    found = mc.cookbook(expr, variable) if variable is not None else mc.cookbook(expr)
    assert {match.identity.number for match in found} == numbers
    for match in found:
        assert match.derivative == mc.complex_derivative(expr, match.variable, by=match.identity.kind.removeprefix("complex "))


@pytest.mark.parametrize("expr", [u.T * P * u, Trace(V * V.T)])
def test_expressions_without_are_not(expr):
    assert not any(match.identity.is_complex for match in mc.cookbook(expr))


def _symbols(identity):
    exprs = [sympy.sympify(identity.expression), identity.variable]
    matrices = set().union(*(x.atoms(MatrixSymbol) for x in exprs))
    free = set().union(*(x.free_symbols for x in exprs), *(size.free_symbols for M in matrices for size in M.shape))
    return matrices | {x for x in free if isinstance(x, Symbol)}


residual = B * u - c
squares = (u - v).T * (u - v)
VARIANTS = [  # what is typed, by what, the identity, what its symbols are (those that matter)
    (residual.T * residual, u, "ml1", {"X": B, "w": u, "y": c}),
    (residual.T * residual, B, "ml1x", {"X": B, "w": u, "y": c}),
    ((c - B * u).T * (c - B * u), u, "ml1", {"X": B, "w": u, "y": c}),
    ((B * u + c).T * (B * u + c), u, "ml1", {"X": B, "w": u, "y": -c}),
    ((B * u - c - d).T * (B * u - c - d), u, "ml1", {"X": B, "w": u, "y": c + d}),
    (residual.T * residual, c, "ml1y", {"X": B, "w": u, "y": c}),
    (residual.T * residual + s * u.T * u, s, "ml2l", {"X": B, "w": u, "lambda": s}),
    (log(Determinant(P)), P, "mc43", {"X": P}),
    (log(Determinant(P.T)), P, "mc43", {"X": P}),
    (log(Determinant(Q * P * R.T)), P, "mc21b", {"A": Q, "X": P, "B": R.T}),
    (log(Determinant(B.T * B + 2 * Identity(l))), B, "mc137", {"X": B, "c": 2}),
    (Trace(P.I * Q), P, "mc22a", {"X": P, "A": Q}),
    (Trace(Q * R * P.I), P, "mc22a", {"X": P, "A": Q * R}),
    (Trace(Q * D * B), Q, "mc100", {"X": Q, "A": D * B}),
    (Trace((B - c * u.T).T * (B - c * u.T)), u, "ml7v", {"Y": B, "U": c, "V": u}),
    (u.T * Q * R * u, u, "mc81i", {"x": u, "B": Q * R}),
    ((u.T * Q * u)[0, 0], u, "mc81i", {"x": u, "B": Q}),
    (v.T * Q * R * u, R, "mc70", {"a": Q.T * v, "X": R, "b": u}),
    (sqrt((v - u).T * (v - u)), u, "mc129p", {"x": u, "a": v}),
    (exp(-3 * squares[0, 0]), u, "ml21", {"x": u, "y": v, "c": 3}),
    (HadamardProduct(v, u), u, "ph3", {"w": u, "x": v}),
    (HadamardProduct(u, e, v), u, "ph3", {"w": u, "x": HadamardProduct(e, v)}),
    (OneMatrix(1, k) * (B * u).applyfunc(sin), u, "ph28", {"A": B, "x": u}),
    (log(Sum(exp(u[i, 0]), (i, 0, l - 1))), u, "ml4", {"x": u}),
    (KroneckerProduct(c, d), d, "mn49", {"a": c, "x": d}),
    ((Q + s * R).I, s, "mc59", {"A": Q, "B": R, "t": s}),
    (exp(Trace(P * Q)), Q, "mc25d", {"A": P, "X": Q}),
    (P**3, P[0, 1], "mc90", {"X": P}),
    ((u.T * P * u)[0, 0] / (u.T * Q * u)[0, 0], u, "ml22", {"w": u, "A": P, "B": Q}),
    (Z.T * Z, Z, "mn5", {"X": Z}),
    (5 * Trace(Z.T * Z), Z, "mc115", {"X": Z}),
]
VARIANT_IDS = [f"{row[2]}-{place}" for place, row in enumerate(VARIANTS)]
NOTHING = [
    (exp(Trace(P)) + Determinant(Q), Q),
    (OneMatrix(1, k) * residual.applyfunc(sin), c),
    (u.T * P * u, Q),  # the variable does not occur
    ((B * u - c).T * (B * u - d), u),  # two different residuals
    (OneMatrix(1, l) * u.applyfunc(cos), u),
    (Trace(P) * Determinant(P), P),
    (u.T * (u.T * Q * u)[0, 0] * Q * u, v),
    (sin(s) + tanh(t), s),
]


@pytest.mark.parametrize("expr, X, number, symbols", VARIANTS, ids=VARIANT_IDS)
def test_finds(expr, X, number, symbols):
    found = {match.identity.number: match for match in mc.cookbook(expr, X)}
    match = found[number]
    named = {str(s): value for s, value in match.substitution.items()}
    assert {name: named[name] for name in symbols} == symbols
    assert match.variable == X


@pytest.mark.parametrize("expr, X", NOTHING)
def test_finds_nothing(expr, X):
    assert mc.cookbook(expr, X) == ()


@pytest.mark.parametrize("expr, X", [row[:2] for row in VARIANTS], ids=VARIANT_IDS)
def test_every_match_is_an_instance(expr, X):
    """The identity's expression at the values of what its symbols stand for, times the factor, is what was typed."""
    env = random_env([expr, X], 3, {}, {M: "spd" for M in (P, Q, R)})
    for match in mc.cookbook(expr):
        theirs = {}
        for symbol, value in match.substitution.items():
            theirs[symbol] = evaluate(value, env)
            for size, count in zip(getattr(symbol, "shape", ()), np.shape(theirs[symbol])):
                theirs.update({size: count} if isinstance(size, Symbol) else {})
        value = evaluate(match.identity.expression, theirs)
        np.testing.assert_allclose(np.squeeze(float(match.factor) * value), np.squeeze(evaluate(expr, env)), rtol=1e-9, atol=1e-12)


def test_the_nearest_comes_first():
    numbers = [match.identity.number for match in mc.cookbook(Trace(Q * P * R), P)]
    assert numbers.index("mc101") < numbers.index("mc100")
    assert numbers[0] == "mc101"
    first = mc.cookbook(3 * Trace(P * Q), P)
    assert [match.factor for match in first if match.identity.number == "mc100"] == [3]


def test_constants_are_free_of_the_variable():
    """tr(XA) with A = X would be a wrong match of tr(X^2)."""
    for match in mc.cookbook(Trace(P * Q * P), P):
        others = [value for symbol, value in match.substitution.items() if symbol != match.identity.variable]
        assert not any(value.has(P) for value in others)


def test_without_a_variable_each_symbol_is_one():
    assert {match.variable for match in mc.cookbook(residual.T * residual)} == {B, c, u}


def test_a_wrong_variable_is_refused():
    with pytest.raises(mc.UnsupportedVariableError):
        mc.cookbook(Trace(P), 2 * P)
    with pytest.raises(mc.ExpressionError):
        mc.cookbook([P])


# ---------------------------------------------------------------- words, and how it looks


def test_search():
    assert [identity.number for identity in mc.cookbook("mc57")] == ["mc57", "mc57s"]
    assert {"mc129p", "mc129m"} <= {identity.number for identity in mc.cookbook("||x-a||")}
    assert all("Magnus" in identity.source for identity in mc.cookbook("neudecker"))
    assert mc.cookbook("no such words") == ()
    assert len(mc.cookbook()) == len(ALL)


def test_prints():
    match = mc.cookbook(residual.T * residual, u)[0]
    assert "2*B.T*(B*u - c)" in repr(match) and match.identity.title in repr(match)
    assert r"2 B^{\top} \left(B u - c\right)" in match._repr_markdown_()
    everything = mc.cookbook()
    shown, more = re.search(r"and (\d+) more", repr(everything)), len(ALL) - 40
    assert shown and int(shown[1]) == more
    assert repr(mc.cookbook("no such words")) == "no identity of the cookbook"


def test_the_name_is_a_function_however_it_was_imported():
    module = importlib.import_module("sympy_matcalc.cookbook")
    assert module("mc57") == module.cookbook("mc57") == mc.cookbook("mc57")


LAZY = """
import sys, sympy_matcalc as mc
assert "sympy_matcalc.cookbook" not in sys.modules
import sympy_matcalc.cookbook
assert not any(name.startswith("sympy_matcalc.cookbook.tables.") for name in sys.modules)
assert len(mc.cookbook("mc57")) == 2
assert "sympy_matcalc.testing" not in sys.modules
"""


def test_what_is_loaded_when():
    """Nothing by the package, the tables by the first question, the numeric checks by neither."""
    subprocess.run([sys.executable, "-c", LAZY], check=True)


# ---------------------------------------------------------------- what is generated

REMAKE = "run `python -m sympy_matcalc.cookbook --docs docs/cookbook.md --notebook notebooks/cookbook.ipynb`"
PAGE = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
same_sympy = pytest.mark.skipif(f"SymPy {sympy.__version__})" not in PAGE, reason="made with another SymPy, which may print otherwise")


@same_sympy
@every_identity
def test_the_page_is_up_to_date(identity):
    assert page.entry(identity) in PAGE, REMAKE


def test_the_page_has_nothing_else():
    assert PAGE.count("\n### ") == len(ALL), REMAKE


def test_the_notebook_is_up_to_date():
    """It has the equations of the page, and the cells of the generator."""
    cells = json.loads((ROOT / "notebooks" / "cookbook.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    equations = re.findall(r"\$\$\n(.*)\n\$\$", PAGE)
    assert len(equations) == len(ALL)
    assert [e for e in equations if in_cell(e) not in "\n".join(sources)] == [], REMAKE
    assert [text for pair in WORKED for text in pair if text not in sources] == [], REMAKE
