"""Scalars of a matrix in canonical form: trace, determinant, entries."""

from sympy import KroneckerDelta, S, Subs, exp, sqrt
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import BlockMatrix, Determinant, FunctionMatrix, Identity, MatMul, OneMatrix, Trace, Transpose, ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import chains, make
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, order_of, shape_of
from ..nodes import Cholesky, MatrixExp, MatrixUnit
from ..nodes.undefined import in_primes
from .blocks import is_block_diagonal
from .checks import check_index, check_square
from .scalars import handles, has_matrix, prepare_scalar, rebuild

WRITTEN_OUT = 3  # rows of explicit matrices of which the determinant is a polynomial of the entries


@handles(Trace)
def trace(e, prepare):
    check_square(e.arg, "a trace")
    p = prepare(e.arg)
    if not is_matrix(p):
        return p
    c, chain = chains.open_product(p)
    return scalar_product(c, chains.trace(chain, order_of(p)))


@handles(Determinant)
def determinant(e, prepare):
    check_square(e.arg, "a determinant")
    p = prepare(e.arg)
    if not is_matrix(p):
        return p
    p = p.args[0] if isinstance(p, Transpose) else p
    if isinstance(p, ZeroMatrix) and not shape_of(p)[0].is_zero:  # so that its logarithm is an error
        return S.Zero
    if isinstance(p, MatrixBase) and p.rows <= WRITTEN_OUT:  # det times inverse would not hold where it is singular
        return prepare_scalar(p.det(method="berkowitz"), prepare)
    if isinstance(p, BlockMatrix) and is_block_diagonal(p):
        return scalar_product(*(prepare(make.det(p.blocks[i, i])) for i in range(p.blocks.shape[0])))
    if isinstance(p, MatrixExp):
        return exp(prepare(make.trace(p.arg)))
    if isinstance(p, Cholesky):
        return sqrt(prepare(make.det(p.arg)))
    c, chain = chains.open_product(p)
    if c is S.One and len(chain) == 1 and chain[0][2] is not S.One and chain[0][2].is_integer:
        return prepare(make.det(chain[0][0])) ** chain[0][2]
    if len(chain) > 1 and c is S.One and all(_is_inverted(power) for _, _, power in chain):
        inverse = MatMul(*((Transpose(a) if turned else a) ** -power for a, turned, power in reversed(chain)))
        return prepare(Determinant(inverse)) ** S.NegativeOne
    if any(is_one(chains.atom_shape(atom)[1]) for atom in chain[:-1]):
        return _of_rank_one(c, chain, order_of(p))
    return S.One if isinstance(p, Identity) else make.det(p)


def _is_inverted(power):
    return power is not S.One and power.is_integer is True and power.is_negative is True


def _of_rank_one(c, chain, n):
    """det(c x y') is 0, but c y'x where the matrix is 1 x 1, which a symbolic size may turn out to be."""
    return S.Zero if n.is_Integer else scalar_product(KroneckerDelta(1, n), c, chains.trace(chain, n))


@handles(Subs)
def substituted(e, prepare):
    """Carried out where a matrix stands inside, f'(w'x) as such; else the chain rule of `Subs` has it."""
    primes = in_primes(e) if any(map(has_matrix, e.point)) else e
    if primes is not e:
        return prepare(primes)
    if not has_matrix(e.expr):
        return rebuild(e, prepare)
    return prepare(e.expr.subs(dict(zip(e.variables, e.point)), simultaneous=True))  # which leaves bound symbols alone


@handles(MatrixElement)
def element(e, prepare):
    parent, i, j = e.args
    i, j = prepare_scalar(i, prepare), prepare_scalar(j, prepare)
    check_index(e, i, j)
    p = prepare(parent)
    if not is_matrix(p):
        return p
    if isinstance(p, MatrixBase) and i.is_Integer and j.is_Integer:
        return p[i, j]
    if isinstance(p, (Identity, OneMatrix, ZeroMatrix, MatrixUnit, FunctionMatrix)):
        return p[i, j]
    c, chain = chains.open_product(p)
    return scalar_product(c, chains.entry(chain, i, j))
