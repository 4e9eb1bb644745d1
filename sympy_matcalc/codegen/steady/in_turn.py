"""What a high power of an array divides is divided by the array first, and by the rest of the power then: the power may be out of range
where the quotient is not, as that of a variance is in single precision from deviations of 1e7 on.

>>> from sympy import HadamardPower, HadamardProduct, MatrixSymbol, Rational, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
>>> before_and_after(divided_in_turn, HadamardProduct(y, HadamardPower(x, -3)))
before: y*x**-3
after:  quotient(y, x)*x**-2

Powers that are in range where the quotient is stay, and so does what divides a number:

>>> before_and_after(divided_in_turn, HadamardProduct(y, HadamardPower(x, -2)))
before: y*x**-2
after:  y*x**-2
>>> before_and_after(divided_in_turn, HadamardPower(x, -3))
before: x**-3
after:  x**-3
"""

from collections import Counter

from ..schedule import reachable
from .walk import called, raised

LEAST = 2.5  # this power of a sum of squares is of the fifth degree in what is squared
STEPS = 3


def divided_in_turn(graph, roots, context):
    """The roots with such quotients taken in steps; of matrices where the power has no other use, and so costs no more."""
    order = reachable(roots)
    uses = Counter(a.number for node in order for a in node.args)
    new = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        once = [k for k, a in enumerate(node.args) if a.ndim == 1 or uses[a.number] == 1]
        found = _divided(graph, args, once) if node.op == "mul" and node.ndim else None
        new[node.number] = graph.remake(node, args) if found is None else found
    return [new[r.number] for r in roots]


def _divided(g, factors, once):
    """A product of these with the first such power in it apart; None where there is none. once: places of those that may be."""
    for k in once:
        base, power = _of_power(factors[k])
        above = [j for j, f in enumerate(factors) if j != k and f.ndim == factors[k].ndim and raised(f)[1] > 0]
        if base is None or power > -LEAST or not above:
            continue
        rest = [f for j, f in enumerate(factors) if j not in (k, above[-1])]
        quotient = factors[above[-1]]
        for _ in range(STEPS):
            if power <= -LEAST:
                quotient, power = g.call("quotient", quotient, base), power + 1
        return g.mul(*rest, quotient, _power(g, base, power))
    return None


def _of_power(node):
    """(s, p) of ``s**p``, and of ``(s**2*sqrt(s))**-1``, as products have it; (None, 0) of another array."""
    base, p = raised(node)
    if not node.ndim or base is node or isinstance(p, complex):
        return None, 0
    if base.op == "mul":
        of_root = next((s for f in base.args if (s := called(f, "sqrt")) is not None), None)
        whole = [raised(f) for f in base.args if called(f, "sqrt") is None]
        return (of_root, p * (whole[0][1] + 0.5)) if len(base.args) == 2 and [s for s, _ in whole] == [of_root] else (None, 0)
    return base, p


def _power(g, base, p):
    """``base**p`` as products have it."""
    if p == int(p):
        return g.pow(base, g.const(int(p)))
    return g.pow(g.mul(g.pow(base, g.const(int(-p))), g.call("sqrt", base)), g.const(-1))
