"""`evalf` of the nodes: to any precision, by mpmath where the value has no closed form, or one that is longer than the computation."""

from collections.abc import Callable
from typing import Any

from mpmath import mp
from mpmath.libmp import prec_to_dps
from sympy import Basic, Expr, Float, ImmutableMatrix
from sympy.matrices import MatrixBase

GUARD = 20  # bits beyond those asked for: what a decomposition loses


def by_mpmath(compute: Callable[..., Any], matrix: Expr, args: tuple[Basic, ...], prec: int) -> Expr | None:
    """``compute(A, *args)`` of mpmath's matrix A, to `prec` bits; None where there are symbols, or where that is None."""
    if not isinstance(matrix, MatrixBase) or any(a.free_symbols for a in (matrix, *args)):
        return None
    with mp.workprec(prec + GUARD):
        value = compute(mpmath_matrix(matrix), *args)
        return None if value is None else _of_mpmath(value, prec)


def mpmath_matrix(matrix: Any) -> Any:
    """An explicit matrix of numbers as mpmath's, to its working precision."""
    matrix = matrix.as_explicit()
    A = mp.matrix(*matrix.shape)
    for k, x in enumerate(matrix.flat()):
        A[k // matrix.shape[1], k % matrix.shape[1]] = x._to_mpmath(mp.prec) if x.is_Number else mp.mpmathify(x.evalf(mp.dps))
    return A


def _of_mpmath(value: Any, prec: int) -> Expr:
    """A number or matrix of mpmath as SymPy's."""
    if isinstance(value, mp.matrix):
        return ImmutableMatrix(value.rows, value.cols, lambda i, j: _number(value[i, j], prec))
    return _number(value, prec)


def _number(x: Any, prec: int) -> Expr:
    return Expr._from_mpmath(x, prec) if isinstance(x, mp.mpc) else Float._new(x._mpf_, prec)


def evaluated(node: Expr, prec: int) -> Expr | None:
    """The entries or the value of a node in floating point; None where it has symbols or sizes in it, or no closed form."""
    if node.free_symbols:
        return None
    try:
        value = node.as_explicit() if hasattr(node, "as_explicit") else node.doit()
    except (NotImplementedError, ValueError):
        return None
    digits = prec_to_dps(prec)
    if value.has(type(node)):
        return None
    return value.applyfunc(lambda x: x.evalf(digits)) if hasattr(value, "applyfunc") else value.evalf(digits)
