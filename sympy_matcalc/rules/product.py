"""Sums and products: the rules that make everything else a chain."""

from sympy import Add, Mul
from sympy.matrices.expressions import KroneckerProduct, MatAdd, MatMul

from ..canonical.compositions import runs
from . import linear
from .matrix_functions import d_composition
from .registry import builtin


@builtin(MatAdd, Add, name="sum rule")
def d_sum(node, d):
    """d(A + B) = dA + dB."""
    return linear.add(*(d(a) for a in node.args))


@builtin(MatMul, Mul, name="product rule")
def d_product(node, d):
    """d(A B C) = dA B C + A dB C + A B dC."""
    args = node.args
    parts = runs(args) if isinstance(node, MatMul) else [(i, i + 1, None) for i in range(len(args))]
    changes = ((i, k, d(args[i]) if whole is None else d_composition(whole[0], whole[1], d)) for i, k, whole in parts)
    return linear.add(*(linear.mul(*args[:i], change, *args[k:]) for i, k, change in changes))


@builtin(KroneckerProduct, name="product rule for the Kronecker product", source="Magnus & Neudecker, ch. 9")
def d_kronecker(node, d):
    """d(A (x) B) = dA (x) B + A (x) dB (Magnus & Neudecker, ch. 9)."""
    args = node.args
    return linear.add(*(linear.kron(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)))
