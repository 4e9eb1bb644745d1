"""SymPy's array expressions as input: against component-wise differentiation, against finite differences, in matrix notation, refused."""

import random

import pytest
from sympy import Array, I, Lambda, MatrixSymbol, S, Sum, Symbol, Trace, diff, exp, log, sin, symbols, tanh
from sympy.combinatorics import Permutation
from sympy.tensor.array.expressions import (
    ArrayAdd,
    ArrayContraction,
    ArrayDiagonal,
    ArrayElementwiseApplyFunc,
    ArraySymbol,
    ArrayTensorProduct,
    PermuteDims,
    Reshape,
)
from sympy.tensor.array.expressions.array_expressions import ArrayElement, OneArray, ZeroArray, get_shape

import sympy_matcalc as mc
from sympy_matcalc.canonical.array_sums import added
from sympy_matcalc.canonical.arrays import lift
from sympy_matcalc.canonical.form import prepare
from sympy_matcalc.kernel.interning import raw
from sympy_matcalc.kernel.session import session
from sympy_matcalc.testing import check_rule

n, m, p = symbols("n m p", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True, nonnegative=True)
t, u = Symbol("t", real=True), Symbol("u")
T, V, W, M = ArraySymbol("T", (n, m, p)), ArraySymbol("V", (n,)), ArraySymbol("W", (m,)), ArraySymbol("M", (n, m))
X, x = MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1)
QUADRATIC = ArrayContraction(ArrayTensorProduct(V, V, X), (0, 2), (1, 3))
RESIDUAL = ArrayAdd(ArrayContraction(ArrayTensorProduct(M, W), (1, 2)), ArrayTensorProduct(-1, V))
SQUARED = ArrayContraction(ArrayTensorProduct(RESIDUAL, RESIDUAL), (0, 1))
CUBE = ArrayContraction(ArrayTensorProduct(T, T), (0, 3), (1, 4), (2, 5))


@pytest.mark.parametrize(
    "derivative, expected",
    [
        (mc.gradient(QUADRATIC, V), "(X + X.T)*V"),
        (mc.hessian(QUADRATIC, V), "X + X.T"),
        (mc.gradient(QUADRATIC, X), "V*V.T"),
        (mc.gradient(SQUARED, W), "2*M.T*(M*W - V)"),
        (mc.gradient(SQUARED, M), "2*(M*W - V)*W.T"),
        (mc.jacobian(ArrayDiagonal(ArrayTensorProduct(x, x), (0, 2)), x), "2*DiagMatrix(x)"),
        (mc.jacobian(V + 2 * V, V), "3*I(n)"),
        (mc.gradient(Sum(V[i] ** 2, (i, 0, n - 1)), V), "2*V"),
        (mc.diff(V[0] ** 2 * M[0, 1], V[0]), "2*M[0, 1]*V[0]"),
        (mc.gradient(Symbol("T") * T[0, 0, 0], Symbol("T")), "T[0, 0, 0]"),
    ],
    ids=str,
)
def test_matrix_notation(derivative, expected):
    assert str(derivative) == expected


# ---- component by component
SIZES = {n: 2, m: 3, p: 2}
EXPRESSIONS = {
    "tensor product": ArrayTensorProduct(T, V),
    "contraction": ArrayContraction(ArrayTensorProduct(T, V), (0, 3)),
    "quadratic": QUADRATIC,
    "matrix product": ArrayContraction(ArrayTensorProduct(X, M), (1, 2)),
    "sum over an axis": ArrayContraction(T, (1,)),
    "diagonal": ArrayDiagonal(ArrayTensorProduct(T, M), (0, 3), (1, 4)),
    "permutation": PermuteDims(T, Permutation([2, 0, 1])),
    "sum": ArrayAdd(T, ArrayTensorProduct(2, T)),
    "function": ArrayElementwiseApplyFunc(sin, T),
    "function of a product": ArrayElementwiseApplyFunc(Lambda(u, u**3 + u), ArrayTensorProduct(V, W)),
    "function of a sum": ArrayElementwiseApplyFunc(tanh, ArrayAdd(ArrayTensorProduct(V, W), M)),
    "fused axes": Reshape(T, (n * m, p)),
    "split axis": Reshape(ArraySymbol("S", (6,)), (3, 2)),
    "other order of sizes": Reshape(M, (m, n)),
    "one array": ArrayTensorProduct(OneArray(n), V),
    "entry": exp(T[0, 1, 0]) * V[1] * T[1, 1, 1],
    "squares": CUBE,
    "residual": SQUARED,
}
VARIABLES = (T, V, W, M, X, ArraySymbol("S", (6,)))


