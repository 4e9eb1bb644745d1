"""Letters that are not ASCII in names: Greek as its commands, small digits as indices, marks as accents; no raw Unicode reaches LaTeX."""

import unicodedata
from typing import Any

from sympy.core.alphabets import greeks
from sympy.printing.conventions import split_super_sub

ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot",
    "\u0308": "ddot", "\u030c": "check", "\u20d7": "vec",
}  # fmt: skip
COMMANDS = {
    "ℓ": r"\ell", "∂": r"\partial", "∇": r"\nabla", "ℝ": r"\mathbb{R}", "ϵ": r"\epsilon", "ϕ": r"\phi", "ϑ": r"\vartheta",
    "ς": r"\varsigma",
}  # fmt: skip
WIDE = {"widehat": "hat", "widetilde": "tilde", "overline": "bar"}
NAMES = {"lamda": "lambda"}  # as Unicode calls it
WORDS = {"lam": "lambda", "Lam": "Lambda"}  # what people type for Python's keyword


def spelled(name: str) -> str:
    """A name in SymPy's spelling: ``α`` is ``alpha``, ``x₁`` is ``x_1``, ``x̂`` is ``xhat``, ``lam`` is ``lambda``."""
    if name.isascii():
        head, mark, rest = _accented(name).partition("_")
        stem = head.rstrip("0123456789")
        return WORDS[stem] + head[len(stem) :] + mark + rest if stem in WORDS else head + mark + rest
    name = "".join(map(_digit, name))
    head, mark, rest = name.partition("_")
    letters = unicodedata.normalize("NFD", head)
    if len(letters) == 2 and letters[1] in ACCENTS:
        return (greek(letters[0]) or letters[0]) + ACCENTS[letters[1]] + mark + rest
    stem = head.rstrip("0123456789")
    return (greek(stem) or stem) + head[len(stem) :] + mark + rest


def _accented(name: str) -> str:
    """``x_hat`` as `xhat`: an accent that is typed as an index of a letter, as LaTeX is read."""
    head, *parts = name.split("_")
    accent = WIDE.get(parts[0], parts[0]) if parts else ""
    is_letter = len(head) == 1 or head.lower() in (*greeks, *NAMES, "lambda", "lam")
    return "_".join([WORDS.get(head, head) + accent, *parts[1:]]) if accent in ACCENTS.values() and is_letter else name


def twins(expr: Any) -> set[str]:
    """The names of an expression that would print as others in it do: `xhat` where `x_hat` is there too."""
    names = sorted({s.name for s in getattr(expr, "free_symbols", ()) if hasattr(s, "name")}, key=lambda name: ("_" not in name, name))
    printed = [split_super_sub(spelled(name)) if "{" not in name else name for name in names]
    return {name for i, name in enumerate(names) if "_" not in name and printed[i] in printed[:i]}


def _digit(char: str) -> str:
    """A small lowered digit as an index; ``x₁₂`` is x_12."""
    return unicodedata.normalize("NFKC", char) if "SUBSCRIPT" in unicodedata.name(char, "") else char


def greek(letter: str) -> str:
    """The name of a Greek letter, with a capital where the letter is one; empty for any other."""
    words = unicodedata.name(letter, "").split() if len(letter) == 1 else []
    if words[:1] != ["GREEK"] or words[2:3] != ["LETTER"] or len(words) != 4:
        return ""
    name = NAMES.get(words[3].lower(), words[3].lower())
    return (name.capitalize() if words[1] == "CAPITAL" else name) if name in (*greeks, "lambda") else ""


def in_latex(text: str) -> str:
    """LaTeX without raw Unicode: commands for the letters that have one, the plain letter for one with a mark, else its number."""
    return text if text.isascii() else "".join(map(_command, unicodedata.normalize("NFC", text))).rstrip()


def _command(char: str) -> str:
    if char.isascii():
        return char
    name = greek(char)
    if name or char in COMMANDS:
        return (COMMANDS.get(char) or GREEK_CAPITALS.get(name) or f"\\{name}") + " "
    letters = unicodedata.normalize("NFD", char)
    if len(letters) == 2 and letters[1] in ACCENTS:
        return rf"\{ACCENTS[letters[1]]}{{{_command(letters[0]).strip()}}}"
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain or rf"\mathrm{{u{ord(char):x}}}"


GREEK_CAPITALS = {  # that LaTeX writes with Latin letters
    "Alpha": r"\mathrm{A}", "Beta": r"\mathrm{B}", "Epsilon": r"\mathrm{E}", "Zeta": r"\mathrm{Z}", "Eta": r"\mathrm{H}",
    "Iota": r"\mathrm{I}", "Kappa": r"\mathrm{K}", "Mu": r"\mathrm{M}", "Nu": r"\mathrm{N}", "Omicron": r"\mathrm{O}",
    "Rho": r"\mathrm{P}", "Tau": r"\mathrm{T}", "Chi": r"\mathrm{X}", "omicron": "o",
}  # fmt: skip
