"""Transposes, and symmetry that the structure of a node shows."""

from collections import Counter

from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from ..nodes.declaration import OwnNode
from ..nodes.factorizations import PseudoInverse
from .classes import ByClass
from .interning import intern, raw
from .make import mul
from .session import session_state, stated
from .shapes import is_matrix, parted, shape_of

DIAGONAL = (Identity, DiagMatrix, DiagonalMatrix)
PLAIN = (*DIAGONAL, OneMatrix, ZeroMatrix)


def transpose(a: MatrixExpr) -> MatrixExpr:
    """The transpose; nothing is distributed."""
    if isinstance(a, Transpose):
        return a.args[0]
    if isinstance(a, OneMatrix):
        return raw(OneMatrix, *a.args[::-1])
    if isinstance(a, ZeroMatrix):
        return raw(ZeroMatrix, *a.args[::-1])
    if isinstance(a, MatrixBase):
        return intern(a.T.as_immutable())
    return a if is_symmetric(a) else raw(Transpose, a)


def is_symmetric(a: MatrixExpr) -> bool:
    """Whether `a` equals its own transpose by its structure."""
    table = session_state.symmetric
    known = table.get(id(a))
    if known is None:
        rows, cols = shape_of(a)
        table[id(a)] = known = (a, bool((rows is cols or rows == cols) and _symmetric(a)))
    return known[1]


def _symmetric(a: MatrixExpr) -> bool:
    by_form = BY_FORM[type(a)]
    return stated("symmetric", a) if by_form is None else by_form(a)


def _entrywise(a: HadamardProduct | KroneckerProduct) -> bool:
    is_diagonal = isinstance(a, HadamardProduct) and any(isinstance(x, DIAGONAL) for x in a.args)
    return is_diagonal or all(map(is_symmetric, filter(is_matrix, a.args)))


def _palindrome(factors: list[MatrixExpr]) -> bool:
    """A product that reads the same from both ends, or A A^+ or A^+ A."""
    if len(factors) == 2 and any(isinstance(p, PseudoInverse) and p.arg == a for p, a in (factors, factors[::-1])):
        return True
    return all(transpose(a) == b for a, b in zip(factors, reversed(factors)))


def _symmetric_sum(a: MatAdd) -> bool:
    left = Counter(_opened(t) for t in a.args if not is_symmetric(t))
    return all(left[_flip_term(t)] == count for t, count in left.items())


def _opened(t: MatrixExpr) -> MatrixExpr:
    """c B' A' for c (A B)': a product that is transposed, with a number in front or none, as one chain."""
    scalars, matrices = parted(t.args) if isinstance(t, MatMul) else ([], [t])
    inner = matrices[0].args[0] if len(matrices) == 1 and isinstance(matrices[0], Transpose) else None
    if not isinstance(inner, MatMul):
        return t
    more, factors = parted(inner.args)
    return mul(*scalars, *more, *map(transpose, reversed(factors)))


def _flip_term(t: MatrixExpr) -> MatrixExpr:
    if isinstance(t, MatMul):
        scalars, matrices = parted(t.args)
        return mul(*scalars, *map(transpose, reversed(matrices)))
    return transpose(t)


BY_FORM = ByClass(
    (PLAIN, lambda a: True),
    (MatrixBase, lambda a: bool(a == a.T)),
    (OwnNode, lambda a: a.is_symmetric_by_form(is_symmetric) or stated("symmetric", a)),
    ((Inverse, MatPow), lambda a: is_symmetric(a.args[0])),
    (HadamardPower, lambda a: all(map(is_symmetric, filter(is_matrix, a.args)))),
    (ElementwiseApplyFunction, lambda a: is_symmetric(a.args[1])),
    ((HadamardProduct, KroneckerProduct), _entrywise),
    (MatAdd, lambda a: _symmetric_sum(a) or stated("symmetric", a)),
    (MatMul, lambda a: _palindrome([x for x in a.args if is_matrix(x)]) or stated("symmetric", a)),
)