def entries(e):
    e = e.as_explicit() if hasattr(e, "as_explicit") else e
    return list(Array(e)._array) if hasattr(e, "shape") and e.shape else [e]


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_against_the_derivatives_of_the_components(name):
    found = 0
    for variable in VARIABLES:
        e, var = EXPRESSIONS[name].subs(SIZES), variable.subs(SIZES)
        e = e if name == "entry" else e.doit() if name == "other order of sizes" else e
        if not e.has(var):
            continue
        found += 1
        expected = [diff(a, b) for a in entries(e) for b in entries(var)]
        got = entries(mc.jacobian(e, var))
        assert len(got) == len(expected) or set(got) == {S.Zero}
        assert all((a - b).doit().expand() == 0 for a, b in zip(got, expected)), (got, expected)
    assert found


# ---- finite differences, at random sizes, of random expressions
def leaves(a, b, c):
    return [
        *(
            ArraySymbol("T", (a, b, c)),
            ArraySymbol("V", (a,)),
            ArraySymbol("M", (a, b)),
            ArraySymbol("R", (1, a)),
            ArraySymbol("Q", (a, 1, b)),
        ),
        *(MatrixSymbol("X", a, b), MatrixSymbol("A", b, b), MatrixSymbol("x", a, 1), MatrixSymbol("r", 1, b), OneArray(b), t),
    ]


def shape_of(e):
    return () if isinstance(e, Symbol) else tuple(get_shape(e))


def random_array(rng, atoms, depth):
    """A random array expression of at most six axes."""
    if depth == 0:
        return rng.choice(atoms)
    kind = rng.randrange(7)
    if kind == 0:
        parts = [random_array(rng, atoms, depth - 1) for _ in range(rng.choice([2, 2, 3]))]
        return ArrayTensorProduct(*parts) if sum(len(shape_of(a)) for a in parts) <= 6 else parts[0]
    return random_of_one(rng, kind, random_array(rng, atoms, depth - 1))


def random_of_one(rng, kind, e):
    """A random array expression of another one, which comes back where the kind does not fit its shape."""
    shape = shape_of(e)
    if kind in (1, 2):
        groups = [tuple(at[:2]) for s in dict.fromkeys(shape) if len(at := [a for a, z in enumerate(shape) if z == s]) > 1]
        return (ArrayContraction if kind == 1 else ArrayDiagonal)(e, *groups) if groups else e
    if kind == 3 and len(shape) > 1:
        return PermuteDims(e, rng.sample(range(len(shape)), len(shape)))
    if kind == 4 and shape and not isinstance(e, Reshape):
        return ArrayElementwiseApplyFunc(rng.choice([sin, exp, Lambda(u, u**2 + 1), Lambda(u, t * u)]), e)
    if kind == 5 and shape:
        return ArrayAdd(e, e)
    if kind == 6 and len(shape) > 1:
        return Reshape(e, (shape[0] * shape[1], *shape[2:]))
    return e


@pytest.mark.parametrize("seed", range(60))
def test_random_arrays_against_finite_differences(seed):
    rng = random.Random(seed)
    atoms = leaves(*rng.choice([(n, m, p), (n, n, n), (2, 3, 2), (n, m, 2)]))
    try:
        e = random_array(rng, atoms, 3)
    except (ValueError, AttributeError):  # SymPy itself refuses some, such as a function of a Reshape
        return
    variables = [a for a in atoms if e.has(a) and not isinstance(a, OneArray) and a != e]
    if variables and len(shape_of(e)) < 5:
        check_rule(e, rng.choice(variables), trials=1, order=1 if len(shape_of(e)) > 2 else 2)


@pytest.mark.parametrize(
    "e, variable",
    [
        (Array([[[t**2, t], [1, Trace(X)]]]), X),
        (Array([[[t**2, t], [1, Trace(X)]]]), t),
        (ArrayTensorProduct(Array([t, t**2]), V), t),
        (Sum(T[i, j, k] ** 2 * V[i] * W[j], (i, 0, n - 1), (j, 0, m - 1), (k, 0, p - 1)), T),
        (Sum(exp(T[i, j, k]), (i, 0, n - 1), (j, 0, m - 1), (k, 0, p - 1)), T),
        (log(Sum(exp(V[i]), (i, 0, n - 1))), V),
        (sin(V[1]) * V, V),
        (t * T, t),
        (T[0, j, 0] * T, T[0, j, 0]),
        (V[0] * M, V[0]),
        (V[0] * V[1] * M[0, 1] + M[1, 0], V),
        (T[0, 1, 0] * T[1, 0, 1] * T[0, 1, 0], T),
        (ArrayElement(ArrayTensorProduct(V, M, V), (0, 1, 2, 1)), V),
    ],
    ids=str,
)
@pytest.mark.parametrize("order", [1, 2])
def test_explicit_arrays_entries_and_sums(e, variable, order):
    check_rule(e.subs(SIZES), variable.subs(SIZES), order=order, trials=1)


