"""A few seeds of the fuzz of tiles, batches, operators and sparse arrays; the whole of it is `python tests/fuzz_paths.py`."""

import pytest

pytest.importorskip("scipy")
from .fuzz_paths import WAYS, run  # noqa: E402


@pytest.mark.parametrize(
    "name", ["tiles", pytest.param("tiles of batches", marks=pytest.mark.slow), "batch", "operators", "sparse results", "sparse arguments"]
)
def test_the_other_ways_give_the_numbers_of_the_evaluator(name):
    assert name in WAYS
    kinds = run(12, 40, [name])
    assert not kinds["wrong"] and not kinds["crash"]
