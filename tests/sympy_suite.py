"""SymPy's own tests with this package installed: ``python tests/sympy_suite.py [-k expression] [--literal] [--sympy-only] [--verbose]``.

Our answers are often SymPy's in another arrangement, ``(A + A.T)*x`` for ``A*x + A.T*x``. So the tests run as copies in which each
``assert a == b`` asks whether a is b, or else whether both have the same value, by the independent evaluator, at random points and for
several sizes; an unevaluated derivative has the value of its finite differences. A test that fails without the package as well does not
count. Others must be in EXCEPTIONS, with the reason; the exit status is 1 for a failure that is not there, and for one that is and passes.
"""

import argparse
import ast
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.tensor.array.expressions import array_expressions as ae
from sympy.tensor.array.ndim_array import NDimArray

PLACES = [
    "matrices/expressions/tests",
    "tensor/array/tests",
    "tensor/array/expressions/tests",
    "assumptions/tests/test_refine.py",
    "core/tests/test_diff.py",
    "core/tests/test_function.py",
    "simplify/tests/test_simplify.py",
    "utilities/tests/test_lambdify.py",
]
SECONDS = 60  # for one test
RTOL = 1e-6

# {test: why SymPy's expectation is not ours}
EXCEPTIONS = {
    "matrices/expressions/determinant::test_refine": "the determinant of an orthogonal matrix is taken to be 1; that of a reflection is -1",
    "tensor/array/array_derivatives::test_array_derivative_construction": "a matrix by one that it does not contain stays unevaluated; ours is 0",
    "utilities/lambdify::test_curly_matrix_symbol": "passes the number 1 for a 2 x 1 matrix and expects it back; ours checks the shapes",
    "utilities/lambdify::test_issue_13881": "expects X*X.T of a 3 x 1 matrix X to be the number X.T*X where X is passed with one axis; ours is 3 x 3",
}


# ---------------------------------------------------------------- the copies


class _Equalities(ast.NodeTransformer):
    """``assert a == b`` becomes ``assert _same(a, b)``, and so does ``assert a.dummy_eq(b)``."""

    def visit_Assert(self, node):
        test = node.test
        if isinstance(test, ast.Compare) and all(isinstance(op, ast.Eq) for op in test.ops):
            pairs = zip([test.left, *test.comparators], test.comparators)
            calls = [_of_text(*pair) or ast.Call(ast.Name("_same", ast.Load()), list(pair), []) for pair in pairs]
            node.test = calls[0] if len(calls) == 1 else ast.BoolOp(ast.And(), calls)
        elif isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "dummy_eq":
            node.test = ast.Call(ast.Name("_same", ast.Load()), [test.func.value, *test.args], [])
        return ast.fix_missing_locations(node)


def _of_text(left, right):
    """``_same_text(expr, text, globals())`` for ``str(expr) == text``; None for anything else."""
    if not (isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "str" and isinstance(right, ast.Constant)):
        return None
    return ast.Call(ast.Name("_same_text", ast.Load()), [*left.args, right, ast.Call(ast.Name("globals", ast.Load()), [], [])], [])


def rewritten(text):
    """The text of a test file with `_same` in place of ``==``."""
    tree = _Equalities().visit(ast.parse(text))
    ahead = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    rest = [s for s in tree.body if s not in ahead]
    tree.body = [*ahead, *ast.parse("from sympy_suite import same as _same, same_text as _same_text").body, *rest]
    return ast.unparse(ast.fix_missing_locations(tree))


def write_copies(folder):
    """Copies of SymPy's test files in `folder`, the path within SymPy in the name."""
    root = Path(sp.__file__).parent
    for place in PLACES:
        files = [root / place] if place.endswith(".py") else sorted((root / place).glob("test_*.py"))
        for file in files:
            where, stem = file.relative_to(root).as_posix().split("/tests/test_")
            name = f"test_{where.replace('/', '.')}__{stem}"
            (folder / name).write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")


# ---------------------------------------------------------------- equality

by_value = []  # what was equal by value only in the test that runs
_mode = {"value": False}


def same(a, b):
    """Whether SymPy takes both to be equal, or else (where the run asks for it) whether they have the same value."""
    if a == b or isinstance(a, sp.Basic) and isinstance(b, sp.Basic) and a.dummy_eq(b):
        return True
    if _mode["value"] and same_value(a, b):
        by_value.append(f"{a}  for  {b}")
        return True
    return False


