"""What the form of a node shows: that it is not negative, that it is symmetric; and square roots, since ``X' diag(d) X`` is ``Z' Z`` with
``Z = diag(sqrt(d)) X``.
"""

NONNEGATIVE = {"exp", "expit", "expit_slope", "abs", "softplus", "sqrt", "cosh", "heaviside"}
THROUGH = {"view", "sum", "index", "diagonal", "reshape", "float", "take", "slice"}


def nonnegative(node):
    """Whether the entries of a node cannot be negative, as far as its form shows."""
    if node.op == "const":
        return not isinstance(node.value, complex) and node.value >= 0
    if node.op == "pow":
        e = node.args[1].value
        return isinstance(e, int) and e % 2 == 0 or nonnegative(node.args[0])
    if node.op == "call":
        return node.attrs[0] in NONNEGATIVE
    if node.op in ("add", "mul"):
        return all(map(nonnegative, node.args))
    return node.op == "softmax" or node.op in THROUGH and nonnegative(node.args[0])


def root(g, node):
    """A node whose square is `node`; its sign is any. None where `node` may be negative."""
    if node.op == "view":
        inner = root(g, node.args[0])
        return None if inner is None else g.view(inner, node.attrs)
    if node.op == "mul":
        even = [f for f in node.args if _even(f)]
        rest = [f for f in node.args if not _even(f)]
        if not all(map(nonnegative, rest)):
            return None
        return g.mul(*(root(g, f) for f in even), *([g.call("sqrt", g.mul(*rest))] if rest else []))
    if _even(node):
        return g.pow(node.args[0], g.const(node.args[1].value // 2))
    return g.call("sqrt", node) if nonnegative(node) else None


def _even(node):
    return node.op == "pow" and isinstance(node.args[1].value, int) and node.args[1].value % 2 == 0


def symmetric(node):
    """Whether a matrix is equal to its transpose, as far as its form shows."""
    if node.ndim != 2:
        return False
    if node.op == "matmul":
        return _turned(node.args[0], node.args[1])
    if node.op == "add":
        rest = [a for a in node.args if not symmetric(a)]
        return all(a.ndim in (0, 2) for a in node.args) and (not rest or len(rest) == 2 and _turned(*rest))
    if node.op == "mul":
        return node.args[-1].ndim == 2 and all(a.ndim == 0 or symmetric(a) for a in node.args)
    if node.op in ("pow", "call"):
        return all(a.ndim == 0 or symmetric(a) for a in node.args)
    if node.op in ("add_diagonal", "inv", "view"):
        return (node.op != "view" or None not in node.attrs) and node.args[0].ndim == 2 and symmetric(node.args[0])
    return node.op == "weighted_gram" or node.op == "eye" and len(node.args) == 2


def _turned(a, b):
    """Whether one is the transpose of the other."""
    return a.op == "view" and a.attrs == (1, 0) and a.args[0] is b or b.op == "view" and b.attrs == (1, 0) and b.args[0] is a
