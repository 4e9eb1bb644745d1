"""Facts that are stated as text: ``symmetric: A, S``."""

import re
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
    and what could have been meant otherwise, in sentences. A Greek letter is found by its sign and by its LaTeX too.

    >>> names = Names({"lam": 1, "Sigma12": 2}, None)
    >>> names["λ"], names[r"\\lambda"], names[r"\\Sigma_{12}"], "λ" in names, names.get("μ")
    (1, 1, 2, True, None)
    """

    def __init__(self, symbols: dict[str, Any], assumptions: Any, notes: Iterable[str] = ()) -> None:
        super().__init__(symbols)
        self.assumptions = assumptions
        self.notes = tuple(notes)

    def __missing__(self, key: Any) -> Any:
        name = self.found(key)
        if name is None:
            raise KeyError(key)
        return self[name]

    def __contains__(self, key: Any) -> bool:
        return self.found(key) is not None

    def get(self, key: Any, default: Any = None) -> Any:
        name = self.found(key)
        return default if name is None else self[name]

    def found(self, key: Any) -> str | None:
        """The name that a key spells: `lam` for ``λ``, ``\\lambda`` and `lambda`, `Sigma12` for ``\\Sigma_{12}``; None for none."""
        if super().__contains__(key) or not isinstance(key, str):
            return key if super().__contains__(key) else None
        spelled = one_spelling(re.sub(r"[\\{}\s]", "", key))
        same = (spelled, re.sub(r"_(?=\d+$)", "", spelled), re.sub(r"(?<=[^\W\d_])(?=\d+$)", "_", spelled))
        return next((name for name in same if super(Names, self).__contains__(name)), None)
