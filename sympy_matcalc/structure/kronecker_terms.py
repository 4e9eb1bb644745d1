"""Second derivatives in the vec form as sums of Kronecker products, between matrices that commutation matrices vanish into.

``B' K = turn B'`` for the basis B of matrices with X' = turn X; ``P K = -P (X kron X')`` and ``P vec(X) = 0`` for the projection P on the
tangent space of X'X = I.
"""

from sympy import S
from sympy.matrices.expressions import Identity, KroneckerProduct, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..kernel import make
from ..kernel.chains import added_up, atom_node, chain_key, make_atom, normalise, open_product, product
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix, Vec
from ..notation.collect import is_sum, summands
from ..notation.factored import factored
from ..rewriting.engine import reduce_chain, simplified
from ..rewriting.expanding import Budget, terms_of
from ..rewriting.parts import size
from .algebra import plus
from .shortest import summands_of, unprepared_sum

MAX_TERMS = 200  # of a Hessian that is multiplied out to bring it in order


def ordered(H, turn):
    """H between B' and B with A kron C and C kron A written in one order and added up, products in A and C multiplied out or not,
    whichever is shorter; K is turn there."""
    try:
        as_it_is, opened = (terms_of(H, MAX_TERMS, inside) for inside in (False, True))
    except Budget:
        return H
    found = _ordered(H, turn, as_it_is)
    return found if opened == as_it_is else min(found, _ordered(H, turn, opened), key=size)


def _ordered(H, turn, terms):
    rows = shape_of(H)[0]
    found = added_up([(c, _in_order(chain)) for c, chain in (_without_commutation(c, chain, turn) for c, chain in terms)])
    if not found:
        return make.zero(*shape_of(H))
    return prepare(factored(prepare(plus(*(product(c, chain, rows) for c, chain in sorted(found, key=lambda t: chain_key(t[1])))))))


def times_symmetriser(H, first):
    """[(c, chain)] whose sum is ``first H`` between two symmetrisers (I + K)/2, first a chain of products A kron A."""
    found = [_without_commutation(c, (*first, *chain), 1) for c, chain in taken_apart(H)]
    return [(c, _in_order(chain)) for c, chain in (_merged(c, chain) for c, chain in found)]


def between_projections(H, X, by=None):
    """[(c, chain)] whose sum is H between two projections P: without what begins with vec(X) or ends with vec(X)'.

    by: (c, chain) for K.
    """
    terms = [_shortened(c, chain) for c, chain in taken_apart(H)]
    terms = [(c, chain) for c, chain in terms if not (chain and (_is_vec(chain[0], X, False) or _is_vec(chain[-1], X, True)))]
    moved = [_moved_to_the_right(c, chain, by) for c, chain in terms] if by else terms
    return [t if t in terms else _shortened(*t) for t in moved]


def _merged(c, chain):
    """A term with its neighbouring factors merged, what they then are in canonical form."""
    found = reduce_chain(chain)
    return (c, chain) if found == chain else _reopened(c, found, prepare)


def _shortened(c, chain):
    """A term with its neighbouring factors merged, and what is inside of them."""
    return _reopened(c, reduce_chain(chain), lambda node: simplified(prepare(node), search=False))


def _reopened(c, chain, function):
    """A term with another form of each of its factors."""
    opened = [open_product(function(atom_node(atom))) for atom in chain]
    return scalar_product(c, *(k for k, _ in opened)), normalise(tuple(atom for _, inner in opened for atom in inner))


def with_common_factors(terms, orders):
    """A kron B + A kron C as A kron (B + C), and B kron A + C kron A, for square A, B, C of these orders; an empty chain is I kron I."""
    for side in (0, 1):
        groups = {}
        for c, chain in terms:
            pair = _pair_of(chain, orders)
            groups.setdefault((pair is not None, pair[side] if pair else chain), []).append((c, chain, pair))
        terms = []
        for (is_pair, common), members in groups.items():
            if len(members) == 1 or not is_pair:
                terms += [(c, chain) for c, chain, _ in members]
            else:
                terms += _of_pair(side, common, unprepared_sum(_others(members, 1 - side), (orders[1 - side],) * 2))
    return terms


