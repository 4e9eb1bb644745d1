"""Multiplying out: products over sums, traces of sums, inverses, determinants and logarithms of products."""

from itertools import product
from math import prod

from sympy import Add, Lambda, MatrixSymbol, Mul, Pow, S, Sum, expand_mul, postorder_traversal
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import HadamardProduct, KroneckerProduct, MatAdd, Trace, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..canonical.scalars import has_matrix
from ..kernel import chains, make
from ..kernel.interning import intern
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import id_memo
from ..kernel.shapes import INDIVISIBLE, is_matrix, order_of, shape_of
from ..nodes import Einsum
from .parts import evaluated, with_parts
from .registry import rewrites_of

MAX_POWER = 4  # of a sum that is written out as a product
MAX_DEPTH = 2  # of functions and powers in a scalar given to SymPy's `simplify`, which takes exponential time in them
MAX_TERMS = 100  # of such a scalar, multiplied out
MAX_NODES = 120  # of such a scalar


class Budget(Exception):
    """More terms than one would read."""


TOO_LONG = object()


def expanded(e, limit):
    """`e`, a prepared expression, multiplied out throughout; Budget where a sum gets longer than `limit`."""
    table = id_memo(f"expanded to {limit}")
    found = table.get(e)
    if found is None:
        try:
            found = prepare(_expand(e, limit))
        except Budget:
            found = TOO_LONG
        table[e] = found
    if found is TOO_LONG:
        raise Budget
    return found


def _expand(e, limit):
    if not e.args or isinstance(e, (MatrixSymbol, Lambda, Einsum, MatrixBase)):
        return e
    if not is_matrix(e) and not has_matrix(e):
        return intern(evaluated(e))
    e = _inside(e, limit)
    for _ in range(10):
        new = next((n for r in rewrites_of("expands", e) if (n := r.apply(e)) is not None), None)
        if new is None:
            break
        e = _inside(prepare(new), limit)
    if is_matrix(e):
        return _sum(terms_of(e, limit), shape_of(e))
    if isinstance(e, Trace):
        return scalar_sum(*(scalar_product(c, make.trace(_node(chain, order_of(e.arg)))) for c, chain in terms_of(e.arg, limit)))
    if isinstance(e, MatrixElement) and shape_of(e.parent) == (S.One, S.One):
        return prepare(scalar_sum(*(scalar_product(c, make.element(_node(chain, S.One))) for c, chain in terms_of(e.parent, limit))))
    if isinstance(e, MatrixElement):
        rows, terms = shape_of(e.parent)[0], terms_of(e.parent, limit)
        return scalar_sum(*(scalar_product(c, make.element(_node(chain, rows), e.i, e.j)) for c, chain in terms))
    if isinstance(e, (Mul, Pow)):
        if terms_in(e) > limit:
            raise Budget
        return expand_mul(e, deep=False) if isinstance(e, Mul) else _power_of_sum(e)
    return e


def _inside(e, limit):
    """`e` with expanded arguments."""
    return e if isinstance(e, (Sum, *INDIVISIBLE)) else with_parts(e, lambda a: expanded(a, limit))


def terms_in(e):
    """How many terms a scalar has when it is multiplied out; at most."""
    if isinstance(e, Add):
        return sum(map(terms_in, e.args))
    if isinstance(e, Mul):
        return prod(map(terms_in, e.args))
    if isinstance(e, Pow) and e.exp.is_Integer and 1 < e.exp <= MAX_POWER:
        return terms_in(e.base) ** int(e.exp)
    return 1


def affordable(e):
    """Whether SymPy's `simplify` is fast enough: it multiplies out, and tries every identity on sines and their kin."""
    nodes = list(postorder_traversal(e))
    trigonometric = any(isinstance(node, (TrigonometricFunction, HyperbolicFunction)) for node in nodes)
    return len(nodes) <= MAX_NODES // (3 if trigonometric else 1) and max(map(terms_in, nodes)) <= MAX_TERMS


