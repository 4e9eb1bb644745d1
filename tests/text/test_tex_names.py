"""Letters of LaTeX in their fonts, with accents and with what stands below them."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read

from .spelled import check_derivative, check_place

SAME = [  # (typed, the same in Python's spelling)
    (r"\hat{\mathbf{x}}^\top \mathbf{A} \hat{\mathbf{x}}", "x_hat.T*A*x_hat"), (r"\mathbf{\hat{x}}^\top \mathbf{y}", "x_hat.T*y"),
    (r"\mathbf{X} \hat{\boldsymbol\beta} - \mathbf{y}", "X*beta_hat - y"), (r"\widehat{\boldsymbol{\Sigma}}^{-1} x", "Sigma_widehat.I*x"),
    (r"\bar{\mathbf{x}}^\top \bar{\mathbf{x}}", "x_bar.T*x_bar"), (r"\hat\mathbf{x}^\top \mathbf y", "x_hat.T*y"),
    (r"\mathbf{w}_{\text{old}}^\top x", "w_old.T*x"), (r"\tilde{\mathbf{X}}_{\text{train}} w", "X_tilde_train*w"), (r"w_{\mathrm{old}}^\top x", "w_old.T*x"),
    (r"w_\text{old}^\top x", "w_old.T*x"), (r"A_{\mathcal{S}} x", "A_S*x"), (r"\hat{\mathbf{x}}_{\mathrm{new}}^\top y", "x_hat_new.T*y"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "python"), SAME)
def test_is_read_as(typed, python):
    assert read(typed, syntax="latex").expr == read(python).expr


BLOCKS = [  # (typed, the same with names)
    (r"\Sigma_{12} \Sigma_{22}^{-1} x", "Sigma12*Sigma22.I*x"), (r"A_{12}^\top x", "A12.T*x"),
    (r"\mathbf{A}_{11} \mathbf{x}_1 + \mathbf{A}_{12} \mathbf{x}_2", "A11*x1 + A12*x2"), (r"A_{21} A_{11}^{-1} A_{12}", "A21*A11.I*A12"),
    (r"Sigma_12: n x m; \Sigma_{12} x", "Sigma_12: n x m; Sigma_12*x"), (r"\Sigma_{12}: n x m; \Sigma_{12} x", "Sigma_12: n x m; Sigma_12*x"),
    (r"A_{12} + \operatorname{tr}(A)", "A[1, 2] + tr(A)"), (r"A: n x n; A_{12} x", "A: n x n; A[1, 2]*x"), (r"A_{1,2}", "A[1, 2]"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "python"), BLOCKS)
def test_two_numbers_below_a_capital(typed, python):
    reading = read(typed)
    assert reading.expr == read(python).expr
    assert any("block, not as an entry" in note for note in reading.notes) == ("A[1, 2]" not in python)


@pytest.mark.parametrize("typed", ["A_{12}", r"\Sigma_{12} x", r"\begin{bmatrix} A_{11} & A_{12} \\ A_{21} & A_{22} \end{bmatrix}"])
def test_a_block_or_an_entry_is_an_error(typed):
    with pytest.raises(mc.ParseError, match="can be a block of a partitioned matrix, and an entry"):
        read(typed)


def test_the_error_says_what_to_write():
    check_place(r"2 \Sigma_{12} x", 3, r"declare `Sigma12: n x m` for the block, write `\Sigma_{1,2}`, counted from 0, for the entry")
    assert read(r"Sigma12: n x m; 2 \Sigma_{12} x").shapes["x"] == "m" and read(r"2 \Sigma_{1,2} x").shapes["Sigma"] == "n x m"


def test_a_block_is_printed_as_it_is_read():
    expr, _ = parse(r"\log|\Sigma_{11} - \Sigma_{12} \Sigma_{22}^{-1} \Sigma_{21}|")
    assert parse(mc.latex(expr))[0] == expr
    check_derivative(r"\log|\Sigma_{11} - \Sigma_{12} \Sigma_{22}^{-1} \Sigma_{21}|", r"\Sigma_{22}")


def test_a_variable_is_spelled_as_the_formula_has_it():
    for typed in ("x_2", "x2", "x_{2}"):
        assert read(r"\mu_1^\top (x_2 - \mu_2)", variables=(typed,)).variables[0].name == "x2"
