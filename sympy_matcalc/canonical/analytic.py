"""Analytic functions of matrices and their Fréchet derivatives in canonical form; the one place that knows what commutes."""

from sympy import Add, Mul, Pow, S, exp
from sympy.matrices.expressions import MatAdd, MatMul, ZeroMatrix

from ..errors import MissingRuleError
from ..kernel import chains, make
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, order_of, shape_of
from ..kernel.symmetry import transpose
from ..nodes import FrechetDerivative, MatrixExp, MatrixFunction, MatrixSqrt
from ..nodes.analytic import not_analytic
from ..nodes.bound import BOUND
from ..nodes.matrix_functions import NAMED, AnalyticFunction
from . import functions
from .orientation import transpose_prepared, upright

FUNCTIONS = (AnalyticFunction, MatrixFunction)


def matrix_function(body, a):
    """f(A) for the body of f in BOUND and a prepared matrix A; inverses, powers and roots of f in their own notation."""
    up = upright(a)
    if up is not a:
        return transpose_prepared(matrix_function(body, up))
    c, rest = body.as_independent(BOUND, as_Add=False)
    if not rest.has(BOUND):
        return make.mul(c * rest, make.identity_like(a))
    node = _function(rest, a)
    return node if c is S.One else make.mul(c, *_factors(node))


def _function(body, a):
    if body == BOUND:
        return a
    if isinstance(body, Pow) and (2 * body.exp).is_integer:
        return _power(body.base, body.exp, a)
    if isinstance(body, exp):
        found = _exponential(body.args[0], a)
        if found is not None:
            return found
    if isinstance(body, (Mul, Add)) and all(map(_is_plain, body.args)):
        parts = [matrix_function(f, a) for f in body.args]
        return make.add(*parts) if isinstance(body, Add) else make.mul(*(x for p in parts for x in _factors(p)))
    if type(body) in NAMED and body.args[0] == BOUND:
        return raw(NAMED[type(body)], a)
    return raw(MatrixFunction, analytic_function(body), a)


def analytic_function(body):
    """The Lambda of a body; MissingRuleError where it is not analytic: a function has said that it is, and its `fdiff` is not."""
    bad = not_analytic(body, BOUND)
    if bad:
        raise MissingRuleError(
            f"`{body}`, a derivative of a function of a matrix, is not analytic: `{bad}` has to say that it is, `is_analytic = True`"
        )
    return make.function(body)


def _factors(node):
    return node.args if isinstance(node, MatMul) else (node,)


def _exponential(exponent, a):
    """exp(s + c A), of a negative c as the inverse, so that it cancels with its opposite; None for what is not linear."""
    shift, rest = exponent.as_independent(BOUND, as_Add=True)
    c, u = rest.as_independent(BOUND, as_Add=False)
    if u != BOUND:
        return None
    scale, *factors = _factors(a) if isinstance(a, MatMul) and not is_matrix(a.args[0]) else (S.One, *_factors(a))
    c = scalar_product(c, scale)
    node = raw(MatrixExp, make.mul(-c, *factors)) if c.could_extract_minus_sign() else raw(MatrixExp, make.mul(c, *factors))
    node = make.inverse(node) if c.could_extract_minus_sign() else node
    return node if shift is S.Zero else make.mul(exp(shift), node)


def _is_plain(f):
    """A factor or summand that has a notation of its own: a constant, a power, a root, a named function, an exponential of a multiple."""
    base = f.base if isinstance(f, Pow) and (f.exp.is_integer or f.base == BOUND and (2 * f.exp).is_integer) else f
    if isinstance(base, exp):
        return not f.has(BOUND) or not base.args[0].diff(BOUND).has(BOUND)
    return not f.has(BOUND) or base == BOUND or base.args == (BOUND,) or isinstance(f, Mul) and all(map(_is_plain_factor, f.args))


def _is_plain_factor(f):
    return _is_plain(f) or isinstance(f, Add) and all(map(_is_plain, f.args))


def _power(base, k, a):
    """A power, or with half a whole exponent one of the square root."""
    if not k.is_integer:
        root = raw(MatrixSqrt, _function(base, a)) if base != BOUND else raw(MatrixSqrt, a)
        return make.power(root, 2 * k)
    return make.power(_function(base, a), k)


# ---------------------------------------------------------------- Fréchet derivatives


def frechet(body, a, directions):
    """L_f(A; E1, ..., Ek) for prepared matrices: f^(k)(A) E1 .. Ek where they all commute with A, f' for a direction I."""
    scale, kept = S.One, []
    for e in directions:
        c, chain = chains.open_product(e)
        scale = scalar_product(scale, c)
        if isinstance(e, ZeroMatrix) or c == 0:
            return make.zero(*shape_of(a))
        if not chain:
            body = functions.derivative(body)
        else:
            kept.append(chain)
    is_linear = not functions.derivative(body).has(BOUND)
    if is_linear and len(kept) > 1:
        return make.zero(*shape_of(a))
    if is_linear or all(is_function_of(chain, a) for chain in kept):  # d exp(tA)/dt = A exp(tA), in the order of the books
        for _ in kept:
            body = functions.derivative(body)
        c, outer = chains.open_product(matrix_function(body, a))
        chain = chains.normalise(sum(kept, ()) + outer)
        return chains.product(scalar_product(scale, c), chain, order_of(a))
    up = upright(a)
    kept = kept if up is a else [chains.reverse(chain) for chain in kept]
    nodes = sorted((chains.express_chain(chain) for chain in kept), key=sort_key)
    node = raw(FrechetDerivative, analytic_function(body), up, *nodes)
    return make.mul(*(() if scale is S.One else (scale,)), node if up is a else transpose(node))


def is_function_of(chain, a):
    """Whether a product is surely a power series in A: made of A, of its powers and functions, and of sums of such."""
    return _is_series(chain, chains.open_product(a)[1])


def _is_series(chain, whole):
    while chain:
        if whole and chain[: len(whole)] == whole:
            chain = chain[len(whole) :]
        elif _is_series_atom(chain[0], whole):
            chain = chain[1:]
        else:
            return False
    return True


def _is_series_atom(atom, whole):
    base, flip, _ = atom
    if len(whole) == 1 and base is whole[0][0] and flip == whole[0][1]:
        return True  # another power of the same base
    turned = chains.reverse if flip else lambda chain: chain
    if isinstance(base, FUNCTIONS) or isinstance(base, MatMul):
        inner = base.arg if isinstance(base, FUNCTIONS) else base
        return turned(chains.open_product(inner)[1]) == whole
    return isinstance(base, MatAdd) and all(_is_series(turned(chains.open_product(x)[1]), whole) for x in base.args)
