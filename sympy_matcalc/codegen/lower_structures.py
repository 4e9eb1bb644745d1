"""Lowering of the bases of structured matrices, and of sums and means over tied entries."""

from ..nodes.bases import StructureBasis
from ..nodes.declaration import NODES
from .lower import read_arrays, rule, shape_of
from .lower_matrix import squeezed

BASES = tuple(name for name, cls in NODES.items() if issubclass(cls, StructureBasis))
TIED = ("ToeplitzSums", "ToeplitzMeans", "HankelSums", "HankelMeans", "CirculantSums")


@rule(*BASES)
def basis(ctx, e):
    return squeezed(ctx, _basis(ctx, e.pattern, e.of_shape), shape_of(e))


@rule("EliminationMatrix")
def elimination(ctx, e):
    """The transpose of the basis of lower triangular matrices."""
    return squeezed(ctx, ctx.graph.transpose(_basis(ctx, "lower", e.args * 2)), shape_of(e))


def _basis(ctx, kind, sizes):
    return ctx.graph.make("structure_basis", (*map(ctx.size, sizes), ctx.graph.dtype_node()), (kind,))


@rule(*TIED)
def tied(ctx, e):
    return squeezed(ctx, ctx.graph.make("tied", (ctx.matrix(e.arg)[0],), (e.pattern, e.mean)), shape_of(e))


read_arrays(*BASES, "EliminationMatrix", *TIED)
