"""How tightly what is printed holds together: what decides about brackets.

No `doit` and no negation is used here: SymPy's own test for a minus sign negates a product, which evaluates everything in it.
"""

from sympy import Abs, Derivative, Integral, Limit, Mul, Piecewise, Pow, Product, Sum, log
from sympy.matrices.expressions import (
    Adjoint,
    Determinant,
    DotProduct,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    OneMatrix,
    Transpose,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import GenericIdentity
from sympy.printing.precedence import PRECEDENCE, precedence_traditional

from ..nodes import (
    CrossProduct,
    EinsumMatrix,
    EinsumScalar,
    GroupResolvent,
    MatrixExp,
    MatrixSqrt,
    MatrixSum,
    MatrixUnit,
    PseudoInverse,
    ReducedResolvent,
)
from ..nodes.algebra_text import is_negative
from . import elementwise

ADD, MUL, POW, ATOM = (PRECEDENCE[name] for name in ("Add", "Mul", "Pow", "Atom"))
RESOLVENTS = (PseudoInverse, ReducedResolvent, GroupResolvent)
SUPERSCRIPTED = (Transpose, Adjoint, Inverse, MatPow, HadamardPower, *RESOLVENTS, MatrixSqrt, MatrixExp, EinsumMatrix)
PRODUCTS = (HadamardProduct, KroneckerProduct, DiagonalMatrix, MatrixSum, CrossProduct)
OPEN = (Sum, Product, Integral, Limit, Derivative, MatrixSum, EinsumScalar)  # a big operator takes in what stands behind it


def binding(e):
    """ADD, MUL, POW or ATOM (or one of SymPy's in between): what `e` is as it is printed."""
    if isinstance(e, MatrixElement):
        return binding(e.parent) if is_whole(e) else ATOM
    if isinstance(e, MatMul):
        return ADD if is_negative(e) else MUL
    if isinstance(e, MatAdd):
        return ADD
    if isinstance(e, ElementwiseApplyFunction):
        return elementwise.binding(e)
    if isinstance(e, EinsumScalar):
        return ADD if len(e.terms) != 1 or is_negative(e.terms[0].coefficient) else MUL
    if isinstance(e, OneMatrix):
        return POW if e.shape[0] == 1 else ATOM
    if isinstance(e, MatrixUnit):
        return POW if e.shape[0] == 1 != e.shape[1] else ATOM
    if isinstance(e, SUPERSCRIPTED):
        return POW
    if isinstance(e, PRODUCTS + OPEN) or isinstance(e, DotProduct) or is_log_det(e):
        return MUL
    if isinstance(e, Identity | GenericIdentity):
        return ATOM
    return precedence_traditional(e)


def is_whole(e):
    """The entry of a 1 x 1 matrix: printed as the matrix itself."""
    return isinstance(e, MatrixElement) and e.parent.shape == (1, 1)


def is_log_det(e):
    """The logarithm of a determinant, or of its absolute value."""
    if not isinstance(e, log) or len(e.args) != 1:
        return False
    inner = e.args[0].args[0] if isinstance(e.args[0], Abs) else e.args[0]
    return isinstance(inner, Determinant)


def is_open(e):
    """Whether a factor behind `e` would read as part of it."""
    if isinstance(e, OPEN) or is_log_det(e) or isinstance(e, Piecewise):
        return True
    if isinstance(e, MatMul):
        return is_open(e.args[-1])
    if isinstance(e, Mul):
        return not any(map(_is_below, e.args)) and is_open(e.as_ordered_factors()[-1])
    return is_whole(e) and is_open(e.parent)


def _is_below(factor):
    """Whether a factor makes the product a fraction, which is closed."""
    return isinstance(factor, Pow) and bool(factor.exp.is_negative) or factor.is_Rational and factor.q != 1
