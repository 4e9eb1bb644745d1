"""Long lines of a document broken: between terms, where there are none between factors; brackets are closed and opened again."""

from typing import NamedTuple

from .widths import CLOSE, FACTOR, OPEN, OPERATOR, PLUS, SIGN, Item, arguments, items, width

TEXT_WIDTH = 1080.0  # points, of the page of a document
RULE_WIDTH = 300.0  # the name of a rule is set as a paragraph of this width where one is wider
LEFT_WIDTH = 180.0  # a wider left side has a line of its own
GAPS = 60.0  # between the columns, and for what the widths are not known to
MARGIN = 1.1  # widths are estimates
LETTER_OF_TEXT = 4.7
COST = {PLUS: 0.0, OPERATOR: 1.0, FACTOR: 2.0}
OF_A_LEVEL = 1.5  # what a break inside of one more bracket costs
LEAST = 0.4  # of a line that is filled before the next
FRACTION = r"\frac{"
NO_CLOSE, NO_OPEN = r"\right.", r"\left."


class Row(NamedTuple):
    """A row of `align*`: left side, right side, the rule in the text mode of LaTeX, each "" where there is none."""

    left: str
    right: str
    rule: str

    def __str__(self) -> str:
        return f"{self.left} &= {self.right}" + (rf" && \text{{{self.rule}}}" if self.rule else "")


def fitted(rows: list[Row]) -> list[str]:
    """The rows of `align*` for the page of a document: as they are, where all of them are narrow."""
    rules = max((LETTER_OF_TEXT * _letters(r.rule) for r in rows), default=0.0)
    whole = rules + sum(MARGIN * max(map(width, side), default=0.0) for side in ([r.left for r in rows], [r.right for r in rows]))
    if whole + GAPS <= TEXT_WIDTH:
        return list(map(str, rows))
    lefts = max((w for r in rows if (w := MARGIN * width(r.left)) <= LEFT_WIDTH), default=0.0)
    room = TEXT_WIDTH - GAPS - lefts - min(rules, RULE_WIDTH)
    return [line for row in rows for line in _lines(row, room, rules > RULE_WIDTH)]


def _letters(rule: str) -> int:
    return len(rule.replace("$", "").replace("\\", ""))


def _lines(row: Row, room: float, is_paragraph: bool) -> list[str]:
    """A row: its left side alone where that is long, its right side in as many lines as it needs, the rule at the first of these."""
    out, left = [], row.left
    if MARGIN * width(left) > LEFT_WIDTH:
        out, left = [rf"& {part}" for part in broken(left, TEXT_WIDTH - GAPS - LEFT_WIDTH)], ""
    first, *more = broken(row.right, room)
    text = rf"\parbox[t]{{{RULE_WIDTH:.0f}pt}}{{\raggedright {row.rule}}}" if is_paragraph else rf"\text{{{row.rule}}}"
    out.append(f"{left} &= {first}" + (f" && {text}" if row.rule else ""))
    return out + [rf"&\quad {part}" for part in more]


def broken(tex: str, room: float) -> list[str]:
    """A formula in lines that are no wider than the room, as far as there is somewhere to break it."""
    if MARGIN * width(tex) <= room:
        return [tex]
    rest, out = [piece for item in items(tex) for piece in _opened(item, room)], []
    while MARGIN * sum(item.width for item in rest) > room:
        at = _best(rest, room / MARGIN)
        if at is None:
            break
        line, rest = _parted(rest, at)
        out.append(_text(line))
    return [*out, _text(rest)]


def _opened(item: Item, room: float) -> list[Item]:
    """1/b a for a fraction a/b that is wider than the room."""
    if not item.tex.startswith(FRACTION) or MARGIN * item.width <= room:
        return [item]
    above, below, *script = arguments(item.tex)
    if script or not item.tex.endswith("}"):
        return [item]
    first, *rest = items(rf"\frac{{1}}{{{below}}}")
    inner = items(above)
    if _has_terms(inner):
        inner = [Item(r"\left(", 0.0, OPEN), *inner, Item(r"\right)", 0.0, CLOSE)]
    return [first, *rest, Item(" ", 0.0, FACTOR), *inner]


def _has_terms(pieces: list[Item]) -> bool:
    """Whether it is a sum: a sign outside of all brackets."""
    depth = 0
    for piece in pieces:
        depth += (piece.kind == OPEN) - (piece.kind == CLOSE)
        if piece.kind == PLUS and not depth:
            return True
    return False


def _best(rest: list[Item], room: float) -> int | None:
    """Where to break: not too early, in as few brackets as can be, between terms rather than factors, and late."""
    depth, wide, found = 0, 0.0, None
    for k, item in enumerate(rest):
        depth += (item.kind == OPEN) - (item.kind == CLOSE)
        if wide > room and found:
            break
        if item.kind in COST and wide > 0:  # something is in front of it
            cost = COST[item.kind] + OF_A_LEVEL * depth + (100.0 if wide < LEAST * room else 0.0)
            if found is None or cost <= found[0]:
                found = (cost, k)
        wide += item.width if item.kind not in COST or wide > 0 else 0.0
    return found[1] if found else None


def _parted(rest: list[Item], at: int) -> tuple[list[Item], list[Item]]:
    """The pieces before and from a place on; brackets that are open there end at it and begin again."""
    line, after = rest[:at], rest[at:]
    depth = sum((item.kind == OPEN) - (item.kind == CLOSE) for item in line)
    if after[0].kind == FACTOR:
        after = [Item(r"\cdot ", SIGN, OPERATOR), *after[1:]]
    closed = [Item(NO_CLOSE, 0.0, CLOSE)] * depth
    opened = [Item(NO_OPEN, 0.0, OPEN)] * depth
    return [*line, *closed], [*opened, Item("{} ", 0.0, "atom"), *after]


def _text(pieces: list[Item]) -> str:
    """The pieces as LaTeX, blanks where one command would run into a letter."""
    out = ""
    for piece in pieces:
        out += piece.tex if piece.kind == FACTOR or not out or out.endswith(" ") else f" {piece.tex}"
    return out.strip()
