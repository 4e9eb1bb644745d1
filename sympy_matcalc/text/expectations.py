"""``E[x]``, ``\\mathbb{E}[x]``: expectations, which are not read, where an entry of a matrix E, or a product with it, is hardly meant."""

import re
from typing import Any

INSTEAD = "an expectation is not read: write the mean of samples, as in `{}`"
MEAN, MEAN_IN_TEX = "mean((y - X*w).^2)", r"\frac{1}{n} \sum_{i=1}^{n} (y_i - w^\top x_i)^2"
IN_TEX = INSTEAD.format(MEAN_IN_TEX)
LETTERS = ("E",)
OF_INDEX = re.compile(r"[i-n]\d*|\d+")
UPRIGHT = ("operatorname", "mathrm", "text", "textrm", "mathsf", "rm", "mathop")
ALONE = r"(?<![A-Za-z\\]){0}(?![A-Za-z]|\s*(?:\\left|\\[bB]igg?l?)?\s*(?:\(|\[|\\\{{))"


def check_entry(reader: Any, base: Any, index: list[Any]) -> None:
    """ParseError for ``E[x]`` of plain text, with anything but an index in its brackets."""
    name = str(base.children[0]) if base.data == "name" else ""
    in_brackets = reader.source.text[reader.span(base)[1] :].lstrip().startswith("[")
    if in_brackets and name in LETTERS and name not in reader.declared and not all(is_index(reader, one) for one in index):
        saw = f"`{reader.source.at((reader.span(base)[0], reader.span(index[-1])[1] + 1))}` can be an expectation, and an entry of `{name}`"
        raise reader.error(base, saw, f"{INSTEAD.format(MEAN)}; for an entry declare `{name}: n x n`")


def is_index(reader: Any, tree: Any) -> bool:
    """Whether a tree is a number, a letter of an index, a sum of these, or a range."""
    return tree.data == "slice" or all(OF_INDEX.fullmatch(part.strip(" ()")) for part in re.split(r"[-+]", reader.text(tree)))


def check_tex(scanner: Any, letter: str, font: str, end: int) -> None:
    """ParseError for ``\\operatorname{E}(x)``, ``E[x]``, and for ``E(x + y)`` where E stands nowhere without brackets."""
    if letter not in LETTERS or letter in scanner.declared:
        return
    place = scanner.behind_sizes(end)
    opening = scanner.text[place : place + 1] or " "
    square = opening == "[" or scanner.text.startswith("\\{", place)
    if square or opening == "(" and (font in UPRIGHT or not re.search(ALONE.format(letter), scanner.text)):
        typed = scanner.text[scanner.place : end].strip()
        saw = f"`{typed}{opening}...` can be an expectation, and a product with a matrix `{letter}`"
        raise scanner.source.error(scanner.place, saw, f"{IN_TEX}; the product is `{letter} \\cdot (...)`, or declare `{letter}: n x n`")
