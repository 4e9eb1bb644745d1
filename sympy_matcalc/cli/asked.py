"""What was asked: the expression, the variable, facts and structure, from the options."""

import argparse
from collections.abc import Iterator
from typing import Any

from ..errors import ParseError
from ..facts import OF_SQUARE
from ..structure import STRUCTURES
from ..text import Reading, read, to_text
from ..text.assumed import facts_of, read_assumptions
from ..text.names import reasons


def by_each(args: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The options of each variable: a structure that names another of them is that one's."""
    for name in args.wrt:
        of = (args.structure or "").rpartition(":")[0].strip()
        other = of in args.wrt and of != name
        given = {"wrt": [name], "structure": None if other else args.structure, "convention": None if other else args.convention}
        yield argparse.Namespace(**{**vars(args), **given})


def read_typed(text: str, args: argparse.Namespace) -> tuple[Reading, Any]:
    """(what was read, the variable); facts and structure of the options are put in `args` as what they state."""
    if len(args.wrt) > 1:
        got = " and ".join(f"`{name}`" for name in args.wrt)
        raise ParseError(f"`--wrt` takes one variable here, got {got}; ask for them one after the other")
    facts = read_assumptions(args.assume)
    square = [name for fact, name, _ in facts if fact in OF_SQUARE] + square_by(args)
    reading = read(text, args.shape, args.wrt, square, args.syntax)
    facts += read_assumptions(reading.facts)
    (variable,) = reading.variables
    args.facts = facts_of(facts, reading.symbols)
    args.structure = structure_of(args.structure, variable)
    return reading, variable


def square_by(args: argparse.Namespace) -> list[str]:
    """The variable, where its structure makes it square."""
    found = STRUCTURES.get((args.structure or "").rpartition(":")[2].strip())
    return args.wrt if found and found.of_shape == "square" else []


def structure_of(text: str | None, variable: Any) -> str | None:
    """The structure that ``X:symmetric``, or only ``symmetric``, states of the variable; None without one."""
    if text is None:
        return None
    name, colon, structure = (part.strip() for part in text.partition(":"))
    if not colon:
        return name
    if name != to_text(variable):
        raise ParseError(f'`--structure "{text}"` is of the variable, `{to_text(variable)}`, got `{name}`')
    return structure


def is_scalar(expr: Any) -> bool:
    return not getattr(expr, "is_Matrix", False) or expr.shape == (1, 1)


def of_reading(reading: Reading, args: argparse.Namespace) -> dict[str, Any]:
    """The part of a report that says what was read."""
    return {
        "expression": written(reading.expr, args),
        "shapes": reading.shapes,
        "conventions": reading.conventions,
        "notes": list(reading.notes),
    }


def written(expr: Any, args: argparse.Namespace) -> str:
    """As one would type it, on a terminal with the signs of notation."""
    if not args.look.unicode:
        return to_text(expr)
    from ..text.unicode import to_unicode

    return to_unicode(expr)


def reading_lines(report: dict[str, Any]) -> list[tuple[str, str]]:
    """How a report says what was read, in lines."""
    lines = [("shapes", ", ".join(f"{name}: {shape}" for name, shape in report["shapes"].items()))]
    lines += [("read as", by_reason(report["conventions"]))] if report["conventions"] else []
    return [*lines, ("expression", report["expression"]), *(("note", note) for note in report["notes"])]


def by_reason(conventions: dict[str, str]) -> str:
    """The names that a convention, or use, has given their shapes, by the reason, in a line."""
    return "; ".join(reasons(conventions))
