"""Expressions that say that they are of complex numbers, where their nodes alone do not."""

from sympy import Adjoint, Basic, MatrixSymbol, conjugate, im, re
from sympy.core.numbers import ImaginaryUnit

from .walks import holds

OF_COMPLEX = "_of_complex_numbers"
OF_IT = (Adjoint, conjugate, re, im, ImaginaryUnit)  # what only complex numbers are typed with


def marked_complex(expr):
    """The same expression as an object of its own that says that it is one of complex numbers; itself where it cannot carry that."""
    if not expr.args or isinstance(expr, MatrixSymbol) or not hasattr(expr, "__dict__"):
        return expr
    copy = Basic.__new__(type(expr), *expr.args)
    copy.__dict__.update({**expr.__dict__, OF_COMPLEX: True})
    return copy


def is_of_complex(expr):
    """Whether an expression is surely one of complex numbers: it has conjugates or an imaginary unit, or was made as one."""
    return OF_COMPLEX in getattr(expr, "__dict__", ()) or holds(expr, OF_IT)
