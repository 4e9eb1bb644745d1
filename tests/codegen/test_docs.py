"""The page on the back ends: every block runs, where its library is installed."""

import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "backends.md"
SECTIONS = PAGE.read_text(encoding="utf-8").split("\n## ")
LIBRARIES = {
    "Batches": "numpy",
    "Sparse matrices": "scipy",
    "A bound of memory": "numpy",
    "A cache on disk": "numpy",
    "JAX": "jax",
    "PyTorch": "torch",
    "Dask": "dask.array",
    "The array API standard": "array_api_strict",
    "Functions of a matrix in JAX and PyTorch": "jax",
}


@pytest.mark.parametrize("section", SECTIONS[1:-1], ids=lambda s: s.splitlines()[0])
def test_the_blocks_run(section):
    pytest.importorskip(LIBRARIES[section.splitlines()[0]])
    blocks = [block.split("```")[0] for part in (SECTIONS[0], section) for block in part.split("```python\n")[1:]]
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0 and test.examples


def test_the_page_on_performance_runs():
    page = PAGE.with_name("performance.md")
    assert doctest.testfile(str(page), module_relative=False).failed == 0