def _pair_of(chain, orders):
    """(A, B) of a chain that is A kron B; None for any other."""
    if not chain:
        return tuple(map(make.identity, orders))
    if len(chain) != 1 or not _is_pair(chain[0]):
        return None
    kron, flip, _ = chain[0]
    return tuple(transpose(a) if flip else a for a in kron.args)


def _others(members, side):
    return [(scalar_product(c, k), inner) for c, _, pair in members for k, inner in summands_of(pair[side])]


def _of_pair(side, common, other):
    """[(c, chain)] of the two factors, the common one on its side; none for zero."""
    if isinstance(other, ZeroMatrix):
        return []
    c, other = number_in_front(other)
    if isinstance(other, Identity) and isinstance(common, Identity):
        return [(c, ())]
    return [(c, open_product(make.kron(*((other, common) if side else (common, other))))[1])]


def taken_apart(H):
    """[(c, chain)] of a product whose factors that are sums are multiplied out, those in Kronecker products not."""
    if isinstance(H, ZeroMatrix):
        return []
    c, chain = open_product(H)
    found = _multiplied_out([(c, chain)])
    return [(c, chain)] if found is None else found


def _multiplied_out(terms):
    """None for more than `MAX_TERMS`."""
    while len(terms) <= MAX_TERMS:
        at = next(((i, k) for i, (_, chain) in enumerate(terms) for k, atom in enumerate(chain) if is_sum((atom,))), None)
        if at is None:
            return terms
        i, k = at
        c, chain = terms[i]
        opened = [(scalar_product(c, d), (*chain[:k], *inner, *chain[k + 1 :])) for d, inner in summands((chain[k],))]
        terms = [*terms[:i], *opened, *terms[i + 1 :]]
    return None


def _is_vec(atom, X, flipped):
    base, flip, _ = atom
    return isinstance(base, Vec) and base.args[0] is X and flip == flipped


def _moved_to_the_right(c, chain, by):
    """A term with its commutation matrix moved to the right, through Kronecker products, which turns those, and replaced."""
    at = next((i for i, atom in enumerate(chain) if isinstance(atom[0], CommutationMatrix)), None)
    if at is None or not all(map(_is_pair, chain[at + 1 :])):
        return c, chain
    scale, new = by
    return scalar_product(c, scale), (*chain[:at], *map(_swapped, chain[at + 1 :]), *new)


def _without_commutation(c, chain, turn):
    """A term with its commutation matrices moved to the left, through Kronecker products, which turns those, and into B'."""
    chain = list(chain)
    while True:
        at = next((i for i, atom in enumerate(chain) if isinstance(atom[0], CommutationMatrix)), None)
        if at is not None and at == len(chain) - 1:
            c, chain = scalar_product(c, S(turn)), chain[:-1]
        elif at is not None and all(_is_pair(atom) for atom in chain[:at]):
            c, chain = scalar_product(c, S(turn)), [*map(_swapped, chain[:at]), *chain[at + 1 :]]
        else:
            return c, tuple(chain)


def _is_pair(atom):
    """A Kronecker product of two square matrices, to the power 1."""
    kron, _, k = atom
    return k is S.One and isinstance(kron, KroneckerProduct) and len(kron.args) == 2 and all(same_size(*shape_of(a)) for a in kron.args)


def _swapped(atom):
    kron, flip, k = atom
    return make_atom(make.kron(*kron.args[::-1]), flip, k)


def _in_order(chain):
    chain = reduce_chain(chain) if len(chain) > 1 and all(map(_is_pair, chain)) else chain
    if len(chain) != 1 or not _is_pair(chain[0]):
        return chain
    kron, flip, _ = chain[0]
    pair = [transpose(a) if flip else a for a in kron.args]
    if all(isinstance(a, Identity) for a in pair):
        return ()
    return (make_atom(make.kron(*sorted(pair, key=lambda a: (size(a), sort_key(a)))), False, S.One),)
