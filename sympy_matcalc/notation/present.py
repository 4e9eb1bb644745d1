"""present: the last step, transposes where one writes them: X.T**-1 and ``1*mu.T``, not the transpose of an inverse or of a product."""

from operator import is_not

from sympy import Add, Dummy, Lambda, Mul, Number, Pow, S, Sum, Symbol, Tuple, exp
from sympy.matrices.expressions import (
    BlockDiagMatrix,
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..compat import dummy
from ..kernel import make
from ..kernel.chains import added_up, count_flips, open_product, reverse
from ..kernel.classes import ByClass, Derived
from ..kernel.indices import FIRST_OF_RESULT, MAX_DEPTH, plain_name
from ..kernel.interning import intern, raw, with_args
from ..kernel.order import sort_key
from ..kernel.scalars import has_minus, rebuild_scalar, scalar_product
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import from_inside
from ..nodes import AsMatrix, EinsumTerm, ElementSum, MatrixExp, MatrixSum, Mean, Norm, NuclearNorm, RightJacobian, SpectralNorm
from ..nodes.einsum import EinsumArray, is_axis
from .collect import sum_of_chains
from .elementwise import sigmoid
from .one_function import diagonal_of_one_function
from .ones import with_ones_taken_in
from .rotations import with_axis_kept
from .softmax import with_softmax
from .transposes import ENTRYWISE, absorbed_into, entries_turned, factors, flips_if_turned, flips_of, in_order, push, turned

RAW = (MatMul, MatAdd, Transpose, Inverse, MatPow, HadamardProduct, HadamardPower, KroneckerProduct, ElementwiseApplyFunction)
IS_WHOLE = Derived(Symbol, MatrixSymbol, Number, Lambda)
IS_TELLING = Derived(Mul, Pow, OneMatrix, RightJacobian)  # what one factor is, at least, of a product that is looked into


def present(top):
    """`_present`, from the inside out: deep nesting needs no deep recursion."""
    if isinstance(top.args[-1] if isinstance(top, MatMul) else top, DiagMatrix):
        top = diagonal_of_one_function(top)
    return from_inside(_present, top, lambda node: () if isinstance(node, (MatrixSymbol, Lambda)) else node.args)


def _present(node):
    """The same expression with its transposes pushed into inverses, and into products where that needs no more of them."""
    kind = type(node)
    if IS_WHOLE[kind] or not node.args or kind is Tuple and is_axis(node) or kind is Transpose and IS_WHOLE[type(node.args[0])]:
        return node
    table = id_memo("present")
    found = table.get(node)
    if found is None:
        if kind is EinsumTerm and not node.limits.args:  # there are many, and their sizes and axes are as one writes them
            found = table[node] = node.with_parts(_present)
            return found
        absorbed = absorbed_into(node) if kind is Transpose else _recognised(node) if kind is MatMul or kind is Mul else node
        if absorbed is not node:  # before its parts are presented: they may be transposed, which cancels
            found = table[node] = _present(absorbed)
            return found
        inside = _base if kind is Inverse or kind is MatPow else _present
        args = [a if IS_WHOLE[type(a)] else inside(a) for a in node.args]
        args = _in_pairs(node.args, args) if kind is MatAdd else args
        new = _rebuilt(node, args) if any(map(is_not, args, node.args)) else node
        found = table[new] = table[node] = push(new) if type(new) is Transpose else _named(new)
    return found


def _recognised(product):
    """A product of scalars or matrices in which softmax(z) stands for exp(z)/sum(exp(z)), and w for J(w) w of a rotation."""
    if not any(IS_TELLING[type(f.args[0] if type(f) is Transpose else f)] for f in product.args):
        return product
    found = with_ones_taken_in(with_axis_kept(with_softmax(product.args)))
    return product if found is product.args else make.mul(*found) if is_matrix(product) else intern(Mul(*found))


def _base(a):
    """What a power is of: the transpose around a product of more than one matrix stays, as in (A X B)^-T, unless none is added."""
    if not isinstance(a, Transpose) or not isinstance(a.args[0], MatMul):
        return _present(a)
    chain = open_product(a.args[0])[1]
    if count_flips(reverse(chain)) <= count_flips(chain) + 1:
        return _present(a)
    inner = _present(a.args[0])
    return raw(Transpose, inner)


def _named(node):
    """The node under the name that one gives it, see `NAMES`; itself where it has no other."""
    name = NAMES[type(node)]
    return node if name is None else name(node)


def _norm(node):
    """The norm of what was transposed is that of the matrix."""
    return raw(type(node), node.arg.args[0], *node.args[1:]) if isinstance(node.arg, Transpose) else node


def _inverse(node):
    """exp(-A) for the inverse of exp(A), and transposed."""
    inner = node.arg.arg if isinstance(node.arg, Transpose) else node.arg
    if not isinstance(inner, MatrixExp):
        return node
    found = raw(MatrixExp, _negative(inner.arg))
    return found if inner is node.arg else raw(Transpose, found)


def _entry(node):
    """sum(A) for 1' A 1."""
    if isinstance(node.parent, AsMatrix):
        return intern(node.parent[node.i, node.j])
    if not isinstance(node.parent, MatMul) or shape_of(node.parent) != (S.One, S.One):
        return node
    left, *middle, right = node.parent.args
    if isinstance(left, OneMatrix):
        return _sum_of(make.mul(*middle) if middle and isinstance(right, OneMatrix) else make.mul(*middle, right))
    return _sum_of(make.mul(left, *middle)) if isinstance(right, OneMatrix) else node


def _scalar_product(product):
    """mean(A) for sum(A)/(m n), and 1/(1 + exp(-a)) for exp(a)/(1 + exp(a))."""
    if any(isinstance(a, ElementSum) for a in product.args):
        return _mean(product)
    return intern(sigmoid(product)) if any(isinstance(a, exp) for a in product.args) else product


def _mean(product):
    """mean(A) for sum(A)/(m n), where A is m x n, in a product of scalars."""
    for f in product.args:
        if isinstance(f, ElementSum):
            rest = Mul(*(a for a in product.args if a is not f), scalar_product(*shape_of(f.arg)))
            if sort_key(rest)[1] < sort_key(product)[1] - sort_key(f)[1]:
                return intern(Mul(rest, intern(Mean(f.arg))))
    return product


def _product(product):
    """c (A + B - C) for -c (C - A - B), and s - x for -(x - s): a minus in front of a sum is taken into it where that is shorter.

    (1 - c) (A + B) for (c - 1) (-A - B) too.
    """
    c = product.args[0]
    if is_matrix(c) or not c.is_Add and not has_minus(c.as_coeff_Mul()[0]):
        return product
    for i, old in enumerate(product.args):
        total = old.args[0] if isinstance(old, Transpose) else old
        if isinstance(total, MatAdd) and sum(_is_of(f, total) for f in product.args) == 1:  # not of c c', nor of (a o c) c'
            negative = in_order(raw(MatAdd, *map(_negative, total.args)))
            negative = transpose(negative) if isinstance(old, Transpose) else negative
            new = make.mul(-c, *product.args[1:i], negative, *product.args[i + 1 :])
            if sort_key(new)[1] < sort_key(product)[1]:
                return new
    return product


def _is_of(factor, total):
    """Whether a factor is a sum, its transpose, or an elementwise product with it."""
    body = factor.args[0] if isinstance(factor, Transpose) else factor
    return body is total or isinstance(body, HadamardProduct) and any(a is total for a in body.args) or factor is transpose(total)


def _sum(node):
    """The summands in order, and (B X + X B)' for X' B' + B' X': one transpose around the sum where that saves two or more."""
    if not any(map(is_one, shape_of(node))):
        flips = sum(map(flips_of, node.args))
        if flips > 2 and sum(map(flips_if_turned, node.args)) + 2 < flips:
            return raw(Transpose, in_order(raw(MatAdd, *map(turned, node.args))))
    return in_order(node)


def _in_pairs(old, new):
    """The presented summands: P + P' stays so, where P is an elementwise product, whatever else its transpose may be written as."""
    is_paired = [type(a) is Transpose and isinstance(a.args[0], ENTRYWISE) and a.args[0] in old for a in old]
    return [transpose(new[old.index(a.args[0])]) if is_pair else b for a, b, is_pair in zip(old, new, is_paired)] if any(is_paired) else new


def as_one_by_one(c):
    """A scalar as a 1 x 1 matrix: x'Ax where it stands as an entry, else a multiple of the identity."""
    if isinstance(c, MatrixElement) and shape_of(c.parent) == (S.One, S.One):
        return c.parent
    if isinstance(c, ElementSum):
        rows, cols = shape_of(c.arg)
        return make.mul(make.ones(S.One, rows), *factors(c.arg), *([] if is_one(cols) else [make.ones(cols)]))
    if isinstance(c, Add):
        return make.add(*map(as_one_by_one, c.args))
    for f in reversed(c.args if isinstance(c, Mul) else ()):
        if isinstance(f, MatrixElement) and shape_of(f.parent) == (S.One, S.One):
            return make.mul(*(g for g in c.args if g is not f), *factors(f.parent))
    if c is S.Zero:
        return make.zero(S.One, S.One)
    return make.mul(c, make.identity(S.One))


def _block_diagonal(node):
    """A block matrix that is zero off its diagonal by that diagonal."""
    k, cols = node.blocks.shape
    node = make.block([[_one_by_one_block(node.blocks[i, j]) for j in range(cols)] for i in range(k)])
    if k != cols or k < 2:
        return node
    if not all(isinstance(node.blocks[i, j], ZeroMatrix) for i in range(k) for j in range(k) if i != j):
        return node
    return intern(BlockDiagMatrix(*(node.blocks[i, i] for i in range(k))))


def _one_by_one_block(x):
    """x'Ax for (x'Ax) I."""
    if shape_of(x) == (S.One, S.One) and isinstance(x, MatMul) and len(x.args) == 2 and isinstance(x.args[1], Identity):
        return as_one_by_one(x.args[0])
    return x


def _indexed_by_depth(node):
    """A sum with its own bound symbols, the same ones in every derivation: numbered from the inside, under the name that was typed."""
    inner = {s for s in node.args[0].atoms(Dummy) if 0 < s.dummy_index - FIRST_OF_RESULT < MAX_DEPTH}
    depth = max((s.dummy_index - FIRST_OF_RESULT for s in inner), default=0)
    taken, new = {s.name for s in inner}, {}
    for lim in node.args[1:]:
        if len(lim) != 3 or not isinstance(lim[0], Dummy):
            return node
        depth += 1
        name = plain_name(lim[0])
        while name in taken:
            name += "_"
        taken.add(name)
        new[lim[0]] = dummy(name, FIRST_OF_RESULT + depth, integer=True, nonnegative=lim[0].is_nonnegative)
    return intern(node.func(*(a.xreplace(new) for a in node.args)))


def _sum_of(a):
    """The sum of the entries, which are those of the transpose too."""
    other = entries_turned(a) if isinstance(a, ENTRYWISE) else None
    return raw(ElementSum, a.args[0] if isinstance(a, Transpose) else a if other is None else other)


def _negative(a):
    c, *rest = factors(a) if not is_matrix(factors(a)[0]) else (S.One, *factors(a))
    return make.mul(-c, *rest)


def _rebuilt(node, args):
    if isinstance(node, MatAdd) and any(isinstance(a, MatAdd) for a in args):  # ones were taken in: (X'1 - n u) - n u is X'1 - 2 n u
        return sum_of_chains(added_up(open_product(x) for a in args for x in (a.args if isinstance(a, MatAdd) else (a,))), shape_of(node))
    if isinstance(node, MatMul):
        return make.mul(*(x for a in args for x in (a.args if isinstance(a, MatMul) else (a,))))
    if isinstance(node, RAW):
        return raw(type(node), *args)
    return with_args(node, args) if isinstance(node, EinsumArray) else intern(rebuild_scalar(node, args))


NAMES = ByClass(
    (MatMul, _product),
    (MatAdd, _sum),
    (MatrixElement, _entry),
    (Mul, _scalar_product),
    ((Sum, MatrixSum), _indexed_by_depth),
    ((Norm, SpectralNorm, NuclearNorm), _norm),
    (BlockMatrix, _block_diagonal),
    (Inverse, _inverse),
)
