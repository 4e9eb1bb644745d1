"""Permutations of axes, and einsum networks with deltas between in- and out-axes: what every derivative can be kept as."""

from functools import cached_property

import numpy as np
import opt_einsum
from scipy import sparse

from ..errors import ArgumentError, ShapeError
from .base import StructuredOperator


class TransposedOperator(StructuredOperator):
    """factor times the permutation of axes: y = factor * transpose(x, axes) for x of in_shape = shape. It stores no array.

    For two axes it is the commutation matrix (Magnus & Neudecker, 3.7), here row by row: d X' / dX.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import TransposedOperator
    >>> K = TransposedOperator((2, 3), (1, 0))
    >>> K @ np.arange(6.0)
    array([0., 3., 1., 4., 2., 5.])
    """

    def __init__(self, shape, axes, factor=1.0):
        if sorted(axes) != list(range(len(shape))):
            raise ArgumentError(f"axes {tuple(axes)} are no permutation of the axes of {tuple(shape)}: give each once")
        factor = factor[()] if isinstance(factor, np.ndarray) else factor
        self.axes, self.multiple = tuple(axes), float(factor) if isinstance(factor, int) else factor
        super().__init__([shape[a] for a in axes], shape, np.dtype(type(self.multiple)))

    def _form(self):
        return f"{'' if self.multiple == 1 else f'{self.multiple} * '}transpose(x, {self.axes})"

    def _apply(self, x):
        found = np.transpose(x, (*self.axes, len(self.axes)))
        return found if self.multiple == 1 else self.multiple * found

    def _transpose(self):
        return TransposedOperator(self.out_shape, np.argsort(self.axes).tolist(), self.multiple)

    def _conjugate(self):
        return TransposedOperator(self.in_shape, self.axes, np.conj(self.multiple))

    def _scaled(self, factor):
        return TransposedOperator(self.in_shape, self.axes, self.multiple * factor)

    def _positions(self):
        return np.arange(self.shape[0]).reshape(self.in_shape).transpose(self.axes).ravel()

    def _written(self, library):
        return library.permutation(self._positions(), self.dtype.type(self.multiple))

    def todense(self):
        found = np.zeros(self.shape, self.dtype)
        found[np.arange(self.shape[0]), self._positions()] = self.multiple
        return found

    def to_sparse(self):
        n = self.shape[0]
        values = np.full(n, self.multiple, self.dtype)
        return sparse.csr_array((values, self._positions(), np.arange(n + 1)), shape=self.shape)

    def _symmetric(self):
        at = self._positions()
        return bool((at[at] == np.arange(len(at))).all())

    def diagonal(self):
        return np.where(self._positions() == np.arange(self.shape[0]), self.multiple, self.dtype.type(0))

    def _solve(self, b):
        if not self.multiple:
            raise np.linalg.LinAlgError("Singular matrix")
        return self.T._matmat(b) / self.multiple**2


