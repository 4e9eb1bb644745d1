"""Scalar forms that overflow or cancel as written, recognised on the SymPy side and rewritten to ones that do not."""

from sympy import Add, Pow, S, cancel, exp, log


def exp_plus_one(e):
    """w where e is ``1 + exp(w)``, else None."""
    if isinstance(e, Add) and len(e.args) == 2 and S.One in e.args:
        other = e.args[1] if e.args[0] is S.One else e.args[0]
        if isinstance(other, exp):
            return other.args[0]
    return None


def plus_one(e):
    """x where e is ``1 + x``, else None."""
    if isinstance(e, Add) and S.One in e.args:
        return Add(*(a for a in e.args if a is not S.One))
    return None


def exp_minus_one(e):
    """(c, u) where e is ``c*(exp(u) - 1)`` with a number c, else None."""
    if not isinstance(e, Add) or len(e.args) != 2 or not e.args[0].is_Number:
        return None
    number, (c, other) = e.args[0], e.args[1].as_coeff_Mul()
    return (c, other.args[0]) if isinstance(other, exp) and c == -number else None


def softplus_power(e):
    """(w, p) where e is ``(1 + exp(w))**p`` with a number p, else None."""
    base, p = (e.base, e.exp) if isinstance(e, Pow) else (e, S.One)
    w = exp_plus_one(base)
    return None if w is None or not p.is_real or not p.is_number else (w, p)


def split_logistic(args):
    """Logistic factors of a product: (powers, rest) with (w, a, b, c) meaning ``expit(w)**a * expit(-w)**b * exp(c*w)``.

    From ``exp(k*w)*(1 + exp(w))**-p``; the factors that take no part are returned as `rest`.
    """
    bases, exps, rest = [], [], []
    for a in args:
        found = softplus_power(a)
        if found and found[1].is_negative:
            bases.append((found[0], -found[1]))
        elif isinstance(a, exp):
            exps.append(a)
        else:
            rest.append(a)
    powers = []
    for w, p in bases:
        k, used = _matching(w, exps)
        if used is not None:
            exps.remove(used)
        inside = min(max(k, S.Zero), p)
        powers.append((w, inside, p - inside, k - inside))
    return powers, rest + exps


def _matching(w, exps):
    """(k, e): the factor e that is ``exp(k*w)`` with a number k, or (0, None)."""
    for e in exps:
        ratio = e.args[0] / w
        if not ratio.is_number and e.args[0].free_symbols == w.free_symbols and w.is_Add:
            ratio = cancel(ratio)
        if ratio.is_number and ratio.is_real:
            return ratio, e
    return S.Zero, None


def beyond_branch(e, sizes):
    """``log(u)`` or ``u**p`` of sizes of which u is negative, by what they are of -u: of real numbers NumPy's are nan; else None.

    >>> from sympy import log, sqrt, symbols
    >>> n = symbols("n", integer=True, positive=True)
    >>> beyond_branch(log(-n), {n}), beyond_branch(sqrt(1 - n), {n}), beyond_branch(sqrt(n + 1), {n})
    (log(n) + I*pi, I*sqrt(n - 1), None)
    """
    base = e.args[0]
    if not base.free_symbols or not base.free_symbols <= sizes or not base.is_nonpositive:
        return None
    if isinstance(e, Pow):
        return S.NegativeOne**e.exp * (-base) ** e.exp if e.exp.is_Rational and not e.exp.is_Integer else None
    return log(-base) + S.ImaginaryUnit * S.Pi
