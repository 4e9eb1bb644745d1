"""Lowering of Sum, Product, Einsum and SymPy's array expressions: vectorised where the body allows it, else a loop."""

from sympy import Abs, Add, KroneckerDelta, Min, Mul, Pow, S, Symbol, conjugate, im, re, sign
from sympy.matrices.expressions import Adjoint, MatAdd

from ..canonical import in_matrix_notation, loses_a_branch
from ..errors import MatcalcError
from ..kernel.walks import leaves
from ..nodes.base import RealScalarOfMatrix
from .ir.labels import Label
from .ir.product import Factor, Product, multiplied
from .lower import NeedsLoop, children, network, product_rule, read_arrays, rule, shape_of
from .lower_access import full_range, unit_factor
from .lower_build import arange
from .lower_pairs import all_at_once, lines_of, over_pairs, placed, sum_of_lines, sum_of_matrices, sum_of_numbers
from .lower_units import place_of, sum_of_units, unit_terms, weights, with_one_loop
from .network import add_embedded, contract, leaf
from .stable import split_logistic
from .tiles import tiled
from .values import Val

CONJUGATES = (Adjoint, conjugate, re, im, S.ImaginaryUnit)  # which the matrix notation of real sums has not
OF_REAL = (Abs, sign, RealScalarOfMatrix)


@children("Sum", "MatrixSum", "Product", "CommutationMatrix", "MatrixUnit")
def bound_children(e):
    return ()


@rule("Sum", "MatrixSum")
def sum_(ctx, e):
    limits = [_limit(e, lim) for lim in e.args[1:]]
    if not any(s != 1 for s in shape_of(e.args[0])):
        try:
            return vectorised(ctx, e.args[0], limits, [], sum_over)
        except NeedsLoop:
            pass
    looped = ctx.is_complex or e.has(*CONJUGATES) or any(s in ctx.bindings and s not in ctx.stacks for s in leaves(e, (Symbol,)))
    found = None if looped else in_matrix_notation(e)
    if found is None:
        units = unit_terms(e.args[0])
        try:
            if units is not None:
                return units_over(ctx, units, limits, shape_of(e.args[0]))
        except NeedsLoop:
            pass
        return reduced(ctx, e.args[0], limits, sum_over, "sum")
    value = ctx.low(found)
    if e.has(*OF_REAL) or loses_a_branch(e):  # |x|^2 may be x^2 in what was found, and sqrt(x^4)
        ctx.graph.real.add(value.node.number)
    return value


def units_over(ctx, units, limits, shape):
    """A sum of matrix units at once, or with a loop over one index."""
    at_once = lambda limits: vectorised(ctx, units, limits, [], lambda c, terms, labels: sum_of_units(c, terms, labels, factors_of))  # noqa: E731
    try:
        return at_once(limits)
    except NeedsLoop:
        pass
    parts = [c for scalars, _ in units for c in scalars]
    work = lambda labels: sum_of_units(ctx, units, labels, factors_of)  # noqa: E731
    try:
        return over_pairs(ctx, parts, limits, shape, work) if 1 in shape else all_at_once(ctx, parts, limits, work)
    except NeedsLoop:
        return with_one_loop(ctx, limits, at_once, lambda limit, work: looped(ctx, limit, work, shape, "sum"))


@rule("Product")
def product(ctx, e):
    if any(s != 1 for s in shape_of(e.args[0])):
        raise MatcalcError("`lambdify` has no numeric code for a Product of matrices; write it as a power, or multiply its factors out")
    return reduced(ctx, e.args[0], [_limit(e, lim) for lim in e.args[1:]], product_over, "prod")


def _limit(e, limit):
    if len(limit) != 3:
        raise MatcalcError(f"`lambdify` needs both bounds of a `{type(e).__name__}`, got `{limit}`")
    return tuple(limit)


def reduced(ctx, body, limits, over, kind):
    """The body reduced over all limits: at once if possible, else by a loop over the outermost."""
    if not any(s != 1 for s in shape_of(body)):
        try:
            return vectorised(ctx, body, limits, [], over)
        except NeedsLoop:
            pass
    inner = limits[:-1]
    if over is sum_over:
        try:
            return over_all_pairs(ctx, body, limits)
        except NeedsLoop:
            pass
    if not inner and over is sum_over:
        try:
            return tiled(ctx, [body], limits[0], shape_of(body), lambda label: sum_over(ctx, body, [label]))
        except NeedsLoop:
            pass
    work = (lambda: reduced(ctx, body, inner, over, kind)) if inner else (lambda: ctx.low(body))
    return looped(ctx, limits[-1], work, shape_of(body), kind)


