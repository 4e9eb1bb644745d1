"""Where a matrix has entries, read off its form: zero, diagonal, banded, triangular, blocks, Kronecker products, sums of such, or full."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import ImmutableDenseMatrix, Integer
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from ...kernel.shapes import is_matrix
from ...nodes import Cholesky, LowerTriangle, LUFactorL, LUFactorU, QRFactorR, UpperTriangle

FULL = 1 << 30  # a bandwidth beyond every size
DIAGONAL = (Identity, DiagMatrix, DiagonalMatrix)


@dataclass(frozen=True)
class Band:
    """Entries (i, j) with -lower <= j - i <= upper: (0, 0) a diagonal, (FULL, 0) a lower triangle, (FULL, FULL) a full matrix."""

    lower: Any = FULL
    upper: Any = FULL

    @property
    def is_full(self) -> bool:
        return self.lower == FULL and self.upper == FULL

    @property
    def turned(self) -> "Band":
        return Band(self.upper, self.lower)


@dataclass(frozen=True)
class Zero:
    """No entries."""


@dataclass(frozen=True)
class Unknown:
    """A block that was not given."""


@dataclass(frozen=True)
class Mask:
    """The entries of an explicit matrix that are not 0."""

    entries: Any


@dataclass(frozen=True)
class Blocks:
    """Rows of (pattern, text); the sizes of the rows and columns of blocks, and their names where they have some."""

    rows: tuple
    heights: tuple
    widths: tuple
    names: tuple = ()


@dataclass(frozen=True)
class Kron:
    """A copy of `right` for each entry of `left`; their shapes."""

    left: Any
    right: Any
    copies: tuple
    shape: tuple


@dataclass(frozen=True)
class Sum:
    """Patterns on top of one another, full ones first."""

    terms: tuple


def pattern_of(node: Any) -> Any:
    """The pattern of a matrix expression."""
    if isinstance(node, ZeroMatrix):
        return Zero()
    if isinstance(node, ImmutableDenseMatrix):
        return Mask(np.array([[entry != 0 for entry in node.row(i)] for i in range(node.rows)]).reshape(node.shape))
    if isinstance(node, BlockMatrix):
        return _of_blocks(node)
    if isinstance(node, KroneckerProduct):
        left, *rest = node.args
        right = rest[0] if len(rest) == 1 else KroneckerProduct(*rest)
        return Kron(pattern_of(left), pattern_of(right), left.shape, right.shape)
    if isinstance(node, Transpose):
        return turned(pattern_of(node.args[0]))
    if isinstance(node, MatAdd):
        return added([pattern_of(t) for t in node.args])
    if isinstance(node, MatMul):
        return _of_product([f for f in node.args if is_matrix(f)])
    return _of_form(node)


def _of_form(node: Any) -> Any:
    """Of a diagonal matrix, a triangle, an entry-by-entry product, an inverse."""
    if isinstance(node, DIAGONAL):
        return Band(0, 0)
    if isinstance(node, (LowerTriangle, UpperTriangle)):
        k = node.args[1] if len(node.args) > 1 else Integer(0)
        lower = isinstance(node, LowerTriangle)
        band = Band() if not k.is_Integer else Band(FULL, int(k)) if lower else Band(-int(k), FULL)
        return _common([pattern_of(node.args[0]), band])
    if isinstance(node, (Cholesky, LUFactorL)):
        return Band(FULL, 0)
    if isinstance(node, (QRFactorR, LUFactorU)):
        return Band(0, FULL)
    if isinstance(node, HadamardProduct):
        return _common([pattern_of(f) for f in node.args])
    if isinstance(node, (Inverse, MatPow)):
        return _of_inverse(pattern_of(node.args[0]))
    return Band()


def _of_blocks(node: BlockMatrix) -> Blocks:
    rows = tuple(tuple((pattern_of(b), b) for b in node.blocks.row(i)) for i in range(node.blockshape[0]))
    return Blocks(rows, tuple(node.rowblocksizes), tuple(node.colblocksizes))


def _of_product(factors: list[Any]) -> Any:
    """Bandwidths add up; a diagonal factor leaves a pattern as it is; else a product is full."""
    patterns = [pattern_of(f) for f in factors]
    if any(isinstance(p, Zero) for p in patterns):
        return Zero()
    rest = [p for p in patterns if p != Band(0, 0)]
    if len(rest) < 2:
        return rest[0] if rest else Band(0, 0)
    if all(isinstance(p, Band) for p in rest):
        return Band(_bounded(sum(p.lower for p in rest)), _bounded(sum(p.upper for p in rest)))
    return Band()


def _bounded(width: int) -> int:
    return width if width < FULL // 2 else FULL


def _common(patterns: list[Any]) -> Any:
    """Of a product entry by entry: where all have entries."""
    if any(isinstance(p, Zero) for p in patterns):
        return Zero()
    bands = [p for p in patterns if isinstance(p, Band)]
    if len(bands) < len(patterns):
        return next(p for p in patterns if not isinstance(p, Band))
    return Band(min(p.lower for p in bands), min(p.upper for p in bands))


def _of_inverse(p: Any) -> Any:
    """The inverse or a power of a triangle is one, of a diagonal too, of a block diagonal and a Kronecker product part by part."""
    if isinstance(p, Kron):
        return Kron(_of_inverse(p.left), _of_inverse(p.right), p.copies, p.shape)
    if isinstance(p, Band):
        return Band(p.lower if p.lower <= 0 else FULL, p.upper if p.upper <= 0 else FULL)
    return Band()


def turned(p: Any) -> Any:
    """The pattern of the transpose."""
    if isinstance(p, Band):
        return p.turned
    if isinstance(p, Mask):
        return Mask(p.entries.T)
    if isinstance(p, Blocks):
        rows = tuple(tuple((turned(inner), Transpose(e) if is_matrix(e) else e) for inner, e in column) for column in zip(*p.rows))
        return Blocks(rows, p.widths, p.heights, p.names[::-1])
    if isinstance(p, Kron):
        return Kron(turned(p.left), turned(p.right), p.copies[::-1], p.shape[::-1])
    return Sum(tuple(map(turned, p.terms))) if isinstance(p, Sum) else p


def added(patterns: list[Any]) -> Any:
    """The pattern of a sum."""
    terms = [p for p in patterns if not isinstance(p, Zero)]
    bands = [p for p in terms if isinstance(p, Band)]
    if bands and len(bands) == len(terms) and len({p.is_full for p in bands}) == 1:
        return Band(max(p.lower for p in bands), max(p.upper for p in bands))
    once = list({p if isinstance(p, Band) else id(p): p for p in terms}.values())
    if len(once) < 2:
        return once[0] if once else Zero()
    return Sum(tuple(sorted(once, key=lambda p: p != Band())))


def has_entry(p: Any, i: int, j: int) -> bool:
    """Whether a pattern has entries at a place, drawn with a few copies for all."""
    if isinstance(p, Band):
        return -p.lower <= j - i <= p.upper
    if isinstance(p, Mask):
        return bool(p.entries[i, j])
    if isinstance(p, Sum):
        return any(has_entry(q, i, j) for q in p.terms)
    return not isinstance(p, Zero)


def sizes_in(p: Any) -> Iterator[Any]:
    """The sizes of the parts of a pattern."""
    if isinstance(p, Blocks):
        yield from (*p.heights, *p.widths)
        for row in p.rows:
            for inner, _ in row:
                yield from sizes_in(inner)
    elif isinstance(p, Kron):
        yield from (*p.copies, *p.shape)
        yield from sizes_in(p.right)
    elif isinstance(p, Sum):
        for term in p.terms:
            yield from sizes_in(term)
