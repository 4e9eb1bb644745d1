"""What was typed as an expression."""

from sympy import Basic, Expr, Sum
from sympy.matrices import MatrixBase

from .errors import ExpressionError
from .nodes import Einsum, MatrixSum
from .strict import sympified


def as_expression(e):
    """What was typed as a SymPy scalar, matrix or Einsum; ExpressionError for anything else, strings too."""
    try:
        e = sympified(e)
    except ExpressionError:
        raise ExpressionError(f"the expression must be a SymPy expression, got {type(e).__name__}: {e!r}") from None
    if isinstance(e, MatrixBase):
        return e.as_immutable()
    if isinstance(e, Sum) and getattr(e.function, "is_Matrix", False):  # SymPy's Sum of matrices has no shape
        return MatrixSum(e.function, *e.limits)
    if not isinstance(e, (Expr, Einsum)) or not isinstance(e, Basic):
        raise ExpressionError(f"the expression must be a SymPy scalar or matrix expression, got {type(e).__name__}: `{e}`")
    return e
