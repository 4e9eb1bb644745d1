"""collect: add equal chains, then factor common ends, so that ``A*x + A.T*x`` reads ``(A + A.T)*x``."""

from sympy import Mul, Pow, S, Sum
from sympy.matrices.expressions import KroneckerProduct, MatAdd, MatrixSymbol

from ..kernel import make
from ..kernel.chains import (
    atom_node,
    atom_shape,
    chain_shape,
    count_flips,
    express_chain,
    is_selector,
    make_atom,
    open_product,
    order_without_sign,
    product,
    reverse,
    term_order,
)
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import has_minus, scalar_product, scalar_sum
from ..kernel.session import memo
from ..kernel.shapes import same_size, shape_of
from ..nodes import CommutationMatrix
from .content import content, factored_scalar, without_matrices
from .diagonals import with_one_diagonal
from .elementwise import combine
from .explicit import all_units, explicit_added, explicit_of_units
from .hadamard import with_common_factors, with_equal_signs
from .row_softmax import with_row_softmax, with_row_softmax_taken_out
from .softmax import may_have_softmax, with_softmax


def collect(raised, sizes):
    """One expression for a list of (coefficient, chain, limits) of axis sizes `sizes`."""
    total = {}
    for c, chain, limits in raised:
        c, chain = _with_softmax(c, with_row_softmax(chain))
        total.setdefault((chain, limits), []).append(c)
    groups = {}
    for (chain, limits), cs in total.items():
        c = scalar_sum(*cs)
        if c != 0:
            groups.setdefault(limits, []).append((c, chain))
    if not sizes:
        return factored_scalar(scalar_sum(*(_summed_scalar(c, limits) for limits, terms in groups.items() for c, _ in terms)))
    parts = [_under_limits(sum_of_chains(terms, sizes), limits) for limits, terms in groups.items()]
    if not parts:
        return make.zero(*(sizes if len(sizes) == 2 else (sizes[0], S.One)))
    return parts[0] if len(parts) == 1 else make.add(*(t for p in parts for t in (p.args if isinstance(p, MatAdd) else (p,))))


def _with_softmax(c, chain):
    """(coefficient, chain) with a softmax for exp(z)/sum(exp(z)), before equal and common factors are looked for."""
    if not chain or not isinstance(c, (Mul, Pow)) or not may_have_softmax(c):
        return c, chain
    parts = (c, *map(atom_node, chain))
    found = with_softmax(parts)
    return (c, chain) if found is parts else (found[0], tuple(atom for node in found[1:] for atom in open_product(node)[1]))


def _summed_scalar(c, limits):
    return Sum(c, *limits) if limits else c


def _under_limits(body, limits):
    """Scalars that do not depend on the index stand before the sum."""
    if not limits:
        return body
    c, chain = open_product(body)
    bound = {lim[0] for lim in limits}
    if c is S.One or c.free_symbols & bound or not chain:
        return make.matrix_sum(body, *limits)
    return make.mul(c, make.matrix_sum(express_chain(chain), *limits))


def sum_of_chains(terms, sizes):
    """The sum of (coefficient, chain), factored; an empty chain is the identity."""
    size = sizes[0]
    if len(terms) == 1:
        return product(terms[0][0], terms[0][1], size)
    if all_units(terms, sizes):
        common, matrix = explicit_of_units(terms, sizes)
        return matrix if common is S.One else make.mul(common, matrix)
    blocks = _blocks(terms, sizes)
    if blocks is not None:
        return blocks
    terms = _group_scalars(_factored(_factor_commutation(_combined(terms))), size)
    if not terms:
        return make.zero(*(sizes if len(sizes) == 2 else (size, S.One)))
    if len(terms) == 1:
        return product(terms[0][0], terms[0][1], size)
    common, terms = _without_content(terms, outermost=True)
    body = added(terms, size)
    return body if common is S.One else make.mul(common, body)


def _combined(terms):
    """Sums opened, functions of one argument added up, common elementwise factors taken out, diagonal matrices as one."""
    if _all_symbols(terms):
        return terms
    terms = with_row_softmax_taken_out(with_equal_signs(combine(explicit_added(_flatten(terms)))), _sum_chain)
    return with_one_diagonal(with_common_factors(terms, _sum_chain), _sum_chain)


