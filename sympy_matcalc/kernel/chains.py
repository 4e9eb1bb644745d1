"""Chains: a product of matrices as a tuple of atoms (base, flip, exponent), where cancelling and reversing are cheap.

An atom stands for ``base**exponent``, transposed if `flip`. Its base is never a product, a transpose or a power, so equal things have
equal atoms: the inverse transpose of X is ``(X, True, -1)`` however it was typed.
"""

from sympy import KroneckerDelta, Mul, S
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatMul,
    MatPow,
    MatrixSlice,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)

from ..nodes import Cholesky, CommutationMatrix, MatrixSqrt, MatrixUnit, PseudoInverse, Softmax
from . import make
from .interning import raw
from .order import sort_key
from .scalars import scalar_product
from .session import session_state, stated
from .shapes import is_column, is_matrix, is_one, same_size, shape_of
from .symmetry import is_symmetric, transpose


def atom_shape(atom):
    rows, cols = shape_of(atom[0])
    return (cols, rows) if atom[1] else (rows, cols)


def chain_shape(chain):
    return atom_shape(chain[0])[0], atom_shape(chain[-1])[1]


def make_atom(base, flip, exponent):
    if flip and is_symmetric(base):
        flip = False
    if flip and isinstance(base, CommutationMatrix):
        base, flip = raw(CommutationMatrix, *base.args[::-1]), False
    if flip and isinstance(base, OneMatrix):
        base, flip = make.ones(*base.args[::-1]), False
    if exponent is not S.One and isinstance(base, DiagMatrix):
        return _power_of_diagonal(base, exponent)
    return base, flip, exponent


def _power_of_diagonal(base, k):
    """The atom of diag(v)^k, which is the diagonal matrix of the powers of the entries."""
    v = hadamard_power_of(base.args[0], k)
    return (make.identity(shape_of(v)[0]) if isinstance(v, OneMatrix) else make.diag_matrix(v)), False, S.One


def reverse(chain):
    """The transposed chain."""
    return tuple(make_atom(base, not flip, k) for base, flip, k in reversed(chain))


def open_product(m):
    """(scalar, chain) of a matrix expression: products, transposes, inverses and powers of one atom are opened, nothing else."""
    table = session_state.opened
    known = table.get(id(m))
    if known is None:
        table[id(m)] = known = (m, _open(m))
    return known[1]


def _open(m):
    if isinstance(m, MatMul):
        scalars, chain = [], []
        for a in m.args:
            if is_matrix(a):
                c, inner = open_product(a)
                scalars += [] if c is S.One else [c]
                chain += inner
            else:
                scalars.append(a)
        return Mul(*scalars) if scalars else S.One, tuple(chain)
    if isinstance(m, Transpose):
        c, chain = open_product(m.args[0])
        return c, reverse(chain)
    if isinstance(m, Identity):
        return S.One, ()
    if isinstance(m, (Inverse, MatPow)):
        k = m.args[1]
        c, chain = open_product(m.args[0])
        if not chain:
            return c**k, ()
        if not splits(c, k):
            return S.One, (make_atom(m.args[0], False, k),)
        if len(chain) == 1 and powers_multiply(chain[0], k):
            base, flip, e = chain[0]
            return c**k, (make_atom(base, flip, e * k),)
        if c is not S.One:
            return c**k, (make_atom(express_chain(chain), False, k),)
        return S.One, (make_atom(m.args[0], False, k),)
    return S.One, (make_atom(m, False, S.One),)


def splits(c, k):
    """Whether (c A)^k = c^k A^k: for whole k, and for positive c."""
    return c is S.One or k.is_integer is True or c.is_positive is True


def powers_multiply(atom, k):
    """Whether (A^e)^k = A^(e k): for whole k; (A^2)^(1/2) is not A, unless the square root of A^2 is known to be A."""
    base, _, e = atom
    return k.is_integer is True or e in (1, -1) or e.is_positive is True and stated("positive_definite", base)


# ---------------------------------------------------------------- normal form


def normalise(chain):
    """Merge neighbours: powers of one base, an inverse product beside its factor, diagonal matrices, selectors."""
    out = []
    for atom in chain:
        push(out, atom)
    return tuple(out)


