"""Common factors of elementwise products, seen up to sign: f o A - f o B is f o (A - B), and so is f o A + (-f) o B."""

from collections.abc import Callable, Iterable
from math import prod
from typing import Any

from sympy import Expr, Mul, S
from sympy.matrices.expressions import HadamardProduct, MatAdd
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.chains import added_up, chain_key, hadamard_vectors, make_atom, open_product, product, reverse
from ..kernel.order import sort_key
from ..kernel.scalars import has_minus, scalar_product
from ..kernel.session import id_memo
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose

Chain = tuple[tuple[Any, bool, Expr], ...]
Terms = list[tuple[Expr, Chain]]
FACTORED = (HadamardProduct, ElementwiseApplyFunction)
Summed = Callable[[Terms, Expr], tuple[Expr, Chain]]


# ---------------------------------------------------------------- up to sign


def up_to_sign(node: Any) -> tuple[Any, int]:
    """(what the node and its negative have in common, 1 or -1): sums, and functions of the entries that are sums."""
    table = id_memo("up_to_sign")
    found = table.get(node)
    if found is None:
        found = table[node] = _up_to_sign(node)
    return found


def _up_to_sign(node: Any) -> tuple[Any, int]:
    if isinstance(node, MatAdd):
        parts = [open_product(a) for a in node.args]
        leading = min(parts, key=lambda part: (chain_key(part[1]), sort_key(part[0])))[0]
        turn = -1 if has_minus(leading) else 1
        return (MatAdd, frozenset((turn * c, chain) for c, chain in parts)), turn
    if isinstance(node, ElementwiseApplyFunction):
        body, turn = _body_up_to_sign(node.function.expr)
        return (ElementwiseApplyFunction, body, node.args[1]), turn
    return node, 1


def _body_up_to_sign(body: Expr) -> tuple[Expr, int]:
    """The product with every sum in it in the sign that SymPy prefers."""
    factors, signs = zip(*((-f, -1) if f.is_Add and f.could_extract_minus_sign() else (f, 1) for f in Mul.make_args(body)))
    return (Mul(*factors), prod(signs)) if -1 in signs else (body, 1)


def with_equal_signs(terms: Terms) -> Terms:
    """The terms with a - b in the place of b - a where both occur: the one that comes first in the order of nodes."""
    sums = {atom[0]: None for _, chain in terms for atom in chain if isinstance(atom[0], MatAdd)}
    if len(sums) < 2:
        return terms
    chosen: dict[Any, Any] = {}
    for node in sorted(sums, key=sort_key):
        chosen.setdefault(up_to_sign(node)[0], node)
    if len(chosen) == len(sums):
        return terms
    signed = [(c if turn > 0 else -c, new) for c, chain in terms for turn, new in [_in_signs_of(chosen, chain)]]
    return added_up(signed)


def _in_signs_of(chosen: dict[Any, Any], chain: Chain) -> tuple[int, Chain]:
    turn, out = 1, []
    for base, flip, k in chain:
        if isinstance(base, MatAdd) and k.is_Integer:
            key, sign = up_to_sign(base)
            other = chosen[key]
            turn *= (sign * up_to_sign(other)[1]) ** (int(k) % 2)
            out.append(make_atom(other, flip, k))
        else:
            out.append((base, flip, k))
    return turn, tuple(out)


# ---------------------------------------------------------------- common factors


def with_common_factors(terms: Terms, summed: Summed) -> Terms:
    """The terms with the factors that several elementwise products share taken out, the one that saves most first.

    summed: (terms, size) -> (scalar, chain), the sum of what is left inside.
    """
    terms = _turned_to_share(terms)
    for flipped in (False, True):
        while len(products := _products(terms, flipped)) > 1:
            found = _best(products)
            if found is None:
                break
            terms = _taken_out(terms, *found, flipped, summed)
    return terms


def _turned_to_share(terms: Terms) -> Terms:
    """(S o A)' as S o A' beside S o B, for a symmetric S."""
    flipped = _products(terms, True)
    others = {f for _, factors in _products(terms, False) for f in factors} if flipped else set()
    found = dict(enumerate(terms))
    for at, factors in flipped:
        turned = [transpose(f) for f in factors]
        if not others.isdisjoint(turned):
            scale, chain = open_product(hadamard_vectors(turned))
            found[at] = scalar_product(terms[at][0], scale), chain
    return added_up(found.values()) if flipped else terms


def _products(terms: Terms, flipped: bool) -> list[tuple[int, tuple[Any, ...]]]:
    """(place, factors) of the terms that are elementwise products, and of functions of entries: f(z) is f(z) o 1 beside f(z) o y."""
    out = []
    for at, (_, chain) in enumerate(terms):
        if len(chain) == 1 and isinstance(chain[0][0], FACTORED) and chain[0][1] == flipped and chain[0][2] is S.One:
            out.append((at, _factors(chain[0][0])))
    return out if any(len(factors) > 1 for _, factors in out) else []


def _factors(node: Any) -> tuple[Any, ...]:
    return node.args if isinstance(node, HadamardProduct) else (node,)


def _best(products: Iterable[tuple[int, tuple[Any, ...]]]) -> tuple[Any, list[int]] | None:
    """(factor, places) of the factor that saves most nodes; None where nothing is shared."""
    places: dict[Any, list[int]] = {}
    first: dict[Any, Any] = {}
    for at, factors in products:
        for f in factors:
            key = up_to_sign(f)[0]
            first.setdefault(key, f)
            if at not in places.setdefault(key, []):
                places[key].append(at)
    shared = [(first[key], at) for key, at in places.items() if len(at) > 1]
    return max(shared, key=lambda found: (len(found[1]) - 1) * sort_key(found[0])[1]) if shared else None


def _taken_out(terms: Terms, factor: Any, places: list[int], flipped: bool, summed: Summed) -> Terms:
    inside = [_without(terms[at], factor) for at in places]
    c, chain = summed(inside, shape_of(factor)[0])
    rest = [t for at, t in enumerate(terms) if at not in places]
    if c is S.Zero:
        return rest
    node = hadamard_vectors([factor, product(S.One, chain, shape_of(factor)[0])])
    scale, whole = open_product(node)
    return [*rest, (scalar_product(c, scale), reverse(whole) if flipped else whole)]


def _without(term: tuple[Expr, Chain], factor: Any) -> tuple[Expr, Chain]:
    """(coefficient, chain) of the other factors of an elementwise product."""
    key, sign = up_to_sign(factor)
    others, turn, gone = [], 1, False
    for f in _factors(term[1][0][0]):
        if not gone and up_to_sign(f)[0] == key:
            gone, turn = True, sign * up_to_sign(f)[1]
        else:
            others.append(f)
    scale, chain = open_product(hadamard_vectors(others) if others else make.ones(*shape_of(factor)))
    return scalar_product(turn * term[0], scale), chain