class TensorOperator(StructuredOperator):
    """``TensorOperator("ab,bc->ai,ci", arrays)``: an einsum network, its subscripts to the right of the arrow those of out and of in.

    An index in out and in is a Kronecker delta, times what arrays have along it; one in neither is summed; one of out alone that no
    array has is constant, one of in alone that no array has sums x over it. sizes: {index: size} for those that no array shows.
    A product contracts the arrays with x in the order that opt_einsum finds, found once; memory is that of the arrays. `diagonal` by
    one contraction, `todense` by another.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import TensorOperator
    >>> J = TensorOperator("k->ij,kj", [np.array([1.0, 2.0])], sizes={"i": 1, "j": 3})     # delta[j,j] a[k], the same for all i
    >>> J @ np.arange(6.0)
    array([ 6.,  9., 12.])
    """

    def __init__(self, spec, arrays, sizes=None):
        inputs, self.out, self.into = _parsed(spec, len(arrays))
        self.arrays = [np.asarray(a) for a in arrays]
        self.inputs, self.sizes = inputs, {k: int(v) for k, v in (sizes or {}).items()}
        for text, array in zip(inputs, self.arrays):
            if len(text) != array.ndim:
                raise ShapeError(
                    f"`{text}` in `{spec}` has {len(text)} indices, its array has shape {array.shape}; there must be one an axis"
                )
            for index, n in zip(text, array.shape):
                if self.sizes.setdefault(index, n) != n:
                    raise ShapeError(f"the index `{index}` of `{spec}` has the sizes {self.sizes[index]} and {n}, which must be equal")
        missing = {*self.out, *self.into} - set(self.sizes)
        if missing:
            raise ShapeError(f"no array of `{spec}` shows the size of `{sorted(missing)[0]}`: give it in `sizes`")
        super().__init__([self.sizes[i] for i in self.out], [self.sizes[i] for i in self.into], *(self.arrays or [np.zeros(0)]))
        self._paths = {}

    @property
    def spec(self):
        return f"{','.join(self.inputs)}->{self.out},{self.into}"

    def _contract(self, name, inputs, arrays, out):
        """The arrays contracted to the different indices `out`, those that none has as axes of length 1; the order is kept by `name`."""
        present = "".join(i for i in out if any(i in text for text in inputs))
        if not arrays:
            return np.ones([1] * len(out))
        if name not in self._paths:
            spec = f"{','.join(inputs)}->{present}"
            self._paths[name] = opt_einsum.contract_expression(spec, *(a.shape for a in arrays), optimize="auto")
        found = self._paths[name](*arrays)
        lengths = dict(zip(present, found.shape))
        return found.reshape([lengths.get(i, 1) for i in out])

    def _form(self):
        return f"einsum {','.join(self.inputs)}->{self.out},{self.into}"

    def _arrays(self):
        return list(zip(self.inputs, self.arrays))

    def _apply(self, x):
        x = np.asarray(x, np.result_type(x, self.dtype))
        values, unique = self.product(self.arrays, x)
        return self._spread(values, unique, self.out, x.shape[-1:], x.dtype)

    def product(self, arrays, x):
        """(values, indices of their axes but the last): the network of arrays of any library, in the place of its own, times a stack of
        tensors x, ``in_shape + (k,)``. An index that neither has is an axis of length 1; one that out repeats is there once.
        """
        batch = next(c for c in map(opt_einsum.get_symbol, range(10**6)) if c not in self.sizes)
        unique = "".join(dict.fromkeys(self.out))
        if x.shape[-1] == 1:  # a path for vectors, one for matrices
            return self._contract("vector", [*self.inputs, self.into], [*arrays, x[..., 0]], unique)[..., None], unique
        return self._contract("matrix", [*self.inputs, self.into + batch], [*arrays, x], unique + batch), unique

    def _spread(self, values, unique, axes, more, dtype):
        """Values by different indices on the axes `axes`, in which an index may repeat, zeros elsewhere; `more`: further axes."""
        shape = tuple(self.sizes[i] for i in axes) + tuple(more)
        if len(unique) == len(axes) and [*values.shape] == [*shape]:
            return values
        found = np.zeros(shape, dtype)
        letters = dict(zip(unique, "abcdefghijklmnopqrstuvwxyz"))
        np.einsum(f"{''.join(letters[i] for i in axes)}...->{''.join(letters.values())}...", found)[...] = values
        return found

    def _transpose(self):
        return TensorOperator(f"{','.join(self.inputs)}->{self.into},{self.out}", self.arrays, self.sizes)

    def _conjugate(self):
        return TensorOperator(self.spec, [a.conj() for a in self.arrays], self.sizes)

    def _scaled(self, factor):
        if not self.arrays:
            return TensorOperator(f"->{self.out},{self.into}", [np.asarray(factor)], self.sizes)
        return TensorOperator(self.spec, [factor * self.arrays[0], *self.arrays[1:]], self.sizes)

    def _written(self, library):
        return library.contraction(self)

    def todense(self):
        unique = "".join(dict.fromkeys(self.out + self.into))
        values = self._contract("dense", self.inputs, self.arrays, unique)
        return np.array(self._spread(values, unique, self.out + self.into, (), self.dtype)).reshape(self.shape)

    def to_sparse(self):
        unique = "".join(dict.fromkeys(self.out + self.into))
        if len(unique) == len(self.out + self.into):  # no delta
            nothing = not any(self.inputs) and not all(a.any() for a in self.arrays)
            return sparse.csr_array(self.shape, dtype=self.dtype) if nothing else super().to_sparse()
        shape = [self.sizes[i] for i in unique]
        values = np.broadcast_to(self._contract("dense", self.inputs, self.arrays, unique), shape)
        index = dict(zip(unique, np.indices(shape, sparse=True)))
        rows, columns = (
            np.broadcast_to(np.ravel_multi_index(tuple(np.broadcast_arrays(*(index[i] for i in axes))), sizes) if axes else 0, shape)
            for axes, sizes in ((self.out, self.out_shape), (self.into, self.in_shape))
        )
        return sparse.csr_array(sparse.coo_array((values.ravel().astype(self.dtype), (rows.ravel(), columns.ravel())), shape=self.shape))

    @cached_property
    def _on_diagonal(self):
        """(inputs with each index of out made that of in at its place, the indices of the diagonal)."""
        if self.out_shape != self.in_shape:
            raise self._not_cheap("diagonal", f"out_shape {self.out_shape} is not in_shape {self.in_shape}; use `op.todense().diagonal()`")
        leader = {i: i for i in self.sizes}

        def find(i):
            while leader[i] != i:
                i = leader[i]
            return i

        for i, j in zip(self.out, self.into):
            leader[find(i)] = find(j)
        return ["".join(map(find, text)) for text in self.inputs], "".join(map(find, self.out))

    def diagonal(self):
        inputs, axes = self._on_diagonal
        unique = "".join(dict.fromkeys(axes))
        values = self._contract("diagonal", inputs, self.arrays, unique)
        return np.array(self._spread(values, unique, axes, (), self.dtype)).reshape(-1)


def _parsed(spec, count):
    """(subscripts of the arrays, of out, of in)."""
    left, arrow, right = spec.replace(" ", "").partition("->")
    out, comma, into = right.partition(",")
    inputs = left.split(",") if count or left else []
    letters = (left + out + into).replace(",", "")
    if not arrow or not comma or "," in into or letters and not letters.isalpha() or len(inputs) != count:
        raise ArgumentError(f"a spec is like 'ab,bc->ai,ci', with subscripts for each of {count} arrays, for out and for in, got {spec!r}")
    return inputs, out, into
