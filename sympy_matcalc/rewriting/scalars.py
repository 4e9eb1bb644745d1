"""Traces, norms, quadratic forms, and sums of them."""

from sympy import Add, S
from sympy.matrices.expressions import MatAdd, Trace, ZeroMatrix
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import chains, make
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import Norm, NuclearNorm, SingularValue, SpectralNorm, Vec
from ..notation.collect import sum_of_chains
from ..properties import is_orthogonal, is_square
from .parts import size
from .registry import expands, reduces


@reduces(Trace)
def trace_of_blocks(e):
    """tr([[A, B], [C, D]]) = tr(A) + tr(D) for square A and D."""
    if not isinstance(e.arg, BlockMatrix):
        return None
    blocks = e.arg.blocks
    if blocks.shape[0] != blocks.shape[1] or not all(is_square(blocks[i, i]) for i in range(blocks.shape[0])):
        return None
    return scalar_sum(*(make.trace(blocks[i, i]) for i in range(blocks.shape[0])))


@reduces(Trace)
def trace_of_diagonal_part(e):
    """tr(A o I) = tr(A)."""
    return make.trace(e.arg.arg) if isinstance(e.arg, DiagonalMatrix) else None


@reduces(MatrixElement)
def product_of_vecs(e):
    """vec(A).T*vec(B) = tr(A.T*B)."""
    chain = _whole(e)
    if chain is None or len(chain) != 2 or not all(isinstance(a[0], Vec) and a[2] is S.One for a in chain):
        return None
    left, right = chain[0][0].arg, chain[1][0].arg
    return make.trace(make.mul(transpose(left), right)) if shape_of(left) == shape_of(right) else None


@expands(Trace)
def trace_of_sum(e):
    """tr(A + B) = tr(A) + tr(B)."""
    return scalar_sum(*map(make.trace, e.arg.args)) if isinstance(e.arg, MatAdd) else None


@reduces(Norm, SpectralNorm, NuclearNorm, SingularValue)
def norm_of_orthogonal_multiple(e):
    """||Q*A|| = ||A*Q|| = ||A|| for orthogonal Q: the 2-, Frobenius, spectral and nuclear norm, and singular values."""
    if isinstance(e, Norm) and e.p != 2:
        return None
    c, chain = chains.open_product(e.arg)
    if c is not S.One or len(chain) < 2:
        return None
    if is_orthogonal(chain[0][0]) and chain[0][2].is_integer:
        return raw(type(e), chains.express_chain(chain[1:]), *e.args[1:])
    if is_orthogonal(chain[-1][0]) and chain[-1][2].is_integer and not is_one(chains.atom_shape(chain[-1])[1]):
        return raw(type(e), chains.express_chain(chain[:-1]), *e.args[1:])
    return None


@reduces(Add)
def sum_of_traces(e):
    """a*tr(A) + b*tr(B) = tr(a*A + b*B)."""
    return _joined(e, _traced, lambda node: make.trace(node))


@reduces(Add)
def sum_of_forms(e):
    """x.T*A*y + x.T*B*y = x.T*(A + B)*y."""
    return _joined(e, _formed, lambda node: make.element(node))


def _joined(e, read, combine):
    """The sum with those terms joined that `read` knows as linear in a matrix of one shape, where that makes it smaller."""
    groups, rest = {}, []
    for term in e.args:
        c, factor = _split(term, read)
        if factor is None:
            rest.append(term)
        else:
            chain = read(factor)
            groups.setdefault(chains.chain_shape(chain), []).append((c, chain, term))
    parts = [_one_of(shape, members, combine) or [term for _, _, term in members] for shape, members in groups.items()]
    joined = [t for ts in parts for t in ts]
    return scalar_sum(*joined, *rest) if len(joined) + len(rest) < len(e.args) else None


def _one_of(shape, members, combine):
    """[the one term that a group is], None where that is no smaller."""
    if len(members) < 2:
        return None
    node = sum_of_chains([(c, chain) for c, chain, _ in members], shape)
    scale, inner = chains.open_product(node)
    if isinstance(node, ZeroMatrix):
        return [S.Zero]
    joined = scale * combine(chains.express_chain(inner)) if inner else None
    return [joined] if joined is not None and size(joined) < sum(size(t) for _, _, t in members) else None


def _split(term, read):
    """(coefficient, the one factor that `read` knows) of a summand; (term, None) where there is none."""
    factors = term.args if term.is_Mul else (term,)
    known = [f for f in factors if read(f) is not None]
    if len(known) != 1:
        return term, None
    return scalar_product(*(f for f in factors if f is not known[0])), known[0]


def _traced(f):
    """The chain under a trace with coefficient 1; None for anything else."""
    if not isinstance(f, Trace):
        return None
    c, chain = chains.open_product(f.arg)
    return chain if c is S.One and chain else None


def _formed(f):
    return _whole(f) if isinstance(f, MatrixElement) else None


def _whole(e):
    """The chain of x'Ay written as the entry of a 1 x 1 product."""
    if shape_of(e.parent) != (S.One, S.One):
        return None
    c, chain = chains.open_product(e.parent)
    return chain if c is S.One and chain else None
