"""The order in which SymPy keeps the terms of a sum of matrices, so that an answer equals the same sum typed in SymPy.

SymPy sorts by keys that hold those of all parts, of all levels below. Two terms nearly always differ near their top: here the keys are
compared as they are made, the parts of a term only where all before them is equal. The order is SymPy's own, term for term.
"""

from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any

from sympy import Expr, default_sort_key
from sympy.matrices.expressions.matexpr import MatrixExpr


def sympys_order(terms: Sequence[Any]) -> list[Any]:
    """The terms sorted as ``sorted(terms, key=default_sort_key)`` sorts them.

    >>> from sympy import MatrixSymbol
    >>> A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
    >>> sympys_order([B*A, B, A])
    [A, B, B*A]
    """
    return sorted(terms, key=cmp_to_key(_compared))


def _compared(a, b):
    """Below 0 where the key of a is less than that of b, 0 where they are equal."""
    if a is b:
        return 0
    if not (_has_usual_key(a) and _has_usual_key(b)):
        return _sign(default_sort_key(a), default_sort_key(b))
    found = _sign(a.class_key(), b.class_key())
    if found:
        return found
    below, beside = _parts(a), _parts(b)
    if len(below) != len(beside):
        return len(below) - len(beside)
    return next(filter(None, map(_compared, below, beside)), 0)


def _has_usual_key(e):
    """Whether SymPy's key is that of the class, then that of the parts, and nothing else tells: so it is for matrices."""
    return isinstance(e, MatrixExpr) and bool(e.args) and type(e).sort_key is Expr.sort_key and not e.is_Pow


def _parts(e):
    """What SymPy takes for the parts of a matrix, in the order of its key."""
    return e.as_ordered_terms() if e.is_Add else e.as_ordered_factors() if e.is_Mul else e.args


def _sign(a, b):
    return -1 if a < b else int(a != b)
