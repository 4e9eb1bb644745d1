"""Every node of the package with all that can be asked of it, so that what its class does not say, or nobody has written, fails by name."""

import ast
import pickle
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from sympy import Expr, ImmutableMatrix, MatrixSymbol, Symbol, latex, srepr
from sympy.core.cache import clear_cache
from sympy.core.function import AppliedUndef
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.registry import BACKENDS
from sympy_matcalc.compat import BEFORE_1_14
from sympy_matcalc.nodes.bases import StructureBasis
from sympy_matcalc.nodes.declaration import NODES, Typed
from sympy_matcalc.nodes.elementwise import Elementwise
from sympy_matcalc.rules.registry import RULES
from sympy_matcalc.testing import check_rule, evaluate, random_env
from sympy_matcalc.testing.evaluator import HANDLERS
from sympy_matcalc.testing.random_nodes import MADE, NOT_MADE
from sympy_matcalc.text import parse, to_text
from sympy_matcalc.text.functions import ELEMENTWISE, help_of_functions

from .rows import ROWS, S, X, m, n, t, x

ABSTRACT = {"Einsum"}  # its constructor gives one of the three others
CASES = [(cls, expr, domain) for cls, rows in ROWS.items() for expr, domain in rows]
NAMES = [f"{cls.__name__}-{k}" for cls, rows in ROWS.items() for k, _ in enumerate(rows)]
TYPED = [cls for cls in NODES.values() if isinstance(cls.typed, Typed)]
every_node = pytest.mark.parametrize("node", [*NODES.values()], ids=list(NODES))
every_typed = pytest.mark.parametrize("node", TYPED, ids=lambda cls: cls.__name__)
every_row = pytest.mark.parametrize("cls, expr, domain", CASES, ids=NAMES)
typed_rows = pytest.mark.parametrize(
    "cls, expr", [c[:2] for c in CASES if c[0] in TYPED], ids=[k for k, c in zip(NAMES, CASES) if c[0] in TYPED]
)
entrywise = pytest.mark.parametrize("node", [c for c in TYPED if issubclass(c, Elementwise)], ids=lambda cls: cls.__name__)


# ---- what is declared is complete
def test_every_node_has_a_row():
    assert {cls.__name__ for cls in ROWS} == set(NODES) - ABSTRACT
    assert [name for name, (cls, expr, _) in zip(NAMES, CASES) if not expr.has(cls)] == []


@every_node
def test_is_public(node):
    assert getattr(mc, node.__name__) is node, f"add {node.__name__} to `__all__` of {node.__module__}"


@every_node
def test_says_what_it_is(node):
    assert isinstance(node.typed, (Typed, str)) and (node.__doc__ or "").strip()
    if isinstance(node.typed, Typed):
        assert node.typed.help and any(
            node.typed.name + "(" in line for line in [*help_of_functions(), *(f"{name}(" for name in ELEMENTWISE)]
        )
    else:
        assert len(node.typed.split()) > 3, "why it has no text, as a sentence"


NOT_EVALUATED = {"FunctionDerivative": "it has no value until its function is given"}
NO_RULE = {
    **dict.fromkeys(
        ("EigenvalueProduct", "EigenvalueSum", "ElementSum", "Mean", "RowSum", "OneNorm", "InfinityNorm", "LogAbsDeterminant"),
        "written out in the canonical form",
    ),
    **dict.fromkeys(("CommutationMatrix", "DuplicationMatrix", "HalfLower", "MatrixUnit"), "a constant"),
    **dict.fromkeys(
        (cls.__name__ for cls in NODES.values() if cls is mc.EliminationMatrix or issubclass(cls, StructureBasis)), "a constant"
    ),
    "CumulativeProduct": "written out in the canonical form",
    "AsMatrix": "a symbol",
    "FunctionDerivative": "a scalar function, differentiated as all others",
}


@every_node
def test_the_evaluator_knows_it(node):
    assert (node in HANDLERS) != bool(NOT_EVALUATED.get(node.__name__))


@every_node
def test_the_fuzzers_make_it_or_say_why_not(node):
    assert (node in MADE) != bool(NOT_MADE.get(node.__name__))


@every_node
def test_has_a_rule(node):
    """A function of every entry has its derivative."""
    assert issubclass(node, Elementwise) or any(c in RULES for c in node.__mro__) != bool(NO_RULE.get(node.__name__))


