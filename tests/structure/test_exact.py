"""Every linear structure and convention at orders 1 and 2 and sizes 1 to 5: entry by entry SymPy's scalar derivative of the expanded expression.

The expression is written out in the free parameters theta, ``vec X = B theta``, as a polynomial with whole coefficients, by SymPy's
sparse polynomials alone. Its derivatives at whole numbers say what the gradients of both conventions are, ``E vec G`` with ``E = B B'``
or ``B (B'B)^-1 B'``, and the Hessians. All of these are whole numbers over a known denominator, so that a float near one names it exactly.
"""

from math import prod

import numpy as np
import pytest
from sympy import ZZ, Determinant, HadamardProduct, MatrixSymbol, Trace, ring, symbols

import sympy_matcalc as mc
from sympy_matcalc.structure import CONVENTIONS, STRUCTURES
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.structures import units

n = symbols("n", integer=True, positive=True)
X, A, B = (MatrixSymbol(name, n, n) for name in "XAB")
LINEAR = [name for name, s in STRUCTURES.items() if s.basis is not None]
DENOMINATOR = 60  # of a mean along a line of at most 5 entries


def trace(M):
    return sum(M.diagonal())


def determinant(M):
    """By the first row."""
    if len(M) == 1:
        return M[0, 0]
    return sum((-1) ** j * M[0, j] * determinant(np.delete(M[1:], j, axis=1)) for j in range(len(M)))


SCALARS = {  # name: (what is differentiated, the same of arrays of polynomials, the largest size)
    "bilinear": (Trace(A * X * B * X), lambda X, A, B: trace(A @ X @ B @ X), 5),
    "transposed": (Trace(X.T * A * X), lambda X, A, B: trace(X.T @ A @ X), 5),
    "elementwise": (Trace(HadamardProduct(X, A) * B * X.T), lambda X, A, B: trace((X * A) @ B @ X.T), 5),
    "cubic": (Trace(A * X.T * X * B * X), lambda X, A, B: trace(A @ X.T @ X @ B @ X), 5),
    "product": (Trace(A * X) * Trace(B * X * X), lambda X, A, B: trace(A @ X) * trace(B @ X @ X), 5),
    "determinant": (Determinant(X + A) * Trace(B * X), lambda X, A, B: determinant(X + A) * trace(B @ X), 3),
}
QUICK = [list(SCALARS)[k % len(SCALARS)] for k in range(len(LINEAR))]
CASES = [
    pytest.param(name, kind, marks=() if quick == kind else pytest.mark.slow) for name, quick in zip(LINEAR, QUICK) for kind in SCALARS
]


def by_parameters(f, basis, given, theta):
    """(first, second derivatives by the parameters) of the polynomial, at whole numbers."""
    R, *gens = ring([f"t{k}" for k in range(len(basis))], ZZ)
    entries = sum(u.astype(object) * t for t, u in zip(gens, basis))
    scalar = R.zero + f(entries, *given)
    at = lambda p: sum(int(c) * prod(t**k for t, k in zip(theta, powers) if k) for powers, c in p.terms())  # noqa: E731
    first = [scalar.diff(t) for t in gens]
    return np.array([at(p) for p in first]), np.array([[at(p.diff(t)) for t in gens] for p in first])


def same(found, wanted, scale):
    """Whether scale times an array of floats is this array of whole numbers."""
    found = np.asarray(found, float) * scale
    return np.allclose(found, np.rint(found), rtol=1e-9, atol=1e-4) and np.array_equal(np.rint(found).ravel(), wanted.ravel())


@pytest.mark.parametrize("name, kind", CASES)
def test_every_entry(name, kind):
    expr, f, largest = SCALARS[kind]
    conventions = [c for c in CONVENTIONS if c == "subspace" or STRUCTURES[name].ties is not None]
    vech = mc.gradient(expr, X, structure=name, form="vech"), mc.hessian(expr, X, structure=name, form="vech")
    full = {
        c: (mc.gradient(expr, X, structure=name, convention=c), mc.hessian(expr, X, structure=name, convention=c, form="vec"))
        for c in conventions
    }
    for size in range(1, largest + 1):
        rng = np.random.default_rng(size)
        basis = [u.astype(int) for u in units(name, size, size)]
        if not basis:
            continue  # a skew matrix of one entry has no free parameter
        given = [rng.integers(-4, 5, size=(size, size)) for _ in "AB"]
        theta = [int(k) for k in rng.integers(-4, 5, size=len(basis))]
        value = sum(t * u for t, u in zip(theta, basis))
        if kind == "determinant" and round(np.linalg.det(value + given[0])) == 0:
            given[0] = given[0] + 11 * np.eye(size, dtype=int)  # the answer has the inverse
        first, second = by_parameters(f, basis, [a.astype(object) for a in given], theta)
        env = {n: size, X: value, A: given[0], B: given[1]}
        assert same(evaluate(vech[0], env), first, 1), size
        assert same(evaluate(vech[1], env), second, 1), size
        V = np.stack([u.ravel("F") for u in basis], axis=1)
        counts = np.diag(V.T @ V)
        for c, (gradient, hessian) in full.items():
            E = V * (DENOMINATOR if c == "entries" else DENOMINATOR // counts if np.all(DENOMINATOR % counts == 0) else np.nan)
            assert same(np.asarray(evaluate(gradient, env), float).reshape(size, size).ravel("F"), E @ first, DENOMINATOR), (size, c)
            assert same(evaluate(hessian, env), E @ second @ E.T, DENOMINATOR**2), (size, c)
