"""Explicit matrices as the variable and as what is differentiated: exactly SymPy's derivative of every entry, in every layout."""

import random
from itertools import product

import pytest
from sympy import Array, Determinant, Identity, ImmutableMatrix, Matrix, MatrixSymbol, Trace, cos, exp, sin, symbols
from sympy.matrices import MatrixBase
from sympy.tensor.array.arrayop import Flatten

import sympy_matcalc as mc

x, y, z, t = symbols("x y z t")
n = symbols("n", integer=True, positive=True)
xy, row, square = Matrix([x, y, z]), Matrix([[x, y, z]]), Matrix([[x, y], [z, t]])
v, A, B, w = MatrixSymbol("v", 2, 1), MatrixSymbol("A", 2, 2), MatrixSymbol("B", n, 2), MatrixSymbol("w", n, 1)
V = Matrix([x, y])
SHAPES = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)]


def scalar(rng, depth=2):
    if depth == 0:
        return rng.choice([x, y, z, t, x + 2 * y, 3, z * t])
    a, b = scalar(rng, depth - 1), scalar(rng, depth - 1)
    return rng.choice([a * b, a + b, sin(a), a**2 + cos(b), exp(x) * b, a - 2 * b])


def in_order(F, X, axes):
    """{entries of the derivative}, the axes of 1 left out, F and X explicit: by SymPy's diff of each entry."""
    sizes = {"f": F.shape, "x": X.shape}
    order = [(name, k) for name in axes for k in (0, 1)]
    kept = [sizes[name][k] for name, k in order if sizes[name][k] != 1]
    values = []
    for index in product(*(range(sizes[name][k]) for name, k in order)):
        at = dict(zip(order, index))
        values.append(F[at["f", 0], at["f", 1]].diff(X[at["x", 0], at["x", 1]]))
    return kept, values


def entries(found):
    if isinstance(found, MatrixBase):
        return list(found.flat())
    return list(Flatten(found)) if isinstance(found, Array) else [found]


@pytest.mark.parametrize("seed", range(30))
def test_as_sympy_by_entries(seed):
    rng = random.Random(seed)
    shape, X = rng.choice(SHAPES), rng.choice([xy, row, square, Matrix([x])])
    F = Matrix(*shape, [scalar(rng) for _ in range(shape[0] * shape[1])])
    for found, axes in ((mc.jacobian(F, X), "fx"), (mc.jacobian(F, X, layout="denominator"), "xf"), (mc.diff(F, X), "xf")):
        kept, values = in_order(F, X, axes)
        assert [(a - b).expand() for a, b in zip(entries(found), values, strict=True)] == [0] * len(values)
        assert not kept or [s for s in found.shape if s != 1] == kept
    found = mc.jacobian(F, X, form="vec")
    expected = Matrix(F.T.flat()).jacobian(Matrix(X.T.flat()))
    assert (found - expected).expand() == 0 * expected
    f = F[0, 0]
    assert (mc.gradient(f, X) - Matrix(*X.shape, [f.diff(a) for a in X])).expand() == 0 * X
    hessian = entries(mc.hessian(f, X))
    assert [(a - b).expand() for a, b in zip(hessian, [f.diff(a, b) for a in X for b in X], strict=True)] == [0] * len(hessian)


FORMS = [
    (mc.jacobian(Matrix([x**2 + y**2]), Matrix([x, y])), Matrix([[2 * x, 2 * y]])),
    (mc.gradient(V.T * A * V, V), (A + A.T) * ImmutableMatrix(V)),
    (mc.jacobian(B * V, V), B),
    (mc.jacobian(B * Matrix([x * y, x]), V), B * Matrix([[y, x], [1, 0]])),
    (mc.jacobian(B * Matrix([v[0] ** 2, v[0] * v[1]]), v), B * Matrix([[2 * v[0], 0], [v[1], v[0]]])),
    (mc.gradient(w.T * B * Matrix([v[0] ** 2, v[0] * v[1]]), v), Matrix([[2 * v[0], v[1]], [0, v[0]]]) * B.T * w),
    (mc.gradient(Determinant(square), square), Matrix([[t, -z], [-y, x]])),
    (mc.diff(x * V, V, x), Matrix([[2, 0], [0, 1]])),
    (mc.diff(x**3 * y, (V, 2)), Matrix([[6 * x * y, 3 * x**2], [3 * x**2, 0]])),
    (mc.hessian(x**2 * y * t, V, x), Matrix([2 * y * t, 2 * x * t])),
    (mc.hessian(x * z, V, Matrix([z])), Matrix([1, 0])),
    (mc.gradient(v.T * v, Matrix([v[0], v[1]])), Matrix([2 * v[0], 2 * v[1]])),
    (mc.gradient(v.T * v, Matrix([v[1]])), Matrix([2 * v[1]])),
    (mc.differential(x**2 * y, V), 2 * x * y * symbols("dx", real=True) + x**2 * symbols("dy", real=True)),
    (mc.gradient(x * Trace(A), V), Matrix([Trace(A), 0])),
]


