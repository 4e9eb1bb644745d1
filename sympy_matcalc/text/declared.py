"""Declarations in words: ``A symmetric matrix``, ``x is a vector``, ``X is m x n``, in front of a formula or behind `where`."""

import re
from difflib import get_close_matches
from typing import NamedTuple

from ..errors import ParseError
from ..facts import PREDICATES
from .source import Source
from .spelling import one_spelling

KINDS = {
    "scalar": "scalar", "scalars": "scalar", "number": "scalar", "numbers": "scalar", "vector": "column", "vectors": "column",
    "column": "column", "columns": "column", "row": "row", "rows": "row", "matrix": "matrix", "matrices": "matrix", "square": "square",
}  # fmt: skip
PLURALS = {"scalars", "numbers", "vectors", "columns", "rows", "matrices"}  # of several names
FACTS = {name.replace("_", " "): name for name in PREDICATES}
FACTS |= {"spd": "positive_definite", "pd": "positive_definite", "psd": "positive_semidefinite"}
POSITIVE = "positive"  # of a number, and no fact about matrices
IN_BRACES = re.compile(r"_\{(\w+)\}(?=[\w\s,:_\\{}]*(?:[:∈]|\\in|\s))")  # of a name in LaTeX, `\Sigma_{12}: n x m`
ABOVE_ZERO = re.compile(r"\s*(?:>|\\gt(?![A-Za-z]))\s*0\s*$")  # `a > 0`
MAX_DECLARED = 2000  # characters of all declarations
FILLERS = {"\\in", "a", "an", "the", "is", "are", "be", "and", "of", "shape", "size", "in", "with", "real"}
DEFINED = r"(?=\\?[^\W\d_]\w*\s*:?=(?!=))"  # `p =`
WORD = r"\\(?:text|mathrm|textrm)\s*\{[\s,]*(?:where|with)\s*\}"
BEHIND = re.compile(rf"[\s,]where\s+(?!\()|[\s,]+(?:with|for)\s+{DEFINED}|[\s,]*{WORD}\s*")
NAMES = re.compile(r"\s*(?:let\s+|given\s+|for\s+)?(\\?[^\W\d]\w*(?:(?:\s*,\s*|\s+and\s+)\\?[^\W\d]\w*)*)\s*(?::|∈|\s)\s*(.+)", re.S)
SIZES = re.compile(
    r"(?:\\mathbb\s*\{?\s*R\s*\}?|R|ℝ)\s*\^\s*[({]?\s*([^)}]+)[)}]?|([\w+*()/-]+)\s*(?:\bx\b|×|\bby\b|(?<=\d)x(?=\d))\s*([\w+*()/-]+)|\blength\s+(\w+)"
)
BETWEEN = re.compile(r"\s+x\s+|\s*(?:×|\\times|,)\s*|\s+by\s+")
LENGTH = re.compile(r"\d+|[^\W\d]")  # a size alone; of several letters it is a word that is not known
IN_FRONT = {*KINDS, POSITIVE, "real", *(word for fact in FACTS for word in fact.split())}  # words in front of a name: `symmetric A`
EXAMPLES = "`A symmetric matrix`, `x vector`, `X is m x n` or `t scalar`"


class Declared(NamedTuple):
    """What is said of names: their shapes as texts, their kinds, the facts as ``fact: name``, and which are positive."""

    shapes: dict[str, str]
    kinds: dict[str, str]
    facts: list[str]
    positive: list[str]


