"""The text of products of matrices that hold an entry of a product, ``((X*w).T*(X*w))[0, 0]**(-3/2)*A``, as SymPy writes it but in time.

To see whether brackets are needed SymPy negates a product and carries the result out, once a level of nesting: entries become sums over
indices, which it then tries to sum in closed form. An answer of four levels took it a minute to print. Whether a product has a minus sign
is whether its first factor is a negative number; a product that says so itself, in an attribute of the object, is not asked again.
"""

from functools import partial
from typing import Any

from sympy import MatMul, MatrixSymbol
from sympy.core.mul import _keep_coeff
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE

OF_ARGUMENTS = ("precedence", "_sympystr")  # attributes of an object with a text of its own: true of the arguments that it has


def is_costly(node: Any) -> bool:
    """Whether it is an entry of something else than a symbol."""
    return isinstance(node, MatrixElement) and not isinstance(node.parent, MatrixSymbol)


def with_text(node: MatMul, copy: MatMul) -> MatMul:
    """The copy of a product, with its binding and its text."""
    copy.__dict__["precedence"] = _binding(node)
    copy.__dict__["_sympystr"] = partial(_text, node)
    return copy


def _binding(node):
    first = node.args[0]
    return PRECEDENCE["Add"] if first.is_Number and first.is_extended_negative else PRECEDENCE["Mul"]


def _text(node, printer):
    c, rest = node.as_coeff_mmul()
    sign, level = "", _binding(node)
    if c.is_number and c.is_extended_negative:
        node, sign, level = _keep_coeff(-c, rest), "-", PRECEDENCE["Mul"]
    return sign + "*".join(printer.parenthesize(a, level) for a in node.args)
