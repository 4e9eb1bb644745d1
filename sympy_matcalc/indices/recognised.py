"""Sums over entries, as SymPy writes the entry of a product out, read back as the product."""

from collections.abc import Callable
from typing import Any

from sympy import Basic, Dummy, Sum

from ..errors import MatcalcError
from ..kernel.walks import holds, postorder, replaced
from .to_matrices import to_matrix_notation


def as_typed(e: Any) -> Any:
    """`without_sums` of those that SymPy has written, whose indices are its own, no one's names."""
    return without_sums(e, lambda total: all(isinstance(limit[0], Dummy) for limit in total.limits))


def without_sums(e: Any, wanted: Callable[[Sum], bool] = lambda total: True) -> Any:
    """An expression with the sums over entries in it as products of matrices, where they are that; the sums that are not stay."""
    if not isinstance(e, Basic) or not holds(e, (Sum,)):
        return e
    parts = postorder(e, lambda node: () if isinstance(node, Sum) or not isinstance(node, Basic) else node.args)
    found = {node: _as_product(node) for node in parts if isinstance(node, Sum) and wanted(node)}
    return replaced(e, found) if found else e


def _as_product(total: Sum) -> Any:
    """A sum over entries as the scalar product of matrices that it is, itself where it is none."""
    try:
        return to_matrix_notation(total)
    except (MatcalcError, RecursionError):
        return total
