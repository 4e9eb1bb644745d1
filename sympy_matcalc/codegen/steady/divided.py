"""What a power of a norm divides is divided by the norm first: the power may be out of range where the quotient is not.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.nodes import Norm
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
>>> before_and_after(divided, x*x.T/Norm(x)**2)
before: norm(x; 0)**-2*sum(x[i] x[j] -> ij)
after:  sum(quotient(x, norm(x; 0))[i] quotient(x, norm(x; 0))[j] -> ij)
>>> before_and_after(divided, (x.T*y)[0, 0]/Norm(x)**2)
before: sum(x[i] y[i] -> )*norm(x; 0)**-2
after:  quotient(sum(x[i] y[i] -> ), norm(x; 0))*norm(x; 0)**-1

The norm itself is in range where x is:

>>> before_and_after(divided, x/Norm(x))
before: norm(x; 0)**-1*x
after:  norm(x; 0)**-1*x
"""

from .norms import divided_factors, divided_in_turn, divided_powers
from .walk import passed

RULES = {"mul": (divided_powers, divided_in_turn), "contract": (divided_factors,)}


def divided(graph, roots, context):
    """The roots with the rules applied once to every node."""
    return passed(graph, roots, RULES)
