"""A short run of the fuzzer of generated code, other expressions than those of the planner."""

import pytest

from .. import fuzz_numeric


@pytest.mark.parametrize("first", range(4000, 4050, 10))
def test_values(first):
    for seed in range(first, first + 10):
        exprs, found = fuzz_numeric.outcomes(seed, fuzz_numeric.Judge())
        assert not [f for f in found if f.kind in ("wrong", "crash")], f"seed {seed}: {exprs}\n{found[0].message}"
