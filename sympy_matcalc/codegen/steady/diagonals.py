"""The determinant of a diagonal matrix as the product of its entries, and divided by each of them as the product of the others.

>>> from sympy import DiagMatrix, HadamardPower, MatrixSymbol, symbols
>>> from sympy.matrices.expressions.determinant import Determinant
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(diagonals, Determinant(DiagMatrix(x))*HadamardPower(x, -1))
before: det(diag(x))*x**-1
after:  reshape(others(reshape(x, 1, size(x; 0))), size(x; 0))

A second derivative is one of the products of all others but two, and of squares of the products of the others:

>>> f = Determinant(DiagMatrix(x))**2
>>> r = HadamardPower(x, -1)
>>> before_and_after(diagonals, f*(4*r*r.T - 2*DiagMatrix(HadamardPower(x, -2))))
before: det(diag(x))**2*add_diagonal(4*sum((x**-1)[i] (x**-1)[j] -> ij), -2*x**-2; aa, a)
after:  add_diagonal(4*prod(x; 0)*other_pairs(x), 2*reshape(others(reshape(x, 1, size(x; 0))), size(x; 0))**2; aa, a)

Of a matrix that is not diagonal it stays:

>>> A = MatrixSymbol("A", n, n)
>>> before_and_after(diagonals, Determinant(A)*HadamardPower(x, -1))
before: det(A)*x**-1
after:  det(A)*x**-1
"""

from math import prod

from ..ir.demands import Form
from ..ir.labels import numbered
from ..schedule import reachable
from .walk import passed, raised


def diagonals(graph, roots, context):
    """The roots with products of the entries in place of determinants, and without the quotients by an entry that they take up."""
    roots = passed(graph, roots, {"det": (product_of_diagonal,)})
    while True:
        order = reachable(roots)
        divisors = {
            node.args[0].number for node in order if node.op == "pow" and isinstance(node.args[1].value, int) and node.args[1].value < 0
        }
        vectors = [node.args[0] for node in order if _is_product_of_vector(node) and node.args[0].number in divisors]
        new = {}
        for node in order if vectors else ():  # an outer node before the nodes in it, of which it needs the quotients as they stand
            found = _without_quotients(graph, node, vectors)
            new[node.number] = graph.remake(node, [new[a.number] for a in node.args]) if found is None else found
        if all(new.get(r.number, r) is r for r in roots):
            return roots
        roots = [new[r.number] for r in roots]


def product_of_diagonal(g, node):
    """det(diag(d)) as prod(d), of a Hadamard product as the product of each."""
    if node.args[0].op != "diag" or node.args[0].args[0].ndim != 1:
        return None
    d = node.args[0].args[0]
    return g.mul(*(_product(g, v) for v in (d.args if d.op == "mul" and all(a.ndim for a in d.args) else (d,))))


def _is_product_of_vector(node):
    return node.op == "prod" and node.args[0].ndim == 1


def _product(g, d, power=1):
    return g.pow(g.make("prod", (d,), (0,)), g.const(power)) if power else g.const(1)


def _without_quotients(g, node, vectors):
    for v in vectors if node.op in ("mul", "contract", "add_diagonal") else ():
        found = _times(g, node, v, 0)
        if found is not None:
            new, left = found
            return g.mul(_product(g, v, left), new)
    return None


# Each gives (new, left) with ``new*prod(d)**left`` for ``node*prod(d)**p``, or None where no quotient by d was taken up.


def _times(g, node, d, p):
    by_kind = (
        _in_sum
        if node.op == "add"
        else _in_diagonal
        if node.op == "add_diagonal"
        else _in_product
        if node.kind.form is Form.PRODUCT
        else None
    )
    if by_kind is not None:
        return by_kind(g, node, d, p)
    if node.op == "view":
        found = _times(g, node.args[0], d, p)
        return found and (g.remake(node, [found[0]]), found[1])
    if not _is_divisor(node, d) or -node.args[1].value > p:
        return None
    power = -node.args[1].value
    return g.pow(_others(g, d), g.const(power)), p - power


