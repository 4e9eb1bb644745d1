"""Determinants and their logarithms."""

from sympy import Abs, Add, Mul, Pow, S, log, sign
from sympy.matrices.expressions import Determinant, Identity, KroneckerProduct, MatAdd, MatMul, MatPow, ZeroMatrix
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.inverse import Inverse

from ..kernel import make
from ..kernel.chains import chain_shape, express_chain, open_product, scalar
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.session import stated
from ..kernel.shapes import is_one, order_of, shape_of
from ..nodes import Adjugate
from ..properties import is_negative, is_nonnegative, is_orthogonal, is_positive, is_positive_definite, is_square
from .registry import expands, on_request, reduces

MAX_SIZE = 64  # of a matrix whose order is made the exponent of a number


@reduces(Determinant)
def det_of_singular(e):
    """det(A) = 0 for singular A."""
    return S.Zero if stated("singular", e.arg) or isinstance(e.arg, ZeroMatrix) else None


@reduces(Determinant)
def det_of_unit_triangular(e):
    """det(L) = 1 for triangular L with ones on the diagonal."""
    return S.One if stated("unit_triangular", e.arg) else None


@reduces(Determinant)
def det_of_power(e):
    """det(A**k) = det(A)**k for every k where A is positive definite; for whole k that is the canonical form."""
    if not isinstance(e.arg, (MatPow, Inverse)):
        return None
    base, k = e.arg.args
    return scalar_product(make.det(base) ** k) if is_positive_definite(base) else None


@reduces(Determinant)
def det_of_product_cancels(e):
    """det(A*B*A**(-1)) = det(B), det(Q*A*Q.T) = det(A): determinants of square factors, where some cancel."""
    c, chain = open_product(e.arg)
    powers = _determinants(chain)
    if powers is None or not (any(k == 0 for k in powers.values()) or len(powers) < len(chain)):
        return None
    return _of_scalar_factor(c, order_of(e.arg)) * Mul(*(make.det(base) ** k for base, k in powers.items()))


def _determinants(chain):
    """{base: exponent} of a product of square matrices; None where one is not square."""
    powers = {}
    for base, _, k in chain:
        if not is_square(base) or not k.is_integer:
            return None
        powers[base] = powers.get(base, S.Zero) + k
    for base in powers:
        if powers[base].is_Integer and is_orthogonal(base):
            powers[base] = powers[base] % 2
    return powers


def _of_scalar_factor(c, n):
    return S.One if c is S.One else c**n


@reduces(Determinant)
def det_of_numeric_multiple(e):
    """det(c*A) = c**n*det(A) where both are numbers."""
    c, chain = open_product(e.arg)
    n = order_of(e.arg)
    if c is S.One or not (c.is_number and n.is_Integer and n <= MAX_SIZE or c is S.NegativeOne and n.is_even):
        return None
    return c**n * (make.det(express_chain(chain)) if chain else S.One)


@reduces(Determinant)
def det_of_block_triangular(e):
    """det([[A, B], [0, D]]) = det(A)*det(D) for square A and D."""
    if not isinstance(e.arg, BlockMatrix):
        return None
    blocks = e.arg.blocks
    k = blocks.shape[0]
    if blocks.shape[1] != k or not all(is_square(blocks[i, i]) for i in range(k)):
        return None
    below = all(isinstance(blocks[i, j], ZeroMatrix) for i in range(k) for j in range(i))
    above = all(isinstance(blocks[j, i], ZeroMatrix) for i in range(k) for j in range(i))
    return Mul(*(make.det(blocks[i, i]) for i in range(k))) if below or above else None


@reduces(Determinant)
def matrix_determinant_lemma(e):
    """det(I + u*v.T) = 1 + v.T*u (Matrix Cookbook 24)."""
    others = [a for a in e.arg.args if not isinstance(a, Identity)] if isinstance(e.arg, MatAdd) else []
    if len(others) != 1:
        return None
    c, chain = open_product(*others)
    cut = next((i for i in range(1, len(chain)) if is_one(chain_shape(chain[:i])[1])), None)
    return None if cut is None else S.One + c * scalar((*chain[cut:], *chain[:cut]))


@reduces(Pow)
def power_of_orthogonal_det(e):
    """det(Q)**k = 1 or det(Q), as k is even or odd, for orthogonal Q."""
    if isinstance(e.base, Determinant) and e.exp.is_Integer and is_orthogonal(e.base.arg):
        return e.base if e.exp % 2 else S.One
    return None


