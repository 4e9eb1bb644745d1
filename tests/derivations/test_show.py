"""How a derivation looks: text, LaTeX, HTML, Markdown, data."""

import json
import re

import pytest
from sympy import (
    Determinant,
    HadamardPower,
    HadamardProduct,
    MatAdd,
    MatMul,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Rational,
    Trace,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

import sympy_matcalc as mc
from sympy_matcalc.derivations.differentials import IDENTIFIED
from sympy_matcalc.derivations.explain import derived
from sympy_matcalc.derivations.names import MOVES, OF_VECTORS
from sympy_matcalc.derivations.tex import FORMULAS
from sympy_matcalc.structure import STRUCTURES

m, n = symbols("m n", integer=True, positive=True)
X = MatrixSymbol("X", m, n)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
D = mc.explain(log(Determinant(X.T * X)), X, detail=1)


def test_text():
    lines = str(D).splitlines()
    assert lines[0].startswith("d(log(det(X.T*X))) = ") and lines[-1].startswith(f"{len(D.steps)} steps checked at 3 random points")
    at = {line.index(" = ") for line in lines[:-1]}
    assert len(at) == 1 and lines[-2].startswith("gradient") and "2*X*(X.T*X).I" in lines[-2]
    assert "Xᵀ" in D.text(unicode=True) and D.text(unicode=True).isascii() is False and str(D).isascii()


def test_latex():
    tex = D.latex()
    assert tex.startswith(r"\begin{align*}") and tex.endswith(r"\end{align*}") and tex.count(r"\\") == len(D.steps) - 1
    assert tex.count("{") == tex.count("}") and r"\&" in tex
    page = derived(Trace(X.T * X), X, detail=0)
    assert page.latex(standalone=True).startswith(r"\documentclass") and page.latex() in page.latex(standalone=True)
    assert r"\mathbf{X}" in D.latex(bold=True) and D._repr_latex_() == tex


def test_formulas_in_names_of_rules_are_set_as_formulas():
    assert r"identification: $\mathrm{d}f = \operatorname{tr}(G^{\top} \, \mathrm{d}X)$ makes $G$ the gradient" in D.latex()
    names = [*IDENTIFIED.values(), *MOVES.values(), *OF_VECTORS.values(), *(says for s in STRUCTURES.values() for says in s.says)]
    assert set(FORMULAS) == {f for name in names for f in FORMULAS if f in name}
    chain = derived(A * x, x, style="chain").latex()
    assert r"linear function; $n \times n$" in chain


def test_html_and_markdown():
    html = D._repr_html_()
    assert html.count("<details") == html.count("</details>") == len(D.steps) + 1
    assert "Jacobi&#x27;s formula" in html and "&amp;=" not in html
    assert D.markdown().count("$$") == 2 * len(D.steps)


def test_data():
    data = json.loads(json.dumps(D.as_dict()))
    assert set(data) == {
        "expression", "variable", "style", "detail", "order", "kind", "steps", "result", "latex", "names", "short", "certificate",
    }  # fmt: skip
    assert set(data["steps"][0]) == {"left", "right", "left_latex", "right_latex", "rule", "source", "shapes", "note", "text"}
    assert data["result"] == "2*X*(X.T*X).I" and data["certificate"]["points"] == 3


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_shapes(detail):
    d = mc.explain(X.T * X, X[0, 0], detail=detail)
    assert all(shape == () or len(shape) == 2 for step in d for shape in step.shapes.values())
    assert (n, n) in d.steps[0].shapes.values()


def test_long_results_get_names():
    """Each part once, in text, LaTeX and data; the result itself is whole."""
    k = symbols("k", integer=True, positive=True)
    Q, K, V, C = (MatrixSymbol(s, *shape) for s, shape in zip("QKVC", [(n, k), (m, k), (m, k), (n, k)]))
    d = mc.explain(Trace(C.T * mc.Softmax(Q * K.T / sqrt(k), axis=1) * V), Q, detail=0)
    assert "where P = " in str(d) and r"\text{where} \quad P" in d.latex()
    data = d.as_dict()
    assert [pair["name"] for pair in data["names"]] == ["P"] and len(data["short"]) < len(data["result"])
    assert d.result == mc.gradient(d.expression, Q)


def test_long_lines_get_names():
    """P stands for a softmax in every line; a differential of it is dP, and no name stands for a short product or occurs once."""
    n, m, p = symbols("n m p", integer=True, positive=True)
    Q, K, V, G = (MatrixSymbol(s, *shape) for s, shape in zip("QKVG", [(n, p), (m, p), (m, p), (n, p)]))
    d = mc.explain(Trace(G.T * mc.Softmax(Q * K.T, axis=1) * V), K, detail=2)
    shown = str(d)
    assert "tr(G.T*dP*V)" in shown and shown.count("rowsoftmax") == 2 and "where P = rowsoftmax(Q*K.T)" in shown
    assert all(s.right.has(mc.Softmax) for s in d.steps)  # the steps themselves have no names
    assert r"\mathrm{d}P" in d.latex() and r"\text{where} \quad P" in d.latex() and r"\text{where} \quad P" in d.markdown()
    assert "where U" not in str(mc.explain(Trace(G.T * Q * K.T * V * (G.T * Q) * K.T * V), Q))


def test_what_stands_beside_a_differential():
    """A space, so that (dA) v is not d(Av); brackets around the differential of a scalar; one d for scalars and matrices; no "+ -"."""
    n, t = symbols("n t", integer=True, positive=True)[0], symbols("t", real=True)
    A, X, x, y = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
    assert r"\mathrm{d}A \, x" in mc.explain(A * x, A).latex() and r"A \, \mathrm{d}x" in mc.explain(A * x, x).latex()
    assert r"\mathrm{d}\left(\operatorname{tr}\left(X\right)\right) X" in mc.explain(Trace(X) * X, X, detail=2).latex()
    assert r"\mathrm{d}t" in mc.explain(t * Trace(A), t).latex() and r"\mathrm{d} t^2" in mc.explain(t**3, t, order=2).latex()
    quotient = mc.explain((x.T * A * x)[0, 0] / (x.T * X * x)[0, 0], x)
    assert "+ -" not in quotient.latex() and "+ -" not in str(quotient)
    chain = mc.explain((A * x - y).T * (A * x - y), x, style="chain")
    assert r"\left(\frac{\mathrm{d} f}{\mathrm{d} x}\right)^{\top}" in chain.latex()


def test_products_of_jacobians():
    """In the order of the chain rule, scalars too, without identities."""
    n = symbols("n", integer=True, positive=True)
    x, a = MatrixSymbol("x", n, 1), MatrixSymbol("a", n, 1)
    lines = str(mc.explain((x - a) / sqrt(((x - a).T * (x - a))[0, 0]), x, style="chain", detail=0))
    assert "D(f, u3)*D(u3, u2)*D(u2, u1)*D(u1, x) + D(f, u1)*D(u1, x)" in lines and "I(n)*I(n)" not in lines


def test_explicit_matrices_in_long_lines():
    """Their entries are other objects whenever they are asked for."""
    x = MatrixSymbol("x", 2, 1)
    M = Matrix([[2, 3], [5, 7]]) * sqrt(2) + Matrix([[log(3), 0], [0, log(5)]])
    long = (M * x).T * M.inv() * (M * x) + (M * x).T * (M * M) * x
    assert "gradient" in str(mc.explain(long, x)) and mc.abbreviate(mc.gradient(long, x)).doit() == mc.gradient(long, x)


def test_text_of_skip_connections_grows_with_the_depth_and_not_with_its_power():
    def longest(depth):
        h = MatrixSymbol("x", n, 1)
        for k in range(depth):
            h = h + (MatrixSymbol(f"A{k}", n, n) * h).applyfunc(tanh)
        shown = str(derived(OneMatrix(1, n) * h, MatrixSymbol("x", n, 1), detail=0))
        return max(map(len, shown.splitlines())), len(shown)

    (line, whole), (line_of_deep, whole_of_deep) = longest(4), longest(8)
    assert line_of_deep < 2 * line and whole_of_deep < 4 * whole


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_data_have_the_names_of_the_text(detail):
    """A name is what it is in `names`, and all sides are written with it, as short as in the text."""
    d = explain_net(3, detail)
    data, text = d.as_dict(), str(d)
    assert data["names"] and all(f"where {n['name']} = {n['part']}" in text for n in data["names"])
    assert all(step["right"] in text for step in data["steps"][:-1])
    assert not [n for n in data["names"] if re.fullmatch(r"d?\w+", n["part"])]


def explain_net(layers, detail):
    h = x
    for k in range(layers):
        h = MatAdd(h, MatMul(MatrixSymbol(f"A{k}", n, n), h).applyfunc(tanh))
    return derived(MatMul(OneMatrix(1, n), h), x, detail=detail)


@pytest.mark.parametrize("detail", [1, 2])
def test_what_moves_is_last_in_elementwise_products(detail):
    """f'(X) o dX, from line to line."""
    text = str(derived(mc.ElementSum((A * (A * x).applyfunc(tanh)).applyfunc(exp)), x, detail=detail))
    assert re.search(r"had\([^d]*, d\(", text) and re.search(r"had\([^d]*, A\*dx\)", text)
    assert not re.search(r"had\((A\*)?d", text)


def test_a_name_that_saves_nothing_is_written_out_in_what_is_left():
    """Names in the conditions of a piecewise factor, of lines that are longer than the column."""
    s = mc.ElementSum(HadamardPower(MatrixSymbol("a", m, 1), 2))
    factor = Piecewise((s, s > Rational(1, 3)), (s**2, True))
    B, C, E = (MatrixSymbol(name, n, m) for name in "BCE")
    text = str(derived(Trace(factor * B * C.T * A * B * X * E * X), X, detail=2))
    assert text.splitlines()[-1].startswith("gradient") or " where " in text


def test_names_stand_for_sums_of_the_other_sign_too():
    x = MatrixSymbol("x", n, 1)
    c = x - mc.Mean(x) * OneMatrix(n, 1)
    text = str(derived(c / sqrt(mc.Norm(c) ** 2 / n + symbols("epsilon", positive=True)), x))
    assert "where c = x - mean(x)*ones(n)" in text and "mean(x)*ones(n) - x" not in text, text


def test_left_sides_of_what_is_read_off():
    t, s = symbols("t s", real=True)
    A, Y = MatrixSymbol("A", n, n), MatrixSymbol("Y", n, n)
    assert r"\frac{\mathrm{d}}{\mathrm{d} t} \left(t^{2}\right) &= 2 t" in derived(t**2, t).latex()
    assert r"\frac{\mathrm{d}^2}{\mathrm{d} t^2} \left(t^{2}\right) &= 2" in derived(t**2, t, order=2).latex()
    assert r"\frac{\partial}{\partial t} \left(s t^{2}\right)" in derived(s * t**2, t).latex()
    assert r"\operatorname{vec} \left(A Y\right) &= I \otimes A" in derived(A * Y, Y).latex()


def test_no_part_has_the_name_of_the_sign_of_the_differential():
    """An elementwise product of columns is a d elsewhere; beside `d(log(u))` a name `d` would be read as the sign."""
    n, p = symbols("n p", integer=True, positive=True)
    X, w, y = MatrixSymbol("X", n, p), MatrixSymbol("w", p, 1), MatrixSymbol("y", n, 1)
    b = HadamardProduct((X * w).applyfunc(exp), y, (X * w).applyfunc(tanh))
    parts = [mc.ElementSum(b.applyfunc(f)) for f in (tanh, log, exp)]
    shown = mc.explain(parts[0] * parts[1] * parts[2], w)
    assert [part for _, part in mc.abbreviate(shown.result).names if isinstance(part, HadamardProduct)]
    assert "d" in [str(s) for s, _ in mc.abbreviate(shown.result).names] and "where d = " not in str(shown)
    assert [pair["name"] for pair in shown.as_dict()["names"]] and "d" not in [pair["name"] for pair in shown.as_dict()["names"]]
