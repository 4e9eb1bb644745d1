"""The helpers of generated code: real modules, read as text, in the words of each library, complete for each back end."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.backends.array_backend import ArrayBackend
from sympy_matcalc.codegen.backends.base import Backend, check_contract, helpers_of
from sympy_matcalc.codegen.backends.factor_spelling import FactorSpelling
from sympy_matcalc.codegen.backends.helpers import Dialect, _parsed, _statements, helper_table
from sympy_matcalc.errors import ShapeError

RUNTIME = Path(mc.__file__).parent / "codegen" / "backends" / "runtime"
MODULES = sorted(f.stem for f in RUNTIME.glob("*.py") if f.stem != "__init__")
BACKENDS = [ArrayBackend, *registry.BACKENDS.values()]
n, m = symbols("n m", integer=True, positive=True)
X, y, w = MatrixSymbol("X", m, n), MatrixSymbol("y", m, 1), MatrixSymbol("w", n, 1)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_helpers_is_python_that_runs(module):
    library = {"jax": "jax", "torch": "torch", "dask": "dask"}.get(module.split("_")[0], "scipy")
    pytest.importorskip(library)
    importlib.import_module(f"sympy_matcalc.codegen.backends.runtime.{module}")


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.__name__)
def test_helpers_call_only_what_is_there(backend):
    table = helpers_of(backend)
    for name, helper in table.items():
        tree = ast.parse(helper.text)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id.startswith("_") and node.id != "_"}
        assert used - set(table) == set(), name
        assert set(helper.calls) == used - {name}


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.__name__)
def test_helpers_speak_of_their_own_library(backend):
    for name, helper in helpers_of(backend).items():
        names = {node.id for node in ast.walk(ast.parse(helper.text)) if isinstance(node, ast.Name)}
        assert backend.xp == "xp" or "xp" not in names, name


def test_words_of_a_library():
    words = Dialect(
        "mx", functions={"permute_dims": "transpose"}, renamed={"axis": "dim", "_kron": "mx.kron"}, dropped=frozenset({"device"})
    )
    table = helper_table(("standard",), words)
    assert "mx.transpose(x, " in table["_einsum"].text
    assert "mx.kron(mx.eye(x.shape[0] // e.shape[0], dtype=e.dtype), e)" in table["_block_triangular"].text
    assert table["_softmax"].text.startswith("def _softmax(x, dim=None):") and "axis" not in table["_softmax"].text
    assert table["_array"].text.startswith("def _array(entries, shape, dtype):")
    assert table["_einsum"].imports == ("import math",)


def test_a_word_inside_an_f_string_is_refused(monkeypatch, tmp_path):
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "bad.py").write_text('def _bad(x):\n    return f"{xp.max(x)}"\n')
    monkeypatch.setattr("sympy_matcalc.codegen.backends.helpers.files", lambda package: tmp_path)
    with pytest.raises(ValueError, match="f-string"):
        helper_table(("bad",), Dialect("mx"))["_bad"]


def test_a_back_end_that_says_too_little_is_refused_when_it_is_registered():
    class Nameless(ArrayBackend):
        title = ""

    class Factorless(FactorSpelling, ArrayBackend):
        runtime = ("common", "standard", "standard_factors")

    with pytest.raises(TypeError, match="`Nameless` does not say `title`"):
        registry.register("nameless", Nameless)
    with pytest.raises(TypeError, match="`Factorless` lacks helpers of its own.*`_factor`, `_factor_solve`, `_swaps`"):
        registry.register("factorless", Factorless)
    assert not {"nameless", "factorless"} & set(registry.BACKENDS)


def test_a_library_under_another_name_needs_that_name_only(monkeypatch):
    """The helpers follow `xp` of the class."""
    library = ModuleType("mx")
    library.__dict__.update({k: getattr(np, k) for k in dir(np)})
    monkeypatch.setitem(sys.modules, "mx", library)

    class Mx(ArrayBackend):
        title, package, xp, module_name = "MX", "mx", "mx", "mx"

    monkeypatch.setitem(registry.BACKENDS, "mx", check_contract(Mx))
    monkeypatch.setitem(registry.MODULES, "mx", Mx)
    fn = mc.lambdify([X, w, y], mc.gradient(mc.LogSumExp(X * w) + (y.T * mc.Softmax(X * w))[0, 0], w), modules="mx")
    data = [np.arange(6.0).reshape(3, 2), np.ones((2, 1)), np.ones((3, 1))]
    ours = mc.lambdify([X, w, y], mc.gradient(mc.LogSumExp(X * w) + (y.T * mc.Softmax(X * w))[0, 0], w))(*data)
    assert "xp." not in fn.source and "_softmax" in fn.source and np.allclose(fn(*data), ours)


def test_reading_helpers_imports_no_library():
    code = (
        "import sys; from sympy_matcalc.codegen.backends.helpers import Dialect, helper_table; "
        "helper_table(('standard', 'torch_helpers', 'jax_helpers', 'dask_helpers'), Dialect('mx')); "
        "print([m for m in ('numpy', 'torch', 'jax', 'dask') if m in sys.modules])"
    )
    root = str(Path(mc.__file__).parents[1])
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert run.stdout.strip() == "[]"


def test_common_helpers_raise_the_error_of_the_package():
    from sympy_matcalc.codegen.backends.runtime import common

    with pytest.raises(ShapeError, match=r"argument `A`: expected shape \(n, n\), got \(2, 3\)"):
        common._wrong_shape("A", "(n, n)", "(n, n)", (2, 3))


def test_every_back_end_is_a_back_end():
    assert all(issubclass(b, Backend) and check_contract(b) is b for b in BACKENDS)


@pytest.mark.parametrize("module", MODULES)
def test_statements_read_by_their_margins_are_those_that_python_reads(module):
    text = (RUNTIME / f"{module}.py").read_text(encoding="utf-8")
    lines, (_, *nodes) = text.splitlines(), ast.parse(text).body
    assert _statements(text) == ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in nodes]
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    constants = {node.targets[0].id for node in nodes if isinstance(node, ast.Assign)}
    assert set(_parsed(module)) == defined | constants
