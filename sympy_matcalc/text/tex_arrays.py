"""Index notation in LaTeX: ``\\left[\\delta_{ik} X_{lj}\\right]_{ijkl}``, an `Einsum` of three axes and more, and deltas elsewhere."""

import re
from typing import Any

AXES = r"(?:[A-Za-z]|\([A-Za-z]{2,}\))+"
WHOLE = re.compile(rf"\s*\\left\[(?P<body>.*)\\right\]\s*_\s*\{{(?P<head>{AXES})\}}\s*")
OF_AXES = re.compile(AXES)
OF_ARRAY = re.compile(r"_\s*\{[^{}]*\(|\\delta\s*_")  # what only index notation has, where the result is a matrix
SUMMED = re.compile(r"\\sum\s*_\s*\{[a-z]+\}\s*(?!\^)")  # which says again what the letters say
PAIR = re.compile(r"\s*([i-q])\s*,?\s*([i-q])\s*")


def array_of(text: str) -> re.Match[str] | None:
    """The brackets of a whole text that is index notation."""
    found = WHOLE.fullmatch(text)
    axes = re.findall(r"\([A-Za-z]+\)|[A-Za-z]", found["head"]) if found else []
    return found if found and (len(axes) > 2 or "(" in found["head"] or OF_ARRAY.search(found["body"])) else None


def begin(scanner: Any, found: re.Match[str]) -> None:
    """The tokens of ``Einsum(ijkl: `` at the beginning of the body."""
    scanner.place, scanner.end = found.start("body"), found.end("body")
    scanner.tokens.append(scanner.empty("NAME", "Einsum"))
    scanner.opened(scanner.empty("_LPAR", "("))
    start, end = found.span("head")
    scanner.tokens += [scanner.empty("NAME", found["head"])._replace(start=start, end=end), scanner.empty("COLON", ":")]


def entry(scanner: Any, start: int, end: int, below: str) -> bool:
    """The tokens of an entry, an index an axis: of ``_{(ki)j}`` these are `ki` and `j`."""
    scanner.add("_LSQB", start, start, "[")
    for i, axis in enumerate(re.findall(r"\([A-Za-z]+\)|[A-Za-z]", below)):
        if i:
            scanner.add("_COMMA", start, start, ",")
        scanner.add("NAME", start, end, axis.strip("()"))
    scanner.place = end
    scanner.add("_RSQB", end, end, "]")
    return True


def delta(scanner: Any, below: str, end: int) -> bool:
    """``\\delta_{ij}``: 1 where two indices are equal."""
    found = PAIR.fullmatch(below)
    if not found:
        return False
    start = scanner.place
    scanner.take("NAME", end, "KroneckerDelta")
    for type, value in (("_LPAR", "("), ("NAME", found[1]), ("_COMMA", ","), ("NAME", found[2]), ("_RPAR", ")")):
        scanner.add(type, start, end, value)
    return True
