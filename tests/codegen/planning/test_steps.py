"""Products of two arrays."""

import numpy as np
import pytest
from sympy import DiagMatrix, MatrixSymbol, symbols

from sympy_matcalc import lambdify
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.planning.shared import Shared
from sympy_matcalc.codegen.planning.sizes import Sizes
from sympy_matcalc.codegen.planning.steps import Steps, _views

# ---- a matrix with a stack of matrices
m, n, k = symbols("m n k", integer=True, positive=True)
g = Graph()
A, B, x = (g.make("arg", (), (MatrixSymbol(name, *shape),), weak=False) for name, shape in (("A", (m, m)), ("B", (m, k)), ("x", (n, 1))))
STACK = g.mul(g.view(x, (0, None, None)), B)  # of n matrices of m rows and k columns
STACK_TEXT = text_of(STACK)
LARGE = {m: 300, n: 20, k: 300}
NARROW = {m: 3, n: 1000, k: 3}
a, b, i, c = Label(m), Label(m), Label(n), Label(k)


def product(matrix, stack, numbers, stacks=True):
    """(text, labels of the result) of the product over b."""
    steps = Steps(g, Sizes(numbers), lambda size: g.make("sym", (), (size,), integer=True, weak=True), lambda node: False, {}, stacks)
    found = steps.pair(matrix, stack, {a, i, c}, {})
    return text_of(found.node), [{a: "a", i: "i", c: "c"}[x] for x in found.labels]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_each_of_a_stack_at_once(turned, swapped):
    """Without a copy with the axes in another order, whichever comes first."""
    pair = Factor(A, (b, a) if turned else (a, b)), Factor(STACK, (i, b, c))
    text, labels = product(*(reversed(pair) if swapped else pair), LARGE)
    assert text == f"matmul({'A.T' if turned else 'A'}, {STACK_TEXT})" and labels == ["i", "a", "c"]


def test_not_of_many_small_matrices_nor_where_a_library_has_no_stacks():
    """A call each, or a product that sparse arrays do not have: the axes of the stack are made one."""
    for numbers, stacks in ((NARROW, True), (LARGE, False)):
        text, labels = product(Factor(A, (a, b)), Factor(STACK, (i, b, c)), numbers, stacks)
        assert text.startswith("reshape(matmul(A, reshape(") and labels == ["a", "i", "c"]


def test_a_stack_whose_columns_are_summed_is_one_tall_matrix():
    square = g.mul(g.view(x, (0, None, None)), A)
    for pair in ((Factor(A, (a, b)), Factor(square, (i, Label(m), b))), (Factor(square, (i, Label(m), b)), Factor(A, (a, b)))):
        steps = Steps(g, Sizes(LARGE), lambda size: g.make("sym", (), (size,), integer=True, weak=True), lambda node: False, {}, True)
        other = next(f.labels[1] for f in pair if len(f.labels) == 3)
        found = steps.pair(*pair, {a, i, other}, {})
        assert text_of(found.node) == f"reshape(matmul(reshape({text_of(square)}, n*m, m), A.T), n, m, m)" and found.labels == (i, other, a)


def test_a_pair_is_made_once_until_the_inverse_is_there(monkeypatch):
    """A pair that was made is another factor each time, and is made anew where the inverse that was solved with has been formed since."""
    n, there, made = symbols("n", integer=True, positive=True), [], []
    g = Graph()
    A, B = (g.make("arg", (), (MatrixSymbol(name, n, n),)) for name in "AB")
    steps = Steps(g, Sizes({}), None, lambda node: bool(there), {})
    plain = steps._ways
    monkeypatch.setattr(steps, "_ways", lambda *args: made.append(args) or plain(*args))
    i, j, k = Label(n), Label(n), Label(n)
    factors = Factor(A, (i, j), inverse=True), Factor(B, (j, k))
    first, second = (steps.pair(*factors, {i, k}, {}) for _ in range(2))
    assert len(made) == 1 and first is not second and (first.node, first.labels) == (second.node, second.labels) == (first.node, (i, k))
    assert first.node.op == "solve" and steps.pair(*factors, {i, j, k}, {}).node.op != "solve"  # j is not summed
    there.append(True)
    assert steps.pair(*factors, {i, k}, {}).node.op == "matmul" and len(made) == 3


def test_the_ways_of_a_pair_are_made_once_for_all_sizes(monkeypatch):
    """Whatever the labels are called; which of the ways is taken is for the sizes to say."""
    shared, calls, ways = Shared(), [], Steps._ways
    monkeypatch.setattr(Steps, "_ways", lambda *args: calls.append(args) or ways(*args))
    size = lambda s: g.make("sym", (), (s,), integer=True, weak=True)  # noqa: E731
    texts = []
    for numbers in (LARGE, NARROW, LARGE):
        a, b, i, c = Label(m), Label(m), Label(n), Label(k)
        steps = Steps(g, Sizes(numbers), size, lambda node: False, {}, True, shared)
        found = steps.pair(Factor(A, (a, b)), Factor(STACK, (i, b, c)), {a, i, c}, {})
        texts.append((text_of(found.node), [{a: "a", i: "i", c: "c"}[x] for x in found.labels]))
    assert len(calls) == 1 and texts[0] == texts[2] == (f"matmul(A, {STACK_TEXT})", ["i", "a", "c"])
    assert texts[1][0].startswith("reshape(matmul(A, reshape(") and texts[1][1] == ["a", "i", "c"]


def test_what_a_view_shows_is_there_too():
    """The work of a product does not count what made its factors, however they lie."""
    product_of_two = g.matmul(A, B)
    steps = Steps(g, Sizes(LARGE), None, lambda node: False, {})
    turned = g.make("reshape", (product_of_two, g.const(1)))
    own = steps.sizes.cost(turned)
    assert steps._work(turned, {n.number for n in _views(g.view(product_of_two, (1, 0)))}) == own
    assert steps._work(turned, set()) > own


@pytest.mark.parametrize("turned", (False, True))
@pytest.mark.parametrize("weights", ("positive", "negative", "mixed", "zero"))
def test_a_weighted_gram_matrix_inside_of_a_product_is_half_of_the_work(turned, weights):
    p, q = symbols("p q", integer=True, positive=True)
    X, d, L, R = MatrixSymbol("X", p, q), MatrixSymbol("d", p, 1), MatrixSymbol("L", q, q), MatrixSymbol("R", q, q)
    product = L * X.T * DiagMatrix(d) * X * R
    f = lambdify([X, d, L, R], product.T if turned else product)
    assert "_weighted_gram(X, d)" in f.source
    rng = np.random.default_rng(1)
    x, w, left, right = rng.standard_normal((60, 5)), rng.standard_normal(60), rng.standard_normal((5, 5)), rng.standard_normal((5, 5))
    w = {"positive": np.abs(w), "negative": -np.abs(w), "mixed": w, "zero": 0 * w}[weights]
    want = left @ (x.T @ (w[:, None] * x)) @ right
    np.testing.assert_allclose(f(x, w, left, right), want.T if turned else want, rtol=1e-12, atol=1e-12)


def test_no_weighted_gram_matrix_of_two_matrices():
    p, q = symbols("p q", integer=True, positive=True)
    X, Y, d, L, R = *(MatrixSymbol(name, p, q) for name in "XY"), MatrixSymbol("d", p, 1), *(MatrixSymbol(name, q, q) for name in "LR")
    assert "_weighted_gram" not in lambdify([X, Y, d, L, R], L * X.T * DiagMatrix(d) * Y * R).source
