"""Products and sums that do not fit together: SymPy builds `x*A` of a column and a matrix, since its size n may be 1."""

from itertools import pairwise
from typing import Any

from sympy import Determinant, Inverse, MatAdd, MatMul, MatPow, Trace, expand
from sympy.matrices.expressions import HadamardProduct, MatrixExpr

from ..kernel.walks import every_node
from ..text import to_text

OF_SQUARE = (MatPow, Inverse, Trace, Determinant)


def misfit(e: Any) -> str:
    """What does not fit together in an expression, in words; "" where all shapes do.

    >>> from sympy import MatrixSymbol, symbols
    >>> n = symbols("n", integer=True, positive=True)
    >>> misfit(MatrixSymbol("x", n, 1)*MatrixSymbol("A", n, n))
    'in the product `x*A` `x` is n x 1, and `A` is n x n'
    >>> misfit(MatrixSymbol("A", n, n)*MatrixSymbol("x", n, 1))
    ''
    """
    for node in every_node(e):
        if isinstance(node, OF_SQUARE) and not _same(*node.args[0].shape):
            return f"in `{to_text(node)}` `{to_text(node.args[0])}` is {_shape(node.args[0])}, which is not square"
        parts = [a for a in node.args if isinstance(a, MatrixExpr)] if isinstance(node, (MatMul, MatAdd, HadamardProduct)) else []
        for a, b in pairwise(parts):
            what, fits = _relation(node, a, b)
            if not fits:
                return f"in the {what} `{to_text(node)}` `{to_text(a)}` is {_shape(a)}, and `{to_text(b)}` is {_shape(b)}"
    return ""


def _relation(node: Any, a: Any, b: Any) -> tuple[str, bool]:
    """(what the two are part of, whether their shapes fit for all sizes)."""
    if isinstance(node, MatMul):
        return "product", _same(a.shape[1], b.shape[0])
    return "sum" if isinstance(node, MatAdd) else "elementwise product", all(map(_same, a.shape, b.shape))


def _same(size: Any, other: Any) -> bool:
    return bool(expand(size - other) == 0)


def _shape(a: Any) -> str:
    return " x ".join(map(str, a.shape))