@pytest.mark.parametrize("found, expected", FORMS, ids=[str(row[1]) for row in FORMS])
def test_forms(found, expected):
    assert found == expected or (isinstance(found, MatrixBase) and (found - expected).expand() == 0 * found)


def test_explicit_of_a_matrix_symbol():
    """Of rank three and four as arrays, no unit matrices."""
    M = Matrix([v[0] ** 2, v[1]])
    found = mc.jacobian(M * M.T, v)
    assert isinstance(found, Array) and list(found.shape) == [2, 2, 2]
    assert entries(found) == [(M * M.T)[i, j].diff(v[k, 0]) for i in range(2) for j in range(2) for k in range(2)]
    assert entries(mc.jacobian(A.as_explicit(), A)) == entries(Array(mc.jacobian(A, A).as_explicit()))


def test_stays_together_in_products():
    """No matrix units where an explicit matrix stands in a product of symbols."""
    E = Matrix([[t, x], [x, t]])
    for found in (mc.gradient(w.T * B * E * B.T * w, w), mc.gradient(Trace(E * A * E * A), A), mc.jacobian(E * A * v, v)):
        assert not found.has(mc.MatrixUnit)
    assert mc.jacobian(E * A * v, v) == E * A and mc.jacobian(Matrix([[v[0], 0], [0, 1]]) * v, v).has(mc.MatrixUnit) is not None


def test_numeric_code_of_explicit_arrays():
    found = mc.jacobian(Matrix([[x * y, x], [y, y**2]]), V)
    assert mc.lambdify([x, y], found)(2.0, 3.0).tolist() == [[[3, 2], [1, 0]], [[0, 1], [0, 6]]]


REFUSALS = [
    (lambda: mc.gradient(x, Matrix([x, x])), "twice"),
    (lambda: mc.gradient(x, Matrix([x**2, y])), "symbols for its entries"),
    (lambda: mc.hessian(x * y, V, Matrix([y, t])), "twice"),
    (lambda: mc.gradient(n * Trace(B.T * B), Matrix([n, x])), "size"),
    (lambda: mc.gradient(w.T * w, Matrix([w[0, 0], x])), "unknown size"),
    (lambda: mc.gradient(x, Matrix([[x, 1]])), "symbols for its entries"),
]


@pytest.mark.parametrize("call, text", REFUSALS)
def test_refusals(call, text):
    with pytest.raises(mc.UnsupportedVariableError, match=text):
        call()


def test_identity_is_not_written_out():
    assert mc.jacobian(Identity(2) * v, v) == Identity(2)


def test_explicit_matrices_in_products_do_not_fall_apart_into_units():
    u, v, z = *symbols("u v"), MatrixSymbol("z", 2, 1)
    assert mc.jacobian(Matrix([[u, v], [v, u]]) * z, Matrix([u, v])) == Matrix([[z[0, 0], z[1, 0]], [z[1, 0], z[0, 0]]])


def test_determinants_of_explicit_matrices_hold_where_these_are_singular():
    assert mc.gradient(Determinant(Matrix([[x * y, y], [x, 1]])), Matrix([x, y])) == Matrix([0, 0])
    assert mc.diff(Determinant(Matrix([[x, 1], [1, x]])), x) == 2 * x
    assert mc.gradient(Determinant(A.as_explicit()), A) == Matrix([[A[1, 1], -A[1, 0]], [-A[0, 1], A[0, 0]]])
    assert mc.gradient(Determinant(square), square) == Matrix([[t, -z], [-y, x]])
