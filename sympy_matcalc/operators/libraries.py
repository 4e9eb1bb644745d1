"""Operators as those of other libraries: lineax for JAX, linear_operator for PyTorch and GPyTorch.

Each class of operators says once, in `_written`, what it is made of: diagonals, matrices, their sums, products and Kronecker products,
stacks of blocks, permutations, grids, contractions. A `Library` has a constructor for each of these.
"""

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import MissingLibraryError


class Library:
    """What operators are written with, all of the type of the whole one. Flat vectors go in and out, row by row."""

    def finished(self, operator: Any) -> Any:
        """The whole operator, of one type of numbers."""
        self.dtype = operator.dtype
        return operator._written(self)

    def array(self, values: Any) -> Any:
        """An array of the library."""
        raise NotImplementedError

    def diagonal(self, d: Any) -> Any:
        """diag(d), for a flat d."""
        raise NotImplementedError

    def dense(self, matrix: Any) -> Any:
        """A matrix."""
        raise NotImplementedError

    def identity(self, n: int) -> Any:
        """The identity."""
        raise NotImplementedError

    def add(self, *parts: Any) -> Any:
        """A sum."""
        raise NotImplementedError

    def compose(self, *parts: Any) -> Any:
        """A product, the first applied last."""
        raise NotImplementedError

    def kronecker(self, A: Any, B: Any) -> Any:
        """A (x) B of two operators."""
        raise NotImplementedError

    def blocks(self, stack: Any, interleaved: bool) -> Any:
        """A block diagonal matrix, see `BlockDiagonalOperator`."""
        raise NotImplementedError

    def permutation(self, positions: Any, factor: Any) -> Any:
        """y[i] = factor x[positions[i]]."""
        raise NotImplementedError

    def grid(self, rows: Sequence[Sequence[Any]], heights: Sequence[int], widths: Sequence[int]) -> Any:
        """A grid of operators, None for zeros."""
        raise NotImplementedError

    def contraction(self, operator: Any) -> Any:
        """A `TensorOperator`."""
        raise NotImplementedError


class Lineax(Library):
    """lineax: what it has no class for is a function of a vector, which it can transpose and trace."""

    def __init__(self):
        self.jax, self.lineax = _imported("to_lineax", "jax", "lineax")

    def finished(self, operator):
        found = super().finished(operator)
        tags = set()
        if operator.is_symmetric:
            tags.add(self.lineax.symmetric_tag)
        if operator.is_positive_definite:
            tags.add(self.lineax.positive_semidefinite_tag)
        return self.lineax.TaggedLinearOperator(found, frozenset(tags)) if tags else found

    def array(self, values):
        return self.jax.numpy.asarray(values, self._type())

    def diagonal(self, d):
        return self.lineax.DiagonalLinearOperator(self.array(d))

    def dense(self, matrix):
        return self.lineax.MatrixLinearOperator(self.array(matrix))

    def identity(self, n):
        return self.lineax.IdentityLinearOperator(self._vector(n))

    def add(self, *parts):
        return sum(parts[1:], start=parts[0])

    def compose(self, *parts):
        found, *rest = parts
        for part in rest:
            found = found @ part
        return found

    def kronecker(self, A, B):
        (q, s), vmap = (A.in_size(), B.in_size()), self.jax.vmap
        return self._function(lambda x: vmap(A.mv, 1, 1)(vmap(B.mv)(x.reshape(q, s))).reshape(-1), q * s)

    def blocks(self, stack, interleaved):
        stack, einsum = self.array(stack), self.jax.numpy.einsum
        b, _, q = stack.shape
        spec, shape = ("ipq,qi->pi", (q, b)) if interleaved else ("ipq,iq->ip", (b, q))
        return self._function(lambda x: einsum(spec, stack, x.reshape(shape)).reshape(-1), b * q)

    def permutation(self, positions, factor):
        factor = self.array(factor)
        return self._function(lambda x: factor * x[positions], len(positions))

    def grid(self, rows, heights, widths):
        ends, numpy = np.cumsum(widths).tolist(), self.jax.numpy

        def product(x):
            parts = [x[end - n : end] for end, n in zip(ends, widths)]
            zeros = (numpy.zeros(n, x.dtype) for n in heights)
            return numpy.concatenate([sum((e.mv(p) for e, p in zip(row, parts) if e is not None), start=z) for row, z in zip(rows, zeros)])

        return self._function(product, sum(widths))

    def contraction(self, operator):
        arrays, numpy = [self.array(a) for a in operator.arrays], self.jax.numpy

        def put(shape, index, values):
            return numpy.zeros(shape, values.dtype).at[index].set(values, unique_indices=True)

        def product(x):
            return contracted(operator, arrays, x.reshape(*operator.in_shape, 1), numpy.broadcast_to, put).reshape(-1)

        return self._function(product, operator.shape[1])

    def _vector(self, n):
        return self.jax.ShapeDtypeStruct((n,), self._type())

    def _type(self):
        """The type of numbers, in the precision that JAX is set to."""
        return self.jax.dtypes.canonicalize_dtype(self.dtype)

    def _function(self, function, n):
        return self.lineax.FunctionLinearOperator(function, self._vector(n))


