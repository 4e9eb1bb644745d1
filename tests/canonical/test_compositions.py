"""Functions of functions of a matrix: which nodes are read as one function, and the differentials of those."""

import pytest
from sympy import Identity, MatrixSymbol, Symbol, Trace, cosh, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical.compositions import composition, runs
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
]


@pytest.mark.parametrize(("node", "body", "a"), READ, ids=str)
def test_read_as_one_function(node, body, a):
    assert composition(node) == (body, a)


@pytest.mark.parametrize("node", NOT_READ, ids=str)
def test_not_read(node):
    assert composition(node) is None


def test_parts_of_products():
    inverse = (eye + expm(A)).I
    assert [part for *_, part in runs((B, inverse, A, C))] == [None, (u / (1 + exp(u)), A), None]
    assert [part for *_, part in runs((expm(A), inverse))] == [(1 / (exp(-u) + 1), A)]
    assert [part for *_, part in runs((expm(A), A, B))] == [None] * 3
    assert [part for *_, part in runs((inverse, B, A))] == [None] * 3


ANSWERS = [
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
    "e", [C * (eye + t * expm(A)).I, C * expm(-A) ** 2, C * (eye + expm(t * A)).I * expm(-t * A), expm(A).I * C * expm(-t * A)]
)
def test_derivatives_by_differences(e):
    for x in (A, t):
        if e.has(x):
            assert mc.check(Trace(e), x, points=1)


def test_second_derivatives_by_differences():
    assert mc.check(mc.gradient(Trace(C * (eye + t * expm(A)).I), A), A, points=1)


def test_what_has_to_hold():
    assert str(mc.check(Trace(C * (eye + expm(A)).I), A)).endswith("where funm(u -> exp(u) + 1, A) is nonsingular")
