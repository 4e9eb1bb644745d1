"""Sums and products of prepared matrices, as the declarations of structures write them; a matrix that is literally 1 x 1 is a scalar."""

from sympy import Rational, S
from sympy.matrices.expressions import HadamardProduct, MatAdd, MatMul, Transpose, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..canonical.orientation import transpose_prepared
from ..kernel import make
from ..kernel.chains import count_flips, open_product
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_matrix, shape_of


def plus(*terms):
    """The sum, zeros left out."""
    if not is_matrix(terms[0]):
        return scalar_sum(*terms)
    rest = [t for t in terms if not isinstance(t, ZeroMatrix)] or list(terms[:1])
    return prepare(make.add(*rest)) if len(rest) > 1 else rest[0]


def times(*factors):
    """The product of scalars and matrices."""
    flat = [x for f in factors for x in (f.args if isinstance(f, MatMul) else (f,))]
    if not any(map(is_matrix, flat)):
        return scalar_product(*flat)
    zero = next((f for f in flat if isinstance(f, ZeroMatrix)), None)
    if zero is not None:
        matrices = [f for f in flat if is_matrix(f)]
        return make.zero(shape_of(matrices[0])[0], shape_of(matrices[-1])[1])
    return prepare(make.mul(*flat))


def minus(A):
    return _scaled(S.NegativeOne, A)


def half(A):
    return _scaled(Rational(1, 2), A)


def _scaled(number, A):
    """A number that is not 0 times a prepared matrix, which is in canonical form with that in front; or times a scalar."""
    if not is_matrix(A):
        return scalar_product(number, A)
    if isinstance(A, ZeroMatrix):
        return A
    c, A = number_in_front(A)
    c = scalar_product(number, c)
    return A if c is S.One else make.mul(c, *(A.args if isinstance(A, MatMul) else (A,)))


def turned(A):
    """The transpose."""
    return transpose_prepared(A) if is_matrix(A) else A


def whole(A):
    """The matrix that a scalar stands for."""
    return A if is_matrix(A) else make.mul(A, make.identity(S.One))


def rows_of(A):
    return shape_of(A)[0] if is_matrix(A) else S.One


def diagonal_part(A):
    """I o A, in which A and A' are one; of a sum each term in the simpler of its two orientations."""
    A = same_diagonal(A)
    return prepare(make.hadamard(make.identity(shape_of(A)[0]), A)) if is_matrix(A) else A


def same_diagonal(A):
    """What has the diagonal of A: each term of a sum, also in an elementwise product, in the simpler of its two orientations."""
    A = A.args[0] if isinstance(A, Transpose) else A
    if isinstance(A, MatAdd):
        return prepare(make.add(*(min(term, transpose_prepared(term), key=_simplicity) for term in A.args)))
    return prepare(make.hadamard(*map(same_diagonal, A.args))) if isinstance(A, HadamardProduct) else A


def _simplicity(term):
    return count_flips(open_product(term)[1]), sort_key(term)


def trace_of(A):
    return prepare(make.trace(A)) if is_matrix(A) else A


def node(cls, A, *args):
    """A node of a class, in canonical form."""
    return prepare(raw(cls, whole(A), *args))
