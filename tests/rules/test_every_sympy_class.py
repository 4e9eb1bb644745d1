"""Every class of SymPy that an expression can be made of, found by introspection: its derivative is right, or refused by the package's error."""

import importlib
import itertools
import pkgutil
import warnings

import pytest
import sympy
import sympy.functions
import sympy.matrices.expressions
from sympy import (
    Adjoint,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DiagonalMatrix,
    DiagonalOf,
    DiracDelta,
    Expr,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    Heaviside,
    Identity,
    Inverse,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSlice,
    MatrixSymbol,
    N,
    OneMatrix,
    Permanent,
    Piecewise,
    Rational,
    S,
    Symbol,
    Trace,
    Transpose,
    exp,
    hyper,
    meijerg,
    sin,
)
from sympy.combinatorics import Permutation
from sympy.core.function import Application
from sympy.matrices.expressions import DotProduct, MatrixPermute, PermutationMatrix
from sympy.matrices.expressions import factorizations as factors
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

a, x, y, o = MatrixSymbol("a", 2, 1), MatrixSymbol("x", 2, 1), MatrixSymbol("y", 2, 1), MatrixSymbol("o", 1, 1)
X, Y, W = MatrixSymbol("X", 2, 2), MatrixSymbol("Y", 2, 2), MatrixSymbol("W", 3, 2)
t = Symbol("t", real=True)
i, k = sympy.symbols("i k", integer=True, nonnegative=True)
INNER = Trace(x * a.T)


def modules(package):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if ".tests" not in module.name and ".benchmarks" not in module.name:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield importlib.import_module(module.name)


def classes(package, base):
    """The public classes of SymPy that the modules of a package define below a base, by name."""
    found = {}
    for module in modules(package):
        for name, value in vars(module).items():
            own = isinstance(value, type) and issubclass(value, base) and value.__module__.startswith(package.__name__)
            if own and value is not base and not name.startswith("_"):
                found[value.__name__] = value
    return dict(sorted(found.items()))


# ---- scalar functions
FUNCTIONS = {name: f for name, f in classes(sympy.functions, Application).items() if getattr(sympy, name, None) is f}
POINTS = [Rational(37, 100), Rational(163, 100), Rational(-6, 10), Rational(29, 10)]
OTHERS = [S(2), Rational(4, 10), S(3), Rational(-3, 10), S.One, S.Zero]
STEP = Rational(1, 10**12)
SECONDS = {True: 1, False: 60}  # for those that are slow, and for the others
SLOW = {  # SymPy takes for ever to build or to evaluate them
    "Znm", "Ynm", "elliptic_pi", "appellf1", "stieltjes",
}  # fmt: skip

NOT_BUILT = {  # SymPy does not build them of a real number in this place: tuples, branches, whole numbers
    "DiracDelta", "KroneckerDelta", "Piecewise", "bell", "chebyshevt_root", "chebyshevu_root", "hyper", "meijerg", "jacobi_symbol",
    "legendre_symbol", "motzkin", "polylog", "Heaviside", "transpose", "adjoint", "andre", "carmichael", "lerchphi", "kronecker_symbol",
}  # fmt: skip
NO_REAL_VALUE = {  # derived, but no point has a real value to compare with
    "LeviCivita", "divisor_sigma", "erfcinv", "hankel1", "hankel2", "hn1", "hn2", "Ynm", "Znm", "conjugate", "re", "im",
}  # fmt: skip
REFUSED = {  # SymPy has no derivative of them in one of their places
    "FallingFactorial", "KroneckerDelta", "LambertW", "Rem", "RisingFactorial", "SingularityFunction", "Ynm", "Znm", "andre", "appellf1",
    "assoc_laguerre", "assoc_legendre", "bell", "bernoulli", "besseli", "besselj", "besselk", "bessely", "betainc", "betainc_regularized",
    "carmichael", "catalan", "chebyshevt", "chebyshevu", "divisor_sigma", "dirichlet_eta", "elliptic_pi", "erf2inv", "euler", "exp_polar",
    "factorial2", "fibonacci", "frac", "gegenbauer", "genocchi", "hankel1", "hankel2", "harmonic", "hermite", "hermite_prob", "hn1", "hn2",
    "jacobi", "jacobi_symbol", "jn", "kronecker_symbol", "laguerre", "legendre", "legendre_symbol", "lerchphi", "lucas", "marcumq",
    "mathieuc", "mathieucprime", "mathieus", "mathieusprime", "mobius", "motzkin", "multigamma", "partition", "periodic_argument",
    "polar_lift", "polygamma", "polylog", "primenu", "primeomega", "primepi", "principal_branch", "reduced_totient", "riemann_xi",
    "stieltjes", "subfactorial", "totient", "tribonacci", "yn", "zeta", "Chi", "LeviCivita",
}  # fmt: skip
CONSTANT_PIECES = {
    "SingularityFunction",
    "Heaviside",
    "DiracDelta",
    "sign",
    "arg",
    "ceiling",
    "floor",
    "im",
    "Max",
    "Min",
    "Ynm",
    "Znm",
}  # 0 where they are smooth


