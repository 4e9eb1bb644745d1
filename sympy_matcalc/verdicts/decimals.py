"""Decimals in formulas: 0.3 is the fraction 3/10; one that fills a double, as 1/3 computed by Python, is known up to its rounding only."""

from collections.abc import Iterable
from typing import Any

from mpmath.libmp import prec_to_dps
from sympy import Float, Rational, Symbol

from ..kernel.walks import every_node, replaced

ROUNDED = Rational(1, 10**15)  # relative: how far such a number may be from its double, after a few operations


def digits_of(decimal: Float) -> str:
    """The shortest decimal that is read as this double; of a number with more digits all of them."""
    return repr(float(decimal)) if decimal._prec <= 53 else str(decimal)


def is_rounded(decimal: Float) -> bool:
    mantissa = digits_of(decimal).partition("e")[0].replace(".", "").strip("-").strip("0")
    return len(mantissa) >= prec_to_dps(decimal._prec)


def without_decimals(expressions: Iterable[Any]) -> tuple[list[Any], dict[Any, Rational]]:
    """(the expressions with fractions for decimals, {symbol: value}): a symbol stands for each decimal that is rounded."""
    expressions = list(expressions)
    found = {node for e in expressions for node in every_node(e) if isinstance(node, Float) and node.is_finite}
    if not found:
        return expressions, {}
    values, rounded = {}, {}
    for k, decimal in enumerate(sorted(found)):
        values[decimal] = Rational(digits_of(decimal))
        if is_rounded(decimal):
            symbol = Symbol(f"decimal {k}", positive=decimal > 0, negative=decimal < 0)
            rounded[symbol], values[decimal] = values[decimal], symbol
    return [replaced(e, values) for e in expressions], rounded
