"""The argument `axis` of functions of the rows or columns of a matrix, as NumPy's."""

from collections.abc import Callable
from typing import Any

from ..errors import ArgumentError


def checked_axis(name: str, axis: Any) -> int:
    """0 or 1 for an axis of a matrix, counted from its end where negative; ArgumentError naming the function for anything else."""
    try:
        at = None if isinstance(axis, bool) or axis != int(axis) else int(axis)
    except (TypeError, ValueError):
        at = None
    if at not in (-2, -1, 0, 1):
        raise ArgumentError(f"{name}: a matrix has the axes 0, down its columns, and 1, along its rows; got axis={axis!r}")
    return at % 2


def along(axis: Any, of_rows: Callable[..., Any], A: Any, name: str = "") -> Any:
    """`of_rows` of a matrix for axis 1; for axis 0 the same of its columns, the transpose of that of the transpose."""
    return of_rows(A) if checked_axis(name or of_rows.__name__.removeprefix("Row"), axis) else of_rows(A.T).T
