"""Names with times below them, ``P_{k|k-1}`` and, beside ``x_t``, ``x_{t+1}``: vectors and matrices of their own, as filters write them."""

import re
from typing import Any

from .tex_refused import TURNED

TIME = r"(?:[a-zT]|\d+)(?:\s*[-+]\s*\d+)?"
GIVEN = re.compile(rf"\s*({TIME})\s*(?:\||\\(?:mid|vert)(?![A-Za-z]))\s*({TIME})\s*")
MATRIX = r"(?:[A-Z]|\\[A-Z][a-z]+|\\(?:mathbf|boldsymbol|bm)\s*\{\s*\\?[A-Z][a-z]*\s*\})"  # which multiplies a vector
SHIFTED = re.compile(r"\s*([a-z])\s*([-+])\s*(\d+)\s*")


def name_of_time(scanner: Any, typed: str, letter: str, below: str) -> str:
    """``P_k_given_km1``, ``x_tp1``; "" for what is no such name. A note says which it is."""
    given = GIVEN.fullmatch(below)
    if given and not {*re.findall(r"[a-z]", below)} & scanner.indices:
        name = f"{letter}_{in_a_word(given[1])}_given_{in_a_word(given[2])}"
    elif is_another_time(scanner, typed, letter, below):
        name = f"{letter}_{in_a_word(below)}"
    else:
        return ""
    scanner.notes.append(f"`{typed}_{{{below}}}` is read as a name of its own, `{name}`")
    return name


def is_another_time(scanner: Any, typed: str, letter: str, below: str) -> bool:
    """Whether ``x_{t+1}`` stands beside ``x_t``, a name, and x itself nowhere, so that it is no entry of x."""
    found = SHIFTED.fullmatch(below)
    if not found or found[1] in scanner.indices or letter in scanner.declared:
        return False
    here = rf"(?<![A-Za-z\\]){re.escape(typed)}"
    plain = rf"{here}\s*_\s*(?:{found[1]}(?!\w)|\{{\s*{found[1]}\s*\}})"
    if not re.search(plain, scanner.text) or re.search(rf"{here}(?![A-Za-z]|\s*_)", scanner.text):
        return False
    is_vector = letter[:1].isupper() or typed != letter and typed != f"\\{letter}"  # a capital, or bold
    return is_vector or bool(re.search(rf"{MATRIX}\s*{plain}|{plain}\s*{TURNED}", scanner.text))


def in_a_word(time: str) -> str:
    """`km1` for ``k-1``, `tp1` for ``t+1``."""
    return re.sub(r"\s", "", time).replace("-", "m").replace("+", "p")