def test_the_lists_hold_only_what_there_is():
    assert set(NOT_MADE) <= set(NODES)
    assert {name for _, name in REFUSED} <= set(NAMES) and {library for library, _ in REFUSED} <= set(LIBRARIES)
    assert set(NO_EVALF) | set(NOT_EVALUATED) | set(NO_RULE) <= set(NODES)


HOSTS = (MatrixExpr, Expr, sp.Basic)
OF_THE_NODE = {"shape", "doit", "as_explicit", "free_symbols", "default_assumptions"}  # what SymPy asks a class to answer itself


def hidden_by(node):
    """Names of SymPy's that a class of the package answers otherwise: methods and attributes, without SymPy's assumptions."""
    host = next(h for h in HOSTS if issubclass(node, h))
    own = {name for c in node.__mro__ if c.__module__.startswith("sympy_matcalc") for name in vars(c)}
    return {name for name in own - OF_THE_NODE if not name.startswith(("_", "is_")) and hasattr(host, name)}


@every_node
def test_hides_nothing_of_sympys(node):
    """`rows`, `cols`, `T`, `I`, `count`, ... of a node are what they are of any expression."""
    assert hidden_by(node) == set()


def test_what_hides_an_attribute_is_found():
    class Hiding(MatrixExpr):
        __module__ = "sympy_matcalc.nodes"
        rows = 3

    assert hidden_by(Hiding) == {"rows"}


@every_row
def test_has_the_attributes_of_a_matrix(cls, expr, domain):
    for node in expr.atoms(cls):
        if isinstance(node, MatrixExpr):
            assert (node.rows, node.cols) == node.shape == node.T.shape[::-1] and node.T.T == node
            assert node.count(cls) >= 1


# ---- a SymPy object
SPACE: dict = {"Str": Str, "ElementwiseApplyFunction": ElementwiseApplyFunction}


@cache
def namespace():
    space = {}
    exec("from sympy import *\nfrom sympy_matcalc import *\nfrom sympy.tensor.array.expressions import ArraySymbol", space)
    return space | SPACE


@every_row
def test_round_trips(cls, expr, domain):
    assert eval(srepr(expr), namespace()) == expr
    if not (BEFORE_1_14 and expr.atoms(AppliedUndef)):  # an undefined function itself does not pickle there
        assert pickle.loads(pickle.dumps(expr)) == expr
    assert expr.func(*expr.args) == expr and expr.subs(Symbol("other"), 1) == expr and expr.doit().doit() == expr.doit()


ODD = [sp.Array([[1, 2], [3, 4]]), [1, 2], "X", None, True, sp.Eq(t, 1)]
WRONG = {  # what an argument of a kind may not be
    "matrix": [t, *ODD],
    "square": [t, X, MatrixSymbol("X", 3, 2), *ODD],
    "vector": [t, MatrixSymbol("X", 3, 2), *ODD],
    "triple": [t, MatrixSymbol("X", 3, 2), MatrixSymbol("x", 5, 1), MatrixSymbol("x", n, 1), *ODD],
    "quaternion": [t, MatrixSymbol("X", 4, 2), MatrixSymbol("x", 3, 1), MatrixSymbol("x", n, 1), *ODD],
    "stacked": [t, MatrixSymbol("X", 3, 2), MatrixSymbol("x", 5, 1), *ODD],
    "direction": [t, MatrixSymbol("E", 2, 2), *ODD],
    "function": [sp.Abs, 3, sp.atan2],
    "size": [0, -1, 1.5, None, X],
    "index": [-1, 10, 1.5, None, X],
    "power": [0, -1, "nuc", None, X],
    "number": [X, None, "c"],
    "value": [None, [1, 2], True, "X", sp.Eq(t, 1)],
    "order": [0],
}
RIGHT = {
    "matrix": MatrixSymbol("X", 4, 3), "square": MatrixSymbol("S", 3, 3), "vector": MatrixSymbol("x", 3, 1), "triple": MatrixSymbol("x", 3, 1), "quaternion": MatrixSymbol("x", 4, 1), "stacked": MatrixSymbol("v", 9, 1),
    "direction": MatrixSymbol("E", 3, 3), "function": sp.exp, "size": 3, "index": 0, "power": 3, "number": 1, "value": t, "order": 2,
}  # fmt: skip