def test_zero_only_where_the_variable_does_not_occur():
    assert mc.jacobian(ZeroArray(n, m), X) == mc.Einsum((n, m, n, n))
    assert mc.diff(T, V) == mc.Einsum((n, n, m, p))
    assert mc.differential(ArrayTensorProduct(T, V), X) == mc.Einsum((n, m, p, n))


def test_gradient_has_the_shape_of_the_variable():
    Q = ArraySymbol("Q", (n, 1, m))
    assert mc.gradient(ArrayContraction(ArrayTensorProduct(Q, Q), (0, 3), (1, 4), (2, 5)), Q).shape == (n, 1, m)
    R = ArraySymbol("R", (1, n))
    assert mc.gradient(ArrayContraction(ArrayTensorProduct(R, R), (0, 2), (1, 3)), R).shape == (1, n)


def test_products_with_a_vector():
    U = ArraySymbol("U", (n, m, p))
    assert mc.hvp(CUBE, T, U) == mc.Einsum((n, m, p), mc.EinsumTerm(2, (n, m, p), ((0,), (1,), (2,)), [(U, (0,), (1,), (2,))]))
    assert mc.hvp(QUADRATIC, V, MatrixSymbol("d", n, 1)) == (X + X.T) * MatrixSymbol("d", n, 1)
    with pytest.raises(mc.ShapeError, match="direction"):
        mc.jvp(QUADRATIC, V, Symbol("d"))


def test_a_result_evaluates_component_by_component():
    found = mc.gradient(QUADRATIC, V).subs(n, 2).as_explicit()
    assert found[0].atoms(ArrayElement) == {V.subs(n, 2)[0], V.subs(n, 2)[1]}


# ---- refused, by name
@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: mc.jacobian(sin(V), V), mc.ShapeError, ["`sin`", "(n, 1)", "ArrayElementwiseApplyFunc"]),
        (lambda: mc.jacobian(V * W, V), mc.ShapeError, ["V*W", "ArrayTensorProduct"]),
        (lambda: mc.jacobian(V**2, V), mc.ShapeError, ["V**2"]),
        (lambda: mc.jacobian(V + W, V), mc.ShapeError, ["(n, 1)", "(m, 1)"]),
        (lambda: mc.jacobian(ArrayTensorProduct(2 * V, X), V), mc.ShapeError, ["2*V", "ArrayTensorProduct(c, V)"]),
        (lambda: mc.gradient(T, T), mc.ShapeError, ["(n, m, p)"]),
        (lambda: mc.gradient(ArrayElement("a", (0,)) * V[0], Symbol("a")), mc.ShapeError, ["a[0]", "ArraySymbol('a', shape)"]),
        (lambda: mc.gradient(V[0], ArraySymbol("a", ())), mc.UnsupportedVariableError, ["ArraySymbol"]),
        (lambda: mc.jacobian(T, Symbol("T")), mc.UnsupportedVariableError, ["ArraySymbol of shape (n, m, p)"]),
        (lambda: mc.gradient(V[0], n), mc.UnsupportedVariableError, ["size"]),
        (lambda: mc.simplify(QUADRATIC), mc.ExpressionError, ["ArrayContraction"]),
        (lambda: mc.AsMatrix(T), mc.ShapeError, ["`T` has 3"]),
        (lambda: mc.AsMatrix(I), mc.ExpressionError, ["ArraySymbol"]),
    ],
)
def test_refused(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert all(word in str(caught.value) for word in words), caught.value


def test_symbols_of_one_name_are_not_mixed_up():
    with pytest.raises(mc.UnsupportedVariableError, match="another symbol"):
        mc.gradient(Trace(MatrixSymbol("V", n, n)), V)


def test_summands_of_unequal_shapes():
    """Also where SymPy did not look at them."""
    with session():
        assert added([X, X.T], X, prepare) == X + X.T
        for arrays in ([X, M], [X, X, M], [T, M]):
            with pytest.raises(mc.ShapeError):
                added(arrays, X, prepare)
        for arrays in ([V, W], [V, V, W], [M, V]):
            with pytest.raises(mc.ShapeError):
                lift(raw(ArrayAdd, *arrays), prepare)
        found = lift(raw(ArrayAdd, V, V, V), prepare)
        assert found.sizes == (n,) and len(found.terms) == 3
