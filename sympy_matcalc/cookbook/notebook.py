"""The notebook: how to search the cookbook, identities worked through, and the table of all."""

import json

from .show import equation
from .tables import FAMILIES, all_identities, family

INTRO = """\
# The cookbook

{count} identities of the textbooks, derived by sympy_matcalc and checked by numbers (`docs/cookbook.md` has each with its check).
`mc.cookbook` finds the ones that an expression is an instance of.
"""

SETUP = """\
from sympy import Determinant, MatrixSymbol, Trace, exp, log, symbols

import sympy_matcalc as mc

k, l = symbols("k l", integer=True, positive=True)
B, P, Q = MatrixSymbol("B", k, l), MatrixSymbol("P", l, l), MatrixSymbol("Q", l, l)
c, u = MatrixSymbol("c", k, 1), MatrixSymbol("u", l, 1)"""

WORKED = [
    (
        "## Which identity is this?\n\nSymbols of an identity stand for parts of the expression; "
        "the nearest to a mere renaming comes first.",
        'found = mc.cookbook((B*u - c).T*(B*u - c), u)\nassert "least squares" in [match.identity.title for match in found]\nfound',
    ),
    (
        "A match has the identity, what its symbols stand for, and the derivative of *your* expression.",
        'match = next(m for m in found if m.identity.title == "least squares")\n'
        'assert {str(s): str(v) for s, v in match.substitution.items()} == {"X": "B", "w": "u", "y": "c"}\n'
        'assert str(match.derivative) == "2*B.T*(B*u - c)"\n'
        "match.derivative",
    ),
    (
        "Without a variable, any symbol that an identity can be about: here each of the three.",
        "found = mc.cookbook((B*u - c).T*(B*u - c))\nassert {match.variable for match in found} == {B, c, u}\nfound",
    ),
    (
        "## Words\n\nA text is looked for in numbers, titles and sources.",
        'assert mc.cookbook("mc57")[0].title == "log |det X|"\nmc.cookbook("kalman")',
    ),
    (
        "## Worked identities\n\nThe log-determinant (Matrix Cookbook 2.1): $\\partial \\log\\det X/\\partial X = X^{-T}$.",
        'assert str(mc.cookbook(log(Determinant(P)), P)[0].derivative) == "P.T**(-1)"\nmc.cookbook(log(Determinant(P)), P)',
    ),
    (
        "A trace around an inverse, in any rotation (Matrix Cookbook 2.2): "
        "$\\partial \\operatorname{tr}(A X^{-1})/\\partial X = -X^{-T}A^TX^{-T}$.",
        "found = mc.cookbook(Trace(P.I*Q), P)\n"
        'assert "mc22a" in [match.identity.number for match in found]\n'
        'assert mc.check(Trace(P.I*Q), P, domain={P: "invertible"}).ok\n'
        "found",
    ),
    (
        "A quadratic form (Matrix Cookbook 2.4), where a symbol stands for a product: $A = Q P$.",
        "found = mc.cookbook(u.T*Q*P*u, u)\nassert Q*P in found[0].substitution.values()\nfound",
    ),
    (
        "The exponential of a trace: a function around an identity is an identity of its own.",
        'found = mc.cookbook(exp(Trace(P*Q)), Q)\nassert [match.identity.title for match in found] == ["exp(tr(AX))"]\nfound',
    ),
    ("What is no instance finds nothing.", "assert not mc.cookbook(exp(Trace(P)) + Determinant(Q), Q)"),
]

TABLE = """\
## All identities

Our answers, a family a cell; this cell derives them again.
"""

DERIVE = """\
assert len(mc.cookbook()) == {count}
assert all(identity.derivative is not None for identity in mc.cookbook())"""


def notebook():
    """The notebook as JSON; its outputs are left to whoever runs it."""
    cells = [_markdown(INTRO.format(count=len(all_identities()))), _code(SETUP)]
    for words, code in WORKED:
        cells += [_markdown(words), _code(code)]
    cells += [_markdown(TABLE), _code(DERIVE.format(count=len(all_identities())))]
    cells += [_markdown(_table(name, title)) for name, title in FAMILIES.items()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _table(name, title):
    rows = [f"| {row.number} | {in_cell(row.title)} | {row.source} | ${in_cell(equation(row))}$ |" for row in family(name)]
    return "\n".join([f"### {title}\n", "| | | source | |", "|---|---|---|---|", *rows])


def in_cell(text):
    r"""A bar ends a cell, so that it is written \vert in formulas, and as an entity in words."""
    return text.replace("|", r"\vert " if "\\" in text else "&#124;")


def _markdown(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip().splitlines(keepends=True)}


def _code(text):
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text.splitlines(keepends=True)}
