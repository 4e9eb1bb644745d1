"""Raw constructors give the very objects that SymPy's public constructors give."""

import pytest
import sympy as sp
from sympy import Determinant, Lambda, Symbol, Trace, exp, symbols
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.kernel import make
from sympy_matcalc.kernel.order import sort_key
from sympy_matcalc.kernel.scalars import scalar_product
from sympy_matcalc.kernel.session import session, session_state
from sympy_matcalc.kernel.shapes import is_matrix, shape_of
from sympy_matcalc.kernel.symmetry import is_symmetric, transpose
from sympy_matcalc.nodes.bound import BOUND

n, m, k = symbols("n m k", integer=True, positive=True)
X, Y, x = MatrixSymbol("X", n, n), MatrixSymbol("Y", n, n), MatrixSymbol("x", n, 1)
PAIRS = {
    "product": (lambda: make.mul(X, Y), lambda: MatMul(X, Y)),
    "scaled product": (lambda: make.mul(sp.Integer(2), X, Y), lambda: MatMul(2, X, Y)),
    "sum": (lambda: make.add(X, Y), lambda: MatAdd(X, Y)),
    "transpose": (lambda: transpose(X), lambda: Transpose(X)),
    "inverse": (lambda: make.inverse(X), lambda: Inverse(X)),
    "power": (lambda: make.power(X, k), lambda: MatPow(X, k)),
    "identity": (lambda: make.identity(n), lambda: Identity(n)),
    "ones": (lambda: make.ones(n, m), lambda: OneMatrix(n, m)),
    "zero": (lambda: make.zero(n, m), lambda: ZeroMatrix(n, m)),
    "unit": (lambda: make.unit(n, sp.S.Zero), lambda: mc.MatrixUnit(n, 1, 0, 0)),
    "hadamard": (lambda: make.hadamard(X, Y), lambda: HadamardProduct(X, Y)),
    "hadamard power": (lambda: make.hadamard_power(X, k), lambda: HadamardPower(X, k)),
    "diag": (lambda: make.diag_matrix(x), lambda: DiagMatrix(x)),
    "diagonal of": (lambda: make.diagonal_of(X), lambda: DiagonalOf(X)),
    "diagonal matrix": (lambda: make.diagonal_matrix(X), lambda: DiagonalMatrix(X)),
    "kron": (lambda: make.kron(X, Y), lambda: KroneckerProduct(X, Y)),
    "block": (lambda: make.block([[X, Y]]), lambda: BlockMatrix([[X, Y]])),
    "slice": (lambda: make.slice_of(X, (sp.S.Zero, k, sp.S.One), (sp.S.Zero, n, sp.S.One)), lambda: MatrixSlice(X, (0, k, 1), (0, n, 1))),
    "trace": (lambda: make.trace(X), lambda: Trace(X)),
    "det": (lambda: make.det(X), lambda: Determinant(X)),
    "element": (lambda: make.element(X, k, sp.S.Zero), lambda: MatrixElement(X, k, sp.S.Zero)),
    "apply": (lambda: make.apply(make.function(exp(BOUND)), X), lambda: ElementwiseApplyFunction(Lambda(BOUND, exp(BOUND)), X)),
    "matrix sum": (lambda: make.matrix_sum(X, (k, sp.S.Zero, n)), lambda: mc.MatrixSum(X, (k, 0, n))),
}


@pytest.mark.parametrize("raw, public", PAIRS.values(), ids=list(PAIRS))
def test_raw_is_public(raw, public):
    with session():
        ours = raw()
        theirs = public()
        assert ours == theirs and hash(ours) == hash(theirs) and ours.args == theirs.args
        assert str(ours) == str(theirs)
        if is_matrix(ours):
            assert shape_of(ours) == tuple(theirs.shape)


def test_equal_nodes_are_one_object():
    with session():
        assert make.mul(X, transpose(Y)) is make.mul(X, transpose(Y))


def test_what_is_one_factor_or_inverted_twice_is_that_matrix():
    with session():
        assert all(f(X) is X for f in (make.kron, make.hadamard, make.mul, make.add))
        assert make.inverse(make.inverse(X)) is X and make.power(make.inverse(X), sp.S.NegativeOne) is X
        assert make.power(X, sp.S.One) is X and make.power(X, sp.S.Zero) == Identity(n)


def test_nothing_times_a_product_has_the_shape_of_the_product():
    U, V = MatrixSymbol("U", m, n), MatrixSymbol("V", n, k)
    with session():
        assert make.mul(sp.S.Zero, U) == ZeroMatrix(m, n)
        assert make.mul(sp.S.Zero, U, V) == ZeroMatrix(m, k) == make.mul(U, sp.S.Zero, X, V)


def test_key_orders_the_same_whatever_was_built_before():
    with session():
        first = sort_key(X * Y.T)
    with session():
        sort_key(Y + X)
        assert sort_key(X * Y.T) == first


def test_symmetry_is_seen_in_the_structure():
    with session():
        for a in (X.T * X, X + X.T, make.inverse(make.add(X, X.T)), HadamardProduct(X + X.T, Identity(n)), X * DiagMatrix(x) * X.T):
            assert is_symmetric(a), a
        for a in (X, X * Y, X + Y.T, X.T * Y):
            assert not is_symmetric(a), a


def test_scalars_merge_what_sympy_leaves():
    t, r = Trace(X), Symbol("r", positive=True)
    with session():
        assert scalar_product(t, t ** (r - 1)) == t**r
        assert scalar_product(sp.sign(t), 1 / sp.Abs(t), t) == 1


def test_no_session_is_left_open():
    mc.gradient(Trace(X), X)
    assert session_state.table is None
