"""What is asked of arguments beyond their shapes, in every library: numbers that are real, a precision that there is, sizes that are not 0."""

import warnings
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest
import sympy as sp
from sympy import (
    Abs,
    BlockMatrix,
    Determinant,
    HadamardProduct,
    Heaviside,
    Identity,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    Max,
    Min,
    Mod,
    Piecewise,
    Product,
    Sum,
    Symbol,
    Trace,
    atan2,
    digamma,
    erf,
    exp,
    floor,
    gamma,
    log,
    loggamma,
    oo,
    polygamma,
    sign,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArraySymbol

import sympy_matcalc as mc
from sympy_matcalc.codegen.ir.demands import factors
from sympy_matcalc.testing import evaluate
from tests.nodes.rows import ROWS

LIBRARIES = {"numpy": "numpy", "jax": "jax.numpy", "torch": "torch", "dask": "dask.array", "array_api_strict": "array_api_strict"}
m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
A, B, x, y = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
t, u = Symbol("t"), Symbol("u")


@pytest.fixture(params=LIBRARIES)
def library(request):
    if not find_spec(request.param):
        pytest.skip(f"{request.param} is not installed")
    return import_module(LIBRARIES[request.param])


def arguments(expr):
    return [s for s in (A, B, x, y, t) if expr.has(s)]


def made(expr, library):
    modules = library if library.__name__ == "array_api_strict" else library.__name__.split(".")[0]
    return mc.lambdify(arguments(expr), expr, modules=modules)


def computed(expr, library, values):
    """The value as an array of NumPy; None where the library refuses the expression."""
    try:
        f = made(expr, library)
    except mc.MatcalcError as error:
        assert "back end of `lambdify` has no" in str(error)
        return None
    found = f(*(library.asarray(values[s]) if np.ndim(values[s]) else values[s] for s in arguments(expr)))
    return np.asarray(found.compute() if hasattr(found, "compute") else found)


# ---- sizes of 0
EMPTY = {A: np.zeros((0, 0)), x: np.zeros(0), y: np.zeros(0), t: 0.5}
NO_VALUE = {  # of no entries
    "logsumexp": mc.LogSumExp(x), "its gradient": mc.gradient(mc.LogSumExp(A * x), x), "its Hessian": mc.hessian(mc.LogSumExp(x), x),
    "softmax": mc.Softmax(x), "its Jacobian": mc.jacobian(mc.Softmax(x), x), "log softmax": mc.Softmax(x).applyfunc(log),
    "largest": mc.Norm(x, oo), "3-norm": mc.Norm(x, 3), "mean": mc.Mean(x), "logm": mc.MatrixLog(A), "tanm": mc.MatrixFunction(tanh, A),
    "frechet log": mc.FrechetDerivative(log, A, A), "frechet sqrt": mc.FrechetDerivative(sqrt, A, A), "frechet matrix": mc.FrechetMatrix(exp, A),
    "largest entry": mc.ElementMax(x), "smallest entry": mc.ElementMin(B), "its place": mc.Hardmax(x),
    "largest in a matrix": mc.Norm(B, oo), "mean of a matrix": mc.Mean(B),
}  # fmt: skip
NO_ENTRY = {
    "entry of a matrix": A[0, 0], "of a vector": x[0, 0], "the last": x[n - 1, 0], "of an oblong matrix": B[0, 0], "a part": A[0:1, 0:1],
    "a maximum with one": Max(x[0, 0], t), "eigenvalue": mc.Eigenvalue(A, 0), "eigenvector": mc.Eigenvector(A, 0),
    "singular value": mc.SingularValue(B, 0), "singular vector": mc.LeftSingularVector(B, 0), "spectral norm": mc.SpectralNorm(B),
    "resolvent": mc.ReducedResolvent(A, 0),
}  # fmt: skip
VALUES = {
    "solve": A.I * x, "inverse": A.I, "determinant": Determinant(A), "log determinant": log(Determinant(A)), "trace": Trace(A),
    "pseudo-inverse": mc.PseudoInverse(B), "nuclear": mc.NuclearNorm(B), "cholesky": mc.Cholesky(A), "expm": mc.MatrixExp(A), "power": A**3,
    "norm": mc.Norm(x), "its gradient": mc.gradient(mc.Norm(x), x), "1-norm": mc.Norm(x, 1), "sum": mc.ElementSum(B), "row sum": mc.RowSum(B),
    "product": A * x, "kron": KroneckerProduct(A, B), "vec": mc.Vec(B), "commuted": mc.CommutationMatrix(n, m) * mc.Vec(B),
    "diagonal": DiagonalOf(A), "diagonal matrix": DiagMatrix(x), "half": HadamardProduct(A, mc.HalfLower(n)), "relu": mc.Relu(x),
    "block": BlockMatrix([[A, x], [x.T, Identity(1)]]), "sum over entries": Sum(log(x[i, 0]), (i, 0, n - 1)),
    "product over entries": Product(x[i, 0], (i, 0, n - 1)), "scaled": x / n, "sigmoid": mc.Sigmoid(x), "elementwise": x.applyfunc(erf),
}  # fmt: skip


def empty(of_b):
    return EMPTY | {B: np.zeros(of_b)}


@pytest.mark.parametrize("of_b", [(0, 3), (3, 0)], ids=str)
@pytest.mark.parametrize("error, expr", [(mc.ShapeError, e) for e in NO_VALUE.values()] + [(mc.IndexRangeError, e) for e in NO_ENTRY.values()],
                         ids=[*NO_VALUE, *NO_ENTRY])  # fmt: skip
def test_no_value_of_no_entries(library, expr, error, of_b):
    """The package's own error, which names the argument where a size is what is wrong."""
    if of_b == (3, 0) and not expr.has(B):
        return
    values = {s: v for s, v in empty(of_b).items() if expr.has(s)}
    try:
        with pytest.raises(error) as caught:
            if computed(expr, library, values) is None:
                pytest.skip("refused")
    except pytest.skip.Exception:
        raise
    assert any(f"`{s}`" in str(caught.value) for s in arguments(expr)) or "out of range" in str(caught.value)
    ones = {s: np.eye(*(2, 2)) if s == A else np.ones((2, 3)) if s == B else np.ones(2) if np.ndim(v) else v for s, v in values.items()}
    try:
        computed(expr, library, ones)  # what is there is taken
    except np.linalg.LinAlgError as other:
        assert "not simple" in str(other) or "is zero" in str(other)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("of_b", [(0, 3), (3, 0)], ids=str)
@pytest.mark.parametrize("name", VALUES)
def test_values_of_no_entries(library, name, of_b):
    expr, values = VALUES[name], empty(of_b)
    if of_b == (3, 0) and (not expr.has(B) or name == "kron"):
        return
    got = computed(expr, library, values)
    if got is None:
        return
    if name in ("expm", "scaled"):  # which the evaluator cannot
        assert got.size == 0
        return
    env = {s: v.reshape(-1, 1) if s in (x, y) else v for s, v in values.items()} | {n: of_b[0], m: of_b[1]}
    want = np.asarray(evaluate(expr, env))
    assert got.size == want.size
    np.testing.assert_allclose(got.ravel(), want.ravel())


def test_sizes_of_which_none_may_be_zero():
    assert set(factors(2 * m * n)) == {m, n} and set(factors(sp.Min(m, n + 1))) == {m, n + 1} and list(factors(sp.Integer(3))) == []


def test_a_size_that_is_an_argument():
    f = mc.lambdify([n, t], mc.Mean(t * sp.OneMatrix(n, 1)) + Sum(t**i, (i, 0, n - 1)) / n)
    assert f(2, 1.0) == 2
    with pytest.raises(mc.ShapeError, match="`n`: the size `n` is 0"):
        f(0, 1.0)


# ---- real numbers
COMPLEX = {A: np.array([[2, 1 + 0.5j], [1 - 0.5j, 3]]), B: np.ones((2, 3)) * 1j, x: np.array([0.5j, 1.0]), y: np.ones(2), t: 1 + 1j}
OF_REAL = {
    "relu": (mc.Relu(x), x), "relu of a number": (mc.Relu(t) * y, t), "step": (x.applyfunc(Heaviside), x), "huber": (mc.Huber(x, 1), x),
    "clip": (mc.Clip(x, 0, 1), x), "norm": (mc.Norm(x), x), "1-norm": (mc.Norm(x, 1), x), "3-norm": (mc.Norm(x, 3), x),
    "largest": (mc.Norm(x, oo), x), "gradient of a norm": (mc.gradient(mc.Norm(A * y), y), A), "norm of a product": (mc.Norm(A * y) * x, A),
    "spectral": (mc.SpectralNorm(B), B), "nuclear": (mc.NuclearNorm(B), B), "singular value": (mc.SingularValue(B, 0), B),
    "largest entry": (mc.ElementMax(x), x), "least of a row": (mc.RowMin(B), B), "place of the largest": (mc.Hardmax(x), x),
    "maximum": (Max(t, 0), t), "minimum": (Min(t, 0) * x, t), "pieces": (Piecewise((t, t > 0), (0, True)), t), "floor": (floor(t), t),
    "angle": (atan2(t, 1), t), "remainder": (Mod(t, 2), t), "polygamma": (x.applyfunc(Lambda(u, polygamma(2, u))), x),
    "loggamma": (x.applyfunc(loggamma), x), "sign": (x.applyfunc(sign), x), "slope of abs": (mc.gradient(Trace(DiagMatrix(x.applyfunc(Abs))), x), x),
    "slope of a power": (mc.diff(Abs(t) ** 3, t) * y, t), "slope of abs of a sum": (mc.gradient(Abs((y.T * A * y)[0, 0]), A), A),
    "slope of a power, elementwise": (x.applyfunc(Lambda(u, u * Abs(u) ** 2)), x), "slope of the 1-norm": (mc.gradient(mc.Norm(A * y, 1), y), A),
}  # fmt: skip
OF_COMPLEX = {
    "product": A * x, "abs": x.applyfunc(Abs), "relu of abs": mc.Relu(x.applyfunc(Abs)), "norm of abs": mc.Norm(x.applyfunc(Abs)),
    "softmax": mc.Softmax(x), "logsumexp": mc.LogSumExp(x), "sigmoid": mc.Sigmoid(x), "softplus": mc.Softplus(x), "solve": A.I * x,
    "log det": log(Determinant(A)), "root": sqrt((x.T * x)[0, 0]), "mean": mc.Mean(x), "real part": x.applyfunc(sp.re), "expm": mc.MatrixExp(A),
    "sign of abs": (x.applyfunc(Abs) - y).applyfunc(sign), "sign of another": DiagMatrix(y.applyfunc(sign)) * x, "norm of another": mc.Norm(y) * x, "relu of another": DiagMatrix(mc.Relu(y)) * x,
}  # fmt: skip


@pytest.mark.parametrize("name", OF_REAL)
def test_complex_arguments_of_real_formulas_are_refused_by_name(library, name):
    expr, wrong = OF_REAL[name]
    real = {s: np.real(v) if np.ndim(v) else 1.5 for s, v in COMPLEX.items()}
    if computed(expr, library, real | {B: np.ones((2, 3))}) is None:
        pytest.skip("refused")
    with pytest.raises(mc.DtypeError, match=f"argument `{wrong.name}`: expected real numbers"):
        computed(expr, library, real | {wrong: COMPLEX[wrong]})


@pytest.mark.parametrize("name", OF_COMPLEX)
def test_complex_arguments_of_other_formulas_are_taken(library, name):
    if library.__name__ in ("torch", "array_api_strict") and "relu" in name:
        pytest.skip("where data is complex, these compute all of it in a complex dtype, of which they have no maximum")
    got = computed(OF_COMPLEX[name], library, COMPLEX)
    if got is not None:
        want = mc.lambdify(arguments(OF_COMPLEX[name]), OF_COMPLEX[name])(*(COMPLEX[s] for s in arguments(OF_COMPLEX[name])))
        np.testing.assert_allclose(got, want, rtol=1e-5)


def test_a_sign_of_what_is_stated_to_be_complex():
    z = Symbol("z", complex=True)
    for expr in (sign(z), mc.complex_derivative(Abs(z), z, "gradient"), mc.complex_derivative(Abs(z) ** 3, z, "gradient")):
        assert np.iscomplexobj(mc.lambdify([z], expr)(3 + 4j))
    assert np.isclose(mc.lambdify([z], sign(z))(3 + 4j), 0.6 + 0.8j)
    assert np.isclose(mc.lambdify([t], sign(t), complex=True)(3 + 4j), 0.6 + 0.8j)


# ---- precision
IN_DOUBLE = {
    "solve": A.I * x, "inverse": A.I, "det": Determinant(A), "log det": log(Determinant(A)), "pinv": mc.PseudoInverse(A), "nuclear": mc.NuclearNorm(A),
    "eigenvalue": mc.Eigenvalue(A, 0), "cholesky": mc.Cholesky(A), "expm": mc.MatrixExp(A), "logm": mc.MatrixLog(A), "sqrtm": mc.MatrixSqrt(A),
    "frechet": mc.FrechetDerivative(exp, A, A), "shared factors": A.I * x + Determinant(A) * A.T.I * x, "scaled": (A * t).I * x,
    "power": A**-2, "matrix of a number": (A + t * Identity(n)).I,
}  # fmt: skip
IN_ANY = {
    "product": A * x, "softmax": mc.Softmax(x), "logsumexp": mc.LogSumExp(x), "norm": mc.Norm(x), "third power": A**3, "sigmoid": mc.Sigmoid(x),
    "gram": A.T * DiagMatrix(x) * A, "kron": KroneckerProduct(A, A),
}  # fmt: skip
SPECIAL = {"erf": x.applyfunc(erf), "gamma": x.applyfunc(gamma), "digamma": x.applyfunc(digamma)}
MATRIX, VECTOR = [[2.0, 1.0], [1.0, 2.0]], [0.5, 0.25]


def of_type(dtype, scalar=2.0):
    return {A: np.array(MATRIX, dtype), x: np.array(VECTOR, dtype), t: scalar}


def close(got, expr, tolerance):
    values = of_type(float)
    want = mc.lambdify(arguments(expr), expr)(*(values[s] for s in arguments(expr)))
    np.testing.assert_allclose(np.asarray(got, float), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", [*IN_DOUBLE, *SPECIAL])
@pytest.mark.parametrize("module", ["numpy", "dask.array"])
def test_longer_than_double_is_refused_where_it_would_be_cut(module, name):
    library = pytest.importorskip(module)
    expr = (IN_DOUBLE | SPECIAL)[name]
    if computed(expr, library, of_type(float)) is None:
        pytest.skip("refused")
    for values in (of_type(np.longdouble), {s: v.astype(np.clongdouble) if np.ndim(v) else v for s, v in of_type(float).items()}):
        with pytest.raises(mc.DtypeError, match="argument `[Ax]`: .* in double precision|expected real"):
            computed(expr, library, values)
    if name == "matrix of a number":
        with pytest.raises(mc.DtypeError, match="argument `t`"):
            computed(expr, library, of_type(float, np.longdouble(2)))


@pytest.mark.parametrize("name", IN_ANY)
def test_longer_than_double_stays_elsewhere(name):
    got = computed(IN_ANY[name], np, of_type(np.longdouble))
    assert got.dtype == np.longdouble
    close(got, IN_ANY[name], 1e-15)


HALVES = {"numpy": ["float16"], "dask": ["float16"], "jax": ["float16", "bfloat16"], "torch": ["float16", "bfloat16"]}


@pytest.mark.parametrize("name", [*IN_DOUBLE, *IN_ANY, *SPECIAL])
@pytest.mark.parametrize("module, dtype", [(LIBRARIES[k], d) for k, types in HALVES.items() for d in types])
def test_half_precision(module, dtype, name):
    """Linear algebra is in single precision, all else as it comes."""
    library = pytest.importorskip(module)
    expr = (IN_DOUBLE | IN_ANY | SPECIAL)[name]
    numbers = [library.asarray(np.array(v)) for v in (MATRIX, VECTOR)]
    as_half = [v.to(getattr(library, dtype)) if module == "torch" else v.astype(dtype) for v in numbers]
    try:
        f = made(expr, library)
    except mc.MatcalcError:
        pytest.skip("refused")
    given = dict(zip((A, x, t), (*as_half, 2.0)))
    got = f(*(given[s] for s in arguments(expr)))
    got = got.compute() if hasattr(got, "compute") else got
    if name in IN_DOUBLE:
        assert str(got.dtype).endswith("float32")
    close(got.float() if module == "torch" else got, expr, 1e-5 if name in IN_DOUBLE else 0.06)


# ---- every node of the package
NODE_CASES = [(f"{cls.__name__}-{k}", expr) for cls, rows in ROWS.items() for k, (expr, _) in enumerate(rows)]
UNDEFINED = ("FunctionDerivative", "Unknown")  # it has no value until its function is given


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0), (0, 0)], ids=str)
@pytest.mark.parametrize("name, expr", NODE_CASES, ids=[name for name, _ in NODE_CASES])
def test_every_node_of_no_entries_has_a_value_or_an_error_of_the_package(name, expr, sizes):
    if name.startswith(UNDEFINED):
        return
    numbers = dict(zip(symbols("m n", integer=True, positive=True), sizes))
    values = {}
    for s in sorted(expr.free_symbols | expr.atoms(MatrixSymbol, mc.AsMatrix), key=str):
        if isinstance(s, MatrixSymbol):
            values[s] = np.eye(*(int(k.subs(numbers)) for k in s.shape))
    rest = {s: numbers.get(s, 0 if s.is_integer else 0.5) for s in expr.free_symbols if isinstance(s, Symbol) and s not in values}
    shown = {s for M in values for s in M.shape}
    args = [*values, *(s for s in rest if s not in shown and s.name not in {str(M) for M in values})]
    if expr.atoms(mc.AsMatrix) or expr.has(ArraySymbol):
        return
    try:
        f = mc.lambdify(args, expr)
    except mc.MatcalcError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            f(*(values.get(s, rest.get(s)) for s in args))
        except (mc.MatcalcError, np.linalg.LinAlgError):
            return