def wrong_calls():
    for node in TYPED:
        for at, kind in enumerate(node.typed.kinds):
            for wrong in WRONG[kind]:
                if kind == "square" and wrong is X:
                    continue  # its sizes may be equal
                yield pytest.param(node, at, wrong, id=f"{node.__name__}-{at}-{str(wrong)[:12]}")


@pytest.mark.parametrize("node, at, wrong", [*wrong_calls()])
def test_refuses_what_does_not_fit(node, at, wrong):
    """With an error of the package that names the node."""
    args = [wrong if k == at else RIGHT[kind] for k, kind in enumerate(node.typed.kinds)]
    with pytest.raises(mc.MatcalcError, match=node.__name__):
        node(*args)


# ---- text and LaTeX
@every_typed
def test_its_call_is_read(node):
    for call in node.typed.call.split("), "):
        call = call if call.endswith(")") else call + ")"
        expr = parse(call.replace(", p)", ", 3)"))[0]
        function = expr.function.expr if isinstance(expr, ElementwiseApplyFunction) else expr
        assert isinstance(function, node) or function.has(node) or node is mc.MatrixFunction, call


@typed_rows
def test_text_round_trip(cls, expr):
    shapes = {s.name: s.shape for s in expr.atoms(MatrixSymbol)} | {
        s.name: () for s in expr.free_symbols - expr.atoms(MatrixSymbol) - {m, n}
    }
    text = to_text(expr)
    of_columns = cls.typed.name.removeprefix("row") + "("  # softmax(X, 0)
    assert cls.typed.name + "(" in text or isinstance(expr, sp.Transpose) and of_columns in text
    assert str(parse(text, shapes)[0]) == str(expr)


@every_row
def test_latex(cls, expr, domain):
    for tex in (mc.latex(expr), mc.latex(expr, bold=True, transpose="T"), latex(expr)):
        assert tex.count("{") == tex.count("}") and tex.count(r"\left") == tex.count(r"\right")
    tex = mc.latex(expr)
    for jargon in (cls.__name__, "Lambda", "ElementwiseApplyFunction", "Dummy", "_u", "mapsto"):
        assert jargon not in tex or jargon == "mapsto" and expr.has(sp.Lambda) and cls in (mc.MatrixFunction, mc.FrechetMatrix)


# ---- numbers
UNKNOWN = ("UnknownScalar", "UnknownMatrix", "UnknownScalarDerivative", "UnknownMatrixDerivative")
NO_EVALF = {
    **dict.fromkeys(UNKNOWN, "it has no value until its function is given"),
    "FunctionDerivative": "it has no value until its function is given",
}
SMALL, SMALLEST = {m: 4, n: 3}, {m: 3, n: 2}


def rounded(value):
    """To sixteenths, exactly: what a symmetric matrix is, it stays."""
    return np.round(np.asarray(value) * 16) / 16


def explicit(expr, env):
    """The expression with explicit matrices of rational numbers."""
    numbers = {
        s: ImmutableMatrix(v.shape[0], v.shape[1], [sp.Rational(float(a)) for a in v.ravel()]) for s, v in env.items() if np.ndim(v) == 2
    }
    numbers |= {s: sp.Rational(float(v)) for s, v in env.items() if np.ndim(v) == 0}
    scalars = {s: v for s, v in numbers.items() if isinstance(s, Symbol)}
    return expr.xreplace({s: v for s, v in numbers.items() if s not in scalars}).subs(scalars)


@every_row
def test_evalf(cls, expr, domain):
    env = {s: rounded(v) for s, v in random_env(expr, 1, SMALL, domain).items()}
    expr_of_numbers = explicit(expr, env)
    value = expr_of_numbers.xreplace({node: node.evalf() for node in expr_of_numbers.atoms(cls)})
    if cls.__name__ in NO_EVALF:
        assert value.has(cls)
        return
    assert not value.has(cls) or isinstance(value, ElementwiseApplyFunction)
    value = value.as_explicit() if getattr(value, "is_Matrix", False) else value
    value = value.evalf() if isinstance(value, sp.MatrixBase) or value.is_number else value
    np.testing.assert_allclose(
        np.array(value.tolist() if hasattr(value, "tolist") else value, dtype=float), evaluate(expr, env), rtol=1e-9, atol=1e-9
    )


