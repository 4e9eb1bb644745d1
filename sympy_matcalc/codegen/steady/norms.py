"""Norms and their powers: what a power of a norm divides is divided by the norm first, since the power may be out of range where the
quotient is not.
"""
from .walk import called, raised

SCALES = {"norm", "p_norm", "root_of_squares", "contract", "sum"}


def root_of_squares(g, node):
    """sqrt(x'x), and other odd powers of it, by a norm that scales x."""
    base, p = raised(node)
    if base is node or p * 2 != int(p * 2) or p == int(p) or base.op != "contract" or base.ndim:
        return None
    x, *others, scale = base.args
    inputs, inverses, _, _ = base.attrs
    if len(others) != 1 or others[0] is not x or inputs[0] != inputs[1] or any(inverses) or scale.value != 1:
        return None
    return g.pow(g.make("root_of_squares", (x,), (), 0), g.const(int(2 * p)))


def _divisor(node):
    """(s, k) where the node is ``s**-k`` with a whole k > 1 and a scalar s that is a sum, else None."""
    base, p = raised(node)
    return (base, -p) if base.ndim == 0 and isinstance(p, int) and p < -1 and base.op in SCALES and not base.weak else None


def divided_factors(g, node):
    """A contraction of x with itself, over a power of a scalar: the quotients of x are contracted."""
    *factors, scale = node.args
    turn = [j for j, f in enumerate(factors) if f.ndim and not node.attrs[1][j] and factors.count(f) > 1]
    parts = scale.args if scale.op == "mul" and scale.ndim == 0 else (scale,)
    powers = {}
    for part in parts:
        base, p = raised(part)
        if turn and base.ndim == 0 and base.op in SCALES and not base.weak and isinstance(p, int) and p < 0:
            powers[base] = powers.get(base, 0) - p
    for s, k in powers.items():
        if k < 2:
            continue
        for j in turn[:k]:
            factors[j] = _over(g, factors[j], s)
        rest = [part for part in parts if raised(part)[0] is not s]
        return g.make("contract", (*factors, g.mul(*rest, g.pow(s, g.const(len(turn[:k]) - k)))), node.attrs, node.ndim)
    return None


def _over(g, x, s):
    """The array x over the scalar s; a multiple of an array before it is multiplied."""
    return g.mul(x, g.pow(s, g.const(-1)))


def divided_powers(g, node):
    """A power of x over a power of a norm of x: the power of the quotient."""
    for part in node.args:
        found = _divisor(part)
        if found is None:
            continue
        s, k = found
        for other in node.args:
            x, p = raised(other)
            inner = called(x, "abs")
            mine = s.op in ("norm", "p_norm", "root_of_squares") and (s.args[0] is x or inner is not None and s.args[0] is inner)
            if not mine or not isinstance(p, int) or p < 2:
                continue
            j = min(p, k)
            rest = [a for a in node.args if a is not part and a is not other]
            return g.mul(*rest, g.pow(s, g.const(j - k)), g.pow(_over(g, x, s), g.const(j)), g.pow(x, g.const(p - j)))
    return None


def divided_in_turn(g, node):
    """A scalar over a power of a scalar, both sums that may be out of range: one division after the other."""
    if not any(a.ndim == 0 and a.op in SCALES for a in node.args):
        return None
    out = []
    for a in node.args:
        found = _divisor(a)
        out += [a] if found is None else [g.pow(found[0], g.const(-1))] * found[1]
    return g.mul(*out) if len(out) > len(node.args) else None
