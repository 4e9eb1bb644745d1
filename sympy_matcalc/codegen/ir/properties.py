"""What the form of a node shows: that it is equal to its transpose, that no entry is negative; a square root of it. The rules that the
table of operations names; each is asked once, when a node is made, of operands that know it of themselves.
"""

from typing import Any

from .node import Node

POSITIVE_FUNCTIONS = {"exp", "expit", "expit_slope", "abs", "softplus", "sqrt", "cosh", "heaviside"}


def never(node: Node) -> bool:
    return False


def always(node: Node) -> bool:
    return True


def inverted(node: Node) -> bool:
    """A power whose exponent may be negative."""
    exponent = node.args[1].value
    return exponent is None or exponent < 0


# ---- equal to its transpose
def is_transpose_of(a: Node, b: Node) -> bool:
    """Whether one is written as the transpose of the other."""
    return a.op == "view" and a.attrs == (1, 0) and a.args[0] is b or b.op == "view" and b.attrs == (1, 0) and b.args[0] is a


def symmetric_product(node: Node) -> bool:
    """X' X, and X X'."""
    return is_transpose_of(*node.args)


def symmetric_sum(node: Node) -> bool:
    """Symmetric summands, numbers, and a matrix with its own transpose."""
    rest = [a for a in node.args if a.ndim and not a.symmetric]
    return all(a.ndim in (0, 2) for a in node.args) and (not rest or len(rest) == 2 and is_transpose_of(*rest))


def symmetric_operands(node: Node) -> bool:
    return all(a.ndim == 0 or a.symmetric for a in node.args)


def symmetric_first(node: Node) -> bool:
    return node.args[0].symmetric


def symmetric_view(node: Node) -> bool:
    return None not in node.attrs and node.args[0].symmetric


def symmetric_source(node: Node) -> bool:
    """That of the matrix that was factored."""
    return node.args[0].args[0].symmetric


def square_identity(node: Node) -> bool:
    return len(node.args) == 2


# ---- not negative
def nonnegative_number(node: Node) -> bool:
    return not isinstance(node.value, complex) and node.value >= 0


def nonnegative_power(node: Node) -> bool:
    return is_even_power(node) or node.args[0].nonnegative


def nonnegative_function(node: Node) -> bool:
    return node.attrs[0] in POSITIVE_FUNCTIONS


def nonnegative_operands(node: Node) -> bool:
    return all(a.nonnegative for a in node.args)


def nonnegative_branches(node: Node) -> bool:
    """Of one of two, by a condition."""
    return all(a.nonnegative for a in node.args[1:])


def nonnegative_first(node: Node) -> bool:
    return node.args[0].nonnegative


# ---- square roots
def is_even_power(node: Node) -> bool:
    return node.op == "pow" and isinstance(node.args[1].value, int) and node.args[1].value % 2 == 0


def is_truth(node: Node) -> bool:
    """Whether the entries are 1 where a comparison holds, and 0 elsewhere."""
    return node.op == "float" and node.args[0].op == "compare"


def root(g: Any, node: Node) -> Node | None:
    """An elementwise square root of the node, of either sign: ``X' diag(d) X`` is ``Z' Z`` with ``Z = diag(sqrt(d)) X``. None where the
    node may be negative.
    """
    if node.op == "view":
        inner = root(g, node.args[0])
        return None if inner is None else g.view(inner, node.attrs)
    if node.op == "mul":
        apart = [f for f in node.args if is_even_power(f) or is_truth(f)]
        rest = [f for f in node.args if f not in apart]
        if not all(f.nonnegative for f in rest):
            return None
        return g.mul(*(root(g, f) for f in apart), *([g.call("sqrt", g.mul(*rest))] if rest else []))
    if is_even_power(node):
        return g.pow(node.args[0], g.const(node.args[1].value // 2))
    if is_truth(node):
        return node
    return g.call("sqrt", node) if node.nonnegative else None
