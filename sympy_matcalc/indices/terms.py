"""A product under sums with Kronecker deltas, and how a delta takes away a sum: sum_j delta(j, k) f(j) is f(k) where k is in the range."""

from collections.abc import Sequence
from typing import NamedTuple

from sympy import Add, And, Expr, Ge, KroneckerDelta, Le, Mul, Piecewise, Product, S, Sum

from ..errors import MissingRuleError
from .access import places_in, symbols_in
from .ranges import Bounds, Ranges


class Delta(NamedTuple):
    """delta(index, target): an index of an entry and the one of the variable, and what is known of the axis; or one that was typed."""

    index: Expr
    target: Expr
    axis: Bounds | None = None


class Term(NamedTuple):
    """The sum over `limits`, innermost first, of coefficient * product of deltas, where all conditions hold."""

    coefficient: Expr
    deltas: tuple = ()
    limits: tuple = ()
    conditions: tuple = ()

    def times(self, c: Expr) -> "Term":
        """The term with a factor more."""
        return self._replace(coefficient=Mul(c, self.coefficient))


class Vanishes(Exception):
    """A term is zero for all values of its indices."""


def contracted(term: Term, ranges: Ranges) -> Term | None:
    """The term with every sum taken away that a delta takes away; None where it is zero."""
    try:
        term, moved = _deltas_out(term), True
        while moved:
            term, moved = _one_less(term, ranges)
    except Vanishes:
        return None
    return None if term.coefficient == 0 else term


def _deltas_out(term: Term) -> Term:
    """Deltas among the factors of the coefficient that hold a bound symbol are the term's own."""
    bound = {lim[0] for lim in term.limits}
    factors = Mul.make_args(term.coefficient)
    mine = [f for f in factors if isinstance(f, KroneckerDelta) and bound & symbols_in(f)]
    rest = [f for f in factors if not any(f is d for d in mine)]
    return term._replace(coefficient=Mul(*rest), deltas=(*term.deltas, *(Delta(*d.args[:2]) for d in mine)))


def _one_less(term: Term, ranges: Ranges) -> tuple[Term, bool]:
    """(the term without the first delta that can go, whether there was one)."""
    for at, delta in enumerate(term.deltas):
        rest = term._replace(deltas=(*term.deltas[:at], *term.deltas[at + 1 :]))
        difference = (delta.index - delta.target).expand()
        if difference == 0:
            return rest, True
        if ranges.never(difference) or ranges.never(-difference) or difference.is_zero is False:
            raise Vanishes
        for symbol, low, high in term.limits:
            value = _solved(difference, symbol)
            if value is not None and _in_scope(rest.limits, symbol, value):
                found = _put(rest, delta, (symbol, low, high), value, ranges)
                if found is not None:
                    return found, True
    return term, False


def _solved(difference: Expr, symbol: Expr) -> Expr | None:
    """The value of a symbol for which a linear expression is 0, where it is a whole number for whole numbers."""
    slope = difference.coeff(symbol)
    if slope not in (1, -1) or (difference - slope * symbol).has(symbol):
        return None
    return (symbol - slope * difference).expand()


def _in_scope(limits: Sequence, symbol: Expr, value: Expr) -> bool:
    """Whether no limit comes to hold a symbol of a sum inside of it."""
    inner: set = set()
    for s, *bounds in limits:
        inner |= {s}
        if any(inner & value.free_symbols for b in bounds if b.has(symbol)):
            return False
    return True


def _put(rest: Term, delta: Delta, limit: tuple, value: Expr, ranges: Ranges) -> Term | None:
    """The term with a value for a bound symbol, where it is in the range; None where that depends on another sum in a way no range says."""
    symbol, low, high = limit
    if delta.axis is None:
        axis = _named(value, symbol, rest, ranges)
        above, below = axis.low == low, axis.high == high
    else:
        above, below = (_is_end(delta, symbol, *ends, ranges) for ends in ((low, delta.axis.low), (high, delta.axis.high)))
    distances = [(d, False) for d in _in_doubt(value - low, above, ranges)] + [(d, True) for d in _in_doubt(high - value, below, ranges)]
    new = {symbol: value}
    limits = tuple((s, *(b.xreplace(new) for b in bounds)) for s, *bounds in rest.limits if s != symbol)
    conditions: list[Expr] = []
    for distance, is_upper in distances:
        if not any(lim[0] in distance.free_symbols for lim in limits):
            conditions.append(_relation(distance, is_upper))
            continue
        narrowed = _narrowed(limits, distance, ranges)
        if narrowed is None:
            return None
        limits = narrowed
    deltas = tuple(Delta(d.index.xreplace(new), d.target.xreplace(new), d.axis) for d in rest.deltas)
    return Term(rest.coefficient.xreplace(new), deltas, limits, (*(c.xreplace(new) for c in rest.conditions), *conditions))


def _narrowed(limits: tuple, distance: Expr, ranges: Ranges) -> tuple | None:
    """The limits with the range of one symbol cut to where distance >= 0, None where that is no range, or might be less than none."""
    for at, (symbol, low, high) in enumerate(limits):
        end = _solved(distance, symbol)
        if end is None or any(s in end.free_symbols for s, *_ in limits[: at + 1]):
            continue
        is_start = distance.coeff(symbol) == 1
        if is_start and ranges.surely(end - low) and ranges.surely(high + 1 - end):
            return (*limits[:at], (symbol, end, high), *limits[at + 1 :])
        if not is_start and ranges.surely(high - end) and ranges.surely(end + 1 - low):
            return (*limits[:at], (symbol, low, end), *limits[at + 1 :])
    return None


