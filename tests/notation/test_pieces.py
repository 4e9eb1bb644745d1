"""Reading a term: which fused axes can be taken apart as an operand's own are."""

import pytest
from sympy import MatrixSymbol, symbols
from sympy.matrices.expressions import KroneckerProduct

import sympy_matcalc as mc
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.pieces import Pieces
from sympy_matcalc.notation.term import new_axis
from sympy_matcalc.testing import check_rule

n, m = symbols("n m", integer=True, positive=True)


@pytest.mark.parametrize(
    "ours, theirs, fits",
    [
        ((n, m), (n, m), True),
        ((n, m), (m, n), False),
        ((n, m), (n * m,), True),  # one label can be split
        ((n * m,), (n, m), True),
        ((n, m), (n, m, n), False),
        ((n, m, n), (n, m), False),
        ((n, m), (), True),
    ],
)
def test_match(ours, theirs, fits):
    with session():
        labels = [sum(map(new_axis, sizes), ()) for sizes in (ours, theirs)]
        assert Pieces._match(*labels) is fits


X = MatrixSymbol("X", n, m)
P, Q, A, B = (MatrixSymbol(*row) for row in (("P", m, m), ("Q", n, n), ("A", m, n), ("B", n, m)))


def quadratic(kron):
    return mc.Vec(X).T * kron * mc.Vec(X)


def test_a_kronecker_product_at_a_vec_comes_apart():
    """Its power is the product of powers where the factors are square: vec(X)'(P kron Q)^2 vec(X) = tr(X'Q^2 X P'^2)."""
    assert str(mc.gradient(quadratic(KroneckerProduct(P, Q)), X)) == "Q*X*P.T + Q.T*X*P"
    assert str(mc.gradient(quadratic(KroneckerProduct(P, Q) ** 2), X)) == "Q**2*X*P.T**2 + Q.T**2*X*P**2"


@pytest.mark.parametrize("k", [1, 2])
def test_a_power_of_a_kronecker_product_of_factors_that_are_not_square_stays(k):
    """A^2 does not exist for them, (A kron B)^2 does."""
    gradient = mc.gradient(quadratic(KroneckerProduct(A, B) ** k), X)
    assert not any(power in str(gradient) for power in ("A**2", "B**2"))
    check_rule(quadratic(KroneckerProduct(A, B) ** k), X, trials=1)
