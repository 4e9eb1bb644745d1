"""Sums of elementwise products that share an argument: s(z) o (1 - y) - s(-z) o y is s(z) - y, with s the logistic function.

The functions of z beside each other factor are added up as scalar functions, and cancelled; the sum is taken where it is shorter.
"""

from sympy import Add, Mul, PolynomialError, Pow, S, cancel, count_ops, default_sort_key, exp, fraction
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, MatAdd, MatrixSymbol, OneMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..compat import dummy
from ..kernel import make
from ..kernel.chains import hadamard_vectors, open_product
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import Sigmoid
from ..nodes.bound import BOUND
from .logistic import in_sigmoids

E = dummy("e", 7_000_005, positive=True)
F = dummy("f", 7_000_010, positive=True)


def entrywise_function(node):
    """(z, body) where the node is a function of the entries of one matrix z: f(z), its powers, c + c' f(z); None where it is not."""
    arguments = _arguments(node)
    if len(arguments) != 1:
        return None
    (z,) = arguments
    body = _body(node, z)
    return None if body is None else (z, body)


def combine(terms):
    """The (coefficient, chain) pairs with those combined that share the argument of an elementwise function."""
    single = [t for t in terms if _node(t[1]) is not None]
    if len(single) < 2:
        return terms
    diagonals = _combined_diagonals(single)
    if diagonals is not None:
        return [t for t in terms if not isinstance(_node(t[1]), DiagMatrix)] + diagonals
    for z, minus in _shared([_node(chain) for _, chain in single]):
        with_z = [t for t in single if _functions_of(_node(t[1]), z, minus)]
        combined = _by_argument(with_z, z, minus)
        if _weight(combined) < _weight(with_z) and (minus is None or _spelled_out(combined) <= _spelled_out(with_z)):
            total = {}
            for c, chain in combined + [t for t in terms if t not in with_z]:
                total.setdefault(chain, []).append(c)
            return combine([(c, chain) for chain, cs in total.items() if (c := scalar_sum(*cs)) != 0])
    return terms


def _combined_diagonals(terms):
    """The diagonal matrices among the terms, combined as the vectors on their diagonals are; None where that makes them no fewer."""
    inner = [(c, open_product(chain[0][0].args[0])) for c, chain in terms if isinstance(chain[0][0], DiagMatrix)]
    if len(inner) < 2 or not all(scale is S.One for _, (scale, _) in inner):
        return None
    combined = combine([(c, chain) for c, (_, chain) in inner])
    if len(combined) == len(inner) or not all(_node(chain) is not None for _, chain in combined):
        return None
    return [(c, ((make.diag_matrix(_node(chain)), False, S.One),)) for c, chain in combined]


def _node(chain):
    """The node of a chain of one atom as it stands, else None."""
    return chain[0][0] if len(chain) == 1 and not chain[0][1] and chain[0][2] is S.One else None


def _weight(terms):
    return sum(sort_key(base)[1] for _, chain in terms for base, _, _ in chain) + len(terms)


def _spelled_out(terms):
    """How long the functions are that have no name: exp(z) - exp(-z) is shorter than a function of z."""
    bodies = [f.args[0].expr for _, chain in terms for f in _node(chain).atoms(ElementwiseApplyFunction)]
    return sum(3 + count_ops(body) for body in map(in_sigmoids, bodies) if body.args[:1] != (BOUND,))


def _factors(node):
    return node.args if isinstance(node, HadamardProduct) else (node,)


def _shared(nodes):
    """(z, -z or None where that is no argument): the arguments z of elementwise functions that occur in two summands, or in two factors of
    one, or with their negative.
    """
    seen = {}
    for node in nodes:
        for f in _factors(node):
            for z in _arguments(f):
                seen.setdefault(z, []).append(node)
    order = sorted(seen, key=sort_key)
    by_parts = {_parts(z): z for z in order}
    pairs = [(z, by_parts.get(frozenset((chain, -c) for chain, c in _parts(z)))) for z in order]
    return [(z, minus) for z, minus in pairs if len(seen[z]) > 1 or minus is not None and _is_first(z, minus)]


