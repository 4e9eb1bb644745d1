"""What simplification goes by: the parts of an expression, the terms of a scalar that is multiplied out, whether SymPy may be asked."""

import pytest
from sympy import Identity, MatrixSymbol, OneMatrix, Trace, ZeroMatrix, cos, exp, sin, symbols, tanh
from sympy.matrices.expressions import BlockMatrix, Inverse

from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.kernel.session import session
from sympy_matcalc.rewriting.engine import _masked
from sympy_matcalc.rewriting.expanding import affordable, terms_in
from sympy_matcalc.rewriting.parts import size

n = symbols("n", integer=True, positive=True)
s, t, *many = symbols("s t v:60", real=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
x = MatrixSymbol("x", n, 1)
O, I, One = ZeroMatrix(n, n), Identity(n), OneMatrix(n, n)


def squares(count):
    return sum(v**2 for v in many[:count])


SIZES = [
    (A, 1),
    (I, 1),
    (One, 1),
    (A * B, 3),
    (Inverse(A), 2),
    (1 / s, 2),
    (s**2, 3),
    (BlockMatrix([[A, O], [O, B]]), 3),
    (BlockMatrix([[A, B], [O, A * B]]), 6),
    (BlockMatrix([[O, O]]), 3),
]
TERMS = [  # scalar, number of terms multiplied out
    (s, 1),
    (s + t, 2),
    (s * t, 1),
    ((s + t) * (s - t + 1), 6),
    ((s + t) ** 2, 4),
    ((s + t) ** 4, 16),
    ((s + t) ** 5, 1),
    ((s + t) ** -2, 1),
    (sin(s + t), 1),
    (s * (t + 1) + s, 3),
]
AFFORDABLE = [
    (squares(39) + s + t, True),  # 120 nodes
    (squares(39) + s + t + many[50], False),
    (squares(12) + sin(s) + t, True),  # 40 nodes
    (squares(12) + sin(s) + t + many[50], False),
    (squares(12) + tanh(s) + t + many[50], False),
    (sum(many[:10]) ** 2, True),  # 100 terms
    (sum(many[:10]) * sum(many[10:21]), False),
]


@pytest.mark.parametrize("node, expected", SIZES, ids=str)
def test_size(node, expected):
    with session():
        assert size(node) == expected


@pytest.mark.parametrize("e, expected", TERMS, ids=str)
def test_terms(e, expected):
    assert terms_in(e) == expected


@pytest.mark.parametrize("e, expected", AFFORDABLE)
def test_affordable(e, expected):
    assert affordable(e) is expected


def test_size_of_scalars():
    with session():
        assert size(prepare_whole(Trace(A * B))) == 4
        assert size(prepare_whole((x.T * A * x)[0, 0])) == 5


def masked(e):
    """What stands for itself in what SymPy gets, and the parts that symbols stand for."""
    with session():
        names: dict = {}
        shell = _masked(prepare_whole(e), names)
        return shell.subs({symbol: node for node, symbol in names.items()}) == prepare_whole(e), list(names)


def test_parts_with_matrices_and_deep_ones_are_symbols():
    """Functions inside two others are one symbol, sums and products are no depth."""
    whole = Trace(A)
    assert masked(s * whole + 1) == (True, [whole])
    assert masked(exp(cos(s * whole))) == (True, [whole])
    assert masked(exp(cos(s * sin(whole)))) == (True, [sin(whole)])
    assert masked(exp(cos(s * sin(t)))) == (True, [sin(t)]) and masked(exp(cos(s * t))) == (True, [])
    assert masked(exp(cos(1 + s * sin(tanh(whole))))) == (True, [sin(tanh(whole))])
