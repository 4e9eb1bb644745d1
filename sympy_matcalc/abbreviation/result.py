"""Abbreviated: definitions and the short expression, as text, LaTeX and data."""

from typing import Any, NamedTuple

from sympy import Basic
from sympy.matrices.expressions import Inverse, MatMul, Transpose

from ..kernel.session import session
from ..kernel.walks import postorder
from ..printing import latex
from .graph import NARY, same_parts, with_parts
from .transposes import turned

LINE = 100  # characters; definitions that fit stand on one line


class Abbreviated(NamedTuple):
    """What `abbreviate` gives: ``names``, pairs of a symbol and the part that it stands for, and the ``expression`` in these symbols.

    Later parts may hold earlier symbols. ``doit()`` puts the parts back.
    """

    names: tuple[tuple[Any, Any], ...]
    expression: Any

    def doit(self) -> Any:
        """The expression with the names' parts in their places, nothing evaluated: what was abbreviated."""
        with session():
            return put_back(self.names, self.expression)

    def as_dict(self) -> dict[str, Any]:
        """As text: ``{"names": [{"name": .., "part": ..}, ...], "expression": ..}``."""
        return {"names": [{"name": str(s), "part": str(part)} for s, part in self.names], "expression": str(self.expression)}

    def latex(self) -> str:
        """An ``aligned`` block, a definition a line, the expression last; the expression alone where there are no names."""
        if not self.names:
            return _latex(self.expression)
        lines = [rf"{latex(s)} &= {latex(part)} \\" for s, part in self.names]
        return "\n".join([r"\begin{aligned}", *lines, rf"& {_latex(self.expression)}", r"\end{aligned}"])

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return "\n".join([*joined([f"{s} = {part}" for s, part in self.names]), str(self.expression)])


def _latex(expression: Any) -> str:
    """LaTeX of one expression, or of several, a quad apart."""
    return r",\quad ".join(map(latex, expression)) if isinstance(expression, tuple) else latex(expression)


def joined(definitions: list[str]) -> list[str]:
    """Definitions in lines, as many on a line as fit."""
    lines: list[str] = []
    for text in definitions:
        if lines and len(lines[-1]) + len(text) + 3 <= LINE:
            lines[-1] += f",  {text}"
        else:
            lines.append(text)
    return lines


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
