"""An expression with every conjugate at a symbol, where it is a symbol of its own: what is left is differentiable in both.

before: ``Abs(Trace(Adjoint(Z)*A))**2``
after:  ``Trace(Zc.T*A)*Trace(Z.T*Ac)``, with Zc and Ac the stand-ins of the conjugates
"""

from typing import Any

from sympy import Abs, Basic, Expr, I, Pow, S, Symbol, arg, conjugate, im, log, re, sign
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import Piecewise
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import Adjoint, HadamardPower, HadamardProduct, MatMul, MatrixSymbol, Trace, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.interning import intern, raw
from ..kernel.scalars import rebuild_scalar
from ..kernel.shapes import is_column, is_matrix, shape_of
from ..kernel.walks import every_node, free_symbols, holds
from ..nodes import Einsum, EinsumTerm, ElementSum, LogAbsDeterminant, MatrixSqrt, MatrixSum, Norm, NuclearNorm
from ..nodes.arrays import is_array_expression
from ..nodes.elementwise import Elementwise
from .entries import Entries
from .stand_ins import StandIns
from .tables import FUNCTIONS, HOLOMORPHIC, INSTEAD, MATRIX_FUNCTIONS, RAW

HANDLERS = {}
OF_COMPLEX = (Adjoint, conjugate, re, im, arg)
OF_REAL = (Abs, sign, re, im, arg, conjugate, Adjoint, Norm)  # what is said otherwise of complex numbers


def handles(*classes):
    """Register ``f(c, e, barred)``: the expression e, or its conjugate, by stand-ins; ``c(a, barred)`` is that of a part."""

    def register(f):
        for cls in classes:
            HANDLERS[cls] = f
        return f

    return register


class Conjugation:
    """``c(e, False)`` is the expression by stand-ins, ``c(e, True)`` its conjugate; norms: {what stands for a squared norm: the norm};
    nuclear: {what stands for a nuclear norm: the norm}.
    """

    def __init__(self, stand_ins: StandIns):
        self.stand_ins, self.norms, self.nuclear = stand_ins, {}, {}
        self.memo: dict[Any, Any] = {}
        self.known: dict[Any, bool] = {}

    def __call__(self, e: Any, barred: bool) -> Any:
        found = self.memo.get((e, barred))
        if found is None:
            found = self.memo[e, barred] = self._found(e, barred)
        return found

    def _found(self, e, barred):
        if not self.stand_ins.has_complex(e, self.known) and not holds(e, OF_COMPLEX):
            return e
        handler = next((HANDLERS[cls] for cls in type(e).__mro__ if cls in HANDLERS), None)
        if handler is not None:
            return handler(self, e, barred)
        if isinstance(e, MatrixBase):
            return e.applyfunc(lambda x: self(x, barred)).as_immutable()
        raise MissingRuleError(_refusal(e))

    def pair(self, e):
        """The expression and its conjugate."""
        return self(e, False), self(e, True)


def _refusal(e):
    name = type(e).__name__
    if isinstance(e, AppliedUndef):
        return f"`{e}`: nothing is known of the conjugate of `{name}`, so there is no complex derivative; write the function out"
    why = next((f": {text}" for cls, text in INSTEAD.items() if isinstance(e, cls)), "")
    if not why and is_array_expression(e):
        why = ": write it by matrices, or as an `Einsum`"
    return f"`{name}` has no complex derivative, met at `{e}` where complex numbers are in it{why}"


# ---------------------------------------------------------------- symbols


@handles(Symbol, MatrixSymbol)
def symbol(c, e, barred):
    return c.stand_ins.conjugate_of[e] if barred else c.stand_ins.of[e]


@handles(type(S.ImaginaryUnit))
def imaginary_unit(c, e, barred):
    return -e if barred else e


# ---------------------------------------------------------------- what a conjugate passes through


@handles(*HOLOMORPHIC, Pow, *FUNCTIONS)
def holomorphic(c, e, barred):
    args = [c(a, barred) if isinstance(a, Expr) or is_matrix(a) else a for a in e.args]
    if isinstance(e, RAW):
        return raw(type(e), *args)
    return intern(e.func(*args) if is_matrix(e) else rebuild_scalar(e, args))


@handles(MatrixElement)
def element(c, e, barred):
    return raw(MatrixElement, c(e.parent, barred), *e.args[1:])


@handles(Elementwise)
def defined(c, e, barred):
    """An analytic function of the package, by its definition."""
    if not e.is_analytic:
        raise MissingRuleError(_refusal(e))
    return c(e.defined, barred)


