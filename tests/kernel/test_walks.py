"""Walks over shared trees give what SymPy's walks give, and visit a part once."""

from operator import attrgetter

from sympy import Lambda, MatAdd, MatMul, Matrix, MatrixSymbol, Symbol, Trace, sin, symbols, tanh

from sympy_matcalc.kernel.walks import every_node, free_symbols, holds, leaves, nodes_of, postorder, rebuilt, replaced

n, t, u = symbols("n t u")
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
MIXED = Trace(A * x * x.T) + sin(t) * (A * x.applyfunc(Lambda(u, u**2 + t)))[0, 0]


def deep(layers):
    h = x
    for _ in range(layers):
        h = MatAdd(MatMul(A, h, evaluate=False), h, evaluate=False)
    return h


def test_parts_come_before_what_they_are_parts_of():
    order = postorder(MIXED, attrgetter("args"))
    place = {id(node): k for k, node in enumerate(order)}
    assert order[-1] is MIXED and len(place) == len(order)
    assert all(place[id(a)] < place[id(node)] for node in order for a in node.args)


def test_as_sympy_has_it():
    assert free_symbols(MIXED) == MIXED.free_symbols
    assert free_symbols(Matrix([[t, u]])) == {t, u}
    assert nodes_of(Matrix([[t, A[0, 0]]]), Symbol, MatrixSymbol) == {t, A, n}
    assert nodes_of(MIXED, Symbol, MatrixSymbol) == MIXED.atoms(Symbol, MatrixSymbol)
    assert holds(MIXED, (sin,)) and not holds(MIXED, (tanh,))
    assert set(leaves(MIXED, (Symbol,))) == MIXED.atoms(Symbol)
    values = {t: 2 * n, A: MatrixSymbol("B", n, n)}
    assert replaced(MIXED, values) == MIXED.xreplace(values)
    assert replaced(MIXED, {u: 1 + u}).doit() == MIXED.xreplace({u: 1 + u}).doit()


def test_a_shared_part_is_visited_once():
    h = deep(60)  # to write it down would take all memory: nothing that is asserted holds it
    found = len(every_node(h)), len(postorder(h, attrgetter("args"))), free_symbols(h)
    assert found == (126, 126, {A, x})
    B = MatrixSymbol("B", n, n)
    found = nodes_of(replaced(h, {A: B}), MatrixSymbol)
    assert found == {B, x}


def test_parts_are_replaced_from_the_inside_out():
    B = MatrixSymbol("B", n, n)
    met = []

    def swapped(node):
        met.append(node)
        return {A: B, t: u}.get(node, node)

    assert rebuilt(MIXED, swapped) == MIXED.xreplace({A: B}).subs(t, u)
    assert met.index(A) < len(met) - 1 and len(met) == len(set(map(id, met)))
    assert rebuilt(MIXED, lambda node: node) is MIXED  # where nothing is replaced, the very same object


def test_a_shared_part_is_rebuilt_once():
    h = deep(60)
    count = 0

    def counted(node):
        nonlocal count
        count += 1
        return node

    assert rebuilt(h, counted) is h and count == 126