class LinearOperatorLibrary(Library):
    """linear_operator, the operators of GPyTorch: it has a class for each structure but a contraction."""

    def __init__(self):
        self.torch, library = _imported("to_linear_operator", "torch", "linear_operator")
        self.classes = library.operators

    def array(self, values):
        return self.torch.tensor(np.asarray(values, self.dtype))

    def diagonal(self, d):
        return self.classes.DiagLinearOperator(self.array(d))

    def dense(self, matrix):
        return self.classes.DenseLinearOperator(self.array(matrix))

    def identity(self, n):
        return self.classes.IdentityLinearOperator(n, dtype=self._dtype())

    def add(self, *parts):
        return self.classes.SumLinearOperator(*parts)

    def compose(self, *parts):
        found, *rest = parts
        for part in rest:
            found = self.classes.MatmulLinearOperator(found, part)
        return found

    def kronecker(self, A, B):
        if 0 in (*A.shape, *B.shape):  # of which the library's own has no products
            return self.dense(np.zeros([n * k for n, k in zip(A.shape, B.shape)]))
        return self.classes.KroneckerProductLinearOperator(A, B)

    def blocks(self, stack, interleaved):
        if not len(stack):
            return self.dense(np.zeros((0, 0)))
        of = self.classes.BlockInterleavedLinearOperator if interleaved else self.classes.BlockDiagLinearOperator
        return of(self.dense(stack))

    def permutation(self, positions, factor):
        moved = self.classes.PermutationLinearOperator(self.torch.as_tensor(positions))
        return self.compose(self.diagonal(np.full(len(positions), factor)), moved)

    def grid(self, rows, heights, widths):
        beside = [self._beside([self._zeros(n, k) if e is None else e for e, k in zip(row, widths)], -1) for row, n in zip(rows, heights)]
        return self._beside(beside, -2)

    def _zeros(self, n, k):
        """Zeros as a product of rank 0: the library's own class for them cannot stand in a grid."""
        return self.compose(self.dense(np.zeros((n, 0))), self.dense(np.zeros((0, k))))

    def _beside(self, parts, axis):
        return self.classes.CatLinearOperator(*parts, dim=axis) if len(parts) > 1 else parts[0]

    def contraction(self, operator):
        return _contraction_class(self.torch, self.classes.LinearOperator)(*map(self.array, operator.arrays), operator=operator)

    def _dtype(self):
        return self.torch.from_numpy(np.zeros(0, self.dtype)).dtype


def _imported(method: str, array_library: str, library: str) -> Any:
    """Both libraries, imported when they are asked for."""
    try:
        return import_module(array_library), import_module(library)
    except ImportError as error:
        raise MissingLibraryError(f"`{method}`", library, error) from error


def _contraction_class(torch: Any, base: Any) -> Any:
    """The class of contractions in linear_operator."""

    class ContractionLinearOperator(base):
        """The network of a `TensorOperator`, with tensors of PyTorch."""

        def __init__(self, *arrays, operator):
            super().__init__(*arrays, operator=operator)
            self.arrays, self.operator = arrays, operator

        @property
        def dtype(self):
            return torch.from_numpy(np.zeros(0, self.operator.dtype)).dtype

        @property
        def device(self):
            return self.arrays[0].device if self.arrays else torch.device("cpu")

        def _size(self):
            return torch.Size(self.operator.shape)

        def _transpose_nonbatch(self):
            return type(self)(*self.arrays, operator=self.operator.T)

        def _diagonal(self):
            return torch.as_tensor(self.operator.diagonal())

        def _matmul(self, rhs):
            x = rhs.reshape(*self.operator.in_shape, math.prod(rhs.shape[1:]))
            found = contracted(self.operator, self.arrays, x, torch.broadcast_to, put)
            return found.reshape(self.operator.shape[0], *rhs.shape[1:])

    def put(shape, index, values):
        zeros = torch.zeros(shape, dtype=values.dtype, device=values.device)
        return zeros.index_put(tuple(torch.tensor(np.array(i)) for i in index), values)

    return ContractionLinearOperator


def contracted(operator: Any, arrays: Sequence[Any], x: Any, broadcast: Callable[..., Any], put: Callable[..., Any]) -> Any:
    """A `TensorOperator` times a stack of tensors, ``in_shape + (k,)``, with arrays of another library.

    put: zeros of a shape with the values at the index of their leading axes.
    """
    values, unique = operator.product(arrays, x)
    sizes = [operator.sizes[i] for i in unique]
    values = broadcast(values, (*sizes, x.shape[-1]))
    if len(unique) == len(operator.out):
        return values
    places = dict(zip(unique, np.indices(sizes, sparse=True)))
    return put((*operator.out_shape, x.shape[-1]), tuple(np.broadcast_to(places[i], sizes) for i in operator.out), values)
