"""Matrices that are symmetric where some arguments are: ``s K + X V X'`` is, of symmetric K and V, though rounding hides it.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc import lambdify
>>> m, n = symbols("m n", integer=True, positive=True)
>>> K, V, X, Z = MatrixSymbol("K", m, m), MatrixSymbol("V", n, n), MatrixSymbol("X", m, n), MatrixSymbol("Z", m, n)
>>> shown = lambda e: print(lambdify([K, V, X, Z], e).source.splitlines()[-1].strip())
>>> shown((K + X*V*X.T).I)
return _factor_inv(_factor(X.dot(V).dot(X.T) + K, symmetric=(K, V)))
>>> shown((K + X*V*Z.T).I)
return _factor_inv(_factor(X.dot(V).dot(Z.T) + K))
"""

from __future__ import annotations

from typing import Any

from ..ir.node import Node

DEEPEST = 40  # how far into a matrix is looked
Key = tuple[Any, ...]


def needed(node: Node) -> list[Node] | None:
    """The square arguments that have to be symmetric for a matrix to be so; None where it need not be even then."""
    if node.symmetric:
        return []
    found: dict[int, Node] = {}
    if _key(node, False, found, DEEPEST) != _key(node, True, found, DEEPEST):
        return None
    return sorted(found.values(), key=lambda a: str(a.attrs[0].name))


def _key(node: Node, turned: bool, found: dict[int, Node], depth: int) -> Key:
    """What a matrix, or its transpose, is made of: equal keys are equal matrices, if the arguments in `found` are symmetric."""
    if node.ndim == 0 or node.symmetric:
        return "same", node.number
    if node.ndim == 1:
        return "vector", node.number, turned
    if node.op == "view" and node.attrs == (0, None):
        return "vector", node.args[0].number, not turned
    if node.op == "view" and node.attrs == (1, 0):
        return _key(node.args[0], not turned, found, depth)
    if node.ndim != 2 or not depth:
        return "matrix", node.number, turned
    if node.op == "arg" and node.shape[0] == node.shape[1]:
        found[node.number] = node
        return "same", node.number
    return _of_operation(node, turned, found, depth - 1)


def _of_operation(node: Node, turned: bool, found: dict[int, Node], depth: int) -> Key:
    if node.op == "matmul" or node.op == "mul" and sum(a.ndim == 2 and None not in _axes(a) for a in node.args) == 1:
        scalars, factors = _chain(node, turned, found, depth)
        return "product", tuple(sorted(scalars)), tuple(factors)
    if node.op in ("add", "mul"):
        return node.op, tuple(sorted((_key(a, turned, found, depth) for a in node.args), key=repr))
    if node.kind.elementwise:
        return node.op, node.attrs, tuple(_key(a, turned, found, depth) for a in node.args)
    if node.op == "inv" or node.op == "add_diagonal" and node.attrs == ("aa", "a"):
        base, *more = node.args
        return node.op, _key(base, turned, found, depth), tuple(a.number for a in more)
    return "matrix", node.number, turned


def _axes(node: Node) -> tuple[Any, ...]:
    return node.attrs if node.op == "view" else ()


def _chain(node: Node, turned: bool, found: dict[int, Node], depth: int) -> tuple[list[int], list[Key]]:
    """(scalars, matrices in their order) of a product of matrices, with rows and columns that are scaled as diagonal matrices."""
    if node.op == "view" and node.attrs == (1, 0):
        return _chain(node.args[0], not turned, found, depth)
    if not depth or node.symmetric:
        return [], [_key(node, turned, found, depth)]
    if node.op == "matmul" and all(a.ndim == 2 for a in node.args):
        parts = [_chain(a, turned, found, depth - 1) for a in (reversed(node.args) if turned else node.args)]
        return [*parts[0][0], *parts[1][0]], [*parts[0][1], *parts[1][1]]
    matrices = [a for a in node.args if a.ndim == 2 and None not in _axes(a)] if node.op == "mul" else []
    if len(matrices) != 1:
        return [], [_key(node, turned, found, depth)]
    scalars, factors = _chain(matrices[0], turned, found, depth - 1)
    for a in node.args:
        if a.ndim == 0:
            scalars = [*scalars, a.number]
        elif a is not matrices[0]:
            rows = (a.ndim == 2) != turned
            number = a.args[0].number if a.ndim == 2 else a.number
            factors = [("diagonal", number), *factors] if rows else [*factors, ("diagonal", number)]
    return scalars, factors
