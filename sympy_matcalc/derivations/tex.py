"""Derivations in LaTeX."""

import re
from typing import Any

from sympy import Symbol

from ..kernel.shapes import is_matrix
from ..printing.latex import in_text
from .breaking import Row, fitted
from .last import LastInLatex
from .node import is_call, is_plain
from .reading import readable
from .short import Names, names_of
from .text import named, plain, settings_for

DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage[a3paper,landscape,margin=2cm]{geometry}
\allowdisplaybreaks
\begin{document}
%s
\end{document}
"""

FORMULAS = {  # that stand in names of rules
    "df = tr(G' dX)": r"\mathrm{d}f = \operatorname{tr}(G^{\top} \, \mathrm{d}X)",
    "df = g' dx": r"\mathrm{d}f = g^{\top} \mathrm{d}x",
    "dF = J dx": r"\mathrm{d}F = J \, \mathrm{d}x",
    "d vec F = J d vec X": r"\mathrm{d}\operatorname{vec} F = J \, \mathrm{d}\operatorname{vec} X",
    "df = f' dt": r"\mathrm{d}f = f' \, \mathrm{d}t",
    "dx' H dx": r"\mathrm{d}x^{\top} H \, \mathrm{d}x",
    "d^2 f = f'' dt^2": r"\mathrm{d}^2 f = f'' \, \mathrm{d}t^2",
    "(d vec X)' H d vec X": r"(\mathrm{d}\operatorname{vec} X)^{\top} H \, \mathrm{d}\operatorname{vec} X",
    "tr(A'(B o C)) = tr((A o B)'C)": r"\operatorname{tr}(A^{\top}(B \odot C)) = \operatorname{tr}((A \odot B)^{\top} C)",
    "a'(b o c) = (a o b)'c": r"a^{\top}(b \odot c) = (a \odot b)^{\top} c",
    "tr(A' diag(v)) = vecdiag(A)'v": r"\operatorname{tr}(A^{\top} \operatorname{diag}(v)) = \operatorname{vecdiag}(A)^{\top} v",
    "a' vecdiag(B) = tr(diag(a) B)": r"a^{\top} \operatorname{vecdiag}(B) = \operatorname{tr}(\operatorname{diag}(a) B)",
    "tr(A'(B o I)) = tr((A o I)'B)": r"\operatorname{tr}(A^{\top}(B \odot I)) = \operatorname{tr}((A \odot I)^{\top} B)",
    "(G + G')/2": r"(G + G^{\top})/2",
    "G + G' - G o I": r"G + G^{\top} - G \odot I",
    "(G - G')/2": r"(G - G^{\top})/2",
    "G - G'": r"G - G^{\top}",
    "tr(G) I/n": r"\operatorname{tr}(G) \, I/n",
    "tr(G) I": r"\operatorname{tr}(G) \, I",
    "G - X sym(X'G)": r"G - X \operatorname{sym}(X^{\top} G)",
    "X'X = I": r"X^{\top} X = I",
    "X sym(G) X": r"X \operatorname{sym}(G) \, X",
    "vec(A)' vec(B) = tr(A'B)": r"\operatorname{vec}(A)^{\top} \operatorname{vec}(B) = \operatorname{tr}(A^{\top} B)",
}
IN_RULES = re.compile("|".join(map(re.escape, FORMULAS)) + r"|(?<=makes )\w'*(?= )|(?<=; )\S+ x \S+$")


def rule_text(step: Any) -> str:
    """The name of a rule in the text mode of LaTeX, the formulas in it as formulas."""
    sentence, at, parts = named(step), 0, []
    for found in IN_RULES.finditer(sentence):
        math = FORMULAS.get(found[0], found[0].replace(" x ", r" \times ").replace("*", r" \, "))
        parts += [in_text(sentence[at : found.start()]), f"${math}$"]
        at = found.end()
    return "".join([*parts, in_text(sentence[at:])])


def formula(e: Any, settings: dict | None = None) -> str:
    """The LaTeX of an expression."""
    return str(LastInLatex({**settings_for(e), **(settings or {})}).doprint(e))


def notation(d: Any, settings: dict | None = None) -> dict:
    """The settings of the printer, by which the differential of a scalar looks like that of a matrix: an upright d."""
    dX, settings = getattr(d.steps[0].left, "direction", None), settings or {}
    if not isinstance(dX, Symbol):
        return settings
    given = settings.get("symbol_names", {})
    X = formula(d.variable, settings)
    return {**settings, "symbol_names": {dX: rf"\mathrm{{d}}{X}", **given}, "differential": dX}


def symbol_of(d: Any, kind: str, settings: dict) -> str:
    """The derivative that was found, as it is written on a left side."""
    expr = readable(d.expression)
    f = formula(expr, settings)
    f = f if is_plain(expr) or is_call(expr) else rf"\left({f}\right)"
    x = formula(d.variable, settings)
    vec_x = rf"\operatorname{{vec}}\left({x}\right)"
    if kind == "vec jacobian":
        f = rf"\operatorname{{vec}} {f}" if f.startswith(r"\left(") else rf"\operatorname{{vec}}\left({f}\right)"
    symbol = r"\mathrm{d}" if _is_of_one_scalar(d) else r"\partial"
    top, bottom = {
        "gradient": (symbol, rf"{symbol} {x}"),
        "jacobian": (symbol, rf"{symbol} {x}" if len(getattr(d.variable, "shape", ())) < 2 else rf"{symbol} {x}^{{\top}}"),
        "vec jacobian": (r"\partial", rf"\partial {vec_x}^{{\top}}"),
        "hessian": (rf"{symbol}^2", rf"\partial {x} \, \partial {x}^{{\top}}" if is_matrix(d.variable) else rf"{symbol} {x}^2"),
        "vec hessian": (r"\partial^2", rf"\partial {vec_x} \, \partial {vec_x}^{{\top}}"),
    }[kind]
    return rf"\frac{{{top}}}{{{bottom}}} {f}"


def _is_of_one_scalar(d: Any) -> bool:
    """Whether it is a function of a number and of nothing else, whose derivative is no partial one."""
    return isinstance(d.variable, Symbol) and d.expression.free_symbols <= {d.variable}


def parts(d: Any, step: Any, settings: dict, names: Names) -> Row:
    """The left side where it is new, the right side, the rule of a step."""
    if step.found:
        left = formula(step.left, settings) if d.style == "chain" else symbol_of(d, step.found[0], settings)
        right = formula(names(step.found[1]), settings)
    else:
        left, right = formula(names.of_left(step.left), settings) if step.opening else "", formula(names.of_right(step), settings)
    return Row(left, right, rule_text(step))


def row(d: Any, step: Any, settings: dict, names: Names) -> str:
    """One line of `align*`."""
    return str(parts(d, step, settings, names))


def of_derivation(d: Any, standalone: bool, settings: dict) -> str:
    """An `align*` environment, or a document with it, in which lines that are wider than the page are broken."""
    names, settings = names_of(d, plain), notation(d, settings)
    rows = [parts(d, step, settings, names) for step in d.steps]
    rows += [Row(rf"\text{{where}} \quad {formula(s, settings)}", formula(part, settings), "") for s, part in names.shown]
    return DOCUMENT % environment(fitted(rows)) if standalone else environment(list(map(str, rows)))


def environment(rows: list[str]) -> str:
    body = " \\\\\n".join(rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
