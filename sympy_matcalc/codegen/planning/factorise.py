"""One factorisation for all uses of a matrix: its inverse, solutions with it and with its transpose, its determinant.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(factorised, A.I/Determinant(A))
before: det(A)**-1*inv(A)
after:  det_factored(factor(A; general))**-1*inv_factored(factor(A; general))

A determinant alone is the cheaper function of the library:

>>> before_and_after(factorised, Determinant(A))
before: det(A)
after:  det(A)
"""

from ..schedule import reachable
from .forms import quadratic
from .low_rank import by_low_rank, low_ranks
from .mirrored import needed
from .nodes import behind, factored_matrix, is_turned
from .removable import removable


def factorised(graph, roots, context):
    """The roots with factorisations that are shared. A matrix with one use keeps that where it is cheap; an inverse, and a solution with
    many columns, are half the work where the matrix turns out to be symmetric.
    """
    if not context.backend.factors:
        return roots
    order = reachable(roots)
    uses = _uses(order)
    shared, kinds = _shared(order, uses), removable(order, context) | _kinds(order, uses, context.positive_definite)
    looks = context.backend.looks_at_values and not any(p.is_sparse for p in context.parameters)
    if looks and context.memory is None:
        shared |= low_ranks(order, uses, context)
    new = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        new[node.number] = _node(graph, node, args, shared, kinds, looks)
    roots = [new[r.number] for r in roots]
    if looks and context.memory is None:
        roots = by_low_rank(graph, roots, context)
    roots = quadratic(graph, tuple(roots), context)
    return turned_alike(graph, roots) if looks else roots


def turned_alike(graph, roots):
    """The roots with solutions with the transpose, where those with the matrix are there too, as what these are of a symmetric matrix.

    >>> from sympy import MatrixSymbol, symbols
    >>> from sympy_matcalc import lambdify
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> print(*lambdify([A, x], A.I*x + A.T.I*x).source.splitlines()[-4:-1], sep="\\n")
        t1 = _factor(A)
        t2 = _factor_solve(t1, x)
        t3 = t2 + _factor_turned(t2, t1, x)
    """
    order = reachable(roots)
    known = {(n.args[0].number, n.args[1].number): n for n in order if n.op == "solve_factored" and not n.attrs[0]}
    if not known:
        return roots
    new = {}

    def renewed(node):  # operands come first in the order, but for solutions that are taken in the place of others
        if node.number not in new:
            args = [renewed(a) for a in node.args]
            other = known.get((node.args[0].number, node.args[1].number)) if node.op == "solve_factored" and node.attrs[0] else None
            new[node.number] = graph.make("turned_factored", (renewed(other), *args)) if other else graph.remake(node, args)
        return new[node.number]

    return tuple(map(renewed, [*order, *roots]))[len(order) :]


def _uses(order):
    """The operations that need a factorisation of each matrix, by its number."""
    uses = {}
    for node in order:
        if node.kind.factored and node.args[0].ndim == 2 and node.attrs != ("apart",):
            uses.setdefault(factored_matrix(node).number, []).append("solve columns" if node.op == "solve" and node.ndim > 1 else node.op)
    return uses


def _shared(order, uses):
    """The numbers of the matrices that are factored once for all; a product too, since it may be singular by its sizes."""
    shared = {number for number, ops in uses.items() if len(ops) > 1 or ops[0] in ("inv", "solve columns")}
    return shared | {n.number for n in order if n.number in uses and n.op in ("matmul", "weighted_gram")}


def _kinds(order, uses, positive_definite):
    """What is known of matrices, by number: positive_definite, or singular, where all that is solved with is one whose pivots are moved."""
    known = {n.number for n in order if n.op == "arg" and n.attrs[0] in positive_definite and n.number in uses}
    solved = [n for n in order if n.op in ("inv", "solve")]
    moved = {factored_matrix(n).number for n in solved if _is_moved(n)}
    singular = moved - {factored_matrix(n).number for n in solved if not _is_moved(n)}
    return dict.fromkeys(singular, "singular") | dict.fromkeys(known, "positive_definite")


def _node(g, node, args, shared, kinds, looks):
    if node.op == "view" and node.attrs == (1, 0) and args[0].symmetric:
        return args[0]
    base = factored_matrix(node) if node.kind.factored and node.attrs != ("apart",) else None
    if base is None or base.number not in shared and kinds.get(base.number) != "positive_definite":
        return g.remake(node, args)
    turned = is_turned(args[0])
    kind = kinds.get(base.number, "general")
    matrix = behind(args[0])
    moved = matrix.op == "regular"
    matrix = matrix.args[0] if moved else matrix
    mirrored = needed(matrix) if looks and kind == "general" else None
    if mirrored is None or matrix in mirrored:
        factor = g.make("factor", (matrix, *_rank(g, matrix)), (kind,))
    else:
        mirrored = [a for a in mirrored if a.number not in g.symmetric]
        factor = g.make("factor", (matrix, *_rank(g, matrix), *mirrored), ("symmetric", len(mirrored)))
    if moved and kind != "positive_definite":
        factor = g.make("regular_factored", (matrix, factor))
    if node.op == "solve":
        return g.make("solve_factored", (factor, args[1]), (turned,))
    if node.op == "inv":
        out = g.make("inv_factored", (factor,))
        return g.transpose(out) if turned else out
    return g.make(node.kind.factored, (factor,))


def _is_moved(node):
    return behind(node.args[0]).op == "regular"


def _rank(g, matrix):
    """What the rank of a product cannot exceed: rounding hides that the product of a tall and a wide matrix is singular."""
    if matrix.op not in ("matmul", "weighted_gram"):
        return ()
    first = matrix.args[0]
    inner = behind(first)
    axis = 0 if matrix.op == "weighted_gram" or inner is not first else 1
    return (g.make("size", (inner,), (axis,), integer=True, weak=True),)
