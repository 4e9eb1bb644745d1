"""The scalar factor between a formula and the derivative: a number, sizes, scalars of the question, or a product of two of them."""

from itertools import combinations
from typing import Any

import numpy as np
from sympy import Add, Expr, Float, MatrixSymbol, Rational, S, Symbol, pi, sqrt
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import every_node
from ..testing.evaluator import evaluate
from .comparing import same_values

RTOL = 1e-9
DENOMINATORS = 720  # of a number that is a fraction
IRRATIONAL = (S.One, pi, 1 / pi, sqrt(2), sqrt(3), sqrt(pi), sqrt(2 * pi), pi**2)
EXPONENTS = (S.One, S.NegativeOne, S(2), S(-2), S.Half, -S.Half)
MOST_BASES, MOST_SUMS = 14, 4


def ratio(got, expected):
    """The number c with got = c*expected, of which at least one entry is not zero; None without one."""
    size = np.vdot(expected, expected).real
    c = float(np.vdot(expected, got).real / size) if size > 0 and np.isfinite(size) else 0.0
    return c if c and np.isfinite(c) and same_values(got, c * expected) else None


def factor_between(got, expected, envs, bases) -> Any:
    """The factor c with got = c*expected at every point, a number or made of some of the bases; None where it is not recognised."""
    triples = [(g, e, env) for g, e, env in zip(got, expected, envs, strict=True) if np.any(g) or np.any(e)]
    ratios = [ratio(g, e) for g, e, _ in triples]
    if None in ratios or not ratios:
        return None
    envs = [env for _, _, env in triples]
    c = np.array(ratios)
    if _is_constant(c):
        return number(c.mean())
    if _is_constant(np.abs(c)):  # a sign that changes with the data is no factor, a condition explains it
        return None
    known = _values(bases, envs)
    return _of_one(c, known) or _of_two(c, known)


def _is_constant(values):
    return np.all(np.abs(values - values[0]) <= RTOL * np.abs(values[0]))


def number(c):
    """A number as a fraction, or one of pi and roots where it is that; as a decimal otherwise."""
    return nice(c) or Float(c, 12)


def nice(c):
    """The fraction, or multiple of a usual constant, that a number is; None where it is none."""
    for unit in IRRATIONAL:
        q = c / float(unit)
        fraction = Rational(q).limit_denominator(DENOMINATORS)
        if fraction and abs(float(fraction) - q) <= RTOL * abs(q) and abs(fraction.p) <= 10**6:
            return fraction * unit
    return None


def scalars_in(expressions):
    """Sizes, sums of them, scalar symbols and scalars made of matrices: what a factor can be made of, the simplest first."""
    nodes = [node for e in expressions for node in every_node(e)]
    shapes = [s for node in nodes if isinstance(node, MatrixSymbol) for s in node.shape]
    sizes = sorted({s for shape in shapes for s in shape.free_symbols}, key=str)
    shifted = [s + k for s in sizes for k in (1, -1)] + [a + b for a, b in combinations(sizes, 2)]
    symbols = sorted({s for s in nodes if isinstance(s, Symbol)} - set(sizes), key=str)
    others = {e for e in nodes if isinstance(e, Expr) and not getattr(e, "is_Matrix", False) and _may_be_factor(e)} - set(symbols)
    return [*sizes, *symbols, *shifted[:6], *sorted(others, key=lambda e: (len(str(e)), str(e)))][:MOST_BASES]


def sums_in(expressions):
    """The sums among the scalars, as 1 - sigmoid(z), and what they are sums of."""
    nodes = {node for e in expressions for node in every_node(e) if isinstance(node, Add) and not node.is_number}
    sums = sorted(nodes, key=lambda e: (len(str(e)), str(e)))[:MOST_SUMS]
    return [*sums, *scalars_in(sums)][:MOST_BASES]


def _may_be_factor(node):
    is_sum_or_product = node.is_Add or node.is_Mul or node.is_Pow
    if node.is_number or isinstance(node, (MatrixElement, ExprCondPair)):
        return False
    return node.is_Pow or not is_sum_or_product


def _values(bases, envs):
    """{base: its value at each point} of those that have one everywhere."""
    found = {}
    for base in bases:
        try:
            values = np.array([float(np.real(np.reshape(evaluate(base, env), ()))) for env in envs])
        except Exception:  # noqa: BLE001  a part that has no value by itself, such as one with a bound symbol, is no factor
            continue
        if np.all(np.isfinite(values)) and np.all(values != 0) and not _is_constant(values):
            found[base] = values
    return found


def _powers(bases):
    for base, values in bases.items():
        for e in EXPONENTS:
            if e.is_Integer or np.all(values > 0):
                yield base**e, values ** float(e)


def _quotient(c, values):
    q = c / values
    return nice(q.mean()) if _is_constant(q) else None


def _of_one(c, bases):
    for power, values in _powers(bases):
        k = _quotient(c, values)
        if k is not None:
            return k * power
    return None


def _of_two(c, bases):
    powers = list(_powers(bases))
    for (p, u), (q, v) in combinations(powers, 2):
        k = _quotient(c, u * v)
        if k is not None:
            return k * p * q
    return None
