"""Products inside of products: arrays that are views of others, or scaled, are read through where nothing else uses them."""

import pytest
from sympy import MatrixSymbol, Trace, symbols

from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.reading import Reader

n, m = symbols("n m", integer=True, positive=True)
X, B = MatrixSymbol("X", n, m), MatrixSymbol("B", m, m)
CTX = Lowerer({n, m})
GRAPH, SCALAR = CTX.graph, CTX.low(Trace(B)).node
ARRAY, SQUARE = (CTX.low(e).node for e in (X, B))
VECTOR, SECOND = GRAPH.sum(SQUARE, [1]), GRAPH.call("exp", SCALAR)
TURNED, SCALED, ROW = GRAPH.transpose(ARRAY), GRAPH.mul(SCALAR, SECOND, ARRAY), GRAPH.make("view", (VECTOR,), (None, 0))


def read(node, labels, absorbed=True):
    """What is read for the product of an array with B along the last of its labels."""
    reader = Reader(CTX.size)
    reader.absorbed = {node.number} if absorbed else set()
    out = Label(m)
    return labels, out, reader.flat(Product((), [Factor(node, labels), Factor(SQUARE, (labels[-1], out))], (*labels[:-1], out)))


def test_a_transpose():
    (i, j), out, found = read(TURNED, (Label(m), Label(n)))
    assert [(f.node, f.labels) for f in found.factors] == [(SQUARE, (j, out)), (ARRAY, (j, i))] and not found.scalars


def test_a_new_axis():
    (i, j), out, found = read(ROW, (Label(1), Label(m)))
    assert [(f.node, f.labels) for f in found.factors] == [(SQUARE, (j, out)), (VECTOR, (j,))] and found.out == (i, out)


def test_a_scaled_array():
    (i, j), out, found = read(SCALED, (Label(n), Label(m)))
    assert [(f.node, f.labels) for f in found.factors] == [(SQUARE, (j, out)), (ARRAY, (i, j))] and set(found.scalars) == {SCALAR, SECOND}


@pytest.mark.parametrize("node", [TURNED, SCALED])
def test_what_has_other_uses_stays_one_factor(node):
    labels, out, found = read(node, (Label(n), Label(m)), absorbed=False)
    assert found.factors[0].node is node
