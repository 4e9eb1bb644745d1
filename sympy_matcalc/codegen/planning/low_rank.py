"""Solutions with ``W W' + s I`` or ``W W' + diag(s)``, and its determinant, by ``W' W + s I`` where W is tall when the function runs.

``C^-1 b = (b - W (s I + W' W)^-1 W' b)/s``, refined by what it leaves of b: with that no digit is lost that C itself has, and where s is
small beside W W' all are there of what is not in the range of W. W and b are divided by the roots of a diagonal first. Whether W is tall, s
positive and the smaller matrix fit for it shows when the function runs; else C is formed and factored.

>>> from sympy import DiagMatrix, Identity, MatrixSymbol, symbols
>>> from sympy_matcalc import lambdify
>>> m, n, s = *symbols("m n", integer=True, positive=True), symbols("s", positive=True)
>>> W, b = MatrixSymbol("W", m, n), MatrixSymbol("b", m, 1)
>>> shown = lambda e: print(lambdify([W, b, s], e).source.splitlines()[-2].strip())
>>> shown((W*W.T + s*Identity(m)).I*b)
t1 = _low_rank_solve(_low_rank(W, s), b)

>>> v = MatrixSymbol("v", m, 1)
>>> print(lambdify([W, b, v], (W*W.T + DiagMatrix(v)).I*b).source.splitlines()[-2].strip())
t1 = _low_rank_solve(_low_rank(W, v), b)

Not where the inverse itself is asked for:

>>> print(lambdify([W, s], (W*W.T + s*Identity(m)).I).source.splitlines()[-1].strip())
return _factor_inv(_factor(_add_diagonal(W.dot(W.T), s), symmetric=()))
"""

from collections.abc import Mapping, Sequence

from ..context import Context
from ..ir.costs import is_gram
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

LOW_RANK = "low_rank"
USES = {"solve", "solve columns", "det", "slogdet"}
USES_OF_FACTOR = {"solve_factored", "det_factored", "slogdet_factored"}


def low_ranks(order: Sequence[Node], uses: Mapping[int, Sequence[str]], context: Context) -> set[int]:
    """The numbers of such matrices that are solved with and not inverted."""
    solved = {number for number, ops in uses.items() if set(ops) <= USES and not set(ops) <= {"det", "slogdet"}}
    return {n.number for n in order if n.number in solved and _is_low_rank(n, context)}


def _is_low_rank(matrix: Node, context: Context) -> bool:
    if matrix.op != "add_diagonal" or matrix.attrs != ("aa", "a"):
        return False
    product, shift = matrix.args
    if product.op != "matmul" or not is_gram(*product.args):
        return False
    rows, columns = product.args[0].shape
    is_wide = any(large == columns and (small - rows).is_nonnegative for small, large, _ in context.known)
    return not is_wide and not (2 * columns - rows).is_positive


def by_low_rank(graph: Graph, roots: Sequence[Node], context: Context) -> Sequence[Node]:
    """The roots with the factorisations of such matrices as those of the smaller ones."""
    order = reachable(roots)
    factors = {n.args[0].number: n for n in order if n.op == "factor" and n.attrs == ("symmetric", 0)}
    others = {a.number for n in order for a in n.args if n.op not in USES_OF_FACTOR}
    found = {f.number: f.args[0] for f in factors.values() if f.number not in others and _is_low_rank(f.args[0], context)}
    if not found:
        return roots
    new: dict[int, Node] = {}

    def renewed(node: Node) -> Node:
        if node.number not in new:
            if node.number in found:
                w, shift = _parts(found[node.number])
                args = [w, shift, *_smaller(graph, w, shift, factors)]
                new[node.number] = graph.make("factor", tuple(map(renewed, args)), (LOW_RANK,))
            elif node.op == "solve_factored" and node.args[0].number in found:  # the transpose of the matrix is the matrix
                new[node.number] = graph.make(node.op, tuple(map(renewed, node.args)), (False,))
            else:
                new[node.number] = graph.remake(node, list(map(renewed, node.args)))
        return new[node.number]

    return [*map(renewed, [*order, *roots])][len(order) :]


def _parts(matrix: Node) -> tuple[Node, Node]:
    """(W, s)."""
    product, shift = matrix.args
    return product.args[0], shift


def _smaller(g: Graph, w: Node, shift: Node, factors: Mapping[int, Node]) -> list[Node]:
    """The factorisation of ``W' W + s I``, where there is one."""
    if shift.ndim:
        return []
    product = g.known("matmul", (g.transpose(w), w))
    matrix = product and g.known("add_diagonal", (product, shift), ("aa", "a"))
    return [factors[matrix.number]] if matrix and matrix.number in factors else []
