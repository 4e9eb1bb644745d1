"""Values of arrays of any rank: the package's Einsum, SymPy's array expressions, explicit N-dim arrays."""

from functools import reduce

import numpy as np
import sympy as sp
from sympy.tensor.array.arrayop import Flatten
from sympy.tensor.array.expressions import array_expressions as ae

from ..errors import ShapeError
from ..nodes import AsMatrix, Einsum, EinsumArray, EinsumMatrix, EinsumScalar, EinsumTerm
from .evaluator import evaluator, numeric
from .matrix_nodes import apply_lambda
from .scalar_nodes import values_over


@evaluator(Einsum, EinsumArray, EinsumMatrix, EinsumScalar)
def of_einsum(ev, node):
    """The sum of the terms; a matrix where the Einsum has one axis (then a column) or two."""
    shape = tuple(ev.integer(s) for s in node.axes_shape)
    total = np.zeros(shape)
    for term in node.terms:
        for sign, value in values_over(ev, term, term.limits):
            if value.shape != shape:
                raise ShapeError(f"a term of `{node}` has the value of shape {value.shape}, expected {shape}")
            total = total + sign * value
    return total.reshape(-1, 1) if len(shape) == 1 else total[()]


@evaluator(EinsumTerm)
def of_term(ev, term):
    """coefficient * einsum(factors), as an array with one axis for each axis of `out`; the limits are not looked at.

    A repeated index of `out` is a delta; an index without a factor is a vector of ones.
    """
    dims = [ev.integer(d) for d in term.dims]
    operands = [(unfused(ev.value(op), axes, dims, op), [i for axis in axes for i in axis]) for op, axes in term.factors]
    flat, out = [i for axis in term.out for i in axis], []
    covered = {i for _, labels in operands for i in labels}
    operands += [(np.ones(d), [i]) for i, d in enumerate(dims) if i not in covered]
    for i in flat:
        fresh = len(dims) + len(out) if i in out else i
        if fresh != i:
            operands.append((np.eye(dims[i]), [i, fresh]))
        out.append(fresh)
    value = contract(operands, out) if operands else np.ones(())
    return ev.scalar(term.coefficient) * value.reshape([int(np.prod([dims[i] for i in axis])) for axis in term.out])


def unfused(value, axes, dims, operand):
    """The operand's value with one axis an index: none for an axis of length 1, several for a fused one, the first slowest."""
    value = np.asarray(value)
    expected = tuple(int(np.prod([dims[i] for i in axis])) for axis in axes)
    if value.shape != expected and not (value.size == 1 and np.prod(expected) == 1):
        raise ShapeError(f"the operand `{operand}` of an Einsum has the value of shape {value.shape}, expected {expected}")
    return value.reshape([dims[i] for axis in axes for i in axis])


def contract(operands, out):
    """np.einsum by integer labels, the labels renumbered from 0."""
    labels = {i: k for k, i in enumerate(dict.fromkeys([i for _, ix in operands for i in ix]))}
    pairs = [x for array, ix in operands for x in (array, [labels[i] for i in ix])]
    return np.asarray(np.einsum(*pairs, [labels[i] for i in out], optimize="greedy"))


# ---- SymPy's array expressions
@evaluator(ae.ArraySymbol)
def of_array_symbol(ev, node):
    value, shape = numeric(ev.lookup(node)), tuple(ev.integer(s) for s in node.shape)
    if np.shape(value) != shape:
        raise ShapeError(f"`{node}` is an array of shape {tuple(node.shape)}, {shape} here, and was given one of shape {np.shape(value)}")
    return value


@evaluator(AsMatrix)
def of_as_matrix(ev, node):
    value = ev.value(node.array)
    return value if np.ndim(value) == 2 else np.reshape(value, (-1, 1))


@evaluator(ae.Reshape)
def of_reshape(ev, node):
    return np.reshape(ev.value(node.expr), [ev.integer(s) for s in node.shape])


@evaluator(sp.NDimArray)
def of_ndim_array(ev, node):
    return np.array([ev.scalar(e) for e in Flatten(node)]).reshape([int(s) for s in node.shape])


@evaluator(ae.OneArray)
def of_one_array(ev, node):
    return np.ones([ev.integer(s) for s in node.shape])[()]


@evaluator(ae.ZeroArray)
def of_zero_array(ev, node):
    return np.zeros([ev.integer(s) for s in node.shape])[()]


@evaluator(ae.ArrayTensorProduct)
def of_tensor_product(ev, node):
    return reduce(np.multiply.outer, [ev.value(a) for a in node.args])


@evaluator(ae.ArrayAdd)
def of_array_add(ev, node):
    values = [ev.value(a) for a in node.args]
    if len({np.shape(v) for v in values}) > 1:
        raise ShapeError(f"shapes {[np.shape(v) for v in values]} in `{node}`")
    return reduce(np.add, values)


@evaluator(ae.PermuteDims)
def of_permute(ev, node):
    return np.transpose(ev.value(node.expr), node.permutation.array_form)


def merged_labels(rank, groups):
    """Labels of the axes, one label a group, and the labels of the axes in no group, in order."""
    labels = list(range(rank))
    for group in groups:
        for axis in group:
            labels[int(axis)] = rank + int(group[0])
    return labels, [i for i in labels if i < rank]


@evaluator(ae.ArrayContraction)
def of_contraction(ev, node):
    value = ev.value(node.expr)
    labels, free = merged_labels(np.ndim(value), node.contraction_indices)
    return contract([(value, labels)], free)[()]


@evaluator(ae.ArrayDiagonal)
def of_diagonal(ev, node):
    """The axes of a group share one index, which comes after the axes that are in no group."""
    value = ev.value(node.expr)
    labels, free = merged_labels(np.ndim(value), node.diagonal_indices)
    return contract([(value, labels)], free + [np.ndim(value) + int(g[0]) for g in node.diagonal_indices])


@evaluator(ae.ArrayElementwiseApplyFunc)
def of_array_apply(ev, node):
    return apply_lambda(ev, node.function, ev.value(node.expr))


@evaluator(ae.ArrayElement)
def of_array_element(ev, node):
    """The entry, or a batch of entries where an index is a batch of numbers."""
    value = np.asarray(ev.value(node.name))
    if len(node.indices) != np.ndim(value):
        raise IndexError(f"`{node}` has {len(node.indices)} indices, the array has the shape {np.shape(value)}")
    return value[tuple(ev.index(i, size, node) for i, size in zip(node.indices, np.shape(value), strict=True))]
