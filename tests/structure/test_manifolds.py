"""Derivatives on manifolds: the form that one prints, the vec form as that of the tensor, and no more steps than the answer needs."""

import numpy as np
import pytest
from sympy import Determinant, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import random_env
from sympy_matcalc.testing.evaluator import evaluate
from sympy_matcalc.testing.structures import random_point
from tests.counting import counted

m, n = symbols("m n", integer=True, positive=True)
X, A, B, C = (MatrixSymbol(name, n, n) for name in "XABC")
Y, M, N = MatrixSymbol("Y", m, n), MatrixSymbol("M", m, m), MatrixSymbol("N", m, n)

GRADIENTS = [
    (Trace(A * X.I), "spd", "-(A + A.T)/2"),
    (log(Determinant(X)), "spd", "X"),
    (log(Determinant(X)) / 2 + Trace(X.I * C) / 2, "spd", "(2*X - C - C.T)/4"),
    (mc.Norm(X - A) ** 2, "spd", "X*(2*X - A - A.T)*X"),
    (mc.Norm(X - A) ** 2, "orthogonal", "X*A.T*X - A"),
    (Trace(X.T * A * X), "orthogonal", "zeros(n, n)"),
    (Trace(A * X.I), "orthogonal", "(A - X*A.T*X)/2"),
    (log(Determinant(X)) * Trace(A * X.I), "orthogonal", "log(Determinant(X))*(A - X*A.T*X)/2"),
]


@pytest.mark.parametrize("f, structure, expected", GRADIENTS, ids=range(len(GRADIENTS)))
def test_gradients_are_multiplied_out_where_that_is_shorter(f, structure, expected):
    assert str(mc.gradient(f, X, structure=structure)) == expected


def test_orthonormal_columns_are_used():
    assert str(mc.gradient(Trace(Y.T * M * Y), Y, structure="orthogonal")) == "(I - Y*Y.T)*(M + M.T)*Y"
    assert mc.gradient(Trace(Y.T * Y), Y, structure="orthogonal").is_ZeroMatrix
    assert "Y.T*Y*" not in str(mc.hessian(Trace(N.T * Y), Y, structure="orthogonal", form="vec"))


HESSIANS = [
    (Trace(A * X), "spd", "(I + commutation(n, n))*KroneckerProduct(I(n), X*(A + A.T))*(I + commutation(n, n))/8"),
    (Trace(A * X.I), "spd", "(I + commutation(n, n))*KroneckerProduct(I(n), (A + A.T)*X**(-1))*(I + commutation(n, n))/8"),
    (
        Trace(X.T * A * X),
        "spd",
        "(I + commutation(n, n))*(2*KroneckerProduct(X, X*(A + A.T)) + KroneckerProduct(I(n), X*((A + A.T)*X + X*(A + A.T))))"
        "*(I + commutation(n, n))/8",
    ),
    (log(Determinant(X)), "spd", "zeros(n**2, n**2)"),
    (Determinant(X), "orthogonal", "zeros(n**2, n**2)"),
    (
        Trace(A * X),
        "orthogonal",
        "-(I - KroneckerProduct(X.T, X)*commutation(n, n))*KroneckerProduct(A*X + X.T*A.T, I(n))"
        "*(I - KroneckerProduct(X.T, X)*commutation(n, n))/8",
    ),
]


@pytest.mark.parametrize("f, structure, expected", HESSIANS, ids=range(len(HESSIANS)))
def test_the_vec_form_stands_between_projections(f, structure, expected):
    assert str(mc.hessian(f, X, structure=structure, form="vec")) == expected


TWO_FORMS = [
    (Trace(A * X * B * X) + Trace(C * X), X, "orthogonal"),
    (Determinant(X + A) * Trace(B * X), X, "orthogonal"),
    (Trace(A * X * B * X) + log(Determinant(X)) * Trace(A * X.I), X, "spd"),
    (Trace(M * Y * A * Y.T) + Trace(N.T * Y), Y, "orthogonal"),
    (Determinant(Y.T * M * Y), Y, "orthogonal"),
]


@pytest.mark.parametrize("f, Z, structure", TWO_FORMS, ids=range(len(TWO_FORMS)))
def test_the_vec_form_is_the_tensor_written_as_a_matrix(f, Z, structure):
    tensor, matrix = (mc.hessian(f, Z, structure=structure, form=form) for form in (None, "vec"))
    sizes = {m: 4, n: 3}
    env = random_env([f, Z], 7, {k: v for k, v in sizes.items() if k in Z.free_symbols or k is n}, {})
    env = {**env, Z: random_point(structure, tuple(int(sizes[k]) for k in Z.shape), np.random.default_rng(3))}
    T, H = (np.asarray(evaluate(e, env), float) for e in (tensor, matrix))
    k = env[Z].size
    assert np.allclose(H, T.transpose(1, 0, 3, 2).reshape(k, k), atol=1e-9 * (1 + abs(H).max()))


def test_a_hessian_on_a_manifold_takes_about_the_steps_of_the_plain_one():
    """Calls of functions; a Hessian of the same function by all entries is 1."""
    for f in (Trace(A * X * B * X), log(Determinant(A * X * A.T + B))):
        for form in ("vec", None):
            plain = counted(lambda f=f, form=form: mc.hessian(f, X, form=form))[1]
            for structure in ("orthogonal", "spd"):
                assert counted(lambda f=f, s=structure, form=form: mc.hessian(f, X, structure=s, form=form))[1] < 4 * plain
