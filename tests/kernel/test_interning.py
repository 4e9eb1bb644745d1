"""Equal nodes are one object throughout: what SymPy's cache returns from earlier sessions does not get in."""

import pytest
from sympy import Add, MatrixSymbol, Mul, OneMatrix, Trace, exp, log, symbols
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatAdd, MatMul

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.cookbook import tables
from sympy_matcalc.kernel.interning import intern, raw
from sympy_matcalc.kernel.session import session, session_state
from sympy_matcalc.kernel.shapes import INDIVISIBLE

m, n = symbols("m n", integer=True, positive=True)
X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)


def foreign(node):
    """The parts of a node, however deep, that are not the objects of the session."""
    if isinstance(node, (*INDIVISIBLE, MatrixBase)):
        return []
    own = [] if session_state.table.get(node) is node else [node]
    return own + [x for a in node.args for x in foreign(a)]


def tree():
    """A scalar of matrices, every node of it made anew."""
    product = MatMul(A, B, evaluate=False)
    return Add(Trace(MatAdd(product, A, evaluate=False)), Mul(2, Trace(product), evaluate=False), evaluate=False)


@pytest.mark.parametrize("make", [lambda e: intern(e), lambda e: raw(Mul, e, n), lambda e: intern(exp(e)), prepare_whole])
def test_parts_are_objects_of_the_session(make):
    with session():
        first, second = make(tree()), make(tree())
        assert first is second
        assert not foreign(first)


@pytest.mark.parametrize("identity", tables.identities()[::7], ids=lambda identity: identity.number)
def test_canonical_forms_are_made_of_objects_of_the_session(identity):
    prepared = []
    for _ in range(2):  # the second time SymPy's cache has the scalars of the first
        with session():
            prepared.append(prepare_whole(identity.expression))
            assert not foreign(prepared[-1])
    assert str(prepared[0]) == str(prepared[1])


def test_second_derivation_is_the_first():
    """Sigmoids came back from SymPy's cache with another copy of X*w in them, and did not cancel."""
    one = OneMatrix(m, 1)
    p = (X * w).applyfunc(mc.Sigmoid)
    loss = -y.T * p.applyfunc(log) - (one - y).T * (one - p).applyfunc(log)
    assert [str(mc.gradient(loss, w)) for _ in range(3)] == ["X.T*(sigmoid(X*w) - y)"] * 3
