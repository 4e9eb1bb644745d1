"""An Einsum as one of SymPy's array expressions."""

from sympy import Identity
from sympy.tensor.array.expressions.array_expressions import (
    ArrayAdd,
    ArrayContraction,
    ArrayDiagonal,
    ArrayTensorProduct,
    OneArray,
    PermuteDims,
    ZeroArray,
)


def array_of(einsum):
    """The sum of the terms of an Einsum as an array expression; NotImplementedError for fused axes and symbolic sums."""
    terms = [_term_to_array(t) for t in einsum.terms]
    if not terms:
        return ZeroArray(*einsum.axes_shape)
    return terms[0] if len(terms) == 1 else ArrayAdd(*terms)


def _term_to_array(term):
    """SymPy's form: the outer product of the operands, summed indices contracted, shared ones diagonalised, axes put in order."""
    if any(len(axis) > 1 for axes in [term.out, *(a for _, a in term.factors)] for axis in axes) or term.limits:
        raise NotImplementedError("an Einsum with fused axes or a symbolic sum has no SymPy array expression")
    operands, labels, out = _labelled_operands(term)
    array, left = _contracted(ArrayTensorProduct(*operands) if len(operands) > 1 else operands[0], labels, out)
    array, left = _diagonalised(array, left)
    order = [left.index(name) for name in out]
    array = PermuteDims(array, order) if order != sorted(order) else array
    return array if term.coefficient == 1 else ArrayTensorProduct(term.coefficient, array)


def _labelled_operands(term):
    """(arrays, a label for each of their axes, labels of the result); an index that occurs twice in the result meets an identity."""
    operands = [array_of(op) if hasattr(op, "axes_shape") and len(op.axes_shape) > 2 else op for op, _ in term.factors]
    labels = [axis[0] if axis else ("unit", k) for k, axis in enumerate(a for _, axes in term.factors for a in axes)]
    out = []
    for (i,) in term.out:
        name = (i, len(out)) if i in out else i
        out.append(name)
        operands.append(OneArray(term.dims[i]) if name == i else Identity(term.dims[i]))
        labels += [i] if name == i else [i, name]
    return operands, labels, out


def _contracted(array, labels, out):
    """(the array summed over the labels that the result has not, the labels of its axes)."""
    summed = [tuple(p for p, x in enumerate(labels) if x == name) for name in dict.fromkeys(labels) if name not in out]
    return (ArrayContraction(array, *summed) if summed else array), [name for name in labels if name in out]


def _diagonalised(array, labels):
    """(the array with axes of one label made one axis, the labels of its axes), those axes last."""
    shared = [name for name in dict.fromkeys(labels) if labels.count(name) > 1]
    if not shared:
        return array, labels
    places = [tuple(p for p, x in enumerate(labels) if x == name) for name in shared]
    return ArrayDiagonal(array, *places), [x for x in labels if x not in shared] + shared