def _all_symbols(terms):
    """Whether there are products of symbols alone, of which nothing is known but where they stand."""
    for _, chain in terms:
        for atom in chain:
            if type(atom[0]) is not MatrixSymbol:
                return False
    return True


def added(terms, size):
    terms = sorted(terms, key=term_order)
    return make.add(*(product(c, chain, size) for c, chain in terms))


def _flatten(terms):
    """Summands that are sums themselves are opened where nothing stands before them, or where something cancels or adds up."""
    if not any(is_sum(chain) for _, chain in terms):
        return terms
    total, kept = {}, {chain for _, chain in terms}
    for c, chain in terms:
        parts = summands(chain)
        plain = c in (1, -1) or not is_sum(chain) or any(inner in kept or inner in total for _, inner in parts)
        for scale, inner in parts if plain else [(S.One, chain)]:
            total.setdefault(inner, []).append(c * scale)
    opened = [(scalar_sum(*cs), chain) for chain, cs in total.items()]
    opened = [t for t in opened if t[0] != 0]
    return opened if {chain for _, chain in opened} == kept else _flatten(opened)


def is_sum(chain):
    return len(chain) == 1 and isinstance(chain[0][0], MatAdd) and chain[0][2] is S.One


def summands(chain):
    """[(coefficient, chain)] of a chain that is one sum; of any other itself."""
    if not is_sum(chain):
        return [(S.One, chain)]
    base, flipped, _ = chain[0]
    opened = [open_product(a) for a in base.args]
    return [(c, reverse(inner) if flipped else inner) for c, inner in opened]


def _blocks(terms, sizes):
    """S'A R + T'B R + .. as the block matrix that it is, for slices S, T, .. of the identity that follow one another; else None."""
    sizes = sizes if len(sizes) == 2 else (*sizes, S.One)
    places = [(_selected(chain[0], True), _selected(chain[-1], False)) if chain else (None, None) for _, chain in terms]
    rows, cols = (_borders([p[side] for p in places], sizes[side]) for side in (0, 1))
    if rows is None or cols is None or len(rows) * len(cols) < 2:
        return None
    table = {(i, j): [] for i in rows for j in cols}
    for (c, chain), (i, j) in zip(terms, places):
        table[i, j].append((c, chain[i is not None : len(chain) - (j is not None)]))
    shape = lambda i, j: (_extent(i, sizes[0]), _extent(j, sizes[1]))  # noqa: E731
    return make.block([[sum_of_chains(table[i, j], shape(i, j)) if table[i, j] else make.zero(*shape(i, j)) for j in cols] for i in rows])


def _selected(atom, flipped):
    """(start, stop) of the rows that a slice of the identity picks at an end of a chain; None for anything else."""
    base, flip, k = atom
    if not is_selector(base) or flip != flipped or k is not S.One or base.args[1][2] != 1:
        return None
    return tuple(base.args[1][:2])


def _extent(span, whole):
    return whole if span is None else span[1] - span[0]


def _borders(spans, size):
    """The spans in order where they follow one another from 0 to the size; [None] where there are none; else None."""
    if all(s is None for s in spans):
        return [None]
    if any(s is None for s in spans):
        return None
    left, order, at = dict.fromkeys(spans), [], S.Zero
    while left:
        following = next((s for s in left if same_size(s[0], at)), None)
        if following is None:
            return None
        order.append(following)
        del left[following]
        at = following[1]
    return order if same_size(at, size) else None


# ---------------------------------------------------------------- commutation matrices


def _factor_commutation(terms):
    """A kron B + (B kron A) K_{q,n} = (I + K_{p,m}) (A kron B) for A m x n, B p x q (Magnus & Neudecker, ch. 3, th. 9)."""
    for i, (c, chain) in enumerate(terms):
        found = _commuted(chain)
        if found is None:
            continue
        swap, plain = found
        for j, (other, rest) in enumerate(terms):
            if rest == plain and other == c:
                both = make.add(make.identity_like(swap), swap)
                kept = [t for k, t in enumerate(terms) if k not in (i, j)]
                return _factor_commutation([*kept, (c, ((both, False, S.One), *plain))])
    return terms


