"""Sums and means over tied entries as linear operators: each is its own adjoint; between arrays the basis of the structure is a leaf."""

from ..canonical.tied_entries import TIED, tied_of
from ..conventions import vec_axis
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import CirculantBasis, HankelBasis, ToeplitzBasis
from ..notation.term import new_axes, new_axis
from .selections import selects

BASES = {basis.pattern: basis for basis in (ToeplitzBasis, HankelBasis, CirculantBasis)}


@selects(*TIED, name="linearity of sums over diagonals", adjoint=lambda node, w: tied_of(type(node), w))
def through_tied(node, term):
    """B B' vec dA of the sums, B (B'B)^-1 B' vec dA of the means."""
    shape = shape_of(node)
    basis = raw(BASES[node.pattern], *(shape[:1] if node.square else shape))
    axes, one = new_axes(shape), new_axis(shape_of(basis)[1])
    other = new_axis(shape_of(basis)[1]) if node.mean else one
    counts = [(make.inverse(make.mul(transpose(basis), basis)), one, other)] if node.mean else []
    return term.with_leaves((basis, vec_axis(term.hole), one), *counts, (basis, vec_axis(axes), other), hole=axes)
