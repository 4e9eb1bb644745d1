"""What a session shows of an object that is no expression: its class, and rows of what it has."""

from collections.abc import Sequence
from html import escape
from typing import Any

Rows = Sequence[tuple[str, Any]]


def as_text(title: str, rows: Rows) -> str:
    """A title, and a line for each row."""
    width = max([12, *(len(what) + 2 for what, _ in rows)])
    return "\n".join([title, *(f"  {what + ':':<{width}}{text}" for what, text in rows)])


def as_html(title: str, rows: Rows) -> str:
    """The same as a table; the cells are HTML already."""
    cells = (f'<tr><th style="text-align:left">{escape(what)}</th><td style="text-align:left">{text}</td></tr>' for what, text in rows)
    return f"<p><strong>{escape(title)}</strong></p><table>{''.join(cells)}</table>"