LIBRARIES = [*BACKENDS, "array_api_strict"]
NO_FUNCTIONS = "the library has no such function of a matrix"
REFUSED = {  # (library, row): why there is no code
    **{
        (library, name): "it has no value until its function is given"
        for library in LIBRARIES
        for name in NAMES
        if name.startswith(("FunctionDerivative", *UNKNOWN))
    },
    **{("dask", row): "Dask has no such function of a whole matrix in chunks" for row in (
        "DuplicationMatrix-0", "MatrixExp-0", "MatrixLog-0", "MatrixSqrt-0", "MatrixSin-0", "MatrixCos-0", "MatrixFunction-0",
        "FrechetDerivative-0", "FrechetDerivative-1", "FrechetMatrix-0", "FrechetMatrix-1", "PseudoInverse-0", "Adjugate-0", "EigenvalueProduct-0",
        "Eigenvalue-0", "Eigenvector-0", "ReducedResolvent-0", "Eigenvalues-0", "Eigenvectors-0", "LeftSingularVectors-0",
        "RightSingularVectors-0", "InverseGaps-0", "LogAbsDeterminant-0", "GeneralizedEigenvalue-0", "GeneralizedEigenvector-0", "PencilResolvent-0", "GeneralEigenvalue-0", "RightEigenvector-0",
        "LeftEigenvector-0", "GroupResolvent-0",
        "Sylvester-0", "Lyapunov-0", "DiscreteLyapunov-0", "DiscreteLyapunov-1", "Riccati-0", "Riccati-1", "DiscreteRiccati-0", "QRFactorQ-0", "QRFactorR-0", "LUFactorP-0", "LUFactorL-0",
        "LUFactorU-0",
        "LeftSingularVector-0", "RightSingularVector-0", "MatrixSum-0",
    )},
    **{("array_api_strict", row): NO_FUNCTIONS for row in (
        "GeneralEigenvalue-0", "RightEigenvector-0", "LeftEigenvector-0", "GroupResolvent-0",
        "LUFactorP-0", "LUFactorL-0", "LUFactorU-0",
        "MatrixExp-0", "MatrixLog-0", "MatrixSqrt-0", "MatrixSin-0", "MatrixCos-0", "MatrixFunction-0",
        "FrechetDerivative-0", "FrechetDerivative-1", "FrechetMatrix-0", "FrechetMatrix-1",
    )},
}  # fmt: skip


def arguments_of(expr, env):
    """The symbols that have values, sizes only where no array shows them; an ArraySymbol has a Symbol of its name as a part."""
    arrays = [s for s in env if np.ndim(env[s])]
    scalars = [s for s in env if s in expr.free_symbols and np.ndim(env[s]) == 0 and s.name not in {str(a) for a in arrays}]
    return arrays + [s for s in scalars if s not in (m, n) or not sized_by_data(expr)]


def sized_by_data(expr):
    """Whether the arrays show the sizes m and n that occur."""
    shown = {size for s in expr.atoms(MatrixSymbol, mc.AsMatrix) for size in s.shape}
    return expr.atoms(Symbol) & {m, n} <= shown


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name, expr, domain", [(name, *row[1:]) for name, row in zip(NAMES, CASES)], ids=NAMES)
def test_numeric_code(name, expr, domain, library):
    """The value of the evaluator; a library that has no code for a node refuses it with an error of the package."""
    if not find_spec(library):
        pytest.skip(f"{library} is not installed")
    env = random_env(expr, 2, SMALLEST, domain)
    args = arguments_of(expr, env)
    modules = import_module(library) if library not in BACKENDS else library
    make = partial(mc.lambdify, args, expr, modules=modules)
    if (library, name) in REFUSED:
        with pytest.raises(mc.MatcalcError):
            make()(*(env[s] for s in args))
        return
    values = [modules.asarray(env[s]) if library == "array_api_strict" and np.ndim(env[s]) else env[s] for s in args]
    got = make()(*values)
    got = np.asarray(got.compute() if library == "dask" and hasattr(got, "compute") else got)
    tolerance = 1e-9 if got.dtype.itemsize >= 8 and library != "jax" else 2e-4
    expected = np.asarray(evaluate(expr, env))
    assert got.size == expected.size
    np.testing.assert_allclose(got.reshape(expected.shape), expected, rtol=tolerance, atol=tolerance)