def _commuted(chain):
    """(K_{p,m}, chain of A kron B) for a chain (B kron A) K_{q,n}; None for another."""
    if len(chain) != 2 or not isinstance(chain[1][0], CommutationMatrix) or not isinstance(chain[0][0], KroneckerProduct):
        return None
    kron, flip, k = chain[0]
    if len(kron.args) != 2 or flip or k is not S.One or chain[1][1] or chain[1][2] is not S.One:
        return None
    right, left = kron.args
    (m, n), (p, q) = shape_of(left), shape_of(right)
    if not (same_size(chain[1][0].args[0], q) and same_size(chain[1][0].args[1], n)):
        return None
    return raw(CommutationMatrix, p, m), open_product(make.kron(left, right))[1]


# ---------------------------------------------------------------- common factors


def _factored(terms):
    """Common ends taken out, until nothing is shared any more."""
    while True:
        terms = _factor_ends(terms)
        if _all_symbols(terms):
            return terms
        grouped = _regrouped(terms)
        if grouped is terms:
            return _flatten(terms)
        terms = grouped


def _regrouped(terms):
    """A + B - P (A + B) as (I - P) (A + B), where the summands of a sum at an end of a product stand beside it too."""
    table = {chain: c for c, chain in terms}
    for suffix in (True, False):
        for atom in {chain[-1 if suffix else 0]: None for _, chain in terms if len(chain) > 1}:
            found = _group_of((atom,), table) if is_sum((atom,)) else None
            if found is not None:
                return _with_identity(terms, atom, suffix, *found)
    return terms


def _with_identity(terms, atom, suffix, ratio, inside):
    """The terms with ratio * atom, which the chains `inside` make up, taken together with the products that end in the atom."""
    members = [t for t in terms if len(t[1]) > 1 and t[1][-1 if suffix else 0] == atom]
    rest = [t for t in terms if t[1] not in inside and all(t is not m for m in members)]
    middle = [(c, chain[:-1] if suffix else chain[1:]) for c, chain in members]
    c, chain = _sum_chain([(ratio, ()), *middle], atom_shape(atom)[0 if suffix else 1])
    return [*rest, (c, (*chain, atom) if suffix else (atom, *chain))] if c is not S.Zero else rest


def _group_of(chain, table):
    """(ratio, the summands) where all summands of a sum occur, in the proportion in which they make it up; else None."""
    parts = summands(chain)
    if not all(c.is_number and inner in table for c, inner in parts):
        return None
    ratios = {scalar_product(table[inner], 1 / c) for c, inner in parts}
    return (ratios.pop(), {inner for _, inner in parts}) if len(ratios) == 1 else None


def _factor_ends(terms):
    """Take out the common end that saves most, again and again."""
    while len(terms) > 1:
        best = _best_group(terms)
        if best is None:
            return terms
        members, count, suffix = best
        inside = [(c, chain[: len(chain) - count] if suffix else chain[count:]) for c, chain in members]
        end = members[0][1][len(members[0][1]) - count :] if suffix else members[0][1][:count]
        c, middle = _sum_chain(inside, atom_shape(end[0])[0] if suffix else atom_shape(end[-1])[1])
        if c is S.Zero:
            terms = [t for t in terms if all(t is not m for m in members)]
            continue
        chain = (*middle, *end) if suffix else (*end, *middle)
        chosen = {id(m) for m in members}
        terms = [t for t in terms if id(t) not in chosen] + [(c, chain)]
    return terms


def _best_group(terms):
    """(members, number of common atoms, whether at the right end) of the largest saving, None if nothing is shared."""
    best, gain = None, 0
    for suffix in (True, False):
        groups = {}
        for t in terms:
            if len(t[1]) > 1:
                groups.setdefault(t[1][-1 if suffix else 0], []).append(t)
        for members in (alike for group in groups.values() if len(group) > 1 for alike in _alike(group)):
            if len(members) > 1:
                count, kept = _common(members, suffix)
                saving = (len(members) - 1) * sum(_weight(a) for a in _end(members[0][1], kept, suffix))
                if saving > gain:
                    best, gain = (members, count, suffix), saving
    return best


