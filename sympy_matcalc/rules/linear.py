"""Constructors of linear expressions: like `build`, but None is the zero differential and goes through."""

from sympy import Add, Mul
from sympy.matrices.expressions import KroneckerProduct, MatMul, Transpose

from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.shapes import is_matrix, parted


def add(*terms):
    """Sum of differentials of one shape."""
    kept = [t for t in terms if t is not None]
    if not kept:
        return None
    return make.add(*kept) if is_matrix(kept[0]) else raw_scalar(Add, *kept) if len(kept) > 1 else kept[0]


def mul(*factors):
    """Product with exactly one differential among the factors."""
    if any(f is None for f in factors):
        return None
    scalars, matrices = parted(factors)
    if not matrices:
        return scalars[0] if len(scalars) == 1 else raw_scalar(Mul, *scalars)
    return matrices[0] if len(factors) == 1 else raw(MatMul, *scalars, *matrices)


def lift(constructor, *fixed):
    """The constructor of one argument that passes None on."""
    return lambda a: None if a is None else constructor(a, *fixed)


transpose = lift(lambda a: raw(Transpose, a))
trace = lift(make.trace)


def hadamard(*factors):
    return None if any(f is None for f in factors) else make.hadamard(*factors)


def kron(*factors):
    return None if any(f is None for f in factors) else raw(KroneckerProduct, *factors)
