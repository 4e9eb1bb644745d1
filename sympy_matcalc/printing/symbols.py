"""Names: bold letters on request, names of several letters as words, differentials."""

import re

from sympy.core.alphabets import greeks
from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import LatexPrinter as SympyLatexPrinter
from sympy.printing.latex import translate

from .letters import in_latex, spelled

ACCENT = re.compile(r"\\(hat|tilde|bar|vec|dot|ddot|dddot|ddddot|check|breve|acute|grave|mathring)\{(.*)\}")
ACCENTS = ("hat", "tilde", "bar", "dot", "vec", "prime", "prm", "star")
WORD = re.compile(r"[A-Za-z]{2,}")
TIME = re.compile(r"^([a-zT])([mp])(\d+)$")
SIGNS = {"p": "+", "m": "-"}


class Symbols(SympyLatexPrinter):
    """Mixin of the printer: symbols."""

    def _print_Symbol(self, expr, style="plain"):
        given = self._settings["symbol_names"].get(expr)
        return given if given is not None else self._named(expr.name, plain_name if style == "plain" else bold_name)

    _print_RandomSymbol = _print_Symbol

    def _print_MatrixSymbol(self, expr):
        r"""A symbol `dX` is the differential of X: `\mathrm{d}X`."""
        given = self._settings["symbol_names"].get(expr)
        if given is not None:
            return given
        style = self._matrix_style(expr)
        if is_differential(expr):
            return rf"\mathrm{{d}}{self._named(expr.name[1:], style)}"
        return self._named(expr.name, style)

    def _matrix_style(self, expr):
        if not self._settings["bold"] and self._settings["mat_symbol_style"] == "plain" or expr.shape == (1, 1):
            return plain_name
        return bold_name

    def _named(self, name, style):
        """The name with its sub- and superscripts; only the name itself is in the style."""
        if name and "{" in name:
            return name
        if name == "pi_":  # weights, as `text` reads them; without bold type it is the number
            return bold_name(r"\pi")
        if name in self.twins:
            return rf"\mathit{{{name}}}"
        name = spelled(name)
        if self._settings.get("disable_split_super_sub"):  # from 1.14
            return style(name.replace("_", r"\_").replace("^", r"\^"))
        name, *indices = split_super_sub(name)
        name, supers, subs = in_latex(translate(name)), *([in_latex(translate(x)) for x in timed(part)] for part in indices)
        text = style(name)
        text += f"^{{{' '.join(supers)}}}" if supers else ""
        return text + (f"_{{{' '.join(subs)}}}" if subs else "")

    def letter(self, letter):
        """The letter of a matrix that the package names: K, D, E, I, ..."""
        return bold_name(letter) if self._settings["bold"] or self._settings["mat_symbol_style"] == "bold" else letter


def timed(indices):
    """Indices as filters write them: `k|k-1` for ``k_given_km1``, `t+1` for ``tp1``.

    >>> timed(["k", "given", "km1"]), timed(["tp1"]), timed(["p1"])
    (['k|k-1'], ['t+1'], ['p1'])
    """
    shifted = [TIME.sub(lambda m: f"{m[1]}{SIGNS[m[2]]}{m[3]}", index) for index in indices]
    for i in range(1, len(shifted) - 1):
        if shifted[i] == "given":
            return [*shifted[: i - 1], f"{shifted[i - 1]}|{shifted[i + 1]}", *timed(shifted[i + 2 :])]
    return shifted


def is_differential(symbol):
    """Whether a matrix symbol is named as `differential` names them: d and a letter, Greek ones and accents by name, with a number."""
    name = symbol.name
    if len(name) < 2 or name[0] != "d":
        return False
    letter = name[1:].split("_")[0].rstrip("0123456789")
    if len(letter) > 1:
        letter = letter.removesuffix(next((a for a in ACCENTS if letter.lower().endswith(a)), ""))
    return len(letter) == 1 and letter.isalpha() or letter.lower() in (*greeks, "lamda", "lambda", "lam")


def plain_name(name):
    r"""A word in italics, which is not a product of its letters: `\mathit{loss}`."""
    return rf"\mathit{{{name}}}" if WORD.fullmatch(name) else name


def bold_name(name):
    r"""`\mathbf{X}`, `\boldsymbol{\beta}`, `\hat{\mathbf{x}}`."""
    accent = ACCENT.fullmatch(name)
    if accent:
        return rf"\{accent[1]}{{{bold_name(accent[2])}}}"
    return rf"\mathbf{{{name}}}" if name.isascii() and name.isalnum() else rf"\boldsymbol{{{name}}}"
