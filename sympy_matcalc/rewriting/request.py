"""On request: Woodbury, push-through, identities that are no simplifications but that one asks for by name."""

from sympy import S
from sympy.matrices.expressions import Identity, Inverse, MatAdd, MatMul

from ..kernel import chains, make
from ..kernel.symmetry import transpose
from ..notation.transposes import factors
from .registry import on_request


def _low_rank(e):
    """(the rest A, c, U, V) of a sum A + c*U*V under an inverse, cut where the product is narrowest; None without a product."""
    inner = e.args[0]
    if not isinstance(inner, MatAdd):
        return None
    for term in reversed(inner.args):
        c, chain = chains.open_product(term)
        if len(chain) > 1:
            rest = [a for a in inner.args if a is not term]
            return make.add(*rest), c, chain
    return None


def _cut(chain):
    """Where the product is narrowest; where sizes cannot be compared, in the middle."""
    sizes = [chains.chain_shape(chain[:i])[1] for i in range(1, len(chain))]
    if all(n.is_Integer for n in sizes):
        return 1 + min(range(len(sizes)), key=lambda i: (sizes[i], i))
    return (len(chain) + 1) // 2


@on_request(Inverse)
def woodbury(e):
    """(A + U*C*V)**(-1) = A**(-1) - A**(-1)*U*(C**(-1) + V*A**(-1)*U)**(-1)*V*A**(-1) (Matrix Cookbook 157).

    A and C are taken to be invertible. C is the middle factor of three, else the identity.
    """
    found = _low_rank(e)
    if found is None:
        return None
    a, c, chain = found
    inverse = make.identity_like(a) if isinstance(a, Identity) else make.inverse(a)
    if len(chain) == 3 and chains.atom_shape(chain[1])[0] == chains.atom_shape(chain[1])[1]:
        u, middle, v = chain[:1], chain[1:2], chain[2:]
        core = make.inverse(chains.express_chain(middle))
    else:
        cut = _cut(chain)
        u, v = chain[:cut], chain[cut:]
        core = make.identity(chains.chain_shape(u)[1])
    u, v = chains.express_chain(u), chains.express_chain(v)
    capacitance = make.add(core, make.mul(c, *factors(_product(v, inverse, u))))
    correction = _product(inverse, u, make.inverse(capacitance), v, inverse)
    return make.add(inverse, make.mul(-c, *factors(correction)))


def _product(*nodes):
    kept = [x for n in nodes if not isinstance(n, Identity) for x in factors(n)]
    return make.mul(*kept) if kept else nodes[0]


@on_request(MatMul)
def push_through(e):
    """A*(I + B*A)**(-1) = (I + A*B)**(-1)*A (Henderson & Searle 1981)."""
    c, chain = chains.open_product(e)
    for i, (base, flip, k) in enumerate(chain):
        if k is not S.NegativeOne or not isinstance(base, MatAdd):
            continue
        left = _pushed(chain[:i], base, flip)
        if left is not None:
            return make.mul(c, *(chains.atom_node(a) for a in (*left, *chain[i + 1 :])))
        right = _pushed(chains.reverse(chain[i + 1 :]), base, not flip)
        if right is not None:
            return make.mul(c, *(chains.atom_node(a) for a in (*chain[:i], *chains.reverse(right))))
    return None


def _pushed(before, base, flip):
    """The atoms of ``P*A*(t*I + s*B*A)**(-1)`` with A on the other side, `before` those of P*A; None where no A fits."""
    terms = [chains.open_product(transpose(a) if flip else a) for a in base.args]
    identities = [c for c, chain in terms if not chain]
    products = [(c, chain) for c, chain in terms if chain]
    if len(identities) != 1 or len(products) != 1:
        return None
    (t,), ((s, chain),) = identities, products
    for count in range(min(len(chain) - 1, len(before)), 0, -1):
        a = before[-count:]
        if chain[-count:] == a:
            inner = make.mul(s, *(chains.atom_node(x) for x in (*a, *chain[:-count])))
            node = make.add(make.mul(t, make.identity_like(inner)), inner)
            return (*before[:-count], chains.make_atom(node, False, S.NegativeOne), *a)
    return None
