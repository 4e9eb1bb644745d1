"""The points at which a formula is compared: what they have to tell apart."""

import pytest
from sympy import Determinant, KroneckerDelta, MatrixSymbol, Symbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.verdicts.points import points_of
from sympy_matcalc.verdicts.question import read_question

m, n, p = symbols("m n p", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)
A, X, B, G = MatrixSymbol("A", p, m), MatrixSymbol("X", m, n), MatrixSymbol("B", n, p), MatrixSymbol("G", m, m)


def points(mine, expr, variable, **given):
    given = {"Y": None, "form": None, "layout": "numerator", "assumptions": None, "structure": None, "convention": None} | given
    question = read_question(mine, expr, variable, 1, **given)
    return points_of(question, question.derivative())


def test_three_settings_of_distinct_sizes_and_two_scales():
    found = points(0, mc.ElementSum(A * X * B), X)
    sizes = [tuple(sorted((str(s), v) for s, v in q.sizes.items())) for q in found]
    assert len(found) == 6 and len(set(sizes)) == 3
    assert all(len({v for _, v in some}) == 3 and 1 not in {v for _, v in some} for some in sizes)


def test_a_free_scalar_has_both_signs():
    t = Symbol("t")
    assert {q.env[t] > 0 for q in points(0, t**2, t)} == {True, False}


def test_indices_are_the_same_and_different():
    f, entry = (X.T * G * X)[k, l], X[i, j]
    right = KroneckerDelta(j, k) * (G * X)[i, l] + KroneckerDelta(j, l) * (G.T * X)[i, k]
    assert mc.verdict(right, f, entry).kind == "right"
    assert mc.verdict(2 * right, f, entry).kind == "scaled"
    for half in right.args:
        assert mc.verdict(half, f, entry).kind == "missing term"


@pytest.mark.parametrize("factor,kind", [(1, "right"), (2, "scaled")])
def test_where_the_derivative_is_rounding_alone_is_no_point(factor, kind):
    """det(A X B) is 0 where A is tall."""
    f = Determinant(A * X * B)
    assert mc.verdict(factor * f * A.T * (B.T * X.T * A.T).I * B.T, f, X).kind == kind


RATIO, NAMES = mc.parse("sum(V.*log(V./W))")  # has no value where V and W have entries of different signs


@pytest.mark.parametrize(
    "mine, kind, says",
    [
        ("1 + log(V./W)", "right", "the difference simplifies to 0"),
        ("1 + log(abs(V)./abs(W))", "right if", "all entries are positive"),
        ("-1 - log(V./W)", "sign", "compared where all entries are positive"),
        ("log(V./W)", "missing term", "compared where all entries are positive"),
        ("2*log(V./W) + 2", "scaled", "compared where all entries are positive"),
        ("1 + log(V./W) + V", "missing term", "compared where all entries are positive"),
    ],
)
def test_what_is_seen_with_positive_data_only_says_so(mine, kind, says):
    formula = mc.parse(mine, shapes=["V: n x m", "W: n x m"])[0]
    found = mc.verdict(formula, RATIO, NAMES["V"])
    assert found.kind == kind and says in str(found)
    assert bool(found) == (kind == "right")


def test_a_wrong_answer_of_the_package_is_said_before_milder_data_are_tried(monkeypatch):
    x = MatrixSymbol("x", n, 1)
    monkeypatch.setattr(mc.verdicts.question.Question, "derivative", lambda self: 2 * x.T if self.layout == "numerator" else 2 * x)
    with pytest.raises(mc.CheckError, match="please report"):
        mc.verdict(x, mc.Norm(x) ** 3, x)
