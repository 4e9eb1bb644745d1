"""Norms and their powers: what a power of a norm divides is divided by the norm first, since the power may be out of range where the
quotient is not.
"""

from ..ir.demands import Form
from ..ir.node import without
from .walk import called, raised

MOST = 3  # factors of a contraction; more have sums to share, which divided ones would not


def root_of_squares(g, node):
    """sqrt(x'x), and other odd powers of it, by a norm that scales x; of each row too."""
    base, p = raised(node)
    if base is node or p * 2 != int(p * 2) or p == int(p):
        return None
    found = _sum_of_squares(base)
    return found and g.pow(g.make("root_of_squares", *found), g.const(int(2 * p)))


def _sum_of_squares(node):
    """((x,), axes) where a node is the sum of the squares of x over axes, the others being in their order, else None."""
    if node.op == "sum" and node.args[0].op == "pow" and node.args[0].args[1].value == 2:
        return node.args[0].args[:1], node.attrs
    if node.op != "contract":
        return None
    x, *others, scale = node.args
    inputs, inverses, output, _ = node.attrs
    if len(others) != 1 or others[0] is not x or inputs[0] != inputs[1] or any(inverses) or scale.value != 1:
        return None
    kept, axes = [k for k in inputs[0] if k in output], tuple(j for j, k in enumerate(inputs[0]) if k not in output)
    return ((x,), axes) if axes and kept == list(output) and len(set(inputs[0])) == x.ndim else None


def _is_scale(node):
    """Whether a node is a norm, or a sum of products."""
    return node.kind.form is Form.NORM or node.op in ("contract", "sum")


def _divisor(node):
    """(s, k) where the node is ``s**-k`` with a whole k > 1 and a scalar s that is a sum, else None."""
    base, p = raised(node)
    return (base, -p) if base.ndim == 0 and isinstance(p, int) and p < -1 and _is_scale(base) and not base.weak else None


def divided_factors(g, node):
    """A contraction of x with itself, over a power of a scalar: the quotients of x are contracted."""
    *factors, scale = node.args
    turn = [j for j, f in enumerate(factors) if f.ndim and not node.attrs[1][j] and factors.count(f) > 1]
    parts = scale.args if scale.op == "mul" and scale.ndim == 0 else (scale,)
    below = next((part for part in parts if _divisor(part)), None)
    if not turn or below is None or len(factors) > MOST:
        return None
    s, k = _divisor(below)
    for j in turn[:k]:
        factors[j] = _over(g, factors[j], s)
    rest = without(parts, below)
    return g.make("contract", (*factors, g.mul(*rest, g.pow(s, g.const(len(turn[:k]) - k)))), node.attrs)


def _over(g, x, s):
    """The array or number x over the scalar s, as one operation, which the planner does not take apart."""
    return g.call("quotient", x, s)


def divided_powers(g, node):
    """A power of x over a power of a norm of x: the power of the quotient."""
    operands = [f for a in node.args for f in (a.args if a.op == "mul" else (a,))]
    for part in operands:
        found = _divisor(part)
        if found is None or found[0].kind.form is not Form.NORM:
            continue
        s, k = found
        for other in operands:
            x, p = raised(other)
            if not isinstance(p, int) or p < 2 or s.args[0] not in (x, called(x, "abs")):
                continue
            j = min(p, k)
            rest = without(operands, part, other)
            return g.mul(*rest, g.pow(s, g.const(j - k)), g.pow(_over(g, x, s), g.const(j)), g.pow(x, g.const(p - j)))
    return None


def divided_in_turn(g, node):
    """A scalar over a power of a scalar, both sums that may be out of range: one division after the other."""
    above = next((a for a in node.args if a.ndim == 0 and _is_scale(a) and not a.weak), None)
    below = next((a for a in node.args if _divisor(a)), None)
    if above is None or below is None:
        return None
    s, k = _divisor(below)
    rest = without(node.args, above, below)
    for _ in range(k - 1):
        above = _over(g, above, s)
    return g.mul(*rest, above, g.pow(s, g.const(-1)))
