"""Numbers in formulas that are complex: constants, and numbers that depend on a size, as in the matrix of a discrete Fourier transform."""

import cmath

import numpy as np
import pytest
from sympy import I, MatrixSymbol, OneMatrix, Rational, Trace, asin, conjugate, exp, gamma, log, pi, sqrt, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
Z = MatrixSymbol("Z", n, n)
A = np.arange(9.0).reshape(3, 3) + 0.5
TRACE = np.trace(A)
ROWS = [
    (exp(I / 9) * Trace(Z), cmath.exp(1j / 9) * TRACE),
    (exp(I / 9) * Z, cmath.exp(1j / 9) * A),
    (gamma(I) * Trace(Z), (-0.15494982830181069 - 0.49801566811835604j) * TRACE),  # Abramowitz & Stegun, 6.1.25: |gamma(i)|^2 = pi/sinh(pi)
    (asin(2) * Trace(Z), cmath.asin(2).conjugate() * TRACE),  # SymPy's value, below the cut
    (log(1 - sqrt(3)) * Trace(Z), cmath.log(1 - 3**0.5) * TRACE),
    ((1 - sqrt(3)) ** Rational(1, 3) * Trace(Z), (1 - 3**0.5 + 0j) ** (1 / 3) * TRACE),
    (exp(2 * pi * I / n), cmath.exp(2j * cmath.pi / 3)),
    (exp(2 * pi * I / n) * Z, cmath.exp(2j * cmath.pi / 3) * A),
    (conjugate(exp(2 * pi * I / n)) * Z, cmath.exp(-2j * cmath.pi / 3) * A),
    (n ** (I / 3) * Z, 3 ** (1j / 3) * A),
    (sqrt(I * n) * Trace(Z), cmath.sqrt(3j) * TRACE),
    (log(-n) * Trace(Z), (cmath.log(3) + 1j * cmath.pi) * TRACE),
    (sqrt(1 - n) * Z, 2**0.5 * 1j * A),
    (Z / sqrt(-n), A / (3**0.5 * 1j)),
    ((-n) ** Rational(2, 3) * Trace(Z), (-3 + 0j) ** (2 / 3) * TRACE),
    (exp(2 * pi * I / n) * OneMatrix(n, n), cmath.exp(2j * cmath.pi / 3) * np.ones((3, 3))),
]


@pytest.mark.parametrize("modules", ["numpy", "jax", "torch", "dask"])
@pytest.mark.parametrize("expression, value", ROWS, ids=[str(e) for e, _ in ROWS])
def test_value(expression, value, modules):
    library = pytest.importorskip(modules)
    given = library.as_tensor(A) if modules == "torch" else A
    found = np.asarray(mc.lambdify([Z], expression, modules=modules)(given))
    assert found.dtype.kind == "c" and np.allclose(found, value, rtol=1e-6)


def test_a_power_of_numbers_that_is_real_stays_real():
    assert mc.lambdify([Z], n ** Rational(1, 3) * Z)(A).dtype == float
    assert mc.lambdify([Z], (exp(2 * pi * I / n) + exp(-2 * pi * I / n)).rewrite("cos") * Z)(A).dtype.kind in "fc"
