"""Facts that are stated as text: ``symmetric: A, S``."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from sympy import And, MatrixSymbol

from ..errors import ParseError
from ..facts import PREDICATES
from .declared import read_declarations
from .spelling import one_spelling


def read_assumptions(texts):
    """``(name of the fact, name of the matrix, text)`` of each fact that lines such as ``symmetric: A, S`` state."""
    stated = []
    for text in texts:
        name, colon, names = (part.strip() for part in text.partition(":"))
        fact = name.replace(" ", "_")
        if not colon and (said := in_words(text)):
            stated += said
            continue
        if not colon:
            raise ParseError(f'`--assume "{text}"` has no colon; write `--assume "symmetric: A, S"`')
        if fact not in PREDICATES:
            near = get_close_matches(fact.lower(), list(PREDICATES), 1)
            known = f"did you mean `{near[0]}`?" if near else f"they are {', '.join(PREDICATES)}"
            raise ParseError(f'`--assume "{text}"`: `{name}` is no fact about matrices; {known}')
        stated += [(fact, one_spelling(part.strip()), text) for part in names.split(",")]
    return stated


def in_words(text: str) -> list[tuple[str, str, str]]:
    """What ``A symmetric`` states, as a declaration does; nothing where it states no fact."""
    try:
        lines = read_declarations([text], text).facts
    except ParseError:
        return []
    return [
        (fact, one_spelling(name.strip()), text) for line in lines for fact, _, names in [line.partition(": ")] for name in names.split(",")
    ]


def facts_of(stated: Iterable[tuple[str, str, str]], symbols: dict[str, Any]) -> Any:
    """The SymPy assumption of what is stated; None without any."""
    out = []
    for fact, name, text in stated:
        if name not in symbols or not isinstance(symbols[name], MatrixSymbol):
            matrices = ", ".join(s for s in symbols if isinstance(symbols[s], MatrixSymbol)) or "none"
            raise ParseError(f'`--assume "{text}"`: there is no matrix `{name}` in the expression; its matrices are {matrices}')
        out.append(PREDICATES[fact](symbols[name]))
    return And(*out) if out else None


class Names(dict):
    """The symbols of a text by name.

    assumptions: what the text, and `assume`, state of them, as SymPy states it, None for nothing. notes: what a convention decided,
    and what could have been meant otherwise, in sentences.
    """

    def __init__(self, symbols: dict[str, Any], assumptions: Any, notes: Iterable[str] = ()) -> None:
        super().__init__(symbols)
        self.assumptions = assumptions
        self.notes = tuple(notes)
