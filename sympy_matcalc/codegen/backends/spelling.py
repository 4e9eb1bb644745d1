"""What the spelling of every operation shares: texts with a precedence, parentheses, tuples, the table of who spells what."""

from collections.abc import Callable, Mapping
from typing import Any

Text = tuple[str, int]  # with its precedence
Spelling = Callable[..., Text]  # method of a back end: (node, texts of its operands) -> text
ATOM, POWER, UNARY, PRODUCT, SUM, COMPARE, LOWEST = 100, 80, 70, 60, 50, 40, 0


def number_type(node: Any) -> str:
    """The Python type that holds the number which a node is: NumPy's scalars would decide the dtype of what they meet."""
    return "complex" if node.imaginary else "float"


def paren(text: Text, least: int) -> str:
    """The text, in parentheses where its precedence is not above `least`."""
    return text[0] if text[1] > least else f"({text[0]})"


def bare(text: str) -> str:
    """A text without parentheses around all of it."""
    depth = 0
    for k, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if not depth:
            return text[1:-1] if text.startswith("(") and k == len(text) - 1 else text
    return text


def listing(texts: list[str]) -> str:
    """A Python tuple of the texts."""
    return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"


def spells(*operations: str) -> Callable[[Spelling], Spelling]:
    """Register a method of a back end, ``f(self, node, texts) -> (text, precedence)``, as the spelling of operations."""

    def register(method: Any) -> Spelling:
        method.operations = operations
        return method

    return register


def spellings(backend: type) -> Mapping[str, Spelling]:
    """The spelling of each operation in a class: its own, else that of the nearest base class.

    Errors: TypeError for a method that takes the place of a spelling without being registered as one.
    """
    table: dict[str, Spelling] = {}
    methods: dict[str, tuple[str, ...]] = {}
    for base in reversed(backend.__mro__):
        for name, method in vars(base).items():
            operations = getattr(method, "operations", ())
            if name in methods and not operations:
                raise TypeError(f"`{base.__name__}.{name}` takes the place of a spelling: register it too, `@spells{methods[name]}`")
            if operations:
                methods[name] = operations
                table |= dict.fromkeys(operations, method)
    return table
