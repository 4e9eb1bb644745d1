"""Neighbours in a chain that commute: a matrix, its powers and its functions, in the order of the books, A exp(A)."""

from typing import Any

from ...nodes import MatrixFunction
from ...nodes.matrix_functions import AnalyticFunction
from ..order import sort_key
from .atoms import open_product, reverse

FUNCTIONS = (AnalyticFunction, MatrixFunction)


def is_out_of_order(left: Any, right: Any) -> bool:
    """Whether two neighbours commute and stand in the other order in the normal form: the matrix, then its functions by their keys.

    Of transposes it is the reverse, so that the transpose of a product in this order is one too.
    """
    first, second = (right, left) if right[1] else (left, right)
    if not isinstance(first[0], FUNCTIONS):
        return False
    return _key(second) < _key(first) and _argument(left) == _argument(right)


def uncut(chain: Any) -> Any:
    """The chain of a trace, with functions of one matrix at its ends beside each other: they are one function of it."""
    for _ in chain:
        last, first = chain[-1], chain[0]
        if not isinstance(last[0], FUNCTIONS) or not isinstance(first[0], FUNCTIONS) or _argument(last) != _argument(first):
            break
        chain = (last, *chain[:-1])
    return chain


def _key(atom: Any) -> Any:
    return isinstance(atom[0], FUNCTIONS), sort_key(atom[0])


def _argument(atom: Any) -> Any:
    """The chain of the matrix that an atom is a power or a function of."""
    base, flip, _ = atom
    if not isinstance(base, FUNCTIONS):
        return ((base, flip),)
    chain = open_product(base.arg)[1]
    chain = reverse(chain) if flip else chain
    return _argument(chain[0]) if len(chain) == 1 else tuple((b, f, k) for b, f, k in chain)
