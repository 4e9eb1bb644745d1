"""Functions of the entries of a complex matrix: with conjugates or absolute values inside as elementwise products of Z and conj(Z)."""

from typing import Any

from sympy import Abs, Add, Expr, I, Lambda, Mul, Pow, S, arg, conjugate, exp, im, log, re, sign
from sympy.matrices.expressions import HadamardPower, HadamardProduct, MatAdd, MatMul, OneMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..canonical.functions import has_branch
from ..compat import dummy
from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, shape_of
from ..nodes.bound import BOUND
from ..nodes.elementwise import Elementwise
from .tables import FUNCTIONS

ENTRY = dummy("w", 7_000_009)  # an entry: no real number, or |w|^2 would be w^2


class Entries:
    """Functions of the entries of the matrix `z`; c: the `Conjugation` that it is part of."""

    def __init__(self, c: Any, z: Any):
        self.c, self.both = c, c.pair(z)
        self.ones = raw(OneMatrix, *shape_of(self.both[0]))

    def apply(self, f: Any, barred: bool) -> Any:
        """f(Z), or its conjugate, for a function of one argument."""
        body = body_of(f)
        found = self.whole(body, barred) or self.of(body, barred)
        return found if is_matrix(found) else raw(MatMul, found, self.ones)

    def whole(self, body: Expr, barred: bool) -> Any:
        """The function as it stands, where it has real coefficients and a conjugate passes through it; None elsewhere."""
        if self.c.stand_ins.has_complex(body, self.c.known) or not is_analytic(body):
            return None
        return raw(ElementwiseApplyFunction, make.function(body.xreplace({ENTRY: BOUND})), self.both[barred])

    def of(self, body: Expr, barred: bool) -> Any:
        """A matrix, or a scalar where nothing in the body depends on the entry."""
        if not body.has(ENTRY):
            return self.c(body, barred)
        if body == ENTRY:
            return self.both[barred]
        if isinstance(body, Add):
            return raw(MatAdd, *(self.as_matrix(self.of(t, barred)) for t in body.args))
        if isinstance(body, Mul):
            return self.times(*(self.of(f, barred) for f in body.args))
        if isinstance(body, Pow):
            return self.power(body, barred)
        if isinstance(body, (conjugate, re, im, arg, Abs, sign)):
            return self.by_conjugates(body, barred)
        if isinstance(body, Elementwise) and body.is_analytic:
            return self.of(body.defined, barred)
        if isinstance(body, FUNCTIONS) and len(body.args) == 1:
            return self.function(body.func, self.of(body.args[0], barred))
        raise MissingRuleError(
            f"`{type(body).__name__}` of the entries of a complex matrix has no complex derivative, met at `{body}`: "
            "write it with other functions"
        )

    def function(self, f: Any, a: Any) -> Any:
        return raw(ElementwiseApplyFunction, make.function(f(BOUND)), a)

    def power(self, body: Pow, barred: bool) -> Any:
        base, k = (self.of(a, barred) for a in body.args)
        if not is_matrix(k):
            return raw(HadamardPower, base, k)
        if is_matrix(base):  # b^k = exp(k log b)
            return self.function(exp, raw(HadamardProduct, k, self.function(log, base)))
        return self.function(exp, self.times(log(base), k))

    def by_conjugates(self, body: Expr, barred: bool) -> Any:
        u, v = (self.as_matrix(self.of(body.args[0], b)) for b in (False, True))
        if isinstance(body, conjugate):
            return u if barred else v
        if isinstance(body, re):
            return self.times(S.Half, raw(MatAdd, u, v))
        if isinstance(body, arg):
            u, v = self.function(log, u), self.function(log, v)
        if isinstance(body, (im, arg)):
            return self.times(-I / 2, raw(MatAdd, u, self.times(S.NegativeOne, v)))
        if isinstance(body, sign):
            size = raw(HadamardPower, raw(HadamardProduct, u, v), -S.Half)
            return raw(HadamardProduct, v if barred else u, size)
        return raw(HadamardPower, raw(HadamardProduct, u, v), S.Half)

    def as_matrix(self, a: Any) -> Any:
        return a if is_matrix(a) else raw(MatMul, a, self.ones)

    def times(self, *factors: Any) -> Any:
        scalars, matrices = [f for f in factors if not is_matrix(f)], [f for f in factors if is_matrix(f)]
        product = matrices[0] if len(matrices) == 1 else raw(HadamardProduct, *matrices)
        return raw(MatMul, Mul(*scalars), product) if scalars else product


def body_of(f: Any) -> Expr:
    """The body of a function of one argument in `ENTRY`."""
    if not isinstance(f, Lambda):
        return f(ENTRY)
    (x,) = f.variables
    if x.is_extended_real and x != BOUND:
        raise MissingRuleError(
            f"`{f}` is a function of a number that is declared real, applied to complex ones: write it of a plain symbol"
        )
    return f.expr.xreplace({x: ENTRY})


def is_analytic(body: Expr) -> bool:
    """Whether a body is of analytic functions alone, a branch cut only around c u + d, where SymPy's rules for real u hold too."""
    if not body.has(ENTRY) or body == ENTRY:
        return True
    if isinstance(body, Lambda) or not isinstance(body, (Add, Mul, Pow, *FUNCTIONS)):
        return False
    if isinstance(body, (Pow, *FUNCTIONS)) and has_branch(body, ENTRY) and not has_branch(body.args[0], ENTRY):
        inner = body.args[0]
        return (not body.args[1:] or not body.args[1].has(ENTRY)) and inner.is_polynomial(ENTRY) and inner.diff(ENTRY).is_number
    return not (isinstance(body, Pow) and body.exp.has(ENTRY)) and all(map(is_analytic, body.args))
