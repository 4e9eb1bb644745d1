"""Transposes, signs and names as one writes them, and that they stay so when a result is simplified."""

import pytest
from sympy import (
    Identity,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Q,
    Symbol,
    Trace,
    Transpose,
    exp,
    log,
    preorder_traversal,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions import HadamardProduct, Inverse, KroneckerProduct, MatMul, MatPow

import sympy_matcalc as mc

from ..comparator import same_expression

n, p = symbols("n p", integer=True, positive=True)
K, H, P = MatrixSymbol("K", n, p), MatrixSymbol("H", p, n), MatrixSymbol("P", n, n)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, n)
residual = Identity(n) - K * H

CASES = {
    "product of a sum": (Trace(residual * P * residual.T), K, Q.symmetric(P), "-2*(I - K*H)*P*H.T"),
    "product": (Trace(A * X * B), X, None, "A.T*B.T"),
    "power": (Trace(X**4), X, None, "4*X.T**3"),
    "inverse": (Trace((A * X + B).I), X, None, None),
    "inverse of an exponential": (Trace(A * mc.MatrixExp(B).T.I * X), X, None, "expm(-B)*A.T"),
    "inverse of an exponential, transposed": (Trace(A * mc.MatrixExp(B).I * X), X, None, "expm(-B).T*A.T"),
    "long product": (Trace(A * B * X * B * A * A), X, None, None),
}


@pytest.mark.parametrize("name", CASES)
def test_no_transpose_around_a_product(name):
    f, variable, facts, text = CASES[name]
    found = mc.gradient(f, variable, assumptions=facts)
    assert not any(isinstance(e, Transpose) and isinstance(e.arg, (MatMul, MatPow, Inverse)) for e in preorder_traversal(found)), found
    assert text is None or str(found) == text


a, b, w, x, y = (MatrixSymbol(name, size, 1) for name, size in (("a", n), ("b", n), ("w", p), ("x", n), ("y", n)))
ones, t = OneMatrix(n, 1), Symbol("t", real=True)
centred = x - mc.Mean(x) * ones
form = lambda M: (x.T * M * x)[0, 0]  # noqa: E731
square = form(Identity(n))
L, R = mc.Cholesky(X), x * x.T + B
jacobian = lambda F, V, **facts: mc.jacobian(F, V, form="vec", **facts)  # noqa: E731

BOOK = {
    "a transpose around a sum": (mc.gradient, Trace(A * X * X * B), X, (X * B * A + B * A * X).T),
    "one in a sum stays": (mc.gradient, Trace(A * X + B.T * X), X, A.T + B),
    "Kronecker products take transposes up": (
        jacobian,
        X * A * X,
        X,
        KroneckerProduct(X.T * A.T, Identity(n)) + KroneckerProduct(Identity(n), X * A),
    ),
    "minus signs": (mc.gradient, (x - H.T * w - t * ones).T * (x - H.T * w - t * ones), w, 2 * H * (H.T * w + t * ones - x)),
    "no minus before a difference": (mc.gradient, (x - y).T * A * (x - y) / 2, y, (A + A.T) * (y - x) / 2),
    "a minus before a sum that is as short": (mc.gradient, (x - H.T * w).T * (x - H.T * w), w, -2 * H * (x - H.T * w)),
    "centred": (mc.gradient, mc.Norm(centred) ** 2 / n, x, 2 / n * centred),
    "log of a deviation": (mc.gradient, log(mc.Norm(centred)), x, centred / mc.Norm(centred) ** 2),
    "layer norm": (
        mc.jacobian,
        centred / mc.Norm(centred),
        x,
        (Identity(n) - ones * ones.T / n) / mc.Norm(centred) - centred * centred.T / mc.Norm(centred) ** 3,
    ),
    "a transpose taken up by a function of the entries of a product": (
        mc.gradient,
        Trace(A.T * (X * B.T).applyfunc(exp)),
        X,
        HadamardProduct(A, (X * B.T).applyfunc(exp)) * B,
    ),
    "a matrix and its transpose": (
        mc.gradient,
        Trace(mc.Cholesky(X) * B),
        X,
        L.T.I * (HadamardProduct(mc.HalfLower(n), L.T * B.T) + HadamardProduct(mc.HalfLower(n), L.T * B.T).T) * L.I / 2,
    ),
    "minus signs of two factors": (mc.gradient, form(R.I), x, (1 - form(R.I)) * (R.I + (R.T).I) * x),
    "mean": (mc.gradient, mc.Mean(x) ** 2, x, 2 * mc.Mean(x) / n * ones),
    "Rayleigh quotient": (mc.gradient, form(A) / square, x, (A + A.T) * x / square - 2 * form(A) / square**2 * x),
    "symmetric pairs": (
        mc.hessian,
        form(A) / square,
        x,
        (A + A.T) / square
        - 2 / square**2 * ((A + A.T) * x * x.T + x * x.T * (A + A.T))
        - 2 * form(A) / square**2 * Identity(n)
        + 8 * form(A) / square**3 * x * x.T,
    ),
    "logistic": (mc.gradient, log(1 + exp(-t * (a.T * x)[0, 0])), x, -t / (exp(t * (a.T * x)[0, 0]) + 1) * a),
    "cosine": (
        mc.gradient,
        (a.T * x)[0, 0] / sqrt((a.T * a)[0, 0] * square),
        x,
        a / sqrt((a.T * a)[0, 0] * square) - (a.T * x)[0, 0] / sqrt((a.T * a)[0, 0]) / sqrt(square) ** 3 * x,
    ),
}


@pytest.mark.parametrize("name", BOOK)
def test_as_a_person_writes_it(name):
    derivative, f, variable, book = BOOK[name]
    found = derivative(f, variable)
    assert same_expression(found, book), found
    if name != "cosine":  # SymPy's own simplification takes 1/|a| out
        assert mc.simplify(found) == found


def test_a_transpose_around_a_layer_stays_where_its_sum_would_need_as_many():
    layer = (ones * y.T + X * A).applyfunc(tanh)
    assert str(mc.gradient(mc.Norm(layer * B - X) ** 2 / 2, B)) == "tanh(ones(n, 1)*y.T + X*A).T*(tanh(ones(n, 1)*y.T + X*A)*B - X)"


def test_deriving_again_gives_the_same():
    """What a first derivative is written as makes no other second one."""
    for f in (mc.Norm(centred) ** 2 / n, form(A) / square):
        assert mc.jacobian(mc.gradient(f, x), x) == mc.hessian(f, x)


def test_scalars_with_parts_under_other_names_are_as_sympy_evaluates_them():
    """Their arguments in SymPy's order, so that they equal what is typed: products of numbers 1'M1, which read sum(M)."""
    matrices = [MatrixSymbol(name, 3, 4) for name in "DACB"]
    sums, typed = [mc.ElementSum(M) for M in matrices], [(OneMatrix(1, 3) * M * OneMatrix(4, 1))[0, 0] for M in matrices]
    for build in (lambda parts: Mul(*parts), lambda parts: exp(Mul(*parts)), lambda parts: Pow(parts[0], parts[1])):
        found = mc.diff(t * build(typed), t)
        assert found == build(sums) and found.func(*found.args) == found
