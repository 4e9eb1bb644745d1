"""`install`: SymPy's own functions give this package's answers while it holds, and SymPy is what it was afterwards.

Derivatives are judged by value, against finite differences of the independent evaluator.
"""

import asyncio
import inspect
import pickle
import threading
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
import sympy
from sympy import (
    Abs,
    Derivative,
    Determinant,
    Expr,
    Function,
    Identity,
    Integral,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Pow,
    Q,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    Trace,
    assuming,
    cos,
    derive_by_array,
    exp,
    eye,
    hadamard_product,
    lambdify,
    latex,
    log,
    pretty,
    refine,
    simplify,
    sin,
    sqrt,
    srepr,
    symbols,
)
from sympy.core._print_helpers import Printable
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env, second_difference

from .fuzz import judged, points
from .nodes.rows import ROWS as NODE_ROWS
from .nodes.test_book_nodes import ALL as BOOK_NODES

m, n, p, k = symbols("m n p k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t, s, a = symbols("t s a")
A, B, X = (MatrixSymbol(name, n, n) for name in "ABX")
A3, B3, E, F = (MatrixSymbol(name, 3, 3) for name in ("A3", "B3", "E", "F"))
x, y, b, w = (MatrixSymbol(name, n, 1) for name in "xybw")
Y, D, U, V = MatrixSymbol("Y", m, n), MatrixSymbol("D", n, m), MatrixSymbol("U", n, p), MatrixSymbol("V", p, m)
ones = OneMatrix(n, 1)
f = Function("f")
WITHIN = {"A": "spd", "B": "spd", "X": "logdomain", "E": "logdomain", "k": "posint", "q": "positive"}
q = MatrixSymbol("q", n, 1)


class Cubed(Function):
    """Somebody's function with a derivative of its own (what Symbolics.jl calls a registered function)."""

    def fdiff(self, argindex=1):
        return 3 * self.args[0] ** 2

    def _eval_rewrite_as_Pow(self, z, **kwargs):
        return z**3


def nrm2(e):
    return Trace(e.T * e)


def total(e):
    return (OneMatrix(e.shape[0], 1).T * e)[0, 0]


# ---- what SymPy gets wrong, raises for or leaves alone (PEERS.md, section 0 and theme A)
WRONG = {
    "log det": (log(Determinant(X)), X),
    "log det X'X": (log(Determinant(X.T * X)), X),
    "log det A+X": (log(Determinant(A + X)), X),
    "logsumexp": (log(total(x.applyfunc(exp))), x),
    "sum of softplus": (total((A * x).applyfunc(Lambda(s, log(1 + exp(s))))), x),
    "softmax": (x.applyfunc(exp) / total(x.applyfunc(exp)), x),
    "unit vector": (x / sqrt((x.T * x)[0, 0]), x),
    "unit vector, power": (x * (x.T * x) ** Rational(-1, 2), x),
    "exp of form": (exp((x.T * A * x)[0, 0]), x),
    "product of forms": ((x.T * A * x)[0, 0] * (x.T * x)[0, 0], x),
    "sin of trace": (sin(Trace(A * X)), X),
    "reciprocal trace": (1 / Trace(A * X), X),
    "entry of product": ((F * A3)[0, 1], F),
    "trace times log det": (Trace(A * X) * log(Determinant(X)), X),
    "trace of power": (Trace(X**k), X),
    "X**-2": (X**-2, X),
    "DiagMatrix": (DiagMatrix(x) * A * b, x),
    "DiagonalMatrix": (Trace(A * DiagonalMatrix(X) * B), X),
    "block": (Trace(BlockMatrix([[X, A], [B, X]]) ** 2), X),
    "norm": (sqrt((x.T * x)[0, 0]), x),
    "Frobenius": (sqrt(nrm2(X)), X),
    "inverse by t": ((A + t * B).I, t),
    "det by t": (Determinant(A + t * B), t),
    "log det by t": (log(Determinant(A + t * B)), t),
    "det": (Determinant(X), X),
    "kron": (Trace(KroneckerProduct(A3, F)), F),
    "det times trace": (Determinant(X) * Trace(X), X),
    "trace plus det": (Trace(X) + Determinant(X), X),
    "exp trace": (exp(Trace(A * X) / 5), X),
    "X[0, 1]": (F[0, 1], F),
    "x[0, 0]": (x[0, 0], x),
    "symbolic power": (X**k, X),
    "DotProduct": (DotProduct(x, y), x),
    "symbolic entry": (X[i, j] ** 2, X),
    "abs": (Abs(Trace(A * X)), X),
    "A*X*B": (A * X * B, X),
    "inverse": (X.I, X),
    "square": (X**2, X),
    "Hadamard": (hadamard_product(X, A), X),
}
ISSUES = {
    "26585": (0.5 * nrm2(MatrixSymbol("C", n, m) - U * V) + 0.5 * nrm2(MatrixSymbol("C", n, m)), U),
    "26585 b": (0.5 * nrm2(D - U * V) + 0.5 * nrm2(U), U),
    "26561": (Trace(E) ** 2 + 1, E),
    "26561 b": (Trace(E) + 1, E),
    "25118": (Trace(F.T * F) - 3, F),
    "23492": (Trace(A3) + Trace(A3**2), A3),
    "23492 b": (A3 + eye(3), A3),
    "23492 c": (A3 * eye(3), A3),
    "30527": (Trace(Identity(3) - A3) ** 2, A3),
    "30527 b": ((Trace(Identity(3) - A3) ** 2).expand(), A3),
    "17229": (F[1, 1], F),
    "17229 b": (F, F[1, 1]),
    "17229 c": (F, F),
    "15614": (Trace(X * A), A),
    "15614 b": (Trace(X.T * A * X), X),
    "15614 c": (Trace(X.T * A * X), A),
    "15136": (Trace(X**2 * B), X),
    "15667": (Trace(A) * A, A),
    "24859": (MatrixElement(A3 + t * B3, 0, 0), t),
    "24859 b": (Matrix(A3 * MatrixSymbol("Z", 3, 3)).adjugate().subs(A3, A3 + t * B3)[0, 0], t),
    "27406": (nrm2(A) + nrm2(B), A),
    "24725": (Trace((x - t * ones).T * (x - t * ones)), t),
    "24725 b": (Trace(x.T * w) + a, w),
    "15651": (Matrix(3, 3, range(9)) * F, F),
    "4140": (nrm2(X - B) + nrm2(A - B), X),
    "Symbolics 498": (total(hadamard_product(q, q.applyfunc(log))), q),
    "CasADi 1042": ((A * x).applyfunc(sin), x),
    "10989": (x * t + y, t),
    "10989 b": (x * t + y, x),
}
SPELLINGS = {
    "method": lambda e, v: e.diff(v),
    "function": sympy.diff,
    "doit": lambda e, v: Derivative(e, v).doit(),
    "evaluate": lambda e, v: Derivative(e, v, evaluate=True),
}
every_spelling = pytest.mark.parametrize("spelling", SPELLINGS)


def assert_right(derivative, expr, variable, seed=0):
    """In SymPy's index order, at random points, for different sizes, at a size of 1 as well."""
    assert not derivative.has(Derivative)
    verdict, where = judged(derivative, points(expr, variable, WITHIN, seed, 1), 1, True)
    assert verdict == "correct", f"{verdict} {where}: {derivative}"


@every_spelling
@pytest.mark.parametrize("name", [*WRONG, *ISSUES])
def test_what_sympy_gets_wrong_is_right(name, spelling):
    expr, variable = (WRONG | ISSUES)[name]
    with mc.installed():
        derivative = SPELLINGS[spelling](expr, variable)
    assert_right(derivative, expr, variable)


def test_the_cases_are_not_right_without_install():
    """Some of them at least, on the SymPy at hand: that the test above has something to say."""
    found = [
        name
        for name in ("log det", "logsumexp", "26561", "25118")
        if SPELLINGS["method"](*(WRONG | ISSUES)[name]) in (S.Zero, 0)
        or getattr(SPELLINGS["method"](*(WRONG | ISSUES)[name]), "is_ZeroMatrix", False)
    ]
    assert found or sympy.__version__ >= "1.15"


def test_a_function_with_its_own_derivative():
    expr = Cubed(Trace(A * X))
    with mc.installed():
        derivative = expr.diff(X)
    assert derivative == 3 * Trace(A * X) ** 2 * A.T


def test_explicit_matrices_stay_sympys():
    M, N = Matrix([[t, t**2]]), Matrix(2, 2, symbols("a:d"))
    expected = M.diff(t), N.diff(N), M.jacobian([t]), sympy.hessian(t**2 * s, [t, s])
    with mc.installed():
        assert (M.diff(t), N.diff(N), M.jacobian([t]), sympy.hessian(t**2 * s, [t, s])) == expected
        assert sympy.diff(sin(t) * f(t), t, 2) == 2 * cos(t) * f(t).diff(t) - sin(t) * f(t) + sin(t) * f(t).diff(t, 2)


# ---- repeated, mixed, by an entry, by a scalar, by f(t); inside of SymPy's nodes
SECOND = {
    "form": ((x.T * A * x)[0, 0], x, x),
    "exp of form": (exp((x.T * A * x)[0, 0] / 5), x, x),
    "sum of exp": (total(x.applyfunc(exp)), x, x),
    "norm": (sqrt((x.T * x)[0, 0]), x, x),
    "exp trace": (exp(Trace(A * X) / 5), X, X),
    "log det": (log(Determinant(X)), X, X),
    "mixed": ((x.T * A * y)[0, 0], y, x),
    "mixed back": ((x.T * A * y)[0, 0], x, y),
    "mixed matrix": (Trace(A * X * B * X), A, X),
    "matrix, t": (Trace(X**2) * t**2, X, t),
    "t, matrix": (Trace(X**2) * t**2, t, X),
}


@pytest.mark.parametrize("name", SECOND)
def test_second_derivatives(name):
    expr, v1, v2 = SECOND[name]
    with mc.installed():
        spelled = [expr.diff(v1).diff(v2), expr.diff(v1, v2), sympy.diff(expr, v1, v2), Derivative(Derivative(expr, v1).doit(), v2).doit()]
        spelled += [expr.diff(v1, 2), expr.diff((v1, 2)), sympy.diff(expr, (v1, 2)), Derivative(expr, (v1, 2)).doit()] if v1 == v2 else []
    env = random_env([expr], 3, domain=WITHIN)
    expected = second_difference(expr, v1, env, v2)
    rank = 2 if isinstance(v2, MatrixSymbol) else 0
    expected = np.squeeze(np.moveaxis(expected, range(expected.ndim - rank, expected.ndim), range(rank)))  # the last variable first
    for d in spelled:
        assert np.allclose(np.squeeze(evaluate(d, env)), expected, rtol=1e-4, atol=1e-4), d


def test_no_variable_and_counts_of_zero():
    with mc.installed():
        assert Trace(X).diff(X, 0) == Trace(X) == Derivative(Trace(X), (X, 0)).doit()
        assert Trace(X**2).diff((X, 1)) == 2 * X.T
        with pytest.raises(ValueError, match="variable"):
            (t * Trace(X)).diff()


INSIDE = {
    "entry": (Trace(F**3), F[0, 1]),
    "symbolic entry": (Trace(A * X * B), X[i, j]),
    "t": ((A + t * B) ** 2, t),
    "t in det": (log(Determinant(A + t * B)), t),
    "t, f": ((sin(t) * A + B).I, t),
    "Sum": (Sum(Trace(X) ** i / 5**i, (i, 1, 3)), X),
    "Sum of entries": (Sum(x[i, 0] ** 3 * (i + 1), (i, 0, n - 1)), x),
    "Piecewise": (Piecewise((Trace(X) ** 2, Trace(X) > 0), (Trace(A * X), True)), X),
    "Subs": (Subs(s**2 * Trace(X), s, Trace(A * X)), X),
    "elementwise": ((A * x).applyfunc(sin), x),
    "power": (Pow(2, Trace(X) / 5), X),
}


@every_spelling
@pytest.mark.parametrize("name", INSIDE)
def test_inside_of_sympys_nodes(name, spelling):
    expr, variable = INSIDE[name]
    with mc.installed():
        derivative = SPELLINGS[spelling](expr, variable)
    if derivative.has(Derivative):  # never a guess
        assert derivative == Derivative(expr, variable)
    else:
        assert_right(derivative, expr, variable)


def test_by_a_function_of_t():
    with mc.installed():
        assert (f(t) ** 2 * Trace(X)).diff(f(t)) == 2 * f(t) * Trace(X)
        assert Trace(f(t) * X).diff(t) == f(t).diff(t) * Trace(X)
        d = f(t).diff(t)
        assert (d**2 * Trace(X)).diff(d) == 2 * d * Trace(X)


def test_an_undefined_function_of_a_trace():
    with mc.installed():
        d = f(Trace(A * X)).diff(X)
    env = random_env([X, A], 0)
    assert str(d) == "f'(Trace(A*X))*A.T"
    assert np.allclose(evaluate(d.replace(f, lambda u: 2 * u), env), 2 * env[A].T), d


def test_implicit_differentiation_by_an_entry():
    """`idiff` looks for the derivative of the function in what `diff` gives."""
    expected = sympy.idiff(Trace(F) ** 2 * t, t, F[0, 0])
    with mc.installed():
        assert sympy.idiff(Trace(F) ** 2 * t, t, F[0, 0]) == expected == -2 * t / Trace(F)


def test_implicit_differentiation():
    with mc.installed():
        assert sympy.idiff(t**2 * Trace(A) + s**2, s, t) == -t * Trace(A) / s


def test_an_integral_keeps_its_bound_symbol():
    expr = Integral(exp(-(s**2) * Trace(X)), (s, 0, 1))
    with mc.installed():
        d = expr.diff(X)
        found = [d, d.doit() if not d.has(Derivative) else d]
    for e in found:
        assert s not in e.free_symbols and e != 0 and not getattr(e, "is_ZeroMatrix", False)


def test_a_form_by_an_entry_has_code():
    with mc.installed():
        function = lambdify([A, x, n], (x.T * A * x)[0, 0].diff(x[0, 0]))
    env = random_env([A, x], 0)
    assert np.isclose(function(env[A], env[x], env[n]), ((env[A] + env[A].T) @ env[x])[0, 0])


def test_derive_by_array():
    with mc.installed():
        assert derive_by_array(Trace(X**2), X) == 2 * X.T
        assert list(derive_by_array([Trace(t * F), t**2], t)) == [Trace(F), 2 * t]


# ---- no rule: unevaluated, never zero
class Opaque(MatrixExpr):
    """A matrix node without a rule."""

    def __new__(cls, arg):
        return Expr.__new__(cls, arg)

    shape = property(lambda self: self.args[0].shape)


class OpaqueScalar(Expr):
    """A scalar node without a rule."""

    is_commutative = True

    def __new__(cls, arg):
        return Expr.__new__(cls, arg)


UNKNOWN = {
    "matrix": (Opaque(X), X),
    "scalar": (OpaqueScalar(X), X),
    "trace": (Trace(Opaque(X)), X),
    "log": (log(OpaqueScalar(X)), X),
    "sum": (OpaqueScalar(X) + Trace(X), X),
    "product": (OpaqueScalar(X) * Trace(X), X),
    "matrix product": (A * Opaque(X) * B, X),
    "matrix sum": (X + Opaque(X), X),
    "by t": (Opaque(t * X), t),
    "scalar by t": (OpaqueScalar(t * X), t),
    "twice": (OpaqueScalar(X) * Trace(X) ** 2, X),
    "log det": (log(Determinant(Opaque(X))), X),
    "transposed": (Trace(A * Opaque(X).T), X),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_without_a_rule_a_derivative_stays_unevaluated(name):
    expr, variable = UNKNOWN[name]
    with mc.installed():
        for spelled in SPELLINGS.values():
            d = spelled(expr, variable)
            assert isinstance(d, Derivative) and d.args == Derivative(expr, variable).args, d  # ArrayDerivative is one as well
            assert d.doit() == d
            again = pickle.loads(pickle.dumps(d))
            assert again == d
            for write in (str, latex, pretty, srepr):
                assert write(d)
        second = expr.diff(variable, variable)
        assert second.has(Derivative) and second.doit().has(Derivative)
        assert d.diff(variable).has(Derivative)
    assert d.has(Derivative)


def test_what_does_not_hold_the_variable_is_zero_all_the_same():
    with mc.installed():
        assert OpaqueScalar(A).diff(X).is_ZeroMatrix
        assert (Trace(X) + OpaqueScalar(A)).diff(X) == Identity(n)


# ---- nothing is left
OWNERS = [
    Derivative,
    Expr,
    MatrixExpr,
    Printable,
    MatrixSymbol,
    Determinant,
    Trace,
    sympy.MatAdd,
    sympy.MatMul,
    sympy.Function,
    sympy.Basic,
    inspect.getmodule(sympy.lambdify),
]
RESULTS = [
    lambda: log(Determinant(X)).diff(X),
    lambda: (Trace(X) + 1).diff(X),
    lambda: (x.T * A * x).diff(x),
    lambda: Derivative(Trace(X) * Determinant(X), X).doit(),
    lambda: simplify(Trace(X.T) + Trace(X)),
    lambda: refine(Determinant(A), Q.orthogonal(A)),
    lambda: Trace(A * X)._repr_latex_(),
    lambda: simplify(A * x + A.T * x),
    lambda: refine(Abs(t), Q.positive(t)),
    lambda: inspect.getsource(lambdify([A3, t], A3 * t)),
    lambda: hasattr(t + 1, "_eval_simplify"),
    lambda: hasattr(A, "_eval_refine"),
]


def state():
    """What the classes hold, by identity, and what SymPy answers."""
    held = {
        (owner.__name__, name): id(value)
        for owner in OWNERS
        for name, value in vars(owner).items()
        if not name.startswith(("_abc", "__weakref", "_lambdify_generated_counter"))
    }
    return held, [answer(r) for r in RESULTS]


def answer(function):
    try:
        found = function()
    except Exception as error:  # SymPy's refusals are answers as well
        return type(error).__name__
    return srepr(found) if isinstance(found, sympy.Basic) else str(found)


@pytest.fixture
def untouched():
    """SymPy is the same before and after."""
    before = state()
    yield before
    mc.uninstall()
    after = state()
    assert after[1] == before[1]
    assert {key: value for key, value in after[0].items() if before[0].get(key) != value} == {}
    assert after[0].keys() == before[0].keys()


def works():
    """Whether the hooks act here, now."""
    return not getattr((Trace(X) + log(Determinant(X))).diff(X), "is_ZeroMatrix", False) and (Trace(X) + 1).diff(X) == Identity(n)


def test_a_block(untouched):
    assert not works()
    with mc.installed():
        assert works()
        assert [answer(r) for r in RESULTS] != untouched[1]
    assert not works()


def test_install_and_uninstall_twice(untouched):
    mc.install()
    mc.install()
    assert works()
    mc.uninstall()
    assert not works()
    mc.uninstall()
    assert not works()


def test_an_exception_in_a_block(untouched):
    with pytest.raises(ZeroDivisionError), mc.installed():
        assert works()
        raise ZeroDivisionError
    assert not works()
    with pytest.raises(mc.MatcalcError), mc.installed():
        mc.gradient(X, X)
    assert not works()


def test_blocks_in_blocks(untouched):
    with mc.installed():
        with mc.installed():
            assert works()
        assert works()
        with pytest.raises(KeyError), mc.installed():
            raise KeyError
        assert works()
    assert not works()


def test_install_in_a_block(untouched):
    with mc.installed():
        mc.install()
        assert works()
    assert works()
    mc.uninstall()
    assert not works()


def test_a_block_in_install(untouched):
    mc.install()
    with mc.installed():
        assert works()
    assert works()
    with mc.installed():
        mc.uninstall()
        assert works()
    assert not works()


def test_results_of_the_cache_do_not_leak(untouched):
    e = log(Determinant(X)) + Trace(X)
    before = srepr(e.diff(X))
    with mc.installed():
        inside = e.diff(X)
    assert srepr(e.diff(X)) == before
    with mc.installed():
        assert e.diff(X) == inside


def test_threads(untouched):
    """One inside of a block, one outside, at the same time."""
    inside, outside, seen = threading.Event(), threading.Event(), {}

    def within():
        with mc.installed():
            inside.set()
            outside.wait(20)
            seen["inside"] = works()

    def without():
        inside.wait(20)
        seen["outside"] = works()
        outside.set()

    run_threads(within, without)
    assert seen == {"inside": True, "outside": False}


def test_blocks_of_threads_that_overlap(untouched):
    """Each enters and leaves at its own time."""
    wrong, start = [], threading.Barrier(4)

    def one(index):
        start.wait(20)
        for _ in range(10):
            if index % 2:
                with mc.installed():
                    if not works():
                        wrong.append(index)
            elif works():
                wrong.append(index)

    run_threads(*[lambda index=index: one(index) for index in range(4)])
    assert wrong == [] and not works()


def test_install_reaches_every_thread(untouched):
    seen = []
    mc.install()
    run_threads(lambda: seen.append(works()))
    mc.uninstall()
    run_threads(lambda: seen.append(works()))
    assert seen == [True, False]


def run_threads(*functions):
    threads = [threading.Thread(target=g) for g in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_asyncio_tasks(untouched):
    seen = {}

    async def within(turn, other):
        with mc.installed():
            turn.set()
            await other.wait()
            seen["inside"] = works()

    async def without(turn, other):
        await turn.wait()
        seen["outside"] = works()
        other.set()

    async def both():
        turn, other = asyncio.Event(), asyncio.Event()
        await asyncio.gather(within(turn, other), without(turn, other))
        seen["after"] = works()

    asyncio.run(both())
    assert seen == {"inside": True, "outside": False, "after": False}


def test_generators(untouched):
    """A generator runs in the context of whoever asks for its next value; nothing is left once it is closed."""

    def derivatives():
        with mc.installed():
            for e in (Trace(X) + 1, log(Determinant(X))):
                yield e.diff(X)

    assert list(derivatives()) == [Identity(n), X.T.I]
    assert not works()
    begun = derivatives()
    assert next(begun) == Identity(n)
    begun.close()
    assert not works()


def blocks():
    """Generators that pause in a block: their own, that of a context manager, of an exit stack, of a generator they delegate to."""

    @contextmanager
    def mine():
        with mc.installed():
            yield

    def plain():
        with mc.installed():
            while True:
                yield works()

    def by_manager():
        with mine():
            while True:
                yield works()

    def by_stack():
        with ExitStack() as stack:
            stack.enter_context(mc.installed())
            while True:
                yield works()

    def by_hand():
        block = mc.installed()
        block.__enter__()
        try:
            while True:
                yield works()
        finally:
            block.__exit__(None, None, None)

    def delegating():
        yield from plain()

    return [plain, by_manager, by_stack, by_hand, delegating]


@pytest.mark.parametrize("block", blocks(), ids=lambda f: f.__name__)
def test_a_suspended_generator_keeps_the_hooks_to_itself(untouched, block):
    begun = block()
    for _ in range(2):
        assert next(begun)
        assert not works()
    with mc.installed():
        assert works() and next(begun) and works()
    assert not works() and next(begun) and not works()
    begun.close()
    assert not works()
    left = block()
    assert next(left)
    del left
    assert not works() and state()[1] == untouched[1]


def test_a_generator_that_is_a_context_manager_gives_the_hooks(untouched):
    @contextmanager
    def inner():
        with mc.installed():
            yield

    @contextmanager
    def outer():
        with inner(), ExitStack() as stack:
            stack.enter_context(mc.installed())
            yield

    with outer():
        assert works()
    assert not works()
    stack = ExitStack()
    stack.enter_context(outer())
    assert works()
    stack.close()
    assert not works()


@pytest.fixture
def hooks():
    with mc.installed():
        yield


def test_a_fixture_gives_the_hooks(hooks):
    assert works()


def test_an_asynchronous_generator_keeps_the_hooks_to_itself(untouched):
    async def values():
        with mc.installed():
            yield works()
            yield works()

    async def run():
        begun = values()
        seen = [await anext(begun), works(), await anext(begun), works()]
        await begun.aclose()
        return [*seen, works()]

    assert asyncio.run(run()) == [True, False, True, False, False]


def test_generators_that_overlap(untouched):
    def block():
        with mc.installed():
            yield works()

    one, two = block(), block()
    assert next(one) and next(two)
    assert list(one) == [] and list(two) == []
    assert not works()


def test_a_generator_closed_in_another_context(untouched):
    def block():
        with mc.installed():
            yield works()

    begun = block()
    run_threads(lambda: next(begun))
    begun.close()
    assert not works()


def test_what_others_set_is_not_undone(untouched):
    """`init_printing` replaces the method that Jupyter asks."""
    there = Printable._repr_latex_
    mc.install()
    try:
        Printable._repr_latex_ = lambda self: "mine"
        mc.uninstall()
        assert t._repr_latex_() == "mine"
        with mc.installed():
            assert Trace(X)._repr_latex_().startswith("$") and t._repr_latex_() == "mine"
        assert t._repr_latex_() == "mine"
    finally:
        Printable._repr_latex_ = there
    assert not works()


# ---- simplify, refine, assuming
def test_simplify():
    with mc.installed():
        assert simplify(Trace(X.T) + Trace(X)) == 2 * Trace(X) == (Trace(X.T) + Trace(X)).simplify()
        assert simplify(X * X.I * A) == A
        assert simplify(sin(t) ** 2 + cos(t) ** 2) == 1
        assert simplify(Matrix([[sin(t) ** 2 + cos(t) ** 2]])) == Matrix([[1]])


SIMPLIFIED = [
    A * x + A.T * x,
    Trace(A * X) + Trace(X.T * A.T),
    X.I * X + A * B * B.I,
    sin(Trace(X)) ** 2 + cos(Trace(X)) ** 2,
    log(Determinant(X.I)),
    (X.T * A).T * B,
]


@pytest.mark.parametrize("expr", SIMPLIFIED, ids=str)
def test_simplify_keeps_the_value(expr):
    with mc.installed():
        found = simplify(expr)
    env = random_env([expr], 0, domain=WITHIN)
    assert np.allclose(evaluate(found, env), evaluate(expr, env))


def test_refine():
    with mc.installed():
        assert refine(A * x + A.T * x, Q.symmetric(A)) == 2 * A * x
        assert refine(A.T, Q.symmetric(A)) == A
        assert refine(Trace(A.T * A * X), Q.orthogonal(A)) == Trace(X)
        with assuming(Q.symmetric(A)):
            assert refine(A.T * x) == A * x
            assert simplify(A * x + A.T * x) == 2 * A * x
            assert (x.T * A * x).diff(x) in (2 * A * x, A * x + A.T * x, (A + A.T) * x)
        assert refine(A.T * x) == A.T * x


def test_refine_of_sympy():
    """Scalars, and SymPy's handlers of matrices."""
    z = Symbol("z", real=True)
    with mc.installed():
        assert refine(Abs(t), Q.positive(t)) == t
        assert refine(sqrt(t**2), Q.real(t)) == Abs(t)
        assert refine(sqrt(z**2), Q.positive(z)) == z
        assert refine((-1) ** t, Q.even(t)) == 1
        assert refine(Piecewise((1, t > 0), (2, True)), Q.positive(t)) == 1
        assert refine(Abs(t) * Trace(X), Q.positive(t)) == t * Trace(X)
        assert refine(Determinant(A), Q.singular(A)) == 0
        assert refine(Determinant(A), Q.unit_triangular(A)) == 1


def test_an_orthogonal_matrix_may_reflect():
    with mc.installed():
        assert refine(Determinant(A), Q.orthogonal(A)) == Determinant(A)
        assert refine(Determinant(A) ** 2, Q.orthogonal(A)) in (1, Determinant(A) ** 2)


# ---- lambdify
LAMBDIFIED = {
    "Trace": ([A3, t], t * Trace(A3)),
    "Determinant": ([A3], Determinant(A3)),
    "log det": ([E], log(Determinant(E))),
    "HadamardPower": ([A3], HadamardPower(A3, 2)),
    "elementwise": ([A3], A3.applyfunc(sin)),
    "inverse": ([E, B3], E.I * B3),
    "quadratic": ([x, A], (x.T * A * x)[0, 0]),
    "product": ([A3, B3], A3 * B3),
    "Kronecker": ([A3, B3], KroneckerProduct(A3, B3)),
}
every_lambdified = pytest.mark.parametrize("name", LAMBDIFIED)
every_modules = pytest.mark.parametrize("modules", [{"modules": "numpy"}, {}], ids=["numpy", "default"])


def numbers(name):
    args, expr = LAMBDIFIED[name]
    env = random_env([expr, *args], 1, domain=WITHIN)
    return [env[e] for e in args], evaluate(expr, env)


@every_modules
@pytest.mark.parametrize("cse", [False, True])
@every_lambdified
def test_lambdify(name, cse, modules):
    args, expr = LAMBDIFIED[name]
    with mc.installed():
        function = lambdify(args, expr, cse=cse, **modules)
    given, expected = numbers(name)
    assert np.allclose(np.squeeze(function(*given)), np.squeeze(expected))
    assert "Created with lambdify" in function.__doc__ and str(expr)[:20] in function.__doc__
    assert "def _lambdifygenerated" in inspect.getsource(function)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_lambdify_of_vectors(shape):
    """As they are passed, so they come back."""
    rng = np.random.default_rng(0)
    M, u = rng.normal(size=(4, 4)), rng.normal(size=shape)
    with mc.installed():
        value = lambdify([A, x], Trace(x.T * A * x))
        product = lambdify([A, x], A * x)
    assert np.allclose(value(M, u), u.ravel() @ M @ u.ravel()) and np.ndim(value(M, u)) == 0
    assert product(M, u).shape == shape and np.allclose(product(M, u), M @ u)


@every_modules
@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("cse", [False, True])
def test_lambdify_of_several(kind, cse, modules):
    f1 = (x.T * A * x)[0, 0]
    with mc.installed():
        function = lambdify([A, x], kind([f1, f1.diff(x), A * A.T * A * x + A * A.T * x]), cse=cse, **modules)
    env = random_env([A, x], 0)
    M, u = env[A], env[x]
    value, gradient, rest = function(M, u)
    assert isinstance(function(M, u), kind)
    assert np.allclose(value, u.T @ M @ u) and np.allclose(gradient, (M + M.T) @ u) and np.allclose(rest, M @ M.T @ M @ u + M @ M.T @ u)


def test_lambdify_of_an_einsum():
    with mc.installed():
        derivative = (A3 * F * B3).diff(F)
        function = lambdify([A3, B3], derivative)
    env = random_env([A3, B3], 0)
    assert np.allclose(function(env[A3], env[B3]), evaluate(derivative, env))


def test_lambdify_of_one_argument():
    with mc.installed():
        function = lambdify(A3, Trace(A3), modules="numpy")
    assert function(np.eye(3)) == 3


@pytest.mark.parametrize("modules", ["math", "mpmath", "sympy"])
def test_lambdify_of_other_modules_is_sympys(modules):
    cases = [([t], sin(t)), ([t, s], t * s + cos(t)), ([F], F * F)]
    plain = [answer(lambda a=a, e=e: inspect.getsource(lambdify(a, e, modules=modules))) for a, e in cases]
    with mc.installed():
        assert [answer(lambda a=a, e=e: inspect.getsource(lambdify(a, e, modules=modules))) for a, e in cases] == plain


def test_lambdify_of_scalars_and_explicit_matrices_is_sympys():
    cases = [([t], sin(t)), ([t], Matrix([[t, 1], [sin(t), t]])), ([t, s], t + s), ([t], [t, t**2])]
    plain = [inspect.getsource(lambdify(a, e)) for a, e in cases]
    with mc.installed():
        assert [inspect.getsource(lambdify(a, e)) for a, e in cases] == plain


def test_lambdify_for_jax_is_sympys():
    """The printer is SymPy's; jax itself is not needed to see it."""
    from sympy.printing.numpy import JaxPrinter
    from sympy.utilities.lambdify import _EvaluatorPrinter

    plain = _EvaluatorPrinter(JaxPrinter({"fully_qualified_modules": False})).doprint("g", [A3, B3], A3 * B3)
    module = inspect.getmodule(sympy.lambdify)
    with mc.installed():
        assert module._EvaluatorPrinter(JaxPrinter({"fully_qualified_modules": False})).doprint("g", [A3, B3], A3 * B3) == plain


def test_a_function_survives_its_block():
    with mc.installed():
        function = lambdify([A3], Determinant(A3))
    assert np.isclose(function(2 * np.eye(3)), 8)
    assert np.isclose(mc.lambdify([A3], Determinant(A3))(2 * np.eye(3)), 8)


# ---- derivatives of the package's own nodes as SymPy's Derivative
CLIQUE = [(X, (0,), (1,)), (A, (1,), (2,)), (B, (2,), (3,)), (X, (3,), (0,)), (A, (0,), (2,)), (B, (1,), (3,))]  # no product of matrices
EINSUMS = {
    "EinsumArray": mc.diff(A * X * B, X),
    "MatrixUnit": mc.diff(X[0, 1], X),
    "MatrixSum": mc.MatrixSum(X**i, (i, 0, 3)),
    "EinsumScalar": mc.Einsum((), mc.EinsumTerm(t, [n] * 4, [], CLIQUE, [])),
    "EinsumMatrix": mc.Einsum((n, n), mc.EinsumTerm(t, [n] * 4, [(0,), (1,)], CLIQUE[1:], [])),
}
OWN = {cls.__name__: rows[0][0] for cls, rows in NODE_ROWS.items() if cls.__name__ not in BOOK_NODES} | BOOK_NODES | EINSUMS
every_own = pytest.mark.parametrize("name", OWN)


def test_every_node_is_there():
    nodes = {c for c in vars(mc).values() if isinstance(c, type) and issubclass(c, Expr)}
    missing = {c.__name__ for c in nodes} - {type(a).__name__ for e in OWN.values() for a in sympy.preorder_traversal(e)}
    assert missing <= {"Einsum", "EinsumTerm"}  # what EinsumMatrix and its kind have in common, and a part of them


def variable_of(node):
    found = sorted(node.atoms(MatrixSymbol), key=str) or sorted(node.free_symbols, key=str)
    return found[-1] if found and found[-1] not in (m, n) else X


def prints_and_pickles(d):
    for write in (str, latex, pretty, srepr):
        assert isinstance(write(d), str) and write(d)
    again = pickle.loads(pickle.dumps(d))
    assert again == d and hash(again) == hash(d)


@pytest.mark.parametrize("inside", [False, True], ids=["without install", "installed"])
@every_own
def test_derivatives_of_own_nodes(name, inside):
    node, variable = OWN[name], variable_of(OWN[name])
    if not isinstance(node, Expr):
        pytest.skip("an array: SymPy's Derivative takes none")
    unevaluated = Derivative(node, variable)
    if inside:
        with mc.installed():
            prints_and_pickles(unevaluated)
            prints_and_pickles(unevaluated.doit())
            prints_and_pickles(node.diff(variable))
    else:
        prints_and_pickles(unevaluated)


# ---- Jupyter
def test_latex_in_jupyter():
    e = X.T.I * A
    plain = e._repr_latex_()
    with mc.installed():
        assert e._repr_latex_() == f"$\\displaystyle {mc.latex(e)}$"
        assert (t**2)._repr_latex_() == "$\\displaystyle t^{2}$"
        assert mc.diff(A * X * B, X)._repr_latex_().startswith("$\\displaystyle")
        assert Matrix([[t]])._repr_latex_() == f"$\\displaystyle {latex(Matrix([[t]]))}$"
    assert e._repr_latex_() == plain
