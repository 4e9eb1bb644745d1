"""Order in the lines of a derivation: the differential of a scalar stands behind what it is multiplied with, ``sin(t)*dt``,
``A*exp(t)*dt``, ``t*dt/(1 + t)``, and a sum begins with a term that has no minus sign, where there is one."""

from collections.abc import Sequence
from typing import Any

from sympy import Basic, Mul, Pow
from sympy.matrices.expressions import MatMul

from ..nodes.algebra_text import MUL, taken_apart
from ..printing import binding
from ..printing.latex import LatexPrinter
from ..text.writer import TextPrinter


def parted(e: Any, dX: Any) -> tuple[list, list] | None:
    """(the other factors, the powers of dX) of a product; None of what is none, or has no such factor."""
    if dX is None or not isinstance(e, (Mul, MatMul)):
        return None
    factors = _flat(e.args)
    last = [f for f in factors if _is_power(f, dX)]
    return ([f for f in factors if not _is_power(f, dX)], last) if last else None


def _flat(args: Sequence[Any]) -> list:
    return [f for a in args for f in (a.args if isinstance(a, Mul) else (a,))]


def _is_power(f: Any, dX: Any) -> bool:
    return bool(f == dX or isinstance(f, Pow) and f.base == dX and f.exp.is_positive)


class LastInText(TextPrinter):
    """Mixin of the printer of text; `differential` is dX, or None."""

    differential: Any = None

    def _print(self, expr: Any, **kwargs: Any) -> str:
        found = parted(expr, self.differential)
        if not found:
            return str(super()._print(expr, **kwargs))
        rest, last = found
        negative, above, matrices, below = taken_apart(rest)
        factors = [self.parenthesize(f, MUL, True) for f in [*([] if above == 1 else [above]), *matrices]]
        over = "" if below == 1 else "/" + self.parenthesize(below, MUL)
        return "-" * negative + "*".join([*factors, *map(self._print, last)]) + over


class LastInLatex(LatexPrinter):
    """The printer of LaTeX; its setting `differential` is dX."""

    _default_settings = {**LatexPrinter._default_settings, "differential": None}

    def _print_Mul(self, expr: Any) -> str:
        return self._with_last(expr) or str(super()._print_Mul(expr))

    def _print_MatMul(self, expr: Any) -> str:
        return self._with_last(expr) or str(super()._print_MatMul(expr))

    def _with_last(self, expr: Any) -> str:
        """The product, or "" where it has no such factor, or nothing beside it above the bar."""
        found = parted(expr, self._settings["differential"])
        if not found:
            return ""
        rest, last = found
        _, above, matrices, _ = taken_apart(rest)
        if above == 1 and not matrices:
            return ""
        whole = rest[0] if len(rest) == 1 else _unevaluated(type(expr) if matrices else Mul, rest)
        tex = self._print(whole)
        alone = isinstance(whole, (Mul, MatMul)) or binding.binding(whole) >= MUL
        tex = tex if alone and not binding.is_open(whole) else rf"\left({tex}\right)"
        return r" \, ".join([tex, *map(self._print, last)])


def _unevaluated(cls: type, factors: list) -> Any:
    new = Basic.__new__(cls, *factors)
    if cls is Mul:
        new.is_commutative = True
    return new
