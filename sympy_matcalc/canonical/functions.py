"""Elementwise functions: canonical Lambdas, their derivatives (memoised: SymPy's scalar diff is what costs time), nested ones fused."""

from functools import lru_cache

from sympy import (
    Derivative,
    DiracDelta,
    Lambda,
    Mul,
    Pow,
    S,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    ceiling,
    count_ops,
    default_sort_key,
    exp,
    floor,
    log,
    loggamma,
)
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import HadamardPower, HadamardProduct, MatAdd, MatMul
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..compat import dummy
from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.binding import depends_on, substitute
from ..kernel.chains import hadamard_vectors
from ..kernel.scalars import has_minus
from ..kernel.session import session_state
from ..kernel.shapes import is_matrix, shape_of
from ..nodes.bound import BOUND
from ..nodes.undefined import in_primes
from ..notation.elementwise import entrywise_function, in_powers_of_exp
from .scalars import has_matrix
from .slopes import simplest

SIGNS = ("positive", "nonnegative", "real")
FIRST_SLOT = 7_100_000  # the numbers of the symbols that stand for parts of a body
FIRST_STEP = 7_150_000  # and of those that stand for what is constant between jumps
BRANCHED = (log, asin, acos, atan, asinh, acosh, atanh, loggamma)
FUSE_LIMIT = 24  # operations: larger compositions stay nested, or deep nets would grow


def body_of(f):
    """The body of a one-argument function, Lambda or class, in the bound symbol."""
    if f is S.IdentityFunction:
        return BOUND
    if isinstance(f, Lambda):
        (x,), body = f.args
        return body if x == BOUND else substitute(body, {x: BOUND})
    return f(BOUND)


def elementwise(body, a):
    """`body` applied to the entries of the matrix `a`: constants, multiples and powers in their own notation."""
    if not depends_on(body, BOUND):
        return make.mul(body, make.ones(*shape_of(a)))
    if body == BOUND:
        return a
    c, rest = body.as_coeff_Mul()
    if rest == BOUND:
        return make.mul(c, a)
    if isinstance(rest, Pow) and rest.base == BOUND and not depends_on(rest.exp, BOUND):
        return make.mul(c, power(a, rest.exp))
    if c is not S.One:
        return make.mul(c, elementwise(rest, a))
    outer = [f for f in body.args if not f.is_Number and not depends_on(f, BOUND)] if isinstance(body, Mul) else []
    if outer:
        return make.mul(*outer, elementwise(body.func(*(f for f in body.args if f not in outer)), a))
    return _applied(body, a)


def _applied(body, a):
    """`body`, which has no constant factors, applied to the entries: together with the function that `a` is, -a as a where f is even."""
    inner = entrywise_function(a) if isinstance(a, (ElementwiseApplyFunction, MatAdd)) else None
    if inner is not None:
        fused = _fuse(body, inner[1])
        if fused is not None:
            return elementwise(fused, inner[0])
    if isinstance(a, MatMul) and not is_matrix(a.args[0]) and has_minus(a.args[0]) and is_even(body):
        a = make.mul(-a.args[0], *a.args[1:])
    return make.apply(make.function(body), a)


@lru_cache(maxsize=4096)
def is_even(body):
    """Whether f(-u) = f(u), as SymPy writes it or as a rational function of exp(u), such as the derivative of the logistic function."""
    turned = body.xreplace({BOUND: -BOUND})
    if turned == body or not body.has(exp):
        return turned == body
    return in_powers_of_exp(body - turned) == 0


def power(a, k):
    """Hadamard power of a matrix by a scalar."""
    if k == 0:
        return make.ones(*shape_of(a))
    if isinstance(a, HadamardPower) and not is_matrix(a.args[1]) and k.is_integer:
        return power(a.args[0], a.args[1] * k)
    inner = entrywise_function(a) if isinstance(a, MatAdd) and k.is_number else None
    if inner is not None and count_ops(inner[1]) < FUSE_LIMIT and may_be_put_into(BOUND**k, inner[1]):
        return elementwise(Pow(inner[1], k), inner[0])
    if isinstance(a, HadamardProduct) and k.is_integer:
        return hadamard_vectors([power(x, k) for x in a.args])
    return make.hadamard_power(a, k)


