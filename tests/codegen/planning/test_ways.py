"""Ways to compute a product: which orders are tried where products of two factors are there already."""

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning import ways
from sympy_matcalc.codegen.planning.planner import Planner
from sympy_matcalc.nodes import Einsum, EinsumTerm

from ...answers import planned

n = symbols("n", integer=True, positive=True)


def chain(count):
    """The products of a planner, and the task of a chain of so many matrices, of which the first two and the next two are multiplied."""
    ctx = Lowerer({n})
    matrices = [ctx.low(MatrixSymbol(f"A{k}", n, n)).node for k in range(count)]
    labels = [Label(n) for _ in range(count + 1)]
    factors = [Factor(node, labels[k : k + 2]) for k, node in enumerate(matrices)]
    products = Planner(ctx.graph, {n: 100}, ctx.size).products
    keep = {labels[0], labels[-1]}
    for k in (0, 2):
        products.ledger.commit(products.steps.pair(*factors[k : k + 2], keep | {labels[k], labels[k + 2]}, {}).node)
    order = dict.fromkeys((labels[0], labels[-1]))
    return products, ways.Task(factors, keep, ctx.graph.const(1), order)


@pytest.mark.parametrize("count, at_a_time", [(5, 1), (8, 1), (9, 2)])
def test_products_that_are_there_are_taken_one_by_one_or_for_many_factors_together(count, at_a_time, monkeypatch):
    products, task = chain(count)
    begun = []
    monkeypatch.setattr(products.steps, "paths", lambda rest, keep: begun.append(len(task.factors) - len(rest)) or [])
    list(ways.beginning_with_known(products, task))
    assert begun == ([1, 1] if at_a_time == 1 else [2])


@pytest.mark.parametrize("count", [2, 3])
def test_two_factors_are_one_product(count):
    products, task = chain(max(count, 4))
    task.factors = task.factors[:count]
    assert bool(list(ways.beginning_with_known(products, task))) == (count > 2)


@pytest.mark.parametrize("count, looked_at", [(12, True), (13, False)])
def test_gram_matrices_of_many_factors_are_not_looked_for(count, looked_at, monkeypatch):
    products, task = chain(count)
    seen = []
    monkeypatch.setattr(ways, "halves", lambda factors, keep: seen.append(len(factors)) or [])
    assert list(ways.as_gram(products, task)) == [] and bool(seen) == looked_at


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_product_that_is_made_is_taken_with_its_axes_in_any_order(order):
    """``A_si B_sj C_sk``, with its axes in one order and another; what is not summed is written as it lies."""
    ctx = Lowerer({n})
    nodes = [ctx.low(MatrixSymbol(name, n, n)).node for name in "ABC"]
    products = Planner(ctx.graph, {n: 100}, ctx.size).products

    def made(axes):
        s, *free = [Label(n) for _ in range(4)]
        factors = [Factor(node, (s, x)) for node, x in zip(nodes, free, strict=True)]
        node, labels = products.product(factors, set(free), [free[k] for k in axes])
        assert ways.form_of(factors, {s, *free}, (s, *free)) is None
        return node, [free.index(x) for x in labels]

    assert made((0, 1, 2)) == made(order)


def test_a_gram_matrix_beside_another_factor():
    """``E_ij sum_s X_si X_sj U_sk U_sl``: half of what the products of both are."""
    m, k = symbols("m k", integer=True, positive=True)
    X, U, E = MatrixSymbol("X", m, k), MatrixSymbol("U", m, k), MatrixSymbol("E", k, k)
    factors = [*((P, (0,), (j,)) for j, P in enumerate((X, X, U, U), 1)), (E, (1,), (2,))]
    e = Einsum((k,) * 4, EinsumTerm(1, (m, k, k, k, k), ((1,), (2,), (3,), (4,)), factors))
    plan = planned([e], {m: 1000, k: 12})
    assert (
        "matmul(reshape(view(U; 0, None, 1)*view(X; 0, 1, None), m, k*k).T, reshape(view(U; 0, None, 1)*view(X; 0, 1, None), m, k*k))"
        in plan
    )
    rng = np.random.default_rng(0)
    x, u, w = rng.standard_normal((9, 3)), rng.standard_normal((9, 3)), rng.standard_normal((3, 3))
    assert np.allclose(mc.lambdify([X, U, E], e)(x, u, w), np.einsum("si,sj,sk,sl,ij->ijkl", x, x, u, u, w))
