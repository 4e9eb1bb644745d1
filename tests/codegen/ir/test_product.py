"""The one product of lowering, planning and structure: what its operations keep and what they change."""

from sympy import MatrixSymbol, symbols

from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product, multiplied, put_in
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.network import settled

n = symbols("n", integer=True, positive=True)
g = Graph()
A, B = (g.make("arg", (), (MatrixSymbol(name, n, n),)) for name in "AB")


def matrix(node):
    i, j = Label(n), Label(n)
    return Product((), [Factor(node, (i, j))], (i, j), labels=(i, j))


def labels_of(product):
    return [f.labels for f in product.factors]


def test_a_copy_shares_no_label_but_indices_of_sums():
    i, s = Label(n), Label(n, index=True)
    product = Product((), [Factor(A, (i, s))], (i,), [(i, s)], (i, s))
    copy = product.fresh()
    assert copy.out[0] is not i and labels_of(copy) == [(copy.out[0], s)]
    assert copy.equal == ((copy.out[0], s),) and copy.labels == (copy.out[0], s)


def test_several_as_one_product_have_all_pairs_and_labels():
    p, q = matrix(A), matrix(B)
    both = multiplied([p.with_axes(p.out, p.out), q], (p.out[0], q.out[1]), [(p.out[1], q.out[0])])
    assert both.equal == (p.out, (p.out[1], q.out[0])) and both.labels == p.labels + q.labels
    assert [f.node for f in both.factors] == [A, B]


def test_settled_equal_labels_are_one():
    p, q = matrix(A), matrix(B)
    whole, keep = settled(Lowerer({n}), multiplied([p, q], (p.out[0], q.out[1]), [(p.out[1], q.out[0])]))
    (a, b), (c, d) = labels_of(whole)
    assert b is c and keep == {a, d} == set(whole.out) and not whole.equal and len(whole.scalars) == 1


def test_a_summed_label_without_a_factor_counts_its_size():
    ctx, i = Lowerer({n}), Label(n)
    (scale,) = settled(ctx, Product((), (), (), labels=(i,)))[0].scalars
    assert scale is ctx.size(n)


def test_put_in_a_product_for_a_factor():
    p, q = matrix(A), matrix(B)
    host = Product((), [Factor(A, p.out)], p.out)
    inner = put_in(host, host.factors[0], Product([g.const(3)], q.factors, q.out[::-1]), lambda size: g.const(1))
    assert inner.number == 3 and labels_of(inner) == [p.out[::-1]] and inner.out == p.out
