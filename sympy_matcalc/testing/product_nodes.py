"""Values of products of entries, and of cumulative sums and products."""

import numpy as np

from ..nodes import (
    CumulativeProduct,
    CumulativeSum,
    ElementProduct,
    ProductsOfOtherPairs,
    ProductsOfOthers,
    ReverseCumulativeSum,
    RowProduct,
    RowProductsOfOthers,
)
from .evaluator import evaluator
from .matrix_nodes import vector


@evaluator(ElementProduct)
def of_element_product(ev, node):
    return np.prod(ev.matrix(node.arg))


@evaluator(RowProduct)
def of_row_product(ev, node):
    return np.prod(ev.matrix(node.arg), axis=1, keepdims=True)


def others(x):
    """For each entry of a vector the product of the rest."""
    return np.array([np.prod(np.delete(x, k)) for k in range(len(x))])


@evaluator(ProductsOfOthers)
def of_products_of_others(ev, node):
    value = ev.matrix(node.arg)
    return others(value.ravel()).reshape(value.shape)


@evaluator(RowProductsOfOthers)
def of_row_products_of_others(ev, node):
    return np.stack([others(row) for row in ev.matrix(node.arg)])


@evaluator(ProductsOfOtherPairs)
def of_products_of_other_pairs(ev, node):
    x = vector(ev, node.arg)
    return np.array([[0 if i == j else np.prod(np.delete(x, [i, j])) for j in range(len(x))] for i in range(len(x))])


@evaluator(CumulativeProduct)
def of_cumulative_product(ev, node):
    x = vector(ev, node.arg)
    return np.array([[np.prod(x[: k + 1])] for k in range(len(x))])


@evaluator(CumulativeSum)
def of_cumulative_sum(ev, node):
    value = ev.matrix(node.arg)
    return np.stack([value[: k + 1].sum(axis=0) for k in range(len(value))])


@evaluator(ReverseCumulativeSum)
def of_reverse_cumulative_sum(ev, node):
    value = ev.matrix(node.arg)
    return np.stack([value[k:].sum(axis=0) for k in range(len(value))])
