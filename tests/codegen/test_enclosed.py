"""Sources that stand in one definition: whatever the function and the symbols are called."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, Trace

from sympy_matcalc.codegen.enclosed import enclosed

X = MatrixSymbol("X", 2, 2)


def made(name, args, expr):
    namespace = {}
    exec(enclosed(name, args, expr), namespace)
    return namespace[name]


@pytest.mark.parametrize("name", ["f", "compute", "np", "_write", "_as_array", "X", "_", "_argument_0", "ShapeError", "flat"])
def test_a_function_of_any_name(name):
    """It does not stand for what the source calls by that name."""
    s = Symbol("s")
    assert made(name, [[X], s], [s * Trace(X), (X,)])([np.eye(2)], 3.0)[0] == 6


@pytest.mark.parametrize("names", [("_argument_1", "t"), ("_argument_0", "_argument_1"), ("_", "_write"), ("compute", "f")])
def test_symbols_of_any_name(names):
    a, b = map(Symbol, names)
    assert made("f", [a, [b], [X]], [2 * a + b, Trace(X)])(1.0, [3.0], [np.eye(2)]) == [5, 2]
