"""From SymPy to handwritten signs: ``xᵀ·A·x``, ``‖x‖²``, ``X⁻¹``, ``x ⊙ y``."""

import re
from typing import Any

from .plain import SUPERSCRIPTS
from .respelled import Respelled, respelled
from .spelling import NAMED
from .writer import TextPrinter

RAISED = {plain: raised for raised, plain in SUPERSCRIPTS.items() if plain.isdecimal() or plain == "-"}
LETTERS = {name: letter for letter, name in NAMED.items() if letter != "ς"}


def to_unicode(expr: Any) -> str:
    """`expr` by signs of notation, for terminals; `parse` reads it again, names of several letters where they are declared.

    >>> from sympy_matcalc.text import parse
    >>> to_unicode(parse("norm(X*w - y)**2 + lam*w.T*A.I*w")[0])
    'λ·(wᵀ·A⁻¹·w) + ‖X·w - y‖²'
    """
    return respelled(Unicode, expr)


class Unicode(Respelled):
    """The signs of handwriting."""

    printer = TextPrinter
    signs = {"STAR": "·"}
    suffixes = {"T": "ᵀ", "H": "ᴴ", "I": "⁻¹"}
    infix = {"had": " ⊙ ", "kron": " ⊗ "}

    def write_name(self, tree):
        """Greek letters as such."""
        text = self.source.text[slice(*self.span(tree))]
        stem = re.split(r"[\d_]", text, maxsplit=1)[0]
        return LETTERS.get(stem, stem) + text[len(stem) :]

    def attribute(self, text, name):
        """`X.T.I` is one sign, `X⁻ᵀ`; two signs of a kind stand apart by brackets."""
        if text.endswith("ᵀ") and name == "I":
            return text[:-1] + "⁻ᵀ"
        return super().attribute(f"({text})" if text[-1:] in RAISED.values() else text, name)

    def called(self, name, tree):
        if name == "norm" and len(tree.children) == 1:
            return f"‖{self.spelled(tree.children[0])}‖"
        return super().called(name, tree)

    def write_powers(self, tree):
        """Whole numbers raised; others behind `**`."""
        base, *rest = tree.children
        text = self.same(tree)
        exponent = re.fullmatch(r"\*\*\(?(-?\d+)\)?", self.source.text[self.span(base)[1] : tree.meta.end_pos].lstrip(")"))
        if not exponent or not self.source.text[: tree.meta.end_pos].endswith(exponent[0]):
            return text
        below = text[: len(text) - len(exponent[0])]
        below = f"({below})" if below[-1:] in RAISED.values() else below
        return below + "".join(RAISED[c] for c in exponent[1])