def same_text(expr, text, names):
    """As `same`, for a test that compares how an expression prints with a text; the text is one of SymPy's own."""
    if str(expr) == text:
        return True
    bound = {name: sp.Symbol(name, integer=True) for name in re.findall(r"\b_\w+", text)}
    known = {name: value for name, value in names.items() if isinstance(value, (sp.Basic, type))}
    return bool(_mode["value"]) and same(expr, sp.sympify(text, locals={**known, **bound}))


def same_value(a, b):
    """Whether two expressions, or lists of them, are equal by number wherever they have one, and have one somewhere."""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(x == y or same_value(x, y) for x, y in zip(a, b))
    if not all(isinstance(e, (sp.Basic, sp.MatrixBase, NDimArray)) and not isinstance(e, Boolean) for e in (a, b)):
        return False
    a, b = (e.as_immutable() if hasattr(e, "as_immutable") else e for e in (a, b))
    verdicts = {_equal_at(a, b, env) for env in environments(a, b)}
    return True in verdicts and False not in verdicts


def environments(a, b):
    """Random data for what occurs in either, with two assignments of the symbolic sizes, and with entries of any sign or positive."""
    from sympy_matcalc.testing import random_env

    functions = {f.func for e in (a, b) for f in e.atoms(AppliedUndef)} if not isinstance(a, NDimArray) else set()
    for seed, kind in product(range(2), ("any", "posdet", "positive")):
        matrices = {M for e in (a, b) for M in sp.Tuple(e).atoms(sp.MatrixSymbol)}
        shapes = {M: [s for s in M.shape if s.is_Symbol] for M in matrices}
        sizes = sorted({s for some in shapes.values() for s in some}, key=str)
        square = {M for M in matrices if M.shape[0] == M.shape[1]}
        domain = {M: kind if kind != "posdet" or M in square else "any" for M in matrices}
        env = random_env([a, b], seed, {s: 2 + (k + seed) % (len(sizes) + 1) for k, s in enumerate(sizes)}, domain)
        yield {**env, **{f: _smooth_function(k) for k, f in enumerate(sorted(functions, key=str))}}


def _smooth_function(k):
    return lambda *args: np.sin(sum((1.3 + 0.2 * k + 0.1 * i) * np.asarray(a) for i, a in enumerate(args))) + 2


def _equal_at(a, b, env):
    """None where one has no value."""
    from sympy_matcalc.testing import evaluate

    try:
        x, y = (np.asarray(evaluate(e, env)) for e in (a, b))
    except np.linalg.LinAlgError:
        return None
    if x.ndim != 2 or y.ndim != 2:  # axes of length 1 may be dropped
        x, y = np.squeeze(x), np.squeeze(y)
    if x.shape != y.shape:
        return False
    if not np.all(np.isfinite(y)):
        return None
    return bool(np.allclose(x, y, rtol=RTOL, atol=RTOL * max(1, np.abs(y).max(initial=0))))


def know_derivatives():
    """Teach the evaluator of this process the value of a derivative that is not evaluated: finite differences, axes of the variable first."""
    from fuzz import know_ranged_deltas  # this folder is on the path
    from sympy.tensor.array.array_derivatives import ArrayDerivative

    from sympy_matcalc.testing import evaluator, finite_difference

    know_ranged_deltas()

    @evaluator(sp.Derivative, ArrayDerivative)
    def of_derivative(ev, node):
        if len(node.variable_count) != 1 or node.variable_count[0][1] != 1:
            raise NotImplementedError(f"the value of a repeated derivative: `{node}`")
        variable = node.variables[0]
        value = finite_difference(node.expr, variable, ev.env)
        rank = 2 if isinstance(variable, sp.MatrixSymbol) else 0
        return np.moveaxis(value, range(value.ndim - rank, value.ndim), range(rank))

    @evaluator(ae.ArraySymbol)
    def of_array_symbol(ev, node):
        shape = [ev.integer(s) for s in node.shape]
        return np.cos(np.arange(np.prod(shape)) + len(str(node.name))).reshape(shape)


# ---------------------------------------------------------------- this module as a plugin of pytest

results = {}


def pytest_addoption(parser):
    parser.addoption("--with-install", action="store_true")
    parser.addoption("--by-value", action="store_true")
    parser.addoption("--results", default="results.json")


