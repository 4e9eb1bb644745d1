"""From tokens to lark's tree; what does not fit the grammar is an error at its place."""

import re
from functools import cache
from typing import Any

from .limits import MAX_TOKENS, SPLIT
from .source import ALLOWED
from .tables import made, stored

READABLE = {"_LPAR": "(", "_RPAR": ")", "_LSQB": "[", "_RSQB": "]", "_LBRACE": "{", "_RBRACE": "}", "_COMMA": ","}
OPERANDS = {"NAME", "NUMBER"}  # where these are expected, an operand is missing


@cache
def parser() -> Any:
    """The parser of the grammar, loaded when the first text is read: lark is not loaded with the package."""
    found = stored()
    return made() if found is None else found


def parse_tokens(source, tokens):
    """Lark's tree of the tokens of a text; ParseError with a caret where one does not fit."""
    from lark import Token, UnexpectedToken

    if len(tokens) > MAX_TOKENS:
        raise source.error(tokens[MAX_TOKENS].start, f"more than {MAX_TOKENS} names, numbers and signs", SPLIT)
    state, last = parser().parse_interactive(), None
    for token in tokens:
        try:
            state.feed_token(Token(token.type, token.value, token.start, 1, token.start, 1, token.end, token.end))
        except UnexpectedToken as error:
            raise _unexpected(source, token, last, set(error.expected)) from None
        last = token
    try:
        return state.feed_eof()
    except UnexpectedToken:
        text = source.text[last.start : last.end] if last else ""
        if not text.strip():
            raise source.error(len(source.text), "there is no formula here", "write an expression such as `x.T*A*x`") from None
        raise source.error(len(source.text), f"the expression ends with `{text}`", "write what follows it") from None


def _unexpected(source, token, last, expected):
    text = source.text[token.start : token.end]
    if not text.strip():
        behind = f" behind `{source.text[: token.start].split()[-1]}`" if source.text[: token.start].strip() else ""
        return source.error(token.start, f"something is missing{behind}", "write what stands there, in braces after a command")
    before = f"behind `{source.text[last.start : last.end]}`" if last else "at the beginning"
    if token.type == "EQUALS":
        left = source.text[: token.start].strip()
        return source.error(token.start, f"an equation: `{text}` {before}", f"one side is read; leave out `{left[:40]} {text}`")
    if OPERANDS & expected:
        return source.error(token.start, f"`{text}` {before}, where a name, a number or a bracket has to stand", f"allowed: {ALLOWED}")
    if token.type in OPERANDS | {"_LPAR", "TEXT"} and last and last.type != "ARROW":
        if last.value in ("T", "H") and source.text[: last.start].rstrip().endswith(("^", "**")):
            return source.error(
                last.start, f"`^{last.value}` is a power", f"write the transpose as `'`, or `.{last.value}` in Python's spelling"
            )
        before = source.text[last.start : last.end]
        operator = re.fullmatch(r"(sum|prod)_(\w+)", before)  # which is a name, as `sigma_i` is
        instead = (
            f"for the {operator[1]} over `{operator[2]}` write `{operator[1]}_{{{operator[2]}}}`" if operator else "write products with `*`"
        )
        return source.error(token.start, f"no operator between `{before}` and `{text}`", instead)
    return source.error(token.start, f"`{text}` {before} is not read here", f"allowed: {ALLOWED}")
