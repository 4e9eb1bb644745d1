"""The scalars that chains give: 1 x 1 products, entries, traces."""

from sympy import Add, KroneckerDelta, Mul, S
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import DiagMatrix, KroneckerProduct, MatAdd, MatMul, OneMatrix, ZeroMatrix

from ...nodes import MatrixUnit, Softmax
from .. import make
from ..order import sort_key
from ..scalars import scalar_product
from ..shapes import is_column, is_matrix, is_one, order_of, shape_of
from .atoms import UNIT_KEY, atom_node, atom_shape, chain_key, express_chain, make_atom, open_product, reverse
from .centred import sums_to_zero
from .commuting import uncut
from .merging import merge, normalise


def scalar(chain):
    """The scalar that a chain of shape 1 x 1 is."""
    chain = normalise(chain)
    if not chain:
        return S.One
    if has_zero(chain):
        return S.Zero
    left, right = _unit_of(chain[0], row=True), _unit_of(chain[-1], row=False) if len(chain) > 1 else None
    if left is None and right is None:
        return _plain_scalar(chain)
    inner = chain[(left is not None) : len(chain) - (right is not None)]
    i, j = (S.Zero if x is None else x for x in (left, right))
    if not inner:
        return KroneckerDelta(i, j)
    return entry(inner, i, j)


def entry(chain, i, j):
    """Entry (i, j) of a chain; of the empty one, the identity, a delta."""
    if not chain:
        return KroneckerDelta(i, j)
    if chain_key(reverse(chain)) < chain_key(chain):
        chain, i, j = reverse(chain), j, i
    if len(chain) == 1 and chain[0][2] is S.One:
        base, flip, _ = chain[0]
        i, j = (j, i) if flip else (i, j)
        if isinstance(base, OneMatrix):
            return S.One
        if isinstance(base, MatrixUnit):
            return KroneckerDelta(base.args[2], i) * KroneckerDelta(base.args[3], j)
        if isinstance(base, DiagMatrix):
            return make.element(base.args[0], i, S.Zero) * KroneckerDelta(i, j) if is_column(base.args[0]) else make.element(base, i, j)
        return make.element(base, i, j)
    return make.element(express_chain(chain), i, j)


def _unit_of(atom, row):
    """Index of the one of a unit vector at an end of a chain."""
    base, flip, _ = atom
    if isinstance(base, MatrixUnit) and flip == row and is_one(base.args[1]):
        return base.args[2]
    return None


def has_zero(chain):
    return any(isinstance(atom[0], ZeroMatrix) for atom in chain)


def is_ones(chain):
    return len(chain) == 1 and isinstance(chain[0][0], OneMatrix)


def _plain_scalar(chain):
    if len(chain) == 2 and isinstance(chain[0][0], OneMatrix) and type(chain[1][0]) is Softmax:
        return S.One  # its entries sum to 1
    if all(isinstance(a[0], OneMatrix) for a in chain):
        return Mul(*(atom_shape(a)[1] for a in chain[:-1]))
    if len(chain) > 1 and _vanishes(chain):
        return S.Zero
    sums = _sums_of_kronecker(chain)
    if sums is not None:
        return Mul(*sums)
    if len(chain) == 1 and not is_one(chain[0][2]):
        base, _, k = chain[0]
        return make.element(base) ** k
    turned = reverse(chain)
    return make.element(express_chain(min(chain, turned, key=_row_key)))


def _sums_of_kronecker(chain):
    """The sums whose product is the sum of the entries of a Kronecker product; None for any other chain."""
    inner = [a for a in chain if not isinstance(a[0], OneMatrix)]
    if len(inner) != 1 or not isinstance(inner[0][0], KroneckerProduct) or inner[0][2] is not S.One or len(chain) == 1:
        return None
    sums = []
    for part in inner[0][0].args:
        c, opened = open_product(part)
        left, right = (((make.ones(*shape), False, S.One),) for shape in ((S.One, shape_of(part)[0]), (shape_of(part)[1], S.One)))
        sums += [c, scalar(left * (not is_one(shape_of(part)[0])) + opened + right * (not is_one(shape_of(part)[1])))]
    return sums


