"""The page's finder (web/page/late.py) loads the zips once, when a module of theirs or of the standard library is first looked for."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

PATH = Path(__file__).resolve().parents[1] / "web" / "page" / "late.py"


@pytest.fixture
def loaded(monkeypatch):
    """(the finder, which stands in front of the others; how often the zips were loaded)."""
    spec = importlib.util.spec_from_file_location("page_late", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    calls = []
    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(loadRest=lambda: calls.append(sys.meta_path.count(module.Late))))
    monkeypatch.setattr(sys, "meta_path", [module.Late, *sys.meta_path])
    return module.Late, calls


@pytest.mark.parametrize("name", ["sympy.stats", "sympy_matcalc.fitting", "turtle", "xml.dom"])
def test_a_module_of_the_zips_loads_them_once_and_the_finder_is_gone(loaded, name):
    late, calls = loaded
    assert late.find_spec(name) is None
    assert calls == [0] and late not in sys.meta_path


@pytest.mark.parametrize("name", ["scipy", "sympy_plus", "js_extra"])
def test_other_modules_load_nothing(loaded, name):
    late, calls = loaded
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{name}_that_nobody_has")
    assert late.find_spec(f"{name}_that_nobody_has") is None
    assert calls == [] and late in sys.meta_path


def test_an_import_goes_on_with_the_finders_behind(loaded, monkeypatch):
    late, calls = loaded
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert importlib.import_module("colorsys").rgb_to_hsv(1, 1, 1) == (0, 0, 1)
    assert calls == [0] and late not in sys.meta_path
