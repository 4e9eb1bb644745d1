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
from sympy_matcalc import build as b

n, m, k = symbols("n m k", integer=True, positive=True)
X, Y, x = MatrixSymbol("X", n, n), MatrixSymbol("Y", n, n), MatrixSymbol("x", n, 1)
PAIRS = {
    "product": (lambda: b.mul(X, Y), lambda: MatMul(X, Y)),
    "scaled product": (lambda: b.mul(sp.Integer(2), X, Y), lambda: MatMul(2, X, Y)),
    "sum": (lambda: b.add(X, Y), lambda: MatAdd(X, Y)),
    "transpose": (lambda: b.transpose(X), lambda: Transpose(X)),
    "inverse": (lambda: b.inverse(X), lambda: Inverse(X)),
    "power": (lambda: b.power(X, k), lambda: MatPow(X, k)),
    "identity": (lambda: b.identity(n), lambda: Identity(n)),
    "ones": (lambda: b.ones(n, m), lambda: OneMatrix(n, m)),
    "zero": (lambda: b.zero(n, m), lambda: ZeroMatrix(n, m)),
    "unit": (lambda: b.unit(n, sp.S.Zero), lambda: mc.MatrixUnit(n, 1, 0, 0)),
    "hadamard": (lambda: b.hadamard(X, Y), lambda: HadamardProduct(X, Y)),
    "hadamard power": (lambda: b.hadamard_power(X, k), lambda: HadamardPower(X, k)),
    "diag": (lambda: b.diag_matrix(x), lambda: DiagMatrix(x)),
    "diagonal of": (lambda: b.diagonal_of(X), lambda: DiagonalOf(X)),
    "diagonal matrix": (lambda: b.diagonal_matrix(X), lambda: DiagonalMatrix(X)),
    "kron": (lambda: b.kron(X, Y), lambda: KroneckerProduct(X, Y)),
    "block": (lambda: b.block([[X, Y]]), lambda: BlockMatrix([[X, Y]])),
    "slice": (lambda: b.slice_of(X, (sp.S.Zero, k, sp.S.One), (sp.S.Zero, n, sp.S.One)), lambda: MatrixSlice(X, (0, k, 1), (0, n, 1))),
    "trace": (lambda: b.trace(X), lambda: Trace(X)),
    "det": (lambda: b.det(X), lambda: Determinant(X)),
    "element": (lambda: b.element(X, k, sp.S.Zero), lambda: MatrixElement(X, k, sp.S.Zero)),
    "apply": (lambda: b.apply(b.function(exp(b.BOUND)), X), lambda: ElementwiseApplyFunction(Lambda(b.BOUND, exp(b.BOUND)), X)),
    "matrix sum": (lambda: b.matrix_sum(X, (k, sp.S.Zero, n)), lambda: mc.MatrixSum(X, (k, 0, n))),
}


@pytest.mark.parametrize("raw, public", PAIRS.values(), ids=list(PAIRS))
def test_raw_is_public(raw, public):
    with b.session():
        ours = raw()
        theirs = public()
        assert ours == theirs and hash(ours) == hash(theirs) and ours.args == theirs.args
        assert str(ours) == str(theirs)
        if b.is_matrix(ours):
            assert b.shape(ours) == tuple(theirs.shape)


def test_equal_nodes_are_one_object():
    with b.session():
        assert b.mul(X, b.transpose(Y)) is b.mul(X, b.transpose(Y))


def test_key_orders_the_same_whatever_was_built_before():
    with b.session():
        first = b.key(X * Y.T)
    with b.session():
        b.key(Y + X)
        assert b.key(X * Y.T) == first


def test_symmetry_is_seen_in_the_structure():
    with b.session():
        for a in (X.T * X, X + X.T, b.inverse(b.add(X, X.T)), HadamardProduct(X + X.T, Identity(n)), X * DiagMatrix(x) * X.T):
            assert b.is_symmetric(a), a
        for a in (X, X * Y, X + Y.T, X.T * Y):
            assert not b.is_symmetric(a), a


def test_scalars_merge_what_sympy_leaves():
    t, r = Trace(X), Symbol("r", positive=True)
    with b.session():
        assert b.scalar_product(t, t ** (r - 1)) == t**r
        assert b.scalar_product(sp.sign(t), 1 / sp.Abs(t), t) == 1


def test_no_session_is_left_open():
    mc.gradient(Trace(X), X)
    assert b.session_state.table is None
