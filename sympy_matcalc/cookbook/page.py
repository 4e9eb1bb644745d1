"""The page of the documentation: every identity as this package derives it, and how that was checked."""

from math import ceil, log10

import sympy

from ..errors import CheckError
from .show import equation, latex
from .tables import FAMILIES, all_identities, family
from .verify import book_error, largest_error

BOOK = 1e-8  # values of the book's answer and of ours may differ by rounding
SMALLEST, STEP = -8, 2  # errors are rounded up to 1e-8, 1e-6, ...: the page does not change with the machine

INTRO = """\
# The cookbook

{count} identities of the textbooks, each derived by this package when the page was made
(`python -m sympy_matcalc.cookbook --docs docs/cookbook.md --notebook notebooks/cookbook.ipynb`, SymPy {sympy}).
Each right-hand side is our answer. Below it stand the book's answer, where one is known, and the largest relative error against finite
differences at a random point. {same} of the {known} known answers are the book's very expression; the others have its value.

`mc.cookbook(expr, variable)` finds the identities that an expression is an instance of, `mc.cookbook("text")` those of a title or source.

A gradient has the shape of the variable, a Jacobian is in numerator layout; vec stacks columns. A condition such as "W symmetric" is one of
the book's answer; ours does not need it.
"""


def page():
    """The page as Markdown. Raises CheckError where an identity does not hold."""
    everything = all_identities()
    same = {identity.number: identity.is_the_books for identity in everything if identity.book is not None}
    parts = [INTRO.format(sympy=sympy.__version__, count=len(everything), known=len(same), same=sum(same.values()))]
    parts.append("\n".join(f"- [{title}](#{_anchor(title)})" for title in FAMILIES.values()) + "\n")
    for name, title in FAMILIES.items():
        parts.append(f"## {title}\n")
        parts += [f"{entry(identity)}\n{verdict(identity, same.get(identity.number))}\n" for identity in family(name)]
    return "\n".join(parts)


def entry(identity):
    """Heading and equation: what the test of the page derives anew."""
    facts = ", ".join(f"{symbol} {fact}" for symbol, fact in identity.conditions.items())
    where = f"{identity.source}; {identity.words} by ${latex(identity.variable)}$" + (f"; {facts}" if facts else "")
    return f"### {identity.number}: {identity.title}\n\n{where}\n\n$$\n{equation(identity)}\n$$\n"


def verdict(identity, same):
    """Whether our answer is the book's, and the numeric check."""
    checked = f"Numeric check: relative error below ${rounded_up(largest_error(identity))}$."
    if same is None:
        return checked
    if same:
        return f"The book's expression. {checked}"
    if not book_error(identity) < BOOK:
        raise CheckError(f"{identity.number}: our answer `{identity.derivative}` has not the value of the book's `{identity.book}`")
    return f"The book's value; the book writes ${latex(identity.book)}$. {checked}"


def rounded_up(error):
    """A power of ten that the error is below, in LaTeX."""
    exponent = max(SMALLEST, ceil(log10(max(error, 10.0**SMALLEST))))
    return f"10^{{{exponent + (exponent - SMALLEST) % STEP}}}"


def _anchor(title):
    return title.lower().replace(" ", "-")
