"""Covariances and standard errors of estimates, from the Hessian of an objective or from its observations one by one."""

from typing import Any

import numpy as np

from ..api.variables import shape_of
from ..errors import ShapeError
from ..typed_input import as_expression


class Estimates:
    """What an objective with `fun` and `hess` knows of the accuracy of its minimum."""

    def covariance(self, x: Any, *args: Any, scale: float = 1.0, contributions: Any = None) -> np.ndarray:
        """The covariance matrix of the estimate x, a minimum of a negative log-likelihood: ``scale`` times the inverse Hessian H^-1.

        scale: for a sum of squared residuals of variance s, 2 s. contributions: a column of what each observation adds to the objective,
        for the sandwich scale H^-1 (sum_i g_i g_i') H^-1 with their gradients g_i, which holds where the model is wrong too. It does not
        depend on the scale of the objective: leave `scale` at 1 there (HC0), or take N/(N - p) for N observations and p parameters (HC1).
        Errors: numpy.linalg.LinAlgError where the Hessian is not positive definite, ShapeError for contributions that are no column, or do
        not add up to the objective. Source: White, Maximum likelihood estimation of misspecified models, 1982.

        >>> from sympy import MatrixSymbol
        >>> from sympy_matcalc import objective
        >>> X, w, y = MatrixSymbol("X", 3, 2), MatrixSymbol("w", 2, 1), MatrixSymbol("y", 3, 1)
        >>> fit = objective((X*w - y).T*(X*w - y)/2, w, data={X: np.eye(3, 2), y: np.ones(3)})
        >>> fit.covariance(np.ones(2), scale=4.0).tolist(), fit.standard_errors(np.ones(2), scale=4.0).tolist()
        ([[4.0, 0.0], [0.0, 4.0]], [2.0, 2.0])
        """
        H = self.hess(x, *args)
        inverse = _inverse(H if isinstance(H, np.ndarray) else H.todense())  # a covariance is dense
        if contributions is None:
            return scale * inverse
        form = shape_of(as_expression(contributions))
        if len(form) != 2 or 1 not in form or form == (1, 1):
            raise ShapeError(
                f"`contributions` are a column with an entry for each observation, got shape {form}; sum rows, not observations"
            )
        each = self._residuals(contributions)
        total, value = each.fun(x, *args).sum(), self.fun(x, *args)
        if not np.isclose(total, value, rtol=1e-6, atol=1e-9):
            raise ShapeError(f"`contributions` have to add up to the objective, which is {value:.6g} at x; they give {total:.6g}")
        half = each.jac(x, *args) @ inverse
        return scale * (half.T @ half)

    def standard_errors(self, x: Any, *args: Any, **given: Any) -> np.ndarray:
        """The roots of the diagonal of `covariance`, which takes the same arguments."""
        return np.sqrt(self.covariance(x, *args, **given).diagonal())

    # ---- what a subclass has
    def fun(self, x: Any, *args: Any) -> float:
        """The value of the objective."""
        raise NotImplementedError

    def hess(self, x: Any, *args: Any) -> Any:
        """Its Hessian, an array or an operator."""
        raise NotImplementedError

    def _residuals(self, exprs: Any) -> Any:
        """Residuals of the same variables and data."""
        raise NotImplementedError


def _inverse(H):
    H = (H + H.T) / 2
    try:
        np.linalg.cholesky(H)
    except np.linalg.LinAlgError as error:
        raise np.linalg.LinAlgError("`covariance`: the Hessian is not positive definite, so that x is no proper minimum") from error
    unit = 1 / np.sqrt(H.diagonal())
    least = np.linalg.eigvalsh(H * np.outer(unit, unit)).min(initial=1)
    if least <= 16 * len(H) * np.finfo(float).eps:  # whether rounding makes it positive is chance
        raise np.linalg.LinAlgError(
            "`covariance`: the Hessian is singular but for rounding, so that the data do not determine all parameters: fix one of those "
            "that can be changed together, as all strengths in a comparison of pairs"
        )
    inverse = np.linalg.inv(H)
    return (inverse + inverse.T) / 2
