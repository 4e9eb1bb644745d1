"""What equals its own transpose by its form, and what does not."""

import pytest
from sympy import Inverse, MatAdd, MatMul, MatPow, MatrixSymbol, Transpose, symbols
from sympy import Matrix as Explicit
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, Identity, KroneckerProduct, OneMatrix, ZeroMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.make import add, mul
from sympy_matcalc.kernel.session import session
from sympy_matcalc.kernel.shapes import is_column, parted, same_size, shape_of
from sympy_matcalc.kernel.symmetry import is_symmetric, transpose

n, m = symbols("n m", integer=True, positive=True)
t = symbols("t", real=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
X, x = MatrixSymbol("X", n, m), MatrixSymbol("x", n, 1)
S = A + A.T
SYMMETRIC = [
    Identity(n),
    OneMatrix(n, n),
    ZeroMatrix(n, n),
    DiagMatrix(x),
    DiagonalMatrix(A),
    S,
    2 * A + 2 * A.T,
    A + A.T + DiagMatrix(x),
    MatAdd(MatMul(A, B), Transpose(MatMul(A, B))),
    MatAdd(MatMul(-2, A, B), MatMul(-2, Transpose(MatMul(A, B)))),
    X * X.T,
    X.T * A.T * S * A * X,
    x * x.T,
    A * DiagMatrix(x) * A.T,
    t * X * X.T,
    X * mc.PseudoInverse(X),
    mc.PseudoInverse(X) * X,
    Inverse(S),
    MatPow(S, 3),
    HadamardPower(S, 2),
    HadamardPower(S, DiagMatrix(x)),
    HadamardProduct(S, X * X.T),
    HadamardProduct(A, Identity(n)),
    KroneckerProduct(S, OneMatrix(m, m)),
    S.applyfunc(abs),
    Explicit([[1, t], [t, 2]]).as_immutable(),
]
NOT = [
    A,
    X,
    x,
    OneMatrix(n, m),
    A - A.T,
    A + 2 * A.T,
    MatAdd(MatMul(2, A, B), Transpose(MatMul(A, B))),
    MatAdd(MatMul(A, B), Transpose(MatMul(B, A))),
    2 * A + A.T,
    A + B.T,
    A * B + A.T * B.T,
    A * A,
    A * S,
    A * S * A,
    A * B * A.T,
    A * mc.PseudoInverse(B),
    Inverse(A),
    HadamardPower(A, 2),
    HadamardPower(S, A),
    HadamardProduct(A, S),
    KroneckerProduct(A, S),
    A.applyfunc(abs),
    Explicit([[1, t], [2, 1]]).as_immutable(),
]


@pytest.mark.parametrize("a", SYMMETRIC, ids=str)
def test_symmetric(a):
    with session():
        a = prepare(a)
        assert is_symmetric(a) and transpose(a) is a


@pytest.mark.parametrize("a", NOT, ids=str)
def test_not_symmetric(a):
    with session():
        a = prepare(a)
        assert not is_symmetric(a) and transpose(a) != a and transpose(transpose(a)) == a


def test_transposes_of_plain_matrices_are_plain():
    with session():
        assert transpose(OneMatrix(n, m)) == OneMatrix(m, n) and transpose(ZeroMatrix(n, m)) == ZeroMatrix(m, n)
        assert transpose(Explicit([[1, t]]).as_immutable()) == Explicit([[1], [t]]) and transpose(Transpose(A)) is A


def test_shapes():
    with session():
        shapes = {
            X: (n, m),
            X.T: (m, n),
            MatMul(2, X.T, A): (m, n),
            MatMul(t, x, x.T, X): (n, m),
            MatAdd(X, X, evaluate=False): (n, m),
            HadamardPower(X, 2): (n, m),
            HadamardPower(2, X): (n, m),
            DiagMatrix(x): (n, n),
            DiagMatrix(x.T): (n, n),
            Inverse(A): (n, n),
            X.applyfunc(abs): (n, m),
            KroneckerProduct(X, X.T): (n * m, m * n),
        }
        assert {node: shape_of(node) for node in shapes} == shapes
        assert is_column(x) and not is_column(X) and not is_column(x.T)
        assert same_size(n, n) and same_size(2 * (n + 1), 2 * n + 2) and not same_size(n, m) and not same_size(n, n + 1)
        assert not same_size(n + 1, n) and not same_size(n, -n)
        assert parted([t, A, X, n]) == ([t, n], [A, X])


def test_products_and_sums_of_one():
    with session():
        assert mul(t, n) == t * n and mul(A) is A and mul(symbols("c"), A).args[1] is A and add(A) is A
        assert mul(Explicit([0])[0], A, X) == ZeroMatrix(n, m)
