"""Names that are scalars only because they have a power, divide, are compared: an error where they stand as vectors do, else a note."""

from typing import NamedTuple

from .names import COUNTS, kind_of_name
from .sizes import SCALAR
from .tree import Node, below

POWER = "has a power", "write `hpow(v, k)` elementwise, `v.T*v` for the sum of the squares"
DIVISOR = "is a divisor", "write `hpow(v, -1)` elementwise, `A.I` for an inverse"
COMPARED = "is compared", "write `apply(u -> where(u > 0, u, 0), v)` entry by entry"
CHOSEN = "is a value of `where`", "write `apply(u -> where(u > 0, u, 0), v)` entry by entry"
SUMMED = "is summed over an index", "write the entry that is summed, as `(A x)_i`"
EXPONENT = "is an elementwise exponent", "declare its shape"
POWERED = "is an exponent", "write `apply(u -> 2**u, v)` entry by entry"
ADDED = "is added to a number", "write `v + c*ones(n)`"
ADDED_TO_A_NUMBER = "by use: added to a number"  # how its shape is known


class Need(NamedTuple):
    """Why something is a scalar: what its `part` does in the `whole`, and what to write instead if it is a vector."""

    part: Node
    whole: Node
    what: str
    instead: str


class Forced:
    """What has to be a scalar in one expression, and the names that are scalars for that reason alone."""

    def __init__(self, inference):
        self.inference = inference
        self.needs = []
        self.names = {}  # name: need
        self.scalars = []  # (node, what it is: an index, an exponent)

    def add(self, part, whole, what, instead):
        """Remember the need, and the names of the shape of the part that nothing else has settled yet."""
        need = Need(part, whole, what, instead)
        self.needs.append(need)
        return self.remember(need)

    def remember(self, need):
        """The need, as that of the names of the shape of its part that nothing else has settled yet."""
        part = need.part.shape
        for name, shape in self.inference.names.items():
            if any(self.inference.same(shape, seen) for seen in (part, part[::-1])) and self.inference.is_open(shape):
                self.names.setdefault(name, need)
        return need

    def message(self, shape, seen):
        """What is said of the part whose shape this is, and which turns out to be of the shape `seen`; None for no such part."""
        need = next((need for need in self.needs if need.part.shape == shape != SCALAR), None)
        if need:
            return self.too_large(need, seen)
        arg, what = next(((arg, what) for arg, what in self.scalars if arg.shape == shape != SCALAR), (None, ""))
        text = arg and f"`{self.inference.source.at(arg.span)}` (column {arg.span[0] + 1}) is {self.inference.show(seen)}"
        return text and f"{what} must be a scalar, but {text}"

    def too_large(self, need, shape):
        """The message of a part that has to be a scalar, or square, and is of another shape."""
        text = self.inference.source.at(need.part.span)
        place = f"`{text}` (column {need.part.span[0] + 1}) is {self.inference.show(shape)}"
        return f"{place}, and {need.what} in {self.place(need)}; {self.instead(need, shape)}"

    def instead(self, need, shape):
        """What to write for a part that is no scalar, in its own text where that is short."""
        if need.what != DIVISOR[0]:
            return f"for a vector {need.instead}"
        text, square = self.inference.source.at(need.part.span), all(map(self.inference.sizes.is_large, shape))
        inverse = f"; for the inverse of a matrix `inv({text})`, as MATLAB divides" if square else ""
        return f"elementwise write `hpow({text}, -1)`, or `./` in MATLAB's spelling{inverse}"

    def place(self, need):
        source, whole = self.inference.source, need.whole
        text = f"/{source.factor(whole.args[0])}" if whole.op == "reciprocal" else source.at(whole.span)
        return f"`{text}` (column {whole.span[0] + 1})"

    def reason(self, name):
        """Why a name is a scalar, in words; empty for a name that is none, or for another reason."""
        need = self.names.get(name)
        return f"by use: {need.what} in {self.place(need)}" if need and self.is_scalar(name) else ""

    def check(self):
        """ShapeError where such a name stands where only a vector makes sense: under `.T`, in `sum`, in `had`."""
        inference = self.inference
        for arg in [*inference.wide, *inference.entrywise]:
            if inference.is_scalar(arg.shape):
                parts = list(below(arg))
                names = [p.value for p in parts if p.op == "name" and p.value in self.names and p.value not in inference.declared]
                if names and not any(inference.is_large(p.shape) for p in parts):
                    self.refuse(names[0], arg)

        for name, need in self.names.items():
            if need.what in (COMPARED[0], CHOSEN[0], SUMMED[0]) and self.is_vector_by_convention(name):
                self.refuse(name)

    def refuse(self, name, arg=None):
        need = self.names[name]
        if arg is None:
            saw = f"`{name}` is by convention a vector or matrix, but it"
        else:
            saw = f"`{self.inference.source.at(arg.span)}` (column {arg.span[0] + 1}) stands where a vector does, but `{name}`"
        other = f"for a vector {need.instead}, for a scalar declare `{name}: scalar`"
        raise self.inference.shape_error(lambda: f"{saw} {need.what} in {self.place(need)}; {other}")

    def notes(self):
        """A sentence for each name that is by convention a vector or matrix, and is none here."""
        return [
            f"`{name}` is read as a scalar: it {need.what} in {self.place(need)}; for a vector declare its shape"
            + (f", and {need.instead}" if need.instead != EXPONENT[1] else "")
            for name, need in self.names.items()
            if self.is_vector_by_convention(name)
        ]

    def is_vector_by_convention(self, name):
        """Whether a name that is a scalar here would be none but for its need."""
        return kind_of_name(name) in ("column", "matrix") and name not in COUNTS and self.is_scalar(name)

    def is_scalar(self, name):
        return name not in self.inference.declared and self.inference.is_scalar(self.inference.names[name])
