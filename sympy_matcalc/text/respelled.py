"""From Python's spelling to another: the same text with other signs, written over the tree of the grammar."""

from typing import Any

from ..errors import ParseError
from .operators import PYTHON
from .parser import parse_tokens
from .plain import PlainScanner
from .source import MAX_TEXT, Source
from .writer import TextPrinter

ATOMS = {"name", "number", "suffixed"}  # what needs no brackets as a factor


class Respelled:
    """What is the same in all of them: everything that is not said to be written otherwise. One method a sign that is."""

    printer: type[TextPrinter]
    signs: dict[str, str] = {}  # of tokens
    suffixes: dict[str, str] = {}  # of `.T` and its kind
    infix: dict[str, str] = {}  # functions of two or more arguments that have a sign

    def __init__(self, source: Source):
        self.source = source

    def write(self) -> str:
        """The text; as it is where it has what the grammar does not read, a node without a word."""
        try:
            tokens = PlainScanner(self.source, PYTHON).scan()
            return self.spelled(parse_tokens(self.source, tokens))
        except ParseError:
            return str(self.source.text)

    def spelled(self, tree: Any) -> str:
        """A tree or a token."""
        if not hasattr(tree, "data"):
            return self.token(tree)
        method = getattr(self, "write_" + tree.data, None)
        return method(tree) if method else self.same(tree)

    def token(self, token: Any) -> str:
        return self.signs.get(token.type, self.source.text[token.start_pos : token.end_pos])

    def same(self, tree: Any) -> str:
        """The text of a tree with what is below it written anew."""
        place, out = tree.meta.start_pos, []
        for child in tree.children:
            if hasattr(child, "meta") and child.meta.empty:  # the open end of a range
                continue
            start, end = self.span(child)
            out += [self.source.text[place:start], self.spelled(child)]
            place = end
        return "".join([*out, self.source.text[place : tree.meta.end_pos]])

    @staticmethod
    def span(tree: Any) -> tuple[int, int]:
        place = getattr(tree, "meta", tree)
        return place.start_pos, place.end_pos

    def write_suffixed(self, tree: Any) -> str:
        """A call, an entry or a suffix behind what it is of."""
        base, *suffixes = tree.children
        start, end = self.span(base)
        first = self.span(suffixes[0])[0]
        text = self.source.text[tree.meta.start_pos : start] + self.spelled(base)
        text += self.source.text[end:first]
        for suffix in suffixes:
            if getattr(suffix, "data", "") == "called":
                text = self.called(text, suffix)
            elif getattr(suffix, "type", "") == "ATTR":
                text = self.attribute(text, str(suffix))
            else:
                text += self.spelled(suffix)
        return text

    def attribute(self, text: str, name: str) -> str:
        return text + self.suffixes.get(name, f".{name}")

    def called(self, name: str, tree: Any) -> str:
        sign = self.infix.get(name)
        if sign and len(tree.children) > 1 and all(hasattr(a, "data") and a.data not in ("keyword", "map") for a in tree.children):
            return f"({sign.join(self.factor(a) for a in tree.children)})"
        return name + self.same(tree)

    def factor(self, tree: Any) -> str:
        text = self.spelled(tree)
        return text if tree.data in ATOMS else f"({text})"


def respelled(spelling: type[Respelled], expr: Any) -> str:
    """An expression in a spelling; in Python's where it is longer than what the grammar reads."""
    text = str(spelling.printer().doprint(expr))
    return spelling(Source(text)).write() if len(text) <= MAX_TEXT else text
