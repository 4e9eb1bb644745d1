"""Block diagonal operators, with the blocks one after another or interleaved, and grids of blocks."""

from functools import cached_property

import numpy as np
from scipy import sparse

from ..errors import ShapeError
from .base import StructuredOperator, aslinear
from .diagonal import DiagonalOperator
from .factor import check_regular, slogdet_of_diagonal
from .interface import numbers
from .shown import POSITIVE, definiteness, symmetry
from .tensor import TensorOperator


class BlockDiagonalOperator(StructuredOperator):
    """blocks (b, p, q): y[i] = blocks[i] x[i] with in_shape (b, q), out_shape (b, p): sum_i E_ii (x) blocks[i].

    interleaved: y[:, i] = blocks[i] x[:, i] with in_shape (q, b), out_shape (p, b): sum_i blocks[i] (x) E_ii. Memory that of the
    blocks. The first `solve` is `numpy.linalg.solve` of all blocks; from the second on the inverses are kept, and each solution is
    refined once (Higham, Accuracy and Stability of Numerical Algorithms, ch. 12), since batched LU factors cannot be had of NumPy.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import BlockDiagonalOperator
    >>> D = BlockDiagonalOperator(np.array([[[2.0, 0.0], [1.0, 1.0]], [[1.0, 3.0], [0.0, 1.0]]]))
    >>> D @ np.array([1.0, 1.0, 1.0, 2.0])
    array([2., 2., 7., 2.])
    """

    named = ("blocks",)

    def __init__(self, blocks, interleaved=False):
        self.blocks, self.interleaved = numbers(blocks, 3, "blocks"), bool(interleaved)
        b, p, q = self.blocks.shape
        self._solved = False  # whether `solve` has been called, so that the inverses pay
        super().__init__((p, b) if interleaved else (b, p), (q, b) if interleaved else (b, q), self.blocks)

    def _form(self):
        return "sum_i blocks[i] (x) E_ii" if self.interleaved else "sum_i E_ii (x) blocks[i]"

    def _apply(self, x):
        return self._each(lambda x: self.blocks @ x, x)

    def _each(self, function, x):
        """A function of stacks (b, q, k) of what each block meets."""
        if not self.interleaved:
            return function(x)
        return function(x.swapaxes(0, 1)).swapaxes(0, 1)

    def _transpose(self):
        return BlockDiagonalOperator(self.blocks.swapaxes(1, 2), self.interleaved)

    def _conjugate(self):
        return BlockDiagonalOperator(self.blocks.conj(), self.interleaved)

    def _scaled(self, factor):
        return BlockDiagonalOperator(factor * self.blocks, self.interleaved)

    def _plus(self, other):
        if isinstance(other, BlockDiagonalOperator) and other.interleaved == self.interleaved and other.blocks.shape == self.blocks.shape:
            return BlockDiagonalOperator(self.blocks + other.blocks, self.interleaved)
        if isinstance(other, DiagonalOperator) and other.shape == self.shape and self.blocks.shape[1] == self.blocks.shape[2]:
            d = other.d.reshape(self.out_shape)
            blocks = self.blocks.astype(np.result_type(self.blocks, d))
            np.einsum("ijj->ij", blocks)[...] += d.T if self.interleaved else d
            return BlockDiagonalOperator(blocks, self.interleaved)
        return None

    def _written(self, library):
        if self.blocks.shape[1] == self.blocks.shape[2]:
            return library.blocks(self.blocks, self.interleaved)
        return library.contraction(TensorOperator("ipq->pi,qi" if self.interleaved else "ipq->ip,iq", [self.blocks]))

    def todense(self):
        b, p, q = self.blocks.shape
        found = np.zeros(self.out_shape + self.in_shape, self.dtype)
        np.einsum("piqi->ipq" if self.interleaved else "ipiq->ipq", found)[...] = self.blocks
        return found.reshape(b * p, b * q)

    def to_sparse(self):
        b, p, q = self.blocks.shape
        block, row, column = np.ogrid[:b, :p, :q]
        places = (row * b + block, column * b + block) if self.interleaved else (block * p + row, block * q + column)
        rows, columns = (np.broadcast_to(at, self.blocks.shape).ravel() for at in places)
        return sparse.csr_array(sparse.coo_array((self.blocks.ravel(), (rows, columns)), shape=self.shape))

    def _symmetric(self):
        return symmetry(self.blocks)

    def _definite(self):
        return definiteness(self.blocks) if self.blocks.size else POSITIVE

    def _need_square_blocks(self, what):
        if self.blocks.shape[1] != self.blocks.shape[2]:
            raise ShapeError(f"`{what}` needs square blocks, got {self.blocks.shape[1:]}")

    def diagonal(self):
        self._need_square_blocks("diagonal")
        found = np.einsum("ijj->ji" if self.interleaved else "ijj->ij", self.blocks)
        return found.reshape(-1).copy()

    @cached_property
    def _inverses(self):
        return np.linalg.inv(self.blocks)

    def _solve(self, b):
        self._need_square_blocks("solve")
        seen, self._solved = self._solved, True
        return self._each(self._again if seen else self._first, b.reshape(*self.out_shape, b.shape[1])).reshape(b.shape)

    def _first(self, y):
        if not self.blocks.size:
            return np.linalg.solve(self.blocks, y)
        solved = []

        def solve(probe):  # beside the right sides, for one factorisation
            solved.append(np.linalg.solve(self.blocks, np.concatenate([y, probe], axis=-1)))
            return solved[0][..., -1:]

        check_regular(self.blocks, solve)
        return solved[0][..., :-1]

    def _again(self, y):
        x = self._inverses @ y
        return x + self._inverses @ (y - self.blocks @ x)

    def slogdet(self):
        self._need_square_blocks("slogdet")
        signs, logarithms = np.linalg.slogdet(self.blocks)
        return signs.prod(), logarithms.sum()