def _others(g, d):
    n = g.make("size", (d,), (0,))
    return g.reshape(g.make("others", (g.reshape(d, [g.const(1), n]),)), [n])


def _in_sum(g, node, d, p):
    return _summands(g, node.args, d, p, lambda new: g.add(*new))


def _summands(g, parts, d, p, together):
    found = [_times(g, a, d, p) for a in parts]
    if not any(found):
        return None
    pairs = [new or (a, p) for new, a in zip(found, parts)]
    left = min(k for _, k in pairs)
    return together([g.mul(_product(g, d, k - left), new) for new, k in pairs]), left


def _in_product(g, node, d, p):
    """The powers of prod(d) in the number in front together with the quotients in the arrays."""
    args, arrays = list(node.args), []
    for k in _linear_in(node):
        if args[k].ndim:
            arrays.append(k)
        else:
            power, args[k] = _taken_out(g, args[k], d)
            p += power
    done = False
    for k in arrays:
        found = _times(g, args[k], d, p)
        if found is not None:
            (args[k], p), done = found, True
    return (g.remake(node, args), p) if done else None


def _linear_in(node):
    """The places of the operands in which a product is linear."""
    if node.op == "contract":
        return [k for k, inverse in enumerate((*node.attrs[1], False)) if not inverse]
    return range(len(node.args))


def _in_diagonal(g, node, d, p):
    """a r r' + b diag(r)^2, r = 1/d, is a times r r' - diag(r)^2, the products of all others but two, and (a + b) diag(r)^2."""
    if node.attrs != ("aa", "a"):
        return None
    outer, core = node.args
    a, others = _outer_squares(g, outer, d)
    b = _front_of_square(g, core, d)
    if a is None or b is None:
        return _summands(g, node.args, d, p, lambda new: g.remake(node, new))
    (k, first), (l, second) = _taken_out(g, a, d), _taken_out(g, _collected(g, a, b), d)
    k, l = k + p - 1, l + p - 2
    if k < 0 or l < 0 and second.value != 0:
        return None
    pairs = [(g.mul(first, g.make("other_pairs", (d,))), k)]
    if second.value != 0:
        pairs.append((g.mul(second, g.pow(_others(g, d), g.const(2))), l))
    pairs += [_times(g, x, d, p) or (x, p) for x in others]
    left = min(k for _, k in pairs)
    parts = [g.mul(_product(g, d, k - left), new) for new, k in pairs]
    if second.value == 0:
        return g.add(*parts), left
    matrix, squares, *rest = parts
    return g.make("add_diagonal", (g.add(matrix, *rest), squares), node.attrs), left


def _outer_squares(g, node, d):
    """(a, other terms) of a sum of matrices with a r r' in it; None for a where there is none; products of sums are multiplied out."""
    found, others = [], []
    for term in node.args if node.op == "add" else (node,):
        arrays = [x for x in term.args if x.ndim] if term.op == "mul" else [term]
        scalars = [x for x in term.args if not x.ndim] if term.op == "mul" else []
        outer = arrays[0] if len(arrays) == 1 else term
        if not _is_outer(outer):
            others.append(term)
            continue
        (a, u), (b, v) = (_along(g, x, d) for x in outer.args[:2])
        scale = g.mul(outer.args[2], *scalars)
        if a is None or b is None:
            others.append(term)
            continue
        found.append(g.mul(scale, a, b))
        r = g.pow(d, g.const(-1))
        for x, y, c in ((u, r, b), (r, v, a), (u, v, g.const(1))):
            if x is not None and y is not None:
                others.append(g.remake(outer, [x, y, g.mul(scale, c)]))
    return (g.add(*found) if found else None), others


