"""Sums of matrices over an index, and index notation: the product rule once more."""

from contextlib import contextmanager

from ..kernel import make
from ..kernel.interning import intern
from ..kernel.session import memo
from ..nodes import Einsum, EinsumTerm, MatrixSum
from .registry import builtin


@contextmanager
def inside(limits):
    """Within, the rules know the ranges of these summation indices."""
    ranges = memo("ranges")
    outer = ranges.get("limits", ())
    ranges["limits"] = tuple(tuple(lim) for lim in limits) + outer
    try:
        yield
    finally:
        ranges["limits"] = outer


@builtin(MatrixSum, name="sum rule")
def d_matrix_sum(node, d):
    """d sum_r A_r = sum_r dA_r."""
    with inside(node.limits):
        body = d(node.body)
    return None if body is None else make.matrix_sum(body, *node.limits)


@builtin(Einsum, name="product rule in index notation")
def d_einsum(node, d):
    """d of a sum of index products: the product rule over coefficients and operands."""
    terms = []
    for t in node.terms:
        with inside(t.limits):
            terms += _term_differentials(t, d)
    return intern(Einsum(node.axes_shape, *terms)) if terms else None


def _term_differentials(t, d):
    factors = [(op, *axes) for op, axes in t.factors]
    dc = d(t.coefficient)
    if dc is not None:
        yield EinsumTerm(1, t.dims, t.out, [(dc,), *factors], t.limits)
    for i, (op, *axes) in enumerate(factors):
        do = d(op)
        if do is not None:
            yield EinsumTerm(t.coefficient, t.dims, t.out, [*factors[:i], (do, *axes), *factors[i + 1 :]], t.limits)
