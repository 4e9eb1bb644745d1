"""What the table says of parts: each operation with a rule, computed of parts of its operands, is the part of the whole."""

import numpy as np
import pytest

from sympy_matcalc.codegen.ir.cuts import LENGTH
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.ops import OPS
from sympy_matcalc.codegen.planning.sizes import Sizes

from .samples import ALSO, NUMBERS, SAMPLES, Leaves, computed, environment

MORE = {
    "matmul of a vector and a matrix": lambda s: s.graph.make("matmul", (s.x, s.A)),
    "matmul of a stack and a matrix": lambda s: s.graph.make("matmul", (s.graph.make("einsum", (s.A, s.X), ("ab,cb->cab",)), s.A)),
    "matmul of stacks that broadcast": lambda s: s.graph.make(
        "matmul", (s.graph.view(s.A, (None, 0, 1)), s.graph.make("einsum", (s.A, s.X), ("ab,cb->cab",)))
    ),
    "add with a row and a column": lambda s: s.graph.add(s.X, s.x, s.graph.view(s.y, (0, None))),
    "outer_sum of vectors": lambda s: s.graph.make("outer_sum", (s.x, s.x, s.y, s.y)),
    "outer_sum of each row": lambda s: s.graph.make("outer_sum", (s.X, s.X, s.X, s.X), (1,)),
    "dot of vectors": lambda s: s.graph.make("dot", (s.x, s.x)),
    "sum of three axes": lambda s: s.graph.sum(s.graph.make("einsum", (s.A, s.X), ("ab,ca->abc",)), (0, 2)),
    "einsum, summed": lambda s: s.graph.make("einsum", (s.A, s.X), ("ab,ca->bc",)),
    "max of all": lambda s: s.graph.make("max", (s.X,), (0, 1)),
    "prod of all": lambda s: s.graph.make("prod", (s.X,), (0, 1)),
    "reshape, axes behind": lambda s: s.graph.reshape(s.graph.make("einsum", (s.A, s.X), ("ab,ca->cab",)), [s.m, s.graph.mul(s.n, s.n)]),
    "reshape, axes before": lambda s: s.graph.reshape(s.graph.make("einsum", (s.A, s.X), ("ab,ca->cab",)), [s.graph.mul(s.m, s.n), s.n]),
    "reshape, one axis": lambda s: s.graph.reshape(s.y, [s.m, s.one]),
    "norm of all": lambda s: s.graph.make("norm", (s.X,), (0, 1)),
    "softmax of rows": lambda s: s.graph.make("softmax", (s.X,), (1,)),
    "slice, a range": lambda s: s.graph.make("slice", (s.X, s.one, s.n, s.two), (None, "slice")),
    "take of rows": lambda s: s.graph.make("take", (s.X, s.graph.make("arange", (s.zero, s.m), integer=True)), (0,)),
}
EVERY = SAMPLES | ALSO | MORE


def value(node):
    return computed("numpy", node, environment())[1]


def part(graph, node, axis, low, high):
    kinds = ["slice" if k == axis else None for k in range(node.ndim)]
    return graph.make("slice", (node, graph.const(low), graph.const(high), graph.const(1)), kinds)


def of_parts(graph, node, cut, low, high):
    """The node of parts of its operands."""
    pairs = zip(node.args, cut, strict=True)
    return graph.remake(
        node, [a if c is None else graph.const(high - low) if c == LENGTH else part(graph, a, c, low, high) for a, c in pairs]
    )


def cut_axes():
    for name, make in EVERY.items():
        node = make(Leaves())
        yield from ((name, axis) for axis in range(node.ndim) if node.kind.cut(node, axis) is not None)


def totals():
    for name, make in EVERY.items():
        node = make(Leaves())
        yield from ((name, k) for k in range(len(list(node.kind.totals(node)))))


@pytest.mark.parametrize("name, axis", list(cut_axes()))
def test_a_part_comes_of_parts(name, axis):
    s = Leaves()
    node = EVERY[name](s)
    size = Sizes(NUMBERS).shape(node)[axis]
    whole = np.asarray(value(node))
    cut = node.kind.cut(node, axis)
    for low, high in ((0, 1), (1, size)) if size > 1 else ((0, 1),):
        found = value(of_parts(s.graph, node, cut, low, high))
        wanted = np.take(whole, range(low, high), axis)
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name, k", list(totals()))
def test_a_total_comes_of_parts(name, k):
    s = Leaves()
    node = EVERY[name](s)
    how, cut = list(node.kind.totals(node))[k]
    size = next(Sizes(NUMBERS).shape(a)[c] for a, c in zip(node.args, cut, strict=True) if c is not None)
    one, other = (value(of_parts(s.graph, node, cut, low, high)) for low, high in ((0, 1), (1, size)))
    np.testing.assert_allclose(getattr(np, how)(one, other), value(node), rtol=1e-12, atol=1e-14)


def test_each_rule_is_tried():
    tried = {EVERY[name](Leaves()).op for name, _ in cut_axes()}
    with_rules = {op.name for op in OPS.values() if op.cut is not OPS["arg"].cut}
    assert with_rules <= tried
    assert {EVERY[name](Leaves()).op for name, _ in totals()} == {op.name for op in OPS.values() if op.totals is not OPS["arg"].totals}


def test_what_is_not_computed_of_parts_is_not_cut():
    g = Graph()
    s = Leaves()
    for name in ("inv", "kron", "cholesky", "svd", "softmax"):
        node = SAMPLES[name](s)
        assert node.kind.cut(node, 0) is None
    assert g.make("zeros", (s.dtype, s.m, s.n)).kind.cut(SAMPLES["zeros"](s), 0) is None
