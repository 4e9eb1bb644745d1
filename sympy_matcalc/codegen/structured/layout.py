"""Layout: the text of an operator around the names of its arrays."""

from dataclasses import dataclass, field

from ..backends.spelling import listing
from ..ir.node import Node
from ..literals import string_literal


@dataclass(frozen=True)
class Layout:
    """``name(*args, **options)``. args and options: nodes, layouts, lists of those, None, or what is written as it is: text, numbers."""

    name: str
    args: tuple = ()
    options: dict = field(default_factory=dict)

    def nodes(self):
        """The nodes that the text needs, in order."""
        return list(_nodes([*self.args, *self.options.values()]))

    def operators(self):
        """The names to import."""
        own = {self.name} if "." not in self.name else set()
        return own.union(*(a.operators() for a in _layouts([*self.args, *self.options.values()])))

    def text(self, texts):
        """The text, given those of the nodes by number."""
        inner = [_text(a, texts) for a in self.args]
        inner += [f"{k}={_text(a, texts)}" for k, a in self.options.items()]
        return f"{self.name}({', '.join(inner)})"


def _layouts(items):
    for a in items:
        if isinstance(a, Layout):
            yield a
        elif isinstance(a, (list, tuple)):
            yield from _layouts(a)


def _nodes(items):
    for a in items:
        if isinstance(a, Node):
            yield a
        elif isinstance(a, Layout):
            yield from a.nodes()
        elif isinstance(a, (list, tuple)):
            yield from _nodes(a)
        elif isinstance(a, dict):
            yield from _nodes(a.values())


def _text(a, texts):
    if isinstance(a, Node):
        return texts[a.number]
    if isinstance(a, Layout):
        return a.text(texts)
    if isinstance(a, list):
        return "[" + ", ".join(_text(x, texts) for x in a) + "]"
    if isinstance(a, tuple):
        return listing([_text(x, texts) for x in a])
    if isinstance(a, dict):
        return "{" + ", ".join(f"{string_literal(k)}: {_text(x, texts)}" for k, x in a.items()) + "}"
    return string_literal(a) if isinstance(a, str) else repr(a)
