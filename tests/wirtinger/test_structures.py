"""Hermitian, skew-Hermitian and complex symmetric variables: both conventions against differences in the free parameters."""

import numpy as np
import pytest
from sympy import Abs, Adjoint, Determinant, MatrixSymbol, Trace, log, re, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
R, A, z = MatrixSymbol("R", n, n), MatrixSymbol("A", n, n), MatrixSymbol("z", n, 1)
REFLECT = {"hermitian": lambda X: X.conj().T, "skew_hermitian": lambda X: -X.conj().T, "symmetric": lambda X: X.T, "skew": lambda X: -X.T}
FUNCTIONS = [
    log(Determinant(R)) + (Adjoint(z) * R.I * z)[0, 0],
    Trace(R * R * A),
    re(Trace(A * R)),
    (Adjoint(z) * R * z)[0, 0] ** 2,
    Trace(A * R * Adjoint(A) * R),
    mc.Norm(R - A) ** 2,
    mc.Norm(R * R),
    Abs(Trace(A * R)) ** 2,
    log(Determinant(4 * A * Adjoint(A) + R * Adjoint(R))),
    re(Trace(mc.MatrixExp(R) * A)),
]
FORMS = [
    (FUNCTIONS[0], "hermitian", "R**(-1) - R**(-1)*z*Adjoint(z)*R**(-1)"),
    (Trace(R * R), "hermitian", "2*R"),
    (Trace(R * R), "skew_hermitian", "-2*R"),
    (re(Trace(A * R)), "hermitian", "(A + Adjoint(A))/2"),
    (mc.Norm(R) ** 2, "symmetric", "2*R"),
]


@pytest.mark.parametrize("f, name, form", FORMS, ids=lambda v: str(v)[:30])
def test_forms(f, name, form):
    assert str(mc.complex_derivative(f, R, "gradient", structure=name)) == form


@pytest.mark.parametrize(
    "by, convention, said",
    [
        ("gradient", None, 'convention "subspace", the default'),
        ("real", "entries", 'convention "entries": (i, j) is the derivative by the free parameter'),
        ("Z", None, "whose conjugate is its transpose"),
    ],
)
def test_the_answer_says_which_derivative_it_is(by, convention, said):
    found = mc.complex_derivative(Determinant(R), R, by, structure="hermitian", convention=convention)
    (note,) = mc.conditions(found)
    assert "structure hermitian" in note and said in note


def test_entries_on_the_diagonal_are_taken_once_in_the_notation_of_books():
    found = mc.complex_derivative(log(Determinant(R)), R, "gradient", structure="hermitian", convention="entries")
    assert str(found) == "2*R**(-1) - HadamardProduct(I, R**(-1))"


@pytest.mark.parametrize("name", REFLECT)
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: str(f)[:30])
def test_values(f, name):
    size, rng = 3, np.random.default_rng(5)
    if name == "skew" and f.has(R.I):
        size = 2
    gaussian = lambda *shape: rng.normal(size=shape) + 1j * rng.normal(size=shape)  # noqa: E731
    within = lambda V: V + REFLECT[name](V)  # noqa: E731
    env = {n: size, z: gaussian(size, 1), A: 0.5 * gaussian(size, size)}
    point = 0.5 * within(gaussian(size, size))

    def slope(V, h=1e-5):
        ahead, back = (np.asarray(evaluate(f, env | {R: point + s * h * V})).reshape(()) for s in (1, -1))
        return complex((ahead - back) / (2 * h))

    def by_parameters(unit):
        found = np.zeros((size, size), complex)
        for at in np.ndindex(size, size):
            V = np.zeros((size, size), complex)
            V[at] = unit
            V = within(V) / (2 if at[0] == at[1] else 1)
            found[at] = slope(V) if V.any() else 0
        return found

    real, imag = by_parameters(1), by_parameters(1j)
    value = lambda e: np.asarray(evaluate(e, env | {R: point}))  # noqa: E731
    for by, truth in (("real", real), ("imag", imag)):
        found = value(mc.complex_derivative(f, R, by, structure=name, convention="entries"))
        assert np.allclose(found, truth, atol=1e-6 * (1 + np.abs(truth).max())), by
    V = within(gaussian(size, size))
    by_z, by_conj = (value(mc.complex_derivative(f, R, by, structure=name)) for by in ("Z", "conjugate"))
    if "hermitian" in name:  # the derivative by Z alone is that of all directions
        assert np.isclose(slope(V), np.sum(by_z * V)) and np.isclose(slope(V), np.sum(by_conj * V.conj()))
    else:
        assert np.isclose(slope(V), np.sum(by_z * V) + np.sum(by_conj * V.conj()))
    try:
        gradient = value(mc.complex_derivative(f, R, "gradient", structure=name))
    except mc.ExpressionError:
        return
    entries = value(mc.complex_derivative(f, R, "gradient", structure=name, convention="entries"))
    assert np.allclose(REFLECT[name](gradient), gradient)
    assert np.isclose(slope(V), np.trace(gradient.conj().T @ V).real)
    assert np.allclose(entries, real + 1j * imag, atol=1e-6 * (1 + np.abs(entries).max()))


def test_what_is_no_structure_is_refused():
    with pytest.raises(mc.ArgumentError, match="'skew_hermitian'"):
        mc.complex_derivative(Trace(R), R, structure="toeplitz")
    with pytest.raises(mc.ArgumentError, match="convention"):
        mc.complex_derivative(Trace(R), R, convention="entries")
    with pytest.raises(mc.ShapeError, match="square"):
        mc.complex_derivative(mc.Norm(z), z, structure="hermitian")
    with pytest.raises(mc.ShapeError, match="of a scalar"):
        mc.complex_derivative(R * R, R, structure="hermitian")
    with pytest.raises(mc.ExpressionError, match="not known to be real"):
        mc.complex_derivative(Trace(A * R), R, "gradient", structure="hermitian")