def push(out, atom):
    """Append an atom to a list of merged atoms, merged with those at its end."""
    while True:
        if isinstance(atom[0], Identity) or atom[2] is S.Zero:
            return
        if not out:
            out.append(atom)
            return
        merged = _merge(out[-1], atom)
        if merged is None and len(out) > 1 and _is_between(out[-2], out[-1], atom):
            out.pop()  # A A^+ A = A
            return
        if merged is None:
            out.append(atom)
            return
        out.pop()
        if not merged:
            return
        for extra in merged[:-1]:
            push(out, extra)
        atom = merged[-1]


def _merge(left, right):
    """The atoms that replace a pair of neighbours, or None."""
    (p, pf, pk), (q, qf, qk) = left, right
    if p is q and pf == qf:
        rows, cols = shape_of(p)
        if rows == cols and not is_one(rows):
            return _power_atoms(p, pf, pk + qk)
        return None
    if pk is S.NegativeOne and isinstance(p, MatMul):
        return _cancel_left(left, right)
    if qk is S.NegativeOne and isinstance(q, MatMul):
        found = _cancel_left(reverse((right,))[0], reverse((left,))[0])
        return None if found is None else list(reverse(found))
    if isinstance(p, Cholesky) and p is q and (pf, qf, pk, qk) == (False, True, 1, 1) and is_symmetric(p.arg):
        c, chain = open_product(p.arg)
        return list(chain) if c is S.One and chain else None
    if isinstance(p, DiagMatrix) and isinstance(q, DiagMatrix) and pk is S.One and qk is S.One:
        v = hadamard_vectors([p.args[0], q.args[0]])
        return [] if isinstance(v, OneMatrix) else [(make.diag_matrix(v), False, S.One)]
    if isinstance(p, OneMatrix) and isinstance(q, OneMatrix) and is_one(p.args[1]) and not is_one(p.args[0]):
        return [(make.ones(p.args[0], q.args[1]), False, S.One)]
    if isinstance(p, MatrixUnit) and isinstance(q, MatrixUnit) and not pf and qf and is_one(p.args[1]) and is_one(q.args[1]):
        return [(make.matrix_unit(p.args[0], q.args[0], p.args[2], q.args[2]), False, S.One)]
    return _merge_slices(left, right)


def _is_between(left, middle, right):
    """Whether these are A, A^+, A or A^+, A, A^+."""
    if left != right or left[1] != middle[1] or left[2] is not S.One or middle[2] is not S.One:
        return False
    a, p = left[0], middle[0]
    return isinstance(p, PseudoInverse) and p.arg is a or isinstance(a, PseudoInverse) and a.arg is p


def _power_atoms(base, flip, k):
    """The atoms of a power; an even power of a square root is one of what is under the root."""
    if k == 0:
        return []
    if isinstance(base, MatrixSqrt) and (k / 2).is_Integer:
        c, chain = open_product(base.arg)
        if c is S.One and len(chain) == 1:
            inner, turned, e = chain[0]
            return [make_atom(inner, turned != flip, e * k / 2)]
        if c is S.One and k == 2 and chain:
            return list(reverse(chain) if flip else chain)
        return [make_atom(base.arg, flip, k / 2)]
    if isinstance(base, (MatPow, Inverse)) and k.is_Integer:  # (A^2)^(1/2) twice
        inner, e = base.args
        return [make_atom(inner, flip, e * k)]
    return [make_atom(base, flip, k)]


def _cancel_left(inverse, neighbour):
    """(F1 F2 .. Fk)^-1 F1 = (F2 .. Fk)^-1 when F1 is square, hence invertible."""
    c, factors = open_product(inverse[0])
    if c is not S.One:
        return None
    if inverse[1]:
        factors = reverse(factors)
    first = factors[0]
    if first[0] is not neighbour[0] or first[1] != neighbour[1]:
        return None
    rows, cols = shape_of(first[0])
    if rows != cols or not (first[2] == neighbour[2] or (first[2].is_Integer and neighbour[2].is_Integer)):
        return None
    left_over = first[2] - neighbour[2]
    if left_over.is_positive:
        rest = ((first[0], first[1], left_over), *factors[1:])
        return [atom_inverse(rest)]
    rest = factors[1:]
    tail = [] if left_over == 0 else [(first[0], first[1], -left_over)]
    return [atom_inverse(rest), *tail] if rest else tail


