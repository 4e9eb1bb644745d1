"""The text, and the errors that point into it."""

import re

from ..errors import ParseError

MAX_TEXT = 10_000
WINDOW = 60  # characters shown on each side of the caret
ALLOWED = (
    "names, numbers, + - * / ** ^ .* ./ .^ ', parentheses, `.T`, `.I`, `.H`, entries `X[i, j]`, "
    "and calls of the functions listed by `--help`"
)


class Source:
    """The text, and the errors that point into it."""

    def __init__(self, text):
        if not isinstance(text, str):
            raise ParseError(f"expected text, got `{type(text).__name__}`")
        if len(text) > MAX_TEXT:
            raise ParseError(f"the text has {len(text)} characters; at most {MAX_TEXT} are read")
        self.text = re.sub(r"\s", " ", text).strip()
        if not self.text:
            raise ParseError("the text is empty; write an expression such as `x.T*A*x`")

    def at(self, span):
        """The piece of text at `span`, for messages."""
        piece = self.text[span[0] : span[1]]
        return piece if len(piece) <= WINDOW else piece[: WINDOW - 3] + "..."

    def balanced(self, span):
        """The piece of text at `span` with the brackets behind it that were opened in it."""
        start, end = span
        while self.text.count("(", start, end) > self.text.count(")", start, end) and ")" in self.text[end:]:
            end = self.text.index(")", end) + 1
        return self.at((start, end))

    def factor(self, node):
        """The text of a node as it stands in a product: a sum in brackets."""
        return f"({self.at(node.span)})" if node.op in ("add", "mul") else self.at(node.span)

    def error(self, column, saw, allowed=f"allowed: {ALLOWED}"):
        """ParseError with the text, a caret under `column` (from 0), what was seen and what is allowed."""
        column = max(0, min(column, len(self.text)))
        return ParseError(f"column {column + 1}: {saw}; {allowed}{self.caret(column)}", column + 1)

    def caret(self, column):
        """The text about a column in a line of its own, and a caret under it."""
        low = max(0, column - WINDOW)
        return f"\n    {self.text[low : column + WINDOW]}\n    {' ' * (column - low)}^"
