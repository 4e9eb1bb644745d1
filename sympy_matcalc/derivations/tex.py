"""Derivations in LaTeX."""

from typing import Any

from ..printing.latex import LatexPrinter, in_text
from .node import is_call, is_plain
from .text import named, readable, settings_for, short

DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage[a3paper,landscape,margin=2cm]{geometry}
\begin{document}
%s
\end{document}
"""


def formula(e: Any, settings: dict | None = None) -> str:
    """The LaTeX of an expression."""
    return str(LatexPrinter({**settings_for(e), **(settings or {})}).doprint(e))


def symbol_of(d: Any, kind: str, settings: dict) -> str:
    """The derivative that was found, as it is written on a left side."""
    expr = readable(d.expression)
    f = formula(expr, settings)
    f = f if is_plain(expr) or is_call(expr) else rf"\left({f}\right)"
    x = formula(d.variable, settings)
    top, bottom = {
        "gradient": (r"\partial", rf"\partial {x}"),
        "jacobian": (r"\partial", rf"\partial {x}" if len(getattr(d.variable, "shape", ())) < 2 else rf"\partial {x}^{{\top}}"),
        "vec jacobian": (r"\partial \operatorname{vec}", rf"\partial \operatorname{{vec}}\left({x}\right)^{{\top}}"),
        "hessian": (r"\partial^2", rf"\partial {x} \, \partial {x}^{{\top}}"),
        "vec hessian": (
            r"\partial^2",
            rf"\partial \operatorname{{vec}}\left({x}\right) \, \partial \operatorname{{vec}}\left({x}\right)^{{\top}}",
        ),
    }[kind]
    return rf"\frac{{{top}}}{{{bottom}}} {f}"


def row(d: Any, step: Any, settings: dict) -> str:
    """One line of `align*`: the left side where it is new, the right side, the rule."""
    if step.found:
        left = formula(step.left, settings) if d.style == "chain" else symbol_of(d, step.found[0], settings)
        right = formula(short(step.found[1])[1], settings)
    else:
        left, right = formula(readable(step.left), settings) if step.opening else "", formula(step.right, settings)
    return rf"{left} &= {right} && \text{{{in_text(named(step))}}}"


def of_derivation(d: Any, standalone: bool, settings: dict) -> str:
    """An `align*` environment, or a document with it."""
    names, _ = short(d.result)
    rows = [row(d, step, settings) for step in d.steps]
    rows += [rf"\text{{where}} \quad {formula(s, settings)} &= {formula(part, settings)}" for s, part in names]
    body = " \\\\\n".join(rows)
    env = f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
    return DOCUMENT % env if standalone else env
