"""Lines of a document: what is wider than the page is broken, nothing is lost, brackets are balanced in each line."""

import re

import pytest
from sympy import Determinant, HadamardProduct, Identity, MatrixSymbol, Trace, exp, log, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.derivations.breaking import MARGIN, TEXT_WIDTH, broken
from sympy_matcalc.derivations.explain import derived
from sympy_matcalc.derivations.widths import width

n = symbols("n", integer=True, positive=True)
A, X, Y = (MatrixSymbol(s, n, n) for s in "AXY")
x = MatrixSymbol("x", n, 1)
SUM = mc.latex(Trace(X.T * A * X + X * Y * X + A * Y.I * X.T))
NET = mc.latex((A * (Y * (A * x).applyfunc(tanh)).applyfunc(tanh)).applyfunc(exp))


def plain(tex):
    """Without blanks, and without what a break puts in."""
    return re.sub(r"\s|\{\}|\\left\.|\\right\.|\\cdot(?![A-Za-z])", "", tex)


@pytest.mark.parametrize("tex", [SUM, NET, mc.latex(HadamardProduct(X, Y * A) * Y.T - A.T * X), r"a + b - c + d_{ij}^{2} + \sqrt{e + f}"])
@pytest.mark.parametrize("room", [40, 80, 160, 1000])
def test_lines_say_what_the_formula_says(tex, room):
    lines = broken(tex, room)
    assert plain("".join(lines)) == plain(tex)
    for line in lines:
        assert line.count(r"\left") == line.count(r"\right") and line.count("{") == line.count("}"), line
    assert len(lines) > 1 or MARGIN * width(tex) <= max(room, 80)
    assert room < 160 or all(MARGIN * width(line) <= room for line in lines), lines


def test_terms_come_before_factors_and_factors_get_a_sign():
    assert broken("a b c d + e f g h", 50) == ["a b c d", "{} + e f g h"]
    assert broken("a b c d e f", 20)[1].startswith(r"{} \cdot")


def test_a_wide_fraction_is_a_product():
    first, *rest = broken(r"\frac{\operatorname{tr}\left(A B C D\right) + a b c d e}{\sqrt{p}}", 60)
    assert first.startswith(r"\frac{1}{\sqrt{p}} \left(") and rest


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_a_document_fits_the_page(detail):
    f = log(Determinant(X.T * X + Identity(n))) * mc.Norm(X) ** 2 * exp(Trace(X.T * A * X))
    d = derived(f, X, detail=detail, order=2)
    whole, page = d.latex(), d.latex(standalone=True)
    assert r"\allowdisplaybreaks" in page and page.count("&=") == whole.count("&=")
    rows = page.split(r"\begin{align*}")[1].split(r"\end{align*}")[0].split("\\\\\n")
    assert all(MARGIN * width(part) <= TEXT_WIDTH for row in rows for part in row.split(" && ")[0].split("&"))
    assert any(MARGIN * width(row.split(" && ")[0]) > TEXT_WIDTH for row in whole.split("\\\\\n"))
