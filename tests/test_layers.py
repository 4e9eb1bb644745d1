"""Modules import downward only, and at the top of the file only: read off the syntax trees, nothing is imported."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "sympy_matcalc"

LAYERS = [  # lowest first; the units of one line are of one layer and may import one another
    ["compat"],
    ["errors"],
    ["strict"],
    ["conventions"],
    ["nodes"],
    ["kernel"],
    ["typed_input"],
    ["properties"],
    ["facts"],
    ["notation"],
    ["canonical"],
    ["rules"],
    ["adjoint"],
    ["rewriting"],
    ["indices"],
    ["printing"],
    ["answers"],
    ["abbreviation"],
    ["codegen", "operators"],
    ["structure"],
    ["api", "wirtinger"],
    ["fitting"],
    ["text"],
    ["pictures"],
    ["sympy_hooks"],
    ["precise", "testing"],
    ["certificate"],
    ["cookbook", "verdicts", "derivations"],
    ["cli", "__main__"],
]
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}
PUBLIC = {"testing", "cli", "__main__"}  # may use the package through its public list, `import sympy_matcalc as mc`
MAY_IMPORT_INSIDE = {"sympy_hooks", "cli", "codegen"}  # in-function imports: hooks, and back ends that are optional
MAY_IMPORT_INSIDE_FILES = {
    "pictures/structure/plot.py",
    "nodes/einsum.py",
    "text/parser.py",  # lark, which is loaded with the first text
    "text/tables.py",  # the same
    "indices/to_matrices.py",
    "derivations/explain.py",  # the certificate, which needs NumPy
}  # SymPy's array expressions load only for a conversion to them
FILES = sorted(f for f in PACKAGE.rglob("*.py") if f != PACKAGE / "__init__.py")


def unit_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_units(file, tree):
    """(line, unit) of each import from the package; the unit is '' for the package itself."""
    here = ["sympy_matcalc", *file.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) + 1 - node.level] if node.level else []
            module = base + (node.module.split(".") if node.module else [])
            targets = [module] if len(module) > 1 else [[*module, alias.name] for alias in node.names]
        else:
            continue
        for target in targets:
            if target[0] == "sympy_matcalc":
                yield node.lineno, target[1] if len(target) > 1 else ""


def wrong_imports(file):
    unit, tree = unit_of(file), ast.parse(file.read_text(encoding="utf-8"))
    for line, target in imported_units(file, tree):
        if target == "":
            allowed = unit in PUBLIC
        else:
            allowed = target in RANK and RANK[target] <= RANK[unit]
        if not allowed:
            yield f"{file.name}:{line}: `{unit}` imports `{target or 'sympy_matcalc'}`, which is not below it"


def inner_imports(file):
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    yield f"{file.name}:{node.lineno}: an import inside `{getattr(function, 'name', 'lambda')}`"


def may_import_inside(file):
    return unit_of(file) in MAY_IMPORT_INSIDE or file.relative_to(PACKAGE).as_posix() in MAY_IMPORT_INSIDE_FILES


def name_of(file):
    return str(file.relative_to(PACKAGE))


def test_every_module_has_a_layer():
    assert sorted({unit_of(f) for f in FILES} - set(RANK)) == []


@pytest.mark.parametrize("file", [f for f in FILES if unit_of(f) in RANK], ids=name_of)
def test_imports_go_downward(file):
    assert list(wrong_imports(file)) == []


@pytest.mark.parametrize("file", [f for f in FILES if not may_import_inside(f)], ids=name_of)
def test_imports_are_at_the_top(file):
    assert list(inner_imports(file)) == []


def test_every_package_folder_is_a_package():
    """`packages = find:` installs folders with an ``__init__.py`` only."""
    assert [str(f) for f in FILES if not (f.parent / "__init__.py").exists()] == []


def folders_of(root):
    """The folders with Python files below a folder, relative to it."""
    return {f.parent.relative_to(root).as_posix() for f in root.rglob("*.py") if "__pycache__" not in f.parts} - {"."}


NOT_TESTED_APART = {"codegen/backends/runtime", "cookbook/tables"}  # text, and data


def test_tests_stand_where_the_package_does():
    """`sympy_matcalc/a/b.py` is tested in `tests/a`."""
    tests = folders_of(Path(__file__).parent)
    package = folders_of(PACKAGE)
    assert sorted(tests - package) == []
    assert sorted(package - tests - NOT_TESTED_APART) == []
