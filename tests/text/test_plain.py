"""Handwritten signs, against the same formula in Python's spelling."""

import pytest

from sympy_matcalc.text import read

from .spelled import check_place

FORMULAS = [
    ("xᵀAx", "x.T*A*x"), ("‖x‖²", "norm(x)**2"), ("‖Xw − y‖²", "norm(X*w - y)**2"), ("(Ax − b)ᵀ(Ax − b)", "(A*x - b).T*(A*x - b)"), ("xᵀA⁻¹x", "x.T*A.I*x"),
    ("A⁻ᵀb", "A.T.I*b"), ("tr(AX)²", "tr(A*X)**2"), ("x ⊙ y", "had(x, y)"), ("A ⊗ B", "kron(A, B)"), ("‖x‖₁", "norm(x, 1)"), ("‖X‖₂", "spectral_norm(X)"),
    ("‖X‖_F²", "norm(X)**2"), ("yᵀXβ", "y.T*X*beta"), ("β₁xᵀx", "beta1*x.T*x"), ("exp(−‖x‖²)", "exp(-norm(x)**2)"), ("2xᵀx", "2*x.T*x"), ("σ²xᵀx", "sigma**2*x.T*x"),
    ("X⁺y", "pinv(X)*y"), ("det(X)⁻¹", "det(X)**-1"), ("λ‖w‖₁ + ‖Xw−y‖₂²", "lam*norm(w, 1) + norm(X*w - y)**2"), ("α·xᵀx", "alpha*x.T*x"), ("loss xᵀx", "loss*x.T*x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "python"), FORMULAS)
def test_is_read_as_the_same_in_python(text, python):
    seen, expected = read(text), read(python, syntax="python")
    assert seen.expr == expected.expr and seen.shapes == expected.shapes


def test_letters_beside_one_another_are_factors_with_a_note():
    assert read("(Ax − b)ᵀ(Ax − b)").notes == ("`Ax` is read as `A*x`; declare `Ax: ...` for one name",)
    assert read("xᵀAx", ["Ax: n"]).expr == read("x.T*Ax", ["Ax: n"]).expr


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [("‖‖x‖", 1, "was never closed"), ("xᵀ(A+", 3, "was never closed"), ("⅓x", 1, "is not a name"), ("∑x", 1, "is not read"), ("a/bᵀc", 3, "can be read in two ways"), ("x⁻", 2, "is not a number or a letter")],
)  # fmt: skip
def test_a_mistake_has_its_place(text, column, says):
    check_place(text, column, says)
