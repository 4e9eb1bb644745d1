"""Layout: the text of an operator around the names of its arrays."""
from dataclasses import dataclass, field

from ..graph import Node
from ..spelling import ATOM, listing

OPERATORS = "sympy_matcalc.operators"


@dataclass(frozen=True)
class Layout:
    """``name(*args, **options)``. args and options: nodes, layouts, lists of those, None, or what is written as it is: text, numbers."""

    name: str
    args: tuple = ()
    options: dict = field(default_factory=dict)

    def nodes(self):
        """The nodes that the text needs, in order."""
        return list(_nodes([*self.args, *self.options.values()]))

    def text(self, texts, backend):
        """The text, given those of the nodes by number; the back end gets the lines of import."""
        backend.imports[f"from {OPERATORS} import {self.name}" if "." not in self.name else "import numpy as np"] = True
        inner = [_text(a, texts, backend) for a in self.args]
        inner += [f"{k}={_text(a, texts, backend)}" for k, a in self.options.items()]
        return f"{self.name}({', '.join(inner)})", ATOM


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


def _text(a, texts, backend):
    if isinstance(a, Node):
        return texts[a.number]
    if isinstance(a, Layout):
        return a.text(texts, backend)[0]
    if isinstance(a, list):
        return "[" + ", ".join(_text(x, texts, backend) for x in a) + "]"
    if isinstance(a, tuple):
        return listing([_text(x, texts, backend) for x in a])
    if isinstance(a, dict):
        return "{" + ", ".join(f'"{k}": {_text(x, texts, backend)}' for k, x in a.items()) + "}"
    return f'"{a}"' if isinstance(a, str) else repr(a)
