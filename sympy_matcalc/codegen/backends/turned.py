"""Sums of a matrix and the transpose of another: which two of the summands are that, and what is written for them.

NumPy adds ``A + A'`` row by row of the result, and so reads a large A' across its rows: that takes three times as long as by strips of
columns, which are copied first (measured on matrices of 2000 rows and more, and on those whose rows lie a power of two apart).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from .spelling import ATOM, PRODUCT, Text, bare

LEAST = 256  # rows and columns: smaller matrices are in the cache as a whole


def with_turned(node: Any, texts: Sequence[Text], is_fresh: Callable[[Any], bool]) -> list[Text] | None:
    """The texts of the summands, with the first ``x`` and ``y'``, or ``x`` and ``-y'``, as one in front; None where there are none.

    is_fresh: whether the array of a node has no other use, so that it can be written to.
    """
    if node.ndim != 2 or node.integer or any(size.is_Integer and size < LEAST for size in node.shape):
        return None
    whole = [k for k, a in enumerate(node.args) if a.shape == node.shape and a.op != "compare"]
    turned = next((k for k in whole if _is_turned(node.args[k], texts[k][0])), None)
    others = [k for k in whole if not _is_turned(node.args[k], texts[k][0])]
    if turned is None or not others:
        return None
    plain = next((k for k in others if not _is_negative(texts[k])), others[0])
    x, y = texts[plain], (texts[turned][0].removesuffix(".T"), texts[turned][1])
    if not _is_negative(x):
        pair = _text(x, y, is_fresh(node.args[plain])), ATOM
    elif not _is_negative(y):
        pair = f"{_text(y, x, is_fresh(node.args[turned]))}.T", ATOM  # y' - x = (y - x')'
    else:
        return None
    return [pair, *(t for k, t in enumerate(texts) if k not in (plain, turned))]


def operands_of_sum(text: str) -> str:
    """``x, y`` of a text that is nothing but the sum of a matrix x and the transpose of a matrix y, both of which have a name; else ""."""
    found = re.fullmatch(r"_with_turned\((\w+, \w+)\)", text)
    return found[1] if found else ""


def _is_negative(text: Text) -> bool:
    """Whether a text is minus what stands behind the sign, which ``-a - b`` is not."""
    return text[0].startswith("-") and text[1] >= PRODUCT


def _text(x: Text, y: Text, is_own: bool) -> str:
    """The sum of x and y', which is subtracted where it begins with a minus."""
    more = [y[0][1:], "np.subtract"] if _is_negative(y) else [y[0]]
    return f"_with_turned({', '.join(map(bare, [x[0], *more, *(['own=True'] if is_own else [])]))})"


def _is_turned(node: Any, text: str) -> bool:
    """Whether a summand is the transpose of a matrix, or a multiple of one by numbers, and written as such."""
    arrays = [a for a in node.args if a.ndim] if node.op == "mul" else [node]
    return text.endswith(".T") and len(arrays) == 1 and arrays[0].op == "view" and arrays[0].attrs == (1, 0)
