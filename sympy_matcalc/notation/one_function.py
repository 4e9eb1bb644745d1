"""The Jacobian of a function of the entries is the diagonal matrix of one function: diag(2 u cos(u^2)) of x, not 2 diag(x o cos(x o x))."""

from typing import Any

from sympy import Expr, S
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.binding import substitute
from ..kernel.chains import open_product
from ..kernel.shapes import is_matrix
from ..nodes.bound import BOUND


def diagonal_of_one_function(node: Any) -> Any:
    """A multiple of diag(x^k o f(c x^j) o ..) as the diagonal matrix of one function of x; anything else as it is."""
    c, chain = open_product(node)
    if len(chain) != 1 or not isinstance(chain[0][0], DiagMatrix) or not c.is_number:
        return node
    v = chain[0][0].args[0]
    bodies = [_function_of_power(f) for f in v.args] if isinstance(v, HadamardProduct) else []
    arguments = {z: None for z, _ in bodies}
    if len(arguments) != 1 or not any(_is_of_power(f) for f in v.args):
        return node
    (z,) = arguments
    body = c
    for _, factor in bodies:
        body = body * factor
    return make.diag_matrix(make.apply(make.function(body), z))


def _is_of_power(factor: Any) -> bool:
    """Whether it is a function of a power, whose derivative brought the other factors."""
    return isinstance(factor, ElementwiseApplyFunction) and _power(factor.args[1])[1] != BOUND


def _function_of_power(factor: Any) -> tuple[Any, Expr]:
    """(z, body) of a function of the entries of z, or of a multiple of a power of them."""
    if not isinstance(factor, ElementwiseApplyFunction):
        return _power(factor)
    z, inner = _power(factor.args[1])
    return z, substitute(factor.function.expr, {BOUND: inner})


def _power(a: Any) -> tuple[Any, Expr]:
    """(z, c u^k) of c z^k."""
    c, chain = open_product(a)
    base = chain[0][0] if len(chain) == 1 and chain[0][1:] == (False, S.One) else None
    if isinstance(base, HadamardPower) and not is_matrix(base.args[1]):
        return base.args[0], c * BOUND ** base.args[1]
    return a, BOUND
