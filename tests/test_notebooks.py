"""Every notebook runs from its first cell to its last; its cells assert what their text says."""

import json
from pathlib import Path

import pytest

NEEDS = {"fitting": ["scipy", "sklearn"]}  # beyond what the package itself needs
NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path):
    for module in NEEDS.get(path.stem, ()):
        pytest.importorskip(module)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    space: dict = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "outputs are not kept in the repository"
            exec(compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec"), space)
