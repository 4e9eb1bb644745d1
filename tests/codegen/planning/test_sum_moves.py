"""Sums of many terms are planned as they are: what a search over their forms takes grows with the square of their number."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, MatAdd, MatMul, MatrixSymbol, OneMatrix, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Product
from sympy_matcalc.codegen.planning.sizes import Sizes
from sympy_matcalc.codegen.planning.sum_moves import ASKED, _if_cheap, _may_gain
from sympy_matcalc.codegen.planning.terms import Split

from ...answers import planned as plan
from .rows import LARGE, TALL, A, C, P, T, U, V, m, n, x, y


@pytest.mark.parametrize("terms, searched", [(11, True), (12, True), (13, False)])
def test_terms_of_which_a_common_factor_is_taken_out(terms, searched):
    products = [MatMul(MatrixSymbol(f"M{k}", n, n), C) for k in range(terms)]
    assert plan([MatAdd(*products)], LARGE).count("matmul") == (1 if searched else terms)


@pytest.mark.parametrize("terms, multiplied_out", [(11, True), (12, True), (13, False)])
def test_terms_of_a_sum_that_is_multiplied_out(terms, multiplied_out):
    """(U V' - T0 - ..) V with a narrow V: V'V is small."""
    others = [MatrixSymbol(f"T{k}", m, n) for k in range(terms - 1)]
    assert ("matmul(V.T, V)" in plan([MatMul(MatAdd(U * V.T, *others), V)], TALL)) == multiplied_out


def test_a_sum_with_a_common_factor_on_the_other_side():
    assert plan([T * V + MatrixSymbol("S", m, n) * V], LARGE) == "matmul(S + T, V)"


@pytest.mark.parametrize("price, limit, factors, asked", [(5, 6, ASKED, True), (5, 5, ASKED, False), (5, 5, ASKED - 1, True)])
def test_a_form_is_not_looked_for_where_the_other_terms_are_too_dear(price, limit, factors, asked):
    """Two terms of which something is taken out, and one other, which costs `price`."""
    terms = [Product((), [None] * k) for k in (factors - 2, 2, 1)]
    planner = SimpleNamespace(build=lambda rest, bound: (rest == terms[2:], price), limit=limit)
    assert _may_gain(planner, terms, [(0, None), (1, None)])[0] == asked
    assert _may_gain(planner, terms[:2], [(0, None), (1, None)]) == (True, ())


@pytest.mark.parametrize("limit, left, tried", [(4001, 9, 1), (4000, 9, 0), (9, 5, 0), (5000, 5000, 0)])
def test_a_form_is_left_where_what_is_left_of_the_terms_is_too_dear(limit, left, tried):
    """A sum of thousand entries, which costs no less than to write it, four each; `left` is what it is found to cost."""
    term = Product((), [SimpleNamespace(labels=())], (Label(m),))
    planner = SimpleNamespace(
        sizes=Sizes({m: 1000}),
        limit=limit,
        build=lambda terms, bound: (SimpleNamespace(ndim=1, number=0), left),
        ledger=SimpleNamespace(price=lambda node: left),
    )
    found = list(_if_cheap(planner, Split([term], [(0, None)], (([], term.out), (), (), [term]))))
    assert len(found) == tried


def test_hessians_of_shares_of_a_whole_are_gram_matrices():
    """Of ``|x o (S x)/(x' S x) - b|^2``: the Jacobian's product with its transpose is half of the work of another."""
    e = mc.Norm(HadamardProduct(x, A * x) / mc.dot(x, A * x) - y) ** 2
    rng = np.random.default_rng(0)
    root = rng.standard_normal((9, 9))
    data = [root @ root.T, rng.random(9) + 0.5, rng.random(9)]
    hessian, gradient = (mc.lambdify([A, x, y], d(e, x)) for d in (mc.hessian, mc.gradient))
    assert "_weighted_gram(A, x * x)" in hessian.source
    step = rng.standard_normal(9)
    up, down = (gradient(data[0], data[1] + h * step, data[2]) for h in (1e-5, -1e-5))
    exact = (up - down) / 2e-5
    assert np.abs(hessian(*data) @ step - exact).max() < 1e-7 * np.abs(exact).max()


def test_products_with_the_derivative_of_a_softmax():
    """Of several terms, at sizes where it is multiplied out: as it stands."""
    e = (2 * y * x.T + DiagMatrix(y) * A - x * x.T + DiagMatrix(y)) * P
    f = mc.lambdify([A, x, y], e)
    rng = np.random.default_rng(2)
    a, p, v = rng.standard_normal((40, 40)), rng.random(40) / 40, rng.standard_normal(40)
    exact = (2 * np.outer(v, p) + v[:, None] * a - np.outer(p, p) + np.diag(v)) @ (np.diag(p) - np.outer(p, p))
    assert "_outer_sum(" in f.source and np.abs(f(a, p, v) - exact).max() < 1e-14 * np.abs(exact).max() * 40


def test_residuals_that_meet_what_they_are_of_are_multiplied_out():
    """Score matching of tied weights: what the residual ``S W' - X`` is summed with is there for its parts too."""
    m, n, k = symbols("m n k", integer=True, positive=True)
    X, W = MatrixSymbol("X", m, n), MatrixSymbol("W", n, k)
    S = mc.Sigmoid(X * W)
    shares = HadamardProduct(S, OneMatrix(m, k) - S).T * OneMatrix(m, 1)
    f = mc.lambdify([W, X], mc.hessian(mc.Norm(S * W.T - X) ** 2 / 2 + Trace(W * DiagMatrix(shares) * W.T), W))
    plan = f.source[f.source.rindex("        return") :]
    assert "dot(W.T) - X)" in plan and "dot(W.T) - X\n" not in plan  # it meets W alone, and has no name
    x, w = np.random.default_rng(0).standard_normal((6, 4)), np.random.default_rng(1).standard_normal((4, 3))
    s = 1 / (1 + np.exp(-x @ w))
    d, r = s * (1 - s), s @ w.T - x
    d2, c = d * (1 - 2 * s), (w**2).sum(0)
    # the second derivative of the residual is e_i d x' and its own, of the shares d and w
    slope = np.einsum("sh,sj,ih->sijh", d, x, w) + np.einsum("sh,ij->sijh", s, np.eye(4))
    exact = np.einsum("saih,sajl->ihjl", slope, slope)
    exact += np.einsum("hl,ihj->ihjl", np.eye(3), np.einsum("sa,ah,sh,si,sj->ihj", r, w, d2, x, x))
    cross = np.einsum("si,sh,sj->ihj", r, d, x)
    exact += np.einsum("hl,ihj->ihjl", np.eye(3), cross + cross.transpose(2, 1, 0))
    d3 = d * (1 - 6 * d)
    exact += np.einsum("hl,ihj->ihjl", np.eye(3), np.einsum("h,sh,si,sj->ihj", c, d3, x, x))
    both = 2 * np.einsum("ih,sh,sj->ihj", w, d2, x)
    exact += np.einsum("hl,ihj->ihjl", np.eye(3), both + both.transpose(2, 1, 0))
    exact += 2 * np.einsum("hl,ij,h->ihjl", np.eye(3), np.eye(4), d.sum(0))
    assert np.abs(f(w, x) - exact).max() < 1e-12 * np.abs(exact).max()