def split_text(text: str) -> tuple[list[str], str]:
    """(the declarations in front of a formula and behind `where`, the formula): they are separated by `;` or lines."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char in ";\n" and depth <= 0 and not text.startswith("\\", i - 1):
            parts.append(text[start:i])
            start = i + 1
    *before, formula = [*parts, text[start:]] if text[start:].strip() else parts or [text]
    behind = BEHIND.search(formula)
    after = formula[behind.end() :] if behind else ""
    if sum(map(len, [*before, after])) > MAX_DECLARED:
        raise ParseError(f"the declarations have more than {MAX_DECLARED} characters; give them as options")
    pieces = [p for text in [*before, *re.split(r"\n", after)] for p in split_names(text) if p.strip()]
    return pieces, formula[: behind.start()] if behind else formula


def split_names(text: str) -> list[str]:
    """``A, B symmetric, x vector`` in two: a piece that is only a name goes with the next."""
    out, held = [], ""
    for piece in re.split(r",(?![^{(\[]*[})\]])|\band\s+(?=\\?\w+\s+(?:is|are)\b)", text):
        held = f"{held}, {piece}" if held else piece
        if not re.fullmatch(r"[\s,]*(?:let\s+)?\\?\w+\s*", piece):
            out.append(held.strip(" ,"))
            held = ""
    return [*out, held.strip(" ,")] if held.strip(" ,") else out


def read_declarations(texts, whole="") -> Declared:
    """What texts such as ``A symmetric matrix`` declare; ParseError, with its place in the whole text, for one that declares nothing."""
    shapes: dict[str, str] = {}
    kinds: dict[str, str] = {}
    facts: list[str] = []
    positive: list[str] = []
    for text in texts:
        try:
            names, shape, kind, stated = _one(text)
            for name in names:
                _say(shapes if shape else kinds, name, shape or kind)
        except ParseError as error:
            raise _placed(error, max(whole.find(text), 0), whole) from None
        positive += names if POSITIVE in stated else []
        facts += [f"{fact}: {', '.join(names)}" for fact in stated if fact != POSITIVE]
    return Declared(shapes, kinds, facts, positive)


def _say(table, name, said):
    """Note what is said of a name; ParseError where something else was said before."""
    known = table.setdefault(name, said) if said else said
    if known == said:
        return
    if {known, said} != {"matrix", "square"}:
        raise ParseError(f"`{name}` is declared twice, as `{known}` and as `{said}`; leave one out")
    table[name] = "square"


def _placed(error, column, whole):
    """The error with its place, which is where its first piece in quotes stands, and a caret under it."""
    quoted = re.findall(r"`([^`]+)`", str(error))
    inside = [whole.find(q, column) for q in quoted[1:2] if "no word" in str(error)]
    column = max([column, *inside])
    caret = Source(whole).caret(column - (len(whole) - len(whole.lstrip()))) if whole.strip() else ""
    return ParseError(f"column {column + 1}: {error}{caret}", column + 1)


def _one(text):
    """(names, shape as text, kind, facts) of one declaration."""
    typed = IN_BRACES.sub(r"_\1", text.strip())
    found = NAMES.fullmatch(name_first(ABOVE_ZERO.sub(f" {POSITIVE}", typed)))
    if not found:
        raise ParseError(f"`{text.strip()[:60]}` declares nothing; write {EXAMPLES}")
    names = [one_spelling(n.lstrip("\\")) for n in re.split(r"\s*,\s*|\s+and\s+", found[1])]
    rest, shape = found[2], ""
    if ":" in text and not any(w.lower() in {*KINDS, *FACTS, POSITIVE} for w in re.findall(r"\w+", rest)):
        return names, rest.strip(), "", []
    sizes = SIZES.search(rest)
    alone = re.sub(r"^is\s+", "", rest.strip())
    if not sizes and LENGTH.fullmatch(alone) and alone != rest.strip():
        raise ParseError(f"{length_or_value(text.strip(), alone)}; write `{names[-1]}: {alone}` for a column of that length")
    if sizes:
        inside = sizes[1] or sizes[4]
        shape = " x ".join(BETWEEN.split(inside.strip())) if inside else f"{sizes[2]} x {sizes[3]}"
        rest = rest[: sizes.start()] + " " + rest[sizes.end() :]
    words = [w for w in re.split(r"[\s,\-_]+", rest.strip().rstrip(".")) if w and w.lower() not in FILLERS]
    kind, facts = _words(text, words)
    return names, shape, kind, facts


def name_first(text):
    """``symmetric A``, ``positive scalar a`` with the name in front, as it stands elsewhere."""
    *words, name = re.sub(r"^(?:let|given|for)\s+", "", text).split() or [""]
    if words and name.lower() not in IN_FRONT and {w.lower() for w in words} <= IN_FRONT:
        return " ".join([name, *words])
    return text


def length_or_value(text, size):
    """What is said of ``x is 5``, which can be the length of a column, and the value of a size."""
    value = f"`{size}` where the size stands, as in `x: {size}`" if size.isdecimal() else "one name for both"
    return f"`{text[:60]}` can say a length, and that two numbers are equal: for the latter write {value}"


def _words(text, words):
    """(the kind, the facts) that words say, those of two words first."""
    kind, facts, i = "", [], 0
    while i < len(words):
        two, word = " ".join(words[i : i + 2]).lower(), words[i].lower()
        if two in FACTS and len(words[i : i + 2]) == 2:
            facts.append(FACTS[two])
            i += 1
        elif word in FACTS:
            facts.append(FACTS[word])
        elif word == POSITIVE:
            facts.append(POSITIVE)
        elif word in KINDS:
            kind = KINDS[word] if not kind or KINDS[word] != "column" else kind
        else:
            near = get_close_matches(word, [*KINDS, *FACTS], 1)
            known = f"did you mean `{near[0]}`?" if near else f"it may be {EXAMPLES}"
            raise ParseError(
                f"`{text.strip()[:60]}` declares nothing: `{words[i][:40]}` is no word for a kind or a fact that can be read; {known}"
            )
        i += 1
    return kind, facts
