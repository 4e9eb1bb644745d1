"""The tree that typed text becomes, before it is SymPy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Node:
    """One operation. `span` is its place in the text; the others are filled in later."""

    op: str
    args: tuple
    span: tuple
    value: Any = None
    shape: tuple = ()
    number: bool = False  # a scalar by construction: literals, traces, entries
    broadcast: bool = False
    weight: int = 1
    kinds: tuple = ()  # of a call: what each of `args` is, see `Function.takes`
    sizes: tuple = ()  # of a call or slice: the parts that are sizes
    length: Any = None  # of a sum: how many terms it has
    function: str = ""  # of a call: the argument that is the name of a function; a map `u -> ...` is the last of `args`


@dataclass(frozen=True)
class Bound:
    """Where a slice begins or ends: `size` entries from the start or the end of the axis; None for 0."""

    size: Node | None
    from_end: bool


def below(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.args))


def unscaled(node: Node) -> Node:
    """What a number stands in front of: `x` of ``-2*x``."""
    while node.op == "mul":
        others = [arg for arg in node.args if arg.op != "number"]
        if len(others) != 1:
            break
        node = others[0]
    return node


def names_in(node: Node) -> list[str]:
    """The names in the order of the text, each as often as it stands there."""
    return [n.value for n in below(node) if n.op == "name"]


def kronecker_factors(node: Node) -> list[Node]:
    """The factors of a Kronecker product, of its transpose, and of those that are factors in it."""
    while node.op in ("T", "H", "I"):
        node = node.args[0]
    return [f for a in node.args for f in (kronecker_factors(a) or [a])] if node.op == "call" and node.value == "kron" else []
