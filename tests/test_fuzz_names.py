"""The fuzzer of hostile names: a short run, and proof that it sees what it looks for."""

import pytest

from sympy_matcalc.codegen import intake
from sympy_matcalc.codegen.backends import numpy_backend

from . import fuzz_names


def test_nothing_in_a_name_is_run():
    cases, made = fuzz_names.run(120, 7, fuzz_names.installed_backends())
    assert made > cases // 2


def test_naive_quotes_are_caught(monkeypatch):
    """The fault that was there: a name between quotes, unescaped."""
    for module in (intake, numpy_backend):
        monkeypatch.setattr(module, "string_literal", lambda text: f'"{text}"')
    with pytest.raises(AssertionError, match="seed"):
        fuzz_names.run(120, 7, ["numpy"])


def test_a_name_that_is_run_is_caught(monkeypatch):
    """A name inside an f-string of the source."""
    for module in (intake, numpy_backend):
        monkeypatch.setattr(module, "string_literal", lambda text: f"f{str(text)!r}")
    with pytest.raises(AssertionError, match="Executed|NameError|SyntaxError"):
        fuzz_names.run(300, 7, ["numpy"])
