"""What a problem prints, and what a wrong call of `flatten` is told."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, w, y, S = MatrixSymbol("X", n, m), MatrixSymbol("w", m, 1), MatrixSymbol("y", n, 1), MatrixSymbol("S", 3, 3)
sigma2 = Symbol("sigma2", positive=True)
DATA = {X: np.ones((4, 2)), y: np.ones(4)}


def test_symbols_stand_with_their_shapes():
    problem = mc.objective(mc.Norm(X * w - y) ** 2 / sigma2 + log(sigma2), [w, sigma2], data=DATA)
    assert repr(problem).splitlines() == [
        "Objective",
        "  expression: log(sigma2) + norm(X*w - y)**2/sigma2",
        "  variables:  w (2 x 1), sigma2 (a positive number)",
        "  data:       X (4 x 2), y (4 x 1)",
        "  x:          3 numbers",
    ]
    html = problem._repr_html_()
    assert "$\\sigma_{2}$" in html or "$\\sigma2$" in html
    assert "(2 x 1)" in html and "\\lVert" in html and "object at 0x" not in html


def test_open_sizes_sizes_as_data_and_structures():
    problem = mc.residuals([X * w - y, n * w], w, args=[X, y], data={n: 4})
    assert "  data:       n = 4" in repr(problem) and "of unknown length until `flatten` is called" in repr(problem)
    assert "variables:  w (m x 1)" in repr(problem) and "args:       X (4 x m), y (4 x 1)" in repr(problem)
    symmetric = mc.objective(mc.Norm(S) ** 2, S, structure={S: "symmetric"})
    assert "variables:  S (3 x 3, symmetric)" in repr(symmetric) and "6 free parameters" in repr(symmetric)
    long = mc.objective(sum((mc.dot(w, w) + k) ** 2 for k in range(60)), w)
    assert max(map(len, repr(long).splitlines())) < 230 and " ...\n" in repr(long)


@pytest.mark.parametrize("structure", [None, {S: "symmetric"}])
def test_values_are_one_argument(structure):
    problem = mc.objective(mc.Norm(S * w) ** 2, [S, w], data={m: 3}, structure=structure)
    a, b = np.eye(3), np.ones(3)
    several = r"write `flatten\(\(S, w\)\)` in their order, or `flatten\(\{S: \.\.\., w: \.\.\.\}\)`"
    for call, got in [
        (lambda: problem.flatten(a, b), "2 arguments"),
        (lambda: problem.flatten(), "0 arguments"),
        (lambda: problem.flatten(S=a, w=b), "`S=`, `w=`"),
    ]:
        with pytest.raises(mc.MatcalcError, match=f"as one argument, got {got}; {several}"):
            call()
    assert len(problem.flatten((a, b))) == len(problem.flatten(values=(a, b))) == (9 if structure else 12)
    with pytest.raises(mc.MatcalcError, match=r"got 2 arguments; write `flatten\(w\)` with its array"):
        mc.objective(mc.Norm(w), w).flatten(b, b)
