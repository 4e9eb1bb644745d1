"""Functions of the logistic function s as people write them: s(u) for 1/(1 + exp(-u)), and s (1 - s) for exp(-u)/(1 + exp(-u))^2."""

from functools import lru_cache
from math import comb

from sympy import Add, Expr, Integer, Mul, Pow, S, count_ops, exp, log

from ..kernel.scalars import scalar_product
from ..nodes import Sigmoid
from ..nodes.bound import BOUND

LOGISTIC = Sigmoid(BOUND)
BOTH = 2 + exp(BOUND) + exp(-BOUND)  # as even functions are written
QUOTIENTS = {1 + exp(-BOUND): (-1, 0), 1 + exp(BOUND): (0, -1), BOTH: (-1, -1)}  # (i, j): it is s^i (1 - s)^j; exp(u) is s/(1 - s)
MOST_TERMS = 64
POWERS = {**QUOTIENTS, LOGISTIC: (1, 0), 1 - LOGISTIC: (0, 1)}


@lru_cache(maxsize=1024)
def in_sigmoids(body: Expr) -> Expr:
    """A function of `BOUND` with its quotients of exponentials as polynomials of the logistic function; itself where that is longer.

    Terms that are alike beside the exponentials are taken together, with what they have in common in front: s (1 - s)^2 - s^2 (1 - s) is
    s (1 - s) (1 - 2 s). What all terms have in common is in front of all: u exp(-u)/(1 + exp(-u))^2 + 1/(1 + exp(-u)) is s (1 + u (1 - s)).
    In what is beside them, as in the arguments of other functions, 1/(1 + exp(-u)) is s.
    """
    is_sum = isinstance(body, Add) and body.has(LOGISTIC)
    if not is_sum and not any(p.exp.is_negative and _degrees(p.base, QUOTIENTS) for p in body.atoms(Pow)):
        return body
    whole, read = body.has(BOTH), body.xreplace({1 / (1 + exp(-BOUND)): LOGISTIC})
    for terms in ([] if whole else [Add.make_args(read)]) + ([_multiplied_out(read)] if whole or _comes_apart(read) else []):
        found = _written(terms)
        if found is not None:
            return found if count_ops(found) <= count_ops(body) else body
    return body


def _comes_apart(body: Expr) -> bool:
    """Whether its sums may be multiplied out: one of exponentials, as exp(u) - 1, has digits of its own where it is small."""
    return not any(map(_is_difference, body.atoms(Add)))


def _multiplied_out(body: Expr) -> tuple[Expr, ...]:
    """The terms of a sum of products without sums, but for those below."""
    out: list[Expr] = []
    for term in Add.make_args(body):
        products: list[Expr] = [S.One]
        for f in Mul.make_args(term):
            inner = (
                _multiplied_out(f) if isinstance(f, Add) and not _degrees(f, POWERS) and not _degrees(_primitive(f)[1], POWERS) else (f,)
            )
            if len(products) * len(inner) > MOST_TERMS:
                return (body,)
            products = [p * x for p in products for x in inner]
        out += products
    return tuple(out)


def _primitive(e: Expr) -> tuple[Expr, Expr]:
    """(number, sum) of a sum, as -2 and 1 - s for 2 s - 2, which SymPy multiplies out."""
    number, rest = e.as_content_primitive()
    return (-number, -rest) if -rest in POWERS else (number, rest)


def _is_difference(e: Expr) -> bool:
    terms = [t.as_coeff_Mul() for t in e.args]
    return all(rest == 1 or isinstance(rest, exp) for _, rest in terms) and len({c.is_negative for c, _ in terms}) > 1


def _written(terms: tuple[Expr, ...]) -> Expr | None:
    """The sum of the terms in powers of s and 1 - s, None where one of them is no such term."""
    beside: dict[Expr, list[tuple[Expr, int, int]]] = {}
    for term in terms:
        rest, *found = _read(term)
        if rest.xreplace({f: S.One for f in rest.atoms(log)}).has(exp):
            return None
        beside.setdefault(rest, []).append((found[0], found[1], found[2]))
    every = [powers for found in beside.values() for powers in found]
    if any(i < 0 or j < 0 for _, i, j in every):
        return None
    apart = Add(*(_alone(rest, found) or _product(rest, found) for rest, found in beside.items()))
    i, j = (min(powers[k] for powers in every) for k in (1, 2))
    if len(beside) == 1 or i == j == 0:
        return apart
    inner = (_product(rest, [(c, a - i, b - j) for c, a, b in found]) for rest, found in beside.items())
    return min(apart, scalar_product(LOGISTIC**i, (1 - LOGISTIC) ** j, *Mul.make_args(Add(*inner))), key=count_ops)


def _degrees(base: Expr, table: dict[Expr, tuple[int, int]]) -> tuple[int, int] | None:
    """(i, j) of s^i (1 - s)^j for a row of the table, and for a power of 1 + exp(u) or 1 + exp(-u) that is multiplied out."""
    if base in table or not isinstance(base, Add):
        return table.get(base)
    k = len(base.args) - 1
    for sign in (1, -1):
        if base == Add(*(comb(k, j) * exp(sign * j * BOUND) for j in range(k + 1))):
            i, j = QUOTIENTS[1 + exp(sign * BOUND)]
            return k * i, k * j
    return None


def _read(term: Expr) -> tuple[Expr, Expr, int, int]:
    """(rest, number, i, j) of number rest s^i (1 - s)^j."""
    number, i, j, rest = S.One, 0, 0, []
    for f in Mul.make_args(term):
        base, k = f.as_base_exp() if isinstance(f, Pow) else (f, S.One)
        factor, base = _primitive(base) if isinstance(base, Add) and base not in POWERS and k.is_Integer else (S.One, base)
        a = f.args[0] / BOUND if isinstance(f, exp) else None
        if f.is_Number:
            number *= f
        elif isinstance(a, Integer):
            i, j = i + int(a), j - int(a)
        elif k.is_Integer and (known := _degrees(base, POWERS)):
            number, i, j = number * factor**k, i + int(k) * known[0], j + int(k) * known[1]
        else:
            rest.append(f)
    return Mul(*rest).xreplace({1 / (1 + exp(-BOUND)): LOGISTIC}), number, i, j


def _alone(rest: Expr, found: list[tuple[Expr, int, int]]) -> Expr | None:
    """1 - s as s(-u), which has its digits where s is nearly 1; None for all else."""
    return Mul(found[0][0], rest, Sigmoid(-BOUND)) if len(found) == 1 and found[0][1:] == (0, 1) else None


def _product(rest: Expr, found: list[tuple[Expr, int, int]]) -> Expr:
    """The sum of the terms with one rest, with what s and 1 - s they have in common in front."""
    s, t = LOGISTIC, 1 - LOGISTIC
    least_i, least_j = min(i for _, i, _ in found), min(j for _, _, j in found)
    inner = Add(*(c * s ** (i - least_i) * t ** (j - least_j) for c, i, j in found)).expand()
    return scalar_product(*Mul.make_args(rest), s**least_i, t**least_j, inner)
