"""The scalar that the summands of a sum have in common: 2*c*A + 4*c**2*B is 2*c*(A + 2*c*B)."""

from sympy import Add, Integer, Mul, S, exp
from sympy.core.numbers import Rational

from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.walks import has_matrix


def content(coefficients, outermost, negative=False):
    """(common scalar, the coefficients without it). Alone, whole numbers stay inside at the top of a result, as they are printed.

    negative: whether the sign is taken out too. Nothing is divided by what is taken out, which may be zero: exponents are subtracted.
    """
    split = [_powers(c) for c in coefficients]
    common = _common_powers([powers for _, powers in split], outermost)
    number = _common_number([x for x, _ in split])
    if outermost and number.is_Integer and not common:
        number = S.One
    if negative and not outermost:
        number = -number
    if number == 1 and not common:
        return S.One, coefficients
    found = scalar_product(number, *(base**e for base, e in common.items()))
    rest = [
        scalar_product(_quotient(x, number), *(base ** (e - common.get(base, S.Zero)) for base, e in powers.items())) for x, powers in split
    ]
    return found, rest


def without_matrices(c):
    """(c without what varies with matrices, that): 2*k and 1/norm(x) of 2*k/norm(x)."""
    if c.is_number or c.is_Symbol or not has_matrix(c):
        return c, S.One
    if not c.is_Mul:
        return S.One, c
    varying = [has_matrix(f) for f in c.args]
    return tuple(scalar_product(*(f for f, v in zip(c.args, varying) if v is which)) for which in (False, True))


def factored_scalar(e):
    """a*b + a*c as a*(b + c), where that is shorter; any other scalar as it is."""
    if not isinstance(e, Add):
        return e
    common, rest = content(e.args, outermost=True)
    if common is S.One or common.is_number:
        return e
    found = scalar_product(common, scalar_sum(*rest))
    return found if sort_key(found)[1] < sort_key(e)[1] else e


def _quotient(x, number):
    """x/number, where 0.3/0.3 is 1 and not 1.0."""
    return S.One if x == number else S.NegativeOne if x == -number else x / number


def _rational_content(cs):
    numerator, denominator = Integer(0), Integer(1)
    for c in cs:
        numerator = Integer(_gcd(numerator.p, c.p))
        denominator = Integer(denominator.p * c.q // _gcd(denominator.p, c.q))
    return Rational(numerator, denominator)


def _gcd(x, y):
    while y:
        x, y = y, x % y
    return abs(x)


def _common_number(numbers):
    """The greatest common divisor of rational numbers, the absolute value that all others share, else 1."""
    if all(x.is_Rational for x in numbers):
        return _rational_content(numbers)
    sizes = {abs(x) for x in numbers}
    return sizes.pop() if len(sizes) == 1 else S.One


def _common_powers(all_powers, outermost):
    """{base: exponent} of the factors that every coefficient has; at the top of a result I/r - x x'/r^3 stays as it is."""
    first, *others = all_powers
    common = first
    for powers in others:
        common = {base: _least(e, powers[base], outermost) for base, e in common.items() if base in powers}
        common = {base: e for base, e in common.items() if e is not None}
    return common


def _powers(c):
    """(number, {base: exponent}) of a scalar; exponentials count as bases, since several may stand side by side."""
    number, rest = c.as_coeff_Mul()
    powers = {}
    for f in Mul.make_args(rest) if rest is not S.One else ():
        base, e = (f, S.One) if isinstance(f, exp) else f.as_base_exp()
        powers[base] = powers.get(base, S.Zero) + e
    return number, powers


def _least(x, y, outermost):
    """The exponent to take out: equal ones, the smaller of two positive numbers, the one nearer to zero of two negative ones."""
    if x == y:
        return x
    if not (x.is_number and y.is_number):
        return None
    if x.is_positive and y.is_positive:
        return min(x, y)
    return max(x, y) if x.is_negative and y.is_negative and not outermost else None
