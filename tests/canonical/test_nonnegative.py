"""Sums over pairs of functions with a root or a logarithm of a distance: in matrix notation where that stays positive however it is rounded."""

import pytest
from sympy import DotProduct, Function, MatrixSymbol, Max, Piecewise, Rational, Sum, Trace, exp, log, sqrt, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.canonical.nonnegative import is_away_from_zero, is_positive_of_squares, is_sum_of_squares
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND

n, m, k = symbols("n m k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
a, c, nu, width = symbols("a c nu w", positive=True)
t = symbols("t", real=True)
X, Y, D, W = MatrixSymbol("X", n, k), MatrixSymbol("Y", m, k), MatrixSymbol("D", n, n), MatrixSymbol("W", n, n)
L, q, scales = MatrixSymbol("L", k, k), MatrixSymbol("q", n, 1), MatrixSymbol("l", k, 1)
d = X[i, :] - X[j, :]
SQUARE = (d * d.T)[0, 0]
NORM = mc.Norm(d) ** 2
TYPED = Sum((X[i, r] - X[j, r]) ** 2, (r, 0, k - 1))
SCALED = Sum((X[i, r] - X[j, r]) ** 2 / scales[r, 0] ** 2, (r, 0, k - 1))
METRIC = mc.Norm(d * L.T) ** 2
ACROSS = Sum((X[i, r] - Y[j, r]) ** 2, (r, 0, k - 1))
charges = q[i, 0] * q[j, 0]


def pairs(f):
    return Sum(f, (i, 0, n - 1), (j, 0, n - 1))


def distance(square, eps=c):
    return sqrt(square + eps**2)


R = distance(SQUARE)
PAIRS = {
    "Yukawa": (pairs(charges * exp(-a * R) / R) / 2, X),
    "gravity": (pairs(charges / R), X),
    "by a norm": (pairs(charges / distance(NORM)), X),
    "by a sum of squares": (pairs(charges / distance(TYPED)), X),
    "by the charges": (pairs(charges / R), q),
    "Matern 3/2, a scale a column": (pairs((1 + sqrt(3) * distance(SCALED)) * exp(-sqrt(3) * distance(SCALED))), X),
    "Matern 5/2, a metric": (pairs((1 + distance(METRIC) + METRIC / 3) * exp(-distance(METRIC))), L),
    "stress": (pairs(W[i, j] * (R - D[i, j]) ** 2), X),
    "cut off": (pairs(charges / R * Piecewise((1, R < 2), (0, True))), X),
    "cut off smoothly": (pairs(Max(0, 1 - R / 2) ** 3), X),
    "logarithm": (pairs(W[i, j] * log(1 + SQUARE)), X),
    "pseudo Huber": (pairs(a**2 * (sqrt(1 + TYPED / a**2) - 1)), X),
    "Student": (pairs((1 + SQUARE / nu) ** (-(nu + 1) / 2)), X),
    "t-SNE": (pairs(D[i, j] * log(1 + SQUARE)) + log(pairs(1 / (1 + SQUARE))), X),
    "tanh": (pairs(tanh(a * R)), X),
    "a ranking": (pairs(log(1 + exp(q[j, 0] - q[i, 0])) ** Rational(3, 2)), q),
    "weights of the pair": (pairs(1 / sqrt(SQUARE + q[i, 0] ** 2 + q[j, 0] ** 2 + c)), X),
    "two sets": (Sum(1 / distance(ACROSS), (i, 0, n - 1), (j, 0, m - 1)), Y),
    "a mixture": (Sum(log(Sum(1 / (1 + ACROSS), (j, 0, m - 1))), (i, 0, n - 1)), Y),
    "a root of a sum": (Sum(sqrt(1 + Sum(1 / R, (j, 0, n - 1))), (i, 0, n - 1)), X),
    "three indices": (Sum(exp(-(mc.Norm(X[j, :] - X[r, :]) ** 2)) / R, (i, 0, n - 1), (j, 0, n - 1), (r, 0, n - 1)), X),
}


@pytest.mark.parametrize("f, variable", PAIRS.values(), ids=PAIRS)
def test_derivatives_are_in_matrix_notation(f, variable):
    gradient, hessian = mc.gradient(f, variable), mc.hessian(f, variable)
    assert not gradient.has(Sum, mc.MatrixSum) and not hessian.has(Sum, mc.MatrixSum)
    assert mc.check(f, variable).ok
    assert mc.check(gradient, variable).ok


@pytest.mark.parametrize("name", ["Yukawa", "cut off", "logarithm", "two sets", "a mixture"])
def test_generated_code_has_no_loop_over_pairs(name):
    f, variable = PAIRS[name]
    names = sorted((s for s in f.free_symbols if s not in (n, m, k)), key=str)
    source = mc.lambdify(names, [f, mc.gradient(f, variable), mc.hessian(f, variable)]).source
    assert "in range(" not in source[source.index("def compute") :]


def test_an_unknown_function_of_a_distance():
    phi = Function("phi")
    assert not mc.gradient(pairs(phi(R)), X).has(Sum, mc.MatrixSum)


@pytest.mark.parametrize("f", [sqrt(SQUARE), log(a * SQUARE), 1 / sqrt(SQUARE - c), log(t + SQUARE), sqrt(SQUARE + t)], ids=str)
def test_what_may_be_rounded_to_less_than_zero_stays_a_sum(f):
    assert mc.gradient(pairs(f), X).has(Sum, mc.MatrixSum)


@pytest.mark.parametrize(
    "body, away, positive",
    [
        (1 / sqrt(BOUND + c), True, True),
        (log(BOUND + c), True, False),
        (1 / (1 + BOUND), True, True),
        (BOUND + c, True, True),
        (sqrt(1 + sqrt(1 + BOUND)), True, True),
        (sqrt(BOUND), False, False),
        (sqrt(1 + sqrt(BOUND)), False, False),
        (1 / BOUND, False, False),
        (log(1 - BOUND), False, False),
        (sqrt(BOUND + t), False, False),
    ],
)
def test_functions_of_squares(body, away, positive):
    with session():
        assert is_away_from_zero(SQUARE, body) is away
        assert is_positive_of_squares(SQUARE, body) is positive
        assert not is_away_from_zero(X[i, 0] - X[j, 0], body)


@pytest.mark.parametrize(
    "e",
    [SQUARE, NORM, TYPED, SCALED, METRIC, Trace(d.T * d), DotProduct(d, d), 2 * SQUARE + c, t**2 * NORM, SQUARE**nu, X[i, 0] ** -2],
    ids=str,
)
def test_sums_of_squares(e):
    assert is_sum_of_squares(e)


@pytest.mark.parametrize(
    "e",
    [
        -SQUARE,
        t * SQUARE,
        SQUARE - c,
        SQUARE**-1 - 1,
        X[i, 0] ** 3,
        X[i, 0],
        (d * L * d.T)[0, 0],
        (d.T * d)[0, 1],
        Trace(L),
        DotProduct(d, X[0, :]),
        TYPED + t,
    ],
    ids=str,
)
def test_what_may_be_negative(e):
    assert not is_sum_of_squares(e)
