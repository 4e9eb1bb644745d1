"""How one factorisation for several uses is spelled: calls of helpers that each back end has of its own."""

from ..planning.low_rank import LOW_RANK
from ..planning.removable import REMOVABLE
from .base import Backend
from .spelling import ATOM, listing, spells

USES_OF_FACTORS = frozenset(
    "factor regular_factored solve_factored turned_factored gram_factored forms_factored inv_factored slogdet_factored det_factored".split()
)

AT, FACTORED = "at", "factored"  # the function of such factorisations in the source, and its parameter


class FactorSpelling(Backend):
    """The part of a back end that keeps factorisations."""

    factors = True

    def continued(self, depth, lines):
        """The statements of a function with such factorisations, which stand one level deeper, as a function of them."""
        indent = "    " * depth
        return [f"{indent}def {AT}({FACTORED}):", *lines, f"{indent}return {self.need('_continued')}({AT})"]

    @spells("factor")
    def _factor(self, node, texts):
        if node.attrs[0] == REMOVABLE:
            return f"{FACTORED}({', '.join(t[0] for t in texts)})", ATOM
        kind, *count = node.attrs
        if kind == LOW_RANK:
            return f"{self.need('_low_rank')}({', '.join(t[0] for t in texts)})", ATOM
        known = "" if kind == "general" else f", {kind}=True"
        if count:
            texts, arguments = texts[: len(texts) - count[0]], texts[len(texts) - count[0] :]
            known = f", symmetric={listing([t[0] for t in arguments]) if arguments else '()'}"
        return f"{self.need('_factor')}({', '.join(t[0] for t in texts[: 1 + self.looks_at_values])}{known})", ATOM

    @spells("regular_factored")
    def _regular_factored(self, node, texts):
        return f"{self.need('_regular')}({', '.join(t[0] for t in texts)})", ATOM

    @spells("turned_factored")
    def _turned_factored(self, node, texts):
        return f"{self.need('_factor_turned')}({', '.join(t[0] for t in texts)})", ATOM

    @spells("solve_factored", "gram_factored", "forms_factored")
    def _solve_factored(self, node, texts):
        turned = ", True" if node.attrs == (True,) else ""
        return f"{self.need(_helper(node))}({texts[0][0]}, {texts[1][0]}{turned})", ATOM

    @spells("inv_factored", "slogdet_factored", "det_factored")
    def _factored(self, node, texts):
        return f"{self.need(_helper(node))}({texts[0][0]})", ATOM


def _helper(node):
    """The name of the function for a use of a factorisation."""
    of = "_low_rank_" if node.args[0].attrs[:1] == (LOW_RANK,) else "_factor_"
    return of + node.op.removesuffix("_factored")