class BlockOperator(StructuredOperator):
    """A grid of blocks: a list of rows, each entry an operator, a matrix, or None for zeros. in_shape and out_shape have one axis.

    row_sizes, column_sizes: needed where a row or column is all None. `solve` and `slogdet` where only the diagonal has blocks.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import BlockOperator, DiagonalOperator
    >>> H = BlockOperator([[DiagonalOperator(np.array([1.0, 2.0])), np.ones((2, 1))], [np.ones((1, 2)), None]], column_sizes=[2, 1])
    >>> H @ np.array([1.0, 1.0, 5.0])
    array([6., 7., 2.])
    """

    def __init__(self, grid, row_sizes=None, column_sizes=None):
        self.grid = [[None if e is None else aslinear(e) for e in row] for row in grid]
        if not self.grid or any(len(row) != len(self.grid[0]) for row in self.grid):
            raise ShapeError("a grid of blocks needs rows of one length, at least one")
        self.rows = _sizes("row", row_sizes, [[e.shape[0] for e in row if e is not None] for row in self.grid])
        self.columns = _sizes("column", column_sizes, [[e.shape[1] for e in column if e is not None] for column in zip(*self.grid)])
        super().__init__((sum(self.rows),), (sum(self.columns),), *[e.dtype for _, _, e in self._blocks()] or [float])

    def _blocks(self):
        """(row, column, block) of what is not zero."""
        return [(i, j, e) for i, row in enumerate(self.grid) for j, e in enumerate(row) if e is not None]

    def _at(self, sizes, i):
        start = sum(sizes[:i])
        return slice(start, start + sizes[i])

    def _form(self):
        return "; ".join(", ".join("0" if e is None else e._form() for e in row) for row in self.grid)

    def _arrays(self):
        return [found for row in self.grid for e in row if e is not None for found in e._arrays()]

    def _apply(self, x):
        found = np.zeros((self.shape[0], x.shape[-1]), np.result_type(self.dtype, x))
        for i, j, e in self._blocks():
            found[self._at(self.rows, i)] += e._matmat(x[self._at(self.columns, j)])
        return found

    def _map(self, function):
        return [[None if e is None else function(e) for e in row] for row in self.grid]

    def _transpose(self):
        return BlockOperator([*map(list, zip(*self._map(lambda e: e.T)))], self.columns, self.rows)

    def _conjugate(self):
        return BlockOperator(self._map(lambda e: e.conj()), self.rows, self.columns)

    def _scaled(self, factor):
        return BlockOperator(self._map(lambda e: factor * e), self.rows, self.columns)

    def _plus(self, other):
        if not isinstance(other, BlockOperator) or (other.rows, other.columns) != (self.rows, self.columns):
            return None
        grid = [[f if e is None else e if f is None else e + f for e, f in zip(*rows)] for rows in zip(self.grid, other.grid)]
        return BlockOperator(grid, self.rows, self.columns)

    def _written(self, library):
        return library.grid(self._map(lambda e: e._written(library)), self.rows, self.columns)

    def todense(self):
        found = np.zeros(self.shape, self.dtype)
        for i, j, e in self._blocks():
            found[self._at(self.rows, i), self._at(self.columns, j)] = e.todense()
        return found

    def to_sparse(self):
        grid = [
            [sparse.csr_array((n, k), dtype=self.dtype) if e is None else e.to_sparse() for e, k in zip(row, self.columns)]
            for row, n in zip(self.grid, self.rows)
        ]
        return sparse.csr_array(sparse.block_array(grid, format="csr"))

    def _on_the_diagonal(self):
        """The blocks on the diagonal, where no others are."""
        alone = self.rows == self.columns and all(i == j for i, j, _ in self._blocks())
        return [e for _, _, e in self._blocks()] if alone else []

    def _symmetric(self):
        found = [e._symmetric() for e in self._on_the_diagonal()]
        return True if found and all(found) else None

    def _definite(self):
        found = [e._definite() for e in self._on_the_diagonal()]
        return POSITIVE if found == [POSITIVE] * len(self.rows) else None

    def _need_square_diagonal(self, what):
        if self.rows != self.columns:
            raise self._not_cheap(what, "its diagonal blocks are not square")

    def diagonal(self):
        self._need_square_diagonal("diagonal")
        blocks = [self.grid[i][i] for i in range(len(self.rows))]
        return np.concatenate([np.zeros(n, self.dtype) if e is None else e.diagonal() for e, n in zip(blocks, self.rows)])

    def _diagonal_blocks(self, what):
        self._need_square_diagonal(what)
        if any(i != j for i, j, _ in self._blocks()):
            raise self._not_cheap(what, "it has blocks off its diagonal; use `scipy.sparse.linalg.minres`, or `op.todense()`")
        return [self.grid[i][i] for i in range(len(self.rows))]

    def _solve(self, b):
        blocks = self._diagonal_blocks("solve")
        if None in blocks:
            raise np.linalg.LinAlgError("Singular matrix")
        return np.concatenate([e.solve(b[self._at(self.rows, i)]) for i, e in enumerate(blocks)])

    def slogdet(self):
        blocks = self._diagonal_blocks("slogdet")
        found = [slogdet_of_diagonal(np.zeros(n, self.dtype)) if e is None else e.slogdet() for e, n in zip(blocks, self.rows)]
        return np.prod([s for s, _ in found]), sum(a for _, a in found)


def _sizes(what, given, shown):
    """The height of each row, or the width of each column, of blocks."""
    found = []
    for k, sizes in enumerate(shown):
        sizes = {*sizes} | ({int(given[k])} if given is not None else set())
        if len(sizes) != 1:
            shown_text = f"the sizes {sorted(sizes)}" if sizes else f"no block: give {what}_sizes"
            raise ShapeError(f"{what} {k} of a grid of blocks has {shown_text}: it needs one size")
        found.append(sizes.pop())
    return found
