"""Norms of singular values: second derivatives where the matrix is wide."""

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

m, n = symbols("m n", integer=True, positive=True)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (1, 3)], ids=str)
def test_the_hessian_of_a_nuclear_norm_of_a_matrix_whose_shape_is_known(shape):
    Z = MatrixSymbol("Z", *shape)
    check_rule(mc.NuclearNorm(Z), Z, {Z: "fullrank"}, order=2)


def test_of_one_whose_shape_is_not_known_it_is_refused_for_all_wide_ones():
    """Z'Z is singular then; by rounding it often was not, and the result was right or refused by chance."""
    Z = MatrixSymbol("Z", m, n)
    hessian = mc.hessian(mc.NuclearNorm(Z), Z)
    assert any("Z.T*Z is nonsingular" in c for c in mc.conditions(hessian))
    f = mc.lambdify(Z, hessian)
    for seed in range(40):
        for shape in ((2, 3), (1, 3), (3, 5)):
            with pytest.raises(np.linalg.LinAlgError, match="fewer rows than columns"):
                f(np.random.default_rng(seed).standard_normal(shape))
        assert np.isfinite(f(np.random.default_rng(seed).standard_normal((4, 3)))).all()
