"""Found in products, sums and logarithms of the graph: exp(z) over its own sum, and one minus the logistic function. What is computed
instead cannot overflow, and has all of its digits.
"""


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
                items[j] = g.make("softmax", (z,), axes), at
                power -= 1
        items[k] = g.pow(node.args[0], g.const(-power)), labels if power else ()
    return items


def logistic(node):
    """w where the node is expit(w), else None."""
    return node.args[0] if node.op == "call" and node.attrs == ("expit",) else None


def negative(g, node):
    """The node -w."""
    if node.op == "mul" and node.args[0].value == -1:
        return g.mul(*node.args[1:])
    return g.mul(g.const(-1), node)


def one_minus_logistic(g, node):
    """``1 + node`` as expit(-w) where the node is ``-expit(w)``, else None."""
    w = logistic(node.args[1]) if node.op == "mul" and len(node.args) == 2 and node.args[0].value == -1 else None
    return None if w is None else g.call("expit", negative(g, w))


def logistic_pairs(g, factors):
    """The factors of a product with expit(w) expit(-w) as one function, of one exponential."""
    factors = list(factors)
    for a in [f for f in factors if logistic(f) is not None]:
        w, opposite = logistic(a), negative(g, logistic(a))
        other = g.known("call", (opposite,), ("expit",))
        if other in factors and a in factors:
            factors.remove(other)
            factors[factors.index(a)] = g.call("expit_slope", min(w, opposite, key=lambda node: node.number))
    return factors


def log_of(g, node):
    """The logarithm of a node; of exponentials over their sum, and of their sum, without the exponentials under it."""
    if logistic(node) is not None:
        return g.mul(g.const(-1), g.call("softplus", negative(g, logistic(node))))
    if node.op == "softmax":
        z, axes = node.args[0], node.attrs
        if axes == (1,) and z.ndim == 2:  # NumPy is faster along the long axis of data
            return g.transpose(g.make("log_softmax", (g.transpose(z),), (0,)))
        return g.make("log_softmax", (z,), axes)
    z = exponent(node.args[0]) if node.op == "sum" else None
    return g.call("log", node) if z is None else g.make("logsumexp", (z,), node.attrs)
