"""The list of mutants that nothing can tell from the original: each is one that `mutants.py` makes today, and has a reason."""

from .mutants import ROOT, equivalent, mutants_of


def test_every_equivalent_mutant_is_one_of_today():
    known = equivalent()
    today = {mutant.key for file in {file for file, _, _ in known} for mutant in mutants_of(ROOT / file)}
    assert not [key for key in known if key not in today]
    assert all(known.values())
