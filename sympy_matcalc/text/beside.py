"""Where factors of plain text stand beside one another, ``A x``, ``2*x' z``, ``1/2 x'x``, and where that is a mistake.

A factor without a sign is one that a reader takes for one: a number, a bracket, a letter, a Greek letter's name, a declared name, the
call of a function. Words of a sentence, cells of a row and brackets right behind a name are none.
"""

import re
from typing import Any

from .functions import ALIASES, ELEMENTWISE, FILLED, WORDS
from .limits import RESERVED
from .spelling import NAMED, one_spelling

LETTER = re.compile(r"[^\W\d_]\d*(?:_\w+)?|[A-Z][a-z]\d*")
GREEK = {*NAMED.values(), "lambda", "lamda"}
OF_NUMBERS = {"e", "E", "i", "j", "J"}  # right behind a number they are of the number, as programs write it
ARGUMENT = re.compile(r"\s+[^\W\d_]|\s*[|‖√]")  # what begins the one factor that a function without brackets is of
TRANSPOSED = re.compile(r"\^\s*(?:([TH])(?![a-z]{2,}|[\d_])|\(\s*([TH])\s*\))")
ELSEWHERE = {"T": re.compile(r"(?<![\w^.])T(?!\w)|'|\.T\b|[ᵀ⊤′]|(?<!\^)\bT\w"), "H": re.compile(r"(?<![\w^.])H(?!\w)|ᴴ|\.H\b")}


def is_function(name: str) -> bool:
    return name in WORDS or name in ALIASES or name in ELEMENTWISE or name in FILLED


def takes_a_factor(name: str, behind: str) -> bool:
    """Whether a word is a function without brackets: ``tr A``, ``log |S|``, but not the identity, nor what is passed by its name."""
    return is_function(name) and name not in RESERVED and name not in FILLED and bool(ARGUMENT.match(behind))


def fits(scanner: Any, token: Any) -> bool:
    """Whether a token is taken for a factor."""
    if token.type != "NAME":
        return True
    name = token.value
    called = is_function(name) or name in RESERVED or name == "eye"
    return called or name in scanner.declared or one_spelling(name) in scanner.declared or name in GREEK or bool(LETTER.fullmatch(name))


def stands_beside(scanner: Any, last: Any, token: Any) -> bool:
    """Whether the token begins a factor beside the last one."""
    gap = scanner.text[last.end : token.start] != ""
    if token.type == "NUMBER" or not (fits(scanner, last) and fits(scanner, token)):
        return False
    if last.type == "NUMBER" and not gap and token.type == "NAME":
        return token.value not in OF_NUMBERS and last.value != "0"
    if token.type == "_LPAR" and last.type in ("NAME", "ATTR", "TEXT"):
        return gap and (last.type == "ATTR" or last.value in scanner.declared or last.value[0].isupper() and len(last.value) == 1)
    return gap or last.type != "ATTR"


def in_a_row(scanner: Any, last: Any, token: Any) -> bool:
    """Whether two factors are cells of a row, ``[A B; C D]`` of MATLAB's."""
    return bool(scanner.open) and scanner.open[-1].type == "_LSQB" and scanner.text[last.end : token.start] != ""


def is_half(scanner: Any, token: Any) -> bool:
    """Whether a space ends a fraction in front of a factor: ``1/2 x'x``."""
    tokens = scanner.tokens
    if len(tokens) < 2 or tokens[-1].type != "NUMBER" or tokens[-2].type != "SLASH" or tokens[-1].end == token.start:
        return False
    slash, before = tokens[-2], [token.type for token in tokens[-4:-2]]
    of_numbers = before[-1:] == ["NUMBER"] and before[0] not in ("HAT", "POWER", "DOTHAT")
    if not of_numbers and scanner.text[slash.start - 1 : slash.start].isspace() and scanner.text[slash.end : slash.end + 1].isspace():
        return False  # of `norm(x)^2 / 2 s^2` as much may be meant to be below the line
    scanner.notes.append(f"`/{tokens[-1].value}` in front of `{token.value}` is read as a fraction of its own")
    return True


def transposed(scanner: Any) -> str:
    """ "PRIME" for a ``^T`` that nothing in the text says to be a power, "HERMITIAN" for ``^H``."""
    found = TRANSPOSED.match(scanner.text, scanner.place)
    letter = (found[1] or found[2]) if found else ""
    if found is None or letter in scanner.declared or scanner.tokens[-1].type == "NUMBER" or ELSEWHERE[letter].search(scanner.text):
        return ""
    scanner.place = found.end()
    scanner.notes.append(f"`^{letter}` is read as the transpose; for a power declare `{letter}: scalar`")
    return {"T": "PRIME", "H": "HERMITIAN"}[letter]
