"""The public surface: what `dir`, `help` and a star import show, and what a type checker sees of it."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import sympy_matcalc as mc
from sympy_matcalc.nodes.declaration import OwnNode

SOURCE = Path(mc.__file__)
FUNCTIONS = [name for name in mc.__all__ if inspect.isfunction(getattr(mc, name))]
CLASSES = [name for name in mc.__all__ if inspect.isclass(getattr(mc, name)) and not issubclass(getattr(mc, name), (OwnNode, Exception))]


def test_the_surface_is_names_that_are_there_and_no_modules():
    assert len(FUNCTIONS) > 30 and len(CLASSES) > 5
    assert set(dir(mc)) == {*mc.__all__, "__doc__", "__version__"}
    assert {name for name in mc.__all__ if name.startswith("_") or inspect.ismodule(vars(mc).get(name))} <= {"cookbook"}  # a function too
    for name in mc.__all__:
        assert getattr(mc, name) is not None
    for name in ("gradient", "Norm", "explain", "lambdify", "cookbook"):
        assert name in mc.__all__


def test_no_folder_of_the_package_is_shown_in_a_new_process():
    code = "import sympy_matcalc as mc; from sympy_matcalc import *; print(*[n for n in dir(mc) if n[0] != '_']); gradient, explain, Norm"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SOURCE.parents[1]).stdout.split()
    folders = {p.stem for p in SOURCE.parent.iterdir() if p.stem[0] != "_"}
    assert set(names) & folders == {"cookbook"}
    assert set(names) == set(mc.__all__)


def test_type_checkers_see_what_is_loaded_on_demand():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "_TYPE_CHECKING")
    seen = {alias.name: "." * node.level + (node.module or "") for node in block.body for alias in node.names}
    assert seen == mc._ON_DEMAND


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_says_its_types_and_what_it_does(name):
    function = getattr(mc, name)
    _says_its_types(function)
    assert function.__doc__


@pytest.mark.parametrize("name", CLASSES)
def test_the_methods_of_a_public_class_say_their_types(name):
    for key, method in vars(getattr(mc, name)).items():
        if key[0] != "_" and inspect.isfunction(method):
            _says_its_types(method, own=1)


def _says_its_types(function, own=0):
    signature = inspect.signature(function)
    assert signature.return_annotation is not signature.empty
    assert all(p.annotation is not p.empty for p in list(signature.parameters.values())[own:])
