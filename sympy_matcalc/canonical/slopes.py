"""Derivatives of scalar functions in the form that one writes: SymPy's chain and quotient rules leave sums that are one fraction."""

from sympy import Add, Expr, Heaviside, Mul, Number, Pow, S, cos, cosh, count_ops, exp, factor, sign, sin, sinh, tan, tanh

from ..kernel.scalars import scalar_product
from ..notation.elementwise import sigmoid

QUOTIENTS = ((sinh, cosh, tanh), (sin, cos, tan))
MOST_TERMS, MOST_OPERATIONS = 6, 60  # of a sum that is tried as one fraction


def simplest(e: Expr) -> Expr:
    """A derivative as SymPy gives it, or in a shorter of the forms below, with numbers in front."""
    return _with_number_in_front(_simplest(e))


def _simplest(e: Expr) -> Expr:
    if e.has(Heaviside):
        e = e.replace(lambda p: isinstance(p, (Mul, Pow)), lambda p: scalar_product(*Mul.make_args(p)))  # H(u)^2 and H(u) max(0, u)
    e = Add(*(scalar_product(*Mul.make_args(t)) for t in Add.make_args(e))) if e.has(Pow, sign) else e  # t^u/t is t^(u-1)
    e = _with_quotients(e) if e.has(cosh, cos) else e
    if not any(isinstance(p, Pow) and p.exp.is_negative for p in e.atoms(Pow)):
        return e
    return _logistic(e) if e.has(exp) else _one_fraction(e)


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
    powers = [{b: k for b, k in (f.as_base_exp() for f in Mul.make_args(t)) if isinstance(b, Add) and isinstance(k, Number)} for t in terms]
    lowest = {b: min(p.get(b, S.Zero) for p in powers) for p in powers for b in p}
    lowest = {b: k for b, k in lowest.items() if k.is_negative}
    common = Mul(*(b**k for b, k in lowest.items()))
    raised = [{b: p.get(b, S.Zero) - k for b, k in lowest.items()} for p in powers]
    if not lowest or not all(k.is_Integer for p in raised for k in p.values()):
        return e
    above = Add(*(t / Mul(*(b**k for b, k in p.items())) * _product_of(p, r) for t, p, r in zip(terms, powers, raised)))
    number, above = above.expand().primitive()
    found = Mul(number, above, common)
    return found if count_ops(found) < count_ops(e) else e


def _product_of(powers: dict[Expr, Expr], raised: dict[Expr, Expr]) -> Expr:
    """The product of all bases, of those in `raised` to that power."""
    return Mul(*(b**k for b, k in (powers | raised).items()))


# ---------------------------------------------------------------- logistic functions


def _logistic(e: Expr) -> Expr:
    """Factored where that makes it a logistic product c exp(a) (1 + exp(a))^-k."""
    if not _is_logistic_product(e):
        factored = factor(e)
        e = factored if _is_logistic_product(factored) and count_ops(factored) <= count_ops(e) else e
    return sigmoid(e) if isinstance(e, Mul) else e


def _is_logistic_product(e: Expr) -> bool:
    return all(_is_logistic(f) for f in Mul.make_args(e))


def _is_logistic(f: Expr) -> bool:
    base, k = f.as_base_exp() if not isinstance(f, exp) else (f, S.One)
    if f.is_Number or isinstance(f, exp):
        return True
    return k.is_negative and isinstance(base, Add) and all(a.is_Number or isinstance(a, exp) for a in base.args)