def atom_inverse(chain):
    if len(chain) == 1:
        base, flip, k = chain[0]
        return make_atom(base, flip, -k)
    node = express_chain(chain)
    if isinstance(node, Transpose):
        return make_atom(node.args[0], True, S.NegativeOne)
    return make_atom(node, False, S.NegativeOne)


def is_selector(base):
    """Whole rows of the identity: it picks rows. A slice with some of the columns only is a matrix as any other."""
    return isinstance(base, MatrixSlice) and isinstance(base.args[0], Identity) and tuple(base.args[2]) == _full(base.args[0].shape[1])


def selector(n, bounds):
    """The matrix that picks the rows `bounds` = (start, stop, step) of a matrix with n rows."""
    return make.slice_of(make.identity(n), bounds, (S.Zero, n, S.One))


def _full(n):
    return (S.Zero, n, S.One)


def _merge_slices(left, right):
    """S M is a slice of rows, M S' a slice of columns, S S' the identity or nothing special."""
    (p, pf, _), (q, qf, qk) = left, right
    if is_selector(p) and not pf:
        if is_selector(q) and qf:
            return [] if p is q else None
        if is_selector(q) and not qf or qk is not S.One or isinstance(q, MatrixUnit):
            return None
        n = shape_of(q)[1 if qf else 0]
        inner = (_full(shape_of(q)[0]), tuple(p.args[1])) if qf else (tuple(p.args[1]), _full(shape_of(q)[1]))
        return _sliced(q, inner, qf) if same_size(n, shape_of(p)[1]) else None
    if is_selector(q) and qf:
        found = _merge_slices(reverse((right,))[0], reverse((left,))[0])
        return None if found is None else list(reverse(found))
    return None


def _sliced(base, bounds, flip):
    """The atoms of a slice, transposed if `flip`."""
    if isinstance(base, MatrixSlice) and not is_selector(base):
        bounds = [_compose(outer, inner) for outer, inner in zip(base.args[1:], bounds)]
        base = base.args[0]
    if isinstance(base, BlockMatrix):
        c, chain = open_product(block_slice(base, bounds) or base)
        if c is S.One and chain != open_product(base)[1]:
            return list(reverse(chain) if flip else chain)
    if isinstance(base, OneMatrix):
        return [make_atom(make.ones(*(_length(x) for x in bounds)), flip, S.One)]
    return [make_atom(make.slice_of(base, *bounds), flip, S.One)]


def block_slice(base, bounds):
    """What a slice along the borders of blocks takes: one block, or a block matrix of fewer; None where it cuts through a block."""
    spans = []
    for (start, stop, step), sizes in zip(bounds, (base.rowblocksizes, base.colblocksizes)):
        edges = [S.Zero]
        for size in sizes:
            edges.append(edges[-1] + size)
        first, last = (next((k for k, edge in enumerate(edges) if same_size(edge, at)), None) for at in (start, stop))
        if first is None or last is None or step != 1 or last <= first:
            return None
        spans.append(range(first, last))
    if all(len(span) == 1 for span in spans):
        return base.blocks[spans[0][0], spans[1][0]]
    return make.block([[base.blocks[i, j] for j in spans[1]] for i in spans[0]])


def _compose(outer, inner):
    start, _, step = outer
    return (start + inner[0] * step, start + inner[1] * step, step * inner[2])


