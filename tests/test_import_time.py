"""Importing the package loads no optional library and changes nothing in SymPy."""

import json
import subprocess
import sys

import pytest

OPTIONAL = [
    "scipy",
    "jax",
    "torch",
    "dask",
    "distributed",
    "array_api_strict",
    "matplotlib",
    "autograd",
    "pandas",
    "hypothesis",
    "pytest",
    "IPython",
    "lark",
]

LOADED = "import json, sys, sympy_matcalc; print(json.dumps([m for m in sys.argv[1:] if m in sys.modules]))"

UNCHANGED = """
import json, sys, sympy, sympy.tensor.array.expressions.from_array_to_matrix
from sympy.tensor.array.expressions.arrayexpr_derivatives import array_derive
def state():
    out = {"registry": sorted(map(str, array_derive.registry)), "recursion": sys.getrecursionlimit(),
           "refine": sorted(sys.modules["sympy.assumptions.refine"].handlers_dict)}
    for name, module in sorted(sys.modules.items()):
        if name == "sympy" or name.startswith("sympy."):
            for key, value in sorted(vars(module).items(), key=lambda kv: kv[0]):
                if isinstance(value, type) and (value.__module__ or "").startswith("sympy."):
                    members = vars(value).items()
                    out[name + "." + key] = sorted((k, id(v)) for k, v in members if not k.startswith("_abc") and k != "__weakref__")
                elif callable(value):
                    out[name + "." + key] = id(value)
    return out
before = state()
import sympy_matcalc
after = state()
print(json.dumps([k for k in before if before[k] != after[k]]))
"""


def run(code, *args):
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_importing_loads_no_optional_library():
    assert run(LOADED, *OPTIONAL) == []


@pytest.mark.parametrize("module", ["sympy_matcalc.cli", "sympy_matcalc.text"])
def test_the_command_line_loads_no_optional_library(module):
    assert run(LOADED.replace("sympy_matcalc;", f"{module};"), *OPTIONAL) == []


def test_importing_changes_nothing_in_sympy():
    assert run(UNCHANGED) == []


DERIVED = """
import io, json, sys
from contextlib import redirect_stdout
from sympy_matcalc.cli import main
with redirect_stdout(io.StringIO()):
    main(["derive", sys.argv[1], "--wrt", "x"])
print(json.dumps([m for m in sys.argv[2:] if m in sys.modules]))
"""


def test_deriving_a_formula_loads_only_what_it_needs():
    unused = ["sympy_matcalc.text.tex", "sympy.assumptions.handlers.matrices", "scipy"]
    assert run(DERIVED, "x.T*A*x", *unused) == []
    assert run(DERIVED, r"x^\top A x", *unused) == unused[:1]
