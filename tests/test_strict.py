"""No text reaches `sympify`, which evaluates it."""

import ast
import builtins
import itertools
from pathlib import Path

import numpy as np
import pytest
from sympy import MatrixSymbol, Trace

import sympy_matcalc as mc
from sympy_matcalc import strict, testing, text

PACKAGE = Path(mc.__file__).parent
CALL = "__import__('builtins').matcalc_canary()"
X, x = MatrixSymbol("X", 2, 2), MatrixSymbol("x", 2, 1)
VALUES = [CALL, Trace(X), X, x, {X: CALL}, {CALL: CALL}, [CALL], np.array([CALL], dtype=object), np.array([[CALL]])]
SKIPPED = {"install", "uninstall", "idempotent"}  # no arguments; the last is a predicate, whose call is SymPy's


@pytest.fixture
def canary(monkeypatch):
    ran = []
    monkeypatch.setattr(builtins, "matcalc_canary", lambda: ran.append(CALL), raising=False)
    return ran


def test_the_canary_sings(canary):
    strict.sympify(CALL)
    assert canary


@pytest.mark.parametrize("wrap", [lambda t: t, lambda t: [t], lambda t: (1, [t]), lambda t: {X: t}, lambda t: {t}, lambda t: {t: X}])
@pytest.mark.parametrize("as_text", [str, str.encode, np.str_, np.array])
def test_text_is_refused_at_any_depth(wrap, as_text, canary):
    try:
        value = wrap(as_text(CALL))
    except TypeError:
        pytest.skip("an array is no key")
    with pytest.raises(mc.MatcalcError, match="text"):
        strict.sympified(value)
    assert not canary


@pytest.mark.parametrize("module", [mc, testing, text], ids=lambda m: m.__name__)
def test_no_public_function_runs_text(module, canary):
    functions = [getattr(module, name) for name in dir(module) if not name.startswith("_") and name not in SKIPPED]
    for function, count in itertools.product(filter(callable, functions), (1, 2, 3)):
        for args in itertools.product(VALUES[: 9 if count < 3 else 5], repeat=count):
            try:
                function(*args)
            except Exception:
                pass
            assert not canary, (function, args)


def test_sympify_has_one_front():
    """SymPy's `sympify` is called in `strict` only; the hooks pass on what SymPy's own functions are called with."""
    users = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [node.attr] if isinstance(node, ast.Attribute) else [a.name for a in getattr(node, "names", ()) if isinstance(a, ast.alias)]
            )
            if {"sympify", "parse_expr", "literal_eval"} & set(names):
                users.add(file.relative_to(PACKAGE).as_posix())
    assert users == {"strict.py", "sympy_hooks.py"}
