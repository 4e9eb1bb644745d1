"""Second derivatives in the vec form as sums of Kronecker products, between matrices that commutation matrices vanish into.

``B' K = turn B'`` for the basis B of matrices with X' = turn X; ``P K = -P (X kron X')`` and ``P vec(X) = 0`` for the projection P on the
tangent space of X'X = I.
"""

from sympy import S
from sympy.matrices.expressions import Identity, KroneckerProduct

from ..canonical import prepare
from ..kernel import make
from ..kernel.chains import chain_key, make_atom, normalise, product
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix, Vec
from ..notation.factored import factored
from ..rewriting.engine import reduce_chain
from ..rewriting.expanding import Budget, terms_of
from ..rewriting.parts import added_up, size
from .algebra import plus

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


def between_projections(H, X, by=None):
    """H between two projections P: without what begins with vec(X) or ends with vec(X)', and with `by`, (c, chain), for K."""
    try:
        terms = terms_of(H, MAX_TERMS)
    except Budget:
        return H
    rows, cols = shape_of(H)
    terms = [(c, tuple(chain)) for c, chain in terms if not (chain and (_is_vec(chain[0], X, False) or _is_vec(chain[-1], X, True)))]
    found = [_moved_to_the_right(c, chain, by) if by else (c, chain) for c, chain in terms]
    return plus(*(prepare(product(c, normalise(chain), rows)) for c, chain in found)) if found else make.zero(rows, cols)


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
