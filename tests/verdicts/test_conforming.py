"""A formula that does not fit together, which SymPy builds where a size may be 1, is told so, and not that it is singular."""

import pytest
from sympy import HadamardProduct, Identity, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate
from sympy_matcalc.verdicts.conforming import misfit

n, m = symbols("n m", integer=True, positive=True)
A, x, X, w, y = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("X", n, m), MatrixSymbol("w", m, 1), MatrixSymbol("y", n, 1)
form, squares = x.T * A * x, (X * w - y).T * (X * w - y)
WRONG = [  # (formula, expression, variable, what the sentence says)
    (2 * x * A, form, x, "in the product `2*x*A` `x` is n x 1, and `A` is n x n"),
    ((X * w - y) * X, squares, w, "`X*w - y` is n x 1, and `X` is n x m"),
    (A * x.T, form, x, "`A` is n x n, and `x.T` is 1 x n"), (x**2, form, x, "in `x**2` `x` is n x 1, which is not square"),
    (2 * X * A, Trace(X.T * A * X), X, "`X` is n x m, and `A` is n x n"),
]  # fmt: skip


@pytest.mark.parametrize(("mine", "expr", "variable", "says"), WRONG)
def test_what_does_not_fit_is_said(mine, expr, variable, says):
    verdict = mc.verdict(mine, expr, variable)
    assert verdict.kind == "wrong shape" and says in str(verdict) and "singular" not in str(verdict)


@pytest.mark.parametrize("e", [form, squares, A * x + 2 * y, HadamardProduct(x, y), (A + Identity(n)).I * x, Trace(X.T * A * X)])
def test_what_fits_is_not(e):
    assert misfit(e) == ""


def test_what_has_no_value_for_another_reason_is_an_error_still():
    with pytest.raises(mc.MatcalcError, match="singular, or out of the domain"):
        mc.verdict((A - A.T - A + A.T + x * x.T).I * x, form, x)


@pytest.mark.parametrize(
    ("mine", "expr", "variable"),
    [
        (2 * A.I, mc.ElementSum(A) + log(mc.scalar(x.T * A * x)), A),
        (w, log(mc.ElementSum(X * w)), w), (x, log(mc.scalar(x.T * A * x)), x),
    ],
)  # fmt: skip
def test_a_counterexample_is_in_the_domain_of_the_expression(mine, expr, variable):
    data = mc.verdict(mine, expr, variable).counterexample
    value = evaluate(expr, {**data["data"], **data["sizes"]})
    assert value == value and not isinstance(value, complex)