def over_all_pairs(ctx, body, limits):
    """The sum over two limits of numbers, of matrices, or of rows and columns that have places in a matrix."""
    shape = shape_of(body)
    if not any(s != 1 for s in shape):
        return over_pairs(ctx, [body], limits, shape, lambda labels: sum_of_numbers(ctx, body, labels, sum_over))
    lines = lines_of(body)
    if lines is None:
        return over_pairs(ctx, [body], limits, shape, lambda labels: sum_of_matrices(ctx, body, labels, factors_of))
    parts = [part for line in lines for part in (*line.scalars, *line.factors)]
    return over_pairs(ctx, parts, limits, shape, lambda labels: sum_of_lines(ctx, lines, labels, factors_of))


def vectorised(ctx, body, limits, labels, over):
    if not limits:
        return over(ctx, body, labels)
    symbol, low, high = limits[-1]
    size = high - low + 1

    def inner(label):
        return ctx.scoped({symbol: arange(ctx, label)}, lambda: vectorised(ctx, body, limits[:-1], [*labels, label], over))

    if size.is_nonnegative is not False and not _may_be_reversed(size):
        return inner(Label(size, index=True, low=low))
    # bounds in reverse: the negative of what lies between (Karr), as SymPy has it
    direction = ctx.graph.make("direction", (ctx.size(low), ctx.size(high + 1)), integer=True, weak=True)
    val = inner(Label(Abs(size), index=True, low=Min(low, high + 1)))
    return ctx.elementwise(ctx.graph.pow if over is product_over else ctx.graph.mul, val, Val(direction))


def _may_be_reversed(size):
    """Whether the size of a range may be negative: it is not plainly a size symbol plus something."""
    return size.is_nonnegative is not True and not (size.is_Symbol or size.is_Mul)


def sum_over(ctx, body, labels):
    """The sum of a scalar body over the labels: a contraction where it is a product."""
    if isinstance(body, Add) and not shape_of(body):
        return ctx.add(*(sum_over(ctx, a, labels) for a in body.args))
    if isinstance(body, MatAdd):
        return ctx.sum_of([(sum_over(ctx, a, labels), shape_of(a)) for a in body.args])
    return contract(ctx, factors_of(ctx, body, set(labels)), summed=labels)


def product_over(ctx, body, labels):
    val = ctx.low(body)
    for label in labels:
        if label in val.labels:
            k = val.labels.index(label)
            rest = val.labels[:k] + val.labels[k + 1 :]
            val = Val(ctx.graph.make("prod", (val.node,), (k,)), rest)
        else:
            size = ctx.size(label.size)
            val = ctx.elementwise(lambda x, size=size: ctx.graph.pow(x, size), val)
    return val


def factors_of(ctx, e, summed):
    """The network of a scalar under a sum."""
    if isinstance(e, Mul) and not shape_of(e):
        if split_logistic(e.args)[0]:
            return leaf(ctx.low(e), ())
        return multiplied([factors_of(ctx, a, summed) for a in e.args])
    if isinstance(e, Pow) and e.exp == 2 and product_rule(e.base) is not None:
        return multiplied([factors_of(ctx, e.base, summed) for _ in range(2)])
    if isinstance(e, KroneckerDelta):
        pair = [full_range(ctx, i, ctx.bindings[i].labels[0].size) if _vectorised_index(ctx, i) else None for i in e.args[:2]]
        i, j = pair
        if i is not None and j is not None and i.size == j.size and (i in summed or j in summed):
            return Product(equal=[(i, j)], labels=(i, j))
    return ctx.net(e) if any(s != 1 for s in shape_of(e)) else ctx.net(e).with_axes(())


def _vectorised_index(ctx, i):
    return i.is_Symbol and i in ctx.bindings and len(ctx.bindings[i].labels) == 1


