"""Two expressions of different value never print the same: random expressions, and the same with one bracket moved."""

from collections import defaultdict

import numpy as np
import pytest
from sympy import HadamardProduct, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow, MatrixSymbol, Transpose, exp, sin, symbols
from sympy.matrices.expressions.hadamard import HadamardPower

from sympy_matcalc import nodes
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.printing import latex
from sympy_matcalc.testing import evaluate, random_env, random_expression

n = symbols("n", integer=True, positive=True)
A, B, C = (MatrixSymbol(k, n, n) for k in "ABC")
s, t = symbols("s t", positive=True)
REFUSED = (MatcalcError, NotImplementedError, TypeError, ValueError, AttributeError, IndexError, np.linalg.LinAlgError)


def spaceless(tex):
    """What TeX sees: blanks do not count, except that one ends the name of a command."""
    return tex.replace(r"\, ", "").replace(" ", "")


def values_by_latex(expressions, env):
    """{LaTeX: [(expression, value)]} of those that can be evaluated."""
    found = defaultdict(list)
    for e in expressions:
        try:
            value = np.asarray(evaluate(e, env))
        except REFUSED:
            continue
        found[spaceless(latex(e, show_sizes=True))].append((e, value))
    return found


def clashes(found):
    """Pairs of one LaTeX and different values."""
    for tex, rows in found.items():
        (first, value), *others = rows
        for e, other in others:
            if value.size != other.size or not np.allclose(value.ravel(), other.ravel(), rtol=1e-6, atol=1e-9):
                yield tex, first, e


UNARY = (
    Transpose,
    Inverse,
    lambda M: MatPow(M, 2),
    lambda M: HadamardPower(M, 2),
    lambda M: MatMul(-1, M),
    lambda M: MatMul(s, M),
    lambda M: MatMul(s + t, M),
    lambda M: M.applyfunc(exp),
    lambda M: M.applyfunc(lambda u: u**2 + 1),
    lambda M: M.applyfunc(lambda u: -u),
    lambda M: M.applyfunc(lambda u: u * sin(u)),
    nodes.MatrixExp,
    nodes.MatrixSin,
    nodes.Sigmoid,
    lambda M: HadamardPower(M, -1),
    lambda M: nodes.Norm(M) * M,
    lambda M: M.applyfunc(lambda u: 1 / (1 + u**2)),
    lambda M: MatMul(nodes.Norm(M) ** 2, M),
    nodes.PseudoInverse,
)
BINARY = (
    lambda M, N: MatMul(M, N, evaluate=False),
    MatAdd,
    lambda M, N: MatAdd(M, MatMul(-1, N)),
    HadamardProduct,
    lambda M, N: MatMul(M, Inverse(N)),
    lambda M, N: M * (N + A),
    lambda M, N: HadamardProduct(M, N).T,
)


def pairs(left, right):
    return [f(M, N) for f in BINARY for M in left for N in right]


def nested():
    """Operations in operations: every two unary ones, every two binary ones in both orders, and each kind around the other."""
    leaves = [A, B]
    unary = [f(M) for f in UNARY for M in leaves]
    binary = pairs(leaves, leaves)
    yield from unary
    yield from (f(M) for f in UNARY for M in unary)
    yield from binary
    yield from (f(M) for f in UNARY for M in binary)
    yield from pairs(binary, leaves)
    yield from pairs(leaves, binary)
    yield from pairs(unary, leaves)
    yield from pairs(leaves, unary)


def test_no_bracket_is_dropped():
    env = random_env([A, B, s, t], 1, {n: 3}, {A: "spd", B: "spd"})
    found = values_by_latex(nested(), env)
    assert len(found) > 1500
    assert list(clashes(found)) == []


def test_kronecker_products_keep_their_brackets():
    once = [A, B, A.T, A + B, -A, MatMul(A, B), HadamardProduct(A, B), KroneckerProduct(A, B)]
    forms = [KroneckerProduct(M, N) for M in once for N in once]
    forms += [f(K) for f in (Transpose, Inverse, lambda K: MatMul(-2, K), lambda K: MatPow(K, 2)) for K in forms[:20]]
    forms += [MatMul(K, L, evaluate=False) for K in forms[:6] for L in forms[:6]]
    env = random_env([A, B], 2, {n: 2}, {A: "spd", B: "spd"})
    assert list(clashes(values_by_latex(forms, env))) == []


@pytest.mark.parametrize("block", [pytest.param(0, marks=pytest.mark.slow), 1, 2, 3])
def test_random_expressions_of_different_value_print_differently(block):
    """Of one variable kind, so that symbols have the shapes that their names have elsewhere."""
    found = defaultdict(list)
    for seed in range(40 * block, 40 * (block + 1)):
        expr, X, domain = random_expression(seed, depth=2, kind=("matrix", "square", "column", "row")[block % 4], book=block % 2 == 1)
        parts = {p for p in _subtrees(expr) if getattr(p, "free_symbols", None)}
        env = random_env([expr, X], 0, None, domain)
        shapes = tuple(sorted((str(S), S.shape) for S in expr.atoms(MatrixSymbol)))
        for tex, rows in values_by_latex(sorted(parts, key=str), env).items():
            found[(tex, seed, shapes)] += rows
    assert list(clashes(found)) == []


def _subtrees(expr):
    """The sub-expressions with a value of their own."""
    bound = {v for e in [expr, *_all(expr)] for v in getattr(e, "bound_symbols", ())}
    for e in _all(expr):
        if (getattr(e, "is_Matrix", False) or e.is_commutative) and not e.free_symbols & bound:
            yield e


def _all(expr):
    yield expr
    for a in expr.args:
        if hasattr(a, "free_symbols"):
            yield from _all(a)
