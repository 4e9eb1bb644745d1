"""Which transpose would mend an error of shapes: each factor is turned and the text read again, so that only what helps is offered."""

import re
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

from ..errors import MatcalcError
from .instead_shapes import MAX_NODES, fresh
from .names import kind_of_name
from .source import WINDOW
from .tree import Node, below

MAX_FACTORS = 8  # that are tried, in the order of the text
SHOWN = 2  # formulas that are shown
TURNED = ("T", "H")
SIGN = r"\s*(\^\s*\{?\s*(?:\\top|\\intercal|\\mathsf\{T\}|\\mathrm\{T\}|\\prime|T|H|\*)(?:\s*\})?|\.T\b|\.H\b|'|[ᵀ⊤′ᴴ])"
BRACKETS = {"(": ")", "[": "]"}


def transposed(inference: Any) -> list[str]:
    """``x' A x`` and such: the text with one factor transposed, or one transposed no more, where it then has shapes."""
    if inference.plain or len(inference.source.text) > WINDOW or len(list(islice(below(inference.root), MAX_NODES + 1))) > MAX_NODES:
        return []
    factors = [f for node in below(inference.root) if node.op == "mul" for f in node.args if may_be_turned(inference, f)]
    factors = [factor for factor in factors if edit(inference, factor)][:MAX_FACTORS]
    found = [[factor] for factor in factors if reads(inference, [factor])]
    if not found:  # the same slip twice, ``X*X*w - X*y``: offered where there is one such pair alone
        pairs = [list(pair) for pair in combinations(factors, 2) if reads(inference, list(pair))]
        found = pairs if len(pairs) == 1 else []
    return [respelled(inference, chosen) for chosen in found]


def may_be_turned(inference: Any, factor: Node) -> bool:
    """Whether a transpose of a factor says something: of a number, or of what is a scalar by declaration or convention, it says nothing."""
    if factor.op in ("number", "entry", "sum", "pow", "bars"):
        return False
    kind = inference.kinds.get(factor.value, kind_of_name(factor.value)) if factor.op == "name" else ""
    declared = inference.declared.get(factor.value) if factor.op == "name" else None
    return kind not in ("scalar", "number") or declared is not None and not inference.is_scalar(declared)


def reads(inference: Any, factors: list[Node]) -> bool:
    """Whether the text has shapes with these factors turned, while no name has to be what it is not by convention."""
    root = fresh(turned(inference.root, factors))
    trial = type(inference)(inference.source, root, inference.declared, inference.known_square, inference.kinds, plain=True)
    try:
        trial.run()
        inference.check_readings(trial)
    except MatcalcError:
        return False
    return not trial.forced.notes()


def turned(node: Node, factors: list[Node]) -> Node:
    """The tree with the transposes of factors in their places."""
    below_it = replace(node, args=tuple(turned(arg, factors) for arg in node.args))
    if not any(node is factor for factor in factors):
        return below_it
    return below_it.args[0] if node.op in TURNED else Node("T", (below_it,), node.span)


def respelled(inference: Any, factors: list[Node]) -> str:
    """The text with the sign of a transpose behind each of some factors, or without it behind what has one."""
    text = inference.source.text
    for start, end, sign in sorted(filter(None, (edit(inference, factor) for factor in factors)), reverse=True):
        apart = " " if re.search(r"[A-Za-z]$", sign) and re.match(r"\w", text[end:]) else ""
        text = text[:start] + sign + apart + text[end:]
    return text


def edit(inference: Any, factor: Node) -> tuple[int, int, str] | None:
    """(start, end, what stands there then) of the transpose of a factor, as the text itself writes it; None where it has no one place."""
    text = inference.source.text
    if factor.op in TURNED:
        inner = place_behind(text, factor.args[0])
        sign = re.compile(SIGN).match(text, inner)
        return (inner, sign.end(), "") if sign else None
    end = place_behind(text, factor)
    alone = factor.op in ("name", "call") or end > factor.span[1]
    return (end, end, sign_of(inference, text)) if alone else None


def place_behind(text: str, node: Node) -> int:
    """Where a node ends, with the brackets around it."""
    start, end = node.span
    before = re.search(r"([(\[])\s*$", text[:start])
    behind = re.compile(r"\s*(?:\\right\s*)?([)\]])").match(text, end)
    around = before and behind and BRACKETS[before[1]] == behind[1] and node.op != "call"
    return behind.end() if around and behind else end


def sign_of(inference: Any, text: str) -> str:
    """How the text writes a transpose; where it has none, in the spelling that it is in."""
    for node in below(inference.root):
        sign = re.compile(SIGN).match(text, place_behind(text, node.args[0])) if node.op in TURNED else None
        if sign:
            return sign[1]
    return r"^\top" if "\\" in text else ".T" if re.search(r"@|\*\*|\.[A-Z]\b", text) else "'"


def transposing(found: list[str]) -> str:
    """The sentence that offers transposes.

    >>> transposing(["x' A x"])
    " With a transpose it is `x' A x`."
    """
    return f" With a transpose it is {' or '.join(f'`{text}`' for text in found[:SHOWN])}." if found else ""