def looped(ctx, limit, work, shape, kind):
    """A loop over one limit; ``work()`` gives the value of the body."""
    symbol, low, high = limit
    forward = (high - low + 1).is_nonnegative is True
    g, it = ctx.graph, ctx.graph.iter()
    low, high = ctx.size(low), ctx.size(high)
    val = ctx.scoped({symbol: Val(it)}, work)
    val = ctx.dense(val, shape)
    sizes = [ctx.size(x.size if isinstance(x, Label) else shape[x]) for x in val.labels]
    node = g.make("loop", (val.node, low, g.add(high, g.const(1)), g.dtype_node(), *sizes), (kind, it, forward))
    return Val(node, val.labels)


# ---- Einsum
@rule("Einsum")
def einsum(ctx, e):
    shape = shape_of(e)
    vals = [term_value(ctx, t, shape) for t in e.terms]
    if len(shape) == 2:
        return ctx.sum_of([(v, shape) for v in vals])
    return add_embedded(ctx, vals) if vals else ctx.const(0)


@children("Einsum")
def einsum_children(e):
    return [op for t in e.terms if not t.limits for op, _ in t.factors] + [t.coefficient for t in e.terms if not t.limits]


def term_value(ctx, term, shape):
    """The value of one product of an Einsum, its outer sums as loops."""
    return _inside(ctx, term, shape, [tuple(lim) for lim in term.limits])


def _inside(ctx, term, shape, limits):
    """The same inside of some of its sums."""
    if not limits:
        return plain_term(ctx, term)
    if len(limits) == 2:
        try:
            return _placed_term(ctx, term, limits)
        except NeedsLoop:
            pass
    if len(limits) == 1:
        try:
            parts = [term.coefficient, *(operand for operand, _ in term.factors)]
            return tiled(ctx, parts, limits[0], shape, lambda label: ctx.undiag(plain_term(ctx, term, [label]), shape))
        except NeedsLoop:
            pass
    return looped(ctx, limits[-1], lambda: ctx.undiag(_inside(ctx, term, shape, limits[:-1]), shape), shape, "sum")


def _placed_term(ctx, term, limits):
    """A product summed over pairs of indices, some of whose axes have a place for each index."""
    found = placed(term.factors)
    if found is None or any(len(axis) > 1 for axis in term.out):
        raise NeedsLoop("no places for indices")
    choices, others = found

    def summed(labels):
        vals = []
        for scalars, places in choices:
            dims = [Label(S(d)) for d in term.dims]
            at = [(place_of(ctx, size, p, set(labels)), axis) for p, size, axis in places]
            if any(place.start is not None for place, _ in at):
                raise NeedsLoop("a place beside an index")
            units = Product(
                (), [x.unit for x, _ in at if x.unit is not None], (), [(dims[a], x.label) for x, a in at], [x.label for x, _ in at]
            )
            parts = [*weights(ctx, (term.coefficient, *scalars), set(labels), factors_of), Product(labels=dims), units]
            parts += [_attached(ctx, operand, axes, dims) for operand, axes in others]
            vals.append(contract(ctx, multiplied(parts, [dims[axis[0]] if axis else None for axis in term.out]), summed=labels))
        return add_embedded(ctx, vals)

    return all_at_once(ctx, [term.coefficient, *(operand for operand, _ in others)], limits, summed)


def term_net(ctx, term):
    """(network of a product without sums around it, its labels by the numbers that the axes of the term have)."""
    dims = [Label(S(d)) for d in term.dims]
    coefficient = ctx.scalar(term.coefficient)
    parts = [Product(labels=dims), *(_attached(ctx, operand, axes, dims) for operand, axes in term.factors)]
    if coefficient.labels:
        parts.append(Product((), [Factor(coefficient.node, coefficient.labels)]))
    else:
        parts.insert(0, Product([coefficient.node]))
    return multiplied(parts), tuple(dims)


def plain_term(ctx, term, summed=()):
    net, dims = term_net(ctx, term)
    if all(len(axis) <= 1 for axis in term.out):
        return contract(ctx, net.with_axes(dims[axis[0]] if axis else None for axis in term.out), summed)
    out = [dims[i] for axis in term.out for i in axis]
    val = contract(ctx, net.with_axes(out), summed)
    if any(isinstance(x, Label) for x in val.labels):
        raise NeedsLoop("axes made one under a Sum")
    val = ctx.dense_axes(val, range(len(out)), [x.size for x in out])
    sizes = [S.One if not axis else _prod(dims[i].size for i in axis) for axis in term.out]
    kept = [k for k, s in enumerate(sizes) if s != 1]
    node = ctx.graph.reshape(val.node, [ctx.size(sizes[k]) for k in kept])
    return Val(node, tuple(kept))


