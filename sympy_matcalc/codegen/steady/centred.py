"""Squared distances of the rows of two matrices, by the rows less the mean of those of the second.

What |x|^2 - 2 x'y + |y|^2 loses by rounding grows with |x|^2, which may be far larger than any distance; distances do not change when
all points are moved.

>>> from sympy import MatrixSymbol, OneMatrix, symbols
>>> from sympy.matrices.expressions.diagonal import DiagonalOf
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n, m, k = symbols("n m k", integer=True, positive=True)
>>> X, Y = MatrixSymbol("X", n, k), MatrixSymbol("Y", m, k)
>>> rows = OneMatrix(n, 1)*DiagonalOf(Y*Y.T).T + DiagonalOf(X*X.T)*OneMatrix(1, m)
>>> before_and_after(centred, rows - 2*X*Y.T)
before: view(sum(X[ij] X[ij] -> i); 0, None) + sum(Y[ij] Y[ij] -> i) + -2*sum(X[ij] Y[kj] -> ik)
after:  view(sum((X + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[ij] (X + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[ij] -> i); 0, None) + sum((Y + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[ij] (Y + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[ij] -> i) + -2*sum((X + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[ij] (Y + -1*(builtin(1, m; max)**-1*sum(Y; 0)))[kj] -> ik)

So are those with a weight for each coordinate:

>>> from sympy import DiagMatrix, HadamardPower
>>> c = MatrixSymbol("c", k, 1)
>>> weighted = HadamardPower(X, 2)*c*OneMatrix(1, n) + OneMatrix(n, 1)*(HadamardPower(X, 2)*c).T - 2*X*DiagMatrix(c)*X.T
>>> before_and_after(centred, weighted)  # doctest: +ELLIPSIS
before: view(sum((X**2)[ij] c[j] -> i); 0, None) + sum(c[i] (X**2)[ji] -> j) + -2*sum(X[ij] c[j] X[kj] -> ik)
after:  view(sum(((X + ...)**2)[ij] c[j] -> i); 0, None) + sum(c[i] ((X + ...)**2)[ji] -> j) + -2*sum((X + ...)[ij] c[j] (X + ...)[kj] -> ik)

Of a sum that is no distance nothing is moved:

>>> before_and_after(centred, rows - X*Y.T)
before: view(sum(X[ij] X[ij] -> i); 0, None) + sum(Y[ij] Y[ij] -> i) + -1*sum(X[ij] Y[kj] -> ik)
after:  view(sum(X[ij] X[ij] -> i); 0, None) + sum(Y[ij] Y[ij] -> i) + -1*sum(X[ij] Y[kj] -> ik)
"""  # noqa: E501  a graph is printed in one line

from dataclasses import dataclass
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from .walk import passed


def centred(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the rule applied once to every node; of sparse arguments, which would be dense, as they are."""
    if any(p.is_sparse for p in context.parameters):
        return roots
    return passed(graph, roots, {"add": (lambda g, node: _moved(g, node, context),)})


@dataclass(frozen=True)
class _OfPoints:
    """``scale * sum_r x_ir y_jr w_r``, of i and j, or of x = y at i alone; `weights`: of the coordinates, in order of their numbers;
    `axes`: which axis of x, and of y, has the points.
    """

    node: Node
    x: Node
    y: Node
    weights: tuple[Node, ...]
    scale: Node
    axes: tuple[int, int]

    def moved(self, g: Graph, new: dict[int, Node]) -> Node:
        """The same of other points, `new` by number."""
        *arrays, scale = self.node.args
        squares = {g.pow(x, g.const(2)).number: x for x in (self.x, self.y)}
        args = [g.pow(new[squares[a.number].number], g.const(2)) if a.number in squares else new.get(a.number, a) for a in arrays]
        return g.make("contract", (*args, scale), self.node.attrs)


def _moved(g: Graph, node: Node, context: Context) -> Node | None:
    """The sum with its squared distances by points that are moved; None where it has none."""
    if node.ndim != 2:
        return None
    across, along = [], {}
    for k, a in enumerate(node.args):
        is_column = a.op == "view" and a.attrs == (0, None)
        found = _read(a.args[0] if is_column else a)
        if found is not None and a.ndim == 2 and not is_column:
            across.append((k, found))
        elif found is not None:
            along[found.x, found.axes[0], found.weights, is_column] = k, found
    for at, product in across:
        x, y = product.x, product.y
        if x is y and len(set(product.axes)) > 1:  # rows and columns of one matrix, which would be moved in two ways
            continue
        (row, first), (column, second) = (
            along.get((z, axis, product.weights, c), (0, None)) for z, axis, c in ((x, product.axes[0], True), (y, product.axes[1], False))
        )
        if first is None or second is None or not all(_is_twice(g, product.scale, square.scale) for square in (first, second)):
            continue
        new = moved_points(g, (x, y), product.axes, context)
        args = list(node.args)
        args[row] = g.view(first.moved(g, new), (0, None))
        args[column], args[at] = second.moved(g, new), product.moved(g, new)
        return g.add(*args)
    return None


def moved_points(g: Graph, points: tuple[Node, Node], axes: tuple[int, int], context: Context) -> dict[int, Node]:
    """What takes the places of two matrices of points, by their numbers: they less the mean of the second."""
    mean = g.mul(g.const(-1), _mean(g, points[1], axes[1], context))
    return {z.number: g.add(z, g.view(mean, (0, None)) if axis else mean) for z, axis in zip(points, axes, strict=True)}


def _read(node: Node) -> _OfPoints | None:
    """A contraction as such a product of points, None where it is none."""
    if node.op != "contract" or any(node.attrs[1]) or node.ndim not in (1, 2):
        return None
    inputs, _, out, _ = node.attrs
    *arrays, scale = node.args
    matrices: list[tuple[Any, Node]] = []
    weights = []
    for a, labels in zip(arrays, inputs, strict=True):
        is_square = node.ndim == 1 and a.op == "pow" and a.args[1].value == 2
        if len(labels) == 2:
            matrices += [(labels, a.args[0])] * 2 if is_square else [(labels, a)]
        else:
            weights.append((labels, a))
    if len(matrices) != 2:
        return None
    inner = next((z for z in matrices[0][0] if z not in out and z in matrices[1][0]), None)
    if inner is None or any(len({*labels}) < 2 for labels, _ in matrices):
        return None
    one, two = axes = tuple(1 - labels.index(inner) for labels, _ in matrices)
    row, column = matrices[0][0][one], matrices[1][0][two]
    places = (row,) if node.ndim == 1 and row == column else (row, column)
    is_one = out == places and all(labels == (inner,) for labels, _ in weights)
    x, y = (a for _, a in matrices)
    is_square = x is y and one == two  # X_ir X_ri is none
    if not is_one or node.ndim == 1 and not is_square or len(set(places)) < len(places):
        return None
    return _OfPoints(node, x, y, tuple(sorted((a for _, a in weights), key=lambda a: a.number)), scale, axes)


def _is_twice(g: Graph, product: Node, square: Node) -> bool:
    """Whether that of a product is -2 times that of a square."""
    if product.value is None or square.value is None:
        return g.mul(g.const(-2), square) is product
    return bool(product.value == -2 * square.value)


def _mean(g: Graph, x: Node, axis: int, context: Context) -> Node:
    count = g.make("builtin", (g.const(1), context.size_of(x.shape[axis])), ("max",), integer=True, weak=True)
    return g.mul(g.sum(x, (axis,)), g.pow(count, g.const(-1)))
