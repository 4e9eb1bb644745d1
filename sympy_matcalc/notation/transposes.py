"""Transposes pushed into what they are of, where that takes no more of them: (A*B).T is B.T*A.T, and (A + B.T).T is A.T + B."""

from sympy.matrices import MatrixBase
from sympy.matrices.expressions import HadamardPower, HadamardProduct, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.chains import express_chain, open_product, reverse, term_order
from ..kernel.classes import ByClass
from ..kernel.interning import raw
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import is_symmetric, transpose
from ..nodes import FrechetDerivative
from ..nodes.softmax import OfColumns, OfRows

ABSORBING = (MatMul, Inverse, MatPow)
ENTRYWISE = (HadamardProduct, HadamardPower, ElementwiseApplyFunction)


def push(node):
    """A transpose pushed inside, where that takes no more nodes; once a node, for what is asked of each layer of a net asks its layers."""
    if not isinstance(node, Transpose):
        return node
    table = id_memo("pushed")
    found = table.get(node)
    if found is None:
        found = table[node] = _pushed(node)
    return found


def _pushed(node):
    of_class = PUSHED[type(node.args[0])]
    return node if of_class is None else of_class(node)


def _rows_pushed(node):
    inner = node.args[0]
    return raw(OfColumns, inner) if flips_of(turned(inner.arg)) < flips_of(inner.arg) else node


def _frechet_pushed(node):
    inner = node.args[0]
    other = [turned(a) for a in inner.args[1:]]
    fewer = sum(map(flips_of, other)) <= sum(map(flips_of, inner.args[1:])) + any(isinstance(a, MatMul) for a in inner.args[1:])
    return raw(FrechetDerivative, inner.args[0], *other) if fewer else node


def _kronecker_pushed(node):
    return make.kron(*(push(transpose(a)) for a in node.args[0].args))


def _sum_pushed(node):
    inner = node.args[0]
    other = [turned(a) for a in inner.args]
    kept = sum(map(flips_of, other)) <= sum(map(flips_of, inner.args)) + (not is_one(shape_of(node)[0]))
    return in_order(raw(MatAdd, *other)) if kept and len(inner.args) > 1 else node


def _entrywise_pushed(node):
    inner = node.args[0]
    other = entries_turned(inner, own=not any(map(is_one, shape_of(inner))))
    return node if other is None else other


def absorbed_into(node):
    """A transpose taken up by the product, inverse or power that it is of; the node itself where it is of anything else."""
    inner = node.args[0]
    if not isinstance(inner, ABSORBING):
        return node
    c, chain = open_product(inner)
    if not chain:
        return inner
    return make.mul(c, *factors(express_chain(reverse(chain))))


def turned(a):
    """The transpose of a summand, taken up by its factors."""
    if is_symmetric(a):
        return a
    if not isinstance(a, MatMul):
        return push(transpose(a))
    scalars = [f for f in a.args if not is_matrix(f)]
    return raw(MatMul, *scalars, *(push(transpose(f)) for f in reversed(a.args[len(scalars) :])))


def flips_of(node):
    """How many transposes are among the factors of a product, or of the summands of a sum."""
    return sum(map(flips_of, node.args)) if type(node) is MatAdd else sum(map(_is_flipped, factors(node)))


def flips_if_turned(node):
    """How many transposes are among the factors of its transpose."""
    return sum(is_matrix(f) and not isinstance(f, MatrixBase) and not _is_flipped(f) and not is_symmetric(f) for f in factors(node))


def _is_flipped(f):
    kind = type(f)
    return kind is Transpose or (kind is Inverse or kind is MatPow) and type(f.args[0]) is Transpose


def factors(node):
    """The factors of a product; a list of itself for anything else."""
    return node.args if isinstance(node, MatMul) else (node,)


def entries_turned(a, own=0):
    """The transpose of f(A, B, ..), for an f of the entries, with the arguments transposed, where that takes fewer transposes.

    own: how many are around f, and go away.
    """
    count = lambda parts: sum(flips_of(x) for x in parts if is_matrix(x))  # noqa: E731
    if (most := count(a.args) + own) == 0:
        return None
    other = [turned(x) if is_matrix(x) else x for x in a.args]
    return raw(type(a), *other) if count(other) < most else None


def in_order(total):
    """The summands in the order of results, which differs from that of their transposes."""
    args = sorted(total.args, key=lambda a: term_order(open_product(a)))
    return total if all(x is y for x, y in zip(args, total.args)) else raw(MatAdd, *args)


PUSHED = ByClass(  # by the class of what is transposed
    (Transpose, lambda node: node.args[0].args[0]),  # of a part that was turned
    (OfRows, _rows_pushed),
    (FrechetDerivative, _frechet_pushed),
    (KroneckerProduct, _kronecker_pushed),
    (MatAdd, _sum_pushed),
    (ENTRYWISE, _entrywise_pushed),
    (ABSORBING, absorbed_into),
)