def _alike(terms):
    """The terms by the way in which their coefficients vary, two in A x/(x'x) - (x'A x) x/(x'x)^2; all together where that is one."""
    groups = {}
    for t in terms:
        groups.setdefault(without_matrices(t[0])[1], []).append(t)
    return groups.values() if len(groups.keys() - {S.One}) > 1 else (terms,)


def _end(chain, count, suffix):
    return chain[len(chain) - count :] if suffix else chain[:count]


def _weight(atom):
    return sort_key(atom[0])[1] + atom[1]


def _common(members, suffix):
    """(length of the common end, what of it counts as saved).

    Of a summand that is the common end alone an identity is left, (I + A) B x for B x + A B x, which saves as much as (B + A B) x does.
    """
    (_, first), *others = members
    shortest, count = min([len(chain) for _, chain in members]), 0
    while count < shortest:
        at = -1 - count if suffix else count
        if any([chain[at] != first[at] for _, chain in others]):
            break
        count += 1
    if count < shortest:
        return count, count
    whole = all(c.is_number for c, chain in members if len(chain) == count)
    return (count, count - 1) if whole else (count - 1, count - 1)


def _sum_chain(terms, size):
    """(scalar, chain) of a sum inside a product: scalars out, sign by the first term; scalar 0 if it cancels.

    size: the order of the identity that an empty chain is. Memoised: inside of a deep net the same sums stand in many products.
    """
    table, key = memo("sum_chain"), (tuple(terms), size)
    found = table.get(key)
    if found is None:
        found = table[key] = _summed_up(terms, size)
    return found


def _summed_up(terms, size):
    rows, cols = next((chain_shape(chain) for _, chain in terms if chain), (S.One, S.One))
    if all_units(terms, (rows, cols)) and len(terms) > 1:
        common, matrix = explicit_of_units(terms, (rows, cols))
        return common, (make_atom(matrix, False, S.One),)
    terms = _group_scalars(_factored(_combined(terms)), size)
    if not terms:
        return S.Zero, ()
    common, terms = _without_content(terms, outermost=False)
    terms = terms if common is S.One else _flatten(terms)
    if not terms:  # without the common scalar a sum among them is opened, and cancels
        return S.Zero, ()
    if len(terms) == 1:
        c, chain = terms[0]
        return common * c, chain
    terms = sorted(terms, key=term_order)
    turned = [(c, reverse(chain)) for c, chain in terms]
    flipped = sum(count_flips(chain) for _, chain in turned) < sum(count_flips(chain) for _, chain in terms)
    node = make.add(*(product(c, chain, size) for c, chain in (turned if flipped else terms)))
    return common, (make_atom(node, flipped, S.One),)


def _without_content(terms, outermost):
    """(common scalar, terms without it); inside a product the sign is that of the first term."""
    if all([c is S.One for c, _ in terms]):
        return S.One, terms
    negative = not outermost and has_minus(min(terms, key=order_without_sign)[0])
    common, rest = content([c for c, _ in terms], outermost, negative)
    return common, [(c, chain) for c, (_, chain) in zip(rest, terms)]


def _group_scalars(terms, size):
    """c A + c B + d C = c (A + B) + d C for scalars c that are no numbers, c being all that varies in a coefficient if anything does."""
    if all([c.is_Number for c, _ in terms]):
        return terms
    groups = {}
    for c, chain in terms:
        plain, rest = without_matrices(c)
        number, rest = (plain, rest) if rest is not S.One else c.as_coeff_Mul()
        groups.setdefault(rest, []).append((number, chain))
    if len(groups) < 2 or all(rest is S.One or len(members) == 1 for rest, members in groups.items()):
        return terms
    out = []
    for rest, members in groups.items():
        if rest is not S.One and len(members) > 1:
            members = [_sum_chain(members, size)]
        out += [(scalar_product(number, rest), chain) for number, chain in members if number is not S.Zero]
    return out
