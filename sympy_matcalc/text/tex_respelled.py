r"""LaTeX in other words: signs of handwriting, the sample in brackets above, ``x^{(i)}``, an ``array`` in brackets, an ``\underbrace``."""

import re

from .handwritten_tex import in_latex, is_handwritten
from .tex_sums import indices_of
from .tex_words import TOP

LETTER = r"(?:\\(?:mathbf|boldsymbol|bm|vec|hat|bar|tilde)\s*(?:\{\s*\\?[A-Za-z]+\s*\}|[A-Za-z])|\\[A-Za-z]+|(?<![A-Za-z\\])[A-Za-z])"
BELOW = r"\s*_\s*(?:\{\s*([a-z])\s*\}|([a-z])(?![A-Za-z]))"
SAMPLE = re.compile(rf"({LETTER})(?:{BELOW})?\s*\^\s*\{{\s*(?:\\left\s*)?\(\s*([a-z])\s*(?:\\right\s*)?\)\s*({TOP}\s*)?\}}(?:{BELOW})?")
ARRAY = re.compile(
    r"\\left\s*(?:(\()|\[)\s*\\begin\s*\{array\}\s*\{[clr|@{}\s]*\}((?:(?!\\begin|\\end).)*)\\end\s*\{array\}\s*\\right\s*[)\]]"
)
BRACE = re.compile(r"\\(?:under|over)brace(?![A-Za-z])\s*(?=\{)")


def in_other_words(text: str) -> tuple[str, list[str]]:
    r"""(the text, notes on what was read in it as something else).

    >>> in_other_words(r"\sum_i (y^{(i)} - \theta^\top x^{(i)})^2")[0]
    '\\sum_i (y_{i} - \\theta^\\top x_{i})^2'
    >>> in_other_words(r"\underbrace{x^\top x}_{\text{length}} + \left[\begin{array}{cc} 1 & 0 \end{array}\right]")[0]
    '{x^\\top x} + \\begin{bmatrix} 1 & 0 \\end{bmatrix}'
    """
    notes = []
    if is_handwritten(text, is_latex=True):
        latex = in_latex(text)
        text, notes = latex, [f"`{text}` is read as `{latex}`"]
    text = ARRAY.sub(lambda found: rf"\begin{{{'p' if found[1] else 'b'}matrix}}{found[2]}\end{{{'p' if found[1] else 'b'}matrix}}", text)
    while (brace := BRACE.search(text)) is not None:
        whole = _without_label(text, brace)
        if whole is None:
            break
        text = whole
    indices = indices_of(text)

    def lowered(found: re.Match[str]) -> str:
        letter, sample = found[1], found[4]
        below, turned = [x for x in (found[2], found[3], found[6], found[7]) if x], "^\\top" if found[5] else ""
        if sample not in indices or len(below) > 1 or any(x == sample or x not in indices for x in below):
            return found[0]
        lower = f"{letter}_{{{sample}{''.join(below)}}}{turned}"
        notes.append(f"`{found[0].strip()}` is read as `{lower}`")
        return lower + (" " if found[0][-1].isspace() or turned else "")

    return SAMPLE.sub(lowered, text), list(dict.fromkeys(notes))


def _without_label(text: str, brace: re.Match[str]) -> str | None:
    """The text with what stands in a brace in the place of the brace and of its label; None where its brackets do not match."""
    end = _end_of_group(text, brace.end())
    label = re.compile(r"\s*[_^]\s*(?=\{)").match(text, end) if end else None
    behind = _end_of_group(text, label.end()) if label else end
    return text[: brace.start()] + text[brace.end() : end] + text[behind:] if end and behind else None


def _end_of_group(text: str, start: int) -> int:
    """The place behind the group in braces that begins at a place; 0 where it has no end."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0) if text[place - 1] != "\\" else 0
        if depth == 0:
            return place + 1
    return 0