def _vanishes(chain):
    """Whether 1'(x - mean(x) 1) or its like is 0: a vector times a sum, an end of the chain, whose summands' products add up to 0."""
    for end, rest in ((chain[-1], chain[:-1]), (reverse(chain[:1])[0], reverse(chain[1:]))):
        base, flip, k = end
        if k is S.One and isinstance(base, MatAdd) and _may_cancel(rest[-1], base):
            if isinstance(rest[-1][0], OneMatrix) and sums_to_zero(end):
                return True
            parts = [open_product(a) for a in base.args]
            return Add(*(c * scalar((*rest, *(reverse(inner) if flip else inner))) for c, inner in parts)) is S.Zero
    return False


def _may_cancel(neighbour, total):
    """Whether a product of the neighbour with a sum is worth multiplying out: sums of entries, and of multiples by scalars of matrices."""
    if isinstance(neighbour[0], OneMatrix):
        return True
    return any(isinstance(a, MatMul) and not is_matrix(a.args[0]) and not a.args[0].is_number for a in total.args)


def _row_key(chain):
    """As `chain_key`, where the vector at the left end must be transposed anyway."""
    flips, names = chain_key(chain)
    first = chain[0]
    return (flips, isinstance(first[0], OneMatrix) is False, names)


def trace(chain, size):
    """The trace of a square chain: merged around the end, rotated and transposed to the least form; of rank 1 it is an inner product."""
    cut = next((i + 1 for i, atom in enumerate(chain) if is_one(atom_shape(atom)[1])), None)
    if cut is not None:
        return scalar_product(*map(scalar, _segments(chain[cut:] + chain[:cut])))
    chain = normalise(chain)
    while len(chain) > 1:
        merged = merge(chain[-1], chain[0])
        if merged is None or len(merged) > 1:
            break
        size = atom_shape(chain[-1])[0] if len(chain) == 2 else atom_shape(chain[0])[1]  # S'S is not the order of S S'
        chain = normalise((*chain[1:-1], *merged)) if merged else chain[1:-1]
    if not chain:
        return size
    if has_zero(chain):
        return S.Zero
    if len(chain) == 1:
        return _trace_of_atom(chain[0])
    for at, (base, _, k) in enumerate(chain):
        if isinstance(base, MatrixBase) and k is S.One and len(places := [p for p in enumerate(base.flat()) if p[1] != 0]) == 1:
            (number, value), cols = places[0], base.shape[1]
            return scalar_product(value, entry(chain[at + 1 :] + chain[:at], S(number % cols), S(number // cols)))
    return make.trace(express_chain(uncut(min(_rotations(chain), key=chain_key))))


def _segments(chain):
    """A chain of shape 1 x 1 in pieces of that shape."""
    start = 0
    for i, atom in enumerate(chain, 1):
        if is_one(atom_shape(atom)[1]):
            yield chain[start:i]
            start = i


def _rotations(chain):
    """The least rotation of the cycle and of its transpose; tr(Y^-1 A Z^-1 B) starts with the inverse, as Jacobi's formula does."""
    alternate = len(chain) % 2 == 0 and _is_inverse(chain[0]) != _is_inverse(chain[1])
    alternate = alternate and all(_is_inverse(a) == _is_inverse(chain[i % 2]) for i, a in enumerate(chain))
    for c in (chain, reverse(chain)):
        keys = [(sort_key(base), flip, UNIT_KEY if k is S.One else sort_key(k)) for base, flip, k in c]
        start = _least_rotation([(alternate and not _is_inverse(a), *key) for a, key in zip(c, keys)])
        yield c[start:] + c[:start]


def _is_inverse(atom):
    return atom[2].is_negative is True


def _least_rotation(keys):
    """Where the least rotation of a sequence starts; linear in its length (Booth 1980)."""
    n, i, j, same = len(keys), 0, 1, 0
    while i < n and j < n and same < n:
        x, y = keys[(i + same) % n], keys[(j + same) % n]
        if x == y:
            same += 1
            continue
        if x > y:
            i += same + 1
        else:
            j += same + 1
        j += i == j
        same = 0
    return min(i, j)


def _trace_of_atom(atom):
    base, _, k = atom
    if k is S.One and isinstance(base, DiagMatrix) and is_column(base.args[0]):
        v = base.args[0]
        return scalar((make_atom(make.ones(S.One, shape_of(v)[0]), False, S.One), *open_product(v)[1])) * open_product(v)[0]
    if k is S.One and isinstance(base, KroneckerProduct) and all(shape_of(a)[0] == shape_of(a)[1] for a in base.args):
        return Mul(*(_trace_of(a) for a in base.args))
    return make.trace(atom_node((base, False, k)))


def _trace_of(m):
    c, chain = open_product(m)
    return c * trace(chain, order_of(m))
