"""The pages of the documentation are true: the Python of each runs as doctests, from the top of the page, and links between pages hold."""

import doctest
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import sympy_matcalc as mc
from sympy_matcalc.rules import RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
ELSEWHERE = {"backends.md", "linear_operators.md", "performance.md"}  # tests/codegen/test_docs.py, tests/adjoint/test_docs.py
NEEDS = {"howto/jax.md": ["jax"], "howto/big_data.md": ["dask.array"], "howto/fitting.md": ["scipy"], "howto/standard_errors.md": ["scipy"]}
MADE = {"cookbook.md", "rewrites.md"}  # by the package; they have no Python
PAGES = {str(p.relative_to(DOCS)): p for p in sorted(DOCS.rglob("*.md")) if not {"_build", "notebooks", "generated"} & set(p.parts)}
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


class UpToRounding(doctest.OutputChecker):
    """Compares outputs without the size of a rounding error, such as 2.1e-15, which differs from machine to machine."""

    def check_output(self, want, got, flags):
        return super().check_output(*(re.sub(r"\b\d\.\de-1\d\b", "#", text) for text in (want, got)), flags)


def code(path):
    return "\n".join(FENCE.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", [name for name, path in PAGES.items() if name not in ELSEWHERE | MADE and ">>>" in code(path)])
def test_the_blocks_run(name):
    for module in NEEDS.get(name, ()):
        pytest.importorskip(module)
    test = doctest.DocTestParser().get_doctest(code(PAGES[name]), {}, name, str(PAGES[name]), 0)
    report = []
    doctest.DocTestRunner(UpToRounding(), optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert not report, "".join(report)


def test_every_block_of_python_is_run():
    """A block that is not written as a doctest would be believed and never tried."""
    for name, path in PAGES.items():
        for block in FENCE.findall(path.read_text(encoding="utf-8")):
            assert block.startswith(">>>"), f"{name}: {block.splitlines()[0]}"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    path, root = PAGES[name], DOCS.parent
    text = re.sub(r"```.*?```|\$[^$]*\$|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        here = path.parent / target
        notebook = root / "notebooks" / Path(target).name  # notebooks lie beside `docs`, and are copied into it for the site
        made = "generated" in Path(target).parts
        assert here.exists() or made or (target.endswith(".ipynb") and notebook.exists()), f"{name}: {target}"


@pytest.fixture(scope="module")
def catalogue():
    """The module that makes the pages of the reference."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS / "_ext")
        yield _catalogue()


def _catalogue():
    spec = importlib.util.spec_from_file_location("catalogue", DOCS / "_ext" / "catalogue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_has_every_public_name_once(catalogue):
    shown = [*catalogue.public_functions(), *(name for names in catalogue.nodes().values() for name in names)]
    assert sorted(shown) == sorted(mc.__all__)
    for names in catalogue.nodes().values():  # a function that no theme has would stand among the nodes
        assert all(inspect.isclass(getattr(mc, name)) for name in names), names


def test_the_catalogue_has_every_rule_with_its_formula(catalogue):
    page = catalogue.rules_page()
    for cls, rule in RULES.items():
        if (rule.__module__ or "").startswith("sympy_matcalc.") and not cls.__module__.startswith(
            "tests."
        ):  # that another test has declared
            assert f"| `{cls.__name__}` | " in page and rule.__doc__, cls


def test_formulas_of_rules_are_set_as_mathematics(catalogue):
    """In each there is a formula, but for rules that are said in words alone; no sign of ASCII notation is left in one."""
    lines = [line.split(" | ")[1] for line in catalogue.rules_page().splitlines() if line.startswith("| `")]
    assert len(lines) > 100 and sum("$" in line for line in lines) > 0.9 * len(lines)
    for line in lines:
        assert line.count("$") % 2 == 0, line
        for formula in line.split("$")[1::2]:
            assert not re.search(r"'(?!\()| \(x\) | o |\|\||(?<!\\)\b(?:sum_|lambda\b)", formula), formula
            assert formula.count("{") == formula.count("}"), formula


def test_notation():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS / "_ext")
        assert doctest.testmod(importlib.import_module("notation")).failed == 0
