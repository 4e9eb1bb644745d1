"""A matrix, its powers and its functions commute: one order of them."""

import pytest
from sympy import Identity, MatPow, MatrixSymbol, Rational, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.kernel.session import session

n = symbols("n", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
x = MatrixSymbol("x", n, 1)
COMMUTE = [
    (A, mc.MatrixSqrt(A), "A*sqrtm(A)"),
    (A.I, mc.MatrixSqrt(A), "A**(-1)*sqrtm(A)"),
    (mc.MatrixExp(2 * A), A, "A*expm(2*A)"),
    (mc.MatrixExp(A), mc.MatrixLog(A), "expm(A)*logm(A)"),
    (A.T, mc.MatrixSqrt(A.T), "(A*sqrtm(A)).T"),
    (A + B, mc.MatrixExp(A + B), "(A + B)*expm(A + B)"),
    (MatPow(A, Rational(1, 3)), mc.MatrixSqrt(A), "A**(1/3)*sqrtm(A)"),
]
DO_NOT = [(B, mc.MatrixSqrt(A)), (A.T, mc.MatrixSqrt(A)), (A, mc.MatrixExp(A + B)), (mc.MatrixExp(A), mc.MatrixExp(B))]


@pytest.mark.parametrize("one, other, text", COMMUTE, ids=[text for *_, text in COMMUTE])
def test_commuting_factors_have_one_order(one, other, text):
    with session():
        form = prepare_whole(one * other)
        assert prepare_whole(other * one) is form and str(form) == text
        assert prepare_whole(form) is form
        assert prepare_whole(B * other * one * B) is prepare_whole(B * one * other * B)


@pytest.mark.parametrize("one, other", DO_NOT, ids=str)
def test_others_do_not(one, other):
    with session():
        assert prepare_whole(one * other) is not prepare_whole(other * one)


def test_what_meets_its_like_behind_another_one_merges():
    with session():
        root = mc.MatrixSqrt(A)
        assert prepare_whole(root * A * root) is prepare_whole(A**2)
        assert prepare_whole(A.I * root * A) == root
        assert prepare_whole(mc.MatrixExp(A) * A * mc.MatrixExp(A).I) == A
        assert prepare_whole((A * root) * Identity(n)) is prepare_whole(root * A)


def test_derivatives():
    root = mc.MatrixSqrt(A)
    assert str(mc.gradient(x.T * A * root * x, A)) == str(mc.gradient(x.T * root * A * x, A))
