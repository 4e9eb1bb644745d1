"""Lines begin where the ones before began: traces are not turned, inner products end with the differential, sums begin without a minus."""

import pytest
from sympy import Determinant, Identity, MatrixSymbol, OneMatrix, Rational, Trace, exp, log, sqrt, symbols
from sympy.matrices.expressions import DiagMatrix, DotProduct

import sympy_matcalc as mc
from sympy_matcalc.derivations.explain import derived

m, n = symbols("m n", integer=True, positive=True)
t = symbols("t", real=True)
A, U, V = (MatrixSymbol(name, n, n) for name in "AUV")
X, G, B = MatrixSymbol("X", m, n), MatrixSymbol("G", m, m), MatrixSymbol("B", n, m)
x, w, y, v = MatrixSymbol("x", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("v", m, 1)


def lines(expr, variable, detail, order=1):
    """The right sides as text with the rules, but for the identification."""
    d = mc.explain(expr, variable, detail=detail, order=order)
    assert d.certificate.points == 3
    return [tuple(str(s).split(" = ")[1][:-1].split("   [")) for s in d.steps[:-1]]


CYCLIC, TURNED = "cyclic property of the trace", "trace of a transpose"


@pytest.mark.parametrize(
    "expr, X, expected",
    [
        (Trace(A * U * V), A, [("tr(dA*U*V)", "constant factor"), ("tr(U*V*dA)", CYCLIC)]),
        (Trace(U.T * A), U, [("tr(dU.T*A)", "constant factor"), ("tr(A.T*dU)", f"{CYCLIC}, {TURNED}")]),
        (Trace(X.T * X), X, [("tr(dX.T*X + X.T*dX)", "product rule"), ("2*tr(X.T*dX)", f"{CYCLIC}, {TURNED}")]),
        (
            Trace(X.T * G * X),
            X,
            [
                ("tr(dX.T*G*X + X.T*G*dX)", "product rule"),
                ("tr(X.T*G*dX) + tr(X.T*G.T*dX)", f"{CYCLIC}, {TURNED}"),
                ("tr(X.T*(G + G.T)*dX)", "collecting terms"),
            ],
        ),
        (
            Trace((X - B.T).T * (X - B.T)),
            X,
            [("tr(dX.T*(X - B.T) + (X.T - B)*dX)", "product rule"), ("2*tr((X.T - B)*dX)", f"{TURNED}, {CYCLIC}")],
        ),
        (
            Trace(V * U * A * U),
            U,
            [
                ("tr(V*dU*A*U + V*U*A*dU)", "product rule"),
                ("tr(A*U*V*dU) + tr(V*U*A*dU)", CYCLIC),
                ("tr((A*U*V + V*U*A)*dU)", "collecting terms"),
            ],
        ),
    ],
    ids=lambda e: str(e)[:20],
)
def test_traces_begin_where_they_were_typed_to_begin(expr, X, expected):
    assert lines(expr, X, 1) == expected


def test_the_formula_of_jacobi_begins_with_the_inverse():
    inverse = "(X*A*X.T).I"
    assert lines(log(Determinant(X * A * X.T)), A, 0)[0][0] == f"tr({inverse}*X*dA*X.T)"
    rights = [right for right, _ in lines(log(Determinant(X * A * X.T)), A, 1)]
    assert rights[1:] == [f"tr({inverse}*d(X*A*X.T))", f"tr({inverse}*X*dA*X.T)", f"tr(X.T*{inverse}*X*dA)"]


def test_the_inverse_is_differentiated_where_it_stands():
    assert [right for right, _ in lines(Trace(A * U.I * V), U, 2)] == [
        "tr(d(A*U.I*V))",
        "tr(A*d(U.I)*V)",
        "-tr(A*U.I*dU*U.I*V)",
        "-tr(U.I*V*A*U.I*dU)",
    ]


def test_inner_products_end_with_the_differential():
    loss = (X * w - y).T * DiagMatrix(v) * (X * w - y)
    assert lines(loss, w, 1) == [("2*(X*w - y).T*diag(v)*d(X*w)", "product rule"), ("2*(X*w - y).T*diag(v)*X*dw", "constant factor")]
    assert [right for right, _ in lines(loss, w, 2)][0] == "2*(X*w - y).T*diag(v)*d(X*w - y)"
    assert lines(w.T * x, w, 0) == [("x.T*dw", "constant factor")]
    assert lines(w.T * x, w, 2) == [("dw.T*x", "constant factor, transpose"), ("x.T*dw", "a scalar is its own transpose")]
    assert lines(x.T * A * x, x, 1)[0] == ("dx.T*A*x + x.T*A*dx", "product rule")  # where a transpose more would be needed


def test_sums_begin_without_a_minus():
    expr = log(Determinant(A)) / 2 - ((x - w).T * A * (x - w))[0, 0] / 2
    d = mc.explain(expr, A, detail=1)
    assert not any(str(s).split(" = ")[1].startswith("-") for s in d.steps)
    assert not any("= -" in row for row in d.latex().split("\\\\"))


def test_a_sum_of_entries_is_held_as_one():
    assert lines(mc.ElementSum(X) ** 2, X, 2)[0] == ("2*sum(X)*d(sum(X))", "power rule")


def test_a_line_that_looks_alike_as_a_formula_is_none():
    d = mc.explain(DotProduct(x, x), x, detail=1)
    assert [s.rule for s in d.steps[:-1]] == ["product rule"]
    d = mc.explain(x.applyfunc(exp).applyfunc(exp), x, detail=1)
    assert "in matrix notation" not in [s.rule for s in d.steps]


def test_moves_that_change_nothing_have_no_name():
    rules = {s.rule for s in mc.explain(log(Determinant(A)) - Trace(A * U) * t, A, detail=2).steps}
    assert not any(name in ("trace", "sum", "factors in front") for rule in rules for name in rule.split(", "))
    rules = {s.rule for s in mc.explain(mc.ElementSum((X * w).applyfunc(exp)) - (y.T * X * w)[0, 0], w, detail=2).steps}
    assert not any("as a trace" in rule for rule in rules) and any("collecting terms" in rule for rule in rules)


def test_few_brackets():
    d = mc.explain(sqrt((x.T * A * x)[0, 0]), A, detail=0)
    assert r"\mathrm{d} \sqrt{x^{\top} A x} &= " in d.latex() and r"\frac{\partial}{\partial A} \sqrt{x^{\top} A x}" in d.latex()


def test_a_line_of_a_structure_has_both_sides_on_it():
    text = str(mc.explain(Trace(A * U.T * U), U, structure="symmetric"))
    assert all(" = " in line for line in text.splitlines()[:-1]) and "tr((A + A.T)*U.T*(dU + dU.T))/2 = tr(" in text


@pytest.mark.parametrize(
    "structure, convention, tex",
    [
        ("symmetric", "subspace", r"projection: $(G + G^{\top})/2$"),
        ("symmetric", "entries", r"$G + G^{\top} - G \odot I$"),
        ("skew", "subspace", r"$(G - G^{\top})/2$"),
        ("scalar", "subspace", r"$\operatorname{tr}(G) \, I/n$"),
        ("orthogonal", None, r"$G - X \operatorname{sym}(X^{\top} G)$, the projection on the tangent space of $X^{\top} X = I$"),
        ("spd", None, r"$X \operatorname{sym}(G) \, X$"),
    ],
)
def test_what_a_structure_makes_of_a_gradient_is_a_formula(structure, convention, tex):
    assert tex in derived(Trace(A * U), U, structure=structure, convention=convention).latex()


def test_second_differentials_of_a_norm_and_their_powers():
    d = mc.explain(sqrt((x.T * x)[0, 0]), x, order=2, detail=0)
    assert r"\frac{I}{\sqrt{x^{\top} x}} - \frac{1}{\left(x^{\top} x\right)^{3/2}} x x^{\top}" in d.latex()
    assert mc.latex((x.T * x)[0, 0] ** Rational(-3, 2) * Identity(n)) == r"\frac{I}{\left(x^{\top} x\right)^{3/2}}"


def test_differentials_of_numbered_matrices_are_upright():
    W = MatrixSymbol("W1", m, n)
    assert r"\mathrm{d}W_{1}" in mc.explain(Trace(B * W), W).latex() and mc.latex(MatrixSymbol("dim2", m, n)) == r"\mathit{dim}_{2}"
    assert mc.latex(OneMatrix(1, n) * MatrixSymbol("dx2", n, 1)) == r"\mathbf{1}^{\top} \, \mathrm{d}x_{2}"


def test_an_adjoint_without_a_name_in_books_is_collecting_terms():
    assert lines(Trace(mc.MatrixSqrt(A)), A, 1)[-1] == ("tr(sqrtm(A).I*dA)/2", "collecting terms")
