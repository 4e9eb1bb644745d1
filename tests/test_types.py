"""The type gate looks into bodies: a planted mistake is found."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
@pytest.mark.parametrize("file", ["rewriting/determinants.py", "kernel/make.py", "codegen/ir/graph.py", "notation/collect.py"])
def test_a_planted_attribute_error_is_found(tmp_path, file):
    shutil.copytree(ROOT / "sympy_matcalc", tmp_path / "sympy_matcalc")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "sympy_matcalc" / file).open("a", encoding="utf-8") as f:
        f.write('\n\ndef _planted(a):\n    return "text".no_such_attribute + len(a)\n')
    run = subprocess.run([sys.executable, "-m", "mypy", "--no-incremental"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 1 and "no_such_attribute" in run.stdout
