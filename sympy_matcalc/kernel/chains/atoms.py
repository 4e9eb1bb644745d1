"""Atoms and chains of them: a product of matrices as a tuple of atoms (base, flip, exponent), read off SymPy and written back.

An atom stands for ``base**exponent``, transposed if `flip`. Its base is never a product, a transpose or a power, so equal things have
equal atoms: the inverse transpose of X is ``(X, True, -1)`` however it was typed.
"""

from sympy import Mul, S
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    OneMatrix,
    Transpose,
)

from ...nodes import CommutationMatrix
from .. import make
from ..interning import raw
from ..order import sort_key
from ..scalars import has_minus, scalar_sum
from ..session import session_state, stated
from ..shapes import is_matrix, shape_of
from ..symmetry import is_symmetric, transpose


def atom_shape(atom):
    rows, cols = shape_of(atom[0])
    return (cols, rows) if atom[1] else (rows, cols)


def chain_shape(chain):
    return atom_shape(chain[0])[0], atom_shape(chain[-1])[1]


def make_atom(base, flip, exponent):
    if flip:
        if is_symmetric(base):
            flip = False
        elif isinstance(base, MatrixBase):
            base, flip = transpose(base), False
        elif isinstance(base, CommutationMatrix):
            base, flip = raw(CommutationMatrix, *base.args[::-1]), False
        elif isinstance(base, OneMatrix):
            base, flip = make.ones(*base.args[::-1]), False
    if exponent is not S.One and isinstance(base, DiagMatrix):
        return _power_of_diagonal(base, exponent)
    if exponent is not S.One and exponent.is_Integer and exponent > 1 and is_centring(base):
        return base, flip, S.One
    return base, flip, exponent


def is_centring(base):
    """Whether a matrix is ``I - 1 1'/m``, the projection on what adds up to 0."""
    if not isinstance(base, MatAdd) or len(base.args) != 2 or not any(isinstance(a, Identity) for a in base.args):
        return False
    (other,) = (a for a in base.args if not isinstance(a, Identity))
    c, chain = open_product(other)
    return len(chain) == 1 and isinstance(chain[0][0], OneMatrix) and c * shape_of(base)[0] == -1


def _power_of_diagonal(base, k):
    """The atom of diag(v)^k, which is the diagonal matrix of the powers of the entries."""
    v = hadamard_power_of(base.args[0], k)
    return (make.identity_like(v) if isinstance(v, OneMatrix) else make.diag_matrix(v)), False, S.One


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
    return sum([atom[1] for atom in chain])


UNIT_KEY = ("", 1, 0, 0)  # of the exponent 1, which nearly all have


def chain_key(chain):
    """Order of preference: few transposes, then the names."""
    return count_flips(chain), _names(chain)


def _names(chain):
    keys = session_state.keys
    return tuple([((keys.get(id(a)) or (a, sort_key(a)))[1], flip, UNIT_KEY if k is S.One else sort_key(k)) for a, flip, k in chain])


def term_order(term):
    """The order of the (coefficient, chain) summands of a sum: what is added first, long products first, then by name."""
    return (has_minus(term[0]), *order_without_sign(term))


def order_without_sign(term):
    c, chain = term
    return -len(chain), _names(chain), sort_key(c)


def added_up(terms):
    """(coefficient, chain) pairs with each chain once, without those that cancel."""
    total = {}
    for c, chain in terms:
        total.setdefault(chain, []).append(c)
    return [(c, chain) for chain, cs in total.items() if (c := scalar_sum(*cs)) != 0]


def express_chain(chain):
    """The SymPy product of a chain that is not empty."""
    return make.mul(*map(atom_node, chain))


def product(coefficient, chain, size):
    """SymPy's form of ``coefficient * chain``; the identity of order `size` if the chain is empty."""
    if coefficient is S.Zero or coefficient == 0:
        rows, cols = chain_shape(chain) if chain else (size, size)
        return make.zero(rows, cols)
    nodes = [atom_node(a) for a in chain] or [make.identity(size)]
    return make.mul(coefficient, *nodes)


def hadamard_vectors(nodes):
    """Elementwise product of equally shaped matrices: flattened, powers of one base merged, ordered."""
    scale, flat = [], []
    for node in nodes:
        c, chain = open_product(node)
        if c is not S.One:
            scale.append(c)
            node = express_chain(chain) if chain else make.identity_like(node)
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
