"""Functions of functions of a matrix: which nodes are read as one function, and the differentials of those."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, Symbol, Trace, cosh, exp, log, sinh, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical.compositions import ANY, composition, rotated, runs
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND as u

n = symbols("n", integer=True, positive=True)
t = Symbol("t", real=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
eye, expm, logm, sqrtm = Identity(n), mc.MatrixExp, mc.MatrixLog, mc.MatrixSqrt

READ = [
    ((eye + expm(A)).I, 1 / (1 + exp(u)), A),
    ((eye + expm(-A)).I, 1 / (1 + exp(-u)), A),
    ((eye + 2 * expm(A * B)) ** -2, (1 + 2 * exp(u)) ** -2, A * B),
    (logm(eye + expm(A)), log(1 + exp(u)), A),
    (mc.MatrixFunction(cosh, A).I, 1 / cosh(u), A),
    ((A + expm(A)).I, 1 / (u + exp(u)), A),
]
NOT_READ = [
    A.I,
    expm(A),
    expm(A).I,
    (eye + A).I,
    (expm(A) + B).I,
    (expm(A) + expm(B)).I,
    logm(expm(A) + B),
    sqrtm(eye + A * A),
    sqrtm(A).I,
    expm(A) * A,
    logm(expm(A)),
    sqrtm(expm(2 * A)),
]


@pytest.mark.parametrize(("node", "body", "a"), READ, ids=str)
def test_read_as_one_function(node, body, a):
    assert composition(node) == (body, a)


@pytest.mark.parametrize("node", NOT_READ, ids=str)
def test_not_read(node):
    with session():
        assert composition(node) is None


def test_parts_of_products():
    inverse = (eye + expm(A)).I
    assert [part for *_, part in runs((B, inverse, A, C))] == [None, (u / (1 + exp(u)), A), None]
    assert [part for *_, part in runs((expm(A), inverse))] == [(1 / (exp(-u) + 1), A)]
    assert [part for *_, part in runs((expm(A), A, B))] == [None] * 3
    assert [part for *_, part in runs((inverse, B, A))] == [None] * 3


FUNCTIONS = [
    ((expm(A), expm(-2 * A)), exp(-u), A),
    ((A, expm(-2 * A), A, expm(A)), u**2 * exp(-u), A),
    ((sqrtm(A), logm(A)), sqrt(u) * log(u), A),
    ((sqrtm(A).I, logm(A), A), sqrt(u) * log(u), A),
    ((A.I, expm(A) - eye), (exp(u) - 1) / u, A),
    ((expm(A).T, expm(-2 * A).T), exp(-u), A.T),
    ((expm(A * B), mc.MatrixFunction(sinh, A * B)), exp(u) * sinh(u), A * B),
    ((expm(A + B), expm(-2 * A - 2 * B)), None, None),
    ((expm(A), B, expm(-2 * A)), None, None),
    ((expm(A), expm(B)), None, None),
    ((A, logm(A)), None, None),
    (((eye + A).I, eye - A), None, None),
]


@pytest.mark.parametrize(("factors", "body", "a"), FUNCTIONS, ids=str)
def test_functions_beside_each_other(factors, body, a):
    with session():
        assert [part for *_, part in runs(factors)] == ([None] * len(factors) if body is None else [(body, a)])


def test_of_complex_eigenvalues():
    """The logarithm of the exponential is another function of them, which is not the matrix."""
    assert composition(logm(expm(A)), ANY) == (log(exp(ANY)), A)
    a = np.array([[0, 4.0], [-4.0, 0]])
    np.testing.assert_allclose(mc.lambdify([A], logm(expm(A)))(a), a * (1 - np.pi / 2), atol=1e-12)
    assert str(mc.gradient(Trace(C * logm(expm(A))), A)) == "frechet(exp, A, frechet(log, expm(A), C)).T"
    assert str(mc.gradient(Trace(C * logm(expm(A.T * A))), A)) == "A*(C + C.T)"


def test_ends_of_a_trace():
    assert rotated((expm(A), C, expm(-2 * A))) == [expm(-2 * A), expm(A), C]
    assert rotated((A, C, logm(A))) == (A, C, logm(A))


ANSWERS = [
    (Trace(C * expm(A) * expm(-2 * A)), "frechet(u -> exp(-u), A, C).T"),
    (Trace(expm(A) * C * expm(-2 * A)), "frechet(u -> exp(-u), A, C).T"),
    (Trace(expm(A) * expm(-2 * A)), "-expm(-A).T"),
    (Trace(C * sqrtm(A) * logm(A)), "frechet(u -> sqrt(u)*log(u), A, C).T"),
    (Trace(sqrtm(A) * logm(A)), "(sqrtm(A)**(-1)*logm(A)/2 + sqrtm(A)**(-1)).T"),
    (Trace(C * expm(-A)), "-frechet(exp, -A, C).T"),
    (Trace(C * (eye + expm(A)).I), "frechet(u -> 1/(exp(u) + 1), A, C).T"),
    (Trace(C * logm(eye + expm(A))), "frechet(u -> log(exp(u) + 1), A, C).T"),
    (Trace(C * A * (expm(A) - eye).I), "frechet(u -> u/(exp(u) - 1), A, C).T"),
    (Trace(expm(-A)), "-expm(-A).T"),
]


@pytest.mark.parametrize(("e", "answer"), ANSWERS, ids=str)
def test_gradients(e, answer):
    assert str(mc.gradient(e, A)) == answer


@pytest.mark.parametrize(
    "e",
    [
        C * (eye + t * expm(A)).I,
        C * expm(-A) ** 2,
        C * (expm(A) * expm(-2 * t * A)).T,
        C * expm(A) * (t * eye + expm(-2 * A)) * A,
        C * (eye + expm(t * A)).I * expm(-t * A),
        expm(A).I * C * expm(-t * A),
    ],
)
def test_derivatives_by_differences(e):
    for x in (A, t):
        if e.has(x):
            assert mc.check(Trace(e), x, points=1)


def test_second_derivatives_by_differences():
    assert mc.check(mc.gradient(Trace(C * (eye + t * expm(A)).I), A), A, points=1)


def test_what_has_to_hold():
    assert str(mc.check(Trace(C * (eye + expm(A)).I), A)).endswith("where funm(u -> exp(u) + 1, A) is nonsingular")
