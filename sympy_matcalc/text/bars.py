"""Bars, fractions and roots: what stands between two signs of its own."""

from collections.abc import Callable

from sympy import Integer, S

from ..errors import ParseError
from .spelling import one_spelling
from .tree import Node

NORMS = {"": "norm", "F": "norm", "fro": "norm", "2": "spectral_norm", "*": "nuclear_norm", "nuc": "nuclear_norm"}


class Bars:
    """Mixin of the reader of trees, `TreeReader`, which has the rest."""

    read: Callable[..., Node]
    node: Callable[..., Node]
    of_vector: Callable[..., Node]
    error: Callable[..., ParseError]

    def read_norm(self, tree):
        opening, inner, closing = tree.children
        kind = str(closing)
        node = self.of_vector(self.read(inner), opening)
        if kind in NORMS:
            return self.node("call", (node,), tree, NORMS[kind], kinds=("matrix", "named" if kind else ""))
        power = self.power_of_norm(kind, closing)
        return self.node("call", (node, power), tree, "norm", kinds=("matrix", "power"))

    def power_of_norm(self, kind, token):
        if kind in ("inf", "∞", "oo", "infty"):
            return self.node("number", (), token, S.Infinity)
        if kind.isdigit():
            return self.node("number", (), token, Integer(kind))
        if kind.isidentifier():
            return self.node("name", (), token, one_spelling(kind))
        raise self.error(token, f"`{kind}` is not the power of a norm", "it is a number >= 1, a name, `F` or `inf`")

    def read_bars(self, tree):
        return self.node("bars", (self.read(tree.children[1]),), tree)

    def read_fraction(self, tree):
        _, above, below = tree.children
        over = self.node("reciprocal", (self.read(below),), below)
        top = self.read(above)
        if top.op == "number" and top.value == 1:
            return over
        return self.node("mul", (top, over), tree)

    def read_root(self, tree):
        return self.node("call", (self.read(tree.children[1]),), tree, "sqrt", kinds=("value",))
