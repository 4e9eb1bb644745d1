"""Sums, and what is linear in a matrix: vec(A) + vec(B), A kron B + A kron C, blocks."""

from sympy import S
from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    OneMatrix,
    ZeroMatrix,
)
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from ..kernel import chains, make
from ..kernel.interning import raw
from ..kernel.shapes import is_column, is_one, order_of, same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import MatrixSqrt, Unvec, Vec
from ..notation.transposes import factors
from ..properties import is_diagonal, is_positive_semidefinite, is_square
from .registry import expands, reduces


def plain(term):
    """(coefficient, node) of a summand that is a multiple of a node, else (1, None)."""
    c, chain = chains.open_product(term)
    if len(chain) == 1 and not chain[0][1] and chain[0][2] is S.One:
        return c, chain[0][0]
    return S.One, None


def join(e, key, combine):
    """The sum with summands c*f(A) of equal ``key(f(A))`` joined to f(c*A + ..): ``combine(first node, terms)``; None if none are."""
    groups, rest = {}, []
    for term in e.args:
        c, node = plain(term)
        found = None if node is None else key(node)
        if found is None:
            rest.append(term)
        else:
            groups.setdefault(found, []).append((c, node, term))
    if all(len(members) == 1 for members in groups.values()):
        return None
    parts = []
    for members in groups.values():
        parts.append(members[0][2] if len(members) == 1 else combine(members))
    return make.add(*parts, *rest)


def _scaled(c, node):
    return node if c is S.One else make.mul(c, *(node.args if isinstance(node, MatMul) else (node,)))


@reduces(MatAdd)
def sum_of_linear(e):
    """f(A) + f(B) = f(A + B) for f = vec, unvec, diag and the diagonal of a matrix."""

    def key(node):
        return (type(node), shape_of(node.args[0])) if isinstance(node, (Vec, Unvec, DiagMatrix, DiagonalMatrix, DiagonalOf)) else None

    def combine(members):
        first = members[0][1]
        inner = make.add(*(_scaled(c, node.args[0]) for c, node, _ in members))
        return (
            make.diag_matrix(inner)
            if isinstance(first, DiagMatrix)
            else make.diagonal_of(inner)
            if isinstance(first, DiagonalOf)
            else raw(type(first), inner, *first.args[1:])
        )

    return join(e, key, combine)


@reduces(MatAdd)
def sum_of_kronecker(e):
    """A kron B + A kron C = A kron (B + C), on either side.

    Of a pair A kron B + B kron A no half is joined without the other.
    """
    terms = [plain(a) for a in e.args]
    for i, (c, first) in enumerate(terms):
        for j, (d, second) in enumerate(terms[:i]):
            found = _joined_kronecker(c, first, d, second)
            rest = [t for k, t in enumerate(terms) if k not in (i, j)]
            if found is not None and not any(_leaves_half(*t, rest) for t in ((c, first), (d, second))):
                return make.add(found, *(a for k, a in enumerate(e.args) if k not in (i, j))) if len(e.args) > 2 else found
    return None


def _leaves_half(c, kron, rest):
    """Whether c B kron A stays beside what c A kron B goes into."""
    a, *others, b = kron.args
    half = next((t for t in rest if not others and t[0] == c and isinstance(t[1], KroneckerProduct) and t[1].args == (b, a)), None)
    return half is not None and all(t is half or _joined_kronecker(*half, *t) is None for t in rest)


def _joined_kronecker(c, first, d, second):
    if not (isinstance(first, KroneckerProduct) and isinstance(second, KroneckerProduct) and len(first.args) == len(second.args)):
        return None
    differ = [k for k, (x, y) in enumerate(zip(first.args, second.args)) if x is not y]
    if len(differ) != 1 or shape_of(first.args[differ[0]]) != shape_of(second.args[differ[0]]):
        return None
    k = differ[0]
    middle = make.add(_scaled(c, first.args[k]), _scaled(d, second.args[k]))
    return make.kron(*first.args[:k], middle, *first.args[k + 1 :])


@reduces(MatAdd)
def sum_of_hadamard(e):
    """A o B + A o C = A o (B + C)."""
    terms = [plain(a) for a in e.args]
    best = None
    for i, (_, first) in enumerate(terms):
        for j, (_, second) in enumerate(terms[:i]):
            common = _common_factors(first, second)
            if common and (best is None or len(common) > len(best[2])):
                best = (i, j, common)
    if best is None:
        return None
    i, j, common = best
    inner = make.add(*(_scaled(terms[k][0], _without(terms[k][1], common)) for k in (i, j)))
    found = chains.hadamard_vectors([*common, inner])
    return make.add(found, *(a for k, a in enumerate(e.args) if k not in (i, j))) if len(e.args) > 2 else found


