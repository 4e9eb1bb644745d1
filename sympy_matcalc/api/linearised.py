"""The linearised equation of `implicit` as one that has a name: a division, Sylvester's, Lyapunov's, and that of discrete time."""

from typing import Any

from sympy import MatAdd, MatMul, MatrixSymbol, Mul, S, Transpose, sqrt
from sympy.matrices.expressions import Identity, Inverse, ZeroMatrix

from ..canonical import prepare_whole
from ..kernel.session import session
from ..kernel.walks import nodes_of
from ..nodes import DiscreteLyapunov, Lyapunov, Sylvester
from ..notation.present import present
from ..rewriting.public import simplify
from ..structure.notes import noted
from .differentials import differential
from .variables import is_scalar


def presented(e):
    """An expression that was put together here, as the package writes answers."""
    with session():
        return present(prepare_whole(e))


def solved_by_name(F: Any, Y: MatrixSymbol, right: Any, assumptions: Any) -> Any:
    """The dY of ``dF = right``, dF the differential of F in dY alone; None where its equation has no name.

    ``A dY B = C`` is a division, ``A dY + dY B = C`` Sylvester's, with B = A' Lyapunov's, and ``dY - A dY A' = C`` that of discrete time.
    """
    terms = _terms(F, Y, assumptions)
    if terms is None:
        return None
    terms = _gathered(terms, assumptions)
    if len(terms) == 1:
        return _divided(right, *terms[0])
    found = _discrete(terms, right, assumptions)
    return found if found is not None else _two_sided(terms, right, Y, assumptions)


# ---------------------------------------------------------------- terms L dY R


def _terms(F, Y, assumptions):
    """[(L, R)] with dF the sum of L dY R; None where a term is of another kind."""
    linear = differential(F, Y, assumptions=assumptions)
    known = nodes_of(F, MatrixSymbol)
    dY = next((s for s in nodes_of(linear, MatrixSymbol) if s.name.rstrip("'") == f"d{Y.name}" and s not in known), None)
    if dY is None:
        return None
    terms = [_sides(term, dY) for term in _multiplied_out(linear, dY)]
    return None if any(term is None for term in terms) else terms


def _multiplied_out(e, dY):
    """The summands of an expression, with products multiplied out over those of their factors that are sums with dY."""
    if isinstance(e, MatAdd):
        return [term for summand in e.args for term in _multiplied_out(summand, dY)]
    factors = list(e.args) if isinstance(e, MatMul) else []
    for at, factor in enumerate(factors):
        if isinstance(factor, MatAdd) and dY in nodes_of(factor, MatrixSymbol):
            wider = (MatMul(*factors[:at], part, *factors[at + 1 :]).doit(deep=False) for part in factor.args)
            return [term for product in wider for term in _multiplied_out(product, dY)]
    return [e]


def _sides(term, dY):
    """(c L, R) of a term c L dY R; None where it is of another kind."""
    factors = list(term.args) if isinstance(term, MatMul) else [term]
    if factors.count(dY) != 1 or any(dY in nodes_of(f, MatrixSymbol) for f in factors if f != dY):
        return None
    at = factors.index(dY)
    scalars, left = ([f for f in factors[:at] if is_scalar(f) is kind] for kind in (True, False))
    left = MatMul(*scalars, *(left or [Identity(dY.shape[0])]))
    return presented(left), presented(MatMul(*factors[at + 1 :])) if factors[at + 1 :] else Identity(dY.shape[1])


def _gathered(terms, assumptions):
    """Terms with one right factor as one, then those with one left factor, as long as there are: (A' - K'B') dY (A - BK) of its four."""
    while True:
        flipped = [(right, left) for left, right in _added(terms, assumptions)]
        gathered = [(left, right) for right, left in _added(flipped, assumptions)]
        if len(gathered) == len(terms):
            return gathered
        terms = gathered


def _added(terms, assumptions):
    """[(sum of c L, R)] of [(L, c R)], in which equal factors R, up to a sign, are one."""
    found: list = []
    for left, right in terms:
        for k, (others, known) in enumerate(found):
            sign = _ratio(known, right, assumptions)
            if sign is not None:
                found[k] = (presented(MatAdd(others, MatMul(sign, left))), known)
                break
        else:
            found.append((left, right))
    return [(left, right) for left, right in found if not isinstance(left, ZeroMatrix)]


def _ratio(known, other, assumptions):
    """1 or -1 where that times the one is the other, else None."""
    return next((sign for sign in (S.One, S.NegativeOne) if _same(MatMul(sign, known), other, assumptions)), None)


def _same(a, b, assumptions):
    if presented(a) == presented(b):
        return True
    difference = presented(MatAdd(a, MatMul(S.NegativeOne, b)))
    return isinstance(simplify(difference, assumptions), ZeroMatrix)


# ---------------------------------------------------------------- equations with a name


def _divided(right, A, B):
    """A^-1 right B^-1, under the condition that makes it true."""
    sides = [presented(side) for side in (A, B)]
    inverses = [Identity(side.shape[0]) if isinstance(side, Identity) else Inverse(side) for side in sides]
    said = tuple(f"{side} is invertible" for side in sides if not isinstance(side, Identity))
    return noted(presented(MatMul(inverses[0], right, inverses[1])), said)


def _multiple_of_identity(e):
    """c of c I, None of another matrix."""
    if isinstance(e, ZeroMatrix):
        return S.Zero
    factors = e.args if isinstance(e, MatMul) else (e,)
    return Mul(*factors[:-1]) if isinstance(factors[-1], Identity) and all(map(is_scalar, factors[:-1])) else None


def _discrete(terms, right, assumptions):
    """Of c dY - A dY A' with a positive c, and of its negative; None of another equation."""
    alone = [_multiple_of_identity(left) if isinstance(after, Identity) else None for left, after in terms]
    if len(terms) != 2 or alone.count(None) != 1:
        return None
    at = alone.index(None)
    c, (left, after) = alone[1 - at], terms[at]
    for sign in (S.One, S.NegativeOne):
        scale = sign * c
        if scale.is_positive and _same(MatMul(-sign, left), Transpose(after), assumptions):
            A = presented(MatMul(1 / sqrt(scale), Transpose(after)))
            return presented(DiscreteLyapunov(A, presented(MatMul(sign / scale, right))))
    return None


def _two_sided(terms, right, Y, assumptions):
    """Of A dY + dY B; None of another equation."""
    A = next((left for left, after in terms if isinstance(after, Identity)), None)
    others = [(_multiple_of_identity(left), after) for left, after in terms if not isinstance(after, Identity)]
    B = next((presented(MatMul(c, after)) for c, after in others if c is not None), None)
    if A is None or B is None or len(terms) != 2:
        return None
    if Y.shape[0] == Y.shape[1]:
        excess = _multiple_of_identity(simplify(presented(A - Transpose(B)), assumptions))
        if excess is not None:  # a term c dY was put to A: each side has a half of it
            return presented(Lyapunov(presented(A - excess / 2 * Identity(Y.shape[0])), right))
    return presented(Sylvester(A, B, right))
