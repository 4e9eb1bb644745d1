"""`cache="directory"`: what is kept is used again, by whoever may, and nothing else is."""

import json
import os
import stat
import sys

import numpy as np
import pytest
from sympy import Determinant, Lambda, MatrixExpr, MatrixSymbol, OneMatrix, Symbol, Trace, exp, log

import sympy_matcalc as mc
from sympy_matcalc.codegen import lambdify as module
from sympy_matcalc.errors import ArgumentError, MatcalcError
from sympy_matcalc.fitting import problem

m, n = (Symbol(name, integer=True, positive=True) for name in "mn")
c = Symbol("c")
X, w, y, A = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("A", n, n)
LOSS = (OneMatrix(1, m) * (X * w).applyfunc(Lambda(c, log(1 + exp(c)))) - y.T * X * w)[0, 0]
RNG = np.random.default_rng(0)
DATA = RNG.standard_normal((5, 3)), RNG.standard_normal(5), RNG.standard_normal(3)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


def never(*args, **kwargs):
    raise AssertionError("generated anew")


def files(folder):
    return sorted(folder.glob("*.json"))


def test_a_source_is_used_again(folder, monkeypatch):
    exprs = {"g": mc.gradient(LOSS, w), "h": mc.hessian(LOSS, w)}
    wanted = mc.lambdify([X, y, w], exprs)
    first = mc.lambdify([X, y, w], exprs, cache=folder)
    monkeypatch.setattr(module, "_made", never)
    second = mc.lambdify([X, y, w], exprs, cache=str(folder))
    assert first.source == second.source == wanted.source
    assert all(np.array_equal(second(*DATA)[k], wanted(*DATA)[k]) for k in exprs)
    with pytest.raises(AssertionError, match="generated anew"):
        mc.lambdify([X, y, w], list(exprs.values()), cache=folder)
    assert len(files(folder)) == 1 and not [f for f in folder.iterdir() if f.suffix != ".json"]


@pytest.mark.parametrize(
    "options",
    ({"modules": "jax"}, {"batch": [w]}, {"memory": "1 MB"}, {"sparse": X}, {"complex": True}, {"assumptions": None, "batch": w}),
    ids=str,
)
def test_each_option_has_a_file_of_its_own(folder, options):
    if "modules" in options:
        pytest.importorskip("jax")
    g = mc.gradient(LOSS, w)
    mc.lambdify([X, y, w], g, cache=folder)
    found = mc.lambdify([X, y, w], g, cache=folder, **options)
    assert found.source == mc.lambdify([X, y, w], g, **options).source
    assert len(files(folder)) == 2
    assert mc.lambdify([X, y, w], g, cache=folder, **options).source == found.source


def test_an_objective_is_not_derived_again(folder, monkeypatch):
    data = {X: DATA[0], y: DATA[1]}
    first = mc.objective(LOSS, w, data=data, cache=folder)
    plain = mc.objective(LOSS, w, data=data)
    v = np.ones(3)
    parts = lambda p: (p.fun(DATA[2]), p.jac(DATA[2]), p.hess(DATA[2]), p.hessp(DATA[2], v), *p.fun_and_jac(DATA[2]))  # noqa: E731
    wanted = parts(plain)
    assert all(np.allclose(a, b) for a, b in zip(parts(first), wanted, strict=True))
    for name in ("gradient", "hessian", "hvp"):
        monkeypatch.setattr(sys.modules["sympy_matcalc.fitting.objective"], name, never)
    monkeypatch.setattr(problem, "lambdify", never)
    again = mc.objective(LOSS, w, data=data, cache=folder)
    assert all(np.allclose(a, b) for a, b in zip(parts(again), wanted, strict=True))
    with pytest.raises(AssertionError, match="generated anew"):
        mc.objective(2 * LOSS, w, data=data, cache=folder).jac(DATA[2])


def test_residuals_are_not_derived_again(folder, monkeypatch):
    data = {X: DATA[0], y: DATA[1]}
    wanted = mc.residuals(X * w - y, w, data=data, cache=folder).jac(DATA[2])
    monkeypatch.setattr(problem, "lambdify", never)
    assert np.array_equal(mc.residuals(X * w - y, w, data=data, cache=folder).jac(DATA[2]), wanted)


@pytest.mark.parametrize(
    "damage",
    (
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[]",
        lambda text: text.replace("np.", "os.", 1),
        lambda text: json.dumps({**json.loads(text), "source": "raise SystemExit('not ours')"}),
        lambda text: json.dumps({**json.loads(text), "key": "another"}),
        lambda text: json.dumps({"source": 1}),
        lambda text: "[" * 100_000,
    ),
)
def test_a_file_that_is_not_intact_is_made_anew(folder, damage):
    exprs = X * w
    wanted = mc.lambdify([X, w], exprs, cache=folder).source
    (file,) = files(folder)
    whole = file.read_text(encoding="utf-8")
    file.write_text(damage(whole), encoding="utf-8")
    assert mc.lambdify([X, w], exprs, cache=folder).source == wanted
    assert file.read_text(encoding="utf-8") == whole


posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no bits of permission")


@posix
def test_only_the_owner_may_write(folder):
    mc.lambdify([X, w], X * w, cache=folder)
    assert stat.S_IMODE(folder.stat().st_mode) & 0o022 == 0
    (file,) = files(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    folder.chmod(0o777)
    with pytest.raises(ArgumentError, match=r"others can write in .* \(mode 777\), and what is read from it is run"):
        mc.lambdify([X, w], X * w, cache=folder)


@posix
def test_a_file_that_others_can_write_to_is_not_read(folder, monkeypatch):
    mc.lambdify([X, w], X * w, cache=folder)
    (file,) = files(folder)
    file.chmod(0o666)
    monkeypatch.setattr(module, "_made", never)
    with pytest.raises(AssertionError, match="generated anew"):
        mc.lambdify([X, w], X * w, cache=folder)


@pytest.mark.parametrize("cache", (True, 3, "", b"", ["a"]))
def test_what_is_no_directory(cache):
    with pytest.raises(ArgumentError, match="`cache` is a directory, as text or a path"):
        mc.lambdify([X, w], X * w, cache=cache)


def test_a_file_in_the_place_of_the_directory(folder):
    folder.write_text("here", encoding="utf-8")
    with pytest.raises(ArgumentError, match="cannot be a directory"):
        mc.lambdify([X, w], X * w, cache=folder)


def test_errors_are_those_without_a_cache(folder):
    for _ in range(2):
        with pytest.raises(MatcalcError, match="`w`"):
            mc.lambdify([X], X * w, cache=folder)
    assert not files(folder)


def test_nothing_of_a_users_class_is_kept(folder):
    class Twice(MatrixExpr):
        shape = property(lambda self: self.args[0].shape)

    mc.linear(Twice, 0, adjoint=lambda node, W: Twice(W), numpy=lambda a: 2 * a)
    f = mc.lambdify([A], Trace(Twice(A)), cache=folder)
    assert f(np.eye(3)) == 6 and not files(folder)


def test_a_name_is_never_a_part_of_a_path(folder):
    strange = MatrixSymbol("../../" + "z" * 300, n, n)
    f = mc.lambdify([strange], log(Determinant(strange)), cache=folder)
    assert np.isclose(f(np.eye(2) * 2), 2 * np.log(2)) and len(files(folder)) == 1
