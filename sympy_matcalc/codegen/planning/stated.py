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
    symbols = frozenset(symbols)
    return frozenset(n.number for n in reachable(roots) if _is_one(n, symbols))


def assumed(graph, roots, symbols):
    """The roots with the transpose of a symmetric argument as the argument, and its axes in products in one order."""
    symbols = frozenset(symbols)
    ones = {node.number: (1, node.number, 1) for node in reachable(roots) if _is_one(node, symbols)}
    return own_transposes(graph, roots, ones)[0]


def turned(roots, symbols):
    """Those of the symmetric arguments of which a transpose is taken as the argument, or the axes in a product change places."""
    symbols, found = frozenset(symbols), set()
    for node in reachable(roots):
        if is_turned(node) and _is_one(node.args[0], symbols):
            found.add(node.args[0].attrs[0])
        elif node.op == "contract":
            own = [_is_one(a, symbols) for a in node.args[:-1]]
            before, after = node.attrs[0], _in_order(node, own)
            found |= {a.attrs[0] for a, old, new in zip(node.args, before, after, strict=False) if old != new}
    return found


def own_transposes(graph, roots, found):
    """(roots, signs of the matrices, by number): the transpose of some matrices is the matrix, their axes in products are in one order.

    found: by the number of a node, 1 for a symmetric matrix and -1 for an antisymmetric one; the number of the node before it, or its own,
    that is taken in its place, and the sign of that.
    """
    new, signs = {}, {}
    for node in reachable(roots):
        args = [new[a.number] for a in node.args]
        turned = graph.signed(args[0]) if is_turned(node) else None
        if turned and turned[1].number in signs:
            new[node.number] = graph.mul(graph.const(turned[0] * signs[turned[1].number]), turned[1])
        elif node.op == "contract":
            new[node.number] = _contract(graph, node, args, signs)
        else:
            new[node.number] = graph.remake(node, args)
        if node.number in found:
            symmetry, first, sign = found[node.number]
            if first == node.number:
                signs[new[node.number].number] = symmetry
            new[node.number] = graph.mul(graph.const(sign), new[first])
    return [new[r.number] for r in roots], signs


def _is_one(node, symbols):
    return node.op == "arg" and node.attrs[0] in symbols


def _contract(graph, node, args, signs):
    """A product with the labels of such factors in the order in which the others have them."""
    inputs, inverses, output, sizes = node.attrs
    parts = [graph.signed(a) for a in args[:-1]]
    parts = [(sign, core) if core.number in signs else (1, a) for (sign, core), a in zip(parts, args, strict=False)]
    own = [signs.get(core.number, 0) for _, core in parts]
    ranked = _in_order(node, own)
    turns = sum(sign < 0 and old != axes for sign, old, axes in zip(own, inputs, ranked, strict=True))
    minus = (turns + sum(sign < 0 for sign, _ in parts)) % 2
    scale = graph.mul(graph.const(-1), args[-1]) if minus else args[-1]
    return graph.make("contract", (*(core for _, core in parts), scale), numbered(ranked, inverses, output, sizes))


def _in_order(node, own):
    """The labels of the factors of a product, those of its own transposes in the order in which the others have them."""
    inputs, _, output, sizes = node.attrs
    others = [axes for axes, is_own in zip(inputs, own, strict=True) if not is_own]
    rank = {x: k for k, x in enumerate(dict.fromkeys([*output, *(x for axes in others for x in axes), *range(len(sizes))]))}
    return tuple([_ranked(axes, others, rank) if is_own else axes for axes, is_own in zip(inputs, own, strict=True)])


def _ranked(axes, others, rank):
    """The labels of a factor that may turn: as another factor has both, else as most have them before."""
    return axes[::-1] if axes[::-1] in others else axes if axes in others else tuple(sorted(axes, key=lambda x: rank[x]))
