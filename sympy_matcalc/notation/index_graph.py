"""Network: one term as a graph whose edges are chains and whose vertices are labels, reduced as far as series and parallel go.

Series is a product, parallel a Hadamard product, a cycle a trace, a dangling edge a product with a vector (of ones), and a vector between
two edges a diagonal matrix. What is left over after that has no matrix notation.
"""

from sympy import S
from sympy.matrices.expressions import DiagMatrix, OneMatrix, Transpose

from ..kernel import make
from ..kernel.chains import (
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
    sums_to_zero,
    trace,
)
from ..kernel.scalars import scalar_product
from ..nodes import MatrixUnit
from .pieces import Pieces
from .term import label_size


class IndexGraph(Pieces):
    """Built from a `Term`; after `reduce` it has `scalars`, `edges` {id: (u, v, chain)}, `weights` {label: [chain]}, `dense`, `out`."""

    def __init__(self, term):
        super().__init__(term)
        self._connect()

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
        for axis in self.axes:  # a label that only identities had is summed all the same
            for i in self._resolve(axis):
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
            self.zero |= not weights and bool(chain) and sums_to_zero(chain[0])
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
            self.zero |= sums_to_zero(chains[0][0])
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
