"""Bars, fractions and roots: what stands between two signs of its own."""

from collections.abc import Callable

from sympy import Integer, S

from ..errors import ParseError
from .names import GREEK
from .spelling import one_spelling
from .tree import Node

NORMS = {"": "norm", "F": "norm", "fro": "norm", "2": "spectral_norm", "*": "nuclear_norm", "nuc": "nuclear_norm"}
NORMS |= {"op": "spectral_norm", "tr": "nuclear_norm", "HS": "norm"}  # the operator norm, the trace norm, Hilbert and Schmidt's


class Bars:
    """Mixin of the reader of trees, `TreeReader`, which has the rest."""

    read: Callable[..., Node]
    node: Callable[..., Node]
    error: Callable[..., ParseError]
    text: Callable[..., str]
    check_name: Callable[..., None]
    notes: list[str]
    declared: frozenset[str]

    def read_norm(self, tree):
        opening, inner, closing = tree.children
        kind = str(closing)
        node = self.read(inner)
        if kind in NORMS:
            return self.node("call", (node,), tree, NORMS[kind], kinds=("matrix", "named" if kind else ""))
        if kind[0].isupper():
            return self.weighted(tree, kind)
        power = self.power_of_norm(kind, closing)
        return self.node("call", (node, power), tree, "norm", kinds=("matrix", "power"))

    def weighted(self, tree, kind):
        """``\\|x\\|_A``, the root of `x'*A*x`, and `_{\\Sigma^{-1}}`."""
        _, inner, closing = tree.children
        name, _, inverse = kind.partition("^")
        weight = self.node("name", (), closing, one_spelling(name.strip()))
        self.check_name(closing, weight.value)
        weight = self.node("I", (weight,), closing) if inverse else weight
        product = self.node("mul", (weight, self.read(inner)), tree)
        squared = self.node("call", (self.read(inner), product), tree, "dot", kinds=("value", "value"))
        text, x = self.text(tree), self.text(inner)
        x = x if x.isalnum() else f"({x})"
        self.notes.append(
            f"`{text}` is read as the root of `{x}'*{name}{'^-1' * bool(inverse)}*{x}`; the power of a norm is a small letter"
        )
        return self.node("call", (squared,), tree, "sqrt", kinds=("value",))

    def power_of_norm(self, kind, token):
        if kind in ("inf", "∞", "oo", "infty", "max"):
            return self.node("number", (), token, S.Infinity)
        if kind.isdecimal():
            return self.node("number", (), token, Integer(kind))
        if kind.isidentifier() and (len(kind) == 1 or not kind.isalpha() or kind in GREEK or kind in self.declared):
            return self.node("name", (), token, one_spelling(kind))
        if "," in kind:
            rows = "write `\\sum_i \\|w_i\\|_2` for the sum of the norms of the rows, which has the index of the sum"
            raise self.error(token, f"`{kind}` is of rows and columns, and not read", rows)
        raise self.error(token, f"`{kind}` is not the power of a norm", "it is a number >= 1, a letter, `F`, `op` or `inf`")

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
