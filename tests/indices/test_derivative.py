"""Derivatives in index notation: the answer that stands in a book, conditions where a range may not hold the index, no captured symbols."""

import pytest
from sympy import (
    Abs,
    Function,
    Idx,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Piecewise,
    Product,
    Sum,
    cos,
    exp,
    log,
    oo,
    sign,
    sin,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, q = symbols("i j k l q", integer=True)  # noqa: E741
A, B, x, y = map(IndexedBase, "ABxy")
a = IndexedBase("a", shape=(n, n))
delta = KroneckerDelta
Ax = Sum(A[i, j] * x[j], (j, 0, n - 1))
xAx = Sum(x[i] * A[i, j] * x[j], (i, 0, n - 1), (j, 0, n - 1))
S = Sum(exp(x[i]), (i, 0, n - 1))

BOOK = {
    "a product": (Ax, [x[k]], A[i, k]),
    "by the matrix": (Ax, [A[k, l]], delta(i, k) * x[l]),
    "by the index that is summed": (Ax, [x[j]], A[i, j]),
    "by the free index": (Ax, [x[i]], A[i, i]),
    "indices changed round": (Ax, [A[j, i]], delta(i, j) * x[i]),
    "a quadratic form": (xAx, [x[k]], Sum(A[i, k] * x[i], (i, 0, n - 1)) + Sum(A[k, j] * x[j], (j, 0, n - 1))),
    "its second derivative": (xAx, [x[k], x[l]], A[k, l] + A[l, k]),
    "the same index twice": (xAx, [x[i], x[i]], 2 * A[i, i]),
    "a quadratic form by its matrix": (xAx, [A[k, l]], x[k] * x[l]),
    "residuals": (Sum((Ax - y[i]) ** 2, (i, 0, m - 1)), [x[k]], 2 * Sum((Ax - y[i]) * A[i, k], (i, 0, m - 1))),
    "their second derivative": (Sum((Ax - y[i]) ** 2, (i, 0, m - 1)), [x[k], x[l]], 2 * Sum(A[i, k] * A[i, l], (i, 0, m - 1))),
    "log-sum-exp": (log(S), [x[k]], exp(x[k]) / S),
    "softmax": (exp(x[i]) / S, [x[k]], exp(x[i]) * delta(i, k) / S - exp(x[i]) * exp(x[k]) / S**2),
    "a concrete index": (Sum(x[j] ** 2, (j, 0, n - 1)), [x[0]], 2 * x[0]),
    "two concrete indices": (x[1] * x[2], [x[2]], x[1]),
    "a trace": (Sum(A[i, i], (i, 0, n - 1)), [A[k, l]], delta(k, l)),
    "a trace of a square": (Sum(A[i, j] * A[j, i], (i, 0, n - 1), (j, 0, n - 1)), [A[k, l]], 2 * A[l, k]),
    "a delta": (Sum(delta(i, j) * A[j, l] * x[l], (j, 0, n - 1), (l, 0, n - 1)), [x[k]], A[i, k]),
    "a product of entries": (Product(x[j], (j, 0, n - 1)), [x[k]], Product(x[j], (j, 0, k - 1)) * Product(x[j], (j, k + 1, n - 1))),
    "an infinite sum": (Sum(x[j] * y[j], (j, 0, oo)), [x[k]], y[k]),
    "a function of a sum": (sin(Ax), [x[k]], cos(Ax) * A[i, k]),
    "an absolute value": (Abs(x[i]), [x[k]], sign(x[i]) * delta(i, k)),
    "a factor that is a sum": (x[i] * Sum(x[j], (j, 0, n - 1)), [x[k]], x[i] + delta(i, k) * Sum(x[j], (j, 0, n - 1))),
    "a triangle": (Sum(sin(x[i] * y[j]), (i, 0, j), (j, 0, n - 1)), [x[k]], Sum(y[j] * cos(x[k] * y[j]), (j, k, n - 1))),
    "a triangle, the outer index": (Sum(sin(x[i] * y[j]), (i, 0, j), (j, 0, n - 1)), [y[k]], Sum(x[i] * cos(x[i] * y[k]), (i, 0, k))),
    "a correlation": (
        Sum(x[i] * x[i + q], (i, 0, n - 1 - q), (q, 0, n - 1)),
        [x[k]],
        Sum(x[k + q], (q, 0, n - 1 - k)) + Sum(x[k - q], (q, 0, k)),
    ),
    "an index that no range solves": (Sum(x[2 * j], (j, 0, n - 1)), [x[k]], Sum(delta(2 * j, k), (j, 0, n - 1))),
    "by a constant": (Ax, [B[k, l]], 0),
}


@pytest.mark.parametrize("e, by, expected", BOOK.values(), ids=BOOK)
def test_the_answer_of_a_book(e, by, expected):
    assert mc.diff(e, *by) == expected


CONDITIONS = {
    "from the second entry on": (Sum(x[j] ** 2, (j, 1, n - 1)), x[k], Piecewise((2 * x[k], (k >= 1) & (k <= n - 1)), (0, True))),
    "counted from one": (Sum(x[j] ** 2, (j, 1, n)), x[k], Piecewise((2 * x[k], (k >= 1) & (k <= n)), (0, True))),
    "two ranges": (
        Sum(x[j], (j, 0, n - 1)) + Sum(x[j] * y[j], (j, 0, m - 1)),
        x[k],
        Piecewise((1, k <= n - 1), (0, True)) + Piecewise((y[k], k <= m - 1), (0, True)),
    ),
    "differences": (
        Sum((x[j + 1] - x[j]) ** 2, (j, 0, n - 2)),
        x[k],
        Piecewise((2 * x[k] - 2 * x[k + 1], k <= n - 2), (0, True)) + Piecewise((2 * x[k] - 2 * x[k - 1], k >= 1), (0, True)),
    ),
    "a shape that is larger": (Sum(a[i, j] * y[j], (j, 0, n - 2)), a[k, l], Piecewise((delta(i, k) * y[l], l <= n - 2), (0, True))),
    "an Idx of a larger range": (
        Sum(x[j] ** 2, (j, 0, n - 1)),
        x[Idx(k, (0, n))],
        Piecewise((2 * x[Idx(k, (0, n))], Idx(k, (0, n)) <= n - 1), (0, True)),
    ),
    "a shifted delta": (
        Sum(delta(i, j + 1) * y[j] * x[l], (j, 0, n - 1), (l, 0, n - 1)),
        x[k],
        Piecewise((y[i - 1], (i >= 1) & (i <= n)), (0, True)),
    ),
    "outside of the range": (Sum(x[j] ** 2, (j, 0, n - 1)), x[n], 0),
    "before the range": (Sum(x[j] ** 2, (j, 1, n - 1)), x[0], 0),
}


@pytest.mark.parametrize("e, by, expected", CONDITIONS.values(), ids=CONDITIONS)
def test_a_range_that_may_not_hold_the_index(e, by, expected):
    assert mc.diff(e, by) == expected


def test_idx_and_symbols():
    i_, j_, k_ = (Idx(name, n) for name in "ijk")
    e = Sum(A[i_, j_] * x[j_], (j_, 0, n - 1))
    assert mc.diff(e, x[k_]) == A[i_, k_]
    assert mc.diff(e, x[k]) == A[i_, k]
    assert mc.diff(e, x[j_]) == A[i_, j_]
    assert mc.diff(e**2, x[k_]) == 2 * A[i_, k_] * e
    assert mc.diff(Ax, x[k_]) == A[i, k_]


def test_bound_symbols_keep_their_names_where_they_are_free_to():
    e = Sum(Ax**2, (i, 0, n - 1))
    assert str(mc.diff(e, x[k])) == "2*Sum(A[i, k]*Sum(A[i, j]*x[j], (j, 0, n - 1)), (i, 0, n - 1))"
    assert str(mc.diff(e, x[i])) == "2*Sum(A[i_1, i]*Sum(A[i_1, j]*x[j], (j, 0, n - 1)), (i_1, 0, n - 1))"


def test_the_symbol_of_one_sum_in_another_one():
    inner = Sum(x[i] * y[i], (i, 0, n - 1))
    e = Sum(x[i] * inner, (i, 0, n - 1))
    assert mc.diff(e, x[k]) == inner + y[k] * Sum(x[i], (i, 0, n - 1))


def test_undefined_functions_get_a_prime():
    assert str(mc.diff(Function("f")(x[i] * y[i]), x[k])) == "KroneckerDelta(i, k)*f'(x[i]*y[i])*y[i]"


def test_a_product_with_a_factor_of_zero():
    found = mc.diff(Product(x[j], (j, 0, n - 1)), x[k]).subs({n: 3, k: 1}).doit()
    assert found == x[0] * x[2]


def test_entries_of_matrix_symbols_go_the_same_way():
    M, v = MatrixSymbol("M", m, n), MatrixSymbol("v", n, 1)
    assert mc.diff((M * v)[l, 0], M[i, j]) == delta(i, l) * v[j, 0]
    assert mc.diff(Sum(v[i, 0] ** 2, (i, 1, n - 1)), v[k, 0]) == Piecewise((2 * v[k, 0], k >= 1), (0, True))
    assert mc.jacobian(M * v, M)[l, i, j] == delta(i, l) * v[j, 0]
    assert mc.jacobian(M * v, M[i, j])[l, 0] == delta(i, l) * v[j, 0]


def test_gradient_jacobian_and_hessian_take_entries():
    f = Sum(x[i] ** 3, (i, 0, n - 1))
    assert mc.gradient(f, x[k]) == mc.jacobian(f, x[k]) == 3 * x[k] ** 2
    assert mc.hessian(f, x[k], x[l]) == 6 * delta(k, l) * x[k]


ERRORS = {
    "another number of indices": (lambda: mc.diff(x[i, j], x[k]), mc.IndexRangeError, "has 1 indices"),
    "another base of its name": (lambda: mc.diff(x[i], IndexedBase("x", shape=(n,))[k]), mc.UnsupportedVariableError, "another `x`"),
    "an entry in an index": (lambda: mc.diff(x[y[i]], y[k]), mc.MissingRuleError, "in its indices"),
    "an entry in a range": (lambda: mc.diff(Sum(x[j], (j, 0, y[i])), y[k]), mc.MissingRuleError, "the range of"),
    "no such entry": (lambda: mc.diff(Sum(a[i, i], (i, 0, n - 1)), a[n, 0]), mc.IndexRangeError, "outside"),
    "a matrix": (lambda: mc.diff(MatrixSymbol("v", n, 1) * x[0], x[k]), mc.UnsupportedVariableError, "as `to_index_notation` does"),
    "a differential": (lambda: mc.differential(Ax, x[k]), mc.UnsupportedVariableError, "no differential"),
}


@pytest.mark.parametrize("ask, error, text", ERRORS.values(), ids=ERRORS)
def test_errors_say_what_is_wrong(ask, error, text):
    with pytest.raises(error, match=text):
        ask()


def test_a_number_of_summands_that_varies_stays_in_the_sum_that_it_varies_with():
    """sum over j, and over p up to j: the count j + 1 of the inner one."""
    e = Sum(x[i], (q, 0, j), (j, 0, n - 1))
    found = mc.diff(e, x[i])
    assert found == Sum(j + 1, (j, 0, n - 1)) and found.subs(n, 3).doit() == 6


def test_an_entry_of_a_product_is_one_of_matrices():
    """SymPy sums over symbols of its own there, whose numbers are others in every process."""
    m, n = symbols("m n", integer=True, positive=True)
    i, j, k, l = symbols("i j k l", integer=True)
    X, B, v, a = MatrixSymbol("X", m, n), MatrixSymbol("B", m, m), MatrixSymbol("v", n, 1), IndexedBase("a")
    at_k, at_l = MatrixElement(B.T * X, i, k), MatrixElement(B * X, i, l)
    assert mc.diff((X.T * B * X)[k, l], X[i, j]) == KroneckerDelta(j, k) * at_l + KroneckerDelta(j, l) * at_k
    assert mc.diff((X * v)[k, 0], X[i, j]) == KroneckerDelta(i, k) * v[j, 0]
    assert mc.diff(Sum((X * v)[k, 0] * a[k], (k, 0, m - 1)), X[i, j]) == a[i] * v[j, 0]
