"""Network: one term as a graph whose edges are chains and whose vertices are labels, reduced as far as series and parallel go.

Series is a product, parallel a Hadamard product, a cycle a trace, a dangling edge a product with a vector (of ones), and a vector between
two edges a diagonal matrix. What is left over after that has no matrix notation.
"""

from sympy import S
from sympy.matrices.expressions import DiagMatrix, KroneckerProduct, OneMatrix, Transpose

from ..kernel import make
from ..kernel.chains import (
    atom_node,
    atom_shape,
    chain_key,
    express_chain,
    hadamard_vectors,
    has_zero,
    is_ones,
    make_atom,
    normalise,
    open_product,
    reverse,
    scalar,
    trace,
)
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, same_size, shape_of
from ..nodes import Einsum, MatrixUnit, Vec
from ..nodes.sums import MatrixSum
from .term import label_size, new_axis, size_of


class IndexGraph:
    """Built from a `Term`; after `reduce` it has `scalars`, `edges` {id: (u, v, chain)}, `weights` {label: [chain]}, `dense`, `out`."""

    def __init__(self, term):
        self.scalars = [term.coefficient]
        self.limits = list(term.limits)
        self.alias = {}
        self.pieces = []  # (chain, axis, axis) with axes of one label each
        self.dense = []  # (node, axes): leaves with a fused axis or more than two axes
        self.zero = False
        self._load(list(term.leaves))
        self.out = [self._resolve(axis) for axis in term.out]
        self._settle()
        self.out = [self._resolve(axis) for axis in self.out]
        self._fuse_together()
        self._connect()

    # ------------------------------------------------------------ loading
    def _load(self, leaves):
        for node, *axes in leaves:
            if len(axes) == 2 and is_matrix(node):
                if not self._inline(node, axes):
                    c, chain = open_product(node)
                    self.scalars.append(c)
                    self._place(chain, *axes)
            elif not self._inline(node, axes):
                self.dense.append((node, tuple(axes)))

    def _inline(self, node, axes):
        """An Einsum of one term, or a MatrixSum, is taken apart."""
        if isinstance(node, MatrixSum):
            self.limits = [tuple(lim) for lim in node.limits] + self.limits
            self._load([(node.body, *axes)])
            return True
        if not isinstance(node, Einsum) or len(node.terms) != 1:
            return False
        term = node.terms[0]
        names = {i: new_axis(size) for i, size in enumerate(term.dims)}
        rename = lambda axis: tuple(x for i in axis for x in names[i])  # noqa: E731
        self.scalars.append(term.coefficient)
        self.limits = [tuple(lim) for lim in term.limits] + self.limits
        for outer, inner in zip(axes, [*term.out, ()]):
            self._unify(outer, rename(inner))
        self._load([(op, *map(rename, op_axes)) for op, op_axes in term.factors])
        return True

    def _place(self, chain, row, col):
        """Cut a chain where it has rank 1 and record the pieces."""
        if not chain:
            self._unify(row, col)
            return
        start = 0
        for i, atom in enumerate(chain):
            split = self._split_atom(atom)
            if split is not None:
                left, right = split
                self._piece((*chain[start:i], left), row, ())
                self._place((right, *chain[i + 1 :]), (), col)
                return
            if i + 1 < len(chain) and is_one(atom_shape(atom)[1]):
                self._piece(chain[start : i + 1], row, ())
                self._place(chain[i + 1 :], (), col)
                return
        self._piece(chain, row, col)

    @staticmethod
    def _split_atom(atom):
        """Ones and single-entry matrices are outer products."""
        base, flip, k = atom
        rows, cols = shape_of(base)
        if k is not S.One or is_one(rows) or is_one(cols):
            return None
        if isinstance(base, OneMatrix):
            rows, cols = atom_shape(atom)
            return (make.ones(rows), False, S.One), (make.ones(S.One, cols), False, S.One)
        if isinstance(base, MatrixUnit):
            m, n, i, j = base.args
            m, n, i, j = (n, m, j, i) if flip else (m, n, i, j)
            return (make.unit(m, i), False, S.One), (make.unit(n, j), True, S.One)
        return None

    def _piece(self, chain, row, col):
        chain = normalise(chain)
        self.zero |= has_zero(chain)
        if not chain:
            self._unify(row, col)
        else:
            self.pieces.append((chain, row, col))

    # ------------------------------------------------------------ labels
    def _resolve(self, axis):
        if not any(i in self.alias for i in axis):
            return axis
        return tuple(x for i in axis for x in (self._resolve(self.alias[i]) if i in self.alias else (i,)))

    def _unify(self, one, other):
        """Make two axes one."""
        one, other = self._resolve(one), self._resolve(other)
        if one == other:
            return
        if len(one) == 1 and one[0] not in other:
            self.alias[one[0]] = other
        elif len(other) == 1 and other[0] not in one:
            self.alias[other[0]] = one
        elif len(one) == len(other) and all(same_size(label_size(i), label_size(j)) for i, j in zip(one, other)):
            for i, j in zip(one, other):
                self._unify((i,), (j,))
        else:
            self.dense.append((make.identity(size_of(one)), (one, other)))

    def _settle(self):
        """Open Kronecker products that a fused axis touches, until no axis changes any more."""
        todo, self.pieces = self.pieces, []
        while todo:
            done = []
            for chain, row, col in todo:
                row, col = self._resolve(row), self._resolve(col)
                if len(row) > 1 or len(col) > 1:
                    self._settle_fused(chain, row, col)
                else:
                    done.append((chain, row, col))
            todo, self.pieces = self.pieces, []
            again = [p for p in done if any(i in self.alias for i in p[1] + p[2])]
            if not todo and not again:
                self.pieces = done
                return
            todo += done

    def _settle_fused(self, chain, row, col):
        if len(chain) > 1:  # cut the atom at the fused end loose
            at = 1 if len(row) > 1 else len(chain) - 1
            middle = new_axis(atom_shape(chain[at])[0])
            self._place(chain[:at], row, middle)
            self._place(chain[at:], middle, col)
            return
        base, flip, k = chain[0]
        if isinstance(base, KroneckerProduct) and (k is S.One or all(shape_of(a)[0] == shape_of(a)[1] for a in base.args)):
            parts = [(a, new_axis(shape_of(a)[0]), new_axis(shape_of(a)[1])) for a in base.args]
            rows, cols = (sum((p[i] for p in parts), ()) for i in (1, 2))
            rows, cols = (cols, rows) if flip else (rows, cols)
            if self._match(rows, row) and self._match(cols, col):
                self._unify(rows, row)
                self._unify(cols, col)
                for a, r, c in parts:
                    scale, inner = open_product(make.power(a, k))
                    self.scalars.append(scale)
                    self._place(inner, r, c)
                return
        if isinstance(base, OneMatrix):
            return
        if isinstance(base, Vec) and k is S.One:
            inner = new_axis(shape_of(base.arg)[0]), new_axis(shape_of(base.arg)[1])
            stacked, outer = inner[1] + inner[0], col if flip else row
            if self._match(stacked, outer):
                self._unify(stacked, outer)
                scale, opened = open_product(base.arg)
                self.scalars.append(scale)
                self._place(opened, *inner)
                return
        self.dense.append((atom_node(chain[0]), (row, col)))

    @staticmethod
    def _match(ours, theirs):
        """Whether a fused axis splits as ours does (a single label can be split at will)."""
        return (
            len(theirs) <= 1
            or len(ours) <= 1
            or (len(ours) == len(theirs) and all(same_size(label_size(i), label_size(j)) for i, j in zip(ours, theirs)))
        )

    def _fuse_together(self):
        """A fused axis whose labels occur nowhere but side by side is one label."""
        self.dense = [(node, tuple(map(self._resolve, axes))) for node, axes in self.dense]
        single = {i for _, *axes in self.pieces for axis in axes for i in axis}
        fused = [axis for axes in [self.out, *(a for _, a in self.dense)] for axis in axes]
        single |= {i for axis in fused if len(axis) == 1 for i in axis}
        groups = {}
        for axis in fused:
            if len(axis) > 1:
                for i in axis:
                    groups.setdefault(i, set()).add(axis)
        for axis in dict.fromkeys(a for a in fused if len(a) > 1):
            if all(groups[i] == {axis} and i not in single for i in axis) and any(axis in axes for _, axes in self.dense):
                self._alias_fused(axis)
        loaded, self.dense = self.dense, []
        for node, axes in loaded:
            if len(axes) == 2 and is_matrix(node) and all(len(a) <= 1 for a in axes):
                c, chain = open_product(node)
                self.scalars.append(c)
                self._place(chain, *axes)
            else:
                self.dense.append((node, axes))

    def _alias_fused(self, axis):
        label = new_axis(size_of(axis))
        swap = lambda a: label if a == axis else a  # noqa: E731
        self.out = [swap(a) for a in self.out]
        self.dense = [(node, tuple(map(swap, axes))) for node, axes in self.dense]

    # ------------------------------------------------------------ the graph
    def _connect(self):
        self.edges, self.weights, self.at = {}, {}, {}
        self.out = [self._resolve(axis) for axis in self.out]
        self.dense = [(node, tuple(map(self._resolve, axes))) for node, axes in self.dense]
        for axis in self.out:
            for i in axis:
                self._vertex(i)
        for chain, row, col in self.pieces:
            self._attach(chain, self._resolve(row), self._resolve(col))
        for _, axes in self.dense:
            for axis in axes:
                for i in axis:
                    self._vertex(i)
        self.pinned = {i for axis in self.out for i in axis} | {i for _, axes in self.dense for axis in axes for i in axis}

    def _vertex(self, i):
        self.weights.setdefault(i, [])
        self.at.setdefault(i, {})

    def _attach(self, chain, row, col):
        if not row and not col:
            self.scalars.append(scalar(chain))
        elif not row:
            self._weigh(col[0], reverse(chain))
        elif not col:
            self._weigh(row[0], chain)
        else:
            self._link(row[0], col[0], chain)

    def _weigh(self, i, chain):
        self._vertex(i)
        self.zero |= has_zero(chain)
        if not is_ones(chain):
            self.weights[i].append(chain)

    def _link(self, u, v, chain):
        """An edge; ids grow, and dictionaries keep their order, so that every run sees the same graph."""
        self._vertex(u)
        self._vertex(v)
        self.zero |= has_zero(chain)
        number = self.count = getattr(self, "count", 0) + 1
        self.edges[number] = (u, v, chain)
        self.at[u][number] = self.at[v][number] = True
        return number

    def _unlink(self, number):
        u, v, chain = self.edges.pop(number)
        del self.at[u][number]
        self.at[v].pop(number, None)
        return u, v, chain

    def chain_from(self, number, u):
        a, v, chain = self.edges[number]
        return (v, chain) if a == u else (a, reverse(chain))

    # ------------------------------------------------------------ reduction
    def reduce(self):
        """Eliminate every summed label that series, parallel, leaf and loop steps can reach."""
        inner = [i for i in self.at if i not in self.pinned]
        while True:
            inner = [i for i in inner if i in self.at]
            if self._pass(inner, self._eliminate) or self._merge_parallel() or any(map(self._series_weighted, inner)):
                continue
            break
        for i in list(self.at):
            self._absorb_loops(i)
        return self

    @staticmethod
    def _pass(inner, step):
        changed = False
        for i in inner:
            changed |= step(i)
        return changed

    def _eliminate(self, i):
        if i not in self.at:
            return False
        at, weights = self.at[i], self.weights[i]
        if not at:
            self._close(i)
            return True
        loops = [e for e in at if self.edges[e][0] == self.edges[e][1]]
        if loops:
            if len(at) == 1 and not weights:
                _, _, chain = self._unlink(loops[0])
                self.scalars.append(trace(chain, label_size(i)))
                del self.at[i], self.weights[i]
            else:
                self._absorb_loops(i)
            return True
        if len(at) == 1:
            (number,) = at
            other, chain = self.chain_from(number, i)
            self._unlink(number)
            self._weigh(other, normalise(reverse(chain) + self.vector(i)))
            del self.at[i], self.weights[i]
            return True
        if len(at) == 2 and not weights:
            self._join(i, ())
            return True
        return False

    def _series_weighted(self, i):
        """A vector between two edges becomes a diagonal matrix; only when nothing simpler is left."""
        if i not in self.at or len(self.at[i]) != 2 or not self.weights[i]:
            return False
        self._join(i, self.diagonal(i))
        return True

    def _join(self, i, middle):
        first, second = self.at[i]
        u, left = self.chain_from(first, i)
        v, right = self.chain_from(second, i)
        self._unlink(first)
        self._unlink(second)
        del self.at[i], self.weights[i]
        chain = normalise(reverse(left) + tuple(middle) + right)
        if chain:
            self._link(u, v, chain)
        else:
            self._merge_labels(u, v)

    def _merge_labels(self, u, v):
        """An identity appeared between u and v."""
        if u == v:
            return
        keep, gone = (u, v) if u in self.pinned else (v, u)
        for number in list(self.at[gone]):
            a, c, chain = self._unlink(number)
            self._link(keep if a == gone else a, keep if c == gone else c, chain)
        self.weights[keep] += self.weights.pop(gone)
        del self.at[gone]
        rename = lambda axis: tuple(keep if i == gone else i for i in axis)  # noqa: E731
        self.out = [rename(axis) for axis in self.out]
        self.dense = [(node, tuple(map(rename, axes))) for node, axes in self.dense]

    def _close(self, i):
        """A label with vectors alone: their inner product."""
        chains = sorted(self.weights[i], key=chain_key)
        del self.at[i], self.weights[i]
        ones = ((make.ones(label_size(i)), False, S.One),)
        if not chains:
            self.scalars.append(label_size(i))
        elif len(chains) == 1:
            self.scalars.append(scalar(reverse(ones) + chains[0]))
        else:
            units = [c for c in chains if isinstance(c[-1][0], MatrixUnit) and len(c) == 1]
            last = units[0] if units else chains[-1]
            rest = [c for c in chains if c is not last]
            self.scalars.append(scalar(reverse(self._hadamard(rest, i)) + last))

    def _absorb_loops(self, i):
        for number in [e for e in self.at[i] if self.edges[e][0] == self.edges[e][1]]:
            _, _, chain = self._unlink(number)
            while chain and isinstance(chain[0][0], DiagMatrix):  # diag(D M) = d o diag(M)
                self._weigh(i, open_product(chain[0][0].args[0])[1])
                chain = chain[1:]
            while chain and isinstance(chain[-1][0], DiagMatrix):
                self._weigh(i, open_product(chain[-1][0].args[0])[1])
                chain = chain[:-1]
            if chain:
                self._weigh(i, ((make.diagonal_of(express_chain(chain)), False, S.One),))

    def _merge_parallel(self):
        """Edges between the same two labels: a Hadamard product."""
        groups = {}
        for number, (u, v, _) in self.edges.items():
            if u != v:
                groups.setdefault((min(u, v), max(u, v)), []).append(number)
        changed = False
        for (u, v), numbers in groups.items():
            if len(numbers) > 1:
                nodes = [express_chain(self.chain_from(k, u)[1]) for k in numbers]
                flipped = [express_chain(self.chain_from(k, v)[1]) for k in numbers]
                for k in numbers:
                    self._unlink(k)
                self._relink(u, v, nodes, flipped)
                changed = True
        return changed

    def _relink(self, u, v, nodes, flipped):
        """Write the product in the orientation with fewer transposes."""
        if sum(isinstance(x, Transpose) for x in flipped) < sum(isinstance(x, Transpose) for x in nodes):
            u, v, nodes = v, u, flipped
        c, chain = open_product(hadamard_vectors(nodes))
        self.scalars.append(c)
        if isinstance(chain[0][0] if len(chain) == 1 else None, OneMatrix):
            return
        self._link(u, v, chain)

    # ------------------------------------------------------------ reading off
    def vector(self, i):
        """The vectors at a label as one chain, kept so that the scale which fusing them yields counts once; ones if there are none."""
        if len(self.weights[i]) > 1:
            self.weights[i] = [self._hadamard(self.weights[i], i)]
        return self._hadamard(self.weights[i], i)

    def _hadamard(self, chains, i):
        if not chains:
            return ((make.ones(label_size(i)), False, S.One),)
        if len(chains) == 1:
            return chains[0]
        c, chain = open_product(hadamard_vectors([express_chain(x) for x in chains]))
        self.scalars.append(c)
        return chain

    def diagonal(self, i):
        """The vectors at a label as a diagonal matrix, as a chain; empty if there are none."""
        if not self.weights[i]:
            return ()
        chain = self.vector(i)
        if is_ones(chain):
            return ()
        return (make_atom(make.diag_matrix(express_chain(chain)), False, S.One),)

    @property
    def coefficient(self):
        return scalar_product(*self.scalars)
