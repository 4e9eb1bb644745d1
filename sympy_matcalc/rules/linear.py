"""Constructors of linear expressions: like `build`, but None is the zero differential and goes through."""

from .. import build as b


def add(*terms):
    """Sum of differentials of one shape."""
    kept = [t for t in terms if t is not None]
    if not kept:
        return None
    return b.add(*kept) if b.is_matrix(kept[0]) else b.raw_scalar(b.Add, *kept) if len(kept) > 1 else kept[0]


def mul(*factors):
    """Product with exactly one differential among the factors."""
    if any(f is None for f in factors):
        return None
    scalars = [f for f in factors if not b.is_matrix(f)]
    matrices = [f for f in factors if b.is_matrix(f)]
    if not matrices:
        return scalars[0] if len(scalars) == 1 else b.raw_scalar(b.Mul, *scalars)
    return matrices[0] if len(factors) == 1 else b.raw(b.MatMul, *scalars, *matrices)


def lift(constructor, *fixed):
    """The constructor of one argument that passes None on."""
    return lambda a: None if a is None else constructor(a, *fixed)


transpose = lift(lambda a: b.raw(b.Transpose, a))
trace = lift(b.trace)
diag_matrix = lift(b.diag_matrix)
diagonal_of = lift(b.diagonal_of)
diagonal_matrix = lift(b.diagonal_matrix)


def hadamard(*factors):
    return None if any(f is None for f in factors) else b.hadamard(*factors)


def kron(*factors):
    return None if any(f is None for f in factors) else b.raw(b.KroneckerProduct, *factors)