def _hadamard_factors(node):
    return list(node.args) if isinstance(node, HadamardProduct) else [node]


def _common_factors(first, second):
    if first is None or second is None or not (isinstance(first, HadamardProduct) or isinstance(second, HadamardProduct)):
        return []
    return [f for f in _hadamard_factors(first) if any(f is g for g in _hadamard_factors(second))]


def _without(node, common):
    kept = [f for f in _hadamard_factors(node) if all(f is not g for g in common)]
    return make.hadamard(*kept) if kept else make.ones(*shape_of(node))


@reduces(HadamardProduct)
def hadamard_of_rank_one(e):
    """(x*y.T) o (u*v.T) = (x o u)*(y o v).T."""
    outer = [(f, halves) for f in e.args if (halves := _halves(f)) is not None]
    if len(outer) < 2:
        return None
    rest = [f for f in e.args if all(f is not g for g, _ in outer)]
    left = chains.hadamard_vectors([x for _, (x, _) in outer])
    right = chains.hadamard_vectors([y for _, (_, y) in outer])
    product = make.mul(*factors(left), *factors(transpose(right)))
    return make.hadamard(product, *rest) if rest else product


def _halves(f):
    """(x, y) of a product x*y.T of rank 1; None for anything else."""
    c, chain = chains.open_product(f)
    cut = next((i for i in range(1, len(chain)) if is_one(chains.chain_shape(chain[:i])[1])), None)
    if cut is None or c is not S.One:
        return None
    return chains.express_chain(chain[:cut]), chains.express_chain(chains.reverse(chain[cut:]))


@reduces(HadamardProduct)
def hadamard_of_diagonals(e):
    """diag(x) o diag(y) = diag(x o y); D o I = D for diagonal D."""
    diagonals = [f for f in e.args if isinstance(f, DiagMatrix)]
    if len(diagonals) > 1:
        joined = make.diag_matrix(chains.hadamard_vectors([f.args[0] for f in diagonals]))
        rest = [f for f in e.args if f not in diagonals]
        return make.hadamard(joined, *rest) if rest else joined
    others = [f for f in e.args if not isinstance(f, Identity)]
    if len(others) < len(e.args) and others and any(map(is_diagonal, others)):
        return make.hadamard(*others)
    return None


@reduces(DiagonalMatrix)
def diagonal_part_of_diagonal(e):
    """D o I = D for diagonal D."""
    return e.arg if is_square(e.arg) and is_diagonal(e.arg) else None


@reduces(KroneckerProduct)
def kronecker_of_identities(e):
    """I_m kron I_n = I_{mn}."""
    for i, (x, y) in enumerate(zip(e.args, e.args[1:])):
        if isinstance(x, Identity) and isinstance(y, Identity):
            joined = make.identity(order_of(x) * order_of(y))
            return make.kron(*e.args[:i], joined, *e.args[i + 2 :])
        if isinstance(x, OneMatrix) and isinstance(y, OneMatrix):
            joined = make.ones(*(p * q for p, q in zip(x.args, y.args)))
            return make.kron(*e.args[:i], joined, *e.args[i + 2 :])
    return None


@reduces(Vec)
def vec_of_unvec(e):
    """vec(unvec(v)) = v."""
    return e.arg.arg if isinstance(e.arg, Unvec) and is_column(e.arg.arg) else None


@reduces(MatrixSqrt)
def root_of_square(e):
    """(S**2)**(1/2) = S for positive semidefinite S; (S**k)**(1/2) = S**(k/2)."""
    c, chain = chains.open_product(e.arg)
    if c is not S.One or len(chain) != 1 or chain[0][2] is S.One:
        return None
    base, flip, k = chain[0]
    if k.is_positive and is_positive_semidefinite(base) and (k / 2).is_integer:
        return make.power(base, k / 2)
    return None


# ---------------------------------------------------------------- blocks


