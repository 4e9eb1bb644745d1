"""The table of rewrites: one named function each, found by the class of the node it rewrites; None means that it does not apply.

reduces   carried out wherever it applies; the result is no larger.
merges    of neighbouring factors of a product; given atoms (base, flip, exponent), gives the atoms that replace them.
expands   carried out by `expand`, and tried by `simplify`, which keeps the result where it is smaller.
on_request  carried out by `rewrite` only.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sympy import Add, Mul
from sympy.matrices.expressions.matexpr import MatrixExpr


class Rewrite(NamedTuple):
    """One identity. The first line of its function's docstring is the formula, the rest its condition and source."""

    name: str
    kind: str
    classes: tuple
    apply: Callable[..., Any]

    @property
    def formula(self):
        return (self.apply.__doc__ or "").strip().splitlines()[0].rstrip(".")


REWRITES = {}  # name -> Rewrite, in order of registration
BY_CLASS = {"reduces": {}, "expands": {}, "on_request": {}}
MERGES = {1: [], 2: [], 3: []}


def _register(kind, classes, f):
    if not f.__doc__:
        raise TypeError(f"rewrite `{f.__name__}` needs a docstring whose first line is its formula")
    if f.__name__ in REWRITES:
        raise TypeError(f"there is a rewrite `{f.__name__}` already")
    found = REWRITES[f.__name__] = Rewrite(f.__name__, kind, classes, f)
    return found


def _by_class(kind):
    def of(*classes):
        def register(f):
            found = _register(kind, classes, f)
            for cls in classes:
                BY_CLASS[kind].setdefault(cls, []).append(found)
            return f

        return register

    return of


reduces, expands, on_request = _by_class("reduces"), _by_class("expands"), _by_class("on_request")


def merges(window, *classes):
    """Register a rewrite of `window` neighbouring factors; classes: of which the base of one of them has to be, none for any."""

    def register(f):
        MERGES[window].append(_register("merges", classes, f))
        MERGES_OF.clear()
        return f

    return register


class _MergesOf(dict):
    """The rewrites that merge neighbouring factors with bases of these classes, found once for them."""

    def __missing__(self, kinds):
        rewrites = MERGES[len(kinds)]
        self[kinds] = found = [r for r in rewrites if not r.classes or any(issubclass(kind, r.classes) for kind in kinds)]
        return found


MERGES_OF = _MergesOf()


def rewrites_of(kind, node):
    """The rewrites of one kind for the class of a node, those of the most specific class first."""
    table = BY_CLASS[kind]
    scalar = () if not isinstance(node, MatrixExpr) else (Add, Mul)  # SymPy derives MatAdd and MatMul from them
    return [r for cls in type(node).__mro__ if cls in table and cls not in scalar for r in table[cls]]