@reduces(Abs)
def abs_of_nonnegative(e):
    """|c| = c for c >= 0, -c for c < 0, |det(Q)| = 1 for orthogonal Q."""
    (c,) = e.args
    if isinstance(c, Determinant) and is_orthogonal(c.arg):
        return S.One
    return c if is_nonnegative(c) else -c if is_negative(c) else None


@reduces(sign)
def sign_of_positive(e):
    """sign(c) = 1 for c > 0, -1 for c < 0."""
    (c,) = e.args
    return S.One if is_positive(c) else S.NegativeOne if is_negative(c) else None


@reduces(Pow)
def root_of_power(e):
    """(c**k)**r = c**(k*r) for c > 0, and for c >= 0 with positive exponents."""
    if not isinstance(e.base, Pow) or not (e.base.exp.is_real and e.exp.is_real):
        return None
    c, k, r = e.base.base, e.base.exp, e.exp
    return c ** (k * r) if is_positive(c) or is_nonnegative(c) and k.is_positive and r.is_positive else None


@expands(log)
def log_of_power(e):
    """log(c**k) = k*log(c) for c > 0."""
    (c,) = e.args
    return c.exp * log(c.base) if isinstance(c, Pow) and is_positive(c.base) and c.exp.is_real else None


@expands(log)
def log_of_product(e):
    """log(a*b) = log(a) + log(b) for a, b > 0."""
    (c,) = e.args
    if not isinstance(c, Mul):
        return None
    positive = [a for a in c.args if is_positive(a)]
    rest = Mul(*(a for a in c.args if not is_positive(a)))
    if rest.is_number and rest is not S.One:  # log(-a) is no sum of real numbers
        return None
    return Add(*map(log, positive), *([] if rest is S.One else [log(rest)])) if len(positive) > (rest is S.One) else None


@expands(Determinant)
def det_of_product(e):
    """det(c*A*B) = c**n*det(A)*det(B) for square A and B."""
    c, chain = open_product(e.arg)
    powers = _determinants(chain)
    n = order_of(e.arg)
    huge = c.is_number and abs(c) != 1 and n.is_Integer and n > MAX_SIZE
    if powers is None or huge or len(chain) < 2 and c is S.One:
        return None
    return _of_scalar_factor(c, n) * Mul(*(make.det(base) ** k for base, k in powers.items()))


@expands(Determinant)
def det_of_kronecker(e):
    """det(A kron B) = det(A)**n*det(B)**m for A m x m, B n x n (Magnus & Neudecker, ch. 2)."""
    if not isinstance(e.arg, KroneckerProduct) or not all(map(is_square, e.arg.args)):
        return None
    n = order_of(e.arg)
    return Mul(*(make.det(a) ** (n / order_of(a)) for a in e.arg.args))


@on_request(Determinant)
def determinant_lemma(e):
    """det(A + U*V) = det(A)*det(I + V*A**(-1)*U) for invertible A, U*V the first summand that is a product (Sylvester)."""
    if not isinstance(e.arg, MatAdd):
        return None
    for term in e.arg.args:
        c, chain = open_product(term)
        if len(chain) < 2:
            continue
        rest = make.add(*(a for a in e.arg.args if a is not term))
        cut = min(range(1, len(chain)), key=lambda i: (_rank_of_size(chain_shape(chain[:i])[1]), abs(2 * i - len(chain))))
        u, v = express_chain(chain[:cut]), express_chain(chain[cut:])
        inner = make.identity(shape_of(u)[1])
        return make.det(rest) * make.det(make.add(inner, make.mul(c, v, make.inverse(rest), u)))
    return None


@on_request(MatMul)
def adjugate_for_inverse(e):
    """det(A)*A**(-1) = adj(A) for invertible A; where A is singular the right side is the limit, and the gradient of det(A) transposed."""
    c, chain = open_product(e)
    for i, (base, flip, k) in enumerate(chain):
        if k.is_negative and make.det(base) in c.as_powers_dict() and c.as_powers_dict()[make.det(base)] >= 1:
            adjugate = (raw(Adjugate, base), flip, S.One)
            left = [(base, flip, k + 1)] if k != -1 else []
            return make.mul(c / make.det(base), express_chain((*chain[:i], adjugate, *left, *chain[i + 1 :])))
    return None


def _rank_of_size(n):
    return (0, int(n)) if n.is_Integer else (1, 0)