def _is_outer(node):
    """Whether it is c u v'."""
    if node.op != "contract" or len(node.args) != 3:
        return False
    inputs, inverses, output, _ = node.attrs
    return sum(inputs, ()) == tuple(output) and len(output) == 2 and not any(inverses)


def _along(g, node, d):
    """(c, rest) of a vector c r + rest, r = 1/d; None for a part that is not there."""
    if _is_divisor(node, d, 1):
        return g.const(1), None
    if node.op == "add":
        found = [_along(g, a, d) for a in node.args]
        parts = [[x for x in (pair[k] for pair in found) if x is not None] for k in (0, 1)]
        return tuple(g.add(*x) if x else None for x in parts)
    if node.op == "mul":
        arrays = [x for x in node.args if x.ndim]
        c, rest = _along(g, arrays[0], d) if len(arrays) == 1 else (None, None)
        scalars = [x for x in node.args if not x.ndim]
        return (None, node) if c is None else (g.mul(c, *scalars), rest and g.mul(rest, *scalars))
    if node.op == "contract":
        inputs, inverses, output, sizes = node.attrs
        for k, a in enumerate(node.args[:-1]):
            rest = inputs[:k] + inputs[k + 1 :]
            if _is_divisor(a, d, 1) and inputs[k] == tuple(output) and not inverses[k] and output[0] not in sum(rest, ()):
                attrs = numbered(rest, inverses[:k] + inverses[k + 1 :], (), sizes)
                return g.make("contract", (*node.args[:k], *node.args[k + 1 :]), attrs), None
    return None, node


def _front_of_square(g, node, d):
    """b of b r^2."""
    factors = node.args if node.op == "mul" else (node,)
    arrays = [x for x in factors if x.ndim]
    return g.mul(*(x for x in factors if not x.ndim)) if len(arrays) == 1 and _is_divisor(arrays[0], d, 2) else None


def _collected(g, *parts):
    """The sum of numbers, equal terms taken together."""
    coefficients, terms = {}, {}
    for term in [t for part in parts for t in _terms(g, part)]:
        factors = term.args if term.op == "mul" else (term,)
        c = prod(a.value for a in factors if a.op == "const")
        x = g.mul(*(a for a in factors if a.op != "const"))
        coefficients[x.number] = coefficients.get(x.number, 0) + c
        terms[x.number] = x
    return g.add(g.const(0), *(g.mul(g.const(c), terms[k]) for k, c in coefficients.items() if c != 0))


def _terms(g, node):
    """The terms of a number, a factor before a sum multiplied in."""
    if node.op == "add":
        return [t for a in node.args for t in _terms(g, a)]
    if node.op == "mul":
        sums = [a for a in node.args if a.op == "add"]
        if sums:
            rest = [a for a in node.args if a is not sums[0]]
            return [t for a in sums[0].args for t in _terms(g, g.mul(a, *rest))]
    return [node]


def _taken_out(g, node, d):
    """(k, rest) with a number as prod(d)**k times the rest."""
    if _is_product_of_vector(node) and node.args[0] is d:
        return 1, g.const(1)
    base, power = raised(node)
    if base is not node and isinstance(power, int) and power > 0:
        k, rest = _taken_out(g, base, d)
        return (k * power, g.pow(rest, g.const(power))) if k else (0, node)
    if node.op not in ("mul", "add"):
        return 0, node
    parts = [_taken_out(g, a, d) for a in node.args]
    if node.op == "mul":
        k = sum(k for k, _ in parts)
        return (k, g.mul(*(rest for _, rest in parts))) if k else (0, node)
    least = min(k for k, _ in parts)
    return (least, g.add(*(g.mul(_product(g, d, k - least), rest) for k, rest in parts))) if least else (0, node)


def _is_divisor(node, d, power=None):
    """Whether it is d**-power."""
    if node.op != "pow" or node.args[0] is not d or not isinstance(node.args[1].value, int):
        return False
    return node.args[1].value == -power if power else node.args[1].value < 0