def _fuse(outer, inner):
    if count_ops(outer) + count_ops(inner) > FUSE_LIMIT or not may_be_put_into(outer, inner):
        return None
    return substitute(outer, {BOUND: inner})


def may_be_put_into(outer, inner):
    """Whether outer(inner(u)) as SymPy writes it for real u is right in this session: of complex u it need not be at a branch cut."""
    if not session_state.is_complex or not (has_branch(outer) or has_branch(inner)):
        return True
    return inner.is_polynomial(BOUND) and (inner.diff(BOUND)).is_number


def has_branch(body, symbol=BOUND):
    """Whether a function of a symbol has a branch cut: a logarithm, a root or the inverse of a function of angles."""
    return any(f.has(symbol) for f in body.atoms(*BRANCHED)) or any(p.has(symbol) and not p.exp.is_integer for p in body.atoms(Pow))


def derivative(body, symbol=BOUND):
    """d body / d symbol, simplified where SymPy leaves kinks in a clumsy form; MissingRuleError if SymPy knows no derivative.

    Scalars of matrices in the body are constants, which SymPy does not get to see.
    """
    slots = slots_of(dict.fromkeys(_scalars_of_matrices(body, symbol)), "c", FIRST_SLOT)
    if not slots:
        return _derivative(body, symbol)
    return substitute(_derivative(substitute(body, slots), symbol), {slot: c for c, slot in slots.items()})


def slots_of(parts, name, first):
    """{part: a symbol of the same sign that stands for it}, the same symbols for as many parts, so that derivatives are remembered."""
    slots = {}
    for i, part in enumerate(parts):
        sign_of_part = next((s for s in SIGNS if getattr(part, f"is_{s}")), "real")
        slots[part] = dummy(f"{name}_{i}", first + i, **{sign_of_part: True})
    return slots


def _scalars_of_matrices(e, symbol):
    """The largest parts that hold matrices and do not depend on the symbol."""
    if not e.args or not has_matrix(e):
        return
    if not depends_on(e, symbol) and not is_matrix(e):
        yield e
        return
    for a in e.args:
        if is_matrix(a):
            raise MissingRuleError(
                f"`{e}` is a scalar of a matrix that depends on the argument `{symbol}` of a function: it needs a rule of its own"
            )
        yield from _scalars_of_matrices(a, symbol)


FAILURES = (ValueError, TypeError, NotImplementedError, AttributeError, LookupError, ArithmeticError)  # what SymPy's functions raise


@lru_cache(maxsize=4096)
def _derivative(body, symbol):
    jumping = sorted((e for e in body.atoms(floor, ceiling) if e.has(symbol)), key=default_sort_key)
    steps = {e: dummy("step", FIRST_STEP + k, real=True) for k, e in enumerate(jumping)}  # constant between the jumps
    try:
        found = body.xreplace(steps).diff(symbol).xreplace({d: e for e, d in steps.items()})
    except FAILURES as error:  # of a symbol that is stated to be infinite, say
        raise MissingRuleError(
            f"SymPy has no derivative of `{body}` by `{symbol}`: {error}; give the function an `fdiff` method"
        ) from error
    if found.has(DiracDelta) and not body.has(DiracDelta):
        found = found.replace(DiracDelta, lambda *at: S.Zero)  # the derivative of the smooth pieces
    if found.has(Derivative):
        found = in_primes(found.doit())
        if found.has(Derivative) and not any(d.expr.has(AppliedUndef) for d in found.atoms(Derivative)):
            raise MissingRuleError(
                f"SymPy has no derivative of the scalar function `{body}` by `{symbol}` (it answers `{found}`); "
                "give the function an `fdiff` method"
            )
    return simplest(found)
