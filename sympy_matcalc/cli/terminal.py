"""What a terminal shows: colours and signs of notation where someone looks at them, plain text in a pipe."""

import os
from typing import Any, NamedTuple, TextIO

CODES = {"red": "31", "green": "32", "yellow": "33", "label": "36", "strong": "1"}
SIGNS = "ᵀ⁻¹²‖⊙⊗·"


class Look(NamedTuple):
    """How output looks."""

    colour: bool = False
    unicode: bool = False


def look_of(stream: TextIO, args: Any = None) -> Look:
    """The look of a stream: https://no-color.org is heeded, FORCE_COLOR gives colours in a pipe too."""
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    if getattr(args, "plain", False) or getattr(args, "json", False):
        return Look()
    colour = not os.environ.get("NO_COLOR") and bool(terminal or os.environ.get("FORCE_COLOR"))
    return Look(colour, terminal and shows(stream, SIGNS))


def shows(stream: TextIO, text: str) -> bool:
    """Whether the encoding of a stream has all letters of a text."""
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def coloured(text: str, colour: str, look: Look) -> str:
    return f"\x1b[{CODES[colour]}m{text}\x1b[0m" if look.colour else text


def labelled(lines: list[tuple[str, str]], look: Look, width: int = 12) -> str:
    """``label:  value`` in lines, the values under one another."""
    return "\n".join(coloured(f"{label}:", "label", look) + " " * max(1, width - len(label) - 1) + value for label, value in lines)
