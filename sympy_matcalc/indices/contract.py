"""Kronecker deltas taken out of sums: sum_j delta(i, j) x_j is x_i."""

from typing import Any

from sympy import Basic, Expr, Mul, Sum

from .access import parts_of
from .naming import Names
from .ranges import Ranges
from .terms import Term, contracted, expression_of


def with_deltas_contracted(e: Expr) -> Expr:
    """The expression with every delta that takes a sum away gone, sums with what does not depend on their index in front."""
    names = Names()
    ranges = Ranges(names)
    e = names.apart(e)
    ranges.read(e)
    return names.readable(_contracted(e, ranges))


def _contracted(e: Any, ranges: Ranges) -> Any:
    if not e.args or not e.has(Sum):
        return e
    indices = parts_of(e)
    kept = e.args[: len(e.args) - len(indices)]
    args = [_contracted(a, ranges) if isinstance(a, Basic) else a for a in indices]
    e = e.func(*kept, *args) if any(x is not y for x, y in zip(args, indices)) else e
    if not isinstance(e, Sum) or any(len(lim) != 3 for lim in e.limits):
        return e
    body, limits = _flat(e.function, e.limits)
    found = contracted(Term(body, (), tuple(map(tuple, limits))), ranges)
    return expression_of([found] if found is not None else [])


def _flat(body: Expr, limits: Any) -> tuple:
    """(body, limits) with the sums among the factors of the body part of the one sum; their symbols are their own."""
    factors, inner = [], []
    for f in Mul.make_args(body):
        if isinstance(f, Sum) and all(len(lim) == 3 for lim in f.limits):
            factors.append(f.function)
            inner += list(f.limits)
        else:
            factors.append(f)
    return Mul(*factors), (*inner, *limits)