def _length(bounds):
    start, stop, step = bounds
    return (stop - start) if step == 1 else -((start - stop) // step)


# ---------------------------------------------------------------- back to SymPy


def atom_node(atom):
    base, flip, k = atom
    if k is S.One:
        return transpose(base) if flip else base
    inner = _transposed_base(base) if flip else base
    return make.power(inner, k)


def _transposed_base(base):
    """The transpose pushed into a product where that needs no more transposes than it removes."""
    if isinstance(base, MatMul):
        c, chain = open_product(base)
        turned = reverse(chain)
        if count_flips(turned) <= count_flips(chain) + 1:
            return make.mul(c, express_chain(turned))
    return transpose(base)


def count_flips(chain):
    return sum(atom[1] for atom in chain)


UNIT_KEY = ("", 1, 0)  # of the exponent 1, which nearly all have


def chain_key(chain):
    """Order of preference: few transposes, then the names."""
    return (count_flips(chain), tuple([(sort_key(base), flip, UNIT_KEY if k is S.One else sort_key(k)) for base, flip, k in chain]))


def express_chain(chain):
    """The SymPy product of a chain that is not empty."""
    return make.mul(*(atom_node(a) for a in chain))


def product(coefficient, chain, size):
    """SymPy's form of ``coefficient * chain``; the identity of order `size` if the chain is empty."""
    if coefficient is S.Zero or coefficient == 0:
        rows, cols = chain_shape(chain) if chain else (size, size)
        return make.zero(rows, cols)
    nodes = [atom_node(a) for a in chain] or [make.identity(size)]
    return make.mul(coefficient, *nodes)


# ---------------------------------------------------------------- scalars


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
    """Entry (i, j) of a chain."""
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
    if len(chain) == 2 and isinstance(chain[0][0], OneMatrix) and isinstance(chain[1][0], Softmax):
        return S.One  # its entries sum to 1
    if all(isinstance(a[0], OneMatrix) for a in chain):
        return Mul(*(atom_shape(a)[1] for a in chain[:-1]))
    if len(chain) == 1 and not is_one(chain[0][2]):
        base, _, k = chain[0]
        return make.element(base) ** k
    turned = reverse(chain)
    return make.element(express_chain(min(chain, turned, key=_row_key)))


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
        merged = _merge(chain[-1], chain[0])
        if merged is None or len(merged) > 1:
            break
        chain = normalise((*chain[1:-1], *merged)) if merged else chain[1:-1]
        if merged and isinstance(merged[0][0], Identity):
            chain = chain[:-1]
    if not chain:
        return size
    if has_zero(chain):
        return S.Zero
    if len(chain) == 1:
        return _trace_of_atom(chain[0])
    return make.trace(express_chain(min(_rotations(chain), key=chain_key)))


def _segments(chain):
    """A chain of shape 1 x 1 in pieces of that shape."""
    start = 0
    for i, atom in enumerate(chain, 1):
        if is_one(atom_shape(atom)[1]):
            yield chain[start:i]
            start = i


def _rotations(chain):
    """The least rotation of the cycle and of its transpose."""
    for c in (chain, reverse(chain)):
        start = _least_rotation([(sort_key(base), flip, UNIT_KEY if k is S.One else sort_key(k)) for base, flip, k in c])
        yield c[start:] + c[:start]


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
    return c * trace(chain, shape_of(m)[0])


# ---------------------------------------------------------------- Hadamard products


def hadamard_vectors(nodes):
    """Elementwise product of equally shaped matrices: flattened, powers of one base merged, ordered."""
    scale, flat = [], []
    for node in nodes:
        c, chain = open_product(node)
        if c is not S.One:
            scale.append(c)
            node = express_chain(chain) if chain else make.identity(shape_of(node)[0])
        flat += node.args if isinstance(node, HadamardProduct) else [node]
    powers = {}
    for node in flat:
        if isinstance(node, OneMatrix):
            continue
        base, k = node.args if isinstance(node, HadamardPower) and not is_matrix(node.args[1]) else (node, S.One)
        powers[base] = powers.get(base, S.Zero) + k
    parts = [make.hadamard_power(base, k) for base, k in powers.items() if k != 0]
    parts.sort(key=sort_key)
    result = make.hadamard(*parts) if parts else make.ones(*shape_of(nodes[0]))
    return make.mul(*scale, *(result.args if isinstance(result, MatMul) else (result,))) if scale else result


def hadamard_power_of(v, k):
    """The powers of the entries of a matrix; whole powers of powers and of products are those of their parts."""
    if isinstance(v, HadamardPower) and not is_matrix(v.args[1]) and k.is_integer:
        return hadamard_power_of(v.args[0], v.args[1] * k) if v.args[1] * k != 0 else make.ones(*shape_of(v))
    if isinstance(v, HadamardProduct) and k.is_integer:
        return hadamard_vectors([hadamard_power_of(a, k) for a in v.args])
    return v if isinstance(v, OneMatrix) else make.hadamard_power(v, k)