def arities(function):
    counts = getattr(function, "nargs", None)
    return [1, 2] if counts in (None, S.Naturals0) else sorted(map(int, counts))


def number(e):
    value = N(e, 40)
    return value if value.is_Number and value.is_finite and value.is_real else None


def point_of(function, arity, at):
    """(the argument, the other arguments) where the function is a real number; None where no point is."""
    for point, *others in itertools.product(POINTS, *[OTHERS] * (arity - 1)):
        try:
            if number(function(*others[:at], point, *others[at:])) is not None:
                return point, others
        except Exception:  # SymPy's own, of arguments that the function does not take
            continue
    return None


def outcome(function, arity, at):
    """'right', or why there is nothing to compare; AssertionError where the derivative is wrong."""
    found = point_of(function, arity, at)
    point, others = found or (None, OTHERS[: arity - 1])
    try:
        expr = function(*others[:at], INNER, *others[at:])
        assert expr.has(x)
    except Exception:
        return "not built"
    try:
        slope = mc.diff(expr, x[0, 0])
    except mc.MatcalcError as error:
        assert str(error)
        return "refused"
    if found is None:
        return "no real value"
    got = number(slope.xreplace({MatrixElement(a.T * x, S.Zero, S.Zero): point, a[0, 0]: Rational(3, 10)}).doit())
    values = [number(function(*others[:at], p, *others[at:])) for p in (point + STEP, point - STEP)]
    if got is None or None in values:
        return "no real value"
    expected = (values[0] - values[1]) / (2 * STEP) * Rational(3, 10)
    assert abs(got - expected) < 1e-9 * (1 + abs(expected)), f"{slope}: {got}, but {expected} at {point}, {others}"
    assert got != 0 or function.__name__ in CONSTANT_PIECES
    return "right"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_scalar_function(name):
    function = FUNCTIONS[name]
    for arity in arities(function):
        for at in range(arity):
            try:
                with time_limit(SECONDS[name in SLOW]):
                    seen = outcome(function, arity, at)
            except OutOfTime:
                seen = "too slow"
            listed = {"refused": REFUSED, "no real value": NO_REAL_VALUE, "not built": NOT_BUILT, "right": {name}, "too slow": SLOW}[seen]
            assert name in listed, f"{name}, argument {at} of {arity}: {seen}"


@pytest.mark.parametrize(
    "expr",
    [
        hyper([1, S.Half], [3], INNER / 9),
        meijerg([[1], []], [[S.Half], []], INNER**2 + 1),
        DiracDelta(INNER, 1),
        Heaviside(INNER, S.Half) * INNER,
        Piecewise((INNER**2, INNER > 0), (exp(INNER), True)),
        sympy.SingularityFunction(INNER, -3, 2),
    ],
    ids=lambda e: type(e).__name__,
)
def test_functions_with_other_arguments(expr):
    slope = mc.diff(expr, x[0, 0])
    inner, step = MatrixElement(a.T * x, S.Zero, S.Zero), Rational(1, 10**12)
    for point in (Rational(1, 3), Rational(-2, 5)):
        got = number(slope.xreplace({inner: point, a[0, 0]: Rational(3, 10)}).doit())
        low, high = (number(expr.xreplace({INNER: point + h})) for h in (-step, step))
        assert abs(got - Rational(3, 10) * (high - low) / (2 * step)) < 1e-9


@pytest.mark.parametrize(
    "expr", [hyper([INNER], [3], S.Half), meijerg([[INNER], []], [[S.Half], []], S.Half), KroneckerDelta(INNER, 2, (1, 3))], ids=str
)
def test_derivatives_that_sympy_does_not_have(expr):
    with pytest.raises(mc.MissingRuleError):
        mc.diff(expr, x[0, 0])


