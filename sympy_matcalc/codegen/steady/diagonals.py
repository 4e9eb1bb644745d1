"""The determinant of a diagonal matrix as the product of its entries, and divided by each of them as the product of the others.

>>> from sympy import DiagMatrix, HadamardPower, MatrixSymbol, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(diagonals, Determinant(DiagMatrix(x))*HadamardPower(x, -1))
before: det(diag(x))*x**-1
after:  reshape(others(reshape(x, 1, size(x; 0))), size(x; 0))

Of a matrix that is not diagonal it stays:

>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(diagonals, Determinant(A)*HadamardPower(x, -1))
before: det(A)*x**-1
after:  det(A)*x**-1
"""

from ..ir.demands import Form
from .walk import passed, raised


def diagonals(graph, roots, context):
    """The roots with the rules applied once to every node: quotients, which a product of the others has also where an entry is 0."""
    return passed(
        graph, passed(graph, roots, {"mul": (products_of_others,), "contract": (products_of_others,)}), {"det": (product_of_diagonal,)}
    )


def product_of_diagonal(g, node):
    """det(diag(d)) as prod(d)."""
    d = _diagonal(node)
    return None if d is None else _product(g, d)


def products_of_others(g, node):
    """det(diag(d))/d, and what is left of the second derivative, as products of the other entries of d."""
    factors = _factors(g, node)
    for k, factor in enumerate(factors):
        base, power = raised(factor)
        d = _diagonal(base)
        if d is None or not isinstance(power, int) or power < 1:
            continue
        others = factors[:k] + factors[k + 1 :]
        parts = d.args if d.op == "mul" and all(a.ndim for a in d.args) else (d,)
        for v in parts:
            rest = [_product(g, u) for u in parts if u is not v] + [_product(g, u) for u in parts for _ in range(power - 1)]
            for j, other in enumerate(others):
                found = _times_product(g, other, v)
                if found is not None:
                    return g.mul(found, *rest, *others[:j], *others[j + 1 :])
    return None


def _factors(g, node):
    """The factors of a product, numbers one by one; of a product that is summed the number in front and the rest."""
    if node.op == "mul":
        return [f for a in node.args for f in (a.args if a.op == "mul" and not a.ndim else (a,))]
    *arrays, scale = node.args
    return [*(scale.args if scale.op == "mul" else (scale,)), g.remake(node, [*arrays, g.const(1)])]


def _diagonal(node):
    """The vector d of det(diag(d))."""
    if node.op != "det" or node.args[0].op != "diag":
        return None
    return node.args[0].args[0] if node.args[0].args[0].ndim == 1 else None


def _product(g, d):
    return g.make("prod", (d,), (0,))


def _times_product(g, node, d):
    """prod(d) times a node that is linear in 1/d or in the second derivative of prod(d) over it; None for others."""
    if _is_power(node, d, -1):
        n = g.make("size", (d,), (0,))
        return g.reshape(g.make("others", (g.reshape(d, [g.const(1), n]),)), [n])
    if _is_second(node, d):
        return g.make("other_pairs", (d,))
    if node.op == "add":
        found = [_times_product(g, a, d) for a in node.args]
        return g.add(*(g.mul(_product(g, d), a) if new is None else new for a, new in zip(node.args, found))) if any(found) else None
    for k in _linear_in(node):
        found = _times_product(g, node.args[k], d)
        if found is not None:
            return g.remake(node, [found if i == k else a for i, a in enumerate(node.args)])
    return None


def _linear_in(node):
    """The places of the operands in which a node is linear."""
    if node.op == "contract":
        return [k for k, inverse in enumerate(node.attrs[1]) if not inverse]
    if node.kind.form is Form.PRODUCT:
        return range(len(node.args))
    return range(1) if node.op == "view" else ()


def _is_power(node, d, p):
    return node.op == "pow" and node.args[0] is d and node.args[1].value == p


def _is_second(node, d):
    """Whether it is r r' - diag(r)^2 with r = 1/d."""
    if node.op != "add_diagonal" or node.attrs != ("aa", "a"):
        return False
    outer, core = node.args
    minus = core.op == "mul" and len(core.args) == 2 and core.args[0].value == -1 and _is_power(core.args[1], d, -2)
    if not minus or outer.op != "contract" or len(outer.args) != 3:
        return False
    inputs, inverses, output, _ = outer.attrs
    is_outer = sum(inputs, ()) == tuple(output) and outer.args[2].value == 1 and not any(inverses)
    return is_outer and all(_is_power(a, d, -1) for a in outer.args[:2])
