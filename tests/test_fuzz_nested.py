"""A short run of the fuzzer of deep compositions, the same seeds each time; ``python tests/fuzz_nested.py`` is the long one."""

import pytest

from . import fuzz_nested as fn


@pytest.mark.parametrize("seed", range(0, 12, 4))
@pytest.mark.parametrize("text", (False, True), ids=("built", "typed"))
def test_nothing_but_answers_and_the_packages_errors(seed, text):
    for one in range(seed, seed + 4):
        made, found = fn.findings(one, 2, 60, text)
        assert not [f for f in found if f[0] in ("wrong", "crash")], f"seed {one}: {made}\n{found}"
