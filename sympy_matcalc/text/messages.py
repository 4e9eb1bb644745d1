"""What errors of shapes say: the shapes that are known by then, the place in the text, the name to declare."""

import re
from typing import Any

from sympy import Dummy, Symbol

from ..errors import ShapeError
from .instead_shapes import declaring, helpful
from .instead_transposed import transposed, transposing
from .tree import below


class Messages:
    """Mixin of the inference of shapes, which has the rest."""

    source: Any
    root: Any
    sizes: Any
    forced: Any
    declared: dict
    names: dict
    how: dict
    by_convention: set
    size_names: set
    name_free_sizes: Any
    is_open: Any
    plain: bool
    check_readings: Any
    kinds: dict
    known_square: Any

    def show(self, shape):
        values = [self.sizes.value(s) for s in shape]
        texts = [str(v.xreplace({open: Symbol("?") for open in v.atoms(Dummy)})) for v in values]
        return "scalar" if texts == ["1", "1"] else " x ".join(texts)

    def place(self, node):
        return f"`{self.source.at(node.span)}` (column {node.span[0] + 1}) is {self.show(node.shape)}"

    def shape_error(self, message, hint=True):
        """ShapeError of `message()`, which is called once the sizes that are known not to be 1 have names to show.

        hint: whether to say which transpose, and which declaration, would mend it.
        """
        helps = helpful(self) if hint else []
        turned = transposed(self) if hint else []
        self.name_free_sizes(self.sizes.large)
        why = {name: self.how.get(name) or self.forced.reason(name) or "by use" for name in self.names}
        known = [f"{name}: {self.show(s)} ({why[name]})" for name, s in list(self.names.items())[:10]]
        shapes = f" Shapes so far: {', '.join(known)}." if known else ""
        return self.placed(message() + "." + shapes + transposing(turned) + declaring(helps))

    def placed(self, message, column=None):
        """ShapeError with the text and a caret under its place: the column, from 0, or the last in the text that the message names."""
        named = re.findall(r"\(column (\d+)\)", message.partition(" Shapes so far: ")[0])
        column = max(map(int, named)) - 1 if column is None and named else column
        error = ShapeError(message if column is None else message + self.source.caret(column))
        error.column = None if column is None else column + 1
        return error

    def most_open(self):
        """The name of which least is known: still open, else by convention, else by use; None where all are declared."""
        free = [name for name in self.names if name not in self.declared and name not in self.size_names]
        chosen = [name for name in free if name in self.by_convention]
        return next((name for names in ([n for n in free if self.is_open(self.names[n])], chosen, free) for name in names), None)

    def unequal(self, a, b):
        for one, other in ((a, b), (b, a)):
            said = self.forced.message(one.shape, other.shape)
            if said:
                return said
        return f"{self.place(a)}, but {self.place(b)}; the shapes must be equal"

    def scaled(self, a, b):
        """What to write where NumPy and MATLAB multiply each row of a matrix by an entry of a column, or each column by one of a row."""
        for thin, wide in ((a, b), (b, a)):
            for axis, lines in ((0, "row"), (1, "column")):
                same = self.sizes.value(thin.shape[axis]) == self.sizes.value(wide.shape[axis])
                if same and self.sizes.is_one(thin.shape[1 - axis]) and not self.sizes.is_one(wide.shape[1 - axis]):
                    x, X = self.source.factor(thin), self.source.factor(wide)
                    column = self.source.at(thin.span) if axis == 0 else self.source.at(thin.args[0].span) if thin.op == "T" else f"{x}.T"
                    scaled = f"diag({column})*{X}" if axis == 0 else f"{X}*diag({column})"
                    return f" (each {lines} of `{X}` times an entry of `{x}`: `{scaled}`)"
        return ""

    def unsettled(self):
        """ShapeError where the expression leaves open what cannot be, with a caret under the first use of what to declare."""
        name = self.most_open()
        if name is None:
            return self.placed("the sizes of the factors of a Kronecker axis are not settled by those of the whole; declare other names", 0)
        place = next((node.span[0] for node in below(self.root) if node.op == "name" and node.value == name), 0)
        return self.shape_error(lambda: f"the shapes are not settled by the expression; declare `{name}` (column {place + 1})", hint=False)
