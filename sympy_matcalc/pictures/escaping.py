"""Text in labels: whatever is in a name stays inside of its label, in SVG, in Graphviz's language and in Mermaid's."""

import unicodedata
from xml.sax.saxutils import escape

NOT_SHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # control characters, halves of characters, ends of lines
LONGEST = 44  # characters of a label; the whole text is in the tooltip


def shown(text: str) -> str:
    """A text on one line, without control characters and halves of characters."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in NOT_SHOWN else c for c in text)


def shortened(text: str) -> str:
    """A text that fits into a label."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def columns(text: str) -> int:
    """How many columns a text takes in a font of one width."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def xml(text: str) -> str:
    return escape(shown(text), {'"': "&quot;", "'": "&#39;"})


def dot(text: str) -> str:
    """A quoted string of Graphviz's language; `&` too, which starts an entity there."""
    inner = shown(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{inner}"'


def mermaid(text: str) -> str:
    """A quoted label of Mermaid: all but letters, digits and blanks as numbered entities."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"#{ord(c)};" for c in shown(text)) + '"'
