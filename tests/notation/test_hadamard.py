"""Common factors of elementwise products, and sums and functions that differ by the sign only."""

import pytest
from sympy import Lambda, MatrixSymbol, OneMatrix, S, Symbol, symbols, tanh
from sympy.matrices.expressions import HadamardProduct, MatAdd

import sympy_matcalc as mc
from sympy_matcalc.canonical.form import prepare_whole
from sympy_matcalc.kernel.chains import make_atom
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.hadamard import _body_up_to_sign, _in_signs_of, up_to_sign

from ..comparator import same_expression

n, m, p = symbols("n m p", integer=True, positive=True)
u = Symbol("u")
A, B = (MatrixSymbol(name, n, n) for name in "AB")
a, b, x, y, z = (MatrixSymbol(name, n, 1) for name in "abxyz")
CUBIC, NEGATED = Lambda(u, u**3 - u), Lambda(u, u - u**3)
TERMS = [  # summands and their sum
    ([HadamardProduct(a.applyfunc(tanh), b), a.applyfunc(tanh)], HadamardProduct(a.applyfunc(tanh), b + OneMatrix(n, 1))),
    ([HadamardProduct(a, A * b), HadamardProduct(a, B * b)], HadamardProduct(a, (A + B) * b)),
    ([HadamardProduct(a, b), -HadamardProduct(a, y)], HadamardProduct(a, b - y)),
    ([HadamardProduct(a, b), -HadamardProduct(b, a)], 0 * x),
    ([HadamardProduct(a - b, A * y), HadamardProduct(b - a, B * y)], HadamardProduct(a - b, (A - B) * y)),
    (
        [HadamardProduct(a.applyfunc(CUBIC), b), HadamardProduct(a.applyfunc(NEGATED), A * y)],
        HadamardProduct(a.applyfunc(CUBIC), b - A * y),
    ),
    ([A * (a - b), B * (b - a)], (A - B) * (a - b)),
    ([a - b, b - a], 0 * x),
    ([A * HadamardProduct(a, b), B * HadamardProduct(a, b)], (A + B) * HadamardProduct(a, b)),
    ([HadamardProduct(a, b), HadamardProduct(z, y)], HadamardProduct(a, b) + HadamardProduct(z, y)),  # nothing is shared
]


@pytest.mark.parametrize("terms, book", TERMS, ids=[str(book) for _, book in TERMS])
def test_common_factors_up_to_sign(terms, book):
    f = MatAdd(*(x.T * t for t in terms))
    assert same_expression(mc.gradient(f, x), book)
    assert same_expression(mc.gradient(-f, x), (-book).doit())


def test_hidden_layer_of_a_classifier():
    """(1 - tanh^2) o (V'(p - t)) x': one slope, one V'."""
    W, V, t = MatrixSymbol("W", m, n), MatrixSymbol("V", p, m), MatrixSymbol("t", p, 1)
    hidden = (W * x).applyfunc(tanh)
    loss = mc.LogSumExp(V * hidden) - (t.T * V * hidden)[0, 0]
    slope = (W * x).applyfunc(Lambda(u, 1 - tanh(u) ** 2))
    book = HadamardProduct(slope, V.T * (mc.Softmax(V * hidden) - t)) * x.T
    assert same_expression(mc.gradient(loss, W), book)
    assert same_expression(mc.gradient(-loss, W), -book)


@pytest.mark.parametrize("one, other", [(a - b, b - a), (a.applyfunc(CUBIC), a.applyfunc(NEGATED)), (2 * a - A * b, A * b - 2 * a)])
def test_up_to_sign(one, other):
    with session():
        (key, sign), (same, opposite) = (up_to_sign(prepare_whole(e)) for e in (one, other))
        assert key == same and sign == -opposite
        assert up_to_sign(prepare_whole(a + b))[0] != key


@pytest.mark.parametrize(
    "body, turned, sign",
    [
        ((1 - u) * tanh(u), (u - 1) * tanh(u), -1),
        ((u - 1) * tanh(u), (u - 1) * tanh(u), 1),
        ((1 - u) * (2 - u), (u - 1) * (u - 2), 1),
        (tanh(u), tanh(u), 1),
    ],
    ids=str,
)
def test_the_sign_of_a_function(body, turned, sign):
    assert _body_up_to_sign(body) == (turned, sign)


def test_signs_of_powers_of_differences():
    with session():
        first, second = prepare_whole(A - B), prepare_whole(B - A)
        chosen = {up_to_sign(first)[0]: first}
        for power, turn in ((1, -1), (2, 1), (3, -1), (-1, -1)):
            chain = (make_atom(second, False, S(power)), make_atom(A, False, S.One))
            assert _in_signs_of(chosen, chain) == (turn, (make_atom(first, False, S(power)), make_atom(A, False, S.One)))
        assert _in_signs_of(chosen, (make_atom(first, True, S.One),)) == (1, (make_atom(first, True, S.One),))


def test_the_transpose_of_a_product_with_a_symmetric_factor_is_turned_to_share_it():
    """(S o A)' + S o B is S o (A' + B) for a symmetric S."""
    S = A * A.T
    found = mc.simplify(HadamardProduct(S, B).T + HadamardProduct(S, MatrixSymbol("C", n, n)))
    assert same_expression(found, HadamardProduct(B.T + MatrixSymbol("C", n, n), S))
