"""Every rewrite: it applies where it should, keeps the value at data that satisfy the facts, and does not apply where its condition fails."""

from pathlib import Path

import numpy as np
import pytest
from sympy import S, preorder_traversal

from sympy_matcalc.canonical import prepare, prepare_whole
from sympy_matcalc.facts import read_facts
from sympy_matcalc.kernel import chains, make
from sympy_matcalc.kernel.shapes import is_matrix
from sympy_matcalc.kernel.symmetry import transpose
from sympy_matcalc.rewriting.page import page
from sympy_matcalc.rewriting.public import facts_session
from sympy_matcalc.rewriting.registry import REWRITES, merges, reduces
from sympy_matcalc.testing.evaluator import evaluate
from sympy_matcalc.testing.facts import assumptions, env_with_facts

from .rows import ROWS

CONDITIONED = [name for name, row in ROWS.items() if row[1] is not None]


def applications(rewrite, expr, facts):
    """(what stood there, what the rewrite makes of it) wherever it applies in a prepared expression."""
    with facts_session(read_facts(assumptions(facts))):
        found = []
        for node in preorder_traversal(prepare_whole(expr)):
            found += _merged(rewrite, node) if rewrite.kind == "merges" else _rewritten(rewrite, node)
        return found


def _rewritten(rewrite, node):
    if not isinstance(node, rewrite.classes):
        return []
    new = rewrite.apply(node)
    return [] if new is None else [(node, new)]


def _merged(rewrite, node):
    if not is_matrix(node):
        return []
    _, chain = chains.open_product(node)
    out = []
    window = rewrite.apply.__code__.co_argcount
    for i in range(len(chain) - window + 1):
        atoms = chain[i : i + window]
        new = rewrite.apply(*atoms)
        if new is not None:
            size = chains.chain_shape(atoms)[0]
            out.append((chains.express_chain(atoms), chains.express_chain(tuple(new)) if new else make.identity(size)))
    return out


def test_every_rewrite_has_a_row():
    assert sorted(ROWS) == sorted(REWRITES)


@pytest.mark.parametrize("name", ROWS)
def test_it_applies_and_keeps_the_value(name):
    expr, facts = ROWS[name][0]
    found = applications(REWRITES[name], expr, facts)
    assert found, f"`{name}` applies nowhere in {expr}"
    old, new = found[0]
    assert old != new
    for seed in range(4):
        for sizes in ({"m": 2, "n": 3, "p": 4, "q": 2}, {"m": 3, "n": 1, "p": 1, "q": 2}):
            env = env_with_facts([expr], facts, seed=seed, sizes=sizes)
            np.testing.assert_allclose(_value(new, env), _value(old, env), rtol=1e-8, atol=1e-8)


def _value(e, env):
    return np.squeeze(np.asarray(evaluate(e, env), dtype=float))


@pytest.mark.parametrize("name", CONDITIONED)
def test_it_does_not_apply_without_its_condition(name):
    expr, facts = ROWS[name][1]
    assert applications(REWRITES[name], expr, facts) == []


@pytest.mark.parametrize("name", REWRITES)
def test_it_says_its_formula(name):
    assert REWRITES[name].formula[0].isprintable() and len(REWRITES[name].formula) < 140


def test_a_rewrite_needs_a_formula_and_a_name_of_its_own():
    with pytest.raises(TypeError, match="docstring"):
        merges(2)(lambda left, right: None)

    def det_of_power(e):
        """There is one of that name."""

    with pytest.raises(TypeError, match="already"):
        reduces(object)(det_of_power)


def test_wrong_rewrites_are_caught():
    """The comparison of values sees a sign, a factor and a transpose."""
    expr, facts = ROWS["kronecker_mixed_product"][0]
    with facts_session(read_facts(None)):
        ((old, new),) = applications(REWRITES["kronecker_mixed_product"], expr, facts)
        env = env_with_facts([expr], facts, seed=0, sizes={"m": 2, "n": 3, "p": 4, "q": 2})
        for wrong in (make.mul(S.NegativeOne, new), make.mul(S(2), new), transpose(new)):
            assert not np.allclose(_value(prepare(wrong), env), _value(old, env))


def test_the_page_of_the_documentation_is_up_to_date():
    assert (Path(__file__).parents[2] / "docs" / "rewrites.md").read_text(encoding="utf-8") == page()
