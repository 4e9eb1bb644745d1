"""What is stated in the lines of a derivation: the transpose of a matrix that is symmetric is written as the matrix."""

from typing import Any

from sympy.matrices.expressions import MatAdd, Transpose

from ..api.structured import shortened
from ..facts import Facts
from ..kernel.walks import postorder
from ..notation.transposes import in_order
from .replace import parts_of, rebuilt
from .text import plain


class Stated:
    """The facts of a derivation by X, and whether it was said already where they are used."""

    def __init__(self, facts: Facts, X: Any):
        self.symmetric = [A for A, names in facts.stated.items() if "symmetric" in names]
        self.constant = Facts({A: names for A, names in facts.stated.items() if X not in A.free_symbols and A != X})
        self.said: set = set()

    def of_constants(self, e: Any) -> Any:
        """An expression shortened by what is stated of what does not vary, so that it may still be differentiated."""
        return shortened(e, self.constant) if self.constant else e

    def used_on(self, e: Any) -> tuple[Any, str]:
        """(an expression at X, written with A for A' where A is symmetric, what has not been said of it yet).

        What a differential is held of stays: near X the fact need not be so.
        """
        if not self.symmetric:
            return e, ""
        found, used = _without_transposes(e, self.symmetric)
        names = [plain(A) for A in used if A not in self.said]
        self.said |= set(used)
        return found, f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} symmetric" if names else ""

    def used_on_constants(self, e: Any) -> Any:
        """The same with what does not vary alone, of what is differentiated further on."""
        return _without_transposes(e, [A for A in self.symmetric if A in self.constant.stated])[0]


def _without_transposes(e: Any, symmetric: list) -> tuple[Any, list]:
    """(an expression with A for A' of some matrices A, those of which there was one)."""
    found: dict[int, Any] = {}
    used: dict = {}
    for node in postorder(e, parts_of) if symmetric else ():
        args = [found.get(id(a), a) for a in node.args]
        if isinstance(node, Transpose) and args[0] in symmetric:
            found[id(node)] = args[0]
            used[args[0]] = None
            continue
        new = node if all(x is y for x, y in zip(args, node.args)) else rebuilt(node, args)
        found[id(node)] = in_order(new) if isinstance(new, MatAdd) and new is not node else new
    return found.get(id(e), e), list(used)
