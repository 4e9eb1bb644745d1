"""Values of SymPy's matrix nodes and of the package's own."""

from functools import reduce

import numpy as np
import sympy as sp
from sympy import Lambda
from sympy.matrices import expressions as me
from sympy.matrices.expressions import blockmatrix, determinant, diagonal, special
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.permutation import MatrixPermute
from sympy.matrices.expressions.slice import MatrixSlice

from ..errors import ShapeError
from ..nodes import CommutationMatrix, MatrixSum, MatrixUnit, Vec
from ..nodes.softmax import OfColumns
from .evaluator import evaluator, needs_loop
from .scalar_nodes import sum_of_terms


def same_shape(arrays, node):
    """The arrays; ShapeError where they are not all of one shape."""
    if len({a.shape for a in arrays}) > 1:
        raise ShapeError(f"shapes {[a.shape for a in arrays]} in `{node}`")
    return arrays


def square(ev, expr):
    """The value, which has to be square."""
    value = ev.matrix(expr)
    if value.shape[0] != value.shape[1]:
        raise ShapeError(f"a square matrix was needed, `{expr}` has the value of shape {value.shape}")
    return value


def vector(ev, expr):
    """The entries of a column or a row, 1-d."""
    value = ev.matrix(expr)
    if 1 not in value.shape:
        raise ShapeError(f"a vector was needed, `{expr}` has the value of shape {value.shape}")
    return value.ravel()


def sizes(ev, node):
    return [ev.integer(s) for s in node.shape]


@evaluator(sp.MatrixBase)
def of_explicit(ev, node):
    rows, cols = node.shape
    return np.array([ev.scalar(e) for e in node.flat()]).reshape(rows, cols) if rows * cols else np.zeros((rows, cols))


@evaluator(me.MatAdd)
def of_matadd(ev, node):
    return reduce(np.add, same_shape([ev.matrix(a) for a in node.args], node))


def times(a, b):
    """Product of two values: a scalar scales, two matrices are multiplied, a 1x1 matrix that does not fit scales too."""
    if np.ndim(a) < 2 or np.ndim(b) < 2:
        return a * b
    if a.shape[1] == b.shape[0]:
        return a @ b
    if a.size == 1 or b.size == 1:
        return a * b
    raise ShapeError(f"shapes {a.shape} and {b.shape} do not multiply")


@evaluator(me.MatMul)
def of_matmul(ev, node):
    """The scalars scale, the matrices are multiplied from left to right."""
    values = [ev.value(a) for a in node.args]
    try:
        value = reduce(times, [v for v in values if np.ndim(v) == 0] + [v for v in values if np.ndim(v) != 0])
    except ShapeError as error:
        raise ShapeError(f"{error}, in `{node}`") from None
    return np.reshape(value, (1, 1)) if np.ndim(value) == 0 else value


@evaluator(me.MatPow)
def of_matpow(ev, node):
    base, exponent = square(ev, node.base), ev.scalar(node.exp)
    if base.size == 1:
        return np.power(base, exponent)
    if not np.isfinite(exponent):
        raise NotImplementedError(f"a matrix to the power {exponent}: `{node}`")
    if abs(exponent - np.round(exponent)) > 1e-9:
        return principal_power(base, exponent)
    return np.linalg.matrix_power(base, int(np.round(np.real(exponent))))


def principal_power(base, exponent):
    """V diag(lambda^k) V^-1; LinAlgError where an eigenvalue is on the closed negative real axis, or has no eigenvectors enough."""
    values, vectors = np.linalg.eig(base)
    if np.any((values.real <= 0) & (np.abs(values.imag) <= 1e-9 * np.abs(values).max())) or np.linalg.cond(vectors) > 1e6:
        raise np.linalg.LinAlgError(f"no principal power {exponent} of a matrix with the eigenvalues {values}")
    value = (vectors * values.astype(complex) ** exponent) @ np.linalg.inv(vectors)
    return value.real if np.isrealobj(base) else value


@evaluator(me.Inverse)
def of_inverse(ev, node):
    return np.linalg.inv(square(ev, node.arg))


@evaluator(me.Transpose, sp.transpose, OfColumns)
def of_transpose(ev, node):
    return ev.matrix(node.args[0]).T


@evaluator(me.Adjoint, sp.adjoint)
def of_adjoint(ev, node):
    return ev.matrix(node.args[0]).conj().T


@evaluator(me.Trace)
def of_trace(ev, node):
    return np.trace(square(ev, node.arg))


@evaluator(me.Determinant)
def of_determinant(ev, node):
    return np.linalg.det(square(ev, node.arg))


@evaluator(determinant.Permanent)
def of_permanent(ev, node):
    def permanent(a):
        return np.float64(1) if not a.size else sum(a[0, j] * permanent(np.delete(a[1:], j, axis=1)) for j in range(len(a)))

    return permanent(square(ev, node.arg))


@evaluator(me.HadamardProduct)
def of_hadamard(ev, node):
    return reduce(np.multiply, same_shape([ev.matrix(a) for a in node.args], node))


@evaluator(me.HadamardPower)
def of_hadamard_power(ev, node):
    """Entry by entry; the exponent or the base may be a scalar."""
    base, exponent = ev.value(node.base), ev.value(node.exp)
    if np.ndim(base) and np.ndim(exponent) and 1 not in (np.size(base), np.size(exponent)):
        same_shape([base, exponent], node)
    return np.power(base, exponent)


