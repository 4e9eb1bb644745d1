"""What LaTeX has that is no formula of matrices, each with what to write instead."""

import re
from typing import Any

from .tex_words import SUBSCRIPT

ALONE = "write the function alone, and ask for its derivative"
REFUSED = {  # commands: what to do
    "nabla": ALONE, "partial": ALONE, "int": "integrals are not read", "lim": "limits are not read", "arg": ALONE, "argmin": ALONE,
    "argmax": ALONE, "in": "declare in front of the formula: `x vector; ...`", "mathbb": "expectations and sets are not read",
    "underset": ALONE, "overset": "write a name of its own", "log": "write `\\log(x)/\\log(2)`", "sim": "write its log-likelihood",
    "propto": ALONE, "approx": ALONE, "to": "write a map as `u \\mapsto u^2`", "prod": "write `\\operatorname{prod}(x)`",
    "cup": "sets are not read", "cap": "sets are not read", "forall": "write the formula alone", "ldots": "write `\\sum_{i=1}^{n}`",
    "cdots": "write `\\sum_{i=1}^{n}`", "dots": "write `\\sum_{i=1}^{n}`", "half": "write `\\frac{1}{2}`", "binom": "write its value",
}  # fmt: skip
UPPER = re.compile(r"\^\s*\{\s*(?:\\left)?\(\s*(\w+)\s*(?:\\right)?\)\s*\}")  # `W^{(1)}`
APPLIED = {"phi", "varphi", "psi", "ell"}  # letters of functions, and of numbers
OF_FUNCTIONS = {"f", "g", "h"}  # and of nothing else, where they stand in front of brackets


def check_upper(scanner: Any) -> None:
    """ParseError for ``W^{(1)}``: an index of a layer or a sample, not a power."""
    found = UPPER.match(scanner.text, scanner.place)
    last = scanner.tokens[-1] if scanner.tokens else None
    if found and last is not None and last.type == "NAME":
        saw = f"`{last.value}{found[0]}` can be an upper index, and a power"
        raise scanner.source.error(
            scanner.place, saw, f"write the index below, `{last.value}_{{{found[1]}}}`, the power as `^{{{found[1]}}}`"
        )


def check_below(scanner: Any, word: str, end: int) -> None:
    """ParseError for what stands below a function, as in ``\\log_2 x`` and ``\\min_w f``."""
    found = SUBSCRIPT.match(scanner.text, end)
    if found:
        below = scanner.text[end : found.end()].strip()
        instead = ALONE if word in ("min", "max") else REFUSED.get(word, "leave it out")
        raise scanner.source.error(scanner.place, f"`{below}` below `{word}` is not read", instead)


def check_applied(scanner: Any, letter: str, end: int) -> None:
    """ParseError for ``f(x)``, where nobody means a product; a note for ``\\phi(x)``."""
    found = re.compile(r"\s*(?:\\left\s*)?\(").match(scanner.text, end)
    if not found or letter in scanner.declared:
        return
    text = scanner.text[scanner.place : end]
    if letter in OF_FUNCTIONS:
        instead = f"write it out; a product is `{text} \\cdot (...)`, a function `\\operatorname{{name}}(...)`"
        raise scanner.source.error(scanner.place, f"`{text}(...)` is a function of which nothing is known", instead)
    if letter in APPLIED:
        scanner.notes.append(f"`{text}(...)` is read as a product; a function is written out, or is `\\operatorname{{name}}`")
