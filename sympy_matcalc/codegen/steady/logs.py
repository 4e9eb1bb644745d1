"""Logarithms, and products with them: ``x log x`` at 0, ``log(1 + exp w)``, ``log(1 - exp w)``, ``log cosh x``, ``log((1 + erf x)/2)``,
and the logarithm of a product of entries.
"""

from math import log, sqrt

from .walk import called, number_and_rest, raised, scaled

MANY = 30  # factors, of which pairs are not looked at any more
DEPTH = 4  # how far below a product a logarithm is looked for: a graph may be deep, and a DAG


def log_of_function(g, node):
    """The logarithm of a function of x as one function of x."""
    arg = called(node, "log1p")
    if arg is not None:
        return _log_of_sum(g, g.add(arg, g.const(1)), found=node)
    arg = called(node, "log")
    if arg is None:
        return None
    base, p = raised(arg)
    x = called(base, "cosh")
    return g.mul(g.const(p), g.call("log_cosh", x)) if x is not None else _log_of_sum(g, arg)


def _log_of_sum(g, arg, found=None):
    """The logarithm of a sum with a number; where it is none of those above, `found`."""
    c, terms = number_and_rest(arg)
    factor, f = scaled(terms[0]) if len(terms) == 1 else (0, None)
    if f is None or isinstance(c, complex) or isinstance(factor, complex):
        return found
    w = called(f, "expm1") if c == 0 and factor == -1 else called(f, "exp") if c == 1 and factor == -1 else None
    if w is not None:
        return g.call("log_one_less_exp", w)
    w = called(f, "exp")
    if w is not None and c > 0 and factor > 0:
        softplus = g.call("softplus", w if c == factor else g.add(w, g.const(log(factor / c))))
        return softplus if c == 1 else g.add(g.const(log(c)), softplus)
    return g.call("log1p", terms[0]) if c == 1 and found is None else found


def log_of_product(g, node):
    """The logarithm of a product of entries as the sum of theirs, which is in range where the product is not; and that of its sign."""
    arg = called(node, "log")
    number, product = (0, None) if arg is None else scaled(arg)
    if product is None or product.op != "prod" or isinstance(number, complex) or number <= 0:
        return None
    (x,), axes = product.args, product.attrs
    if called(x, "sign") is not None:
        return None
    logs = g.call("log", x if x.nonnegative else g.call("abs", x))
    terms = [g.sum(log_of_function(g, logs) or logs, axes)]
    if not x.nonnegative:
        terms.append(g.call("log", g.make("prod", (g.call("sign", x),), axes)))
    return g.add(*terms, g.const(log(number)))


def log_of_normal(g, node):
    """log(c + c erf(x)), log(c - c erf(x)) and log(c erfc(x)) by the logarithm of the normal distribution function."""
    arg, less_one = called(node, "log"), called(node, "log1p")
    arg = g.add(less_one, g.const(1)) if less_one is not None else arg
    found = None if arg is None else distribution(g, arg)
    if found is None:
        return None
    c, x = found
    value = g.call("special.log_ndtr", g.mul(g.const(sqrt(2)), x))
    return g.add(value, g.const(log(2 * c))) if c != 0.5 else value


def distribution(g, node):
    """(c, x) where the node is ``c (1 + erf(x))`` with a number c > 0, else None."""
    c, factor, f = _affine(node)
    if f is None or isinstance(factor, complex):
        return None
    x = called(f, "special.erfc")
    if x is not None and not isinstance(c, complex) and factor < 0 and c == -2 * factor:  # 2 - erfc(x), as SymPy writes erfc(-x)
        return -factor, x
    if x is not None:
        return (factor, g.mul(g.const(-1), x)) if c == 0 and factor > 0 else None
    x = called(f, "special.erf")
    if x is None or isinstance(c, complex) or c <= 0 or abs(factor) != c:
        return None
    return c, x if factor > 0 else g.mul(g.const(-1), x)


def _affine(node):
    """(c, k, f) with the node as the numbers c + k times f, where it is written as sums and multiples in one another; f is None else."""
    c, terms = number_and_rest(node)
    k, f = scaled(terms[0]) if len(terms) == 1 else (0, None)
    if f is None or f.op != "add":
        return c, k, f
    inner, factor, f = _affine(f)
    return c + k * inner, k * factor, f


# ---- x log x
def logs_beside_zeros(g, node):
    """A product of x with logarithms of x: where x is 0, the logarithm counts as 0."""
    places = _places(node) if len(node.args) < MANY else ()
    for k, (log_, at) in enumerate(places):
        if not any(True for _ in _logs(log_)):
            continue
        for j, (x, where) in enumerate(places):
            if j == k or where != at or x.ndim != log_.ndim or not any(_vanishes_with(x, y) for y in _logs(log_)):
                continue
            args = list(node.args)
            args[k] = _put_back(g, args[k], _beside(g, log_, x))
            return g.mul(*args) if node.op == "mul" else g.remake(node, args)
    return None


def _places(node):
    """For each operand of a product, the array behind its view, and which axes of the product its axes are."""
    if node.op == "contract":
        _, inverses, _, _ = node.attrs
        axes = [None if inverse else labels for labels, inverse in zip(node.attrs[0], inverses, strict=True)]
        operands = node.args[:-1]
    else:
        operands, axes = node.args, [tuple(range(node.ndim - a.ndim, node.ndim)) for a in node.args]
    out = []
    for a, at in zip(operands, axes, strict=True):
        if a.op == "view" and at is not None:
            at = {k: x for k, x in zip(a.attrs, at, strict=True) if k is not None}
            a, at = a.args[0], tuple(at[k] for k in sorted(at))
        out.append((a, at))
    return out


def _put_back(g, old, new):
    return g.make("view", (new,), old.attrs) if old.op == "view" else new


def _logs(node, depth=DEPTH):
    """What the logarithms in a sum, or a multiple or power of it, are of."""
    y = called(node, "log")
    if y is not None:
        yield y
    elif (node.op in ("add", "mul") or called(node, "principal") is not None) and depth:
        for a in node.args:
            yield from _logs(a, depth - 1)
    elif node.op == "pow" and raised(node)[1] > 0 and raised(node)[0] is not node and depth:
        yield from _logs(node.args[0], depth - 1)


def _vanishes_with(x, y):
    """Whether x is y, a power of it, or a factor of it."""
    base = x.args[0] if x.op == "pow" or called(x, "sqrt", "abs") is not None else x
    return any(base is f or f.op == "pow" and f.args[0] is base for f in (y, *(y.args if y.op == "mul" else ())))


def _beside(g, node, x, depth=DEPTH):
    """The node with its logarithms 0 where x is."""
    y = called(node, "log")
    if y is not None:
        return g.call("log_beside", y, x) if y.ndim == x.ndim else node
    if (node.op in ("add", "mul") or called(node, "principal") is not None) and depth:
        return g.make(node.op, tuple(_beside(g, a, x, depth - 1) for a in node.args), node.attrs)
    if node.op == "pow" and depth:
        return g.pow(_beside(g, node.args[0], x, depth - 1), node.args[1])
    return node
