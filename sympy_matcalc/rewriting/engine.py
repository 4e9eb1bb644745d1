"""The walk: from the inside out every node is brought to canonical form, rewritten while something reduces it, and its sums are collected.

A node whose multiplied-out form simplifies to something smaller is replaced by that: how ``A*(x + y) - A*y`` becomes ``A*x``. A result is
kept only where it is no larger, so the walk ends.
"""

from sympy import Add, Dummy, Expr, Lambda, Mul, Pow, S, refine
from sympy import simplify as simplify_scalar
from sympy.core.function import AppliedUndef
from sympy.core.numbers import ComplexInfinity, NaN
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DotProduct,
    HadamardProduct,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Trace,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare, prepare_whole
from ..canonical.scalars import has_matrix
from ..errors import AssumptionError
from ..kernel import chains, make
from ..kernel.binding import substitute
from ..kernel.interning import intern, raw
from ..kernel.order import sort_key
from ..kernel.scalars import rebuild_scalar, scalar_product
from ..kernel.session import id_memo, memo, session_state
from ..kernel.shapes import INDIVISIBLE, is_matrix, order_of, shape_of
from ..kernel.walks import from_inside, holds, postorder
from ..nodes import Einsum, PseudoInverse
from ..notation.collect import sum_of_chains
from ..notation.present import present
from ..notation.transposes import in_order
from ..properties import is_nonnegative, is_positive
from .expanding import MAX_DEPTH, Budget, affordable, expanded
from .parts import evaluated, like_typed, size, with_parts
from .registry import MERGES, MERGES_OF, rewrites_of

UNDEFINED = (ComplexInfinity, NaN)
LEAVES = (MatrixSymbol, Identity, OneMatrix, ZeroMatrix, Lambda)
SEARCHED = (MatAdd, MatMul, Trace, Determinant, Add, Mul, MatrixElement, HadamardProduct, Inverse, MatPow)
ROUNDS = 50  # of rewriting one node; no chain of rewrites seen was longer than ten
SEARCH_UP_TO = 400  # nodes of an expression that is tried multiplied out
SEARCH_TERMS = 24  # of a sum in it


def simplified(e, search=True):
    """The simplified form of a prepared expression."""
    return from_inside(_Walk(search), e, _parts)


class _Walk:
    """One walk; ``search``: whether nodes are also tried multiplied out."""

    def __init__(self, search):
        self.search = search
        self.table = id_memo("simplified" if search else "simplified without search")

    def __call__(self, node):
        if not node.args or isinstance(node, LEAVES) or not (is_matrix(node) or isinstance(node, (Expr, Einsum))):
            return node
        found = self.table.get(node)
        if found is None:
            found = self._node(node)
            self.table[node] = found
            self.table[found] = found
        return found

    def _node(self, node):
        if not is_matrix(node) and not isinstance(node, Einsum) and not has_matrix(node):
            return intern(_refined(evaluated(node)))
        found = _settled(self.with_done_parts(node), self)
        if self.search and isinstance(found, SEARCHED) and size(found) <= SEARCH_UP_TO:
            found = min(found, self._multiplied_out(found), key=size)  # the first of equal ones
        return found

    def with_done_parts(self, node):
        """The node with simplified parts; its canonical form may have new ones."""
        for _ in range(ROUNDS):
            new = with_parts(node, self)
            if new is node:
                break
            node = new
        return node

    def _multiplied_out(self, node):
        try:
            other = expanded(node, SEARCH_TERMS)
        except Budget:
            return node
        return node if other is node else simplified(other, search=False)


def _refined(e):
    """A scalar without matrices, by SymPy's own `refine` where facts about scalars are stated."""
    known = session_state.facts.of_scalars
    return e if known in (True, S.true) else refine(e, known)


def _settled(node, walk):
    """Rewritten until nothing applies; what a rewrite makes is simplified in its turn."""
    for _ in range(ROUNDS):
        new = _step(node)
        if new is None or new is node:
            return node
        inner = walk.with_done_parts(new)
        if inner is node:
            return node
        node = inner
    return node


def _step(node):
    """The next form of a node whose arguments are done; None where it is done too."""
    if isinstance(node, MatAdd):
        new = _collected(node)
        if new is not node:
            return new
    elif is_matrix(node) and not isinstance(node, LEAVES):
        new = _reduced_product(node)
        if new is not node:
            return new
    for reduced, cls in ((_reduced_trace, Trace), (_reduced_form, MatrixElement)):
        new = reduced(node) if isinstance(node, cls) else node
        if new is not node:
            return new
    for rewrite in rewrites_of("reduces", node):
        new = rewrite.apply(node)
        if new is not None and new is not node:
            new = prepare(new)
            if new is not node and size(new) <= size(node):
                return new
    return None


# ---------------------------------------------------------------- sums and products


