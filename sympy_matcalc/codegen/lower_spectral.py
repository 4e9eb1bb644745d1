"""Functions of a matrix and their derivatives by one decomposition: what the helpers of `runtime.numpy_spectral` are asked for."""

from sympy import Function, Lambda, Mul, Pow, exp, log
from sympy.matrices.expressions import Transpose

from ..canonical.compositions import ANY, GROWING, composition, rotated, runs
from ..kernel.session import session
from ..nodes.declaration import is_library
from ..nodes.elementwise import Elementwise
from ..nodes.matrix_functions import MatrixFunction
from .lower import order_of
from .lower_scalar import RECIPROCAL
from .values import COL, ROW

NAMED = dict(exp="expm", log="logm", sin="sinm", cos="cosm", tan="tanm", sinh="sinhm", cosh="coshm", tanh="tanhm")
SPECTRAL_ORDER = 2  # the highest derivative that goes by one decomposition


def spectral(ctx, operation, e, directions, order):
    """The node of an operation with the function in the words of `runtime.divided_differences`; None where it goes by blocks."""
    if not ctx.decomposes or order > SPECTRAL_ORDER:
        return None
    return _by_words(ctx, operation, e.function.variables[0], e.function.expr, e.arg, directions)


def _by_words(ctx, operation, variable, body, arg, directions):
    words = Words(ctx, variable)
    function = words.of(written_out(body, variable))
    if function is None:
        return None
    matrix = ctx.matrix(arg)[0]
    return ctx.graph.make(operation, (matrix, spectrum(ctx, matrix), *directions, *words.numbers), (function, len(directions)))


def composed(ctx, e):
    """The node of a composition of functions of a matrix, ``(I + expm(A))^-1``, as one function; None of what is computed as written."""
    if not ctx.decomposes or order_of(e) == 1:
        return None
    with session():
        found = composition(e, ANY)
    if found is not None:
        return function_of(ctx, ANY, *found)
    if not isinstance(e, MatrixFunction):
        return None
    (x,), body = e.function.variables, e.function.expr
    is_composed = any(a.has(*GROWING) for f in body.atoms(Function, Pow) if f.has(x) for a in f.args) or _is_product(body, x)
    return function_of(ctx, x, body, e.arg) if is_composed else None


def _is_product(body, x):
    """Whether the factors of a product have two functions of x, or a function and an inverse."""
    factors = [f for f in Mul.make_args(body) if not f.is_polynomial(x)]
    return len(factors) > 1 and not all(f.is_rational_function(x) for f in factors)


def with_compositions(ctx, factors):
    """The factors of a product, those that are one function of a matrix together as that function."""
    if not ctx.decomposes:
        return factors
    with session():
        parts = runs(factors, ANY)
    if len(parts) == len(factors):
        return factors
    return [factors[i] if whole is None else _function(*whole) for i, _, whole in parts]


def _function(body, a):
    if isinstance(a, Transpose):
        return Transpose(_function(body, a.args[0]))
    return a if body == ANY else MatrixFunction(Lambda(ANY, body), a)


def around(ctx, factors):
    """The factors of a product whose trace is taken, the last of them first where it is a function of the same matrix as the first."""
    if not ctx.decomposes:
        return factors
    with session():
        return rotated(factors, ANY)


def function_of(ctx, variable, body, a):
    val = ctx.low(a)
    return None if val.diag or set(val.labels) != {ROW, COL} else _by_words(ctx, "frechet", variable, body, a, [])


def name_of(e):
    """The name of a function of SymPy's; none for one that a user declared, whose name may be the same."""
    return type(e).__name__ if is_library(type(e)) else ""


def spectrum(ctx, matrix):
    """The node of eigenvalues and vectors, for all that is computed of them."""
    return ctx.graph.make("spectrum", (matrix,))


def written_out(body, variable):
    """The package's functions of the variable by what they are in those of SymPy."""
    own = [e for e in body.atoms(Elementwise) if e.has(variable)]
    return body.replace(lambda e: e in own, lambda e: e.matrix_definition(*e.args)) if own else body


class Words:
    """A SymPy expression in one variable as "x", the position of a number among `numbers`, or (operation, operands); None for others."""

    def __init__(self, ctx, variable):
        self.ctx, self.variable, self.numbers = ctx, variable, []

    def of(self, e):
        if e == self.variable:
            return "x"
        if not e.has(self.variable):
            return self.number(e)
        rest = e * self.variable if e.is_Mul else e
        if e.is_Mul and 1 / self.variable in e.args and rest.subs(self.variable, 0) == 0:
            return self.with_operands("over", [rest])
        if e.is_Add or e.is_Mul:
            return self.with_operands("add" if e.is_Add else "mul", e.args)
        if e.is_Pow:
            return self.power(e.base, e.exp)
        name = name_of(e)
        if name in RECIPROCAL:
            return self.with_exponent(self.with_operands(RECIPROCAL[name], e.args), -1)
        return self.with_operands(name, e.args) if name in NAMED else None

    def number(self, e):
        val = self.ctx.scalar(e)
        if val.labels:
            return None
        self.numbers.append(val.node)
        return len(self.numbers) - 1

    def with_operands(self, name, args):
        operands = [self.of(a) for a in args]
        return None if None in operands else (name, *operands)

    def with_exponent(self, operand, k):
        return operand and ("power", operand, k)

    def power(self, base, exponent):
        if not base.has(self.variable):
            return self.of(exp(exponent * log(base), evaluate=False))
        if exponent.has(self.variable):
            return self.with_operands("exp", [exponent * log(base)])
        if exponent.is_Integer:
            return self.with_exponent(self.of(base), int(exponent))
        if (2 * exponent).is_Integer:
            root = self.with_operands("sqrt", [base])
            return root if 2 * exponent == 1 else self.with_exponent(root, int(2 * exponent))
        operands = self.of(base), self.number(exponent)
        return None if None in operands else ("root", *operands)
