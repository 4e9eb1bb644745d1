"""The page of the documentation that lists the rewrites, made from the table of them."""

import sys
from inspect import cleandoc

from .registry import REWRITES

KINDS = {
    "reduces": "by `simplify`",
    "merges": "by `simplify`, of neighbouring factors",
    "expands": "by `expand`; by `simplify` where the result is smaller",
    "on_request": "by `rewrite(expr, name)`",
}

HEAD = """\
# The identities that `simplify`, `expand` and `rewrite` use

Each is a function of its own with its condition, tested on its own: that it keeps the value where it applies, and that it does not apply
where the condition fails. `mc.rewrites()` gives this list in Python. Conditions are facts that are stated (`Q.orthogonal(U)`, ..) or
follow from those that are; without them nothing is used but that symbols are real and that what is inverted has an inverse. What needs no
rewrite is in the canonical form that every expression is brought to first: transposes of products and sums, cyclic permutation and
transposition under a trace, inverses beside their factors, powers of one base, scalars in front, equal summands added, common factors on
the left and on the right.

This page is made by `python -m sympy_matcalc.rewriting > docs/rewrites.md`.
"""


def page():
    """The text of docs/rewrites.md."""
    parts, last = [HEAD], None
    for r in REWRITES.values():
        module = sys.modules[r.apply.__module__]
        if module is not last:
            parts += [f"\n## {_title(module)}\n", "| name | identity | carried out |", "|---|---|---|"]
            last = module
        parts.append(f"| `{r.name}` | `{r.formula.replace('|', chr(92) + '|')}` | {KINDS[r.kind]} |")
    return "\n".join(parts) + "\n"


def _title(module):
    return cleandoc(module.__doc__).splitlines()[0].split(":")[0].rstrip(".")
