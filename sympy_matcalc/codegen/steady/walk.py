"""One pass of rules over a graph, operands first."""

from ..schedule import reachable


def passed(g, roots, rules):
    """The roots with the rules applied once to every node. `rules`: operation -> functions ``f(g, node)`` that give a node or None, in
    turn, as long as it is one of the operation.
    """
    new = {}
    for node in reachable(roots):
        out = g.remake(node, [new[a.number] for a in node.args])
        for rule in () if out.weak else rules.get(out.op, ()):
            found = rule(g, out)
            if found is not None:
                out = found
            if out.op != node.op:
                break
        new[node.number] = out
    return [new[r.number] for r in roots]


def called(node, *names):
    """The argument of a function of one argument of one of these names, else None."""
    return node.args[0] if node.op == "call" and node.attrs[0] in names and len(node.args) == 1 else None


def scaled(node):
    """(c, x) with the node as the number c times x, as far as it is written so; x is None for a number."""
    if node.op == "const":
        return node.value, None
    if node.op == "mul" and node.args[0].op == "const" and len(node.args) == 2:
        return node.args[0].value, node.args[1]
    return 1, node


def number_and_rest(node):
    """(c, terms): a sum as the number c and the other terms."""
    if node.op != "add":
        return 0, [node]
    numbers = [a.value for a in node.args if a.op == "const"]
    return sum(numbers), [a for a in node.args if a.op != "const"]


def raised(node):
    """(base, number p) with the node as ``base**p``."""
    if node.op == "pow" and isinstance(node.args[1].value, (int, float)):
        return node.args[0], node.args[1].value
    root = called(node, "sqrt")
    return (node, 1) if root is None else (root, 0.5)


def flat_factors(node):
    """The factors of a product, with those of products among them."""
    return [f for a in node.args for f in flat_factors(a)] if node.op == "mul" else [node]
