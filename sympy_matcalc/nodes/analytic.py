"""Which scalar functions are analytic, and so have a function of a matrix: those of SymPy in this list, and those that say so.

A class says so by ``is_analytic = True``, as the package's own do. What says nothing is taken not to be: a function with a kink or a jump
has no power series, and the derivative of its smooth pieces is not the Fréchet derivative of anything. An undefined ``Function("f")``
stands for any analytic function.
"""

from functools import lru_cache

import sympy as sp
from sympy import Basic, Expr
from sympy.core.function import Application, AppliedUndef

# Holomorphic but for poles and branch cuts, in each argument that a matrix may stand in.
ANALYTIC_IN_SYMPY = (
    sp.exp, sp.log, sp.LambertW,
    sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.sinc, sp.asin, sp.acos, sp.atan, sp.acot, sp.asec, sp.acsc,
    sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch, sp.asinh, sp.acosh, sp.atanh, sp.acoth, sp.asech, sp.acsch,
    sp.erf, sp.erfc, sp.erfi, sp.erfinv, sp.erfcinv, sp.fresnels, sp.fresnelc,
    sp.gamma, sp.loggamma, sp.polygamma, sp.digamma, sp.trigamma, sp.uppergamma, sp.lowergamma, sp.beta, sp.factorial, sp.zeta,
    sp.Ei, sp.Si, sp.Ci, sp.Shi, sp.Chi, sp.li, sp.Li, sp.expint,
    sp.besselj, sp.bessely, sp.besseli, sp.besselk, sp.hankel1, sp.hankel2, sp.jn, sp.yn,
    sp.airyai, sp.airybi, sp.airyaiprime, sp.airybiprime,
    sp.hyper, sp.meijerg, sp.elliptic_k, sp.elliptic_e, sp.elliptic_f, sp.polylog, sp.dirichlet_eta,
    sp.legendre, sp.chebyshevt, sp.chebyshevu, sp.hermite, sp.laguerre, sp.jacobi, sp.gegenbauer,
)  # fmt: skip


def is_analytic(function: type[Basic]) -> bool:
    """Whether a class of scalar functions is analytic: by the list above, or because it says so."""
    if issubclass(function, AppliedUndef):
        return True
    said = getattr(function, "is_analytic", None)
    return function in ANALYTIC_IN_SYMPY if said is None else said is True


@lru_cache(maxsize=4096)
def not_analytic(body: Expr, symbol: Expr) -> str:
    """The name of a function in the body that depends on `symbol` and is not known to be analytic; empty where all are."""
    parts = (type(part) for part in body.atoms(Application) if part.has(symbol))
    return min((cls.__name__ for cls in parts if not is_analytic(cls)), default="")
