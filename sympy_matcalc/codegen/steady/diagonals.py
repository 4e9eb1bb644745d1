"""The determinant of a diagonal matrix as the product of its entries, and divided by each of them as the product of the others.

>>> from sympy import DiagMatrix, HadamardPower, MatrixSymbol, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(diagonals, Determinant(DiagMatrix(x))*HadamardPower(x, -1))
before: det(diag(x))*x**-1
after:  reshape(others(reshape(x, 1, size(x; 0))), size(x; 0))

A second derivative is one of the products of all others but two; what would be divided by the square of an entry cancels:

>>> f = Determinant(DiagMatrix(x))
>>> r = HadamardPower(x, -1)
>>> before_and_after(diagonals, f*(r*r.T - DiagMatrix(HadamardPower(x, -2))))
before: det(diag(x))*add_diagonal(sum((x**-1)[i] (x**-1)[j] -> ij), -1*x**-2; aa, a)
after:  other_pairs(x)

Of a matrix that is not diagonal it stays:

>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(diagonals, Determinant(A)*HadamardPower(x, -1))
before: det(A)*x**-1
after:  det(A)*x**-1
"""

from ..schedule import reachable
from .entry_quotients import Quotients
from .entry_reader import RULES, Reader, UnfitError
from .entry_sums import added
from .walk import passed, raised


def diagonals(graph, roots, context):
    """The roots with products of the entries in place of determinants, and without the quotients by an entry that they take up."""
    roots = passed(graph, roots, {"det": (product_of_diagonal,)})
    for number in [node.number for node in reachable(roots) if is_product_of_vector(node)]:
        for product in (node for node in reachable(roots) if node.number == number):
            roots = _without_quotients(graph, roots, product.args[0], context)
    return roots


def product_of_diagonal(g, node):
    """det(diag(d)) as prod(d); of an elementwise product as the product of each, of a power of d as the power."""
    if node.args[0].op != "diag" or node.args[0].args[0].ndim != 1:
        return None
    d = node.args[0].args[0]
    return g.mul(*(_product(g, v) for v in (d.args if d.op == "mul" and all(a.ndim for a in d.args) else (d,))))


def _product(g, d):
    base, power = raised(d)
    if type(power) is not int:
        base, power = d, 1
    return g.pow(g.make("prod", (base,), (0,)), g.const(power))


def is_product_of_vector(node):
    return node.op == "prod" and node.args[0].ndim == 1


def _without_quotients(g, roots, d, context):
    """The roots without quotients by an entry of d: an outer node before the nodes in it, of which it needs the quotients as they stand."""
    reader = Reader(g, d)
    quotients = Quotients(g, reader, context.size_of)
    order, found, needed = reachable(roots), {}, {r.number for r in roots}
    for node in reversed(order):
        if node.number in needed:
            found[node.number] = _taken_up(g, reader, quotients, node) if node.op in RULES and reader.meets(node) else None
            if found[node.number] is None:
                needed.update(a.number for a in node.args)
    new = {}
    for node in order:
        if node.number in needed:
            other = found[node.number]
            new[node.number] = g.remake(node, [new[a.number] for a in node.args]) if other is None else other
    return [new[r.number] for r in roots]


def _taken_up(g, reader, quotients, node):
    try:
        products = quotients.taken_up(reader.terms_on_axes(node))
    except UnfitError:
        return None
    return None if products is None else added(g, products, node.shape, quotients.size_of)
