"""Matrices at whose singular values an expression with their inverses may have a limit: the determinant multiplies what the inverse is in.

That is so in second derivatives of a determinant and of an adjugate, whose terms have no limit each. Whether the whole has one is seen when
the function runs, of a matrix that is nearly singular, by values beside it. (A single inverse beside the determinant is an adjugate: see
`adjugates`.) There the whole is to be a polynomial of the step, so the determinants inside of other functions are computed apart, as
constants.

>>> from sympy import MatrixSymbol, exp, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(constants_apart, exp(Determinant(A))*Determinant(A)*A.I)
before: det(A)*exp(det(A))*inv(A)
after:  det(A)*exp(det(A; apart))*inv(A)

Where no inverse is beside a determinant, all stays:

>>> before_and_after(constants_apart, exp(Determinant(A))*A.I)
before: exp(det(A))*inv(A)
after:  exp(det(A))*inv(A)
"""

from ..ir.demands import Form
from ..schedule import reachable
from ..steady.walk import raised
from .adjugates import square_factors
from .nodes import behind, factored_matrix

REMOVABLE = "removable"
MULTIPLIED = frozenset({"outer_sum", "weighted_gram"})  # beside those whose form is a product
NOTHING: frozenset[int] = frozenset()


def constants_apart(graph, roots, context):
    """The roots with determinants of such matrices computed apart where they are inside of what is no polynomial."""
    order = reachable(roots)
    numbers = removable(order, context)
    if not numbers:
        return roots
    new, constant = {}, {}
    for node in order:
        inside = _polynomial_in(node)
        new[node.number] = graph.remake(node, [(new if k in inside else constant)[a.number] for k, a in enumerate(node.args)])
        constant[node.number] = graph.remake(node, [constant[a.number] for a in node.args])
        if node.op in ("det", "slogdet") and behind(node.args[0]).op != "regular" and not numbers.keys().isdisjoint(_parts(node)):
            constant[node.number] = graph.make(node.op, (factored_matrix(constant[node.number]),), ("apart",))
            if node.op == "det" and factored_matrix(node).number not in numbers:
                new[node.number] = graph.mul(*(graph.of_square("det", part) for part in square_factors(factored_matrix(new[node.number]))))
    return tuple(new[r.number] for r in roots)


def removable(order, context):
    """``{number of the matrix: REMOVABLE}``, where the source may look at values and can be run again beside the matrix."""
    if not context.backend.factors or not context.backend.looks_at_values or context.memory is not None:
        return {}
    sparse = {p.symbol for p in context.parameters if p.is_sparse}
    if any(node.op == "arg" and node.attrs[0] in sparse for node in order):
        return {}
    found, dets, inverses = set(), {}, {}
    for node in order:
        dets[node.number], inverses[node.number] = _read(node, dets, inverses)
        if _multiplies(node):
            found |= dets[node.number] & inverses[node.number]
    return dict.fromkeys(sorted(found), REMOVABLE)


def _multiplies(node):
    return node.op in MULTIPLIED or node.kind.form is Form.PRODUCT


def _polynomial_in(node):
    """The operands, by position, in which a node is a polynomial."""
    base, power = raised(node)
    if _multiplies(node) or node.kind.form is Form.SUM:
        return range(len(node.args))
    if node.op == "solve":
        return range(1, 2)
    is_power = base is not node and isinstance(power, int) and power > 0
    return range(1 if is_power or node.kind.form is Form.LINEAR else 0)


def _read(node, dets, inverses):
    """(the matrices whose determinant a node is a multiple of, those whose inverse it is a polynomial in)."""
    operands = [node.args[k].number for k in _polynomial_in(node)]
    det, inverse = (NOTHING.union(*(table[number] for number in operands)) for table in (dets, inverses))
    if node.attrs == ("apart",) or node.op not in ("det", "inv", "solve") or node.args[0].ndim != 2:
        return det, inverse
    if node.op == "det":
        return _parts(node), inverse
    return det, inverse if behind(node.args[0]).op == "regular" else inverse | {factored_matrix(node).number}


def _parts(node):
    """The matrix of a determinant, and the square ones whose product it is."""
    matrix = factored_matrix(node)
    return frozenset([matrix.number, *(behind(part).number for part in square_factors(matrix))])
