"""The one bound symbol of every one-argument Lambda, so that equal functions are equal objects (SymPy's Lambda is not alpha-equal)."""

from types import FunctionType

from sympy import Lambda, exp, log, sqrt
from sympy.core.function import FunctionClass

from ..compat import dummy
from ..errors import ExpressionError
from ..strict import sympified

BOUND = dummy("u", 7_000_001, real=True)
EXP, LOG, SQRT = exp(BOUND), log(BOUND), sqrt(BOUND)  # the bodies that are asked for: to make one costs more than to compare it


def as_function(f):
    """A SymPy function such as exp or sqrt, or a Lambda of one argument, as the Lambda of `BOUND`."""
    if isinstance(f, (FunctionClass, FunctionType)):  # sqrt is a Python function
        try:
            return Lambda(BOUND, f(BOUND))
        except (TypeError, ValueError):
            raise ExpressionError(f"a function of one argument is needed, such as exp or Lambda(t, 1/(1 + t)), got `{f}`") from None
    f = sympified(f)
    if isinstance(f, Lambda) and len(f.variables) == 1:
        return f if f.variables[0] == BOUND else Lambda(BOUND, body_of(f))
    raise ExpressionError(f"a function of one argument is needed, such as exp or Lambda(t, 1/(1 + t)), got `{f}`")


def body_of(function):
    """The body in `BOUND`; SymPy's Lambda(t, t) is an object with a symbol of its own."""
    (x,) = function.variables
    return function.expr.xreplace({x: BOUND})
