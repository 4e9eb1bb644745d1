"""Fisher information and Gauss-Newton matrices as expressions."""

from typing import Any

from sympy import Heaviside, KroneckerDelta, MatrixSymbol, Mod, Symbol, ceiling, floor, frac, sign
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..canonical import prepare_whole
from ..errors import ArgumentError, ExpressionError, ShapeError
from ..facts import read_facts
from ..kernel.session import session_with
from ..kernel.shapes import is_matrix
from ..kernel.walks import every_node, free_symbols, holds, replaced
from ..nodes import Einsum
from ..rewriting.engine import simplified
from ..structure import noted, notes_of, read_request
from ..structure.index_terms import added, presented_array, terms_by
from ..typed_input import as_expression
from .derivatives import hessian, jacobian
from .differentials import differential
from .structured import joined, shortened

STEPS = (sign, Heaviside, floor, ceiling, frac, Mod, KroneckerDelta, Relational, BooleanFunction)  # their derivatives say nothing of them


def fisher(
    loglikelihood: Any,
    X: Any,
    mean: Any = None,
    assumptions: Any = None,
    form: str | None = None,
    structure: Any = None,
    convention: str | None = None,
) -> Any:
    """The Fisher information -E d2 l/dX dX' of a log-likelihood l, as `hessian` lays it out.

    mean: {y: E y} for the observations y. The Hessian has to be affine in them, jointly, as in generalised linear models and in exponential
    families: its expectation is then its value at their means. Without `mean` it is the observed information -d2 l/dX dX'.
    form, structure, convention: as for `hessian`; of a symmetric X ``form="vech"`` is the information on its free parameters.
    Errors: ExpressionError for a Hessian that is not affine in an observation, ShapeError for a mean of another shape; those of `hessian`.
    Source: Magnus & Neudecker, chapter 15; McCullagh & Nelder, Generalized linear models, 2.5.

    >>> from sympy import Lambda, MatrixSymbol, OneMatrix, Symbol, exp, symbols
    >>> from sympy_matcalc import fisher
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y, t = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), Symbol("t")
    >>> poisson = y.T*X*w - OneMatrix(1, m)*(X*w).applyfunc(Lambda(t, exp(t)))
    >>> print(fisher(poisson, w))
    X.T*DiagMatrix(exp(X*w))*X
    """
    loglikelihood = as_expression(loglikelihood)
    found = hessian(-loglikelihood, X, form=form, assumptions=assumptions, structure=structure, convention=convention)
    if mean is not None and not isinstance(mean, dict):
        raise ArgumentError(f"`mean` is a dict of the means of observations, `{{y: X*w}}` say; got {type(mean).__name__}: {mean!r}")
    means = {as_expression(y): as_expression(mu) for y, mu in (mean or {}).items()}
    for y, mu in means.items():
        if not isinstance(y, (MatrixSymbol, Symbol)):
            raise ArgumentError(f"`mean` has means of symbols, got `{y}`; give that of the whole vector or matrix")
        if getattr(y, "shape", ()) != getattr(mu, "shape", ()):
            raise ShapeError(f"`mean`: `{y}` has shape {getattr(y, 'shape', ())}, its mean {getattr(mu, 'shape', ())}; they must be equal")
        if y not in free_symbols(loglikelihood):
            raise ArgumentError(
                f"`mean` is given for `{y}`, which the log-likelihood does not have; name the observations as they are in it"
            )
        if y in free_symbols(found) and (_has_a_step(found, y) or not free_symbols(differential(found, y)).isdisjoint(means)):
            raise ExpressionError(
                f"the Hessian is not affine in `{y}`, so that its expectation is not its value at the mean; "
                "write the expectation of the log-likelihood's Hessian by hand"
            )
    return _at_the_means(found, means, assumptions, read_request(structure, convention, X, form))


def _at_the_means(found: Any, means: dict, assumptions: Any, request: Any) -> Any:
    """What means make of it, shortened: S^-1 for S^-1 C S^-1 with E C = S."""
    if not free_symbols(found) & {*means}:
        return found
    facts = read_facts(joined(assumptions, *([request.facts] if request else [])))
    new = replaced(found, means)
    if isinstance(new, Einsum) and len(new.axes_shape) > 2:
        with session_with(facts):
            new = presented_array(added(terms_by(lambda e: simplified(prepare_whole(e), search=False), new)), new.axes_shape)
    else:
        new = shortened(new, facts, always=True)
    return noted(new, notes_of(request)) if request else new


def _has_a_step(e: Any, y: Any) -> bool:
    """Whether a function of y that is constant by pieces is in an expression: it is not affine, though its differential is 0."""
    for part in every_node(e):
        if isinstance(part, ElementwiseApplyFunction):
            if y in free_symbols(part.expr) and holds(part.function, STEPS):
                return True
        elif isinstance(part, STEPS) and y in free_symbols(part):
            return True
    return False


def gauss_newton(F: Any, X: Any, assumptions: Any = None) -> Any:
    """The Gauss-Newton matrix J'J of residuals F, with J = d vec F / d vec(X)': the Hessian of F'F/2 without second derivatives of F.

    Errors: ShapeError for an F that is no matrix or vector; those of `jacobian`. Source: Nocedal & Wright, Numerical optimization, 10.3.

    >>> from sympy import MatrixSymbol, symbols
    >>> from sympy_matcalc import gauss_newton
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    >>> print(gauss_newton(X*w - y, w))
    X.T*X
    """
    F = as_expression(F)
    if not is_matrix(F):
        raise ShapeError(f"`gauss_newton` needs a vector or matrix of residuals, got the scalar `{F}`")
    J = jacobian(F, X, form="vec", assumptions=assumptions)
    return (J.T * J).doit(deep=False) if is_matrix(J) else J**2
