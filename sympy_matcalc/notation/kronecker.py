"""Read the matrix off a reduced network, also when its axes are fused: Kronecker products, vecs and commutation matrices."""

from typing import Any

from sympy import S
from sympy.matrices.expressions import HadamardPower, HadamardProduct, Identity, KroneckerProduct, MatAdd
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.chains import express_chain, hadamard_vectors, is_ones, make_atom, normalise, open_product, product, reverse
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_one, shape_of
from ..nodes import CommutationMatrix, Vec
from .term import label_size

ENTRYWISE = (HadamardProduct, HadamardPower, ElementwiseApplyFunction)


def read_matrix(net):
    """The chain of the network's result with rows out[0] and columns out[1] (absent axes have length 1); None if there is none."""
    rows = net.out[0] if net.out else ()
    cols = net.out[1] if len(net.out) > 1 else ()
    blocks = _blocks(net, rows, cols)
    if blocks is None:
        return None
    if len(blocks) == 1 and len(rows) <= 1 and len(cols) <= 1:
        return normalise(blocks[0][2])
    if not cols and not rows:
        return ()
    blocks = _with_outer_products(blocks)
    by_row = sorted(blocks, key=lambda x: min(x[0], default=len(rows)))  # those without are in the order of their columns
    by_col = sorted(blocks, key=lambda x: min(x[1], default=len(cols)))
    options = [_assemble(order, rows, cols) for order in (by_row, by_col)]
    return min(options, key=lambda chain: sum(_is_permutation(a[0]) for a in chain))


def _with_outer_products(blocks):
    """u kron M kron v' by way of (u v') kron M: a column and a row beside a matrix are one matrix."""
    if not any(block[0] and block[1] for block in blocks):
        return blocks
    up = [block for block in blocks if len(block[0]) == 1 and not block[1]]
    down = [block for block in blocks if len(block[1]) == 1 and not block[0]]
    pairs = list(zip(up, down))
    rest = [b for b in blocks if not any(b is u or b is v for u, v in pairs)]
    return rest + [(u[0], v[1], u[2] + v[2]) for u, v in pairs]


def commutation_in_front(node):
    """K (B kron A) for (A kron B) K, also of a sum of such products: the order of second derivatives (Magnus & Neudecker, ch. 10)."""
    c, chain = open_product(node)
    if len(chain) < 2 or not isinstance(chain[-1][0], CommutationMatrix) or chain[-2][1] or chain[-2][2] is not S.One:
        return node
    base = chain[-2][0]
    turned = [_exchanged(a) for a in (base.args if isinstance(base, MatAdd) else (base,))]
    if None in turned or len({sizes for sizes, _ in turned}) != 1:
        return node
    rows = turned[0][0]
    front = make_atom(raw(CommutationMatrix, *rows), False, S.One)
    sum_of = make.add(*sorted((term for _, term in turned), key=sort_key))
    return product(c, (*chain[:-2], front, *open_product(sum_of)[1]), None)


def _exchanged(term):
    """(sizes of K, c B kron A) for a summand c A kron B; None for anything else."""
    c, chain = open_product(term)
    if len(chain) != 1 or not isinstance(chain[0][0], KroneckerProduct) or chain[0][1] or len(chain[0][0].args) != 2:
        return None
    left, right = chain[0][0].args
    return (shape_of(left)[0], shape_of(right)[0]), product(c, ((make.kron(right, left), False, S.One),), None)


def _blocks(net, rows, cols):
    """[(row positions, column positions, chain)] of the connected parts; None if a part is not a matrix."""
    part = {}
    for i in net.at:
        part[i] = {i}
    for u, v, _ in net.edges.values():
        if part[u] is not part[v]:
            part[u] |= part[v]
            for x in part[v]:
                part[x] = part[u]
    blocks = []
    seen = set()
    for i in dict.fromkeys((*rows, *cols)):
        if i in seen:
            continue
        seen |= part[i]
        row_at, col_at = ([p for p, x in enumerate(axis) if x in part[i]] for axis in (rows, cols))
        block = _block(net, part[i], row_at, col_at, rows, cols)
        if block is None:
            return None
        blocks.append(block)
    return blocks if len(seen) == len(net.at) else None  # a closed part that is neither a trace nor a sum is no matrix product


def _block(net, labels, row_at, col_at, rows, cols):
    edges = [(u, v, c) for u, v, c in net.edges.values() if u in labels]
    where = [rows[p] for p in row_at] + [cols[p] for p in col_at]
    if len(edges) > 1 or len(where) > 2 and not (len(labels) == 2 and len(row_at) == 2 and len(col_at) == 2):
        return None
    if len(where) == 4:
        return _diagonal_of_vec(net, edges, row_at, col_at, rows, cols)
    if len(where) == 1:
        assert not edges  # which would end at a label that is summed
        vector = net.vector(where[0])
        return (row_at, col_at, vector if row_at else reverse(vector))
    matrix = _between(net, edges, where)
    if len(row_at) == 1:
        return (row_at, col_at, matrix)
    vec = _vec(reverse(matrix))
    return (row_at, col_at, ((vec, False, S.One),) if row_at else ((vec, True, S.One),))


