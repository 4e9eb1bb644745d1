"""Abbreviated: definitions and the short expression, as text, LaTeX and data."""

from typing import Any, NamedTuple

from sympy import Basic
from sympy.matrices.expressions import Inverse, MatMul, Transpose

from ..answers import as_answer
from ..kernel.as_written import as_written
from ..kernel.session import session
from ..kernel.walks import postorder
from ..printing import latex
from .graph import NARY, same_parts, with_parts
from .transposes import turned

LINE = 100  # characters; definitions that fit stand on one line
BETWEEN = ",  "


class Abbreviated(NamedTuple):
    """What `abbreviate` gives: ``names``, pairs of a symbol and the part that it stands for, and the ``expression`` in these symbols.

    Later parts may hold earlier symbols. ``doit()`` puts the parts back.
    """

    names: tuple[tuple[Any, Any], ...]
    expression: Any

    def doit(self) -> Any:
        """The expression with the names' parts in their places, nothing evaluated: what was abbreviated."""
        names = [(s, as_written(part)) for s, part in self.names]
        several = isinstance(self.expression, tuple)
        with session():
            found = put_back(names, tuple(map(as_written, self.expression)) if several else as_written(self.expression))
        return tuple(map(as_answer, found)) if several else as_answer(found)

    def as_dict(self) -> dict[str, Any]:
        """As text: ``{"names": [{"name": .., "part": ..}, ...], "expression": ..}``."""
        return {"names": [{"name": str(s), "part": str(part)} for s, part in self.names], "expression": str(self.expression)}

    def latex(self, **settings: Any) -> str:
        """An ``aligned`` block, as many definitions on a line as fit, the expression last; without names the expression alone.

        settings: those of `mc.latex`.
        """
        last = _latex(self.expression, settings)
        if not self.names:
            return last
        found = [[f"{latex(s, **settings)} = {latex(part, **settings)}" for s, part in line] for line in in_lines(self.names)]
        lines = [r",\quad ".join(line).replace(" =", " &=", 1) + r" \\" for line in found]
        return "\n".join([r"\begin{aligned}", *lines, rf"& {last}", r"\end{aligned}"])

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return "\n".join([*(BETWEEN.join(_definition(*pair) for pair in line) for line in in_lines(self.names)), str(self.expression)])

    def __repr__(self) -> str:
        return str(self)


def _latex(expression: Any, settings: dict[str, Any]) -> str:
    """LaTeX of one expression, or of several, a quad apart."""
    return r",\quad ".join(latex(e, **settings) for e in (expression if isinstance(expression, tuple) else (expression,)))


def in_lines(names: Any) -> list[list]:
    """Pairs of a name and its part in lines, as many on a line as fit as text."""
    lines: list[list] = []
    width = 0
    for pair in names:
        own = len(_definition(*pair))
        if lines and width + own + len(BETWEEN) <= LINE:
            lines[-1].append(pair)
            width += own + len(BETWEEN)
        else:
            lines.append([pair])
            width = own
    return lines


def _definition(symbol: Any, part: Any) -> str:
    return f"{symbol} = {part}"


def put_back(names: Any, expression: Any) -> Any:
    """An expression with parts for symbols, a product in a product written as one; each shared part is built once."""
    if isinstance(expression, tuple):
        return tuple(put_back(names, e) for e in expression)
    known: dict[Any, Any] = {}
    for symbol, part in names:
        known[symbol] = _replaced(part, known)
    return _replaced(expression, known)


def _replaced(top: Basic, known: dict[Any, Any]) -> Any:
    new: dict[int, Any] = {}
    parts_once = same_parts()
    for node in postorder(top, parts_once):
        parts = parts_once(node)
        if not parts:
            new[id(node)] = known.get(node, node)
        elif all(new[id(p)] is p for p in parts):
            new[id(node)] = node
        else:
            new[id(node)] = _rebuilt(node, parts, new, known)
    return new[id(top)]


def _rebuilt(node: Any, parts: list[Any], new: dict[int, Any], known: dict[Any, Any]) -> Any:
    if type(node) is Transpose and parts[0] in known and type(new[id(parts[0])]) in (MatMul, Inverse):
        return turned(new[id(parts[0])])
    args: list[Any] = []
    for p in parts:
        inner = new[id(p)]
        opened = type(node) in NARY and type(inner) is type(node) and (p in known or type(p) is Transpose)
        args += inner.args if opened else [inner]
    return with_parts(node, args)
