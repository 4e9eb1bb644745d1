"""Definitions of names, ``-sum(y.*log(p)) where p = softmax(X*w)``: what is defined stands in the place of its name.

The text is put together before it is read, with brackets around what is defined: shapes, places and errors are those of one formula.
"""

import re
from collections.abc import Iterable

from ..errors import ParseError

DEFINITION = re.compile(r"\s*(\\?[^\W\d_]\w*)\s*:?=(?!=)\s*(.+)", re.S)
MAX_DEFINITIONS = 20
MAX_LENGTH = 10_000  # of the formula with everything put in


def definitions_of(pieces: Iterable[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """((name, formula) of each definition, the other declarations) of the pieces in front of a formula and behind `where`.

    >>> definitions_of(["p = softmax(X*w)", "y vector"])
    ([('p', 'softmax(X*w)')], ['y vector'])
    """
    found, rest = [], []
    for piece in pieces:
        definition = DEFINITION.fullmatch(piece)
        if definition:
            found.append((definition[1], definition[2].strip()))
        else:
            rest.append(piece)
    return found, rest


def put_in(formula: str, defined: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """(the formula with what is defined in the place of each name, notes); ParseError where that cannot be done.

    >>> put_in("sum(p) + q", [("q", "X*w"), ("p", "exp(q)")])[0]
    'sum((exp((X*w)))) + (X*w)'
    """
    names = [name for name, _ in defined]
    if len(names) > MAX_DEFINITIONS or len({*names}) < len(names):
        twice = next((name for name in names if names.count(name) > 1), "")
        what = f"`{twice}` is defined twice" if twice else f"more than {MAX_DEFINITIONS} definitions"
        raise ParseError(f"{what}; write each definition once")
    meaning: dict[str, str] = {}
    waiting = dict(defined)
    while waiting:
        ready = [name for name, body in waiting.items() if not any(occurs(other, body) for other in waiting)]
        if not ready:
            name = next(iter(waiting))
            raise ParseError(f"`{name} = {waiting[name][:40]}` defines a name by itself; take another name on the right side")
        for name in ready:
            meaning[name] = f"({replaced(waiting.pop(name), meaning)})"
    for name in names:
        if not any(occurs(name, text) for text in [formula, *(body for _, body in defined)]):
            raise ParseError(f"`{name}` is defined, and does not occur in the formula; leave the definition out")
    notes = [f"`{name}` stands for `{body}`" for name, body in defined]
    return replaced(formula, meaning), notes


def place(name: str) -> str:
    """The pattern of a name where it is one word; in LaTeX a command."""
    return rf"(?<![\\\w]){re.escape(name)}(?![^\W_])"


def occurs(name: str, text: str) -> bool:
    return re.search(place(name), text) is not None


def replaced(text: str, meaning: dict[str, str]) -> str:
    if not meaning:
        return text
    found = re.compile("|".join(f"(?:{place(name)})" for name in sorted(meaning, key=len, reverse=True)))
    out = found.sub(lambda match: meaning[match[0]], text)
    if len(out) > MAX_LENGTH:
        raise ParseError(f"the formula with its definitions has more than {MAX_LENGTH} characters; give on what is defined by itself")
    return out


def check_put_in(names: Iterable[str], defined: list[tuple[str, str]], known: Iterable[str]) -> None:
    """ParseError for a name that is defined and still there, as a letter of a product without signs, or declared too."""
    for name, _ in defined:
        if name.lstrip("\\") in known:
            raise ParseError(f"`{name}` is declared, and also defined; leave the declaration out")
        if name.lstrip("\\") in names:
            saw = f"`{name}` is defined, and also read as a letter of its own"
            raise ParseError(f"{saw}; write it apart from its neighbours, products with `*`")
