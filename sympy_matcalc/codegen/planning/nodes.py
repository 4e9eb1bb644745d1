"""Small questions about nodes."""

from ..ir.op import Memory
from ..ir.terms import is_scaled


def is_new(node):
    """Whether an operation makes an array of its own."""
    node = node.args[0] if node.op == "view" and None not in node.attrs else node
    return node.kind.memory in (Memory.OWN, Memory.EITHER)


def at_hand(node):
    """Whether a node is an argument, its transpose, or one of them times a number."""
    node = node.args[-1] if node.op == "mul" and is_scaled(node) else node
    return behind(node).op == "arg"


def is_turned(node):
    return node.op == "view" and node.attrs == (1, 0)


def behind(node):
    """The array that a transpose shows."""
    return node.args[0] if node.op == "view" and node.attrs == (1, 0) else node


def factored_matrix(node):
    """The matrix that is factored for a determinant, an inverse or a solution: behind a transpose, and before its pivots are moved."""
    matrix = behind(node.args[0])
    return matrix.args[0] if matrix.op == "regular" else matrix