def _is_end(delta: Delta, symbol: Expr, end: Expr, on_axis: Expr | None, ranges: Ranges) -> bool:
    """Whether the end of the range of `symbol` is the end of the axis that the target of the delta is an index of."""
    if on_axis is None or ranges.is_ranged(delta.target):
        return False
    return delta.index.coeff(symbol) == 1 and (delta.index.subs(symbol, end) - on_axis).expand() == 0


def _named(value: Expr, symbol: Expr, rest: Term, ranges: Ranges) -> Bounds:
    """The range of the axis that a mere symbol is an index of in the place of another one."""
    if not value.is_Symbol or ranges.is_ranged(value):
        return Bounds()
    for base, axis, at in places_in(rest.coefficient):
        if at == symbol and ranges.axis(base, axis).low is not None:
            return ranges.axis(base, axis)
    return Bounds()


def _in_doubt(distance: Expr, presumed: bool, ranges: Ranges) -> list[Expr]:
    """[distance] where it has to be said that it is >= 0; Vanishes where it never is."""
    distance = distance.expand()
    if distance is S.Infinity:
        return []
    if ranges.never(distance):
        raise Vanishes
    return [] if presumed or ranges.surely(distance) else [distance]


def _relation(distance: Expr, below: bool) -> Expr:
    """distance >= 0 as ``k >= 1`` or, where it is the distance to an upper end, as ``k <= n - 2``."""
    parts = Add.make_args(distance)
    minus = Add(*(a for a in parts if not a.is_number and a.could_extract_minus_sign()))
    number = Add(*(a for a in parts if a.is_number))
    plus = distance - minus - number
    return Le(-minus, plus + number) if below else Ge(plus, -minus - number)


# ---------------------------------------------------------------- back to an expression


def expression_of(terms: Sequence[Term]) -> Expr:
    """The sum of contracted terms."""
    return Add(*(_expression(t) for t in terms))


def _expression(term: Term) -> Expr:
    body = Mul(*(KroneckerDelta(d.index, d.target) for d in term.deltas), term.coefficient)
    bound = {lim[0] for lim in term.limits}
    inside = [c for c in term.conditions if bound & symbols_in(c)]
    outside = [c for c in term.conditions if c not in inside]
    body = sum_over(Piecewise((body, And(*inside)), (S.Zero, True)), *term.limits) if inside else _summed(body, term.limits)
    return Piecewise((body, And(*outside)), (S.Zero, True)) if outside else body


def _summed(body: Expr, limits: Sequence) -> Expr:
    """The sums over a product, one for each group of factors that have an index in common, what has none in front."""
    numbers, factors = zip(*(_apart(f) for f in Mul.make_args(body)))
    bound = {lim[0] for lim in limits}
    links = [bound & symbols_in(f) for f in factors]
    bounds = [{s} | bound & set().union(*(b.free_symbols for b in ends)) for s, *ends in limits]
    found = [*numbers, *(f for f, here in zip(factors, links) if not here)]
    for group in _connected([*links, *bounds]):
        inside = Mul(*(f for f, here in zip(factors, links) if here & group))
        found += _summed_group(inside, [lim for lim in limits if lim[0] in group])
    return Mul(*found)


def _summed_group(inside: Expr, limits: Sequence) -> list[Expr]:
    """The factors of a sum: the counts of the indices that nothing depends on, and the sum over the others, with the counts that vary."""
    counts, kept = [], list(limits)
    for lim in limits:
        others = [other for other in kept if other is not lim]
        if lim[0] in symbols_in(inside).union(*(b.free_symbols for _, *ends in others for b in ends)):
            continue
        kept, count = others, lim[2] - lim[1] + 1
        if count.free_symbols.isdisjoint(s for s, *_ in others):
            counts.append(count)
        else:
            inside = inside * count
    return [*counts, sum_over(inside, *kept) if kept else inside]


def _connected(links: Sequence) -> list[set]:
    """The symbols in groups of those that occur together."""
    groups: list[set] = []
    for link in links:
        if link:
            joined = set(link).union(*(g for g in groups if g & link))
            groups = [g for g in groups if not g & link] + [joined]
    return groups


def sum_over(body: Expr, *limits: tuple) -> Expr:
    """A Sum; an error where SymPy would take a condition on the index of a sum in it out of that sum, where it means something else."""
    outer = {lim[0] for lim in limits}
    for inner in body.atoms(Sum, Product):
        own = {lim[0] for lim in inner.limits}
        if any(outer & p.free_symbols and own & p.free_symbols for p in inner.atoms(Piecewise)):
            raise MissingRuleError(
                f"SymPy cannot write a sum over `{', '.join(map(str, sorted(outer, key=str)))}` of `{inner}`, "
                "which has a condition on both of their indices"
            )
    return Sum(body, *limits)


def _apart(factor: Expr) -> tuple[Expr, Expr]:
    """(number, rest): the 2 of 2*a - 2*b."""
    return factor.primitive() if isinstance(factor, Add) else (S.One, factor)
