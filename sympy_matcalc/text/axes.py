"""Functions along an axis, which NumPy counts from 0 and MATLAB from 1: ``sum(X, 1)`` is of each row there, of each column here."""

import re
from typing import Any

from .each_row import mark
from .functions import ALIASES
from .operators import MATLAB, PLAIN, PYTHON
from .scanner import Tok
from .tree import Node

OF_ROWS = {  # what a function along an axis is of each row
    "softmax": "rowsoftmax", "logsumexp": "rowlogsumexp", "sum": "rowsum", "prod": "rowprod", "max": "rowmax", "min": "rowmin",
    "mean": "rowmean",
}  # fmt: skip
ALONG = ("softmax", "logsumexp", "sum", "prod", "mean")  # `max(X, 1)` is that of each entry and 1
OF_COLUMNS = ("sum", "prod", "mean", "max", "min")  # in MATLAB itself
OWN = {syntax: {s.text for s in PLAIN if s.syntaxes == (syntax,)} for syntax in (PYTHON, MATLAB)}  # the signs of one of them alone
EACH = ("0", "1")
EXTREMES = ("max", "min")
OF_ARRAYS = re.compile(rf"(?:np|numpy|jnp|torch)\s*\.\s*(?:{'|'.join(OF_COLUMNS)})\b")  # ``np.max(X, 1)``; `np.maximum` is of each entry


def dialect_of(text: str, tokens: list[Tok]) -> str | None:
    """The language whose signs a text has; None for one without such signs, or with those of both."""
    typed = {text[token.start : token.end] for token in tokens}
    found = {syntax for syntax, signs in OWN.items() if typed & signs}
    found |= {PYTHON} if any(token.type == "ATTR" for token in tokens) else set()
    return found.pop() if len(found) == 1 else None


def is_along(function: str, args: list[Any], called: str) -> bool:
    """Whether a call is of a function along an axis: ``sum(X, 1)``, ``max(X, [], 1)``, ``np.max(X, 1)``; `called` is how it is typed."""
    if len(args) == 3:
        return function in EXTREMES and args[1].data == "empty"
    by_place = function in ALONG or OF_ARRAYS.match(called) is not None
    return len(args) == 2 and by_place and args[1].data != "text"


def along(reader: Any, name: str, arg: Any, axis: Any, place: tuple[int, int], by_keyword: bool = False, is_kept: bool = False) -> Node:
    """``softmax(X, 1)`` of each row, ``softmax(X, 0)`` of each column; a number of MATLAB's in its spelling."""
    function = ALIASES.get(name, name)
    number = str(axis.children[0]) if axis.data == "number" else ""
    matlab = not by_keyword and not OF_ARRAYS.match(reader.source.at(place)) and is_matlab(reader, function, number)
    counted = number if by_keyword or function not in OF_COLUMNS else numpy_axis(reader, name, number, place, matlab)
    if counted not in EACH:
        known = "2 for each row, 1 for each column" if matlab else "1 for each row, 0 for each column"
        raise reader.error(axis, f"the axis `{reader.text(axis)}` of `{name}`", f"it is {known}")
    inner = reader.read(arg)
    inner = inner if counted == "1" else reader.node("T", (inner,), inner.span)
    found = reader.node("call", (inner,), place, OF_ROWS[function], kinds=("matrix",))
    found = found if counted == "1" else reader.node("T", (found,), place)
    return found if function == "softmax" else mark(found, counted, is_kept or matlab)


def is_matlab(reader: Any, function: str, number: str) -> bool:
    """Whether a number counts as MATLAB does: in its spelling, and where no other reading is there."""
    return function in OF_COLUMNS and (reader.dialect == MATLAB or reader.dialect is None and (number == "2" or function in EXTREMES))


def numpy_axis(reader: Any, name: str, number: str, place: tuple[int, int], matlab: bool) -> str:
    """The axis as NumPy counts it, with a note where in the other language the same number is another one; "" for none."""
    text = reader.source.at(place)
    if matlab:
        if number == "1":
            reader.notes.append(f"`{text}` is of each column, as MATLAB counts; NumPy's axis 1 is of each row: `{name}(..., axis=1)`")
        return {"1": "0", "2": "1"}.get(number, "")
    if number == "1":
        reader.notes.append(f"`{text}` is of each row, as NumPy counts axes; MATLAB's dimension 1 is of each column")
    return number
