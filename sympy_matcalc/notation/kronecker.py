"""Read the matrix off a reduced network, also when its axes are fused: Kronecker products, vecs and commutation matrices."""

from typing import Any

from sympy import S
from sympy.matrices.expressions import Identity, KroneckerProduct

from ..kernel import make
from ..kernel.chains import express_chain, is_ones, make_atom, normalise, open_product, reverse
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_one
from ..nodes import CommutationMatrix, Vec
from .term import label_size


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
    by_row = sorted(blocks, key=lambda x: (min(x[0], default=len(rows)), min(x[1], default=len(cols))))
    by_col = sorted(blocks, key=lambda x: (min(x[1], default=len(cols)), min(x[0], default=len(rows))))
    options = [_assemble(order, rows, cols) for order in (by_row, by_col)]
    return min(options, key=lambda chain: sum(1 for a in chain if _is_permutation(a[0])))


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
        if edges:
            return None
        vector = net.vector(where[0])
        return (row_at, col_at, vector if row_at else reverse(vector))
    if len(set(where)) == 1:
        if edges:
            return None
        matrix = net.diagonal(where[0]) or ((make.identity(label_size(where[0])), False, S.One),)
    else:
        if not edges:
            return None
        u, _, chain = edges[0]
        chain = chain if u == where[0] else reverse(chain)
        matrix = normalise(net.diagonal(where[0]) + chain + net.diagonal(where[1]))
    if len(row_at) == 1:
        return (row_at, col_at, matrix)
    vec = _vec(reverse(matrix))
    return (row_at, col_at, ((vec, False, S.One),) if row_at else ((vec, True, S.One),))


def _diagonal_of_vec(net, edges, row_at, col_at, rows, cols):
    """Two deltas with a matrix between them: diag(vec M), its columns commuted if they cross."""
    (a, c), (x, y) = (rows[p] for p in row_at), (cols[p] for p in col_at)
    if {a, c} != {x, y} or a == c or row_at[1] != row_at[0] + 1 or col_at[1] != col_at[0] + 1:
        return None
    if edges:
        u, _, chain = edges[0]
        chain = chain if u == c else reverse(chain)
        matrix = normalise(net.diagonal(c) + chain + net.diagonal(a))
        diagonal = (make.diag_matrix(_vec(matrix)), False, S.One)
    else:
        return None
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
