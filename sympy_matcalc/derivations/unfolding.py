"""Differentials written out on their way to a line: what is written out is noted, and the expression is rebuilt once, for the line."""

from collections.abc import Callable
from typing import Any

from sympy import S
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..kernel import make, shapes
from ..kernel.shapes import is_matrix
from .recorder import Recorder, is_turned_product
from .replace import expanded, held_in, outermost

LINES = {0: 4, 1: 8, 2: 8}  # that take one level each; each further one takes twice as many as the one before: a deep net stays on a page
MOVES = 5  # lines that take one move each, then the same


class Unfolding:
    """A line in the making: `held` are the differentials that are left, `used` those that were written out."""

    def __init__(self, recorder: Recorder, state: Any):
        self.recorder, self.state = recorder, state
        self.held: list = list(held_in(state))
        self.used: list = []
        self.values: dict = {}

    def write_out(self, held: list) -> None:
        """Use the rules of some of the differentials that are held, once."""
        self.used += held
        for h in held:
            value = self.recorder.expanded(h)
            self.values[h] = value = zero_like(h) if value is None else value
            at = self.held.index(h)
            self.held[at : at + 1] = new = [new for new in held_in(value) if new not in self.held]
            if is_turned_product(h.part):
                self.write_out(new)

    def write_out_while(self, needs_no_line: Callable[[str], bool]) -> None:
        """Use all rules that need no line of their own."""
        while found := [h for h in outermost(self.held) if needs_no_line(self.recorder.name_of(h).name)]:
            self.write_out(found)

    def pass_entries(self) -> None:
        """The differential of a 1 x 1 product and that of its entry look the same: no line, whatever the detail."""
        while found := [h for h in outermost(self.held) if is_only_entry(h.part)]:
            self.write_out(found)

    def written(self) -> Any:
        """The expression, in canonical form."""
        final: dict = {}
        for h in reversed(self.used):  # what is in a value was written out after it
            value = self.values[h]
            final[h] = expanded(value, final) if any(map(final.__contains__, held_in(value))) else value
        return prepare(expanded(self.state, final))


def is_only_entry(part: Any) -> bool:
    """Whether it is the entry of a 1 x 1 matrix."""
    return isinstance(part, MatrixElement) and tuple(shapes.shape_of(part.parent)) == (S.One, S.One)


def levels(line: int, detail: int) -> int:
    """How many levels the line of this number takes at once; with all details, how many rules."""
    return 2 ** max(0, line - LINES[detail])


def moves_of(line: int) -> int:
    """How many moves the line of this number takes at once."""
    return 2 ** max(0, line - MOVES)


def zero_like(e: Any) -> Any:
    """Zero of the shape of an expression."""
    return make.zero(*shapes.shape_of(e)) if is_matrix(e) else S.Zero
