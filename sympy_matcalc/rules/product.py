"""Sums and products: the rules that make everything else a chain."""

from sympy import Add, Mul
from sympy.matrices.expressions import KroneckerProduct, MatAdd, MatMul

from . import linear
from .registry import builtin


@builtin(MatAdd, Add, name="sum rule")
def d_sum(node, d):
    """d(A + B) = dA + dB."""
    return linear.add(*(d(a) for a in node.args))


@builtin(MatMul, Mul, name="product rule")
def d_product(node, d):
    """d(A B C) = dA B C + A dB C + A B dC."""
    args = node.args
    return linear.add(*(linear.mul(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)))


@builtin(KroneckerProduct, name="product rule for the Kronecker product", source="Magnus & Neudecker, ch. 9")
def d_kronecker(node, d):
    """d(A (x) B) = dA (x) B + A (x) dB (Magnus & Neudecker, ch. 9)."""
    args = node.args
    return linear.add(*(linear.kron(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)))
