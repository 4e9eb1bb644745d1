"""A short run of the fuzzer of index notation, the same seeds each time; ``python tests/fuzz_indices.py`` is the long one."""

import pytest

from . import fuzz_indices as fi

SEEDS = range(80)


@pytest.mark.parametrize("kind", sorted(fi.JUDGES))
def test_random_expressions(kind):
    counts, complaints = fi.Counter(), []
    for seed in SEEDS:
        verdict, message = fi.outcome(kind, seed)
        counts[verdict] += 1
        complaints += [message] if verdict in ("wrong", "crash") else []
    assert not complaints, "\n".join(complaints)
    assert counts["correct"] > len(SEEDS) / 3


def test_a_wrong_derivative_is_found(monkeypatch):
    """The sign of every derivative changed: the fuzzer says so."""
    diff = fi.mc.diff
    monkeypatch.setattr(fi.mc, "diff", lambda e, *variables: -diff(e, *variables))
    assert sum(fi.outcome("derivative", seed)[0] == "wrong" for seed in range(20)) > 10
