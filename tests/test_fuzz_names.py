"""The fuzzer of hostile names: a short run, and proof that it sees what it looks for."""

import sys
from importlib import import_module

import pytest

from sympy_matcalc.codegen import literals

from . import fuzz_names


def put_in_quotes_by(monkeypatch, quoted):
    """Replace the function through which names reach a source, in every module that has it."""
    import_module("sympy_matcalc.codegen.backends.numpy_backend")
    for name, module in sorted(sys.modules.items()):
        if name.startswith("sympy_matcalc.codegen.") and vars(module).get("string_literal") is literals.string_literal:
            monkeypatch.setattr(module, "string_literal", quoted)


def test_nothing_in_a_name_is_run():
    cases, made = fuzz_names.run(120, 7, fuzz_names.installed_backends())
    assert made > cases // 2


def test_naive_quotes_are_caught(monkeypatch):
    """The fault that was there: a name between quotes, unescaped."""
    put_in_quotes_by(monkeypatch, lambda text: f'"{text}"')
    with pytest.raises(AssertionError, match="seed"):
        fuzz_names.run(120, 7, ["numpy"])


def test_a_name_that_is_run_is_caught(monkeypatch):
    """A name inside an f-string of the source."""
    put_in_quotes_by(monkeypatch, lambda text: f"f{str(text)!r}")
    with pytest.raises(AssertionError, match="Executed|NameError|SyntaxError"):
        fuzz_names.run(300, 7, ["numpy"])
