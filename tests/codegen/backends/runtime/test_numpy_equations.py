"""Matrix equations of real and complex numbers together."""

from itertools import product

import numpy as np
import pytest

from sympy_matcalc.codegen.backends.runtime.numpy_equations import _sylvester


@pytest.mark.parametrize("kinds", product((False, True), repeat=3), ids=str)
def test_sylvester_of_real_and_complex_matrices(kinds):
    """Real matrices with complex eigenvalues have a Schur form with blocks, which LAPACK does not take beside complex numbers."""
    rng = np.random.default_rng(0)
    a, b, c = (rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)) * kind if kind else rng.normal(size=(4, 4)) for kind in kinds)
    x = _sylvester(a, b, c)
    assert np.iscomplexobj(x) == any(kinds)
    np.testing.assert_allclose(a @ x + x @ b, c, atol=1e-12)