# ---- matrices, and scalars of matrices
EXAMPLES = {
    "Adjoint": [Adjoint(X), Trace(Adjoint(X) * Y)],
    "BlockDiagMatrix": [BlockDiagMatrix(X, Y * X)],
    "BlockMatrix": [BlockMatrix([[X, Y], [Y, X]])],
    "Determinant": [Determinant(X), Determinant(X * Y)],
    "DiagMatrix": [DiagMatrix(X * a), DiagMatrix(x)],
    "DiagonalMatrix": [DiagonalMatrix(X), DiagonalMatrix(X * Y)],
    "DiagonalOf": [DiagonalOf(X), DiagonalOf(W), DiagonalOf(W.T), DiagonalOf(x), DiagonalOf(x.T), DiagonalOf(W * x), DiagonalOf(x * x.T)],
    "DotProduct": [DotProduct(x, a), DotProduct(x, x)],
    "ElementwiseApplyFunction": [ElementwiseApplyFunction(Lambda(t, sin(t)), X)],
    "HadamardPower": [HadamardPower(X, 2), HadamardPower(X, -1), HadamardPower(2, X), HadamardPower(x, a)],
    "HadamardProduct": [HadamardProduct(X, Y), HadamardProduct(X, X)],
    "Inverse": [Inverse(X), Trace(Inverse(X * Y))],
    "KroneckerProduct": [KroneckerProduct(X, Y), KroneckerProduct(x, x)],
    "MatAdd": [MatAdd(X, Y), MatAdd(X, X)],
    "MatMul": [MatMul(X, Y, X), MatMul(t, X)],
    "MatPow": [MatPow(X, 3), MatPow(X, -2), MatPow(x.T * a, 2)],
    "MatrixElement": [MatrixElement(X, 0, 1), MatrixElement(X * X, 1, 0)],
    "MatrixPermute": [MatrixPermute(X, Permutation([1, 0])), MatrixPermute(X, Permutation([1, 0]), 1)],
    "MatrixSlice": [MatrixSlice(X, (0, 1, 1), (0, 2, 1)), MatrixSlice(W, (0, 2, 2), (1, 2, 1)), MatrixSlice(X, (0, 2, 1), (1, 2, 1))],
    "MatrixSymbol": [X, x, o],
    "Trace": [Trace(X), Trace(X * X)],
    "Transpose": [Transpose(X), Transpose(W)],
    "FunctionMatrix": [FunctionMatrix(2, 2, Lambda((i, k), i * X[0, 0] + k))],
    "Permanent": [Permanent(X)],
    **{name: [getattr(factors, name)(X)] for name in ("EigenValues", "EigenVectors", "LofCholesky", "LofLU", "QofQR", "RofQR") if hasattr(factors, name)},
    **{name: [getattr(factors, name)(X)] for name in ("SofSVD", "UofCholesky", "UofLU", "UofSVD", "VofSVD", "Factorization") if hasattr(factors, name)},
}  # fmt: skip
WITHOUT_RULE = {
    "FunctionMatrix", "Permanent", "EigenValues", "EigenVectors", "LofCholesky", "LofLU", "QofQR", "RofQR", "SofSVD", "UofCholesky", "UofLU",
    "UofSVD", "VofSVD", "Factorization",
}  # fmt: skip
NO_VARIABLE = {  # constants, or base classes
    "CompanionMatrix", "DFT", "IDFT", "Identity", "OneMatrix", "ZeroMatrix", "PermutationMatrix", "GenericIdentity", "GenericZeroMatrix",
    "MatrixExpr",
}  # fmt: skip
MATRICES = classes(sympy.matrices.expressions, Expr)


def test_every_matrix_class_has_an_example():
    assert not [name for name in MATRICES if name not in EXAMPLES and name not in NO_VARIABLE]
    assert MATRICES.keys() >= {"MatMul", "Trace", "DiagonalOf", "MatrixPermute"}  # the search finds something


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name in MATRICES])
def test_every_matrix_class(name):
    for expr in EXAMPLES[name]:
        for variable in sorted((s for s in expr.free_symbols if isinstance(s, MatrixSymbol)), key=str):
            try:
                result = mc.diff(expr, variable)
            except mc.MissingRuleError as error:
                assert name in WITHOUT_RULE and name in str(error)
                continue
            assert mc.check(expr, variable, derivative=mc.jacobian(expr, variable)).ok
            assert result != 0


@pytest.mark.parametrize("expr", [PermutationMatrix(Permutation([1, 0])), Identity(2), OneMatrix(2, 2)], ids=str)
def test_constants(expr):
    assert mc.check(Trace(expr * X), X).ok
    assert mc.gradient(Trace(expr * Y), X) == sympy.ZeroMatrix(2, 2)


@pytest.mark.parametrize("rows,cols", [((0, 3, 2), (1, 2, 1)), ((0, 3, 2), (0, 2, 1))])
def test_a_slice_whose_step_does_not_divide_its_length_is_refused(rows, cols):
    """SymPy takes W[::2, :] of three rows for one row; it has two."""
    with pytest.raises(mc.ShapeError, match="whole number of steps"):
        mc.diff(MatrixSlice(W, rows, cols), W)


@pytest.mark.parametrize("expr", [Adjoint(2, X), BlockDiagMatrix(X, S(2)), DiagonalOf(t, X)], ids=lambda e: type(e).__name__)
def test_a_node_without_a_shape_is_refused(expr):
    """SymPy's constructors take what has no shape."""
    with pytest.raises(mc.ExpressionError, match="no shape"):
        mc.diff(expr, X)
    assert issubclass(type(expr), MatrixExpr)
