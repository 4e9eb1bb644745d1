"""``\\sum_{i=1}^{n}``: the indices of a sum, with where they begin and end, and how two of them stand to one another."""

import re
from typing import NamedTuple

from .source import Source

LETTERS = r"[a-z](?![A-Za-z])"
HEAD = re.compile(r"(?:\\|(?<![A-Za-z\\])(?=(?:sum|prod)\s*_))(?P<word>sum|prod)\s*(?:\\(?:no)?limits\s*)?")
INDEXED = re.compile(HEAD.pattern + r"[_^]")
BELOW = re.compile(r"_\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|([a-z]))\s*")
ABOVE = re.compile(r"\^\s*(?:\{([^{}]*)\}|(\w))\s*")
AT_0 = re.compile(r"\s*(?:\^\s*\{[^{}]*\}\s*)?_\s*\{\s*[a-z]\s*=\s*0\s*\}")
INDEX = re.compile(r"\s*([a-z])\s*(?:=\s*(\d{1,4}|[a-z]\s*(?:\+\s*1)?)\s*)?")
RELATION = r"<|>|≤|≥|≠|\\(?:lt|gt|leq?|geq?|neq?)(?![A-Za-z])|\\not\s*="
PAIR = re.compile(  # `i < j`, `1 \leq i < j \leq n`, `i \neq j`
    rf"\s*(?:1\s*(?:\\leq?(?![A-Za-z])|≤)\s*)?([a-z])\s*({RELATION})\s*([a-z])\s*(?:(?:\\leq?(?![A-Za-z])|≤)\s*([A-Za-z]|\d{{1,6}})\s*)?"
)
SIGNS = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "≠": "!=", "lt": "<", "gt": ">", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">="}
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!="}
OF_SET = re.compile(r"\s*(?:\(\s*([a-z])\s*,\s*([a-z])\s*\)|([a-z]))\s*(?:\\in(?![A-Za-z])\s*(.*))?")
TOGETHER = re.compile(r"\s*[i-lp-s]{2,3}\s*")  # indices without a comma between them, `\sum_{ij}`
LAST = re.compile(r"\s*(?:([A-Za-z])\s*(?:([-+])\s*(\d{1,4}))?|(\d{1,6})|(\d{1,6})\s*-\s*1)\s*")
EXAMPLE = (
    "write `\\sum_{i=1}^{n}`, `\\sum_{t=2}^{T}`, `\\sum_{i,j=1}^{n}`, `\\sum_{i,j}`, `\\sum_{i < j}`, `\\sum_{i \\neq j}` or `\\sum_i`"
)
OF_PRODUCT = "write `\\prod_{i=1}^{n}`, `\\prod_{t=2}^{T}` or `\\prod_i`"
End = tuple[str, int]  # a name and what is added to it: `("T", -1)`, `("", 5)`


class Range(NamedTuple):
    """The index of a sum, from `first` to `last`, None where use tells it; how it stands to the index of a sum around it, `apart`."""

    letter: str
    first: int
    last: End | None
    apart: str = ""
    relation: str = ""  # "!=", "<", ...
    word: str = "sum"  # or "prod"
    is_pair: bool = False  # the sum is over both indices where none over the other one is around it


def indices_of(text: str) -> set[str]:
    """The letters that are indices of sums somewhere in a text."""
    out = set()
    for head in HEAD.finditer(text):
        below = BELOW.match(text, head.end()) or BELOW.search(text, head.end(), head.end() + 40)
        pair = PAIR.fullmatch(written(below)) if below else None
        out |= {pair[1], pair[3]} if pair else set()
        for part in apart(written(below)) if below and not pair else ():
            alone = INDEX.fullmatch(part)
            out |= {alone[1]} if alone else set()
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
    word = head["word"] if head else "sum"
    if "below" not in parts:
        whole = "the sum of the entries as `\\operatorname{sum}(x)` or `\\mathbf{1}^\\top x`"
        whole = whole if word == "sum" else "the product of the entries as `\\operatorname{prod}(x)`"
        instead = f"write `\\{word}_{{i=1}}^{{n}} x_i`, or {whole}"
        raise source.error(place, f"`\\{word}` without an index", instead)
    limits, outer = source.text[place:end].strip()[:60], indices_of(source.text[:place])
    check_set(source, place, parts["below"], limits)
    pair = PAIR.fullmatch(parts["below"])
    if pair and word == "sum" and pair[1] != pair[3] and not (pair[4] and "above" in parts):
        return of_pair(source, place, pair, parts.get("above", pair[4] or ""), outer), end
    each = [INDEX.fullmatch(part) for part in apart(parts["below"])]
    if not all(each) or len({one[1] for one in each if one}) != len(each):
        raise source.error(
            place, f"the limits `{limits}` of a {'sum' if word == 'sum' else 'product'}", EXAMPLE if word == "sum" else OF_PRODUCT
        )
    above = parts.get("above", "")
    first = each[-1][2] if above and each[-1] else None  # `i, j = 1` below and `n` above: both from 1 to n
    ranges = [range_of(source, place, one[1], one[2] or first, above, outer) for one in each if one]
    if word == "prod" and any(one.relation for one in ranges):
        raise source.error(place, f"the limits `{limits}` of a product", OF_PRODUCT)
    return [one._replace(word=word) for one in ranges], end


