"""The cookbook: identities of the textbooks, derived by this package, checked by numbers, and found by the expression they are about."""

import sys
from types import ModuleType

from .identity import Identity as Identity
from .lookup import Match as Match
from .lookup import find as find
from .lookup import matches, search
from .show import Table
from .tables import all_identities


def cookbook(expr=None, variable=None):
    """The identities that `expr` is an instance of, the nearest first; of a text, those it names; without arguments, all.

    expr: a scalar or matrix expression; symbols of an identity stand for sub-expressions of it. variable: what to differentiate by;
    without one, any symbol that an identity can be about. Each match has `identity`, `substitution`, `variable` and `derivative`,
    our derivative of `expr`. An expression with conjugates is compared with the identities of complex variables. Errors: as `jacobian`.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> k, l = symbols("k l", integer=True, positive=True)
    >>> B, u, c = MatrixSymbol("B", k, l), MatrixSymbol("u", l, 1), MatrixSymbol("c", k, 1)
    >>> mc.cookbook((B*u - c).T*(B*u - c), u)[1]
    ml1  least squares  [machine learning]
        gradient of (X*w - y).T*(X*w - y) by w:
        2*X.T*(X*w - y)
        here X = B, w = u, y = c; gradient by u:
        2*B.T*(B*u - c)
    >>> mc.cookbook("trace of the resolvent")
    mc22i  trace of the resolvent by z  [Minka]
        derivative of tr((z*I(n) - X).I) by z:
        -tr((z*I(n) - X)**(-2))
    """
    if expr is None:
        return Table(all_identities())
    return search(expr) if isinstance(expr, str) else matches(expr, variable)


class _Callable(ModuleType):
    """Importing the package `cookbook` puts it where the function `sympy_matcalc.cookbook` is, so it must be callable as well."""

    def __call__(self, expr=None, variable=None):
        return cookbook(expr, variable)


sys.modules[__name__].__class__ = _Callable
