"""Scalar functions of scalars: SymPy's own derivative of the function is the rule, memoised."""

from sympy import Abs, Derivative, Determinant, Expr, KroneckerDelta, MatrixSymbol, Mul, Piecewise, Pow, Product, S, Subs, Sum, Trace, log
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import functions
from ..compat import dummy
from ..errors import MissingRuleError, ShapeError
from ..kernel.binding import substitute
from ..kernel.indices import fresh_index, plain_name
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import Einsum, ElementProduct
from ..nodes.base import ScalarOfMatrix
from ..nodes.bound import BOUND
from ..nodes.undefined import FunctionDerivative
from . import linear
from .products_of_entries import d_log_of_product
from .registry import builtin

FIRST_SLOT = 7_300_000  # the numbers of the symbols that stand for the arguments of a function
SCALARS_OF_MATRICES = (Trace, Determinant, MatrixElement, Einsum, Sum, Product, ScalarOfMatrix)


@builtin(Pow, name="power rule")
def d_pow(node, d):
    """d(u^k) = k u^(k-1) du + u^k log(u) dk; of a product of entries to a power that needs u != 0, k u^k d(log u) + u^k log(u) dk."""
    u, k = node.args
    if isinstance(u, ElementProduct) and _is_singular_at_zero(k):
        by_base = d_log_of_product(u, d)
        by_base = None if by_base is None else linear.mul(k * node, by_base)
    else:
        du = d(u)
        by_base = None if du is None else linear.mul(k, u ** (k - 1), du)
    dk = d(k)
    return linear.add(by_base, None if dk is None else linear.mul(node * log(u), dk))


def _is_singular_at_zero(k):
    """Whether u^k has no derivative at u = 0: k < 1, as the -1/2 of a root of a product, the 1/n of a geometric mean."""
    inverse = 1 / k
    return (k - 1).is_negative or k is not S.One and inverse.is_integer and inverse.is_positive


def _products_in(node):
    """(the powers of products of entries among the factors of what the logarithm is of, the product of the others)."""
    factors = Mul.make_args(node.args[0])
    apart = [f for f in factors if isinstance(f.as_base_exp()[0], ElementProduct)]
    return apart, Mul(*(f for f in factors if f not in apart))


@builtin(log, name="chain rule", name_of=lambda node: "logarithm of a product" if _products_in(node)[0] else None)
def d_log(node, d):
    """d log u = du/u; factors of u that are products of entries apart, d log(u prod(A)^k) = du/u + k <A^{o -1}, dA> + log prod(A) dk."""
    apart, rest = _products_in(node)
    if not apart:
        return d_function(node, d)
    terms = []
    for p, k in (f.as_base_exp() for f in apart):
        by_base, dk = d_log_of_product(p, d), d(k)
        terms += [None if by_base is None else linear.mul(k, by_base), None if dk is None else linear.mul(log(p), dk)]
    du = d(rest)
    return linear.add(*terms, None if du is None else linear.mul(1 / rest, du))


@builtin(Abs, name="differential of an absolute value")
def d_abs(node, d):
    """d|u| = sign(u) du; 0 at u = 0."""
    (u,) = node.args
    return linear.mul(substitute(functions.derivative(Abs(BOUND)), {BOUND: u}), d(u))


@builtin(Piecewise, name="differential of each piece")
def d_piecewise(node, d):
    """The derivative of each piece under its own condition; jumps do not count."""
    atoms = sorted(set().union(*(_atoms(value) for value, _ in node.args)), key=sort_key)
    slots = {a: dummy("p", FIRST_SLOT + k, real=True) for k, a in enumerate(atoms)}
    terms = []
    for a, slot in slots.items():
        da = d(a)
        if da is not None:
            pieces = [(functions.derivative(substitute(value, slots), slot), c) for value, c in node.args]
            terms.append(linear.mul(substitute(Piecewise(*pieces), {s: x for x, s in slots.items()}), da))
    return linear.add(*terms)


def _atoms(e):
    """The largest parts of a scalar that are no plain scalar function: symbols and scalars of matrices."""
    if e.is_Symbol or isinstance(e, SCALARS_OF_MATRICES):
        return {e}
    return set().union(*(_atoms(a) for a in e.args)) if e.args else set()


