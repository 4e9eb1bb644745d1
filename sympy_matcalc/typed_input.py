"""What was typed as an expression."""

from sympy import Basic, Expr, NDimArray, Sum
from sympy.matrices import MatrixBase

from .errors import ExpressionError
from .nodes import Einsum, MatrixSum
from .nodes.arrays import is_array_expression
from .strict import sympified


def as_differentiable(e):
    """As `as_expression`, and arrays: SymPy's array expressions and explicit N-dim arrays."""
    e = _sympified(e)
    return e if is_array_expression(e) else as_expression(e)


def as_expression(e):
    """What was typed as a SymPy scalar, matrix or Einsum; ExpressionError for anything else, strings too."""
    e = _sympified(e)
    if isinstance(e, MatrixBase):
        return e.as_immutable()
    if isinstance(e, Sum) and getattr(e.function, "is_Matrix", False):  # SymPy's Sum of matrices has no shape
        return MatrixSum(e.function, *e.limits)
    if not isinstance(e, (Expr, Einsum)) or not isinstance(e, Basic):
        raise ExpressionError(f"the expression must be a SymPy scalar or matrix expression, got {type(e).__name__}: `{e}`")
    return e


def _sympified(e):
    try:
        e = sympified(e)
    except ExpressionError:
        raise ExpressionError(f"the expression must be a SymPy expression, got {type(e).__name__}: {e!r}") from None
    return e.as_immutable() if isinstance(e, NDimArray) else e
