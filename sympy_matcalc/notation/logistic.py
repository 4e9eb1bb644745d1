"""Functions of the logistic function s as people write them: s(u) for 1/(1 + exp(-u)), and s (1 - s) for exp(-u)/(1 + exp(-u))^2."""

from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, S, count_ops, exp, expand_mul, log

from ..nodes import Sigmoid
from ..nodes.bound import BOUND

LOGISTIC = Sigmoid(BOUND)
BOTH = 2 + exp(BOUND) + exp(-BOUND)  # as even functions are written
QUOTIENTS = {1 + exp(-BOUND): (-1, 0), 1 + exp(BOUND): (0, -1), BOTH: (-1, -1)}  # (i, j): it is s^i (1 - s)^j; exp(u) is s/(1 - s)
POWERS = {**QUOTIENTS, LOGISTIC: (1, 0), 1 - LOGISTIC: (0, 1)}


@lru_cache(maxsize=1024)
def in_sigmoids(body: Expr) -> Expr:
    """A function of `BOUND` with its quotients of exponentials as polynomials of the logistic function; itself where that is longer.

    Terms that are alike beside the exponentials are taken together, with what they have in common in front: s (1 - s)^2 - s^2 (1 - s) is
    s (1 - s) (1 - 2 s), and u exp(-u)/(1 + exp(-u))^2 + 1/(1 + exp(-u)) is u s (1 - s) + s.
    """
    is_sum = isinstance(body, Add) and body.has(LOGISTIC)
    if not is_sum and not any(p.base in QUOTIENTS and p.exp.is_negative for p in body.atoms(Pow)):
        return body
    beside: dict[Expr, list[tuple[Expr, int, int]]] = {}
    for term in Add.make_args(expand_mul(body) if body.has(BOTH) else body):
        rest, *found = _read(term)
        if rest.xreplace({f: S.One for f in rest.atoms(log)}).has(exp):
            return body
        beside.setdefault(rest, []).append((found[0], found[1], found[2]))
    if any(i < 0 or j < 0 for found in beside.values() for _, i, j in found):
        return body
    written = Add(*(_product(rest, found) for rest, found in beside.items()))
    return written if count_ops(written) <= count_ops(body) else body


def _read(term: Expr) -> tuple[Expr, Expr, int, int]:
    """(rest, number, i, j) of number rest s^i (1 - s)^j."""
    number, i, j, rest = S.One, 0, 0, []
    for f in Mul.make_args(term):
        base, k = f.as_base_exp() if isinstance(f, Pow) else (f, S.One)
        a = f.args[0] / BOUND if isinstance(f, exp) else None
        if f.is_Number:
            number *= f
        elif isinstance(a, Integer):
            i, j = i + int(a), j - int(a)
        elif base in POWERS and k.is_Integer:
            i, j = i + int(k) * POWERS[base][0], j + int(k) * POWERS[base][1]
        else:
            rest.append(f)
    return Mul(*rest), number, i, j


def _product(rest: Expr, found: list[tuple[Expr, int, int]]) -> Expr:
    """The sum of the terms with one rest, with what s and 1 - s they have in common in front."""
    if len(found) == 1 and found[0][1:] == (0, 1):
        return Mul(found[0][0], rest, Sigmoid(-BOUND))  # which has its digits where s is nearly 1
    s, t = LOGISTIC, 1 - LOGISTIC
    least_i, least_j = min(i for _, i, _ in found), min(j for _, _, j in found)
    inner = Add(*(c * s ** (i - least_i) * t ** (j - least_j) for c, i, j in found)).expand()
    return Mul(rest, s**least_i, t**least_j, inner)
