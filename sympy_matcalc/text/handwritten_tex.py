"""Handwritten sums and indices, ``∑ᵢ (yᵢ − wᵀxᵢ)²``, as the LaTeX that they are read as; and LaTeX with signs of handwriting in it."""

import re

from .source import MAX_TEXT
from .spelling import NAMED

BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=aehijklmnoprstuvx", strict=True))
ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁱʲᵏˡᵐⁿᵖᴺᴷᴹ", "0123456789+-=ijklmnpNKM", strict=True))
LETTERS = {letter: f"\\{name} " for letter, name in NAMED.items() if letter != "ς" and name not in ("omicron", "Omicron")}
COMMANDS = {
    "∑": "\\sum", "∏": "\\prod", "‖": "\\|", "∥": "\\|", "−": "-", "·": "\\cdot ", "⋅": "\\cdot ", "×": "\\times ", "⊙": "\\odot ",
    "∘": "\\odot ", "⊗": "\\otimes ", "⊘": "\\oslash ", "†": "^\\dagger ", "½": "\\frac{1}{2}", "¼": "\\frac{1}{4}", "¾": "\\frac{3}{4}",
    "∞": "\\infty ", "≤": "\\leq ", "≥": "\\geq ", "≠": "\\neq ", "∈": "\\in ", "→": "\\to ",
} | LETTERS  # fmt: skip
SUMS = ("∑", "∏")
BESIDE_COMMANDS = re.compile(rf"[ᵀᴴ√½¼¾{''.join(BELOW)}{''.join(ABOVE)}]")  # what LaTeX is not read with
INDICES = frozenset(letter for letter, plain in BELOW.items() if plain.isalpha())
PIECES = re.compile(
    rf"(?P<inverse>⁻¹?[ᵀ⊤])|(?P<turned>\^\s*\{{\s*⊤\s*\}}|(?:\^\s*)?[ᵀ⊤′])|(?P<adjoint>ᴴ)|(?P<below>[{''.join(BELOW)}]+)|(?P<above>[{''.join(ABOVE)}]+)"
    rf"|√\s*(?P<root>\([^()]*\)|\w)|(?P<sign>[{''.join(COMMANDS)}])"
)


def is_handwritten(text: str, is_latex: bool = False) -> bool:
    r"""Whether a text has signs of handwriting that its own spelling does not know: the plain one sums, products and letters as indices.

    >>> is_handwritten("∑ᵢ xᵢ²"), is_handwritten("wᵀx₁"), is_handwritten(r"\lambda wᵀx₁", is_latex=True)
    (True, False, True)
    """
    return any(sign in text for sign in SUMS) or not INDICES.isdisjoint(text) or is_latex and bool(BESIDE_COMMANDS.search(text))


def in_latex(text: str) -> str:
    r"""The text with the commands of LaTeX in the place of the signs of handwriting.

    >>> in_latex("∑ᵢ₌₁ⁿ (yᵢ − wᵀxᵢ)²")
    '\\sum_{i=1}^{n} (y_{i} - w^\\top x_{i})^{2}'
    """
    if len(text) > MAX_TEXT:
        return text
    return re.sub(r"(\\[A-Za-z]+) (?=[^A-Za-z]|$)", r"\1", PIECES.sub(_written, text))


def _written(found: re.Match[str]) -> str:
    """What LaTeX has for a piece of handwriting."""
    kind, piece = found.lastgroup, found[found.lastgroup or 0]
    if kind in ("below", "above"):
        return f"{'_' if kind == 'below' else '^'}{{{''.join((BELOW if kind == 'below' else ABOVE)[c] for c in piece)}}}"
    if kind == "root":
        return f"\\sqrt{{{PIECES.sub(_written, piece.strip('()'))}}}"
    raised = {"inverse": "^{-\\top}", "turned": "^\\top ", "adjoint": "^H "}
    return raised[kind] if kind in raised else COMMANDS[piece]