def _power_of_sum(e):
    return e.expand(deep=False) if e.exp.is_Integer and 1 < e.exp <= MAX_POWER and isinstance(e.base, Add) else e


def _node(chain, n):
    return chains.express_chain(chain) if chain else make.identity(n)


def _sum(terms, shape):
    """The sum of (coefficient, chain), equal chains added, nothing taken out."""
    parts = [make.mul(c, *([chains.atom_node(a) for a in chain] or [make.identity(shape[0])])) for c, chain in chains.added_up(terms)]
    return make.add(*parts) if parts else make.zero(*shape)


# ---------------------------------------------------------------- matrices as lists of terms


def terms_of(m, limit, inside=True):
    """[(coefficient, chain)] whose sum is the matrix `m`.

    inside: whether the factors of Kronecker and elementwise products are multiplied out too, or only taken apart where they are sums, so
    that ``S^-1 (x - m)(x - m)' S^-1 kron S^-1`` stays one term.
    """
    if isinstance(m, MatAdd):
        found = [t for a in m.args for t in terms_of(a, limit, inside)]
    elif isinstance(m, Transpose):
        found = [(c, chains.reverse(chain)) for c, chain in terms_of(m.args[0], limit, inside)]
    else:
        scale, chain = chains.open_product(m)
        found = [(scale, ())]
        for atom in chain:
            found = _products(found, _terms_of_atom(atom, limit, inside), limit)
    found = [(c, chains.normalise(chain)) for c, chain in found]
    if len(found) > limit:
        raise Budget
    return [(x, chain) for c, chain in found for x in _summands(c)]


def _products(first, second, limit):
    """Each term of the first times each of the second; Budget before they are made where they are too many."""
    if len(first) * len(second) > limit:
        raise Budget
    return [(scalar_product(c, d), left + right) for (c, left), (d, right) in product(first, second)]


def _summands(c):
    return Add.make_args(expand_mul(c, deep=False)) if c.has(Add) else (c,)


def _terms_of_atom(atom, limit, inside):
    base, flip, k = atom
    if isinstance(base, MatAdd) and k.is_Integer and 0 < k <= MAX_POWER:
        terms = terms_of(base, limit, inside)
        terms = [(c, chains.reverse(chain)) for c, chain in terms] if flip else terms
        found = terms
        for _ in range(int(k) - 1):
            found = _products(found, terms, limit)
        return found
    if k is S.One and isinstance(base, (KroneckerProduct, HadamardProduct)):
        return _multilinear(base, flip, limit, inside)
    return [(S.One, (atom,))]


def _multilinear(base, flip, limit, inside):
    """Kronecker and elementwise products are linear in each factor."""
    choices = [terms_of(a, limit) if inside else _addends(a) for a in base.args]
    if all(len(ts) == 1 for ts in choices):
        return [(S.One, (chains.make_atom(base, flip, S.One),))]
    if prod(map(len, choices)) > limit:
        raise Budget
    out = []
    for picked in product(*choices):
        nodes = [_node(chain, shape_of(a)[0]) for (_, chain), a in zip(picked, base.args)]
        node = make.kron(*nodes) if isinstance(base, KroneckerProduct) else chains.hadamard_vectors(nodes)
        scale, chain = chains.open_product(prepare(node))
        out.append((scalar_product(scale, *(c for c, _ in picked)), chains.reverse(chain) if flip else chain))
    return out


def _addends(a):
    """[(coefficient, chain)] of the addends of a matrix, products in them left as they are."""
    scale, chain = chains.open_product(a)
    if len(chain) != 1 or not isinstance(chain[0][0], MatAdd) or chain[0][2] is not S.One:
        return [(scale, chain)]
    terms = map(chains.open_product, chain[0][0].args)
    return [(scalar_product(scale, c), chains.reverse(inner) if chain[0][1] else inner) for c, inner in terms]
