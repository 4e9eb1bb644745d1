"""A short run of the fuzzer of `mc.simplify`, the same seeds each time; ``python tests/fuzz_simplify.py`` is the long one."""

import pytest

from . import fuzz_simplify as fs

SEEDS = range(60)


def case_of(seed):
    case = fs.made(seed, fs.SECONDS)
    if case is None:
        pytest.skip("SymPy does not make the expression of this seed")
    return case


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_of_simplify(seed):
    case = case_of(seed)
    found = fs.Judge(case).run()
    assert not found, "\n".join(fs.report(case, failure) for failure in found)


def test_something_gets_smaller():
    """The random expressions are such that most of them can be simplified."""
    counts = fs.Counter()
    for seed in range(1000, 1008):
        judge = fs.Judge(case_of(seed), only_simplify=True)
        judge.run()
        counts.update(judge.counts)
    assert counts["smaller"] > counts["results"] / 2