def pytest_configure(config):
    sys._running_pytest = True  # SymPy's XFAIL and slow are pytest's then, as by its own conftest
    config.addinivalue_line("markers", "slow: SymPy's")
    _mode["value"] = config.getoption("--by-value")
    if config.getoption("--with-install"):
        import sympy_matcalc as mc

        mc.install()
        know_derivatives()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    by_value.clear()

    def out_of_time(signum, frame):
        raise TimeoutError(f"more than {SECONDS} s")

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)


def pytest_runtest_logreport(report):
    name = report.nodeid.rsplit("/", 1)[-1]
    if report.when == "call" or report.outcome != "passed" and name not in results:
        outcome = "passed by value" if report.outcome == "passed" and by_value else report.outcome
        message = report.longreprtext if report.outcome == "failed" else "\n".join(by_value)
        results[name] = [outcome, message]


def pytest_collectreport(report):
    if report.failed:
        results[report.nodeid.rsplit("/", 1)[-1]] = ["failed", report.longreprtext]


def pytest_sessionfinish(session):
    Path(session.config.getoption("--results")).write_text(json.dumps(results))


# ---------------------------------------------------------------- the command


def run(folder, installed, value, chosen):
    """{test: [outcome, message]} of SymPy's tests, in a process of their own."""
    options = ["--with-install"] * installed + ["--by-value"] * value + ["--results", str(folder / "results.json")]
    options += ["-k", chosen] if chosen else []
    here = Path(__file__).resolve().parent  # and the package beside it, whatever else is on the path
    code = f"import sys; sys.path[:0] = {[str(here), str(here.parent)]}; import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    command = [
        sys.executable,
        "-c",
        code,
        "-q",
        "-p",
        "sympy_suite",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow",
        "--import-mode=importlib",
        "-W",
        "ignore",
        "--tb=short",
        "--rootdir",
        str(folder),
        *options,
        str(folder),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    file = folder / "results.json"
    if not file.exists():
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    return json.loads(file.read_text())


def counts(found):
    c = Counter(outcome for outcome, _ in found.values())
    return ", ".join(f"{c[k]} {k}" for k in ("passed", "passed by value", "failed", "skipped") if c[k])


def short(name):
    """``test_tensor.array__array_derivatives.py::test_x`` as ``tensor/array/array_derivatives::test_x``."""
    file, _, test = name.partition("::")
    where, _, stem = file.removeprefix("test_").removesuffix(".py").partition("__")
    return f"{where.replace('.', '/')}/{stem}::{test}"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-k", default="", help="only tests whose name matches, as for pytest")
    parser.add_argument("--literal", action="store_true", help="== means ==: how many of SymPy's tests see another form")
    parser.add_argument("--sympy-only", action="store_true", help="without the package: SymPy's own failures")
    parser.add_argument("--verbose", action="store_true", help="print the messages of failures, and what was equal by value only")
    a = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_copies(folder)
        before = run(folder, False, False, a.k)
        print(f"SymPy {sp.__version__} alone: {counts(before)}", flush=True)
        if a.sympy_only:
            return report({short(k): v for k, v in before.items() if v[0] == "failed"}, a.verbose)
        after = run(folder, True, not a.literal, a.k)
    print(f"with sympy_matcalc installed: {counts(after)}")
    if a.verbose:
        for k, (outcome, message) in after.items():
            if outcome == "passed by value":
                print(f"by value: {short(k)}\n{message}\n")
    failed = {short(k): v for k, v in after.items() if v[0] == "failed" and before.get(k, [""])[0] != "failed"}
    new = {k: v for k, v in failed.items() if a.literal or k not in EXCEPTIONS}
    passing = sorted({short(k) for k, v in after.items() if v[0].startswith("passed")} & set(EXCEPTIONS))
    for k in sorted(set(failed) - set(new)):
        print(f"excepted: {k}: {EXCEPTIONS[k]}")
    for k in passing * (not a.literal):
        print(f"passes, but is in EXCEPTIONS: {k}")
    return report(new, a.verbose) or int(bool(passing) and not a.literal)


def report(failed, verbose):
    """Prints the failures; the exit status."""
    for k, (_, message) in failed.items():
        print(f"FAILED {k}" + (f"\n{message}\n" if verbose else "  " + message.strip().splitlines()[-1]))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
