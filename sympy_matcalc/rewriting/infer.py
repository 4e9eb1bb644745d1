"""What follows from the stated facts for compound expressions: a product that is orthogonal, a scalar that is positive.

True means known; False means not known. Expressions are prepared, symbols real, and what is inverted is taken to be invertible.
"""

from sympy import Abs, Add, Mul, Pow, S, exp
from sympy.matrices.expressions import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.permutation import PermutationMatrix

from ..kernel import make
from ..kernel.chains import open_product, reverse
from ..kernel.session import id_memo, stated
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.symmetry import is_symmetric, transpose
from ..nodes import Cholesky, CommutationMatrix, MatrixExp, Norm, NuclearNorm, SingularValue, SpectralNorm


def _memoised(f):
    def known(node):
        table = id_memo(f.__name__)
        found = table.get(node)
        if found is None:
            table[node] = False  # asked again below itself: not known
            found = table[node] = bool(f(node))
        return found

    known.__name__, known.__doc__ = f.__name__, f.__doc__
    return known


def is_square(node):
    rows, cols = shape_of(node)
    return rows == cols


@_memoised
def is_orthogonal(node):
    """Q'Q = I, Q square."""
    if stated("orthogonal", node) or isinstance(node, (Identity, CommutationMatrix, PermutationMatrix)):
        return True
    if isinstance(node, (Inverse, MatPow)):
        return node.args[1].is_integer is True and is_orthogonal(node.args[0])
    if isinstance(node, KroneckerProduct):
        return all(map(is_orthogonal, node.args))
    return _product_of(node, is_orthogonal, lambda c: c in (1, -1))


def _product_of(node, holds, of_scalar):
    """Whether `holds` for each factor of a product or for what is transposed, and `of_scalar` for the scalar."""
    if isinstance(node, Transpose):
        return holds(node.args[0])
    if not isinstance(node, MatMul):
        return False
    return all(is_square(a) and holds(a) if is_matrix(a) else of_scalar(a) for a in node.args)


@_memoised
def is_diagonal(node):
    """Zero off the diagonal, and square."""
    if stated("diagonal", node) or isinstance(node, (Identity, DiagMatrix, DiagonalMatrix)):
        return True
    if isinstance(node, ZeroMatrix):
        return is_square(node)
    if isinstance(node, (Inverse, MatPow)):
        return is_diagonal(node.args[0])
    if isinstance(node, (MatAdd, KroneckerProduct)):
        return all(map(is_diagonal, node.args))
    if isinstance(node, HadamardProduct):
        return any(map(is_diagonal, node.args))
    return _product_of(node, is_diagonal, lambda c: True)


@_memoised
def is_positive_definite(node):
    """Symmetric with x'Sx > 0 for x not 0."""
    if stated("positive_definite", node) or isinstance(node, Identity):
        return True
    if isinstance(node, (Inverse, MatPow)):
        base, k = node.args
        return is_positive_definite(base) or k.is_even is True and is_symmetric(base) and is_invertible(base)
    if isinstance(node, MatAdd):
        return all(map(is_positive_semidefinite, node.args)) and any(map(is_positive_definite, node.args))
    if isinstance(node, (KroneckerProduct, HadamardProduct)):
        return all(map(is_positive_definite, node.args))
    if isinstance(node, MatrixExp):
        return is_symmetric(node.arg)
    return isinstance(node, MatMul) and _congruence(node, is_positive, is_positive_definite, strict=True)


@_memoised
def is_positive_semidefinite(node):
    """Symmetric with x'Sx >= 0."""
    if is_positive_definite(node):
        return True
    if isinstance(node, (ZeroMatrix, OneMatrix)):
        return is_square(node)
    if isinstance(node, (Inverse, MatPow)):
        return node.args[1].is_even is True and is_symmetric(node.args[0])
    if isinstance(node, (MatAdd, KroneckerProduct, HadamardProduct)):
        return all(map(is_positive_semidefinite, node.args))
    return isinstance(node, MatMul) and _congruence(node, is_nonnegative, is_positive_semidefinite, strict=False)


def _congruence(node, of_scalar, of_middle, strict):
    """c B'SB and c B'B; strict: B must be invertible."""
    c, chain = open_product(node)
    half, odd = divmod(len(chain), 2)
    left, right = chain[:half], chain[half + odd :]
    if not of_scalar(c) or reverse(left) != right:
        return False
    if strict and not all(is_square(base) and is_invertible(base) for base, _, _ in left):
        return False
    return not odd or of_middle(_node(chain[half]))


def _node(atom):
    base, flip, k = atom
    return make.power(transpose(base) if flip else base, k)


@_memoised
def is_invertible(node):
    """Has an inverse."""
    if any(stated(name, node) for name in ("invertible", "positive_definite", "orthogonal")):
        return True
    if isinstance(node, (Identity, Inverse, MatrixExp, Cholesky, CommutationMatrix, PermutationMatrix)):
        return True
    if isinstance(node, MatPow):
        return node.args[1].is_negative is True or is_invertible(node.args[0])
    if isinstance(node, KroneckerProduct):
        return all(is_square(a) and is_invertible(a) for a in node.args)
    return _product_of(node, is_invertible, is_nonzero) or is_positive_definite(node)


def is_idempotent(node):
    """P P = P."""
    return stated("idempotent", node) or isinstance(node, Identity) or isinstance(node, ZeroMatrix) and is_square(node)


# ---------------------------------------------------------------- scalars


def is_positive(c):
    """c > 0."""
    if c.is_positive or stated("positive", c):
        return True
    if isinstance(c, (Determinant, Trace)):
        return is_positive_definite(c.arg)
    if isinstance(c, (Mul, Add)):
        return all(map(is_positive, c.args)) or isinstance(c, Add) and _one_positive(c.args)
    if isinstance(c, Pow):
        return is_positive(c.base) and c.exp.is_extended_real is True
    return isinstance(c, exp) and c.args[0].is_extended_real is True


def _one_positive(terms):
    return all(map(is_nonnegative, terms)) and any(map(is_positive, terms))


def is_negative(c):
    """c < 0."""
    return c.is_negative is True or stated("negative", c)


def is_nonnegative(c):
    """c >= 0."""
    if c.is_nonnegative or stated("nonnegative", c) or is_positive(c):
        return True
    if isinstance(c, (Norm, SpectralNorm, NuclearNorm, SingularValue, Abs)):
        return True
    if isinstance(c, (Determinant, Trace)):
        return is_positive_semidefinite(c.arg)
    if isinstance(c, MatrixElement):
        return c.i == c.j and shape_of(c.parent) == (S.One, S.One) and _is_square_form(c.parent)
    if isinstance(c, (Mul, Add)):
        return all(map(is_nonnegative, c.args))
    return isinstance(c, Pow) and (is_nonnegative(c.base) and c.exp.is_extended_real is True or c.exp.is_even is True and _is_real(c.base))


def _is_square_form(node):
    """x'Sx with S positive semidefinite."""
    return isinstance(node, MatMul) and _congruence(node, is_nonnegative, is_positive_semidefinite, strict=False)


def _is_real(c):
    return c.is_extended_real is True or isinstance(c, (Determinant, Trace, MatrixElement))


def is_nonzero(c):
    """c is not 0."""
    return c.is_nonzero is True or stated("nonzero", c) or is_positive(c) or isinstance(c, Determinant) and is_invertible(c.arg)
