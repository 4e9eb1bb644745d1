"""Scalar functions of which random expressions are made: of scalars, and of the entries of matrices."""

import sympy as sp
from sympy import Abs, Max, Min, Piecewise, Rational, cos, exp, log, sin, sqrt, tanh

SCALAR_FUNCTIONS = (
    sin, cos, tanh, sp.atan, sp.erf,
    lambda s: exp(sin(s)), lambda s: exp(-s**2 / 4), lambda s: log(1 + s**2), lambda s: sqrt(1 + s**2), lambda s: 1 / (2 + s**2),
    lambda s: s / (1 + s**2), lambda s: s**2, lambda s: s**3 / 3, lambda s: log(1 + exp(tanh(s))), lambda s: (1 + s**2) ** Rational(3, 4),
    Abs, lambda s: Max(s, Rational(1, 2)), lambda s: Min(s, 1, 2 - s), lambda s: Piecewise((s**2, s > 0), (s / 3, True)),
)  # fmt: skip
ENTRY_FUNCTIONS = (
    sin, cos, tanh, sp.atan, lambda z: z**2, lambda z: z**3, lambda z: 1 / (1 + exp(-z)), lambda z: log(1 + exp(z)),
    lambda z: sqrt(1 + z**2), lambda z: exp(-(z**2)), lambda z: Max(z, 0), Abs, lambda z: Piecewise((z, z > 0), (z / 5, True)),
    lambda z: 2 * z - 1, lambda z: exp(z / (1 + z**2)), lambda z: log(1 + z**2),
)  # fmt: skip
