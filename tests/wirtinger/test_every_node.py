"""Every node of the package with complex arguments: its derivatives are those that differences say, or it is refused by name."""

import numpy as np
import pytest
import sympy as sp
from sympy import MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.errors import MissingRuleError
from tests.fuzz_complex import differences, expected
from tests.nodes.rows import ROWS
from tests.nodes.rows import m as rows_m
from tests.nodes.rows import n as rows_n

CASES = [(cls, row[0]) for cls, rows in ROWS.items() for row in rows if any(isinstance(s, MatrixSymbol) for s in row[0].free_symbols)]
HOLOMORPHIC = """ElementSum Mean RowSum EigenvalueSum EigenvalueProduct Vec Unvec ElementProduct RowProduct CumulativeSum
    LowerTriangle UpperTriangle CrossProduct SkewMatrix Gather Scatter Adjugate Sylvester MatrixExp Norm LogAbsDeterminant
    LogSumExp Softmax""".split()


FIRST = {cls: expr for cls, expr in reversed(CASES)}


def long(cls, expr):
    """Marks of a case that takes seconds: the evaluator of Frechet derivatives is a series of blocks, of the matrix one an entry."""
    is_long = cls is mc.FrechetMatrix or cls is mc.FrechetDerivative and expr is not FIRST[cls]
    return [pytest.mark.slow] if is_long else []


@pytest.mark.parametrize(
    "cls, expr", [pytest.param(cls, expr, marks=long(cls, expr), id=f"{cls.__name__}-{k}") for k, (cls, expr) in enumerate(CASES)]
)
def test_right_or_refused(cls, expr):
    rng = np.random.default_rng(3)
    variables = sorted((s for s in expr.free_symbols if isinstance(s, MatrixSymbol)), key=str)
    sizes = {rows_m: 2, rows_n: 2 if cls is mc.CommutationMatrix else 3}
    size = lambda s: int(sp.sympify(s).subs(sizes))  # noqa: E731
    gaussian = lambda s: rng.normal(size=(size(s.shape[0]), size(s.shape[1]), 2)) @ [1, 1j]  # noqa: E731
    env = {s: gaussian(s) for s in variables} | sizes
    env |= {s: 0.7 for s in expr.free_symbols if isinstance(s, sp.Symbol) and s not in sizes and not s.is_integer}
    env |= {s: 1 for s in expr.free_symbols if isinstance(s, sp.Symbol) and s not in sizes and s.is_integer}
    Z = variables[0]
    try:
        derivatives = {by: mc.complex_derivative(expr, Z, by) for by in ("Z", "conjugate")}
    except MissingRuleError as error:
        assert cls.__name__ not in HOLOMORPHIC or "inf" in str(expr) or "oo" in str(expr), error
        return
    try:
        real, imag, _ = differences(expr, Z, env)
    except NotImplementedError as error:
        pytest.skip(f"no value for complex arguments: {error}")
    truth = expected(real, imag)
    for by, derivative in derivatives.items():
        value = np.asarray(mc.testing.evaluate(derivative, env))
        assert value.size == truth[by].size
        assert np.abs(value.reshape(truth[by].shape) - truth[by]).max() < 1e-5 * max(1, np.abs(truth[by]).max()), derivative
