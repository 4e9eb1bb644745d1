"""Networks as they are, and what is dense: the forms of last resort."""

from opt_einsum import get_symbol

from .layout import Layout
from .parts import reduced


def number(ctx, scale):
    """A scalar node in the precision of the data."""
    return ctx.graph.full(scale, []) if scale.weak else scale


def network(ctx, term, arrays=None, scale=None):
    """``TensorOperator("ab,bc->ai,ci", [...])`` of a term; arrays: its factors where they have been reduced already, and its scale."""
    g = ctx.graph
    if arrays is None:
        arrays, scale = reduced(ctx, term, 2 if len(term.kept) > 2 else 1)
    letters = {x: get_symbol(k) for k, x in enumerate(dict.fromkeys([*term.kept, *(x for f in arrays for x in f.labels)]))}
    spec = ["".join(letters[x] for x in labels) for labels in (*(f.labels for f in arrays), term.rows, term.cols)]
    nodes = [f.node for f in arrays]
    if not nodes:
        nodes, spec = [number(ctx, scale)], ["", *spec]
    elif scale.value != 1:
        k = min(range(len(nodes)), key=lambda k: (nodes[k].ndim, nodes[k].op == "arg"))
        nodes[k] = g.mul(scale, nodes[k])
    if len(arrays) == 1 and _covers(term, arrays[0]):
        at = arrays[0].labels.index
        return dense(ctx, g.permute(nodes[0], [at(x) for x in term.rows + term.cols]), len(term.rows))
    shown = {x for f in arrays for x in f.labels}
    sizes = {letters[x]: ctx.size(x.size) for x in letters if x not in shown}
    text = f"{','.join(spec[:-2])}->{spec[-2]},{spec[-1]}"
    return Layout("TensorOperator", (text, nodes, *([sizes] if sizes else [])))


def zero(ctx, shape, count):
    """The operator of zeros of a shape."""
    axes = [ctx.size(s) for s in shape]
    letters = [get_symbol(k) if s != 1 else "" for k, s in enumerate(shape)]
    spec = f"->{''.join(letters[:count])},{''.join(letters[count:])}"
    sizes = {x: n for x, n in zip(letters, axes) if x}
    return Layout("TensorOperator", (spec, [number(ctx, ctx.graph.const(0))], sizes))


def dense(ctx, node, rows):
    """``DenseOperator(array, count)`` of an array whose first `rows` axes are those of the result."""
    return Layout("DenseOperator", (node, *([rows] if (rows, node.ndim) != (1, 2) else [])))


def is_dense(term):
    """Whether an array of the term is as large as the whole."""
    return any(_covers(term, f) for f in term.factors)


def _covers(term, f):
    """Whether a factor has all axes, each with an index of its own."""
    return len(term.kept) == len(term.rows + term.cols) and term.kept.keys() <= {*f.labels}


def total(parts):
    """The sum of layouts."""
    return parts[0] if len(parts) == 1 else Layout("SumOperator", tuple(parts))
