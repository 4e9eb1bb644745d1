"""Factors by entries, taken out of sums: what is left in the graph, values, summands with other uses."""

from collections import Counter

import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, Trace, exp, sin, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.entry_factors import entry_factors
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.nodes import Softmax
from sympy_matcalc.testing import evaluate

m, n, k = symbols("m n k", integer=True, positive=True)
P, A, B, C = (MatrixSymbol(name, m, n) for name in "PABC")
U, V, r = MatrixSymbol("U", m, k), MatrixSymbol("V", k, n), MatrixSymbol("r", m, 1)
of = HadamardProduct
S = A.applyfunc(sin)


def ops(expr):
    """How many products by entries and how many sums are left."""
    ctx = Lowerer({m, n, k})
    roots = entry_factors(ctx.graph, [ctx.low(expr).node], Context(ctx.size, registry.find("numpy")({}), frozenset({m, n, k})))
    order = reachable(roots)
    products = [x for x in order if x.op == "mul" and sum(a.ndim == 2 for a in x.args) > 1]
    return Counter(product=len(products), sum=sum(x.op in ("sum", "contract") for x in order))


@pytest.mark.parametrize(
    ("expr", "products", "sums"),
    [
        (of(P, A) + of(P, B), 1, 0),
        (2 * of(P, A) - 3 * of(P, S, B) + C, 2, 0),
        (of(P, A) + of(P, A, B) + of(P, S, B), 2, 0),
        (of(P, A) - of(P, r * OneMatrix(1, n)), 1, 0),
        (of(P, A) + of(B, C), 2, 0),
        (P + of(P, A), 1, 0),
        (2 * of(P, A) + of(P, -A), 1, 0),
        (of(P, U * V) - of(P, (of(P, U * V) * OneMatrix(n, 1) + DiagonalOf(U * V * P.T)) * OneMatrix(1, n)), 1, 2),
        (of(P, U * V) - of(P, (of(P, U * V) * OneMatrix(n, 1) + DiagonalOf(U * V * C.T)) * OneMatrix(1, n)), 1, 3),
        # numbers inside of the products are no part of what these have alike
        (of(P, U * V) - of(P, (of(P, U * V) * OneMatrix(n, 1) + 3 * DiagonalOf(U * V * P.T)) * OneMatrix(1, n)), 1, 2),
        (2 * of(P, U * V) * OneMatrix(n, 1) - 5 * DiagonalOf(U * (-2 * V) * P.T) + r, 0, 2),
        (of(P, 3 * U * V) * OneMatrix(n, 1) / 7 + DiagonalOf(U * V * P.T), 0, 2),
        (of(P, U * V) * OneMatrix(n, 1) - DiagonalOf(U * V * P.T), 0, 1),
        ((of(P, A) + of(P, B)) * (of(P, A) + of(P, B).applyfunc(exp)).T, 2, 1),
    ],
)
def test_what_is_left_and_its_values(expr, products, sums):
    assert ops(expr) == Counter(product=products, sum=sums)
    args = sorted(expr.atoms(MatrixSymbol), key=str)
    rng = np.random.default_rng(0)
    data = {a: rng.standard_normal([{m: 4, n: 3, k: 2}.get(s, 1) for s in a.shape]) for a in args}
    exact = evaluate(expr, data | {m: 4, n: 3, k: 2})
    assert np.abs(mc.lambdify(args, expr)(*data.values()) - np.asarray(exact, float)).max() < 1e-13


def test_the_gradient_of_attention_has_one_sum_of_rows():
    Q, K, Y = MatrixSymbol("Q", m, k), MatrixSymbol("K", n, k), MatrixSymbol("Y", m, k)
    W = MatrixSymbol("W", n, k)
    R = Softmax(Q * K.T, 1) * W - Y
    loss = Trace(R.T * R)
    source = mc.lambdify([Q, K, W, Y], mc.gradient(loss, Q)).source
    written = source[source.index("def compute") :]
    assert written.count('"ab,ab->a"') + written.count("_sums(") == written.count("_softmax(")  # one in each plan
