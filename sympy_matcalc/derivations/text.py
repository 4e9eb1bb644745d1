"""Derivations as text: as the package types formulas, right sides under one another and the names of rules behind them."""

import re
from typing import Any

from sympy import Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.shapes import is_matrix
from ..kernel.walks import holds
from .last import LastInText
from .node import Differential, is_plain
from .partial import Partial
from .short import Names, names_of

WIDTH = 100  # up to here names of rules stand in one column
INDENT = 24  # a longer left side has a line of its own
UNICODE = [(".T", "ᵀ"), (".I", "⁻¹"), ("**2", "²"), ("**3", "³"), ("*", "·")]


class Printer(LastInText):
    """As formulas are typed, with d( ) for a differential."""

    def _print_Differential(self, expr: Any) -> str:
        body = self._print(expr.part)
        return f"d{body}" if is_plain(expr.part) else f"d({body})"

    def _print_Partial(self, expr: Any) -> str:
        return str(expr._sympystr(self))

    def _print_ImmutableDenseMatrix(self, expr: Any) -> str:
        return "[" + ", ".join(f"[{', '.join(map(self._print, expr.row(i)))}]" for i in range(expr.rows)) + "]"

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """A differential is a call, as the entry of a 1 x 1 matrix too."""
        is_call = isinstance(item, MatrixElement) and isinstance(item.parent, Differential)
        return self._print(item) if is_call else str(super().parenthesize(item, level, strict))

    _print_MatrixPartial = _print_ScalarPartial = _print_Partial

    def suffixed(self, expr: Any) -> str:
        return self._print(expr) if isinstance(expr, Differential) else super().suffixed(expr)

    _print_MatrixDifferential = _print_ScalarDifferential = _print_Differential


def plain(e: Any, dX: Any = None) -> str:
    """An expression as it is typed; dX: the differential of a scalar, which stands last."""
    printer = Printer(settings_for(e))
    printer.differential = dX if isinstance(dX, Symbol) else None
    return str(printer.doprint(e))


def settings_for(e: Any) -> dict:
    """Products of derivatives are written in their order, as a chain."""
    return {"order": "none"} if holds(e, (Partial,)) else {}


def in_unicode(s: str) -> str:
    s = re.sub(r"\bD\((\w+), (\w+)\)", r"∂\1/∂\2", s)
    for old, new in UNICODE:
        s = s.replace(old, new)
    return s


def step_text(step: Any) -> str:
    """A step on one line."""
    dX = getattr(step.left, "direction", None)
    return f"{plain(step.left, dX)} = {plain(step.right, dX)}   [{named(step)}]"


def of_derivation(d: Any, unicode: bool = False) -> str:
    """The lines of a derivation."""
    names = names_of(d, plain)
    rows = [_row(d, step, names) for step in d.steps]
    rows = [(in_unicode(left), in_unicode(right), in_unicode(rule)) for left, right, rule in rows] if unicode else rows
    indent = min(max((len(left) for left, _, _ in rows), default=0), INDENT)
    width = min(max((len(right) for _, right, _ in rows), default=0), WIDTH - indent)
    lines = []
    for step, (left, right, rule) in zip(d.steps, rows):
        if len(left) > indent and isinstance(step.left, Differential):  # on a line of its own, above the right sides
            lines.append(left)
            left = ""
        lines.append(f"{left:{indent}} = {right:{width}}   {rule}".rstrip())
    lines += [(in_unicode if unicode else str)(f"{'':{indent}}   where {s} = {plain(part, names.dX)}") for s, part in names.shown]
    return "\n".join([*lines, *([] if d.certificate is None else [str(d.certificate)])])


def _row(d: Any, step: Any, names: Names) -> tuple[str, str, str]:
    """(left side, right side, name of the rule); of an identification the derivative."""
    if step.found:
        return (title(step.found[0], d.variable), plain(names(step.found[1])), named(step))
    left = plain(names.of_left(step.left), names.dX) if step.opening else ""
    return (left, plain(names.of_right(step), names.dX), named(step))


def title(kind: str, X: Any) -> str:
    """What a derivative is called on the left; by a scalar it is no gradient."""
    return kind if is_matrix(X) else {"gradient": "derivative", "hessian": "second derivative"}.get(kind, kind)


def named(step: Any) -> str:
    """The rule, with the book where it is found."""
    return step.rule + (f" [{step.source}]" if step.source else "") + (f"; {step.note}" if step.note else "")
