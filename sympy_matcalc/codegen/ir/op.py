"""What a row of the table of operations says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from sympy import Expr

from . import cuts
from .costs import Sizes
from .degrees import Degree
from .demands import Form, Numbers
from .node import Node
from .product import Product
from .shapes import Shape
from .terms import Reader


class Memory(Enum):
    """Where the result of an operation lies."""

    OWN = "in an array of its own, which may be written into where it has no other use"
    PART = "in the array of the first operand, of which it shows a part"
    HELD = "in what is there already: an argument, a number, a part of several results"
    EITHER = "in an array of its own, or in that of an operand, as the library has it"


@dataclass(frozen=True, eq=False)
class Op:
    """A row of the table. Every column has to be filled: an operation that lacks one is an error where the table is made."""

    name: str
    about: str
    shape: Callable[[Node], Shape]  # the sizes of its axes, from those of its operands
    cost: Callable[[Node, Sizes], int]  # its work, without the call and without factorisations; `costs.free`: there is not even a call
    terms: Callable[[Node, Reader], list[Product]]  # itself as a sum of products; `terms.one_factor` where it is none
    degree: Callable[[Node, Sequence[Degree], tuple], Degree | None]  # how it scales with an array in it; `degrees.unknown`
    symmetric: Callable[[Node], bool]  # whether its form shows that it is its own transpose, for two axes
    nonnegative: Callable[[Node], bool]  # whether its form shows that no entry is negative
    memory: Memory
    form: Form  # how its value depends on its operands
    numbers: Numbers  # whether it is of real numbers, and its value real
    some: Callable[[Node], Iterator[tuple[Expr, bool]]]  # sizes that may not be 0, and whether for the sake of an entry at an index
    linalg: Callable[[Node], bool]  # whether it is linear algebra that libraries have in single and double precision only
    elementwise: bool = False  # on operands that broadcast
    of_numbers: bool = False  # of Python numbers it is one
    factored: str | None = None  # the operation that does it with a factorisation of its first operand that is there
    cut: Callable[[Node, int], cuts.Cut | None] = cuts.whole  # what a part of it along an axis is computed of
    totals: Callable[[Node], Iterator[cuts.Total]] = cuts.none  # how all of it comes of what it is for parts of its operands
    room: Callable[[Node], cuts.Room] = cuts.some  # what it needs while it is computed: copies of its operands, and of itself
    written: bool = True  # each back end has code for it; else the planner or the scheduler takes its place