def check_set(source: Source, place: int, below: str, limits: str) -> None:
    """ParseError for `(i,j)`, of which nobody knows whether each pair is meant once, and for `i \\in S`, a set that is not known."""
    found = OF_SET.fullmatch(below)
    if found and found[1]:
        i, j, name = found[1], found[2], found[4] is not None
        pairs = f"all of them are `\\sum_{{{i},{j}}}`, each once `\\sum_{{{i} < {j}}}`, all but equal ones `\\sum_{{{i} \\neq {j}}}`"
        some = f"those of a set have weights 0 and 1, as in `\\sum_{{{i},{j}}} W_{{{i}{j}}} \\log(1 + e^{{-(s_{i} - s_{j})}})`"
        saw = f"the pairs of `{limits}` are not known"
        raise source.error(place, saw, some if name else f"{pairs}; {some}")
    if found and found[4] is not None:
        i = found[3]
        instead = f"write a sum over all of them with weights 0 and 1, as in `\\sum_{i} a_{i} x_{i}`"
        raise source.error(place, f"the set of `{limits}` is not known", instead)


def of_pair(source: Source, place: int, pair: re.Match[str], above: str, outer: set[str]) -> list[Range]:
    """The indices of `i < j`: where one of them is the index of a sum in front the other alone, else both. Whether that reaches so far is
    seen when the sums are read.
    """
    i, sign, j = pair[1], pair[2].lstrip("\\"), pair[3]
    relation = SIGNS.get(sign, "!=")
    last = end_of(source, place, i, "1", above) if above else None
    if relation == "!=":  # as `\\sum_{i \\neq j}` has it, the index in front is that of the sum inside
        return [*([] if j in outer else [Range(j, 1, last)]), Range(i, 1, last, j, relation, is_pair=True)]
    if j in outer:
        return [Range(i, 1, last, j, relation, is_pair=True)]
    return [*([] if i in outer else [Range(i, 1, last)]), Range(j, 1, last, i, TURNED[relation], is_pair=True)]


def range_of(source: Source, place: int, index: str, first: str | None, above: str, outer: set[str]) -> Range:
    """The range from what is written below and above; without limits from 1."""
    begin = re.sub(r"\s", "", first or "")
    if begin[:1] in outer and above:  # `j = i + 1`
        return Range(index, 1, end_of(source, place, index, "1", above), begin[0], ">" if begin[1:] else ">=")
    if begin and not begin.isdecimal():
        raise source.error(place, f"a sum over `{index}` from `{begin}`", EXAMPLE)
    if not above:
        if begin not in ("", "0", "1"):
            raise source.error(place, f"a sum over `{index}` from `{begin}` without an end", EXAMPLE)
        return Range(index, int(begin or 1), None)
    last = end_of(source, place, index, begin, above)
    if last[0] in outer and begin in ("0", "1") and last[1] in (0, -1):  # up to `i - 1`
        return Range(index, int(begin), None, last[0], "<=" if last[1] == 0 else "<")
    return Range(index, int(begin), last)


def end_of(source: Source, place: int, index: str, first: str, above: str) -> End:
    """The end of a sum, of at least one term."""
    found = LAST.fullmatch(above)
    end = ("", 0)
    if found:
        end = (found[1] or "", int(f"{found[2] or '+'}{found[3] or 0}") if found[1] else int(found[4] or 0) or int(found[5]) - 1)
    if not found or not first or not end[0] and end[1] < int(first):
        raise source.error(place, f"a sum over `{index}` from `{first or '?'}` to `{above.strip()[:20]}`", EXAMPLE)
    return end
