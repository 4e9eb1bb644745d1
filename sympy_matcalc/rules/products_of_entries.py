"""Products of entries: the derivative by an entry is the product of the others, also where that entry is 0."""

from sympy import S

from ..canonical import functions, prepare
from ..canonical.products import products_of_others_of, row_products_of_others
from ..kernel import make
from ..kernel.indices import fresh_index
from ..kernel.interning import raw
from ..kernel.shapes import is_column, shape_of
from ..kernel.symmetry import transpose
from ..nodes import ElementProduct, ProductsOfOtherPairs, ProductsOfOthers, RowProduct, RowProductsOfOthers, Unvec, Vec
from . import linear
from .norms import inner
from .registry import builtin


@builtin(ElementProduct, name="product rule over all entries")
def d_element_product(node, d):
    """d prod(A) = <P, dA>, P_ij the product of all entries but A_ij."""
    da = d(node.arg)
    return None if da is None else inner(products_of_others_of(node.arg), da)


def d_log_of_product(node, d):
    """d log prod(A) = <A^{o -1}, dA>: that of the sum of their logarithms, whatever their signs. Where an entry is 0 there is none."""
    return inner(functions.power(node.arg, S.NegativeOne), d(node.arg))


def d_log_of_row_products(node, d):
    """d log rowprod(A) = (A^{o -1} o dA) 1."""
    a = node.arg
    return linear.mul(linear.hadamard(functions.power(a, S.NegativeOne), d(a)), make.ones(shape_of(a)[1]))


@builtin(RowProduct, name="product rule over the entries of each row")
def d_row_product(node, d):
    """d rowprod(A) = (P o dA) 1, P_ij the product of all entries of row i but A_ij."""
    others = row_products_of_others(RowProductsOfOthers(node.arg))
    return linear.mul(linear.hadamard(others, d(node.arg)), make.ones(shape_of(node.arg)[1]))


@builtin(ProductsOfOthers, name="product rule over all entries but one")
def d_products_of_others(node, d):
    """d vec P = T d vec A, T_kl the product of all entries but two, 0 for k = l."""
    a, da = node.arg, d(node.arg)
    if da is None:
        return None
    if is_column(a):
        return linear.mul(raw(ProductsOfOtherPairs, a), da)
    return raw(Unvec, linear.mul(raw(ProductsOfOtherPairs, raw(Vec, a)), raw(Vec, da)), *shape_of(a))


@builtin(RowProductsOfOthers, name="product rule over the entries of each row but one")
def d_row_products_of_others(node, d):
    """d P = sum_i e_i e_i' dA T_i, T_i the products of all entries of row i but two."""
    a, da = node.arg, d(node.arg)
    if da is None:
        return None
    rows, i = shape_of(a)[0], fresh_index("i")
    unit = make.unit(rows, i)
    pairs = raw(ProductsOfOtherPairs, make.mul(transpose(a), unit))
    return make.matrix_sum(linear.mul(unit, transpose(unit), da, pairs), (i, S.Zero, rows - 1))


@builtin(ProductsOfOtherPairs, name="product rule over all entries but two")
def d_products_of_other_pairs(node, d):
    """d T = d P - diag(d P), P the `RowProductsOfOthers` of the matrix whose row k is x with 1 for x_k: T_kl = P_kl off the diagonal."""
    x = node.arg
    if d(x) is None:
        return None
    n = shape_of(x)[0]
    rows = prepare(make.mul(make.ones(n), transpose(x)))
    one_each = prepare(make.add(rows, make.mul(S.NegativeOne, make.diag_matrix(x)), make.identity(n)))
    dp = d(row_products_of_others(RowProductsOfOthers(one_each)))
    return None if dp is None else linear.add(dp, linear.mul(S.NegativeOne, make.diagonal_matrix(dp)))
