"""The softmax of each row recognised, as in diag(exp(X) 1)^-1 exp(X), and its gradients written as books do.

They read P o (G - (P o G) 1 1'), P the softmax.
"""

from typing import Any

from sympy import S
from sympy.matrices.expressions import DiagMatrix, DiagonalOf, HadamardPower, HadamardProduct, MatMul, OneMatrix, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.chains import hadamard_vectors, make_atom, open_product, product, reverse
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import RowSoftmax
from ..nodes.bound import EXP


def is_exp(node):
    """Whether it is exp(X) for a matrix X that is no vector."""
    return isinstance(node, ElementwiseApplyFunction) and node.args[0].expr == EXP and 1 not in shape_of(node)


def _atoms(node):
    """(factors of a product as atoms), () where a number stands before them."""
    c, chain = open_product(node)
    return chain if c is S.One else ()


def _is_ones(atom):
    return isinstance(atom[0], OneMatrix)


# ---------------------------------------------------------------- in a product


def with_row_softmax(chain):
    """The chain with the softmax of each row for diag(exp(X) 1)^-1 exp(X), of each column for exp(X) diag(exp(X)' 1)^-1."""
    for at, (base, _, k) in enumerate(chain):
        if isinstance(base, DiagMatrix) and k is S.One:
            for side, order in ((at + 1, 1), (at - 1, -1)):
                found = _row_softmax(base.args[0], chain[side], order) if 0 <= side < len(chain) else None
                if found is not None:
                    return with_row_softmax((*chain[: min(at, side)], *found[::order], *chain[max(at, side) + 1 :]))
    return chain


def _row_softmax(diagonal, atom, order):
    """(diag(w), P) for diag(v) beside exp(X), in the order in which the rows are those of the exponentials; None where it is no softmax."""
    base, flip, k = atom
    if k is not S.One or not is_exp(base):
        return None
    turned = flip if order > 0 else not flip
    factors = list(diagonal.args if isinstance(diagonal, HadamardProduct) else (diagonal,))
    for i, f in enumerate(factors):
        if _is_divisor(f) and _is_sum_of_rows(f.args[0], make_atom(base, turned, S.One)):
            factors[i : i + 1] = [hadamard_vectors([make.hadamard_power(f.args[0], f.args[1] + 1)])] if f.args[1] != -1 else []
            z = transpose(base.args[1]) if turned else base.args[1]
            p = (make_atom(raw(RowSoftmax, z), order < 0, S.One),)
            return ((make.diag_matrix(hadamard_vectors(factors)), False, S.One), *p) if factors else p
    return None


def _is_divisor(f):
    return isinstance(f, HadamardPower) and f.args[1].is_Integer and f.args[1].is_negative


def _is_sum_of_rows(vector, atom):
    """Whether a column is A 1, A the matrix of an atom."""
    chain = _atoms(vector)
    return len(chain) == 2 and chain[0] == atom and _is_ones(chain[1])


# ---------------------------------------------------------------- in an elementwise product


def row_softmax_of_parts(parts):
    """The factors of an elementwise product of matrices with a softmax for exp(X)/(exp(X) 1 1'); themselves where there is none."""
    for i, e in enumerate(parts):
        base, flip = (e.args[0], True) if isinstance(e, Transpose) else (e, False)
        if not is_exp(base):
            continue
        for j, f in enumerate(parts):
            by_rows = _broadcast_divisor(f, base, flip)
            if by_rows is not None:
                turned, k = flip == by_rows, _exponent(f)
                p = raw(RowSoftmax, transpose(base.args[1]) if turned else base.args[1])
                rest = [] if k == -1 else [make.hadamard_power(f.args[0], k + 1)]
                others = [x for at, x in enumerate(parts) if at not in (i, j)]
                return row_softmax_of_parts([*others, *rest, p if by_rows else transpose(p)])
    return parts


def _exponent(f):
    return f.args[1] if isinstance(f, HadamardPower) else S.NegativeOne


def _broadcast_divisor(f, base, flip):
    """True where a factor is the reciprocal of the sums of each row of A, in all columns, False of each column; None for anything else."""
    f, turned = (f.args[0], True) if isinstance(f, Transpose) else (f, False)
    if _is_divisor(f):
        inner: Any = _atoms(f.args[0])
        inner = reverse(inner) if turned else inner
        ones = [_is_ones(a) for a in inner]
        if len(inner) == 2 and ones in ([False, True], [True, False]) and inner[ones.index(False)] == make_atom(base, flip, S.One):
            return ones[1]
        return None
    chain: Any = _atoms(f) if isinstance(f, MatMul) else ()
    chain = reverse(chain) if turned else chain
    if len(chain) != 2 or not any(map(_is_ones, chain)):
        return None
    by_rows = _is_ones(chain[1])
    vector, vector_flip, k = chain[0 if by_rows else 1]
    if k is S.One and _is_divisor(vector) and vector.args[1] == -1 and vector_flip != by_rows:
        return by_rows if _is_sum_of_rows(vector.args[0], make_atom(base, flip != (not by_rows), S.One)) else None
    return None


