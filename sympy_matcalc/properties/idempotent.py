"""P P = P: projections, orthogonal or oblique."""

from sympy.assumptions import Predicate
from sympy.matrices.expressions import Identity, ZeroMatrix

from .declared import Truth, declare, derived


class IdempotentPredicate(Predicate):
    """P P = P: a projection, orthogonal or oblique. SymPy has every other predicate that is used here."""

    name = "idempotent"


idempotent = IdempotentPredicate()
declare("idempotent")


@derived("idempotent")
def is_idempotent(node) -> Truth:
    """P P = P."""
    return True if isinstance(node, (Identity, ZeroMatrix)) else None