def _parts(z):
    """The summands of a matrix as (chain, coefficient)."""
    outer, chain = open_product(z)
    node = z if isinstance(z, MatAdd) else _node(chain)
    parts = [open_product(a) for a in node.args] if isinstance(node, MatAdd) else [(S.One, chain)]
    scale = S.One if node is z else outer
    return frozenset((own, scalar_product(scale, c)) for c, own in parts)


def _is_first(z, minus):
    """Whether functions of z and of -z are written as those of z: of the one with fewer minus signs."""
    signs = lambda x: sum(c.could_extract_minus_sign() for _, c in _parts(x))  # noqa: E731
    return (signs(z), sort_key(z)) < (signs(minus), sort_key(minus))


def _arguments(factor):
    base = factor.args[0] if isinstance(factor, HadamardPower) else factor
    parts = [open_product(a)[1] for a in base.args] if isinstance(base, MatAdd) else [((base, False, S.One),)]
    return list(dict.fromkeys(_node(p).args[1] for p in parts if isinstance(_node(p), ElementwiseApplyFunction)))


def _functions_of(node, z, minus):
    return any(_body(f, z, minus) is not None for f in _factors(node))


def _body(factor, z, minus=None):
    """The factor as a scalar function of z in BOUND: f(z), f(-z), its powers, and sums of such and of ones; None if it is none."""
    if isinstance(factor, ElementwiseApplyFunction):
        body, of = factor.args[0].expr, factor.args[1]
        if body.has(MatrixSymbol) or of is not z and (minus is None or of is not minus):
            return None
        return body if of is z else body.xreplace({BOUND: -BOUND}).xreplace({Sigmoid(-BOUND): 1 - Sigmoid(BOUND)})
    if isinstance(factor, HadamardPower) and not is_matrix(factor.args[1]):
        base = _body(factor.args[0], z, minus)
        return None if base is None else Pow(base, factor.args[1])
    if isinstance(factor, MatAdd):
        parts = [open_product(a) for a in factor.args]
        if not all(c.is_number for c, _ in parts):
            return None
        bodies = [c if isinstance(_node(chain), OneMatrix) else _times(c, _body(_node(chain), z, minus)) for c, chain in parts]
        return None if None in bodies or not any(x.has(BOUND) for x in bodies) else Add(*bodies)
    return None


def _times(c, body):
    return None if body is None else c * body


def _by_argument(terms, z, minus):
    """The sum written as functions of z beside each product of the other factors."""
    total, shape = {}, shape_of(z)
    for c, chain in terms:
        factors = _factors(_node(chain))
        bodies = {f: _body(f, z, minus) for f in factors}
        number, outside = c.as_coeff_Mul()
        body = Mul(*(x for x in bodies.values() if x is not None))
        for scale, others in _expanded([f for f in factors if bodies[f] is None]):
            inner, scalar = scale.as_coeff_Mul()
            total.setdefault((scalar_product(outside, scalar), others), []).append((number * inner, body))
    out = []
    for (outside, others), parts in total.items():
        if len(parts) == 1:  # nothing to add up: the sign stays outside, where it does not hide that two functions are one
            outside, body = scalar_product(parts[0][0], outside), _cancelled(parts[0][1])
        else:
            body = Add(*(number * body for number, body in parts))
            if _divides_by_complements(body):
                return terms
            body = _cancelled(body)
        if body != 0:
            number, chain = _beside(body, z, others, shape)
            out.append((scalar_product(number, outside), chain))
    return out


def _expanded(factors):
    """[(coefficient, other factors in order)]: the one sum among them, if any, is multiplied out."""
    sums = [f for f in factors if isinstance(f, MatAdd)]
    if len(sums) != 1:
        return [(S.One, tuple(factors))]
    rest = [f for f in factors if f is not sums[0]]
    out = []
    for a in sums[0].args:
        c, chain = open_product(a)
        if _node(chain) is None:
            return [(S.One, tuple(factors))]
        extra = [] if isinstance(_node(chain), OneMatrix) else list(_factors(_node(chain)))
        out.append((c, tuple(sorted(rest + extra, key=sort_key))))
    return out


