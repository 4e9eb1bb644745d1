"""An expression as a sum of products, whose axes have equal labels where there is a delta, and are those of the rows or of the columns."""

from sympy import Add, MatAdd, MatMul, Mul

from ..ir.product import Product, multiplied
from ..lower import is_array, product_rule, shape_of
from ..lower_sum import term_net, term_value
from ..network import leaf, settled
from ..steady.shares import with_shares_of_totals
from ..steady.softmaxes import with_softmaxes
from ..steady.together import with_shares
from .quotients import without_quotients


class OperatorTerm:
    """A settled product whose axes are those of rows, the first `count`, and of columns. `axes`: for each axis its labels in order, several
    where the axis is fused of them.
    """

    def __init__(self, product, axes, count=0):
        self.product, self.axes = product, axes
        self.rows = tuple(x for axis in axes[:count] for x in axis)
        self.cols = tuple(x for axis in axes[count:] for x in axis)
        self.kept = dict.fromkeys(self.rows + self.cols)

    @property
    def scale(self):
        return self.product.scalars[0]

    @property
    def factors(self):
        return self.product.factors

    def split(self, count):
        """The same with the first `count` axes for the rows."""
        return OperatorTerm(self.product, self.axes, count)


def terms_of(ctx, e):
    """The terms of an array expression that are not plainly zero."""
    terms = [t for t in _terms(ctx, e) if t.scale.value != 0]
    groups = {}
    for t in terms:
        groups.setdefault(tuple(tuple(x.size for x in axis) for axis in t.axes), []).append(t)
    found = [_without_quotients(ctx, same) for same in groups.values()]
    return terms if all(new is same for new, same in zip(found, groups.values())) else [t for new in found for t in new]


def _without_quotients(ctx, terms):
    """Terms with axes of the same sizes, without quotients by the entries of a product."""
    products = [Product(t.product.scalars, t.factors, [x for axis in t.axes for x in axis]) for t in terms]
    found = without_quotients(ctx, products)
    return terms if found is products else [_on_axes(p, [len(axis) for axis in terms[0].axes]) for p in found]


def _on_axes(product, counts):
    """The term with as many labels an axis."""
    out = iter(product.out)
    return OperatorTerm(product, tuple(tuple(next(out) for _ in range(count)) for count in counts))


def _terms(ctx, e):
    if isinstance(e, (MatAdd, Add)) or type(e).__name__ == "ArrayAdd":
        return [t for a in e.args for t in _terms(ctx, a)]
    if isinstance(e, (MatMul, Mul)):
        arrays = [a for a in e.args if is_array(a)]
        if len(arrays) == 1:
            scale = [ctx.low(a).node for a in e.args if not is_array(a)]
            return [_scaled(ctx, scale, t) for t in _terms(ctx, arrays[0])]
    if type(e).__name__ == "Transpose":
        return [OperatorTerm(t.product, t.axes[::-1]) for t in _terms(ctx, e.args[0])]
    if type(e).__name__ == "KroneckerProduct":
        return [_kronecker(ctx, e)]
    if any(c.__name__ == "Einsum" for c in type(e).__mro__):
        return [_of_einsum(ctx, t, shape_of(e)) for t in e.terms]
    net = leaf(ctx.low(e), shape_of(e)) if product_rule(e) is None else ctx.net(e)
    return [_settled(ctx, net, [(x,) for x in net.out])]


def _scaled(ctx, scalars, term):
    """The term times scalar nodes."""
    p = term.product
    product = Product([ctx.graph.mul(*scalars, term.scale)], p.factors, p.out)
    return OperatorTerm(with_shares(ctx.graph, product), term.axes)


def _kronecker(ctx, e):
    parts = [ctx.net_inside(a) for a in e.args]
    return _settled(ctx, multiplied(parts), list(zip(*(p.out for p in parts), strict=True)))


def _of_einsum(ctx, term, shape):
    if term.limits:
        net = leaf(term_value(ctx, term, shape), shape)
        return _settled(ctx, net, [(x,) for x in net.out])
    net, dims = term_net(ctx, term)
    return _settled(ctx, net, [tuple(dims[i] for i in axis) for axis in term.out])


def _settled(ctx, net, axes):
    """The term of a network; axes of literal length 1 have no label."""
    product, _ = settled(ctx, net.with_axes(x for axis in axes for x in axis))
    product = with_shares_of_totals(ctx.graph, product, ctx.size)
    product = with_shares(ctx.graph, with_softmaxes(ctx.graph, product))  # before it is laid out: passes come after
    used, out = product.held, iter(product.out)
    new = [[next(out) for _ in axis] for axis in axes]
    return OperatorTerm(product, tuple(tuple(x for x in axis if x is not None and (x.size != 1 or x in used)) for axis in new))
