"""Raw constructors of SymPy nodes, one a class: nothing is distributed, sorted or evaluated.

Each builds the very object that the public constructor gives; a test compares the two for every class.
"""

from collections.abc import Iterable
from typing import Any

from sympy import Determinant, Expr, Lambda, Mul, S, Trace, Tuple
from sympy.matrices.expressions import (
    BlockMatrix,
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
    MatrixSlice,
    OneMatrix,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes import MatrixSum, MatrixUnit
from ..nodes.bound import BOUND
from .interning import intern, raw
from .shapes import parted, shape_of

OF_BOUND = Tuple(BOUND)


def mul(*factors: Expr) -> Any:
    """Product of scalars and matrices as they come, scalars first; no evaluation beyond merging the scalars."""
    scalars, matrices = parted(factors)
    c = scalars[0] if len(scalars) == 1 else Mul(*scalars)
    if c is S.Zero and matrices:
        return zero(shape_of(matrices[0])[0], shape_of(matrices[-1])[1])
    if not matrices:
        return c
    if c is S.One:
        return matrices[0] if len(matrices) == 1 else raw(MatMul, *matrices)
    return raw(MatMul, c, *matrices)


def add(*terms: MatrixExpr) -> MatrixExpr:
    return terms[0] if len(terms) == 1 else raw(MatAdd, *terms)


def inverse(a: MatrixExpr) -> MatrixExpr:
    return a.args[0] if isinstance(a, Inverse) else raw(Inverse, a, S.NegativeOne)


def power(a: MatrixExpr, k: Expr) -> MatrixExpr:
    if k is S.Zero:
        return identity_like(a)
    if k is S.One:
        return a
    return inverse(a) if k is S.NegativeOne else raw(MatPow, a, k)


def identity(n: Expr) -> Identity:
    return raw(Identity, n)


def identity_like(a: Any) -> Identity:
    """The identity with as many rows as a matrix."""
    return identity(shape_of(a)[0])


def ones(m: Expr, n: Expr = S.One) -> OneMatrix:
    return raw(OneMatrix, m, n)


def zero(m: Expr, n: Expr) -> ZeroMatrix:
    return raw(ZeroMatrix, m, n)


def unit(n: Expr, i: Expr) -> MatrixUnit:
    """Unit vector e_i of length n."""
    return raw(MatrixUnit, n, S.One, i, S.Zero)


def matrix_unit(m: Expr, n: Expr, i: Expr, j: Expr) -> MatrixUnit:
    return raw(MatrixUnit, m, n, i, j)


def hadamard(*factors: MatrixExpr) -> MatrixExpr:
    return factors[0] if len(factors) == 1 else raw(HadamardProduct, *factors)


def diag_matrix(v: MatrixExpr) -> DiagMatrix:
    return intern(DiagMatrix(v))


def diagonal_of(a: MatrixExpr) -> DiagonalOf:
    return intern(DiagonalOf(a))


def diagonal_matrix(a: MatrixExpr) -> DiagonalMatrix:
    return raw(DiagonalMatrix, a)


def kron(*factors: MatrixExpr) -> MatrixExpr:
    return factors[0] if len(factors) == 1 else raw(KroneckerProduct, *factors)


def block(rows: Iterable[Iterable[MatrixExpr]]) -> BlockMatrix:
    return intern(BlockMatrix([list(r) for r in rows]))


def slice_of(a: MatrixExpr, rows: Iterable[Expr], cols: Iterable[Expr]) -> MatrixSlice:
    """``a[rows, cols]`` with (start, stop, step) triples."""
    return raw(MatrixSlice, a, Tuple(*rows), Tuple(*cols))


def matrix_sum(body: MatrixExpr, *limits: Iterable[Expr]) -> MatrixSum:
    return raw(MatrixSum, body, *(Tuple(*lim) for lim in limits))


def function(body: Expr) -> Lambda:
    """The one-argument Lambda with `body` in BOUND."""
    return intern(S.IdentityFunction) if body == BOUND else raw(Lambda, OF_BOUND, body)


def apply(f: Lambda, a: MatrixExpr) -> ElementwiseApplyFunction:
    """Elementwise `f` (a Lambda of BOUND) of the matrix `a`."""
    return raw(ElementwiseApplyFunction, f, a)


def hadamard_power(a: MatrixExpr, k: Expr) -> MatrixExpr:
    return a if k is S.One else raw(HadamardPower, a, k)


def trace(a: MatrixExpr) -> Trace:
    return raw(Trace, a)


def det(a: MatrixExpr) -> Determinant:
    return raw(Determinant, a)


def element(a: MatrixExpr, i: Expr = S.Zero, j: Expr = S.Zero) -> MatrixElement:
    """``a[i, j]``, unevaluated: SymPy's indexing would write the product out as a sum."""
    return raw(MatrixElement, a, i, j)
