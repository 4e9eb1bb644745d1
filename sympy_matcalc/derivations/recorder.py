"""Recorder: the rules of the engine, one at a time. What a rule asks for is not gone into, but stands as the node `Differential`."""

from functools import cached_property

from sympy import Expr
from sympy.matrices.expressions import MatMul, MatPow, OneMatrix, Transpose

from ..kernel.interning import raw
from ..kernel.session import IdMemo, memo
from ..kernel.shapes import is_matrix
from ..kernel.walks import every_node
from ..nodes import MatrixSum
from ..rules.differential import Differentiator
from ..rules.registry import RuleName, name_of_rule
from ..rules.tensors import inside
from .node import MatrixDifferential, ScalarDifferential
from .replace import replaced

OF_ONE = {  # rules that are linearity where one factor, or one term, varies
    "product rule": RuleName("constant factor"),
    "sum rule": RuleName("linearity: constant terms drop out"),
}
OF_SUM = RuleName("linearity of the sum")  # of a product with a vector of ones
OF_POWERS = RuleName("product rule, differential of a matrix power", "Matrix Cookbook, eq. 90")  # below a sum over the exponents
OF_NUMBER = RuleName("linearity: a number in front")


def is_turned_product(part):
    """Whether it is the transpose of a product, which is how the canonical form has some products: no step is made of that."""
    return isinstance(part, Transpose) and isinstance(part.args[0], MatMul)


def has_power_of_index(node, limits):
    """Whether it has a matrix power with the index of a sum around it, X^(k - 1 - r): alone nothing says what sign the exponent has."""
    indices = {lim[0] for lim in limits}
    return bool(indices) and any(isinstance(a, MatPow) and indices & a.exp.free_symbols for a in every_node(node))


class Recorder(Differentiator):
    """``recorder(node)`` is the differential of a node as far as no rule is needed; ``recorder.expanded(held)`` uses its rule once."""

    def __init__(self, expr, variable, symbol=None):
        super().__init__(expr, variable, symbol)
        self.ranges = IdMemo()  # held node -> the limits of the sums around it
        self.looks_inside = False

    @cached_property
    def whole(self):
        """The engine itself, for what is not held."""
        return Differentiator(self.expr, self.variable, self.symbol)

    def __call__(self, node):
        if self.asked:
            self.asked[-1].add(node)
        if node == self.parent:
            return self._seed()
        if not self.depends(node):
            return None
        limits = memo("ranges").get("limits", ())
        if self.looks_inside or not (is_matrix(node) or isinstance(node, Expr)) or has_power_of_index(node, limits):
            return self._in_full(node)
        held = raw(MatrixDifferential if is_matrix(node) else ScalarDifferential, node, self.variable, self.symbol)
        self.ranges[held] = limits
        return held

    def expanded(self, held):
        """The right side of the rule for a held differential, in terms of the differentials of parts; None for zero."""
        self.looks_inside = name_of_rule(held.part).looks_inside
        outer = memo("ranges").get("limits", ())
        memo("ranges")["limits"] = ()
        try:
            with inside(self.ranges.get(held) or ()):
                found = self._differential(held.part)
        finally:
            self.looks_inside, memo("ranges")["limits"] = False, outer
        return self._without_placeholders(found, self.placeholders)

    def name_of(self, held):
        """What a textbook calls the rule for a held differential: of a product with one factor that varies it is linearity."""
        part = held.part.args[0] if is_turned_product(held.part) else held.part
        name = name_of_rule(part)
        if isinstance(part, MatrixSum) and has_power_of_index(part.args[0], part.limits):
            return OF_POWERS
        varying = sum(map(self.depends, part.args)) if name.name in OF_ONE else 0
        if varying != 1:
            return name
        if name.name == "product rule" and all(a.is_number for a in part.args if not self.depends(a)):
            return OF_NUMBER
        return OF_SUM if isinstance(part, MatMul) and any(isinstance(a, OneMatrix) for a in part.args) else OF_ONE[name.name]

    def _in_full(self, node):
        return self._without_placeholders(self.whole(node), self.whole.placeholders)

    @staticmethod
    def _without_placeholders(found, placeholders):
        """Symbols that a user's rule was given are what they stand for."""
        while found is not None and placeholders and (new := replaced(found, placeholders)) is not found:
            found = new
        return found
