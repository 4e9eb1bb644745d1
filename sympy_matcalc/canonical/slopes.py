"""Derivatives of scalar functions in the form that one writes: SymPy's chain and quotient rules leave sums that are one fraction."""

from collections.abc import Callable, Sequence

from sympy import Add, Expr, Heaviside, Mul, Number, Pow, S, cos, cosh, count_ops, default_sort_key, exp, factor, sign, sin, sinh, tan, tanh

from ..kernel.scalars import scalar_product
from ..notation.elementwise import E, sigmoid

QUOTIENTS = ((sinh, cosh, tanh), (sin, cos, tan))
MOST_TERMS, MOST_OPERATIONS = 6, 60  # of a sum that is tried as one fraction


def simplest(e: Expr) -> Expr:
    """A derivative as SymPy gives it, or in a shorter of the forms below, with numbers in front."""
    return _with_number_in_front(_simplest(e))


def _simplest(e: Expr) -> Expr:
    if e.has(Heaviside):
        e = _with_shared_steps(e.replace(Heaviside, _step))
        e = e.replace(lambda p: isinstance(p, (Mul, Pow)), lambda p: scalar_product(*Mul.make_args(p)))  # H(u)^2 and H(u) max(0, u)
    e = Add(*(scalar_product(*Mul.make_args(t)) for t in Add.make_args(e))) if e.has(Pow, sign) else e  # t^u/t is t^(u-1)
    e = _with_quotients(e) if e.has(cosh, cos) else e
    if not any(isinstance(p, Pow) and p.exp.is_negative for p in e.atoms(Pow)):
        return e
    return _logistic(e) if e.has(exp) else _one_fraction(e)


def _step(u: Expr, at_zero: Expr = S.Half) -> Expr:
    """H(u) for the H(t u - (t - 1) u) of a difference of two arguments of Max, and for H(2 u)."""
    plain = min(u, u.expand(), key=count_ops)
    number, rest = plain.as_coeff_Mul()
    if number.is_positive:
        plain = rest
    elif number.is_negative and number != -1:
        plain = -rest
    return Heaviside(plain, at_zero)


def _with_shared_steps(e: Expr) -> Expr:
    """t - H(-u) for t H(u) + (t - 1) H(-u): the two steps of one kink add up to 1."""
    steps = {s.args[0]: s for s in e.atoms(Heaviside) if s.args[1] == S.Half}
    for u in sorted(steps, key=default_sort_key):
        if -u in steps and steps[u] in e.atoms(Heaviside) and steps[-u] in e.atoms(Heaviside):
            found = min(
                (e.xreplace({steps[a]: 1 - steps[-a]}).expand() for a in (u, -u)), key=lambda f: (count_ops(f), default_sort_key(f))
            )
            e = found if count_ops(found) < count_ops(e) else e
    return e


def _with_number_in_front(e: Expr) -> Expr:
    """2 (1 - t^2) t for (2 - 2 t^2) t: what SymPy's product rule multiplies into the first sum."""
    if isinstance(e, Add):
        return Add(*map(_with_number_in_front, e.args))
    if not isinstance(e, Mul):
        return e
    parts = [a.primitive() if isinstance(a, Add) else (S.One, a) for a in e.args]
    number = Mul(*(c for c, _ in parts))
    return Mul(number, *(a for _, a in parts)) if number is not S.One else e


# ---------------------------------------------------------------- quotients of functions


def _with_quotients(e: Expr) -> Expr:
    """tanh(a)^k for sinh(a)^k/cosh(a)^k, and tan."""
    return Add(*(_with_quotient(t) for t in Add.make_args(e)))


def _with_quotient(product: Expr) -> Expr:
    factors = [f.as_base_exp() for f in Mul.make_args(product)]
    for above, below, quotient in QUOTIENTS:
        powers = {(b.func, b.args[0]): k for b, k in factors if isinstance(b, above | below)}
        for (kind, a), k in powers.items():
            if kind is above and k.is_positive and powers.get((below, a)) == -k:
                rest = (b**j for b, j in factors if b not in (above(a), below(a)))
                return _with_quotient(Mul(*rest, quotient(a) ** k))
    return product


# ---------------------------------------------------------------- one fraction


def _one_fraction(e: Expr) -> Expr:
    """(1 - u^2)/(1 + u^2)^2 for 1/(1 + u^2) - 2 u^2/(1 + u^2)^2: the lowest power of each sum taken out, where that is shorter."""
    terms = Add.make_args(e)
    if not 1 < len(terms) <= MOST_TERMS or count_ops(e) > MOST_OPERATIONS:
        return e
    parts = _lowest_powers_out(terms, lambda k: isinstance(k, Number))
    if parts is None:
        return e
    number, above = parts[1].expand().primitive()
    found = Mul(number, above, parts[0])
    return found if count_ops(found) < count_ops(e) else e


