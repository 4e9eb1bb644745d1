"""Names with times below them, and what they print as."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read

from .spelled import check_derivative, check_place

NAMES = [
    (r"P_{k|k-1} H^\top", "P_k_given_km1"), (r"P_{t+1|t}^{-1}", "P_tp1_given_t"), (r"\hat{x}_{k|k-1}^\top x", "x_hat_k_given_km1"),
    (r"\hat{\mathbf{x}}_{k \mid k-1}^\top y", "x_hat_k_given_km1"), (r"\|x_{t+1} - A x_t\|^2", "x_tp1"), (r"\Sigma_{x|y} z", "Sigma_x_given_y"),
    (r"\mathbf{x}_{t-1} + \mathbf{x}_t", "x_tm1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_time_is_part_of_a_name(text, name):
    expr, names = parse(text)
    assert name in names and any(f"`{name}`" in note for note in names.notes)
    assert parse(mc.latex(expr, bold=True))[0] == expr


def test_what_may_be_an_entry_is_an_error_or_has_a_note():
    check_place(r"x_{t+1} + x", 1, "can be an entry, and a vector of another time")
    check_place(r"x_{k+1} - x_k", 1, "can be an entry, and a vector of another time")
    assert read("x_{n-1}").notes == ("`x_{n-1}` is read as an entry, counted from 0",)


def test_derivatives_of_filters():
    check_derivative(r"\operatorname{tr}((I - K H) P_{k|k-1} (I - K H)^\top + K R K^\top)", "K")
    check_derivative(r"\|x_{t+1} - A x_t - B u_t\|_2^2", "B")
