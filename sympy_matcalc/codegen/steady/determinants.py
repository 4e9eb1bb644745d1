"""Quotients of determinants, by the difference of their logarithms: either may be out of range where the quotient is not."""

from .walk import raised


def quotient_of_determinants(g, node):
    """The determinants of a product with powers of both signs, as the sign times the exponential of the sum of logarithms."""
    found = [(a, *raised(a)) for a in node.args]
    found = [(a, det, p) for a, det, p in found if det.op == "det" and det.ndim == 0 and isinstance(p, int)]
    if len({p > 0 for _, _, p in found}) < 2:
        return None
    signs, logs = [], []
    for _, det, p in found:
        pair = g.of_square("slogdet", det.args[0])
        sign, log = (g.make("item", (pair,), (k,)) for k in (0, 1))
        signs.append(g.pow(sign, g.const(p)))
        logs.append(g.mul(g.const(p), log))
    rest = [a for a in node.args if not any(a is b for b, _, _ in found)]
    return g.mul(*rest, *signs, g.call("exp", g.add(*logs)))
