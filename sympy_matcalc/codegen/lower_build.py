"""Lowering of matrices that are given entry by entry, block by block, or by a function of the indices."""

from sympy import S
from sympy.tensor.array.arrayop import Flatten

from .ir.labels import Label
from .lower import NeedsLoop, children, rule, shape_of
from .lower_matrix import squeezed
from .values import Val


@rule("ImmutableDenseMatrix", "MutableDenseMatrix", "ImmutableSparseMatrix", "MutableSparseMatrix", "MatrixBase")
def explicit(ctx, e):
    rows = [[ctx.scalar(e[i, j]) for j in range(e.shape[1])] for i in range(e.shape[0])]
    flat = [v for row in rows for v in row]
    if any(v.labels for v in flat):
        raise NeedsLoop("explicit matrix")
    if len(flat) == 1:
        return flat[0]
    layout = (len(rows), len(rows[0])) if 1 not in e.shape else (len(flat),)
    labels = tuple(k for k, s in enumerate(e.shape) if s != 1)
    return Val(ctx.graph.make("array", (*(v.node for v in flat), ctx.graph.dtype_node()), layout), labels)


@children("MatrixBase")
def explicit_children(e):
    return list(e)


@rule("ImmutableDenseNDimArray", "ImmutableSparseNDimArray")
def explicit_array(ctx, e):
    """The entries in one row, in the shape of the axes that are longer than 1."""
    flat = [ctx.scalar(x) for x in Flatten(e)]
    if any(v.labels for v in flat):
        raise NeedsLoop("explicit array")
    labels = tuple(k for k, s in enumerate(e.shape) if s != 1)
    if not labels:
        return flat[0]
    node = ctx.graph.make("array", (*(v.node for v in flat), ctx.graph.dtype_node()), (len(flat),))
    return Val(ctx.graph.reshape(node, [ctx.const(int(e.shape[k])).node for k in labels]) if len(labels) > 1 else node, labels)


@children("ImmutableDenseNDimArray", "ImmutableSparseNDimArray")
def entries_of_array(e):
    return list(Flatten(e))


@rule("BlockMatrix", "BlockDiagMatrix")
def block(ctx, e):
    blocks = e.blocks
    rows = [[ctx.matrix(blocks[i, j])[0] for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    node = ctx.graph.make("block", tuple(b for row in rows for b in row), (len(rows), len(rows[0])))
    return squeezed(ctx, node, shape_of(e))


@children("BlockMatrix", "BlockDiagMatrix")
def block_children(e):
    blocks = e.blocks
    return [blocks[i, j] for i in range(blocks.shape[0]) for j in range(blocks.shape[1])]


@rule("FunctionMatrix")
def function_matrix(ctx, e):
    m, n, f = e.args
    bindings, labels = {}, {}
    for axis, (s, size) in enumerate(zip(f.signature, (m, n), strict=True)):
        if size == 1:
            bindings[s] = ctx.const(0)
            continue
        label = Label(size, index=True, low=S.Zero)
        bindings[s] = arange(ctx, label)
        labels[label] = axis
    val = ctx.scoped(bindings, lambda: ctx.low(f.expr))
    return Val(val.node, tuple(labels.get(x, x) for x in val.labels))


def arange(ctx, label):
    """The integers that an index runs over."""
    low, size = ctx.size(label.low), ctx.size(label.size)
    return Val(ctx.graph.make("arange", (low, ctx.graph.add(low, size)), integer=True), (label,))


@children("FunctionMatrix", "Lambda")
def function_matrix_children(e):
    return ()
