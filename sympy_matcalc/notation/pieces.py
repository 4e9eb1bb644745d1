"""Pieces: the leaves of one term as chains between labels; products are cut where they have rank 1, Kronecker products opened."""

from sympy import S
from sympy.matrices.expressions import KroneckerProduct, OneMatrix

from ..kernel import make
from ..kernel.chains import atom_node, atom_shape, has_zero, make_atom, normalise, open_product
from ..kernel.indices import free_index
from ..kernel.interning import intern, raw
from ..kernel.shapes import is_matrix, is_one, same_size, shape_of
from ..nodes import Einsum, MatrixUnit, Vec
from ..nodes.sums import MatrixSum
from .term import label_size, new_axis, size_of


class Pieces:
    """Of a `Term`: `scalars`, `limits`, `pieces` (chain, axis, axis), `dense` (node, axes) of what is no chain, `out`, `zero`."""

    def __init__(self, term):
        self.scalars = [term.coefficient]
        self.beside = (term.coefficient, *(leaf[0] for leaf in term.leaves))
        self.limits = list(term.limits)
        self.alias = {}
        self.pieces = []  # (chain, axis, axis) with axes of one label each
        self.axes = []  # all that leaves have, those of identities too, which leave no piece behind
        self.dense = []  # (node, axes): leaves with a fused axis or more than two axes
        self.zero = False
        self._load(list(term.leaves))
        self.out = [self._resolve(axis) for axis in term.out]
        self._settle()
        self.out = [self._resolve(axis) for axis in self.out]
        self._fuse_together()

    # ------------------------------------------------------------ loading
    def _load(self, leaves):
        for node, *axes in leaves:
            self.axes += axes
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
            node = self._with_own_indices(node)
            self.limits = [tuple(lim) for lim in node.limits] + self.limits
            self._load([(node.body, *axes)])
            return True
        if not isinstance(node, Einsum) or len(node.terms) != 1:
            return False
        term = self._with_own_indices(node.terms[0])
        names = {i: new_axis(size) for i, size in enumerate(term.dims)}
        self.axes += names.values()
        rename = lambda axis: tuple(x for i in axis for x in names[i])  # noqa: E731
        self.scalars.append(term.coefficient)
        self.limits = [tuple(lim) for lim in term.limits] + self.limits
        for outer, inner in zip(axes, [*term.out, ()]):
            self._unify(outer, rename(inner))
        self._load([(op, *map(rename, op_axes)) for op, op_axes in term.factors])
        return True

    def _with_own_indices(self, node):
        """A sum with other indices than those of the sums around it and of what is beside it: the square of a sum is a sum over two."""
        bound = node.bound_symbols
        if not bound:
            return node
        taken = {lim[0] for lim in self.limits} | {s for e in self.beside for s in e.free_symbols}
        new = {s: free_index(s, bound | taken) for s in bound & taken}
        return intern(node.func(*(a.xreplace(new) for a in node.args))) if new else node

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
        if self.alias.keys().isdisjoint(axis):
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
        """A fused axis whose labels occur nowhere but side by side is one label; one of a label beside itself has vec(I) at it."""
        self.dense = [(node, tuple(map(self._resolve, axes))) for node, axes in self.dense]
        for axis in self._inseparable():
            if any(axis in axes for _, axes in self.dense):
                if len(set(axis)) == len(axis):
                    self._alias_fused(axis)
                elif len(axis) == 2:
                    self._alias_diagonal(axis)
        loaded, self.dense = self.dense, []
        for node, axes in loaded:
            if len(axes) == 2 and is_matrix(node) and all(len(a) <= 1 for a in axes):
                c, chain = open_product(node)
                self.scalars.append(c)
                self._place(chain, *axes)
            else:
                self.dense.append((node, axes))

    def _inseparable(self):
        """The fused axes none of whose labels occurs by itself or in another fused axis."""
        axes = [axis for some in [self.out, *(a for _, a in self.dense)] for axis in some]
        single = {i for _, *ends in self.pieces for axis in ends for i in axis} | {i for axis in axes if len(axis) == 1 for i in axis}
        fused = dict.fromkeys(axis for axis in axes if len(axis) > 1)  # in one order
        groups = {}
        for axis in fused:
            for i in axis:
                groups.setdefault(i, set()).add(axis)
        return [axis for axis in fused if all(groups[i] == {axis} and i not in single for i in axis)]

    def _alias_diagonal(self, axis):
        """A[(ii), j] summed over i is (A'vec(I))[j]."""
        if axis not in self.out and sum(axes.count(axis) for _, axes in self.dense) == 1:
            label = self._alias_fused(axis)
            chain = (make_atom(raw(Vec, make.identity(label_size(axis[0]))), False, S.One),)
            self.pieces.append((chain, label, ()))

    def _alias_fused(self, axis):
        label = new_axis(size_of(axis))
        swap = lambda a: label if a == axis else a  # noqa: E731
        self.out = [swap(a) for a in self.out]
        self.dense = [(node, tuple(map(swap, axes))) for node, axes in self.dense]
        self.axes = [tuple(i for i in self._resolve(a) if i not in axis) for a in self.axes]
        return label
