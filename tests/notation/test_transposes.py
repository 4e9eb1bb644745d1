"""Transposes pushed into what they are of: where that takes no more of them, and not where it takes more."""

import pytest
from sympy import Basic, MatrixSymbol, Symbol, Transpose, exp, symbols, tanh
from sympy.matrices.expressions import HadamardProduct, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc
from sympy_matcalc.kernel.interning import intern
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.transposes import factors, flips_if_turned, flips_of, in_order, push, turned

n, m = symbols("n m", integer=True, positive=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
R, S = MatrixSymbol("R", n, m), MatrixSymbol("S", n, m)
x, c = MatrixSymbol("x", n, 1), Symbol("c")
T = Transpose
DIRECTION = mc.FrechetDerivative(exp, A, B * T(C))

PUSHED = {  # by what is transposed: the transpose, as it is written
    "product": (A * B, T(B) * T(A)),
    "product with a number": (MatMul(c, A, B), MatMul(c, T(B), T(A))),
    "inverse": (Inverse(A), Inverse(T(A))),
    "power": (MatPow(A, 3), MatPow(T(A), 3)),
    "transpose": (T(A), A),
    "sum with as many transposes": (MatAdd(A, T(B)), MatAdd(B, T(A))),
    "sum of transposes": (MatAdd(T(A), T(B)), MatAdd(A, B)),
    "Kronecker product": (KroneckerProduct(A, B), KroneckerProduct(T(A), T(B))),
    "entries of a transpose": (ElementwiseApplyFunction(tanh, T(R)), ElementwiseApplyFunction(tanh, R)),
    "elementwise product of transposes": (HadamardProduct(T(R), T(S)), HadamardProduct(R, S)),
    "softmax of the rows of a transpose": (mc.Softmax(T(R), axis=1), mc.Softmax(R, axis=0)),
    "Frechet derivative of transposes": (mc.FrechetDerivative(exp, T(A), T(B)), mc.FrechetDerivative(exp, A, B)),
    "Frechet derivative along a product": (DIRECTION, mc.FrechetDerivative(exp, T(A), C * T(B))),
}
KEPT = {
    "sum": MatAdd(A, B),
    "column": MatAdd(x, A * x),
    "elementwise product": HadamardProduct(R, S),
    "entries": ElementwiseApplyFunction(tanh, R),
    "softmax of rows": mc.Softmax(R, axis=1),
    "exponential": mc.MatrixExp(A),
    "Frechet derivative": mc.FrechetDerivative(exp, A, B),
    "symbol": R,
}


@pytest.mark.parametrize("name", PUSHED)
def test_pushed_where_that_takes_no_more_transposes(name):
    e, expected = PUSHED[name]
    with session():
        assert str(push(intern(Basic.__new__(Transpose, e)))) == str(turned(intern(e))) == str(expected)


@pytest.mark.parametrize("name", KEPT)
def test_stays_where_it_would_take_more(name):
    with session():
        node = intern(T(KEPT[name]))
        assert push(node) is node


def test_what_is_no_transpose_stays():
    with session():
        node = intern(A * B)
        assert push(node) is node


def test_counted_in_a_product_and_in_its_transpose():
    with session():
        product = intern(c * T(A) * B * Inverse(T(C)) * MatPow(T(A), 2))
        assert (flips_of(product), flips_if_turned(product)) == (3, 1)
        assert flips_of(intern(MatAdd(T(A), T(B) * A))) == 2


def test_the_transpose_of_what_is_symmetric_takes_none():
    with session():
        node = intern(A * T(A))
        assert turned(node) is node and flips_if_turned(intern(mc.MatrixExp(A) * (A * T(A) + B * T(B)))) == 1


def test_terms_long_products_first_then_by_name():
    with session():
        total = intern(MatAdd(C, B, A * B, evaluate=False))
        ordered = in_order(total)
        assert ordered.args == (A * B, B, C)
        assert in_order(ordered) is ordered


def test_one_factor_is_a_product_of_itself():
    assert factors(A) == (A,) and factors(A * B) == (A, B)