def _prod(sizes):
    out = S.One
    for s in sizes:
        out = out * s
    return out


def _attached(ctx, operand, axes, dims):
    """The network of an operand with its axes tied to the indices; a fused axis is split by a reshape."""
    if all(len(axis) <= 1 for axis in axes):
        net = ctx.net_inside(operand)
        own = list(net.out)
        if len(axes) < len(own):  # a column may come with one axis
            own = [x for x in own if x is not None]
        return net.with_axes((), *((x, dims[axis[0]]) for x, axis in zip(own, axes, strict=False) if x is not None and axis))
    shape = shape_of(operand)
    val = ctx.dense(ctx.low(operand), shape)
    if any(isinstance(x, Label) for x in val.labels):
        raise NeedsLoop("an axis that is split under a Sum")
    live = [axis for k, axis in enumerate(axes) if shape[k] != 1]
    flat = [dims[i] for axis in live for i in axis]
    node = ctx.graph.reshape(val.node, [ctx.size(x.size) for x in flat])
    return Product((), [Factor(node, flat)])


# ---- own nodes that rearrange
@rule("Vec")
def vec(ctx, e):
    shape = shape_of(e.arg)
    val = ctx.dense(ctx.low(e.arg), shape)
    if 1 in shape:
        return Val(val.node, tuple(0 if x in (0, 1) else x for x in val.labels))
    *stack, _, _ = val.labels
    count = len(stack)
    node = ctx.graph.permute(val.node, (*range(count), count + 1, count))
    return Val(ctx.graph.reshape(node, [ctx.size(x.size) for x in stack] + [ctx.size(shape[0] * shape[1])]), (*stack, 0))


@rule("CommutationMatrix")
def commutation(ctx, e):
    m, n = (ctx.size(s) for s in e.args)
    g = ctx.graph
    eye = g.reshape(g.eye(g.mul(m, n)), (n, m, g.mul(m, n)))
    val = g.reshape(g.permute(eye, (1, 0, 2)), (g.mul(m, n), g.mul(m, n)))
    return Val(val, (0, 1)) if e.shape[0] != 1 else ctx.const(1)


@network("MatrixUnit")
def matrix_unit(ctx, e):
    m, n, i, j = e.args
    factors, out = [], list[Label | None]()
    for size, at in ((m, i), (n, j)):
        if size == 1:
            out.append(None)
            continue
        label = Label(size, low=S.Zero)
        at = ctx.index(at)
        if at.labels:
            raise NeedsLoop("MatrixUnit")
        factors.append(unit_factor(ctx, label, Val(ctx.within(at.node, size))))
        out.append(label)
    return Product((), factors, out, labels=[x for x in out if x is not None])


# ---- SymPy's array expressions
@network("ArrayTensorProduct")
def array_tensor_product(ctx, e):
    parts = [ctx.net_inside(a) for a in e.args]
    return multiplied(parts, [x for part in parts for x in part.out])


@network("ArrayContraction", "ArrayDiagonal")
def array_contraction(ctx, e):
    net = ctx.net_inside(e.args[0])
    groups = [tuple(int(k) for k in group) for group in e.args[1:]]
    gone = {k for group in groups for k in group}
    equal = []
    for group in groups:
        labels = [net.out[k] for k in group if net.out[k] is not None]
        equal += [(labels[0], x) for x in labels[1:]]
    rest = [x for k, x in enumerate(net.out) if k not in gone]
    diagonal = type(e).__name__ == "ArrayDiagonal"
    return net.with_axes(rest + ([net.out[group[0]] for group in groups] if diagonal else []), *equal)


@network("PermuteDims")
def permute_dims(ctx, e):
    net = ctx.net_inside(e.args[0])
    return net.with_axes(net.out[k] for k in e.args[1].array_form)


@rule("Reshape")
def reshape(ctx, e):
    val = ctx.dense(ctx.low(e.args[0]), shape_of(e.args[0]))
    shape = shape_of(e)
    kept = [k for k, s in enumerate(shape) if s != 1]
    return Val(ctx.graph.reshape(val.node, [ctx.size(shape[k]) for k in kept]), tuple(kept))


read_arrays("ArrayContraction", "ArrayDiagonal", "PermuteDims", "Reshape")
