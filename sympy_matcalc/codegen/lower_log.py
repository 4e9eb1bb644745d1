"""Lowering of logarithms: of determinants by `slogdet`, of ``1 + exp``, of ``1 + x``."""

from sympy import Abs, Mul, Pow, S

from .lower import children, rule, shape_of
from .stable import beyond_branch, plus_one, softplus_power
from .values import Val

DETERMINANTS = ("Determinant", "EigenvalueProduct")


def slogdet(ctx, matrix):
    """(sign, log of the absolute value) of the determinant of a SymPy matrix expression."""
    shape = shape_of(matrix)
    val = ctx.low(matrix)
    if all(s == 1 for s in shape):
        return ctx.call("sign", val), ctx.call("log", ctx.call("abs", val))
    node, batch = ctx.square(matrix)
    pair = ctx.graph.of_square("slogdet", node)
    item = lambda k: Val(ctx.graph.make("item", (pair,), (k,)), batch)  # noqa: E731
    return item(0), item(1)


def _determinant(e):
    """(matrix, power) where e is a power of a determinant with an integer exponent, else None."""
    base, p = (e.base, e.exp) if isinstance(e, Pow) else (e, S.One)
    return (base.args[0], p) if type(base).__name__ in DETERMINANTS and p.is_Integer else None


def log_determinant(ctx, e):
    """log of a determinant, of its absolute value, or of a product with one; None where there is none."""
    absolute = isinstance(e, Abs)
    factors = Mul.make_args(e.args[0] if absolute else e)
    found = [(_determinant(f), f) for f in factors]
    if not any(d for d, _ in found):
        return None
    logs, signs = [], []
    for d, f in found:
        if d is None:
            val = ctx.scalar(f)
            logs.append(ctx.call("log", ctx.call("abs", val)))
            signs.append(ctx.call("sign", val))
            continue
        sign, log = slogdet(ctx, d[0])
        logs.append(ctx.mul(ctx.const(int(d[1])), log))
        if d[1] % 2:
            signs.append(sign)
        elif not absolute:
            signs.append(ctx.elementwise(lambda x: ctx.graph.pow(x, ctx.graph.const(2)), sign))
    if absolute:
        return ctx.add(*logs)
    return ctx.add(*logs, ctx.call("log", ctx.mul(*signs)))  # log of a negative sign is nan, of a complex one its angle


@rule("log")
def log_(ctx, e):
    arg = e.args[0]
    beyond = beyond_branch(e, ctx.size_symbols)
    if beyond is not None:
        return ctx.low(beyond)
    found = softplus_power(arg)
    if found:
        w, p = found
        return ctx.mul(ctx.low(p), ctx.call("softplus", ctx.low(w)))
    determinant = log_determinant(ctx, arg)
    if determinant is not None:
        return determinant
    rest = plus_one(arg)
    if rest is not None:
        return ctx.call("log1p", ctx.scalar(rest))
    return ctx.call("log", ctx.guarded(ctx.scalar(arg)))


@children("log")
def log_children(e):
    found = softplus_power(e.args[0])
    if found:
        return [found[0]]
    inner = e.args[0].args[0] if isinstance(e.args[0], Abs) else e.args[0]
    return [a.args[0] if type(a).__name__ in DETERMINANTS else a for a in Mul.make_args(inner)]
