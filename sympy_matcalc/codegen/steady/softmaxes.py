"""exp(z) over its own sum as the softmax of z, which cannot overflow; the logarithm of a softmax, and of a sum of exponentials, without the
exponentials.

>>> from sympy import Identity, MatrixSymbol, OneMatrix, exp, log, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
>>> E = x.applyfunc(exp)
>>> total = (E.T*OneMatrix(n, 1))[0, 0]
>>> before_and_after(softmaxes, E/total)
before: sum(exp(x); 0)**-1*exp(x)
after:  softmax(x; 0)
>>> before_and_after(softmaxes, E*E.T/total**2)
before: sum(exp(x); 0)**-2*sum(exp(x)[i] exp(x)[j] -> ij)
after:  sum(softmax(x; 0)[i] softmax(x; 0)[j] -> ij)
>>> before_and_after(softmaxes, (E/total).applyfunc(log))
before: log(sum(exp(x); 0)**-1*exp(x))
after:  log_softmax(x; 0)
>>> before_and_after(softmaxes, log(total))
before: log(sum(exp(x); 0))
after:  logsumexp(x; 0)

The sum of others has nothing to do with it:

>>> before_and_after(softmaxes, E/(y.applyfunc(exp).T*OneMatrix(n, 1))[0, 0])
before: sum(exp(y); 0)**-1*exp(x)
after:  sum(exp(y); 0)**-1*exp(x)
"""

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node, without
from ..ir.product import Factor, Product
from .products import Item, contraction_of, items_of_contraction, items_of_product, product_of
from .walk import called, passed


def softmaxes(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the rules applied once to every node."""
    return passed(graph, roots, {"mul": (_in_product, _in_loop), "contract": (_in_contraction,), "call": (log_of_softmax,)})


def sum_of_exp(node: Node) -> tuple[Node, tuple[int, ...], int] | None:
    """(z, axes summed, power k) where the node is ``(sum of exp(z))**-k`` with an integer k > 0, else None."""
    if node.op != "pow" or not isinstance(node.args[1].value, int) or node.args[1].value >= 0:
        return None
    base = node.args[0]
    z = called(base.args[0], "exp") if base.op == "sum" else None
    return None if z is None else (z, base.attrs, -node.args[1].value)


def paired(g: Graph, items: Sequence[Item]) -> list[Item] | None:
    """The items of a product with each exp(z) that meets a power of its sum turned into a softmax; None where there is none."""
    new, found = list(items), False
    for k, (node, labels) in enumerate(items):
        pair = sum_of_exp(node)
        if not pair:
            continue
        z, axes, power = pair
        for j, (other, at) in enumerate(new):
            rest = tuple(x for axis, x in enumerate(at) if axis not in axes)
            if power and called(other, "exp") is z and rest == tuple(labels):
                new[j] = g.make("softmax", (z,), axes), at
                power, found = power - 1, True
        new[k] = g.pow(node.args[0], g.const(-power)), labels if power else ()
    return new if found else None


def _in_product(g: Graph, node: Node) -> Node | None:
    """The rule for elementwise products."""
    if not any(sum_of_exp(a.args[0] if a.op == "view" else a) for a in node.args):
        return None
    new = paired(g, items_of_product(node))
    return None if new is None else product_of(g, new, node.ndim)


def _in_loop(g: Graph, node: Node) -> Node | None:
    """The rule for one term after the other, ``exp(w)`` with the index of a loop in w, over the sum of all: relative to the largest."""
    inner = [a for a in node.args if not a.ndim and a.loops and called(a, "exp") is not None]
    for power in node.args if inner else ():
        found = sum_of_exp(power)
        terms = [a for a in inner if not a.loops & power.loops][: found[2] if found else 0]
        if found is None or power.ndim or not terms:
            continue
        z, axes, k = found
        less = g.mul(g.const(-1), g.make("max", (g.call("real", z),), axes))
        total = g.sum(g.call("exp", g.add(z, less)), axes)
        new = [g.call("exp", g.add(a.args[0], less)) for a in terms]
        rest = without(node.args, power, *terms)
        left = g.pow(power.args[0], g.const(len(terms) - k))
        return g.mul(*rest, *new, g.pow(total, g.const(-len(terms))), left)
    return None


def _in_contraction(g: Graph, node: Node) -> Node | None:
    """The rule for products that are summed."""
    *arrays, scale = node.args
    if not any(map(sum_of_exp, (*arrays, scale, *scale.args))):
        return None
    items, inverses, out = items_of_contraction(node)
    new = paired(g, items)
    return None if new is None else contraction_of(g, new, inverses, out)


def with_softmaxes(g: Graph, product: Product) -> Product:
    """A product that is no node yet, with the same done to it."""
    plain = [f for f in product.factors if not f.inverse]
    scalars = [n for c in product.scalars for n in (c.args if c.op == "mul" else (c,))]
    new = paired(g, [(f.node, f.labels) for f in plain] + [(c, ()) for c in scalars])
    if new is None:
        return product
    factors = [f for f in product.factors if f.inverse] + [Factor(node, labels) for node, labels in new if node.ndim]
    return Product([g.mul(*(node for node, _ in new if not node.ndim))], factors, product.out, product.equal, product.labels)


def log_of_softmax(g: Graph, node: Node) -> Node | None:
    """The logarithm of a softmax, or of a sum of exponentials, as one function."""
    arg = called(node, "log")
    if arg is None:
        return None
    if arg.op == "softmax":
        (z,), axes = arg.args, arg.attrs
        if axes == (1,) and z.ndim == 2:  # NumPy is faster along the long axis of data
            return g.transpose(g.make("log_softmax", (g.transpose(z),), (0,)))
        return g.make("log_softmax", (z,), axes)
    z = called(arg.args[0], "exp") if arg.op == "sum" else None
    return None if z is None else g.make("logsumexp", (z,), arg.attrs)
