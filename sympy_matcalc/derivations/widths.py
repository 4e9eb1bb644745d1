"""How wide a formula of LaTeX is set, about, and where it may be broken: between terms first, then between factors."""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\{[^{}]*\}(\{[lcr|]*\})?")
SCRIPT = 0.72  # size of subscripts and superscripts
LETTER, CAPITAL, WORD_LETTER, DIGIT, SIGN, DELIMITER, COMMAND = 5.7, 8.5, 5.2, 5.0, 12.3, 7.5, 8.0  # points, of a formula in 10 point type
SPACES = {r"\,": 1.7, r"\;": 2.8, r"\:": 2.3, r"\!": -1.7, r"\quad": 10.0, r"\qquad": 20.0, r"\ ": 3.3}
UPRIGHT = {r"\operatorname", r"\mathrm", r"\mathit", r"\mathbf", r"\text", r"\operatorname*", r"\mathbb", r"\boldsymbol"}
FUNCTIONS = {r"\sin", r"\cos", r"\tan", r"\exp", r"\log", r"\det", r"\max", r"\min", r"\tanh", r"\sinh", r"\cosh", r"\ln", r"\arctan"}
OPERATORS = {r"\odot", r"\otimes", r"\oslash"}
BIG = {r"\sum", r"\prod"}
PLUS, OPERATOR, FACTOR, OPEN, CLOSE, ATOM = "plus", "operator", "factor", "open", "close", "atom"


class Item(NamedTuple):
    """A piece of a formula: a line may begin at one of the kinds PLUS, OPERATOR and FACTOR."""

    tex: str
    width: float
    kind: str


def width(tex: str) -> float:
    """About how wide a formula is, in points."""
    return sum(item.width for item in items(tex))


def items(tex: str) -> list[Item]:
    """The pieces of a formula that stand side by side, in order."""
    found: list[Item] = []
    tokens = [t for t in TOKEN.findall(tex)]
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        piece = tokens[at:end]
        if piece[0].isspace():
            if found and found[-1].kind in (ATOM, CLOSE) and end < len(tokens):
                found.append(Item(" ", 0.0, FACTOR))
        elif piece[0] in "^_" and found:
            found[-1] = _with_script(found[-1], "".join(piece), SCRIPT * width("".join(piece[1:])))
        else:
            found.append(_item(piece, found))
        at = end
    return [item for k, item in enumerate(found) if item.kind != FACTOR or _is_between_factors(found, k)]


def _with_script(item: Item, script: str, wide: float) -> Item:
    return Item(item.tex + script, item.width + wide, item.kind)


def _is_between_factors(found: list[Item], k: int) -> bool:
    """Whether a blank stands between two factors, and is no blank at a sign or a bracket's inside."""
    return k + 1 < len(found) and found[k - 1].kind in (ATOM, CLOSE) and found[k + 1].kind in (ATOM, OPEN) and found[k - 1].tex != r"\,"


def _end(tokens: list[str], at: int) -> int:
    """Where the piece that begins there ends: a command takes its arguments, \\left its bracket, \\begin all up to its \\end."""
    token = tokens[at]
    if token == "{":
        return _group(tokens, at)
    if token in ("^", "_"):
        return _end(tokens, at + 1) if at + 1 < len(tokens) else at + 1
    if token in (r"\left", r"\right"):
        return min(at + 2, len(tokens))
    if token == r"\begin":
        depth, k = 0, at
        while k < len(tokens):
            depth += (tokens[k] == r"\begin") - (tokens[k] == r"\end")
            k += 1
            if not depth:
                return _group(tokens, k) if k < len(tokens) and tokens[k] == "{" else k
        return k
    end = at + 1
    if token == r"\sqrt" and end < len(tokens) and tokens[end] == "[":
        end = tokens.index("]", end) + 1
    if token.startswith("\\") and token[1:2].isalpha():
        while end < len(tokens) and tokens[end] == "{":
            end = _group(tokens, end)
    return end


def _group(tokens: list[str], at: int) -> int:
    """Behind the brace that closes the one here."""
    depth = 0
    for k in range(at, len(tokens)):
        depth += (tokens[k] == "{") - (tokens[k] == "}")
        if not depth:
            return k + 1
    return len(tokens)


def _item(piece: list[str], before: list[Item]) -> Item:
    token, tex = piece[0], "".join(piece)
    if token in "+-":
        is_binary = bool(before) and before[-1].kind in (ATOM, CLOSE, FACTOR)
        return Item(tex, SIGN if is_binary else LETTER + 1.6, PLUS if is_binary else ATOM)
    if token in OPERATORS:
        return Item(tex, SIGN, OPERATOR)
    if token in (r"\left", r"\right"):
        return Item(tex, DELIMITER, OPEN if token == r"\left" else CLOSE)
    return Item(tex, _width(token, list(_arguments(piece)), tex), ATOM)


def arguments(tex: str) -> list[str]:
    """What stands in the braces of a command."""
    return list(_arguments(TOKEN.findall(tex)))


def _arguments(piece: list[str]) -> Iterator[str]:
    """What stands in the braces of a command."""
    at = 0
    while at < len(piece):
        if piece[at] == "{":
            end = _group(piece, at)
            yield "".join(piece[at + 1 : end - 1])
            at = end
        else:
            at += 1


def _width(token: str, arguments: list[str], tex: str) -> float:
    if token in SPACES:
        return SPACES[token]
    if token in UPRIGHT:
        return 1.7 + WORD_LETTER * sum(len(re.sub(r"\\[A-Za-z]+|[{}_^\\]", "", a)) for a in arguments)
    if token in (r"\frac", r"\tfrac", r"\dfrac"):
        return 3.0 + max(map(width, arguments), default=0.0)
    if token == r"\begin":
        rows = ENVIRONMENT.sub("", tex).split(r"\\")
        return 10.0 + max(sum(width(cell) + 10.0 for cell in row.split("&")) for row in rows)
    if token in FUNCTIONS:
        return 3.4 + WORD_LETTER * (len(token) - 1) + sum(map(width, arguments))
    if token in BIG:
        return 16.0
    if token.startswith("\\"):
        return COMMAND + sum(map(width, arguments))
    if token == "{":
        return sum(map(width, arguments))
    if token.isalpha():
        return CAPITAL if token.isupper() else LETTER
    return DIGIT if token.isdigit() else 4.0 if token in "()[],;.|" else SIGN if token == "=" else LETTER
