"""A short run of the fuzzer of `simplify`: the value stays, nothing gets larger, simplifying twice is simplifying once."""

import pytest

from .. import fuzz_simplify


@pytest.mark.parametrize("seed", range(2010, 2040))
def test_promises_of_simplify(seed):
    case = fuzz_simplify.made(seed, fuzz_simplify.SECONDS)
    found = fuzz_simplify.Judge(case).run() if case is not None else []
    assert not found, "\n".join(fuzz_simplify.report(case, failure) for failure in found)
