"""For which square arguments a function has a branch where they turn out to be symmetric."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, MatrixSymbol, OneMatrix, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.codegen.planning import regimes, symmetry

m, n, k = symbols("m n k", integer=True, positive=True)
A, B, C, Z = *(MatrixSymbol(name, n, n) for name in "ABC"), MatrixSymbol("Z", m, m)
X, Y, x, P = MatrixSymbol("X", n, m), MatrixSymbol("Y", n, m), MatrixSymbol("x", n, 1), MatrixSymbol("P", n, 12)
V, W = MatrixSymbol("V", n, k), MatrixSymbol("W", k, n)
ROWS = [  # an expression, the arguments that are looked at
    (A * X + A.T * X, "A"),
    (A * X, ""),  # used once
    (A * x + A.T * x, ""),  # looking costs as much as it saves
    (A * P + A.T * P, ""),
    (A * B, ""),
    ((A + B) * C + A * C, ""),  # used twice, without a transpose
    (A * B * C + A.T * B * C + B.T * A * C, "A B C"),
    ((A + A.T) * X * Z + X * Z.T, "A Z"),
    (A * X * Z + A.T * X * Z.T, "A Z"),
    (A * B + A.T * B, ""),  # (A + A.T) B is one product too
    (A * X + A.T * Y, "A"),  # A (X + Y)
]
ALIKE = [  # an expression, whether anything in it is the same where A is symmetric
    (A * X + A.T * X, True),
    (A * X + A.T * Y, True),
    (A.T * V * W * A, False),
    (A * V * W * A, False),
    (OneMatrix(1, n) * A * X + OneMatrix(1, n) * A.T * Y, True),  # the sums of its rows and of its columns
    (HadamardProduct(A, A.T), True),
    (A.T * A.T, True),
]


@pytest.mark.parametrize("expr, looked_at", ROWS, ids=lambda value: value if isinstance(value, str) else "")
def test_branches(expr, looked_at):
    source = mc.lambdify(sorted(expr.atoms(MatrixSymbol), key=str), expr).source
    expected = " and ".join(f"_is_symmetric({name})" for name in looked_at.split())
    assert [line.strip() for line in source.splitlines() if line.strip().startswith("if _is_symmetric(")] == (
        [f"if {expected}:"] if looked_at else []
    )


@pytest.mark.parametrize("expr, alike", ALIKE)
def test_plans_where_nothing_is_alike_are_not_looked_for(expr, alike, monkeypatch):
    looked, planned = [], symmetry.planned
    monkeypatch.setattr(symmetry, "planned", lambda *args: looked.append(args) or planned(*args))
    mc.lambdify(sorted(expr.atoms(MatrixSymbol), key=str), expr)
    assert bool(looked) == alike


@pytest.mark.parametrize("many, plans", [(1, 1), (25, 3)])
def test_plans_of_a_large_graph_that_gain_nothing_for_large_sizes_are_not_looked_for_further(many, plans, monkeypatch):
    """Two sizes, of which one or both are large: three plans."""
    looked, planned = [], symmetry.planned
    monkeypatch.setattr(symmetry, "MANY", many)
    for module in (symmetry, regimes):
        monkeypatch.setattr(module, "planned", lambda *args: looked.append(args) or planned(*args))
    mc.lambdify([A, P, V], A * P + A.T * P + V * V.T * P)
    assert len(looked) == 3 + plans  # those of any matrix, and these


@pytest.mark.parametrize("typed, gains", [(1.34, False), (1.36, True)])
def test_looking_at_the_entries_is_paid_for(typed, gains, monkeypatch):
    """Sixteen for each of a thousand squared, and the plan after it costs a third of that: as typed it has to cost a third more than both."""
    looking, after = 16 * 1000**2, 16 * 1000**2 / 3
    monkeypatch.setattr(symmetry, "price_at", lambda plans, numbers, context: (plans[0], SimpleNamespace(of=numbers.__getitem__), 0))
    context, new = SimpleNamespace(sizes={n}, known=()), [after]
    assert symmetry._that_gain([typed * (looking + after)], new, [A], context) == (new if gains else [])
    assert symmetry._that_gain([typed * (2 * looking + after)], new, [A, B], context) == (new if gains else [])


def test_a_branch_that_gains_nothing_is_left_out_at_the_end(monkeypatch):
    """Of two sizes, both large, and one of them: the plan that is taken, what it costs as typed, and with symmetric arguments."""
    at = iter([(0, 4e9, 1e9), (1, 1e9, 1e9), (0, 4e9, 1e9)])
    sizes, now = SimpleNamespace(of=lambda size: 1), []

    def price_at(plans, numbers, context):
        if plans == ["typed"]:
            now[:] = next(at)
            return now[1], sizes, 0
        return now[2], sizes, now[0]

    monkeypatch.setattr(symmetry, "price_at", price_at)
    monkeypatch.setattr(symmetry, "gridded", lambda sizes, known: [])
    context = SimpleNamespace(sizes={n, m}, known=())
    assert symmetry._that_gain(["typed"], ["first", "second"], [A], context) == ["first"]


H, R = MatrixSymbol("H", m, n), MatrixSymbol("R", m, m)


def test_a_matrix_that_is_symmetric_where_several_arguments_are():
    """The innovation covariance H A H' + R is solved with once; A alone, or R alone, makes nothing alike."""
    F = H * A * H.T + R
    expr = F.I * H * A + F.T.I * H * A.T
    source = mc.lambdify([H, A, R], expr).source.split("def compute")[1]
    assert "if _is_symmetric(A) and _is_symmetric(R):" in source
    rng = np.random.default_rng(3)
    p, q, h = rng.standard_normal((5, 5)), rng.standard_normal((3, 3)), rng.standard_normal((3, 5))
    f = mc.lambdify([H, A, R], expr)
    for a, r in ((p, q), (p + p.T, q), (p, q + q.T), (p @ p.T, q @ q.T)):
        i = np.linalg.inv(h @ a @ h.T + r)
        np.testing.assert_allclose(f(h, a, r), i @ h @ a + i.T @ h @ a.T, rtol=1e-9)


def test_the_gradient_of_a_scale_matrix_has_one_gram_matrix_where_it_is_symmetric():
    Q = HadamardPower(OneMatrix(m, 1) + DiagonalOf(H * A.I * H.T), -1)
    expr = A.I * H.T * DiagMatrix(Q) * H * A.I
    source = mc.lambdify([H, A], expr).source.split("def compute")[1]
    branch = source.split("if _is_symmetric(A):")[1].split("\n    if ")[0]
    assert branch.count("_weighted_gram(") == branch.count("_factor_solve(") == 1
    rng = np.random.default_rng(4)
    h, p = rng.standard_normal((4, 6)), rng.standard_normal((6, 6)) + 6 * np.eye(6)
    f = mc.lambdify([H, A], expr)
    for a in (p, p + p.T):
        i = np.linalg.inv(a)
        np.testing.assert_allclose(f(h, a), i @ (h.T / (1 + np.einsum("ia,ab,ib->i", h, i, h))) @ h @ i, rtol=1e-9)