def _beside(body, z, others, shape):
    """(coefficient, chain) of body(z) o others."""
    number, rest = body.as_independent(BOUND, as_Add=False)
    if rest is S.One or not rest.has(BOUND):
        node = hadamard_vectors(list(others)) if others else make.ones(*shape)
    else:
        node = hadamard_vectors([z if rest == BOUND else make.apply(make.function(rest), z), *others])
    scale, chain = open_product(node)
    return scalar_product(number, scale), chain


def _cancelled(body):
    """The body, cancelled as a rational function of exp(u) and of what else is in it, in the shortest of the forms tried."""
    if any(isinstance(p.base, Add) and not p.exp.is_number for p in body.atoms(Pow)):
        return body  # sums to a symbolic power are no rational function: they would be multiplied out below the fraction line
    if _divides_by_complements(body):
        return body
    found = in_powers_of_exp(body)
    if isinstance(found, Add) and body.has(Sigmoid):  # s - s^2 for s (1 - s) has no digits where s is nearly 1
        return body
    if not found.has(E):
        return min(found, body, key=count_ops)
    up, down = {E: exp(BOUND)}, {E: exp(-BOUND)}
    turned = cancel(found.xreplace({E: 1 / E}))
    forms = [_upside_down(found).xreplace(up), _upside_down(turned).xreplace(down), turned.xreplace(down), found.xreplace(up), body]
    return min(forms, key=count_ops)  # the first of equally short ones: 1/(1 + exp(-u)) before exp(u)/(exp(u) + 1)


def _divides_by_complements(body):
    """Whether it divides by a function of u and by a number less a multiple of it, Phi(u) and 1 - Phi(u), and not in appearance alone.

    Each of the two has its digits where it is nearly 0, as a function of its own; a multiple of both in one sum, f^2 - f, has not.
    """
    zeros = {}  # function f -> the values at which a divisor c + c' f is 0
    for divisor in sorted({p.base for p in body.atoms(Pow) if p.exp.is_negative and p.base.has(BOUND)}, key=default_sort_key):
        number, rest = divisor.as_coeff_Add()
        factor, function = rest.as_independent(BOUND, as_Add=False)
        zeros.setdefault(function, []).append(-number / factor)
    return any(len(at) > 1 and not isinstance(f, exp) and _has_poles(body, f, at) for f, at in zeros.items())


def _has_poles(body, f, values):
    """Whether the body, cancelled as a rational function of f, is infinite at two of the values of f."""
    try:
        below = fraction(cancel(body.xreplace({f: F})))[1]
    except PolynomialError:
        return False
    return sum(below.xreplace({F: v}).expand().is_zero is True for v in values) > 1


def in_powers_of_exp(body):
    """The body, cancelled as a rational function of exp(u), which is the symbol E, and of what else is in it; itself if it is none."""
    powers = {e: E ** (e.args[0] / BOUND) for e in body.atoms(exp) if (e.args[0] / BOUND).is_integer}
    try:
        return cancel(body.xreplace(powers))
    except PolynomialError:
        return body


def _upside_down(quotient):
    """1/(1 + 1/e) for e/(e + 1)."""
    return 1 / cancel(1 / quotient).expand()


def sigmoid(e):
    """exp(a)/(1 + exp(a)) = 1/(1 + exp(-a))."""
    for f in e.args:
        for ratio in e.args if isinstance(f, exp) else ():
            if _is_one_over_one_plus(ratio, f):
                return Mul(*(x for x in e.args if x not in (f, ratio)), 1 / (1 + exp(-f.args[0])))
    return e


def _is_one_over_one_plus(ratio, f):
    """Whether it is 1/(1 + f)."""
    if not isinstance(ratio, Pow) or ratio.exp is not S.NegativeOne:
        return False
    return isinstance(ratio.base, Add) and len(ratio.base.args) == 2 and set(ratio.base.args) == {S.One, f}
