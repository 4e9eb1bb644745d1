"""Lowering of what derivatives of rotations are made of, and of the rotations of quaternions."""

from .lower import read_arrays, rule
from .lower_cross import entries
from .lower_norms import entries as all_entries
from .lower_norms import reduce_entries
from .values import COL, ROW, Val

read_arrays("Stumpff")


@rule("Stumpff")
def stumpff(ctx, e):
    val, axes = all_entries(ctx, e.arg)
    square = ctx.graph.mul(val.node, val.node)
    squared = reduce_entries(ctx, "sum", Val(square, val.labels), axes) if axes else Val(square, val.labels)
    ctx.graph.real.add(squared.node.number)
    return Val(ctx.graph.make("stumpff", (squared.node,), (int(e.args[1]),)), squared.labels)


@rule("RightJacobian")
def right_jacobian(ctx, e):
    return ctx.low(e.defined)


@rule("QuaternionRotation")
def quaternion_rotation(ctx, e):
    g, (s, x, y, z) = ctx.graph, entries(ctx, e.arg, 4)
    ss, xx, yy, zz = (g.mul(a, a) for a in (s, x, y, z))
    plus = lambda *terms: g.add(*(g.mul(g.const(c), *factors) for c, *factors in terms))  # noqa: E731
    rows = [
        [plus((1, ss), (1, xx), (-1, yy), (-1, zz)), plus((2, x, y), (-2, s, z)), plus((2, x, z), (2, s, y))],
        [plus((2, x, y), (2, s, z)), plus((1, ss), (-1, xx), (1, yy), (-1, zz)), plus((2, y, z), (-2, s, x))],
        [plus((2, x, z), (-2, s, y)), plus((2, y, z), (2, s, x)), plus((1, ss), (-1, xx), (-1, yy), (1, zz))],
    ]
    return Val(g.make("array", (*sum(rows, []), g.dtype_node()), (3, 3)), (ROW, COL))