def _between(net, edges, where):
    """The chain between two labels with the vectors at both, a diagonal where they are one."""
    first, last = where
    if first == last:
        assert not edges
        return net.diagonal(first) or ((make.identity(label_size(first)), False, S.One),)
    ((u, _, chain),) = edges
    chain = chain if u == first else reverse(chain)
    return normalise(_between_vectors(net.diagonal(first), chain, net.diagonal(last)))


def _between_vectors(left, chain, right):
    """diag(u) M diag(v) as (u v') o M, where M is a matrix of functions of entries or an elementwise product."""
    if not (left and right and len(chain) == 1 and isinstance(chain[0][0], ENTRYWISE) and chain[0][2] is S.One):
        return left + chain + right
    base, flip, _ = chain[0]
    u, v = (left, right) if not flip else (right, left)
    outer = express_chain((*open_product(u[0][0].args[0])[1], *reverse(open_product(v[0][0].args[0])[1])))
    return (make_atom(hadamard_vectors([outer, base]), flip, S.One),)


def _diagonal_of_vec(net, edges, row_at, col_at, rows, cols):
    """Two deltas with a matrix between them: diag(vec M), its columns commuted if they cross."""
    (a, c), (x, y) = (rows[p] for p in row_at), (cols[p] for p in col_at)
    if {a, c} != {x, y} or a == c or row_at[1] != row_at[0] + 1 or col_at[1] != col_at[0] + 1:
        return None
    ((u, _, chain),) = edges
    chain = chain if u == c else reverse(chain)
    matrix = normalise(net.diagonal(c) + chain + net.diagonal(a))
    diagonal = (make.diag_matrix(_vec(matrix)), False, S.One)
    if x == a:
        return (row_at, col_at, (diagonal,))
    return (row_at, col_at, (diagonal, (raw(CommutationMatrix, label_size(a), label_size(c)), False, S.One)))


def _vec(chain):
    return raw(Vec, express_chain(chain))


def _is_permutation(base):
    return isinstance(base, CommutationMatrix) or (
        isinstance(base, KroneckerProduct) and all(isinstance(a, (CommutationMatrix, Identity)) for a in base.args)
    )


def _assemble(blocks, rows, cols):
    """Kronecker product of the blocks in this order, between the permutations that put the axes in place."""
    row_order = [p for block in blocks for p in block[0]]
    col_order = [p for block in blocks for p in block[1]]
    left = permutation(row_order, [label_size(i) for i in rows])
    right = reverse(permutation(col_order, [label_size(i) for i in cols]))
    if all(not block[1] or not block[0] for block in blocks):  # an outer product
        up = [block[2] for block in blocks if block[0]]
        down = [block[2] for block in blocks if block[1]]
        middle = (kron_chain(up) if up else ()) + (kron_chain(down) if down else ())
    else:
        middle = kron_chain([block[2] for block in blocks])
    return normalise(left + middle + right)


def kron_chain(chains):
    """Kronecker product of chains as a chain; neighbouring identities are one identity."""
    if len(chains) == 1:
        return chains[0]
    nodes = []
    for chain in chains:
        node = express_chain(chain)
        if isinstance(node, Identity) and nodes and isinstance(nodes[-1], Identity):
            node = make.identity(nodes.pop().args[0] * node.args[0])
        if is_ones(chain) and nodes and _both_ones(nodes[-1], node):
            last = nodes.pop()
            node = make.ones(*(x * y for x, y in zip(last.args, node.args)))
        nodes += node.args if isinstance(node, KroneckerProduct) else [node]
    return open_product(make.kron(*nodes))[1]


def _both_ones(x, y):
    return type(x) is type(y) and any(is_one(p) and is_one(q) for p, q in zip(x.args, y.args))


def permutation(order, sizes):
    """Chain of the matrix that takes the axes from `order` (positions, slowest first) to 0, 1, 2, ...: swaps of neighbours."""
    chain: tuple[Any, ...] = ()
    order = list(order)
    done = False
    while not done:
        done = True
        for i in range(len(order) - 1):
            if order[i] > order[i + 1]:
                slow, fast = sizes[order[i]], sizes[order[i + 1]]
                step = raw(CommutationMatrix, fast, slow)
                before = scalar_product(*(sizes[p] for p in order[:i]))
                after = scalar_product(*(sizes[p] for p in order[i + 2 :]))
                parts = [make.identity(before)] * (before != 1) + [step] + [make.identity(after)] * (after != 1)
                chain = (make_atom(make.kron(*parts), False, S.One), *chain)
                order[i], order[i + 1] = order[i + 1], order[i]
                done = False
    return chain
