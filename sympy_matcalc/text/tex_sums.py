"""``\\sum_{i=1}^{n}``: the indices of a sum, with where they begin and how many there are."""

import re
from typing import NamedTuple

from .source import Source

LETTERS = r"[a-z](?![A-Za-z])"
HEAD = re.compile(r"\\(?P<word>sum|prod)\s*(?:\\(?:no)?limits\s*)?")
INDEXED = re.compile(HEAD.pattern + r"[_^]")
BELOW = re.compile(r"_\s*(?:\{([^{}]*)\}|([a-z]))\s*")
ABOVE = re.compile(r"\^\s*(?:\{([^{}]*)\}|(\w))\s*")
AT_0 = re.compile(r"\s*(?:\^\s*\{[^{}]*\}\s*)?_\s*\{\s*[a-z]\s*=\s*0\s*\}")
INDEX = re.compile(r"\s*([a-z])\s*(?:=\s*([01]))?\s*")
UNEQUAL = re.compile(r"\s*([a-z])\s*\\(?:neq?|not\s*=)\s*([a-z])\s*")  # `i \neq j`
TOGETHER = re.compile(r"\s*[i-lp-s]{2,3}\s*")  # indices without a comma between them, `\sum_{ij}`
COUNT = re.compile(r"\s*(?:([A-Za-z])|(\d{1,6}))\s*(-\s*1)?\s*")
EXAMPLE = "write `\\sum_{i=1}^{n}`, `\\sum_{i=0}^{n-1}`, `\\sum_{i,j}`, `\\sum_{i \\neq j}` or `\\sum_i`"


class Range(NamedTuple):
    """The index of a sum; `first` is 0 or 1, `terms` a name or number, "" where use tells it; it is never that of `apart`."""

    letter: str
    first: int
    terms: str
    apart: str = ""
    word: str = "sum"  # or "prod"


def indices_of(text: str) -> set[str]:
    """The letters that are indices of sums somewhere in a text."""
    out = set()
    for head in HEAD.finditer(text):
        below = BELOW.match(text, head.end()) or BELOW.search(text, head.end(), head.end() + 40)
        for part in apart(written(below)) if below else ():
            alone, unequal = INDEX.fullmatch(part), UNEQUAL.fullmatch(part)
            out |= {alone[1]} if alone else {*unequal.groups()} if unequal else set()
    return out


def counts_from_1(text: str) -> bool:
    """Whether a sum of a text begins elsewhere than at 0, where all entries are counted from."""
    return any(not AT_0.match(text, head.end()) for head in HEAD.finditer(text))


def written(limit: re.Match[str]) -> str:
    """What stands in a limit; "" in empty braces."""
    return limit[1] or limit[2] or ""


def apart(below: str) -> list[str]:
    """The indices that stand below a sum, `i, j` or `ij`."""
    return list(below.strip()) if TOGETHER.fullmatch(below) else below.split(",")


def read_ranges(source: Source, place: int) -> tuple[list[Range], int]:
    """(the indices of the sum that begins at a place, the place behind its limits); ParseError where they cannot be read."""
    head = HEAD.match(source.text, place)
    end, parts = (head.end() if head else place), {}
    for _ in range(2):
        for name, pattern in (("below", BELOW), ("above", ABOVE)):
            found = pattern.match(source.text, end) if name not in parts else None
            if found:
                parts[name], end = written(found), found.end()
    if "below" not in parts:
        word = head["word"] if head else "sum"
        whole = "the sum of the entries as `\\operatorname{sum}(x)` or `\\mathbf{1}^\\top x`"
        whole = whole if word == "sum" else "the product of the entries as `\\operatorname{prod}(x)`"
        instead = f"write `\\{word}_{{i=1}}^{{n}} x_i`, or {whole}"
        raise source.error(place, f"`\\{word}` without an index", instead)
    word = head["word"] if head else "sum"
    each = [INDEX.fullmatch(part) for part in apart(parts["below"])]
    unequal = UNEQUAL.fullmatch(parts["below"])
    if unequal and word == "sum" and unequal[1] != unequal[2] and "above" not in parts:
        return all_but(unequal[1], unequal[2], indices_of(source.text[:place])), end
    if not all(each) or len({one[1] for one in each if one}) != len(each):
        raise source.error(place, f"the limits `{source.text[place:end].strip()[:60]}` of a sum", EXAMPLE)
    ranges = [range_of(source, place, one[1], one[2], parts.get("above", "")) for one in each if one]
    return [one._replace(word=word) for one in ranges], end


def all_but(index: str, other: str, outer: set[str]) -> list[Range]:
    """What `i \\neq j` ranges over: i, where j is the index of a sum in front, else both."""
    return [*([] if other in outer else [Range(other, 1, "")]), Range(index, 1, "", other)]


def range_of(source: Source, place: int, index: str, first: str | None, last: str) -> Range:
    """The range from what is written below and above; without limits from 1."""
    if not last:
        return Range(index, int(first or 1), "")
    count = COUNT.fullmatch(last)
    shifted = bool(count and count[3])
    if not count or first is None or count[1] and shifted != (first == "0") or shifted and count[2]:
        raise source.error(place, f"a sum over `{index}` from `{first or '?'}` to `{last.strip()[:20]}`", EXAMPLE)
    return Range(index, int(first), count[1] or str(int(count[2]) + (first == "0")))
