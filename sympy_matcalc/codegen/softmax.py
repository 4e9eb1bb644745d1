"""exp(z) over its own sum, found in a product and computed as a softmax, which cannot overflow."""


def exponent(node):
    """z where the node is exp(z), else None."""
    return node.args[0] if node.op == "call" and node.attrs == ("exp",) else None


def sum_of_exp(node):
    """(z, axes summed, power k) where the node is ``(sum of exp(z))**-k`` with an integer k > 0, else None."""
    if node.op != "pow" or not isinstance(node.args[1].value, int) or node.args[1].value >= 0:
        return None
    base = node.args[0]
    z = exponent(base.args[0]) if base.op == "sum" else None
    return None if z is None else (z, base.attrs, -node.args[1].value)


def softmax_pairs(g, items):
    """The items of a product, ``(node, labels)``, with each exp(z) that meets a power of its sum turned into a softmax."""
    if not any(sum_of_exp(node) for node, _ in items):
        return items
    items = list(items)
    for k, (node, labels) in enumerate(items):
        found = sum_of_exp(node)
        if not found:
            continue
        z, axes, power = found
        for j, (other, at) in enumerate(items):
            rest = tuple(x for axis, x in enumerate(at) if axis not in axes)
            if power and exponent(other) is z and rest == tuple(labels):
                items[j] = g.make("softmax", (z,), axes, z.ndim), at
                power -= 1
        items[k] = g.pow(node.args[0], g.const(-power)), labels if power else ()
    return items
