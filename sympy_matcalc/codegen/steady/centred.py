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

Of a sum that is no distance nothing is moved:

>>> before_and_after(centred, rows - X*Y.T)
before: view(sum(X[ij] X[ij] -> i); 0, None) + sum(Y[ij] Y[ij] -> i) + -1*sum(X[ij] Y[kj] -> ik)
after:  view(sum(X[ij] X[ij] -> i); 0, None) + sum(Y[ij] Y[ij] -> i) + -1*sum(X[ij] Y[kj] -> ik)
"""  # noqa: E501  a graph is printed in one line

from .walk import passed


def centred(graph, roots, context):
    """The roots with the rule applied once to every node; of sparse arguments, which would be dense, as they are."""
    if any(p.is_sparse for p in context.parameters):
        return roots
    return passed(graph, roots, {"add": (lambda g, node: _moved(g, node, context),)})


def _moved(g, node, context):
    """The sum with its squared distances by rows that are moved; None where it has none."""
    if node.ndim != 2:
        return None
    for product in filter(_is_product_of_rows, node.args):
        (x, y, scale), square = product.args, _number(-product.args[2].value / 2)
        squares = (g.view(_of_rows(g, x, square), (0, None)), _of_rows(g, y, square))
        if all(s in node.args for s in squares):
            rest = [a for a in node.args if a not in (product, *squares)]
            mean = _mean_of_rows(g, y, context)
            x, y = (g.add(rows, g.mul(g.const(-1), mean)) for rows in (x, y))
            new = g.make("contract", (x, y, scale), product.attrs)
            return g.add(*rest, g.view(_of_rows(g, x, square), (0, None)), _of_rows(g, y, square), new)
    return None


def _is_product_of_rows(node):
    """Whether it is a number times X Y', of two matrices."""
    if node.op != "contract" or len(node.args) != 3 or not isinstance(node.args[2].value, (int, float)):
        return False
    labels, inverses, out, _ = node.attrs
    if any(inverses) or any(len(axes) != 2 for axes in labels):
        return False
    (row, inner), (column, other) = labels
    return inner == other and out == (row, column) and row != column


def _number(value):
    """A number as graphs have it: whole ones as integers."""
    return int(value) if value == int(value) else value


def _of_rows(g, x, scale):
    """scale |x_i|^2 of every row."""
    return g.make("contract", (x, x, g.const(scale)), (((0, 1), (0, 1)), (False, False), (0,), tuple(x.shape)))


def _mean_of_rows(g, x, context):
    rows = g.make("builtin", (g.const(1), context.size_of(x.shape[0])), ("max",), integer=True, weak=True)
    return g.mul(g.sum(x, (0,)), g.pow(rows, g.const(-1)))
