"""Values modulo a prime: equal where two nodes are equal, and other values where they are not."""

import pytest
from sympy import HadamardProduct, Identity, MatrixSymbol, OneMatrix, S, Symbol, Trace, exp, symbols
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.codegen.steady.residues import LENGTHS, Residues, TooLargeError

n, k = symbols("n k", integer=True, positive=True)
A, B, X, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, k), MatrixSymbol("x", n, 1)
t = Symbol("t")
E = mc.ElementSum

EQUAL = [
    ((A + B) * X, A * X + B * X),
    (Trace(A * B), E(HadamardProduct(A, B.T))),
    (E(A * X), E(X.T * A.T)),
    (DiagonalOf(A + t * Identity(n)), DiagonalOf(A) + t * OneMatrix(n, 1)),
    (DiagMatrix(x) * A, HadamardProduct(x * OneMatrix(1, n), A)),
    (A.I * (A + B), Identity(n) + A.I * B),
    ((x.T * x)[0, 0] ** (-S(3) / 2) * x, x * (x.T * x)[0, 0] ** (-S.Half) / (x.T * x)[0, 0]),
    (E((x * x.T).applyfunc(exp) * X), E(X.T * (x * x.T).applyfunc(exp))),
    (E(OneMatrix(n, k)) * x, n * k * x),
    (A / 10 * 3, S(3) / 10 * A),
]  # fmt: skip
OTHER = [(A * B, B * A), (A, A.T), (A.applyfunc(exp), B.applyfunc(exp)), (n * x, k * x), (5 * x, n * x), (4 * x, n * x), (A.I, A)]


def values(a, b, point):
    sizes = {s for e in (a, b) for s in e.free_symbols if isinstance(s, Symbol) and s.is_integer}
    ctx = Lowerer(sizes)
    found = Residues(ctx.graph, point)
    return [found.of(ctx.dense(ctx.low(e), shape_of(e)).node) for e in (a, b)]


@pytest.mark.parametrize(("a", "b"), EQUAL, ids=lambda e: str(e)[:40])
def test_equal_ones(a, b):
    for point in range(len(LENGTHS)):
        one, other = values(a, b, point)
        assert list(one) == list(other)


@pytest.mark.parametrize(("a", "b"), OTHER, ids=lambda e: str(e)[:40])
def test_other_ones(a, b):
    assert any(list(one) != list(other) for point in range(len(LENGTHS)) for one, other in [values(a, b, point)])


def test_large_arrays_are_refused():
    with pytest.raises(TooLargeError):
        values(MatrixSymbol("A", 100, 100), A, 0)
