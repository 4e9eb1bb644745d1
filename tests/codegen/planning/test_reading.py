"""Products inside of products: arrays that are views of others, or scaled, are read through where nothing else uses them."""

import re

import numpy as np
import pytest
from sympy import MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.reading import Reader
from sympy_matcalc.codegen.schedule import reachable

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


def contracted(*factors, out, sizes):
    """A contraction by letters: pairs of an array and its letters."""
    labels = {x: Label(s) for x, s in sizes.items()}
    return GRAPH.contract(
        [Factor(node, [labels[x] for x in letters]) for node, letters in factors], [labels[x] for x in out], GRAPH.const(1)
    )


SIZES = {"i": n, "j": m, "k": m, "l": n, "h": m}
OUTER = contracted((VECTOR, "j"), (ARRAY, "ik"), out="ijk", sizes=SIZES)
OUTER_OF_PRODUCT = contracted((VECTOR, "j"), (ARRAY, "ih"), (SQUARE, "hk"), out="ijk", sizes=SIZES)
INSIDE = contracted((OUTER, "ijk"), (VECTOR, "h"), out="ijkh", sizes=SIZES)
CHAIN = contracted((ARRAY, "ij"), (SQUARE, "jk"), (ARRAY, "lk"), out="il", sizes=SIZES)
SCALED_ENTRIES = contracted((ARRAY, "ij"), (VECTOR, "j"), out="ij", sizes=SIZES)


@pytest.mark.parametrize(
    ("node", "absorbed"),
    [
        (OUTER, True),
        (OUTER_OF_PRODUCT, True),
        (INSIDE, True),
        (GRAPH.add(OUTER, OUTER_OF_PRODUCT), True),
        (GRAPH.add(GRAPH.mul(SCALAR, OUTER), GRAPH.view(OUTER_OF_PRODUCT, (0, 2, 1))), True),
        (GRAPH.add(OUTER, GRAPH.call("exp", OUTER_OF_PRODUCT)), False),
        (CHAIN, False),
        (SCALED_ENTRIES, False),
    ],
    ids=["outer", "of a product", "in another", "sum", "scaled and turned", "a function", "chain", "entry by entry"],
)
def test_what_is_less_to_keep_in_parts_is_taken_apart_for_every_use(node, absorbed):
    labels = "ijkh"[: node.ndim]
    sizes = dict(zip(labels, node.shape, strict=True))
    first = {x: Label(s) for x, s in sizes.items()}
    uses = [GRAPH.contract([Factor(node, list(first.values())), Factor(v, [first[labels[-1]]])], [first[x] for x in labels[:-1]], GRAPH.const(1))
            for v in (GRAPH.sum(node, range(node.ndim - 1)), GRAPH.sum(GRAPH.pow(node, GRAPH.const(2)), range(node.ndim - 1)))]  # fmt: skip
    reader = Reader(CTX.size)
    order = [n for u in uses for n in reachable([u]) if n.op not in ("sum", "pow")]
    reader.absorb(list(dict.fromkeys(order)), uses)
    assert (node.number in reader.absorbed) == absorbed


def test_a_sum_that_several_products_of_one_sum_meet_is_read_through():
    """Second derivatives of attention: the softmax meets its input twice, and what is left is made of covariances of keys and values."""
    p = symbols("p", integer=True, positive=True)
    Q, K, V, Y = MatrixSymbol("Q", n, m), MatrixSymbol("K", 60, m), MatrixSymbol("V", 60, p), MatrixSymbol("Y", n, p)
    e = mc.Norm(mc.Softmax(Q * K.T, 1) * V - Y) ** 2
    rng = np.random.default_rng(0)
    data = [rng.standard_normal(s) for s in ((3, 4), (60, 4), (60, 5), (3, 5))]
    hessian, gradient = mc.lambdify([Q, K, V, Y], mc.hessian(e, Q)), mc.lambdify([Q, K, V, Y], mc.gradient(e, Q))
    assert re.search(r"\((t\d+) @ \1\.transpose\(0, 2, 1\)\)", hessian.source)
    step = rng.standard_normal((3, 4))
    up, down = (gradient(data[0] + h * step, *data[1:]) for h in (1e-5, -1e-5))
    exact = (up - down) / 2e-5
    assert np.abs(np.tensordot(hessian(*data), step, 2) - exact).max() < 1e-8 * np.abs(exact).max()


def test_a_sum_that_one_product_has_twice_is_a_gram_matrix_and_stays():
    """One that two products of a sum have, once each, is multiplied out."""
    square, once, other = (CTX.graph.make("arg", (), (MatrixSymbol(name, n, m),)) for name in "FGH")
    a, b, c, d, e = Label(n), *(Label(m) for _ in range(4))
    one = CTX.graph.const(1)
    around = [Factor(SQUARE, (d, b)), Factor(SQUARE, (d, c))]
    wide = CTX.graph.add(*(CTX.graph.contract([Factor(x, (a, d)), *around], (a, b, c), one) for x in (square, once)))
    gram = CTX.graph.contract([Factor(wide, (a, b, c)), Factor(wide, (a, d, e))], (b, c, d, e), one)
    apart = [CTX.graph.contract([Factor(wide, (a, b, c)), Factor(x, (a, d))], (b, c, d), one) for x in (once, other)]
    for root, is_absorbed in ((gram, False), (CTX.graph.add(*apart), True)):
        reader = Reader(CTX.size)
        reader.absorb(reachable([root]), [root])
        assert (wide.number in reader.absorbed) == is_absorbed