@handles(*MATRIX_FUNCTIONS)
def matrix_function(c, e, barred):
    """f(A) of an f with real coefficients."""
    for a in e.args:
        if not is_matrix(a) and c.stand_ins.has_complex(getattr(a, "expr", a), c.known):
            raise MissingRuleError(f"`{a}` in `{e}` has complex coefficients; a function of a complex matrix must have real ones")
    return intern(e.func(*(c(a, barred) if is_matrix(a) else a for a in e.args)))


@handles(ExprWithLimits, MatrixSum)
def over_an_index(c, e, barred):
    """A sum: the conjugate of what is summed."""
    return intern(e.func(c(e.args[0], barred), *e.args[1:]))


@handles(Einsum)
def einsum(c, e, barred):
    terms = [
        EinsumTerm(c(t.coefficient, barred), t.dims, t.out, [(c(op, barred), *axes) for op, axes in t.factors], t.limits) for t in e.terms
    ]
    return intern(Einsum(e.axes_shape, *terms))


@handles(ElementwiseApplyFunction)
def of_the_entries(c, e, barred):
    return Entries(c, e.expr).apply(e.function, barred)


# ---------------------------------------------------------------- conjugates, and what is defined by them


@handles(Adjoint)
def adjoint(c, e, barred):
    return raw(Transpose, c(e.arg, not barred))


@handles(conjugate)
def conjugated(c, e, barred):
    return c(e.args[0], not barred)


@handles(re)
def real_part(c, e, barred):
    u, v = c.pair(e.args[0])
    return (u + v) / 2


@handles(im)
def imaginary_part(c, e, barred):
    u, v = c.pair(e.args[0])
    return (u - v) / (2 * I)


@handles(arg)
def angle(c, e, barred):
    u, v = c.pair(e.args[0])
    return (log(u) - log(v)) / (2 * I)


@handles(Abs)
def modulus(c, e, barred):
    u, v = c.pair(e.args[0])
    return _root(u * v)


def _root(e):
    """The square root of a scalar; SymPy's own fails on determinants of sums inside of it."""
    return rebuild_scalar(Pow(e, S.Half, evaluate=False), (e, S.Half))


@handles(sign)
def direction(c, e, barred):
    """z/|z|."""
    return c(e.args[0], barred) / modulus(c, e, barred)


@handles(Norm)
def norm(c, e, barred):
    """||A|| = sqrt(tr(A^H A)), (sum_ij |A_ij|^p)^(1/p)."""
    u, v = c.pair(e.arg)
    if e.p == 2:
        product = raw(MatMul, raw(Transpose, v), u)
        squared = make.element(product) if is_column(u) else raw(Trace, product)
        c.norms[squared] = e
        return _root(squared)
    if e.p is S.Infinity:
        raise MissingRuleError(f"`{e}` has no complex derivative: the largest entry jumps; take a norm with a finite p")
    return ElementSum(raw(HadamardPower, raw(HadamardProduct, u, v), e.p / 2)) ** (1 / e.p)


@handles(NuclearNorm)
def nuclear_norm(c, e, barred):
    """tr (A^H A)^(1/2), which is tr (A A^H)^(1/2): the smaller of the two where it is known, whose root has derivatives."""
    u, v = c.pair(e.arg)
    rows, cols = shape_of(e.arg)
    gram = (u, raw(Transpose, v)) if (rows - cols).is_negative else (raw(Transpose, v), u)
    trace = raw(Trace, raw(MatrixSqrt, raw(MatMul, *gram)))
    c.nuclear[trace] = e
    return trace


@handles(LogAbsDeterminant)
def log_abs_determinant(c, e, barred):
    u, v = c.pair(e.arg)
    return (log(make.det(u)) + log(make.det(v))) / 2


@handles(Piecewise)
def piecewise(c, e, barred):
    """By pieces under conditions on real numbers."""
    for _, condition in e.args:
        if c.stand_ins.has_complex(condition, c.known):
            raise MissingRuleError(
                f"`{condition}` in `{e}` compares complex numbers, which have no order: write it of real ones, such as `re(z)`"
            )
    return intern(Piecewise(*((c(value, barred), condition) for value, condition in e.args)))


def real_only(e: Basic, stand_ins: set) -> Any:
    """A node of an answer, of what is complex, that came of what is true of real numbers alone; None where there is none."""
    found = [a for a in every_node(e) if isinstance(a, OF_REAL) and free_symbols(a) & stand_ins]
    return min(found, key=str) if found else None