def _collected(node):
    """Equal summands added, common factors taken out on the left and on the right, where that is no larger."""
    terms, shape = [], shape_of(node)
    for a in node.args:
        c, chain = chains.open_product(a)
        terms.append((c, chains.normalise(chain)))
    found = prepare(sum_of_chains(chains.added_up(terms), shape)) if terms else node
    return found if size(found) < size(node) or size(found) == size(node) and not isinstance(found, MatAdd) else node


def reduce_chain(chain):
    """A chain with its neighbouring atoms merged as long as some rewrite does: one pass, what is made is looked at again."""
    out, left, steps = [], list(reversed(chain)), 0
    while left:
        chains.push(out, left.pop())
        found = _merged_at_end(out) if steps < ROUNDS * len(chain) else None
        if found is not None:
            window, atoms = found
            del out[-window:]
            left += reversed(atoms)
            steps += 1
    return tuple(out)


def _merged_at_end(out):
    """(how many, the atoms in their place) of the last atoms, where some rewrite merges them; None where none does."""
    table, last = memo("merged at the end"), out[-len(MERGES) :]
    key = tuple([(id(base), flip, id(k)) for base, flip, k in last])
    if key not in table:
        table[key] = (last, _first_merge(last))  # the atoms are kept, so that their ids stay their own
    return table[key][1]


def _first_merge(end):
    kinds = tuple([type(base) for base, _, _ in end])
    for window in range(1, len(end) + 1):
        last = end[-window:]
        for rewrite in MERGES_OF[kinds[-window:]]:
            atoms = rewrite.apply(*last)
            if atoms is not None and _fits(atoms, last):
                return window, atoms
    return None


def _fits(found, replaced):
    """Whether the atoms are no larger than those they replace."""
    weigh = lambda atoms: sum(size(chains.atom_node(a)) for a in atoms)  # noqa: E731
    return weigh(found) <= weigh(replaced) + (len(replaced) > 1)  # a product that is one factor loses its own node


def _reduced_product(node):
    c, chain = chains.open_product(node)
    if any(isinstance(base, ZeroMatrix) for base, _, _ in chain):
        return node
    new = reduce_chain(chain)
    if new == chain:
        return node
    found = prepare(make.mul(c, chains.express_chain(new) if new else make.identity_like(node)))
    return found if size(found) <= size(node) else node


def _reduced_trace(node):
    """The product under a trace is a cycle: its last factor stands beside its first."""
    c, chain = chains.open_product(node.arg)
    new, size = _reduced_cycle(chain, order_of(node.arg))
    return node if new is chain else prepare(scalar_product(c, chains.trace(new, size)))


def _reduced_cycle(chain, size):
    """(the chain of a cycle with the atoms on both sides of its seam merged, its order); itself where none are."""
    for seam in range(1, min(len(MERGES), len(chain))):
        turned = (*chain[-seam:], *chain[:-seam])
        new = reduce_chain(turned)
        if len(new) < len(turned):
            return _reduced_cycle(new, chains.chain_shape(turned)[0])
    return chain, size


def _reduced_form(node):
    """x'Q'Qy is x'y: what stands between two vectors is a product too."""
    if shape_of(node.parent) != (S.One, S.One):
        return node
    c, chain = chains.open_product(node.parent)
    new = reduce_chain(chain)
    return node if new == chain or not new else prepare(scalar_product(c, chains.scalar(new)))


# ---------------------------------------------------------------- scalars


def simplified_scalars(e, options):
    """SymPy's simplification of the scalars of an expression, their matrices taken for symbols; kept where it is smaller.

    options: of SymPy's `simplify`; where one is given, what SymPy answers is kept also where it is no smaller.
    """
    return from_inside(_Scalars(options), e, _parts)


def _parts(node):
    return () if isinstance(node, LEAVES) else node.args


class _Scalars:
    """One walk over the scalars."""

    def __init__(self, options):
        self.options = options
        self.table = id_memo(f"simplified scalars {sorted(options.items())}")

    def __call__(self, e):
        found = self.table.get(e)
        if found is None:
            found = self.table[e] = self._simplified(e)
        return found

    def _simplified(self, e):
        if not e.args or isinstance(e, LEAVES):
            return e
        if is_matrix(e) or isinstance(e, (Einsum, MatrixElement)) or not isinstance(e, Expr):
            return e if isinstance(e, (Einsum, MatrixBase)) else with_parts(e, self)
        names = {}
        shell = _masked(e, names)
        old = self._unmasked(shell, names)
        undefined = holds(shell, UNDEFINED)
        if undefined or not affordable(shell) or not self.options and not _worth_it(shell):
            return old
        try:
            new = simplify_scalar(shell, **self.options)
        except Exception:  # SymPy could not, whichever error that is
            return old
        new = prepare(self._unmasked(new, names))
        return new if self.options else min(old, new, key=size)

    def _unmasked(self, shell, names):
        values = {dummy: self(node) if _is_scalar_node(node) else with_parts(node, self) for node, dummy in names.items()}
        return prepare(intern(substitute(shell, values))) if values else intern(shell)


