"""Exactly: every entry of a derivative, at complex rational numbers, against SymPy's scalar `diff` of the entries written out in x + iy."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    I,
    Identity,
    ImmutableMatrix,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    Trace,
    conjugate,
    expand,
    im,
    re,
    sympify,
)
from sympy.matrices.expressions import HadamardProduct, KroneckerProduct

import sympy_matcalc as mc
from sympy_matcalc.compat import BEFORE_1_14

FUNCTIONS = {  # of a matrix Z, a square matrix S of the shape of Z Z^H and a rectangular one B, all complex
    "inner product": lambda Z, S, B: Trace(Adjoint(B) * Z),
    "norm": lambda Z, S, B: mc.Norm(S * Z - B) ** 2,
    "quadratic": lambda Z, S, B: Trace(Adjoint(Z) * S * Z),
    "bilinear": lambda Z, S, B: Trace(Z.T * S * Z),
    "inverse": lambda Z, S, B: Trace((Identity(S.shape[0]) + Z * Adjoint(Z)).I * S),
    "determinant": lambda Z, S, B: Determinant(S + Z * Adjoint(Z)),
    "modulus": lambda Z, S, B: Abs(Trace(Adjoint(B) * Z)) ** 2,
    "real part": lambda Z, S, B: re(Trace(Z * Adjoint(B))) * im(mc.ElementSum(Z)),
    "power": lambda Z, S, B: Trace((Z * Adjoint(Z)) ** 2 * S),
    "elementwise": lambda Z, S, B: mc.ElementSum(HadamardProduct(Z, Z.conjugate(), B)),
    "entries": lambda Z, S, B: mc.ElementSum(Z.applyfunc(lambda w: conjugate(w) ** 2 * w)),
    "kronecker": lambda Z, S, B: Trace(KroneckerProduct(Z * Adjoint(B), S)) * conjugate(Trace(Z * Adjoint(B))),
    "quotient": lambda Z, S, B: Trace(Adjoint(B) * Z) / (2 + mc.Norm(Z) ** 2),
}
BY = {"Z": lambda x, y: (x - I * y) / 2, "conjugate": lambda x, y: (x + I * y) / 2, "real": lambda x, y: x, "imag": lambda x, y: y}
NUMBERS = st.builds(lambda a, b, c: Rational(a, c) + I * Rational(b, c), *(st.integers(-4, 4),) * 2, st.integers(1, 3))


def by_scalars(f, Z, values, point):
    """(df/d Re Z, df/d Im Z) by SymPy's diff, at a point."""
    x, y = (Matrix(*Z.shape, lambda i, j, s=s: Symbol(f"{s}{i}{j}", real=True)) for s in "xy")
    written = expand(sympify(value(f, {**values, Z: ImmutableMatrix(x + I * y)})), complex=False)
    at = {x[k]: re(point[k]) for k in range(len(x))} | {y[k]: im(point[k]) for k in range(len(y))}
    return [v.applyfunc(lambda s: written.diff(s).subs(at)) for v in (x, y)]


def value(e, values):
    """An expression of explicit matrices, written out by SymPy alone."""
    e = e.subs({s: v for s, v in values.items()})
    e = e.replace(mc.Norm, lambda A: (sum(a * conjugate(a) for a in A.as_explicit())) ** Rational(1, 2))
    e = e.doit()
    return e.as_explicit() if hasattr(e, "as_explicit") else e


@pytest.mark.skipif(BEFORE_1_14, reason="older SymPy takes minutes to write out the real and imaginary parts of entries")
@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_entry(name, data):
    rows, cols = data.draw(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2)]))
    if name in ("power", "inverse", "kronecker") and rows * cols == 4:
        cols = 1  # SymPy takes minutes
    Z, B, S = MatrixSymbol("Z", rows, cols), MatrixSymbol("B", rows, cols), MatrixSymbol("S", rows, rows)
    draw = lambda s: ImmutableMatrix(*s.shape, [data.draw(NUMBERS) for _ in range(s.shape[0] * s.shape[1])])  # noqa: E731
    values, point = {B: draw(B), S: draw(S)}, draw(Z)
    f = FUNCTIONS[name](Z, S, B)
    if not f.has(Z):
        return
    real, imag = by_scalars(f, Z, values, point)
    for by, combined in BY.items():
        found = value(mc.complex_derivative(f, Z, by), {**values, Z: point})
        wanted = combined(real, imag)
        difference = ImmutableMatrix(found if getattr(found, "is_Matrix", False) else [[found]]) - wanted
        assert difference.applyfunc(lambda e: expand(e, complex=True).radsimp()) == ImmutableMatrix.zeros(*wanted.shape), by
