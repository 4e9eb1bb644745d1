"""Neighbours in a chain merged: powers of one base, an inverse product beside its factor, diagonal matrices, slices."""

from sympy import S
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    Identity,
    Inverse,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
)

from ...nodes import Cholesky, MatrixSqrt, MatrixUnit, PseudoInverse, RowSoftmax
from .. import make
from ..shapes import is_one, same_size, shape_of
from ..symmetry import is_symmetric
from .atoms import express_chain, hadamard_vectors, is_centring, make_atom, open_product, reverse
from .centred import sums_to_zero
from .commuting import FUNCTIONS, is_out_of_order


def normalise(chain):
    """Merge neighbours: powers of one base, an inverse product beside its factors, diagonal matrices, selectors."""
    out = []
    for atom in chain:
        push(out, atom)
    if len(out) > 2:
        for atom in out:
            if type(atom[0]) is MatMul:  # a power of a product
                return _without_products(out)
    return tuple(out)


def _without_products(out):
    """``X (X'X)^-1 X'X`` as X: no inverse power of a product beside the product, on either side of it."""
    for at, (base, flip, k) in enumerate(out):
        c, factors = open_product(base) if isinstance(base, MatMul) and k.is_Integer and k.is_negative else (None, ())
        if c is S.One:
            beside = list(reverse(factors) if flip else factors)
            many, rest = len(beside), [] if k == -1 else [make_atom(base, flip, k + 1)]
            follows = out[at + 1 : at + 1 + many] == beside
            if (follows or at >= many and out[at - many : at] == beside) and not _is_of_low_rank(factors):
                return normalise([*out[:at], *rest, *out[at + 1 + many :]] if follows else [*out[: at - many], *rest, *out[at + 1 :]])
    return tuple(out)


def _is_of_low_rank(factors):
    """Whether their sizes alone make a product singular, as X'X of a wide X: then it has no inverse that cancels."""
    n = shape_of(factors[0][0])[1 if factors[0][1] else 0]
    return any((n - shape_of(base)[0 if flip else 1]).is_positive for base, flip, _ in factors[:-1])


def push(out, atom):
    """Append an atom to a list of merged atoms, merged with those at its end."""
    while True:
        if isinstance(atom[0], Identity) or atom[2] is S.Zero:
            return
        if not out or type(atom[0]) is MatrixSymbol and type(out[-1][0]) is MatrixSymbol and atom[0] is not out[-1][0]:
            out.append(atom)  # nothing is known of two symbols
            return
        merged = merge(out[-1], atom)
        if merged is None and len(out) > 1 and _is_between(out[-2], out[-1], atom):
            out.pop()  # A A^+ A = A
            return
        if merged is None and (isinstance(atom[0], FUNCTIONS) or isinstance(out[-1][0], FUNCTIONS)) and is_out_of_order(out[-1], atom):
            last = out.pop()
            push(out, atom)
            atom = last
            continue
        if merged is None:
            out.append(atom)
            return
        out.pop()
        if not merged:
            return
        for extra in merged[:-1]:
            push(out, extra)
        atom = merged[-1]


def merge(left, right):
    """The atoms that replace a pair of neighbours, or None."""
    (p, pf, pk), (q, qf, qk) = left, right
    if p is q and pf == qf:
        rows, cols = shape_of(p)
        if rows != cols or is_one(rows):
            return None
        if type(p) is MatMul and pk.is_negative != qk.is_negative and _is_of_low_rank(open_product(p)[1]):
            return None
        return _power_atoms(p, pf, pk + qk)
    if pk is S.NegativeOne and isinstance(p, MatMul):
        return _cancel_left(left, right)
    if qk is S.NegativeOne and isinstance(q, MatMul):
        found = _cancel_left(reverse((right,))[0], reverse((left,))[0])
        return None if found is None else list(reverse(found))
    if isinstance(q, OneMatrix) and isinstance(p, RowSoftmax) and not pf:
        return [(make.ones(shape_of(p)[0], q.args[1]), False, S.One)]
    if isinstance(p, OneMatrix) and isinstance(q, RowSoftmax) and qf:
        return [(make.ones(p.args[0], shape_of(q)[0]), False, S.One)]
    if centred := _centred(left, right):
        return centred
    of_one_kind = PAIRS.get(type(p)) if type(p) is type(q) else None
    found = of_one_kind(left, right) if of_one_kind else None
    return _merge_slices(left, right) if found is None else found


def _centred(left, right):
    """``C A = A`` and ``A' C = A'`` where A is centred, with the centring matrix C; C too is."""
    for centring, other, turned in ((left, right, right), (right, left, reverse((left,))[0])):
        if centring[2] is S.One and is_centring(centring[0]) and sums_to_zero(turned):
            return [other]
    return None


def _cholesky_factors(left, right):
    """L L' is the matrix it was taken of."""
    (p, pf, pk), (q, qf, qk) = left, right
    if p is not q or (pf, qf, pk, qk) != (False, True, 1, 1) or not is_symmetric(p.arg):
        return None
    c, chain = open_product(p.arg)
    return list(chain) if c is S.One and chain else None


def _diagonal_matrices(left, right):
    """diag(v) diag(w) = diag(v o w)."""
    if left[2] is not S.One or right[2] is not S.One:
        return None
    v = hadamard_vectors([left[0].args[0], right[0].args[0]])
    return [] if isinstance(v, OneMatrix) else [(make.diag_matrix(v), False, S.One)]


def _ones(left, right):
    """A column of ones times a row of ones is a matrix of ones."""
    (p, _, _), (q, _, _) = left, right
    return [(make.ones(p.args[0], q.args[1]), False, S.One)] if is_one(p.args[1]) and not is_one(p.args[0]) else None


def _units(left, right):
    """e_i e_j' is the matrix with the one entry 1."""
    (p, pf, _), (q, qf, _) = left, right
    if pf or not qf or not is_one(p.args[1]) or not is_one(q.args[1]):
        return None
    return [(make.matrix_unit(p.args[0], q.args[0], p.args[2], q.args[2]), False, S.One)]


PAIRS = {Cholesky: _cholesky_factors, DiagMatrix: _diagonal_matrices, OneMatrix: _ones, MatrixUnit: _units}


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


def _picks_columns(base):
    """Whole columns of the identity."""
    return isinstance(base, MatrixSlice) and isinstance(base.args[0], Identity) and tuple(base.args[1]) == _full(base.args[0].shape[0])


def selector(n, bounds):
    """The matrix that picks the rows `bounds` = (start, stop, step) of a matrix with n rows."""
    return make.slice_of(make.identity(n), bounds, (S.Zero, n, S.One))


def _full(n):
    return (S.Zero, n, S.One)


def _merge_slices(left, right):
    """S M is a slice of rows, M S' a slice of columns, S S' the identity or nothing special; so it is of T'T with whole columns T."""
    (p, pf, _), (q, qf, qk) = left, right
    if type(p) is not MatrixSlice and type(q) is not MatrixSlice:
        return None
    if p is q and pf and not qf and qk is S.One and _picks_columns(p):
        return []
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