@evaluator(me.PermutationMatrix)
def of_permutation(ev, node):
    """Row i has its one in column p(i)."""
    order = node.args[0].array_form
    return np.eye(len(order))[order]


@evaluator(MatrixPermute)
def of_permuted(ev, node):
    """Row i, or column i, is that of number p(i)."""
    return np.take(ev.matrix(node.args[0]), node.args[1].array_form, axis=ev.integer(node.args[2]))


@evaluator(me.KroneckerProduct)
def of_kronecker(ev, node):
    return reduce(np.kron, [ev.matrix(a) for a in node.args])


@evaluator(diagonal.DiagMatrix)
def of_diag_matrix(ev, node):
    return np.diag(vector(ev, node.args[0]))


@evaluator(diagonal.DiagonalMatrix)
def of_diagonal_matrix(ev, node):
    """The matrix with all but its diagonal set to zero, its shape kept."""
    value = ev.matrix(node.arg)
    return np.where(np.eye(*value.shape) == 1, value, 0)


@evaluator(diagonal.DiagonalOf)
def of_diagonal_of(ev, node):
    return np.diagonal(ev.matrix(node.arg)).reshape(-1, 1)


@evaluator(me.DotProduct)
def of_dot(ev, node):
    a, b = (vector(ev, a).reshape(1, -1) for a in node.args)
    same_shape([a, b], node)
    return (a * b).sum()


@evaluator(blockmatrix.BlockMatrix)
def of_block(ev, node):
    return stacked([[ev.matrix(node.blocks[i, j]) for j in range(node.blocks.shape[1])] for i in range(node.blocks.shape[0])], node)


@evaluator(blockmatrix.BlockDiagMatrix)
def of_block_diag(ev, node):
    blocks = [ev.matrix(a) for a in node.args]
    zero = [[b if i == j else np.zeros((a.shape[0], b.shape[1])) for j, b in enumerate(blocks)] for i, a in enumerate(blocks)]
    return stacked(zero, node)


def stacked(rows, node):
    """One array of the rows of blocks; ShapeError where they do not line up."""
    try:
        return np.concatenate([np.concatenate(row, axis=1) for row in rows], axis=0)
    except ValueError:
        raise ShapeError(f"blocks of shapes {[[b.shape for b in row] for row in rows]} do not fit, in `{node}`") from None


@evaluator(MatrixSlice)
def of_slice(ev, node):
    value, picks = ev.matrix(node.parent), []
    for (start, stop, step), size in zip((node.rowslice, node.colslice), ev.matrix(node.parent).shape, strict=True):
        pick = range(ev.integer(start), ev.integer(stop), ev.integer(step))
        if any(not 0 <= k < size for k in pick):
            raise IndexError(f"`{node}` takes {pick} of {size}")
        picks.append(list(pick))
    return value[np.ix_(*picks)]


@evaluator(special.Identity)
def of_identity(ev, node):
    return np.eye(*sizes(ev, node))


@evaluator(special.ZeroMatrix)
def of_zero(ev, node):
    return np.zeros(sizes(ev, node))


@evaluator(special.OneMatrix)
def of_one(ev, node):
    return np.ones(sizes(ev, node))


# ---- functions applied entry by entry
def apply_lambda(ev, function, array):
    """`function` (a Lambda of one variable) of every entry of an array."""
    if not isinstance(function, Lambda) or len(function.variables) != 1:
        raise NotImplementedError(f"only a Lambda of one variable is applied to entries, got `{function}`")
    (variable,), flat = function.variables, np.ravel(array)
    if needs_loop(function.expr, frozenset([variable])):
        values = [at(ev, function.expr, {variable: e}) for e in flat]
        return np.array(values).reshape(np.shape(array))
    with ev.bind(variable, flat):
        return np.array(np.broadcast_to(ev.scalar(function.expr), flat.shape)).reshape(np.shape(array))


def at(ev, body, values):
    """The scalar value of `body` where the symbols have these numbers."""
    if not values:
        return ev.scalar(body)
    (symbol, value), *rest = values.items()
    with ev.bind(symbol, value):
        return at(ev, body, dict(rest))


@evaluator(ElementwiseApplyFunction)
def of_apply(ev, node):
    return apply_lambda(ev, node.function, ev.matrix(node.expr))


@evaluator(me.FunctionMatrix)
def of_function_matrix(ev, node):
    m, n = sizes(ev, node)
    i, j = node.lamda.variables
    return np.array([at(ev, node.lamda.expr, {i: r, j: c}) for r in range(m) for c in range(n)]).reshape(m, n)


# ---- the package's own
@evaluator(MatrixUnit)
def of_unit(ev, node):
    value, (i, j) = np.zeros(sizes(ev, node)), map(ev.integer, node.index)
    if not (0 <= i < value.shape[0] and 0 <= j < value.shape[1]):
        raise IndexError(f"`{node}` has its one at ({i}, {j}), outside the shape {value.shape}")
    value[i, j] = 1
    return value


@evaluator(MatrixSum)
def of_matrix_sum(ev, node):
    return np.atleast_2d(sum_of_terms(ev, node))


@evaluator(Vec)
def of_vec(ev, node):
    return ev.matrix(node.arg).reshape(-1, 1, order="F")


@evaluator(CommutationMatrix)
def of_commutation(ev, node):
    """K with K vec(A) = vec(A') for A m x n: row k of K picks the entry of vec(A) that is entry k of vec(A')."""
    m, n = map(ev.integer, node.args)
    place = np.arange(m * n).reshape(m, n, order="F")
    return np.eye(m * n)[place.T.ravel(order="F")]
