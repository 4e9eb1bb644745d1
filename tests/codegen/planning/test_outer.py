"""Outer products that are one product of matrices together are not planned one by one before."""

from sympy import MatrixSymbol, symbols
from sympy.tensor.array.expressions import ArrayAdd, ArrayTensorProduct

import sympy_matcalc as mc
from sympy_matcalc.codegen.planning.products import Products

m, n = symbols("m n", integer=True, positive=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")


def planned(expr, monkeypatch):
    """(axes of the products that were planned, source)."""
    axes, plain = [], Products.product
    monkeypatch.setattr(Products, "product", lambda self, factors, keep, *more: axes.append(len(keep)) or plain(self, factors, keep, *more))
    return axes, mc.lambdify([A, B, C], expr).source


def test_the_sides_alone_are_planned(monkeypatch):
    axes, source = planned(ArrayAdd(ArrayTensorProduct(A * B, B), ArrayTensorProduct(C, A)), monkeypatch)
    assert "_outer_sum((" in source and set(axes) == {2}


def test_a_product_that_is_alone_is_planned_as_it_is(monkeypatch):
    axes, source = planned(ArrayTensorProduct(A * B, C), monkeypatch)
    assert "_outer_sum((" not in source and 4 in axes