# ---------------------------------------------------------------- its gradients


def with_row_softmax_taken_out(terms, summed):
    """P o (G - v 1') for P o G - diag(v) P, and so its transpose: the terms with a softmax P of each row that is in both.

    summed: (terms, size) -> (scalar, chain), the sum of what stands beside P.
    """
    views = [(at, view) for at, term in enumerate(terms) for view in _views(term)]
    for p, turned in dict.fromkeys(view[:2] for _, view in views):
        plain, diagonal = ([(at, v[2]) for at, v in views if v[:2] == (p, turned) and v[3] == kind] for kind in (False, True))
        if plain and diagonal:
            sums = [summed([rest for _, rest in members], shape_of(p)[0]) for members in (plain, diagonal)]
            found = _slope(p, turned, *sums)
            if found is not None:
                places = {at for at, _ in plain + diagonal}
                return with_row_softmax_taken_out([*(t for at, t in enumerate(terms) if at not in places), found], summed)
    return terms


def _slope(p, turned, plain, diagonal):
    """The term c P o (G - v 1'), or its transpose, from the (coefficient, chain) of c G and -c v 1'; None where one of them is 0."""
    (c, g), (d, v) = plain, diagonal
    if c is S.Zero or d is S.Zero:
        return None
    ratio = scalar_product(d, 1 / c)
    c, ends = (c, (S.One, ratio)) if ratio.is_number else (S.One, (c, d))
    node = _beside(p, ends, (g, v))
    if turned:
        inside = _beside(transpose(p), ends, (_turned(g), _turned(v)))
        node = inside if sort_key(inside)[1] <= sort_key(node)[1] + 1 else transpose(node)
    scale, chain = open_product(node)
    return scalar_product(c, scale), chain


def _beside(p, numbers, chains):
    """P o (the sum of the chains with these numbers)."""
    rows = shape_of(p)[0]
    return hadamard_vectors([p, make.add(*(product(number, chain, rows) for number, chain in zip(numbers, chains)))])


def _turned(chain):
    """The transposed chain, elementwise products in it of transposed factors."""
    out = []
    for base, flip, k in reverse(chain):
        if flip and k is S.One and isinstance(base, HadamardProduct):
            out.append(make_atom(hadamard_vectors([_transposed_factor(a) for a in base.args]), False, S.One))
        else:
            out.append((base, flip, k))
    return tuple(out)


def _transposed_factor(a):
    c, chain = open_product(a)
    return product(c, reverse(chain), shape_of(a)[1])


def _views(term):
    """[(P, turned, (coefficient, chain) of R, whether the term is diag(v) P)] with the term P o R, or its transpose."""
    c, chain = term
    if len(chain) == 2:
        kinds = [type(a[0]) for a in chain]
        if kinds in ([DiagMatrix, RowSoftmax], [RowSoftmax, DiagMatrix]):
            (p, flip, k), (d, _, e) = chain if kinds[0] is RowSoftmax else chain[::-1]
            if k is S.One and e is S.One and flip == (kinds[0] is RowSoftmax):
                return [(p, flip, (c, _spread(d.args[0], p)), True)]
        return []
    if len(chain) != 1 or chain[0][2] is not S.One:
        return []
    node, outer, _ = chain[0]
    if isinstance(node, HadamardPower) and isinstance(node.args[0], RowSoftmax) and node.args[1].is_number:
        return [(node.args[0], outer, _rest(c, [make.hadamard_power(node.args[0], node.args[1] - 1)], False), False)]
    if not isinstance(node, HadamardProduct):
        return []
    found = []
    for f in node.args:
        p, flip = (f.args[0], True) if isinstance(f, Transpose) else (f, False)
        if isinstance(p, RowSoftmax):
            found.append((p, flip != outer, _rest(c, [x for x in node.args if x is not f], flip), False))
    return found


def _rest(c, others, flip):
    scale, chain = open_product(hadamard_vectors(others))
    return scalar_product(c, scale), reverse(chain) if flip else chain


def _spread(v, p):
    """The chain of v 1', the vector in every column; of (P o G) 1 for the diagonal of P G'."""
    cols = shape_of(p)[1]
    if isinstance(v, DiagonalOf):
        summed = _sum_of_entries(v.args[0], p)
        if summed is not None:
            return (*summed, (make.ones(cols, cols), False, S.One))
    return (*open_product(v)[1], (make.ones(S.One, cols), False, S.One))


def _sum_of_entries(m, p):
    """The chain of P o G, for the matrix P G' or G P'; None for another."""
    c, chain = open_product(m)
    if c is not S.One or len(chain) < 2:
        return None
    if chain[0] == (p, False, S.One):
        rest = reverse(chain[1:])
    elif chain[-1] == (p, True, S.One):
        rest = chain[:-1]
    else:
        return None
    c, whole = open_product(hadamard_vectors([p, product(S.One, rest, shape_of(p)[0])]))
    return whole if c is S.One else None
