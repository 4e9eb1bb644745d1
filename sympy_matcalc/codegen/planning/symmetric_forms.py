"""Matrices that are symmetric by their form, though rounding may hide it, are their own transposes: a kernel of the rows of X, its inverse.
Those that are antisymmetric, odd functions of differences, are so but for the sign.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols, tanh
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> m, n = symbols("m n", integer=True, positive=True)
>>> X, Y, v, w = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("v", m, 1), MatrixSymbol("w", m, 1)
>>> along = lambda K, x, rows, columns: EinsumTerm(1, (m, m), ((0,),), [(K, (rows,), (columns,)), (x, (1,), ())])
>>> both = lambda K: Einsum((m,), along(K, v, 0, 1), along(K, w, 1, 0))
>>> before_and_after(symmetric_forms, both((X*X.T).applyfunc(exp)))
before: sum(exp(sum(X[ij] X[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] X[kj] -> ik))[ij] w[i] -> j)
after:  sum(exp(sum(X[ij] X[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] X[kj] -> ik))[ij] w[j] -> i)
>>> D = v*OneMatrix(1, m) - OneMatrix(m, 1)*v.T
>>> before_and_after(symmetric_forms, both(D.applyfunc(tanh)))
before: sum(tanh(view(v; 0, None) + -1*v)[ij] v[j] -> i) + sum(tanh(view(v; 0, None) + -1*v)[ij] w[i] -> j)
after:  sum(tanh(view(v; 0, None) + -1*v)[ij] v[j] -> i) + -1*sum(tanh(view(v; 0, None) + -1*v)[ij] w[j] -> i)

Of other rows it is not:

>>> before_and_after(symmetric_forms, both((X*Y.T).applyfunc(exp)))
before: sum(exp(sum(X[ij] Y[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] Y[kj] -> ik))[ij] w[i] -> j)
after:  sum(exp(sum(X[ij] Y[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] Y[kj] -> ik))[ij] w[i] -> j)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .keys import Keys
from .nodes import is_turned
from .stated import own_transposes


def symmetric_forms(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with each such matrix that meets others for its transpose, and for its negative; the graph knows of it from then on."""
    uses = _met(graph, reachable(roots))
    if uses.total() < 2:
        return roots
    keys = Keys(graph, reachable(uses))
    alike: dict[int, list[Node]] = {}
    for node in uses:
        if keys.symmetry(node):
            alike.setdefault(keys.of(node)[0], []).append(node)
    groups = [nodes for nodes in alike.values() if len(nodes) > 1 or uses[nodes[0]] > 1]
    if not groups:
        return roots
    found = {n.number: (keys.symmetry(n), nodes[0].number, keys.of(n)[1] * keys.of(nodes[0])[1]) for nodes in groups for n in nodes}
    roots, signs = own_transposes(graph, roots, found)
    graph.symmetric |= {number for number, sign in signs.items() if sign == 1}
    return roots


def _met(graph: Graph, order: Iterable[Node]) -> Counter[Node]:
    """How often computed square matrices are operands of products, or of a transpose, in the order in which they are computed."""
    uses: Counter[Node] = Counter()
    order = list(order)
    for node in order:
        operands = node.args[:-1] if node.op == "contract" else node.args if is_turned(node) else ()
        uses.update(a for a in operands if a.ndim == 2 and a.shape[0] == a.shape[1] and a.op != "arg" and not graph.is_symmetric(a))
    return Counter({node: uses[node] for node in order if node in uses})
