"""Linear operators that select and add up entries by a pattern: from a scalar their adjoint applies, between arrays the pattern is a leaf.

A node that is linear in its first argument is declared here only: its differential follows.
"""

from ..canonical.gathering import gather_of, scatter_of
from ..canonical.products import cumulative_sum_of
from ..canonical.triangles import triangle_of
from ..kernel import make
from ..kernel.shapes import shape_of
from ..nodes import CumulativeSum, Gather, LowerTriangle, ReverseCumulativeSum, Scatter, UpperTriangle
from ..nodes.linearity import Operator
from ..notation.term import new_axis
from ..rules.registry import builtin
from .entries import of_same_kind
from .operators import declare


def selects(*classes, name, adjoint):
    """Declare the nodes of some classes linear in their first argument.

    adjoint: ``f(node, W)``, prepared. The decorated function passes a term to the argument, ``f(node, term) -> term``, with the pattern
    among its leaves.
    """

    def register(leaves):
        for cls in classes:
            builtin(cls, name=name)(_rule_of(cls))
            declare(
                cls,
                Operator(
                    positions=lambda node: (0,),
                    replaced=lambda node, at, e: of_same_kind(node, e),
                    adjoint=lambda node, at, w: adjoint(node, w),
                    leaves=lambda node, at, term: leaves(node, term),
                ),
            )
        return leaves

    return register


def _rule_of(cls):
    def d_selected(node, d):
        da = d(node.args[0])
        return None if da is None else of_same_kind(node, da)

    name = cls.__name__
    d_selected.__name__, d_selected.__doc__ = f"d_{name.lower()}", f"d {name}(A) = {name}(dA)."
    return d_selected


@selects(UpperTriangle, LowerTriangle, name="linearity of a triangle", adjoint=lambda node, w: triangle_of(type(node), w, node.offset))
def through_triangle(node, term):
    """dA o the pattern, the triangle of ones."""
    return term.with_leaves((triangle_of(type(node), make.ones(*shape_of(node)), node.offset), *term.hole))


OPPOSITE = {CumulativeSum: ReverseCumulativeSum, ReverseCumulativeSum: CumulativeSum}


@selects(
    CumulativeSum,
    ReverseCumulativeSum,
    name="linearity of cumulative sums",
    adjoint=lambda node, w: cumulative_sum_of(OPPOSITE[type(node)], w),
)
def through_cumulative_sum(node, term):
    """L dA with the lower triangle of ones, or its transpose."""
    n, (row, col) = shape_of(node)[0], term.hole
    inner, pattern = new_axis(n), triangle_of(LowerTriangle, make.ones(n, n))
    ends = (row, inner) if isinstance(node, CumulativeSum) else (inner, row)
    return term.with_leaves((pattern, *ends), hole=(inner, col))


@selects(Gather, name="linearity of gathering rows", adjoint=lambda node, w: scatter_of(w, node.args[1], shape_of(node.arg)[0]))
def through_gather(node, term):
    """S dA, S the gathered rows of the identity."""
    (row, col), n = term.hole, shape_of(node.arg)[0]
    inner = new_axis(n)
    return term.with_leaves((gather_of(make.identity(n), node.args[1]), row, inner), hole=(inner, col))


@selects(Scatter, name="linearity of scattering rows", adjoint=lambda node, w: gather_of(w, node.args[1]))
def through_scatter(node, term):
    """S' dA, S the gathered rows of the identity."""
    (row, col), n = term.hole, node.args[2]
    inner = new_axis(shape_of(node.arg)[0])
    return term.with_leaves((gather_of(make.identity(n), node.args[1]), inner, row), hole=(inner, col))
