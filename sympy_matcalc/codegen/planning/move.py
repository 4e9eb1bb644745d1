"""What a row of the table of moves says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Stage(Enum):
    """What a move is tried on, and what its function gets and gives."""

    SUM = "a sum of products: (planner, terms) -> pairs (terms, sizes (small, large) it relies on); the cheapest is taken"
    PRODUCT = "a product: (products, task) -> pairs (node, labels); the cheapest is taken"
    TERMS = "the products of a sum that is built: (sums, draft) -> None, changes the draft"
    VALUES = "the nodes of these products: (sums, draft) -> None, changes the draft"
    NODE = "a node with planned operands: (rebuilder, node, operands) -> node, or None"
    FACTORS = "the arrays of an elementwise product: (rebuilder, arrays) -> arrays"
    OPERAND = "an operand of a product: (rebuilder, node) -> (scalars, array), or None"


@dataclass(frozen=True)
class Move:
    """least: the price of the old form of a sum, times this, is what the new one has to be below; None where the stage asks for no gain."""

    name: str
    about: str  # what stands there before and after
    condition: str
    least: float | None
    stage: Stage
    make: Callable[..., Any]
    loses_digits: bool = False  # it may, by cancellation: only in plans that are markedly cheaper as a whole
    most: int = 12  # terms of a sum that it is tried on: what a search takes grows with the square of their number
