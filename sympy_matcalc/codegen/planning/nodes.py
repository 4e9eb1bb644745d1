"""Small questions about nodes."""


def is_new(node):
    """Whether an operation makes an array of its own."""
    node = node.args[0] if node.op == "view" and None not in node.attrs else node
    return node.op not in ("arg", "view", "index", "slice", "diagonal", "reshape", "const", "sym", "item")


def at_hand(node):
    """Whether a node is an argument, its transpose, or one of them times a number."""
    node = node.args[-1] if node.op == "mul" and is_scaled(node) else node
    return behind(node).op == "arg"


def is_turned(node):
    return node.op == "view" and node.attrs == (1, 0)


def behind(node):
    """The array that a transpose shows."""
    return node.args[0] if node.op == "view" and node.attrs == (1, 0) else node


def is_scaled(node):
    """Whether a product is scalars times one array."""
    return node.ndim > 0 and all(a.ndim == 0 for a in node.args[:-1]) and node.args[-1].ndim == node.ndim


def scalars(node):
    """The factors of a scalar node."""
    return () if node.value == 1 else node.args if node.op == "mul" else (node,)
