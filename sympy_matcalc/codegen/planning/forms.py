"""Quadratic forms of an inverse, by half of a solution: ``B' inverse(A) B = Z' Z`` with ``Z = inverse(C) B`` where ``A = C C'``.

Whether A is positive definite shows when it is factored, so that the product is left to what uses the factorisation, as inverses are. The
same holds for its diagonal, the squared distances by a covariance, and for its trace.

>>> from sympy import MatrixSymbol, OneMatrix, Trace, symbols
>>> from sympy.matrices.expressions.hadamard import HadamardProduct
>>> from sympy_matcalc import lambdify
>>> m, n = symbols("m n", integer=True, positive=True)
>>> A, B, C = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m), MatrixSymbol("C", n, m)
>>> shown = lambda e: print(lambdify([A, B, C], e).source.splitlines()[-1].strip())
>>> shown(B.T*A.I*B)
return _factor_gram(_factor(A), B)
>>> shown(OneMatrix(1, n)*HadamardProduct(B, A.I*B))
return _factor_forms(_factor(A), B)[None, :]
>>> shown(Trace(B.T*A.I*B))
return _factor_forms(_factor(A), B).sum()

Not with another matrix on the left, nor where the solution is needed anyway:

>>> shown(C.T*A.I*B)
return (B.T @ _factor_solve(_factor(A), C, True)).T
>>> shown([A.I*B, B.T*A.I*B])
return [t1, B.T @ t1]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .low_rank import LOW_RANK
from .nodes import behind, is_turned
from .removable import REMOVABLE

Word = tuple[str, ...]
Factor = tuple[Node, Word]  # an operand of a product, with the names of its axes


def quadratic(graph: Graph, roots: Sequence[Node], context: Any) -> Sequence[Node]:
    """The roots with products of a matrix and a solution with it as uses of the factorisation."""
    if not context.backend.looks_at_values or context.memory is not None or any(p.is_sparse for p in context.parameters):
        return roots
    order = reachable(roots)
    uses = Counter(a.number for node in order for a in node.args) + Counter(r.number for r in roots)
    new: dict[int, Node] = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        if is_turned(node) and args[0].op == "gram_factored" and uses[node.args[0].number] == 1:
            new[node.number] = graph.make("gram_factored", args[0].args, (not args[0].attrs[0],))
        else:
            new[node.number] = _form(graph, node, uses, new) or graph.remake(node, args)
    return tuple(new[r.number] for r in roots)


def _form(g: Graph, node: Node, uses: Counter[int], new: dict[int, Node]) -> Node | None:
    """What takes the place of a product of two matrices, None where it is no form."""
    read = _read(node)
    if read is None:
        return None
    pair, out = read
    for solution, other in (pair, pair[::-1]):
        solved, (row, column) = _straight(*solution)
        if not _is_for_this_alone(solution[0], solved, uses):
            continue
        factor, right = solved.args
        matrix, axes = _straight(*other)
        at, beside = axes if matrix is right else axes[::-1]
        if matrix is not behind(right) or at != row or row in out:
            continue
        operands = new[factor.number], new[right.number]
        if beside == column:
            forms = g.make("forms_factored", operands)
            return forms if out else g.sum(forms, (0,))
        if set(out) == {beside, column}:
            return g.make("gram_factored", operands, (solved.attrs[0] == (out == (beside, column)),))
    return None


def _is_for_this_alone(operand: Node, solved: Node, uses: Counter[int]) -> bool:
    """Whether an operand, or its transpose, is a solution that has no other use, with a factorisation that is known to be one."""
    if solved.op != "solve_factored" or solved.ndim != 2 or uses[operand.number] > 1 or uses[solved.number] > 1:
        return False
    return solved.args[0].op == "factor" and solved.args[0].attrs[0] not in (REMOVABLE, LOW_RANK)


def _read(node: Node) -> tuple[tuple[Factor, Factor], Word] | None:
    """The two factors of a product and the axes of the result, None for any other node."""
    product = node.args[0] if node.op == "sum" else node
    if len(product.args) != 2 or any(a.ndim != 2 for a in product.args):
        return None
    a, b = product.args
    if node.op == "matmul":
        return ((a, ("i", "k")), (b, ("k", "j"))), ("i", "j")
    if node.op == "dot" or node.op == "sum" and product.op == "mul" and a.shape == b.shape:
        return ((a, ("i", "j")), (b, ("i", "j"))), () if node.op == "dot" else tuple(x for k, x in enumerate("ij") if k not in node.attrs)
    if node.op == "einsum":
        inputs, out = node.attrs[0].split("->")
        first, second = inputs.split(",")
        return ((a, tuple(first)), (b, tuple(second))), tuple(out)
    return None


def _straight(node: Node, axes: Word) -> Factor:
    """The factor without a transpose in front."""
    core = behind(node)
    return core, axes if core is node else axes[::-1]
