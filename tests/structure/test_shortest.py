"""Sums of what a gradient is made of by a structure: equal summands are one, common factors are taken out."""

import pytest
from sympy import MatrixSymbol, Rational, S, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.canonical import prepare
from sympy_matcalc.facts import facts_about
from sympy_matcalc.kernel.session import session, session_with
from sympy_matcalc.notation.present import present
from sympy_matcalc.structure.declaration import AS_IT_IS, ON_DIAGONAL, TURNED
from sympy_matcalc.structure.shortest import sum_of_parts

n = symbols("n", integer=True, positive=True)
X, A, B = (MatrixSymbol(c, n, n) for c in "XAB")
ENTRIES = ((S.One, AS_IT_IS), (S.One, TURNED), (S.NegativeOne, ON_DIAGONAL))
HALVES = ((Rational(1, 2), AS_IT_IS), (Rational(1, 2), TURNED))


@pytest.mark.parametrize(
    "parts, G, expected",
    [
        (HALVES, A + A.T, "A + A.T"),
        (HALVES, A * B + A * X, "(A*(B + X) + (B.T + X)*A.T)/2"),
        (HALVES, 3 * X, "3*X"),
        (HALVES, A - A.T, "zeros(n, n)"),
        (ENTRIES, X * A * X, "X*(A + A.T)*X - HadamardProduct(I, X*A*X)"),
        (ENTRIES, A, "A + A.T - HadamardProduct(I, A)"),
    ],
)
def test_parts_of_a_sum(parts, G, expected):
    with session_with(facts_about(X, "symmetric")):
        found = sum_of_parts(parts, prepare(G))
        assert str(as_answer(present(found))) == expected


def test_of_a_number_in_front_the_sum_is_the_same():
    with session():
        twice = sum_of_parts([(2 * c, what) for c, what in HALVES], prepare(A * X))
        assert prepare(twice) == prepare(A * X + X.T * A.T)


def test_what_has_no_parameters_is_told_by_its_size():
    Z = MatrixSymbol("Z", 1, 1)
    with pytest.raises(mc.ShapeError, match="no free parameters"):
        mc.gradient(Trace(Z), Z, structure="skew", form="vech")
