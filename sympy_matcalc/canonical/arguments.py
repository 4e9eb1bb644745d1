"""What an elementwise function is a function of: log(1 + exp(-u)) of z is log(1 + exp(u)) of -z, exp(u^2) of X is exp of X o X.

Numbers, shifts and powers go from the argument into the function, and what the function depends on throughout comes out again. So it does
not matter which of the spellings was typed, or that SymPy moved a sign when it wrote the entries out.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sympy import Add, Expr, Integer, Mul, Pow, S, count_ops, exp
from sympy.matrices.expressions import HadamardPower, MatAdd, OneMatrix, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.binding import is_bound_in, substitute
from ..kernel.chains import open_product
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.symmetry import transpose
from ..nodes.bound import BOUND
from ..nodes.undefined import in_primes
from ..notation.content import content
from ..notation.elementwise import entrywise_function
from ..notation.hadamard import up_to_sign
from . import functions
from .declared import number_in_front
from .scalars import has_matrix


class Argument(NamedTuple):
    """scale * u^power + shift."""

    scale: Expr
    power: int
    shift: Expr

    def of(self, u: Expr) -> Expr:
        return scalar_sum(scalar_product(self.scale, u**self.power), self.shift)


PLAIN = Argument(S.One, 1, S.Zero)


def applied(body: Expr, a: Any, prepare: Any) -> Any:
    """`body` of the entries of the prepared matrix `a`, in the one form that it has."""
    if body == BOUND or has_matrix(body):
        return functions.elementwise(body, a)
    whole, z = _with_all_inside(body, a)
    if isinstance(z, MatAdd) and not isinstance(whole.as_coeff_Mul()[1], Pow):
        whole, z = _signed(whole, z)
    function, argument = _taken_out_once(whole)
    number, function = function.as_coeff_Mul()
    node = a if z is a and argument == PLAIN else prepare(_matrix_of(argument, z))
    flipped = isinstance(node, Transpose)
    found = functions.elementwise(function, node.args[0] if flipped else node)
    found = make.mul(number, *_factors(found))
    return transpose(found) if flipped else found


def _matrix_of(argument: Argument, z: Any) -> Any:
    scale = argument.scale
    if isinstance(z, MatAdd) and argument.power == 1 and scale.could_extract_minus_sign():
        scale, z = -scale, _negative(z)
    node = make.mul(scale, *_factors(functions.power(z, Integer(argument.power))))
    if argument.shift == 0:
        return node
    return make.add(node, make.mul(argument.shift, make.ones(*shape_of(z))))


def _factors(node: Any) -> Any:
    c, inner = number_in_front(node)
    return (inner,) if c is S.One else (c, inner)


def _negative(z: Any) -> Any:
    return make.add(*(make.mul(-c, inner) for c, inner in map(number_in_front, z.args)))


def _signed(function: Expr, z: Any) -> tuple[Expr, Any]:
    """An even or odd function has one of a - b and b - a as its argument: SymPy chooses one when it writes the entries out."""
    if up_to_sign(z)[1] > 0:
        return function, z
    turned = substitute(function, {BOUND: -BOUND})
    return (turned, _negative(z)) if turned in (function, -function) else (function, z)


# ---------------------------------------------------------------- into the function


def _with_all_inside(body: Expr, a: Any) -> tuple[Expr, Any]:
    """(function, z) with the numbers, shifts and functions in `a` as parts of the function."""
    while True:
        found = _step(a)
        if found is None or count_ops(body) + count_ops(found[0]) > functions.FUSE_LIMIT or not functions.may_be_put_into(body, found[0]):
            return body, a
        inner, a = found
        body = substitute(body, {BOUND: inner})


def _step(a: Any) -> tuple[Expr, Any] | None:
    """(function, z) where the matrix is a function of the entries of another one; None where it is not."""
    c, node = number_in_front(a)
    if c is not S.One:
        return None if has_matrix(c) else (c * BOUND, node)
    if isinstance(a, HadamardPower) and not is_matrix(a.args[1]) and a.args[1].is_Integer:
        return BOUND ** a.args[1], a.args[0]
    if isinstance(a, (MatAdd, ElementwiseApplyFunction)):
        found = entrywise_function(a)
        if found is not None:
            return found[1], found[0]
    return _shifted(a) or _multiple(a) if isinstance(a, MatAdd) else None


def _shifted(a: Any) -> tuple[Expr, Any] | None:
    """A matrix and a number in every entry."""
    parts = [open_product(x) for x in a.args]
    ones = [len(chain) == 1 and isinstance(chain[0][0], OneMatrix) and not has_matrix(c) for c, chain in parts]
    if not any(ones) or all(ones):
        return None
    shift = scalar_sum(*(c for (c, _), one in zip(parts, ones) if one))
    return BOUND + shift, make.add(*(x for x, one in zip(a.args, ones) if not one))


def _multiple(a: Any) -> tuple[Expr, Any] | None:
    """A sum whose numbers have a common divisor."""
    pairs = [number_in_front(x) for x in a.args]
    numbers, rests = zip(*(c.as_coeff_Mul() for c, _ in pairs))
    if not all(x.is_Rational for x in numbers):
        return None
    common, left = content(list(numbers), outermost=False)
    if common is S.One:
        return None
    return common * BOUND, make.add(*(make.mul(scalar_product(n, r), node) for n, r, (_, node) in zip(left, rests, pairs)))


# ---------------------------------------------------------------- out of the function


def _taken_out_once(body: Expr) -> tuple[Expr, Argument]:
    """`taken_out`, by the object: to find a body among those of earlier derivations its tree is compared."""
    table = id_memo("taken_out")
    found = table.get(body)
    if found is None:
        found = table[body] = taken_out(body)
    return found


@lru_cache(maxsize=4096)
def taken_out(body: Expr) -> tuple[Expr, Argument]:
    """(g, argument) with body(u) = g(argument(u)), the argument as large as the function depends on."""
    body = in_primes(body)
    places = _places(body)
    argument = _common(list(places.values()), body)
    if argument == PLAIN or is_bound_in(argument.of(S.One), body):
        return body, PLAIN
    return substitute(body, {e: _in_terms_of(argument, p) for e, p in places.items()}), argument


def _places(e: Expr) -> dict[Any, Argument]:
    """{part: what it is} of the largest parts that are a number times a power of u, plus a number."""
    if not e.has(BOUND):
        return {}
    found = _as_argument(e)
    if found is not None:
        return {e: found}
    places: dict[Any, Argument] = {}
    for a in e.args:
        places.update(_places(a))
    return places


def _as_argument(e: Expr) -> Argument | None:
    if e == BOUND:
        return PLAIN
    if isinstance(e, Pow) and e.base == BOUND and e.exp.is_Integer and e.exp > 1:
        return Argument(S.One, int(e.exp), S.Zero)
    if not isinstance(e, (Add, Mul)):
        return None
    free, inside = e.as_independent(BOUND, as_Add=isinstance(e, Add))
    found = None if type(inside) is type(e) else _as_argument(inside)
    if found is None:
        return None
    if isinstance(e, Add):
        return found._replace(shift=found.shift + free)
    return Argument(free * found.scale, found.power, free * found.shift)


def _common(arguments: list[Argument], body: Expr) -> Argument:
    """What all of them are multiples of; u itself where there is no such thing."""
    first = arguments[0] if arguments else PLAIN
    if any(a.power != first.power or (a.scale * first.shift - first.scale * a.shift).expand() != 0 for a in arguments):
        return PLAIN
    if first.power > 1 and first.shift != 0:
        return PLAIN
    least = min(arguments or [PLAIN], key=lambda a: (count_ops(a.of(BOUND)), sort_key(a.of(BOUND))))
    if not all(_divides(least.scale, a.scale) for a in arguments):
        return PLAIN
    if first.power == 1 and _is_logistic(body):
        return _growing(least, body)
    return least


def _divides(divisor: Expr, scale: Expr) -> bool:
    """Whether the quotient has a value wherever the scale has one: b/a has none at a = 0, where sin(a*u) + b*u is b*u."""
    if divisor.is_Rational:
        return True
    return _bases_below(_quotient(scale, divisor)) <= _bases_below(scale)


def _quotient(a: Expr, b: Expr) -> Expr:
    """a / b, a number where b is a or -a: SymPy leaves (-1 + 1/p)/(1 - 1/p), which is 0/0 at p = 1."""
    return S.One if a == b else S.NegativeOne if a + b == 0 else a / b


def _bases_below(e: Expr) -> set[Expr]:
    """What stands in the denominator, but for what is never 0."""
    powers = [f for f in Mul.make_args(e) if isinstance(f, Pow) and not f.exp.is_nonnegative]
    return {f.base for f in powers if not f.base.is_nonzero}


def _in_terms_of(argument: Argument, other: Argument) -> Expr:
    return _quotient(other.scale, argument.scale) * BOUND


def _is_logistic(body: Expr) -> bool:
    """Whether 1/(1 + exp(..)) is in it, which is written with exp(-u)."""
    return any(_is_logistic_factor(p) for p in body.atoms(Pow))


def _is_logistic_factor(p: Expr) -> bool:
    return p.exp.is_negative is True and isinstance(p.base, Add) and p.base.has(exp)


def _growing(least: Argument, body: Expr) -> Argument:
    """The argument with the sign that leaves exp(-u) in the function."""
    exponents = [e.args[0] for p in body.atoms(Pow) if _is_logistic_factor(p) for e in p.base.atoms(exp) if e.has(BOUND)]
    inside = [found for found in map(_as_argument, exponents) if found is not None]
    if not inside or not all(_quotient(a.scale, least.scale).is_positive for a in inside):
        return least
    return Argument(-least.scale, least.power, -least.shift)
