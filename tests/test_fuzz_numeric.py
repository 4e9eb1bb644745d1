"""A short run of the fuzzer of generated code, the same seeds each time; ``python tests/fuzz_numeric.py`` is the long one."""

import pytest

from sympy_matcalc.codegen.planning import push, ways

from . import fuzz_numeric as fn


@pytest.mark.parametrize("seed", range(0, 60, 12))
def test_values(seed):
    for one in range(seed, seed + 12):
        exprs, found = fn.outcomes(one, fn.Judge())
        assert not [f for f in found if f.kind in ("wrong", "crash")], f"seed {one}: {exprs}\n{found[0].message}"


@pytest.mark.parametrize("seed", (1204, 1350, 5007, 5228, 20407))
def test_what_was_wrong(seed):
    exprs, found = fn.outcomes(seed, fn.Judge())
    assert not found, f"{exprs}\n{found[0].message}"


def test_every_plan_is_judged():
    """A push-through that ignores what stands between is found, though the default plan for other sizes is right."""
    X, d = fn.MatrixSymbol("Xmk", fn.m, fn.k), fn.MatrixSymbol("dm1", fn.m, 1)
    expr = fn.Inverse(fn.t * fn.Identity(fn.m) + X * X.T) * fn.DiagMatrix(d) * X
    judge = fn.Judge()
    assert not list(judge.findings(0, [expr], False))
    assert judge.compared > 2 * len(fn.POINTS)


def test_a_corrupted_planner_is_found(monkeypatch):
    original = ways.chain_of
    monkeypatch.setattr(ways, "chain_of", lambda factors, order: original(factors, order) and len(factors))
    A, B, C = (fn.MatrixSymbol(name, fn.n, fn.n) for name in "ABC")
    assert list(fn.Judge().findings(0, [A * B, B * C], False))


def test_a_corrupted_push_is_found(monkeypatch):
    original = push.shifted
    monkeypatch.setattr(push, "shifted", lambda p, node: (found := original(p, node)) and (found[0], (*found[1], p.graph.const(2))))
    X = fn.MatrixSymbol("Xmk", fn.m, fn.k)
    assert list(fn.Judge().findings(0, [fn.Inverse(fn.t * fn.Identity(fn.m) + X * X.T) * X], False))