def _masked(e, names, depth=MAX_DEPTH):
    """`e` with each largest part that holds matrices itself (a trace, an entry), or is too deep inside, as a symbol."""
    if e.is_Atom:
        return e
    deeper = depth - (not isinstance(e, (Add, Mul)))
    if deeper >= 0 and _is_scalar_node(e):
        return rebuild_scalar(e, [_masked(a, names, deeper) for a in e.args])
    if not has_matrix(e) and deeper >= 0:
        return e
    if e not in names:
        sign = "positive" if is_positive(e) else "nonnegative" if is_nonnegative(e) else "real"
        known = {sign: True} if sign != "real" or has_matrix(e) and not session_state.is_complex else {}
        names[e] = Dummy(f"m{len(names)}", dummy_index=8_100_000 + len(names), **known)
    return names[e]


def _is_scalar_node(e):
    """A sum, product, power or function of scalars."""
    known = e.is_Function and not isinstance(e, AppliedUndef)
    return isinstance(e, (Add, Mul, Pow)) or known and all(isinstance(a, Expr) for a in e.args)


def _worth_it(shell):
    """Whether there is something that SymPy might shorten."""
    if shell.is_Atom or isinstance(shell, Mul) and all(a.is_Atom or isinstance(a, Pow) and a.base.is_Atom for a in shell.args):
        return False
    return len(shell.args) > 1 or shell.is_Function


# ---------------------------------------------------------------- the whole


def refuse_singular_inverses(e):
    """AssumptionError where the inverse of a matrix occurs that is stated to be singular."""
    singular = {node for node, names in session_state.facts.stated.items() if "singular" in names}
    if not singular:
        return
    for node in postorder(e, _parts):
        if (
            isinstance(node, MatPow)
            and node.args[1].is_negative
            and singular.intersection(a[0] for a in chains.open_product(node.args[0])[1])
        ):
            raise AssumptionError(f"`{node}` is an inverse of what is stated to be singular; state the fact where no inverse occurs")


def simplify_expression(e, search=True, options=None):
    """Rounds of the walk until nothing changes; `e` is what was typed, the result is as it is printed."""
    current = _canonical(e, search, options or {})
    for _ in range(ROUNDS):
        new = _canonical(current, search, options or {})
        if new is current or new == current:
            return current
        if size(new) > size(current):
            return current
        current = new
    return current


def _canonical(e, search, options):
    e = prepare_whole(e)
    refuse_singular_inverses(e)
    return present(simplified_scalars(simplified(e, search), options))


def sorted_as_typed(e):
    """What was typed, the arguments of commutative nodes in one order, nothing else done."""
    table = id_memo("sorted as typed")
    found = table.get(e)
    if found is None:
        found = table[e] = _sorted(e)
    return found


def _sorted(e):
    if isinstance(e, BlockMatrix) and not isinstance(e, BlockDiagMatrix):
        rows, cols = e.blocks.shape
        return make.block([[sorted_as_typed(e.blocks[i, j]) for j in range(cols)] for i in range(rows)])
    is_leaf = isinstance(e, (*LEAVES, *INDIVISIBLE)) and not isinstance(e, BlockDiagMatrix)
    if not e.args or not isinstance(e, Expr) or is_leaf:
        return e
    return _with_sorted(e, [sorted_as_typed(a) for a in e.args])


def _with_sorted(e, args):
    """The node with these arguments, in one order where it commutes."""
    if isinstance(e, MatAdd):
        return in_order(raw(MatAdd, *args))
    if isinstance(e, (HadamardProduct, DotProduct)):
        return raw(type(e), *sorted(args, key=sort_key))
    if isinstance(e, MatMul):
        return raw(MatMul, *sorted((a for a in args if not is_matrix(a)), key=sort_key), *filter(is_matrix, args))
    if isinstance(e, (Add, Mul, Pow)) and not is_matrix(e):
        return intern(rebuild_scalar(e, args))  # evaluated, if it was not
    if all(x is y for x, y in zip(args, e.args)):
        return e
    return intern(rebuild_scalar(e, args))


def smallest(result, typed):
    """The result, a 1 x 1 matrix where one was typed; what was typed where that has fewer nodes."""
    result = like_typed(result, typed)
    as_typed = from_inside(sorted_as_typed, typed, _parts)
    undefined = holds(result, UNDEFINED) and not holds(typed, UNDEFINED)  # 0/0, which what was typed hid
    if not undefined and _nodes(as_typed) >= _nodes(result):
        return result
    without_inverse = holds(typed, (PseudoInverse,)) and not holds(result, (PseudoInverse,))  # worth more than a few nodes
    return result if without_inverse and not undefined else as_typed


def _nodes(e):
    """Number of nodes of the tree, as SymPy stores it; the sizes of an identity are none."""
    return 1 if isinstance(e, Identity) else sort_key(e)[1]
