"""For which square arguments a function has a branch where they turn out to be symmetric."""

from types import SimpleNamespace

import pytest
from sympy import MatrixSymbol, OneMatrix, symbols
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
    monkeypatch.setattr(symmetry, "price_at", lambda plan, numbers: (plan, SimpleNamespace(of=numbers.__getitem__)))
    context = SimpleNamespace(sizes={n}, known=())
    assert symmetry._gains(typed * (looking + after), after, [A], context) == gains
    assert symmetry._gains(typed * (2 * looking + after), after, [A, B], context) == gains
