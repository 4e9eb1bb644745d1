"""Arguments that are stated to be symmetric are their own transposes.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
>>> before_and_after(with_stated_facts, A.T, symmetric=[A])
before: A.T
after:  A
>>> before_and_after(with_stated_facts, A.T*B, symmetric=[A])
before: sum(A[ij] B[ik] -> jk)
after:  sum(A[ij] B[jk] -> ik)
>>> before_and_after(with_stated_facts, A.T*B)
before: sum(A[ij] B[ik] -> jk)
after:  sum(A[ij] B[ik] -> jk)
"""

from ..ir.labels import numbered
from ..schedule import reachable
from .nodes import is_turned


def with_stated_facts(graph, roots, context):
    """The roots with each such argument for its transpose; the graph knows of it from then on."""
    if not context.symmetric:
        return roots
    roots = assumed(graph, roots, context.symmetric)
    graph.symmetric = matrices(roots, context.symmetric)
    return roots


def matrices(roots, symbols):
    """The numbers of the nodes of some arguments."""
    return frozenset(n.number for n in reachable(roots) if _is_one(n, symbols))


def assumed(graph, roots, symbols):
    """The roots with the transpose of a symmetric argument as the argument, and its axes in products in one order."""
    return own_transposes(graph, roots, lambda node: _is_one(node, symbols))[0]


def own_transposes(graph, roots, is_one):
    """(roots, numbers of the matrices): with the transpose of some matrices as the matrix, and their axes in products in one order."""
    new, ones = {}, set()
    for node in reachable(roots):
        args = [new[a.number] for a in node.args]
        if is_turned(node) and args[0].number in ones:
            new[node.number] = args[0]
        elif node.op == "contract":
            new[node.number] = _contract(graph, node, args, ones)
        else:
            new[node.number] = graph.remake(node, args)
        if is_one(node):
            ones.add(new[node.number].number)
    return [new[r.number] for r in roots], frozenset(ones)


def _is_one(node, symbols):
    return node.op == "arg" and node.attrs[0] in symbols


def _contract(graph, node, args, ones):
    """A product with the labels of symmetric factors in the order in which the others have them."""
    inputs, inverses, output, sizes = node.attrs
    free = [a.number in ones for a in args[:-1]]
    first = [x for x in output] + [x for axes, turns in zip(inputs, free, strict=True) if not turns for x in axes]
    rank = {x: k for k, x in enumerate(dict.fromkeys([*first, *range(len(sizes))]))}
    inputs = tuple(tuple(sorted(axes, key=lambda x: rank[x])) if turns else axes for axes, turns in zip(inputs, free, strict=True))
    return graph.make("contract", args, numbered(inputs, inverses, output, sizes))
