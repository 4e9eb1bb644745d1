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
    operands = [array_of(op) if hasattr(op, "axes_shape") and len(op.axes_shape) > 2 else op for op, _ in term.factors]
    labels = [axis[0] if axis else ("unit", k) for k, axis in enumerate(a for _, axes in term.factors for a in axes)]
    out = []
    for (i,) in term.out:
        name = (i, len(out)) if i in out else i
        out.append(name)
        operands.append(OneArray(term.dims[i]) if name == i else Identity(term.dims[i]))
        labels += [i] if name == i else [i, name]
    array = ArrayTensorProduct(*operands) if len(operands) > 1 else operands[0]
    groups = {}
    for position, name in enumerate(labels):
        groups.setdefault(name, []).append(position)
    summed = [tuple(p) for name, p in groups.items() if name not in out]
    if summed:
        array = ArrayContraction(array, *summed)
    gone = {p for group in summed for p in group}
    left = [name for p, name in enumerate(labels) if p not in gone]
    shared = [name for name in dict.fromkeys(left) if left.count(name) > 1]
    if shared:
        array = ArrayDiagonal(array, *(tuple(p for p, x in enumerate(left) if x == name) for name in shared))
        left = [x for x in left if x not in shared] + shared
    order = [left.index(name) for name in out]
    array = PermuteDims(array, order) if order != sorted(order) else array
    return array if term.coefficient == 1 else ArrayTensorProduct(term.coefficient, array)