# ---- functions of every entry
@entrywise
def test_kinks(node):
    """At a kink the function is continuous, and its derivative is between those on either side, in code as by SymPy."""
    parameters = [sp.Rational(k, 2) for k, _ in enumerate(node.parameters, 1)]
    kinks = node.kinks(*parameters)
    s = Symbol("s", real=True)
    value, slope = node(s, *parameters), node(s, *parameters).diff(s)
    for at in map(float, kinks):
        below, there, above = (float(slope.subs(s, at + h).evalf()) for h in (-1e-6, 0, 1e-6))
        assert min(below, above) - 1e-5 <= there <= max(below, above) + 1e-5
        code = mc.lambdify([s], [value, slope])(at)
        np.testing.assert_allclose(code, [float(value.subs(s, at).evalf()), there], atol=1e-12)
    points = [p for p in np.linspace(-3.1, 3.1, 63) if all(abs(p - float(k)) > 1e-3 for k in kinks)]
    steps = [(value.subs(s, p + 1e-5) - value.subs(s, p - 1e-5)).evalf() / 2e-5 for p in points]
    np.testing.assert_allclose([float(slope.subs(s, p).evalf()) for p in points], np.array(steps, float), rtol=1e-6, atol=1e-6)


@entrywise
def test_is_analytic_only_without_kinks(node):
    parameters = [sp.Rational(k, 2) for k, _ in enumerate(node.parameters, 1)]
    assert not (node.is_analytic and node.kinks(*parameters))
    function = sp.Lambda(t, node(t, *parameters))
    if node.is_analytic:
        assert mc.MatrixFunction(function, S).has(node)
    else:
        with pytest.raises(mc.ExpressionError, match="analytic"):
            mc.MatrixFunction(function, S)


@entrywise
def test_the_definition_is_the_function(node):
    parameters = [sp.Rational(k, 2) for k, _ in enumerate(node.parameters, 1)]
    s = Symbol("s", real=True)
    for at in (-2.3, -0.4, 0.3, 1.7):
        np.testing.assert_allclose(evaluate(node(s, *parameters), {s: at}), float(node.definition(sp.Float(at), *parameters)), rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2])
@entrywise
def test_derivatives(node, order):
    """Of every entry of a matrix, and by a parameter."""
    s, k = Symbol("s", real=True), [sp.Rational(k, 2) for k, _ in enumerate(node.parameters, 1)]
    check_rule(node(X, *k), X, {}, order=order)
    check_rule(sp.Trace(S * node(S, *k)), S, {}, order=order)
    if k:
        check_rule(mc.ElementSum(node(X, *k[:-1], s)), s, {s: "positive"}, order=order)


def test_a_class_that_says_nothing_is_refused():
    """As it is defined: an omission does not wait for a test."""
    with pytest.raises(TypeError, match="how it is typed"):
        type("Silent", (Elementwise,), {"__module__": "sympy_matcalc.nodes.silent"})
    with pytest.raises(TypeError, match="is typed as `huber`"):
        type("Twin", (Elementwise,), {"__module__": "sympy_matcalc.nodes.twin", "typed": Typed("huber", "value", "a twin")})
    assert "Silent" not in NODES and "Twin" not in NODES


def test_a_users_class_may_derive_from_a_node():
    class Own(mc.Norm):
        pass

    assert "Own" not in NODES and mc.gradient(mc.Norm(x), x) is not None


@every_row
def test_a_copy_that_came_first_reads_the_same(cls, expr, domain):
    """SymPy's cache hands out the first of equal objects: with a pickled one in it, nothing may ask for identity."""
    if BEFORE_1_14 and expr.atoms(AppliedUndef):
        pytest.skip("an undefined function itself does not pickle there")
    tex, data = mc.latex(expr), pickle.dumps(expr)
    clear_cache()
    copy = pickle.loads(data)
    assert mc.latex(copy) == mc.latex(copy.func(*copy.args)) == tex
    assert str(mc.simplify(copy)) == str(mc.simplify(expr))


def test_nothing_asks_for_the_bound_symbol_itself():
    """An equal one may stand in a function that was read from a pickle: `==` knows it, `is` does not."""
    package = Path(mc.__file__).parent
    found = [
        f"{file.relative_to(package)}:{node.lineno}"
        for file in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Compare) and any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
        if any(isinstance(x, ast.Name) and x.id == "BOUND" for x in (node.left, *node.comparators))
    ]
    assert found == []