def _lowest_powers_out(terms: Sequence[Expr], is_power: Callable[[Expr], bool]) -> tuple[Expr, Expr] | None:
    """(common, above): the product of the negative lowest powers of the sums in the terms, and what is left of the terms; None if none."""
    powers = [{b: k for b, k in (f.as_base_exp() for f in Mul.make_args(t)) if isinstance(b, Add) and is_power(k)} for t in terms]
    least = {b: _least([p.get(b, S.Zero) for p in powers]) for p in powers for b in p}
    if None in least.values():
        return None
    lowest = {b: k for b, k in least.items() if k is not None and not k.is_nonnegative}
    raised = [{b: p.get(b, S.Zero) - k for b, k in lowest.items()} for p in powers]
    if not lowest or not all(k.is_Integer for p in raised for k in p.values()):
        return None
    above = Add(*(t / Mul(*(b**k for b, k in p.items())) * _product_of(p, r) for t, p, r in zip(terms, powers, raised)))
    return Mul(*(b**k for b, k in lowest.items())), above


def _least(powers: Sequence[Expr]) -> Expr | None:
    """The least of powers that differ by numbers, None where some do not."""
    over = [k - powers[0] for k in powers]
    return powers[0] + min(over) if all(k.is_Rational for k in over) else None


def _product_of(powers: dict[Expr, Expr], raised: dict[Expr, Expr]) -> Expr:
    """The product of all bases, of those in `raised` to that power."""
    return Mul(*(b**k for b, k in (powers | raised).items()))


# ---------------------------------------------------------------- logistic functions


def _logistic(e: Expr) -> Expr:
    """Factored where that makes it a logistic product c exp(a) (1 + exp(a))^-k; as one fraction of exp(a) where that is shorter."""
    if not _is_logistic_product(e):
        factored = factor(e)
        e = factored if _is_logistic_product(factored) and count_ops(factored) <= count_ops(e) else _fraction_of_exponential(e)
    return sigmoid(e) if isinstance(e, Mul) else e


def _fraction_of_exponential(e: Expr) -> Expr:
    """c exp(a)/(exp(a) + c)^2 for exp(a)/(exp(a) + c) - exp(2 a)/(exp(a) + c)^2, whose terms have no digits of it where they are alike.

    Not of 1 + exp(a) to whole powers alone, which is the logistic function's: see `notation.logistic`.
    """
    powers = {x: x.args[0] for x in e.atoms(exp)}
    a = next((a for a in powers.values() if all(_is_whole(b / a) for b in powers.values())), None)
    if a is None or not 1 < len(Add.make_args(e)) <= MOST_TERMS or count_ops(e) > MOST_OPERATIONS:
        return e
    body = e.xreplace({x: E ** (b / a) for x, b in powers.items()})
    sums = [p for p in body.atoms(Pow) if isinstance(p.base, Add) and not p.exp.is_nonnegative]
    if all(p.base == 1 + E and p.exp.is_Integer for p in sums):
        return e
    beside: dict[Expr, list[Expr]] = {}  # u exp(u)/(exp(u) + c)^2 beside exp(u)/(exp(u) + c)
    for term in Add.make_args(body):
        of_a, rest = _sifted(Mul.make_args(term), lambda f: not f.has(E) and bool(f.free_symbols & a.free_symbols))
        beside.setdefault(Mul(*of_a), []).append(Mul(*rest))
    found = Add(*(Mul(outside, _in_front(terms)) for outside, terms in beside.items())).xreplace({E: exp(a)})
    return found if count_ops(found) <= count_ops(e) else e


def _is_whole(k: Expr) -> bool:
    return bool(k.is_Integer and k.is_positive)


def _sifted(factors: Sequence[Expr], is_first: Callable[[Expr], bool]) -> tuple[list[Expr], list[Expr]]:
    return [f for f in factors if is_first(f)], [f for f in factors if not is_first(f)]


def _in_front(terms: Sequence[Expr]) -> Expr:
    """The sum of the terms with the lowest powers of sums with `E` in front of what is left, factored.

    Not where that leaves a multiple of E^k - 1, which is a function of its own in code and out of range by itself where E is large.
    """
    parts = _lowest_powers_out(terms, lambda k: True) if len(terms) > 1 else None
    if parts is None:
        return Add(*terms)
    above = factor(parts[1].expand())
    return Add(*terms) if any(map(_is_less_one, above.atoms(Add))) else Mul(above, parts[0])


def _is_less_one(e: Expr) -> bool:
    """Whether it is a multiple of E^k - 1."""
    number, rest = e.as_coeff_Add()
    return rest.as_coeff_Mul()[0] == -number and rest.as_coeff_Mul()[1].as_base_exp()[0] == E


def _is_logistic_product(e: Expr) -> bool:
    return all(_is_logistic(f) for f in Mul.make_args(e))


def _is_logistic(f: Expr) -> bool:
    base, k = f.as_base_exp() if not isinstance(f, exp) else (f, S.One)
    if f.is_Number or isinstance(f, exp):
        return True
    return k.is_negative and isinstance(base, Add) and all(a.is_Number or isinstance(a, exp) for a in base.args)
