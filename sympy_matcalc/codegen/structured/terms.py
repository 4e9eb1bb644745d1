"""An expression as a sum of products: each a network whose axes are labelled, with equal labels where there is a delta."""

from sympy import Add, MatAdd, MatMul, Mul

from ..lower import is_array, product_rule, shape_of
from ..lower_sum import term_net, term_value
from ..network import Net, leaf, settled


class Term:
    """A product: scale (a scalar node), factors, and for each axis its labels in order, several where the axis is fused of them."""

    def __init__(self, scale, factors, axes):
        self.scale, self.factors, self.axes = scale, factors, axes

    def split(self, count):
        """Set the labels of the rows, those of the first `count` axes, and of the columns, the rest."""
        self.rows = tuple(x for axis in self.axes[:count] for x in axis)
        self.cols = tuple(x for axis in self.axes[count:] for x in axis)
        self.kept = dict.fromkeys(self.rows + self.cols)
        return self


def terms_of(ctx, e):
    """The terms of an array expression that are not plainly zero."""
    return [t for t in _terms(ctx, e) if t.scale.value != 0]


def _terms(ctx, e):
    if isinstance(e, (MatAdd, Add)) or type(e).__name__ == "ArrayAdd":
        return [t for a in e.args for t in _terms(ctx, a)]
    if isinstance(e, (MatMul, Mul)):
        arrays = [a for a in e.args if is_array(a)]
        if len(arrays) == 1:
            scale = [ctx.low(a).node for a in e.args if not is_array(a)]
            return [Term(ctx.graph.mul(*scale, t.scale), t.factors, t.axes) for t in _terms(ctx, arrays[0])]
    if type(e).__name__ == "Transpose":
        return [Term(t.scale, t.factors, t.axes[::-1]) for t in _terms(ctx, e.args[0])]
    if type(e).__name__ == "KroneckerProduct":
        return [_kronecker(ctx, e)]
    if any(c.__name__ == "Einsum" for c in type(e).__mro__):
        return [_of_einsum(ctx, t, shape_of(e)) for t in e.terms]
    net = leaf(ctx.low(e), shape_of(e)) if product_rule(e) is None else ctx.net(e)
    return [_settled(ctx, net, [(x,) for x in net.out])]


def _kronecker(ctx, e):
    whole, axes = Net(), [(), ()]
    for a in e.args:
        net = ctx.net_inside(a)
        whole.absorb(net)
        axes = [(*axis, x) for axis, x in zip(axes, net.out, strict=True)]
    return _settled(ctx, whole, axes)


def _of_einsum(ctx, term, shape):
    if term.limits:
        net = leaf(term_value(ctx, term, shape), shape)
        return _settled(ctx, net, [(x,) for x in net.out])
    net, dims = term_net(ctx, term)
    return _settled(ctx, net, [tuple(dims[i] for i in axis) for axis in term.out])


def _settled(ctx, net, axes):
    """The term of a network; axes of literal length 1 have no label."""
    net.out = tuple(x for axis in axes for x in axis)
    factors, scale, out, _ = settled(ctx, net)
    used, out = {x for f in factors for x in f.labels}, iter(out)
    new = [[next(out) for _ in axis] for axis in axes]
    return Term(scale, factors, tuple(tuple(x for x in axis if x is not None and (x.size != 1 or x in used)) for axis in new))
