"""Entries of sums and products with Kronecker products, whose values are those of the numeric code."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, KroneckerProduct, Matrix, MatrixSymbol, Rational, Sum, Trace
from sympy.tensor.array.arrayop import Flatten

import sympy_matcalc as mc
from sympy_matcalc.nodes.written_out import written_out

Z, u, q = MatrixSymbol("Z", 3, 2), MatrixSymbol("u", 4, 1), MatrixSymbol("q", 2, 1)
K = KroneckerProduct(Z, u) * q
EXPRESSIONS = {
    "hessian of a softmax of a Kronecker product": mc.hessian(mc.LogSumExp(K), Z),
    "gradient of it": mc.gradient(mc.LogSumExp(K), Z),
    "jacobian of it": mc.jacobian(mc.Softmax(K), Z),
    "softmax": mc.Softmax(K),
}


DATA = {Z: Matrix(3, 2, [1, 0, Rational(1, 2), 1, 0, 1]), u: Matrix([1, 0, Rational(1, 2), 1]), q: Matrix([Rational(1, 4), 1])}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_entries_are_those_of_the_numeric_code(name):
    expr = EXPRESSIONS[name]
    explicit = expr.as_explicit()
    assert not any(entry.has(Sum) for entry in Flatten(explicit))
    expected = mc.lambdify(tuple(DATA), expr)(*(np.array(value, float) for value in DATA.values()))
    picked = [tuple(k % size for size in explicit.shape) for k in (1, 7)]  # the softmax of numbers takes its time
    for index in picked:
        entry = explicit[index].xreplace(DATA).doit()
        assert np.isclose(float(entry), np.reshape(expected, explicit.shape)[index])


@pytest.mark.parametrize(
    "expr",
    (
        2 * Trace(Z.T * Z) * Identity(2) - q * q.T,
        DiagMatrix(q.T) * Z.T,
        HadamardProduct(Z, Z) * DiagMatrix(q),
        3 * KroneckerProduct(Z, q.T, u).T,
        Identity(2) * 3,
    ),
    ids=str,
)
def test_sums_and_products_are_opened(expr):
    assert (written_out(expr) - expr.as_explicit()).doit().expand() == 0 * written_out(expr)
