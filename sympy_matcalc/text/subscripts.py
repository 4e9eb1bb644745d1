"""``np.einsum("ij,j->i", A, x)``, ``torch.einsum``: a product by the letters of its axes, an `Einsum`."""

import re
from collections import Counter
from typing import Any

from .index_notation import Term
from .tree import Node

EXAMPLE = 'write `einsum("ij,j->i", A, x)`, a letter for each axis of each array'
LETTERS = re.compile(r"[A-Za-z]*")
MOST_AXES = 2  # of an array that is read


def read_subscripts(reader: Any, args: list[Any], place: tuple[int, int]) -> Node:
    """The node of an Einsum with one term.

    Without an arrow the result has the letters that occur once, in the order of the alphabet, as NumPy has it. Errors: ParseError for an
    ellipsis, for another number of arrays than of subscripts, for arrays of over two axes and for letters of the result that none has.
    """
    if not args or args[0].data != "text":
        reader.refuse_call(place, "an `einsum` whose first argument is not text in quotes", EXAMPLE)
    written = str(args[0].children[0]).strip("'\"")
    inputs, arrow, result = written.replace(" ", "").partition("->")
    operands = inputs.split(",")
    fault = _fault(operands, result if arrow else "", len(args) - 1)
    if fault:
        reader.refuse_call(place, f"`{written}` in an `einsum`: {fault}", EXAMPLE)
    counted = Counter(inputs.replace(",", ""))
    axes = list(result) if arrow else sorted(letter for letter, times in counted.items() if times == 1)
    arrays = [reader.read(arg) for arg in args[1:]]
    numbers = [array for array, index in zip(arrays, operands) if not index]
    term = Term(len(numbers), [list(index) for index in operands if index], [], [])
    letters = list(dict.fromkeys([*axes, *(letter for index in operands for letter in index)]))
    hidden = [Node("length", (), place, letter) for letter in letters]
    parts = [*numbers, *(array for array, index in zip(arrays, operands) if index)]
    return reader.node("einsum", [*hidden, *parts], place, (axes, letters, [term]))


def _fault(operands: list[str], result: str, arrays: int) -> str:
    """What is wrong with subscripts, in words; empty where nothing is.

    >>> _fault(["ij", "j"], "i", 2), _fault(["ij"], "k", 1), _fault(["ij"], "i", 2)
    ('', 'no array has the axis `k`', 'it has subscripts of 1 array, and 2 are given')
    """
    if any("." in part for part in (*operands, result)):
        return "an ellipsis is not read"
    if not all(LETTERS.fullmatch(part) for part in (*operands, result)):
        return "axes are letters"
    if len(operands) != arrays:
        return f"it has subscripts of {len(operands)} array{'s' if len(operands) > 1 else ''}, and {arrays} are given"
    if any(len(part) > MOST_AXES for part in operands):
        return f"an array has {MOST_AXES} axes at most"
    missing = [letter for letter in result if not any(letter in part for part in operands)]
    if missing:
        return f"no array has the axis `{missing[0]}`"
    return f"the result has the axis `{max(result, key=result.count)}` twice" if len({*result}) < len(result) else ""
