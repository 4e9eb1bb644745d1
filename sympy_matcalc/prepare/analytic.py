"""Analytic functions of matrices and their Fréchet derivatives in canonical form; the one place that knows what commutes."""

from sympy import Add, Mul, Pow, S, exp

from .. import build as b
from ..nodes import FrechetDerivative, MatrixExp, MatrixFunction, MatrixSqrt
from ..nodes.matrix_functions import NAMED, AnalyticFunction
from ..tensor import chain as ch
from . import functions

FUNCTIONS = (AnalyticFunction, MatrixFunction)


def matrix_function(body, a):
    """f(A) for the body of f in BOUND and a prepared matrix A; inverses, powers and roots of f in their own notation."""
    if isinstance(a, b.Transpose):
        return b.flip(matrix_function(body, a.args[0]))
    c, rest = body.as_independent(b.BOUND, as_Add=False)
    if not rest.has(b.BOUND):
        return b.mul(c * rest, b.identity(b.shape(a)[0]))
    node = _function(rest, a)
    return node if c is S.One else b.mul(c, *_factors(node))


def _function(body, a):
    if body is b.BOUND:
        return a
    if isinstance(body, Pow) and (2 * body.exp).is_integer:
        return _power(body.base, body.exp, a)
    if isinstance(body, exp):
        found = _exponential(body.args[0], a)
        if found is not None:
            return found
    if isinstance(body, (Mul, Add)) and all(map(_is_plain, body.args)):
        parts = [matrix_function(f, a) for f in body.args]
        return b.add(*parts) if isinstance(body, Add) else b.mul(*(x for p in parts for x in _factors(p)))
    if type(body) in NAMED and body.args[0] is b.BOUND:
        return b.raw(NAMED[type(body)], a)
    return b.raw(MatrixFunction, b.function(body), a)


def _factors(node):
    return node.args if isinstance(node, b.MatMul) else (node,)


def _exponential(exponent, a):
    """exp(s + c A), of a negative c as the inverse, so that it cancels with its opposite; None for what is not linear."""
    shift, rest = exponent.as_independent(b.BOUND, as_Add=True)
    c, u = rest.as_independent(b.BOUND, as_Add=False)
    if u is not b.BOUND:
        return None
    scale, *factors = _factors(a) if isinstance(a, b.MatMul) and not b.is_matrix(a.args[0]) else (S.One, *_factors(a))
    c = b.scalar_product(c, scale)
    node = b.raw(MatrixExp, b.mul(-c, *factors)) if c.could_extract_minus_sign() else b.raw(MatrixExp, b.mul(c, *factors))
    node = b.inverse(node) if c.could_extract_minus_sign() else node
    return node if shift is S.Zero else b.mul(exp(shift), node)


def _is_plain(f):
    """A factor or summand that has a notation of its own: a constant, a power, a named function."""
    base = f.base if isinstance(f, Pow) and f.exp.is_integer else f
    return not f.has(b.BOUND) or base is b.BOUND or base.args == (b.BOUND,) or isinstance(f, Mul) and all(map(_is_plain, f.args))


def _power(base, k, a):
    """A power, or with half a whole exponent one of the square root."""
    if not k.is_integer:
        root = b.raw(MatrixSqrt, _function(base, a)) if base is not b.BOUND else b.raw(MatrixSqrt, a)
        return b.power(root, 2 * k)
    inner = _function(base, a)
    c, chain = ch.open_product(inner)
    if c is S.One and len(chain) == 1:
        node, flip, e = chain[0]
        return ch.atom_node(ch.make_atom(node, flip, e * k))
    return b.power(inner, k)


# ---------------------------------------------------------------- Fréchet derivatives


def frechet(body, a, directions):
    """L_f(A; E1, ..., Ek) for prepared matrices: f^(k)(A) E1 .. Ek where they all commute with A, f' for a direction I."""
    scale, kept = S.One, []
    for e in directions:
        c, chain = ch.open_product(e)
        scale = b.scalar_product(scale, c)
        if isinstance(e, b.ZeroMatrix) or c == 0:
            return b.zero(*b.shape(a))
        if not chain:
            body = functions.derivative(body)
        else:
            kept.append(chain)
    is_linear = not functions.derivative(body).has(b.BOUND)
    if is_linear and len(kept) > 1:
        return b.zero(*b.shape(a))
    if is_linear or all(is_function_of(chain, a) for chain in kept):  # d exp(tA)/dt = A exp(tA), in the order of the books
        for _ in kept:
            body = functions.derivative(body)
        c, outer = ch.open_product(matrix_function(body, a))
        chain = ch.normalise(sum(kept, ()) + outer)
        return ch.product(b.scalar_product(scale, c), chain, b.shape(a)[0])
    if isinstance(a, b.Transpose):
        a, turn, kept = a.args[0], True, [ch.reverse(chain) for chain in kept]
    else:
        turn = False
    nodes = sorted((ch.express_chain(chain) for chain in kept), key=b.key)
    node = b.raw(FrechetDerivative, b.function(body), a, *nodes)
    return b.mul(*(() if scale is S.One else (scale,)), b.flip(node) if turn else node)


def is_function_of(chain, a):
    """Whether a product is surely a power series in A: made of A, of its powers and functions, and of sums of such."""
    return _is_series(chain, ch.open_product(a)[1])


def _is_series(chain, whole):
    while chain:
        if whole and chain[: len(whole)] == whole:
            chain = chain[len(whole) :]
        elif _is_series_atom(*chain[0], whole):
            chain = chain[1:]
        else:
            return False
    return True


def _is_series_atom(base, flip, k, whole):
    if len(whole) == 1 and base is whole[0][0] and flip == whole[0][1]:
        return True  # another power of the same base
    turned = ch.reverse if flip else lambda chain: chain
    if isinstance(base, FUNCTIONS) or isinstance(base, b.MatMul):
        inner = base.arg if isinstance(base, FUNCTIONS) else base
        return turned(ch.open_product(inner)[1]) == whole
    return isinstance(base, b.MatAdd) and all(_is_series(turned(ch.open_product(x)[1]), whole) for x in base.args)
