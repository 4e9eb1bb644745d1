"""A determinant times the inverse is an adjugate, which a singular matrix has too: both are of the matrix with its tiny pivots moved.

Moved by a rounding error, so that the determinant is tiny and the inverse huge; their product is the adjugate of a matrix that differs by a
rounding error. A solution with the matrix is a product with the inverse, at any depth.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
>>> before_and_after(adjugates, Determinant(A)**2*A.I)
before: det(A)**2*inv(A)
after:  det(regular(A))**2*inv(regular(A))

The inverse of another matrix has to be there:

>>> before_and_after(adjugates, Determinant(A)*B.I)
before: det(A)*inv(B)
after:  det(A)*inv(B)
"""

from collections import Counter

from ..ir.demands import Form
from ..schedule import reachable
from ..steady.walk import raised
from .nodes import behind

# no contraction is left when this pass runs, nor an inverse in one
LINEAR_IN = {Form.PRODUCT: lambda node: node.args, Form.LINEAR: lambda node: node.args[:1]}


def adjugates(graph, roots, context):
    """The roots with determinants and inverses that meet in a product of a matrix that may be singular."""
    order = reachable(roots)
    if not context.backend.factors or not any(node.op in ("det", "adjugate") for node in order):
        return roots
    uses = Counter(a.number for a in [*roots, *(a for node in order for a in node.args)])
    new = {}
    for node in order:
        out = _node(graph, node, [new[a.number] for a in node.args], uses)
        uses[out.number] = max(uses[out.number], uses[node.number])
        new[node.number] = out
    return tuple(new[r.number] for r in roots)


def _node(g, node, args, uses):
    if node.op == "adjugate" and args[0].ndim == 2:
        matrix = _regular(g, args[0])
        return g.mul(g.make("inv", (matrix,)), g.make("det", (matrix,)))
    node = g.remake(node, args)
    return _product(g, node, uses) if node.op == "mul" else node


def _product(g, node, uses):
    """A product with the first determinant in it taken together with an inverse of its matrix, if there is one."""
    for k, factor in enumerate(node.args):
        base, power = raised(factor)
        if base.op != "det" or power < 1 or base.args[0].ndim != 2:
            continue
        parts = square_factors(base.args[0]) if uses[base.number] < 2 else [base.args[0]]
        for i, part in enumerate(parts):
            for j, other in enumerate(node.args):
                inner = None if j == k else _Inside(g, other, behind(part), uses).replaced
                if inner is not None:
                    rest = [a for place, a in enumerate(node.args) if place not in (j, k)]
                    matrices = [*parts[:i], _regular(g, part), *parts[i + 1 :]]
                    return g.mul(*rest, inner, *(g.pow(g.make("det", (M,)), g.const(power)) for M in matrices))
    return node


def square_factors(matrix):
    """The square matrices whose product a matrix is."""
    if matrix.op != "matmul" or not all(a.shape == matrix.shape for a in matrix.args):
        return [matrix]
    return [part for a in matrix.args for part in square_factors(a)]


def _regular(g, matrix):
    """The matrix with its tiny pivots moved; a transpose as the transpose of that."""
    inner = behind(matrix)
    moved = g.make("regular", (inner,))
    return moved if inner is matrix else g.transpose(moved)


class _Inside:
    """A node that is linear in the inverse of a matrix, with that of the moved one as `replaced`; None where it is not, or where a part
    of it that holds the inverse is used elsewhere too.
    """

    def __init__(self, g, node, matrix, uses):
        self.g, self.matrix, self.uses, self.known = g, matrix, uses, {}
        self.here = Counter([node.number, *(a.number for part in reachable([node]) for a in part.args)])
        self.replaced = self._replaced(node)

    def _replaced(self, node):
        if node.number not in self.known:
            shared = self.uses[node.number] > self.here[node.number]
            self.known[node.number] = None if shared else self._found(node)
        return self.known[node.number]

    def _found(self, node):
        if node.op in ("inv", "solve") and behind(node.args[0]) is self.matrix:
            return self.g.remake(node, [_regular(self.g, node.args[0]), *node.args[1:]])
        if node.kind.form is Form.SUM:
            found = [self._replaced(a) for a in node.args]
            return self.g.remake(node, [a if new is None else new for a, new in zip(node.args, found)]) if any(found) else None
        linear_in = LINEAR_IN.get(node.kind.form)
        for k, operand in enumerate(linear_in(node) if linear_in else ()):
            found = self._replaced(operand)
            if found is not None:
                return self.g.remake(node, [found if i == k else a for i, a in enumerate(node.args)])
        return None
