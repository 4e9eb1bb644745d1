"""The letters Sigma and Pi where a sum or a product is meant, ``Σᵢ (yᵢ − wᵀxᵢ)²``: an error that says how each of the two is written."""

import re
from collections.abc import Collection

from .source import Source
from .spelling import NAMED, one_spelling

WORDS = {"Sigma": "sum", "Pi": "prod"}
SIGNS = {letter: name for letter, name in NAMED.items() if name in WORDS} | {f"\\{name}": name for name in WORDS}
LETTER = rf"(?:{'|'.join(map(re.escape, SIGNS))})"
RANGE = re.compile(rf"({LETTER})\s*_\s*\{{\s*([a-z])\s*=[^{{}}]*\}}\s*(?:\^\s*(?:\{{[^{{}}]*\}}|\w))?")
INDEXED = re.compile(
    rf"({LETTER})\s*_\s*(?:([i-npr-t])|\{{\s*([i-npr-t])\s*\}})(?![A-Za-z])\s*(?=[\\(\[]|\w)(?!\\(?:right|cdot|times|odot|circ))"
)


def check_sigma(source: Source, declared: Collection[str]) -> None:
    """ParseError for a Sigma or Pi with limits, and for one with an index that only what stands behind it has.

    ``\\mu_i^\\top \\Sigma_i x_i`` and ``\\Sigma_i^{-1} x_i`` are products.
    """
    text = source.text
    found = RANGE.search(text)
    if found:
        word = WORDS[SIGNS[found[1]]]
        allowed = f"write `\\{word}{found[0][len(found[1]) :].strip()}`"
        raise source.error(found.start(), f"`{found[0].strip()}` has the limits of a {_in_words(word)}, and is a letter", allowed)
    for found in INDEXED.finditer(text):
        index, name = found[2] or found[3], SIGNS[found[1]]
        of_index = re.compile(rf"_\s*(?:{index}(?![A-Za-z])|\{{\s*{index}\s*[,}}])")
        first = not of_index.search(text[: found.start()]) and "\\sum" not in text and "\\prod" not in text
        if first and of_index.search(text, found.end()) and f"{one_spelling(name)}_{index}" not in declared:
            word = WORDS[name]
            saw = f"`{found[0].strip()}` can be a {_in_words(word)} over `{index}`, and a letter with an index"
            allowed = f"write `\\{word}_{index}` for the {_in_words(word)}, declare `{name}_{index}: n x n` for the letter of a matrix"
            raise source.error(found.start(), saw, allowed)


def _in_words(word: str) -> str:
    return "sum" if word == "sum" else "product"