@builtin(Sum, name="sum rule")
def d_scalar_sum(node, d):
    """d sum_i f_i = sum_i d f_i."""
    body = d(node.function)
    return None if body is None else raw(Sum, body, *node.limits)


@builtin(Product, name="product rule")
def d_scalar_product(node, d):
    """d prod_i f_i = sum_i (prod_{j != i} f_j) d f_i, which holds where factors are 0 too."""
    body = d(node.function)
    if body is None:
        return None
    other = {lim[0]: fresh_index(plain_name(lim[0]), lim[1].is_nonnegative) for lim in node.limits}
    same = Mul(*(KroneckerDelta(i, j) for i, j in other.items()))  # no Piecewise: SymPy's Sum would draw it out of the Product
    factor = same + (1 - same) * node.function.xreplace(other)
    rest = Product(factor, *(lim.xreplace(other) for lim in node.limits))
    return raw(Sum, linear.mul(rest, body), *node.limits)


def d_function(node, d):
    """d f(u, v, ...) = f_u du + f_v dv + ...; for every scalar function that has no rule of its own."""
    for a in node.args:
        if is_matrix(a):
            raise ShapeError(
                f"`{node.func}` of a matrix of shape {shape_of(a)} in `{node}`; write `.applyfunc({node.func})` for every entry"
            )
    if isinstance(node, FunctionDerivative):
        return linear.add(*(None if d(p) is None else linear.mul(node.partial(i), d(p)) for i, p in enumerate(node.point)))
    undefined = isinstance(node, AppliedUndef)
    slots = [a if _is_fixed(a) and not undefined else dummy(f"u_{i}", FIRST_SLOT + i, real=True) for i, a in enumerate(node.args, 1)]
    return linear.add(*(None if d(a) is None else linear.mul(_partial(node, i, slots), d(a)) for i, a in enumerate(node.args)))


def _is_fixed(a):
    """Numbers, and what is no number at all, such as the parameters of `hyper`: SymPy's functions look at them."""
    return not isinstance(a, Expr) or bool(a.is_number)


def _partial(node, i, slots):
    """f_u at the arguments; by plain symbols in SymPy's own words, the Derivative of an undefined function."""
    if len(node.args) == 1:
        found = substitute(functions.derivative(node.func(BOUND)), {BOUND: node.args[0]})
    else:
        found = functions.derivative(_applied(node, slots), slots[i])
        found = substitute(found, {slot: a for slot, a in zip(slots, node.args) if slot is not a})
    plain = all(a.is_Symbol or _is_entry(a) for a in node.args) and len(set(node.args)) == len(node.args)
    return found.replace(FunctionDerivative, _as_derivative) if plain and found.has(FunctionDerivative) else found


def _applied(node, slots):
    """The function of symbols; MissingRuleError where SymPy's has none, as one that is of whole numbers alone."""
    try:
        return node.func(*slots)
    except functions.FAILURES as error:
        raise MissingRuleError(f"SymPy has no `{node.func.__name__}` of symbols, so `{node}` needs a rule of its own: {error}") from error


def _as_derivative(applied, counts, *point):
    return Derivative(applied.func(*point), *((p, c) for p, c in zip(point, counts) if c))


def _is_entry(a):
    """Whether SymPy takes a derivative by it: an entry of a MatrixSymbol."""
    return isinstance(a, MatrixElement) and isinstance(a.parent, MatrixSymbol)


@builtin(Subs, name="chain rule")
def d_subs(node, d):
    """d g(u, v) at u = p, v = q is g_u dp + g_v dq: the chain rule for what an undefined function leaves at first order."""
    expr, slots, point = node.args
    free = sorted((s for s in expr.free_symbols - set(slots) if s.is_Symbol), key=str)
    return linear.add(
        *(None if d(p) is None else linear.mul(Subs(expr.diff(slot), slots, point), d(p)) for slot, p in zip(slots, point)),
        *(None if d(s) is None else linear.mul(Subs(expr.diff(s), slots, point), d(s)) for s in free),
    )