@reduces(MatAdd)
def sum_of_blocks(e):
    """Block matrices of one partition are added block by block."""

    def key(node):
        return (tuple(node.rowblocksizes), tuple(node.colblocksizes)) if isinstance(node, BlockMatrix) else None

    def combine(members):
        shape = members[0][1].blocks.shape
        return make.block(
            [
                [
                    _added(
                        [_scaled(c, node.blocks[i, j]) for c, node, _ in members if not isinstance(node.blocks[i, j], ZeroMatrix)],
                        members[0][1].blocks[i, j],
                    )
                    for j in range(shape[1])
                ]
                for i in range(shape[0])
            ]
        )

    return join(e, key, combine)


def _added(parts, zero):
    return make.add(*parts) if parts else zero


@expands(MatMul)
def product_of_blocks(e):
    """Block matrices whose partitions fit are multiplied block by block."""
    c, chain = chains.open_product(e)
    for i, (left, right) in enumerate(zip(chain, chain[1:])):
        found = _block_product(left, right)
        if found is not None:
            atoms = (*chain[:i], chains.make_atom(found, False, S.One), *chain[i + 2 :])
            return make.mul(c, *(chains.atom_node(a) for a in atoms))
    return None


def _blocks_of(atom):
    base, flip, k = atom
    if not isinstance(base, BlockMatrix) or k is not S.One:
        return None
    rows, cols = base.blocks.shape
    if flip:
        return [[transpose(base.blocks[i, j]) for i in range(rows)] for j in range(cols)]
    return [[base.blocks[i, j] for j in range(cols)] for i in range(rows)]


def _block_product(left, right):
    p, q = _blocks_of(left), _blocks_of(right)
    if p is None or q is None or len(p[0]) != len(q):
        return None
    if not all(same_size(shape_of(x)[1], shape_of(row[0])[0]) for x, row in zip(p[0], q)):
        return None

    def entry(i, j):
        parts = [
            make.mul(*factors(p[i][k]), *factors(q[k][j]))
            for k in range(len(q))
            if not isinstance(p[i][k], ZeroMatrix) and not isinstance(q[k][j], ZeroMatrix)
        ]
        return _added(parts, make.zero(shape_of(p[i][0])[0], shape_of(q[0][j])[1]))

    return make.block([[entry(i, j) for j in range(len(q[0]))] for i in range(len(p))])


@reduces(BlockMatrix)
def block_of_zeros(e):
    """[[0, 0], [0, 0]] = 0, and diag(I, I) = I."""
    blocks = e.blocks
    rows, cols = blocks.shape
    places = [(i, j) for i in range(rows) for j in range(cols)]
    if all(isinstance(blocks[i, j], ZeroMatrix) for i, j in places):
        return make.zero(*shape_of(e))
    diagonal = rows == cols and all(isinstance(blocks[i, j], Identity if i == j else ZeroMatrix) for i, j in places)
    return make.identity_like(e) if diagonal else None


@expands(Inverse)
def inverse_of_product(e):
    """(A*B)**(-1) = B**(-1)*A**(-1) for square A and B."""
    c, chain = chains.open_product(e.args[0])
    if len(chain) < 2 or not all(is_square(base) for base, _, _ in chain):
        return None
    return make.mul(1 / c, *(chains.atom_node((base, flip, -k)) for base, flip, k in reversed(chain)))


@expands(Inverse)
def inverse_of_kronecker(e):
    """(A kron B)**(-1) = A**(-1) kron B**(-1) for square A and B."""
    base = e.args[0]
    if isinstance(base, KroneckerProduct) and all(map(is_square, base.args)):
        return make.kron(*map(make.inverse, base.args))
    return None


@expands(MatPow)
def power_of_kronecker(e):
    """(A kron B)**k = A**k kron B**k for whole k and square A and B."""
    base, k = e.args
    if isinstance(base, KroneckerProduct) and k.is_integer and all(map(is_square, base.args)):
        return make.kron(*(make.power(a, k) for a in base.args))
    return None


@reduces(HadamardPower)
def hadamard_power_of_identity(e):
    """I o I = I, and every power with k > 0."""
    return e.base if isinstance(e.base, Identity) and e.exp.is_positive else None


@reduces(DiagonalOf)
def diagonal_of_diag(e):
    """The diagonal of diag(x) is x; that of the identity is 1."""
    if isinstance(e.arg, DiagMatrix) and is_column(e.arg.args[0]):
        return e.arg.args[0]
    return make.ones(order_of(e.arg)) if isinstance(e.arg, Identity) else None
