"""Every notebook runs from its first cell to its last, and shows what it says: kept outputs that are expressions are those of today.

``python notebooks/run.py`` writes the outputs anew; those of the cookbook, which the package makes, are not kept.
"""

import ast
import json
from pathlib import Path

import pytest
from sympy import Basic

import sympy_matcalc as mc
from sympy_matcalc.abbreviation.result import Abbreviated

WIDTH = 84  # characters of code that the site shows without scrolling
NEEDS = {  # beyond what the package itself needs
    "attention": ["jax"],
    "control": ["scipy", "statsmodels"],
    "digits": ["jax", "sklearn"],
    "fitting": ["scipy", "sklearn"],
    "gaussian_process": ["scipy", "sklearn"],
    "model_to_paper": ["scipy", "sklearn"],
    "pca": ["scipy", "sklearn"],
    "quickstart": ["scipy"],
    "robust_regression": ["scipy", "sklearn", "statsmodels"],
    "statistics": ["scipy", "statsmodels"],
}
MADE = {"cookbook"}
NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert len(NOTEBOOKS) > 10 and {path.stem for path in NOTEBOOKS} > {*NEEDS, *MADE}


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.stem not in MADE], ids=lambda p: p.stem)
def test_code_fits_the_page(path):
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    assert [line for line in lines if len(line) > WIDTH] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs(path, capsys):
    for module in NEEDS.get(path.stem, ()):
        pytest.importorskip(module)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    space: dict = {}
    try:
        for number, cell in enumerate(cells):
            if cell["cell_type"] == "code":
                name = f"{path.name}, cell {number}"
                value, source = run(cell, name, space), "".join(cell["source"])
                if path.stem in MADE:
                    assert not cell["outputs"], "made without outputs"
                elif value is not None:
                    results = [o["data"]["text/plain"] for o in cell["outputs"] if o["output_type"] == "execute_result"]
                    assert results, f"{name} has no output: python notebooks/run.py {path.stem}\n{source}"
                    if isinstance(value, Basic | Abbreviated):
                        assert "".join(results[0]).split() == repr(value).split(), (
                            f"{name} is out of date: python notebooks/run.py {path.stem}"
                        )
    finally:
        mc.uninstall()
    assert not capsys.readouterr().err


def run(cell, name, space):
    """Run a cell as Jupyter does; the value of its last line, where that is an expression."""
    tree = ast.parse("".join(cell["source"]), name)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), space)
    return eval(compile(last, name, "eval"), space) if last else None
